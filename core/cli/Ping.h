// SPDX-License-Identifier: Apache-2.0
// footbridgectl ping and trace: echoes to a node, and to every node on the way to it.
#pragma once

#include "core/cli/Context.h"

namespace fb::cli {

/// Negative if no echo was answered.
[[nodiscard]] ExitCode runPing(Context& context, const PingCommand& command);
/// Negative if the last node of the path did not answer.
[[nodiscard]] ExitCode runTrace(Context& context, const TraceCommand& command);

} // namespace fb::cli
