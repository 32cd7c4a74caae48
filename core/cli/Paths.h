// SPDX-License-Identifier: Apache-2.0
// footbridgectl path: the best way to a node, hop by hop, and the other ways.
#pragma once

#include "core/cli/Context.h"

#include <string>
#include <vector>

namespace fb::cli {

[[nodiscard]] ExitCode runPath(Context& context, const PathCommand& command);

[[nodiscard]] std::string pathsText(const overlay::Snapshot& snapshot, romon::RomonId target,
                                    const std::vector<overlay::Path>& paths,
                                    const std::vector<agent::PathReport>& reports = {});

/// The ways to a node from the agent's map. Fails with NoPath among others; never empty.
[[nodiscard]] Result<std::vector<overlay::Path>, Error> askForPaths(Conversation& talk, romon::RomonId target,
                                                                    std::uint32_t count);

/// "12 ms" and the like: round trip, loss and whether a session uses the path; empty for one that nobody probes.
[[nodiscard]] std::string reportText(const agent::PathReport& report);

} // namespace fb::cli
