// SPDX-License-Identifier: Apache-2.0
// The best ways from this node to any other over a set of links. The order is total, so that everybody who looks at the
// same map picks the same path: least cost, then fewer hops, then larger path L2 MTU, then lowest node ids from the
// first hop on, then lowest link ids. A pure value: built from links, asked, thrown away when the map changes.
#pragma once

#include "core/overlay/PathConstraints.h"
#include "core/overlay/PathGraph.h"
#include "core/overlay/Snapshot.h"
#include "core/romon/RomonId.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fb::overlay {

class PathFinder {
public:
    /// Copies what it needs of the links; no link may be there twice. A link of a node to itself is ignored. Computes
    /// the shortest ways to all nodes at once: O(links), about half a millisecond for ten thousand nodes.
    PathFinder(romon::RomonId self, std::span<const LinkInfo> usableLinks);

    /// The best path; none if no link leads there, or if the target is this node itself.
    [[nodiscard]] std::optional<Path> best(romon::RomonId target) const;
    [[nodiscard]] std::optional<Path> best(romon::RomonId target, const PathConstraints& constraints) const;

    /// Up to `count` loop-free paths, best first, best() included; paths that differ in a parallel link only count as
    /// different. Empty if there is none.
    [[nodiscard]] std::vector<Path> alternatives(romon::RomonId target, std::size_t count) const;
    [[nodiscard]] std::vector<Path> alternatives(romon::RomonId target, std::size_t count,
                                                 const PathConstraints& constraints) const;

private:
    [[nodiscard]] PathFinder without(const PathConstraints& constraints) const;
    void growTree();
    [[nodiscard]] std::optional<std::uint32_t> reachable(romon::RomonId target) const;
    [[nodiscard]] std::vector<std::uint32_t> bestEdges(std::uint32_t target) const;

    romon::RomonId m_selfId;
    PathGraph m_graph;
    std::optional<std::uint32_t> m_self; ///< none if no link touches it
    std::vector<std::uint64_t> m_distance;
    // The tree of the ways with the lowest ids, L2 MTU aside: the answer wherever it is as wide as any equal way.
    std::vector<std::uint32_t> m_parent;
    std::vector<std::int32_t> m_treeMtu;
    std::vector<std::int32_t> m_widestMtu;
};

} // namespace fb::overlay
