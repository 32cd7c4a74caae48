// SPDX-License-Identifier: Apache-2.0
// What a user of a graph library would write: Boost.Graph's CSR and LEMON's StaticDigraph, Dijkstra that stops at the
// target, and Yen's algorithm on top of either.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace fb::bench {

struct Arc {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
    std::uint32_t cost = 0;
};

class ShortestPath {
public:
    virtual ~ShortestPath() = default;
    /// Indices of the arcs from the source to the target; empty if there is no way. Arcs of cost kClosed are not used.
    virtual std::vector<std::uint32_t> find(std::uint32_t source, std::uint32_t target) = 0;

    static constexpr std::uint32_t kClosed = 0xffffffff;
    std::vector<std::uint32_t> costs; ///< by arc
};

/// The arcs must be sorted by (from, to).
std::unique_ptr<ShortestPath> makeBoost(std::uint32_t nodes, const std::vector<Arc>& arcs);
std::unique_ptr<ShortestPath> makeLemon(std::uint32_t nodes, const std::vector<Arc>& arcs);

/// Costs of the k best loop-free paths.
std::vector<std::uint64_t> yen(ShortestPath& graph, const std::vector<Arc>& arcs, std::uint32_t source,
                               std::uint32_t target, std::size_t count);

} // namespace fb::bench
