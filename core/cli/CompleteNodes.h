// SPDX-License-Identifier: Apache-2.0
// footbridgectl complete-nodes: what a shell offers where a node is to be named. Not meant for people.
#pragma once

#include "core/cli/Context.h"

namespace fb::cli {

/// Names and ids of what the agent knows now, one a line; silent about problems.
[[nodiscard]] ExitCode runCompleteNodes(Context& context);

} // namespace fb::cli
