// SPDX-License-Identifier: Apache-2.0
// footbridgectl path pin, avoid, clear and show: which ways sessions may take.
#pragma once

#include "core/cli/Context.h"

#include <string>
#include <vector>

namespace fb::cli {

[[nodiscard]] ExitCode runPathPolicy(Context& context, const PathPolicyCommand& command);

[[nodiscard]] std::string policiesText(const overlay::Snapshot& snapshot,
                                       const std::vector<agent::ScopedPolicy>& policies);

/// Nodes by name or id, links as NODE:LINK-ID. Fails with NoSuchNode, AmbiguousName or InvalidArgument.
[[nodiscard]] Result<overlay::PathPolicy, Error> resolveAvoided(const overlay::Snapshot& snapshot,
                                                                const std::vector<std::string>& nodes,
                                                                const std::vector<std::string>& links);

} // namespace fb::cli
