// SPDX-License-Identifier: Apache-2.0
// footbridgectl neighbors: who is there, in the columns of RouterOS's /tool/romon/discover.
#pragma once

#include "core/cli/Context.h"

#include <string>

namespace fb::cli {

[[nodiscard]] ExitCode runNeighbors(Context& context, const NeighborsCommand& command);

/// The whole text: legend and table.
[[nodiscard]] std::string neighborsText(const overlay::Snapshot& snapshot);

/// What a full-screen display sends: home, the text cut to the screen, the rest of the screen cleared.
[[nodiscard]] std::string screenOf(std::string_view text, const Console& console);

} // namespace fb::cli
