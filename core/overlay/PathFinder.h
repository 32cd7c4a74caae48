// SPDX-License-Identifier: Apache-2.0
// The best ways from this node to any other over a set of links. The order is total, so that everybody who looks at the
// same map picks the same path: least cost, then fewer hops, then larger path L2 MTU, then lowest node ids from the
// first hop on, then lowest link ids. A value: changing a link costs next to nothing. The first questions after that
// are searched for one by one; when they have cost about as much as the shortest ways to all nodes, O(links), those are
// found at once, and answer whatever else is asked until the next change.
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
    /// Copies what it needs of the links; no link may be there twice. A link of a node to itself is ignored.
    PathFinder(romon::RomonId self, std::span<const LinkInfo> usableLinks);

    void set(const LinkInfo& usableLink);
    void remove(const LinkName& name);
    /// Of a node that has a link; this node itself is always free to pass.
    void setPassage(romon::RomonId node, Passage passage);

    /// The best path; none if no link leads there, or if the target is this node itself.
    [[nodiscard]] std::optional<Path> best(romon::RomonId target) const;
    [[nodiscard]] std::optional<Path> best(romon::RomonId target, const PathConstraints& constraints) const;

    /// Up to `count` loop-free paths, best first, best() included; paths that differ in a parallel link only count as
    /// different. Empty if there is none.
    [[nodiscard]] std::vector<Path> alternatives(romon::RomonId target, std::size_t count) const;
    [[nodiscard]] std::vector<Path> alternatives(romon::RomonId target, std::size_t count,
                                                 const PathConstraints& constraints) const;

private:
    /// The shortest ways to all nodes.
    struct Tree {
        std::uint32_t self = 0;
        std::vector<PathLength> distance;
        // The tree of the ways with the lowest ids, L2 MTU aside: the answer wherever it is as wide as any equal way.
        std::vector<std::uint32_t> parent;
        std::vector<std::int32_t> treeMtu;
        std::vector<std::int32_t> widestMtu;
    };

    void forget();
    [[nodiscard]] PathFinder without(const PathConstraints& constraints) const;
    [[nodiscard]] const Tree& tree(std::uint32_t self) const;
    void grow(Tree& tree) const;
    [[nodiscard]] std::vector<std::uint32_t> bestEdges(const Tree& tree, std::uint32_t target) const;

    romon::RomonId m_self;
    PathGraph m_graph;
    // Both follow from the graph and the questions since its last change.
    mutable std::optional<Tree> m_tree;
    mutable std::size_t m_nodesSearched = 0; ///< by questions without the tree
};

} // namespace fb::overlay
