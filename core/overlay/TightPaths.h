// SPDX-License-Identifier: Apache-2.0
// All shortest paths between two nodes at once, and the best of them: widest first, then lowest ids. The widest path is
// not made of widest pieces, so its L2 MTU is decided for the whole path before any node of it is chosen.
#pragma once

#include "core/overlay/PathGraph.h"

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

namespace fb::overlay {

inline constexpr std::int32_t kNoMtu = -1; ///< of a node that is on no shortest path
/// Longer than any path.
inline constexpr PathLength kCountdownStart = PathLength{1} << 62U;
inline constexpr std::int32_t kAnyMtu = std::numeric_limits<std::int32_t>::max();

/// An edge lies on a shortest path ("is tight") if label(from) + length == label(to). Labels are lengths from the
/// source, or lengths to the target counted down from kCountdownStart.
struct TightPaths {
    const PathGraph& graph;
    std::span<const PathLength> labels;
    std::uint32_t target = 0;

    /// For every node that has tight edges all the way to the target: the largest L2 MTU of such a way; else kNoMtu.
    [[nodiscard]] std::vector<std::int32_t> widestToTarget() const;
};

/// Where a walk begins, and what it may not do there.
struct WalkStart {
    std::uint32_t node = 0;
    PathLength label = 0;         ///< used for the first edge instead of the node's own
    std::int32_t l2Mtu = kAnyMtu; ///< of what lies before: more than this gains nothing
    std::span<const std::uint32_t> forbiddenEdges{};
    std::span<const std::uint8_t> removedNodes{}; ///< by node, not 0: not as the first step; empty: none
};

/// Whether the walk may begin with this edge.
[[nodiscard]] bool mayBeginWith(const PathGraph& graph, const WalkStart& start, std::uint32_t edge);

/// The edges of the best tight path from the start to the target; empty if there is none.
[[nodiscard]] std::vector<std::uint32_t> bestTightPath(const TightPaths& paths, std::span<const std::int32_t> widest,
                                                       const WalkStart& start);

} // namespace fb::overlay
