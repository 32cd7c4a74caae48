// SPDX-License-Identifier: Apache-2.0
// The best path between two nodes alone: a search from both ends that stops where they meet. In a network whose nodes
// have a few links each it looks at about the square root of what a search to every node would.
#pragma once

#include "core/overlay/PathGraph.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace fb::overlay {

struct PointAnswer {
    std::vector<std::uint32_t> edges; ///< from the source to the target; empty if there is no way
    std::size_t nodesSettled = 0;     ///< what it took
};

/// In PathFinder's order. No way leads through a leaf. The source and the target must differ.
[[nodiscard]] PointAnswer bestPathBetween(const PathGraph& graph, std::uint32_t source, std::uint32_t target);

} // namespace fb::overlay
