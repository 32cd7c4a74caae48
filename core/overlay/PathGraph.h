// SPDX-License-Identifier: Apache-2.0
// The links that paths may use, as compact arrays, for PathFinder. The edges of a node lie together, sorted by the
// neighbor's id and then by link ids, so that going through them in order goes through the names in order. A change of
// one link touches the edges of its two nodes alone; what changes leave behind is swept together now and then.
#pragma once

#include "core/overlay/LinkName.h"
#include "core/overlay/Snapshot.h"
#include "core/romon/RomonId.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

namespace fb::overlay {

/// How far a node is: cost in the high bits, hops in the low ones, so that one comparison decides by cost, then hops.
using PathLength = std::uint64_t;
inline constexpr unsigned kHopBits = 24;
inline constexpr PathLength kUnreachable = std::numeric_limits<PathLength>::max();

struct PathEdge {
    std::uint32_t to = 0;
    std::uint32_t cost = 0;  ///< of this one hop
    std::uint32_t link = 0;  ///< index into the links; the direction follows from the nodes
    std::uint16_t l2Mtu = 0; ///< the smaller of both ends

    [[nodiscard]] PathLength length() const { return (PathLength{cost} << kHopBits) | 1U; }
};

/// A leaf ends paths: none leads through it.
enum class Passage { Transit, Leaf };

class PathGraph {
public:
    explicit PathGraph(std::span<const LinkInfo> links);

    /// Adds the link, or replaces the one of the same name. A link of a node to itself is ignored.
    void set(const LinkInfo& link);
    void remove(const LinkName& name);
    void removeNode(romon::RomonId id);
    /// All links at this port.
    void removePort(const EndName& port);
    /// Of a node that has a link; ignored for any other. Nodes are transit nodes unless told otherwise.
    void setPassage(romon::RomonId id, Passage passage);

    // A number names a node until the graph is changed.
    [[nodiscard]] std::uint32_t nodeCount() const { return static_cast<std::uint32_t>(m_ids.size()); }
    [[nodiscard]] std::optional<std::uint32_t> find(romon::RomonId id) const;
    /// Compares as the ids do.
    [[nodiscard]] std::uint64_t idOf(std::uint32_t node) const { return m_ids[node]; }
    [[nodiscard]] bool isLeaf(std::uint32_t node) const { return m_leaves[node] != 0; }
    [[nodiscard]] const PathEdge& edge(std::uint32_t index) const { return m_edges[index]; }
    /// The edges of a node are those with an index in [firstEdge(node), endEdge(node)).
    [[nodiscard]] std::uint32_t firstEdge(std::uint32_t node) const { return m_blocks[node].first; }
    [[nodiscard]] std::uint32_t endEdge(std::uint32_t node) const
    {
        return m_blocks[node].first + m_blocks[node].count;
    }
    /// The first edge to a neighbor of this id or a higher one.
    [[nodiscard]] std::uint32_t firstEdgeTo(std::uint32_t node, std::uint64_t neighborId) const;

    /// How far every node is from this one; the same in both directions. No way leads through a leaf, except that it
    /// may start at one.
    [[nodiscard]] std::vector<PathLength> distancesFrom(std::uint32_t source) const;

    /// The path along these edges, which start at this node.
    [[nodiscard]] Path toPath(std::uint32_t source, std::span<const std::uint32_t> edges) const;

private:
    struct Block {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
        std::uint32_t capacity = 0;
    };
    struct NumberedId {
        std::uint64_t id = 0;
        std::uint32_t node = 0;
    };
    /// What the edges of one node are sorted by: neighbor, own link id, the neighbor's.
    using EdgeKey = std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>;

    [[nodiscard]] std::vector<std::uint32_t> numberNodes();
    void layEdges(std::span<const std::uint32_t> ends);
    std::uint32_t nodeFor(romon::RomonId id);
    [[nodiscard]] EdgeKey keyOf(std::uint32_t from, const PathEdge& edge) const;
    [[nodiscard]] std::uint32_t placeOf(std::uint32_t node, const EdgeKey& key) const;
    [[nodiscard]] std::optional<std::uint32_t> findEdge(const EndName& from, const EndName& to) const;
    void insertEdge(std::uint32_t node, const PathEdge& edge);
    void eraseEdge(std::uint32_t node, std::uint32_t index);
    std::uint32_t takeSlot(const LinkInfo& link);
    void noteCost(std::uint32_t cost);
    void sweep();
    [[nodiscard]] Hop hop(std::uint32_t from, const PathEdge& edge) const;
    void spreadByBuckets(std::vector<PathLength>& distance, std::uint32_t source) const;
    void spreadByHeap(std::vector<PathLength>& distance, std::uint32_t source) const;

    std::vector<LinkInfo> m_links; ///< an unused one has the same node twice
    std::vector<std::uint32_t> m_freeSlots;
    std::vector<std::uint64_t> m_ids; ///< by node
    std::vector<std::uint8_t> m_leaves;
    std::vector<Block> m_blocks;
    std::vector<NumberedId> m_byId; ///< ascending
    std::vector<PathEdge> m_edges;
    std::size_t m_unusedEdges = 0;
    std::uint32_t m_costMax = 0;    ///< of one hop; none is larger
    std::size_t m_freeHopLinks = 0; ///< links of cost 0
};

} // namespace fb::overlay
