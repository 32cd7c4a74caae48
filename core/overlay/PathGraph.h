// SPDX-License-Identifier: Apache-2.0
// The links of a map as compact arrays, for PathFinder: nodes are numbered in the order of their ids, the edges of a
// node are sorted by neighbor and then by link ids, so comparing numbers compares names.
#pragma once

#include "core/overlay/Snapshot.h"
#include "core/romon/RomonId.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

namespace fb::overlay {

/// How far a node is: cost in the high bits, hops in the low ones, so that one comparison decides by cost, then hops.
/// Costs are divided by their common divisor: they are nearly always multiples of 100.
using PathLength = std::uint64_t;
inline constexpr unsigned kHopBits = 24;
inline constexpr PathLength kUnreachable = std::numeric_limits<PathLength>::max();

struct PathEdge {
    std::uint32_t to = 0;
    std::uint32_t link = 0; ///< index into the links; the direction follows from the nodes
    PathLength length = 0;  ///< of this one hop
    std::int32_t l2Mtu = 0; ///< the smaller of both ends
};

class PathGraph {
public:
    explicit PathGraph(std::span<const LinkInfo> links);

    [[nodiscard]] std::uint32_t nodeCount() const { return static_cast<std::uint32_t>(m_ids.size()); }
    [[nodiscard]] std::span<const LinkInfo> links() const { return m_links; }
    [[nodiscard]] std::optional<std::uint32_t> find(romon::RomonId id) const;
    [[nodiscard]] const PathEdge& edge(std::uint32_t index) const { return m_edges[index]; }
    /// The edges of a node are those with an index in [firstEdge(node), firstEdge(node + 1)).
    [[nodiscard]] std::uint32_t firstEdge(std::uint32_t node) const { return m_first[node]; }

    /// How far every node is from this one; the same in both directions.
    [[nodiscard]] std::vector<PathLength> distancesFrom(std::uint32_t source) const;

    /// The path along these edges, which start at this node.
    [[nodiscard]] Path toPath(std::uint32_t source, std::span<const std::uint32_t> edges) const;

private:
    void numberNodes();
    void sortEdges();
    [[nodiscard]] Hop hop(std::uint32_t from, const PathEdge& edge) const;
    void spreadByBuckets(std::vector<PathLength>& distance, std::uint32_t source) const;
    void spreadByHeap(std::vector<PathLength>& distance, std::uint32_t source) const;

    std::vector<LinkInfo> m_links;
    std::vector<std::uint64_t> m_ids;  ///< ascending
    std::vector<std::uint32_t> m_ends; ///< two node numbers a link: of a, of b
    std::vector<std::uint32_t> m_first;
    std::vector<PathEdge> m_edges;
    std::uint32_t m_costDivisor = 0; ///< greatest that divides every hop's cost, never 0 once constructed
    std::uint32_t m_costMax = 0;     ///< of one hop, divided
    std::uint32_t m_costMin = 0;
};

} // namespace fb::overlay
