// SPDX-License-Identifier: Apache-2.0
// footbridgectl stats: what the agent counts, how full its tables are, its streams and its process.
#pragma once

#include "core/agent/Statistics.h"
#include "core/base/Result.h"
#include "core/cli/Context.h"

#include <span>
#include <string>
#include <string_view>

namespace fb::cli {

/// A counter and the group it stands in, in the order of docs/limits.md.
struct CounterRow {
    std::string_view group;
    std::string_view name;
};
[[nodiscard]] std::span<const CounterRow> counterRows();

[[nodiscard]] std::string statsText(const agent::Statistics& statistics, StatsCommand::Zeros zeros);

/// One line for each sender of frames that none of our secrets verifies, and one for another node with our id; empty
/// if there is neither.
[[nodiscard]] std::string warningsText(const std::vector<overlay::UnverifiedSender>& unverified,
                                       const std::optional<overlay::DuplicateId>& duplicate);

[[nodiscard]] ExitCode runStats(Context& context, const StatsCommand& command);

} // namespace fb::cli
