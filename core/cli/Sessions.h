// SPDX-License-Identifier: Apache-2.0
// footbridgectl sessions: the open streams of the agent, the way each takes and how good it is.
#pragma once

#include "core/cli/Context.h"

#include <string>
#include <vector>

namespace fb::cli {

[[nodiscard]] ExitCode runSessions(Context& context);

[[nodiscard]] std::string sessionsText(const overlay::Snapshot& snapshot,
                                       const std::vector<agent::SessionInfo>& sessions);

} // namespace fb::cli
