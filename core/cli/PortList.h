// SPDX-License-Identifier: Apache-2.0
// footbridgectl ports: the interfaces of the agent's machine, which of them are ports of the overlay, and what they
// carried.
#pragma once

#include "core/cli/Context.h"

#include <string>
#include <vector>

namespace fb::cli {

[[nodiscard]] ExitCode runPorts(Context& context, const PortsCommand& command);

[[nodiscard]] std::string portsText(const std::vector<overlay::PortInfo>& ports,
                                    const std::vector<agent::InterfaceState>& interfaces);

} // namespace fb::cli
