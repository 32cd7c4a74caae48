// SPDX-License-Identifier: Apache-2.0
// The k best loop-free paths between two nodes, exactly in PathFinder's order: Yen's algorithm with Lawler's partition
// (no path is found twice), searches guided by the exact length to the target, and put off until their lower bound is
// the best thing left.
#pragma once

#include "core/overlay/PathGraph.h"
#include "core/overlay/TightPaths.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fb::overlay {

class PathAlternatives {
public:
    PathAlternatives(const PathGraph& graph, std::uint32_t source, std::uint32_t target);

    /// Edges of each path, best first.
    [[nodiscard]] std::vector<std::vector<std::uint32_t>> find(std::size_t count);

private:
    /// All loop-free paths that begin with `edges[0, rootEdges)` and do not go on with a forbidden edge. Until it is
    /// searched, `length` is a lower bound; after that it is the length of the best of them, which is `edges`.
    struct Candidate {
        std::vector<std::uint32_t> edges;
        std::size_t rootEdges = 0;
        std::vector<std::uint32_t> forbidden;
        PathLength length = 0;
        std::int32_t l2Mtu = kAnyMtu;
        enum class State { Bounded, Searched } state = State::Bounded;
    };
    struct Root; ///< what a search must know of the fixed beginning

    [[nodiscard]] bool isBetter(const Candidate& left, const Candidate& right) const;
    void addBounded(const Root& root, std::span<const std::uint32_t> rootEdges, std::vector<std::uint32_t> forbidden);
    [[nodiscard]] static WalkStart startAt(const Root& root, std::span<const std::uint32_t> forbidden);
    [[nodiscard]] Root rootOf(const Candidate& candidate) const;
    [[nodiscard]] PathLength lowerBound(const Root& root, const WalkStart& start) const;
    [[nodiscard]] std::vector<std::uint32_t> search(const Candidate& candidate) const;
    [[nodiscard]] std::vector<std::uint32_t> searchAround(const Root& root, WalkStart start) const;
    void split(const Candidate& found);

    const PathGraph& m_graph;
    std::uint32_t m_source;
    std::uint32_t m_target;
    std::vector<PathLength> m_toTarget;
    std::vector<PathLength> m_countdown; ///< m_toTarget as labels for TightPaths
    std::vector<std::int32_t> m_widest;
    std::vector<Candidate> m_heap;
};

} // namespace fb::overlay
