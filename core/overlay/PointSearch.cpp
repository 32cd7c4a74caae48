// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PointSearch.h"

#include "core/overlay/TightPaths.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace fb::overlay {

namespace {

/// One end's half of the search. Edges are as long in both directions, so both halves go along them alike.
class Half {
public:
    Half(const PathGraph& graph, std::uint32_t from, std::uint32_t goal)
        : distance(graph.nodeCount(), kUnreachable), m_graph(graph), m_goal(goal)
    {
        distance[from] = 0;
        m_open.emplace_back(0, from);
    }

    /// The least distance of an open node. Every distance up to this one is final.
    [[nodiscard]] PathLength reach() const { return m_open.empty() ? kUnreachable : m_open.front().first; }
    [[nodiscard]] std::size_t openCount() const { return m_open.size(); }

    /// Settles the nearest open node; `shortest` falls when a shorter way to the other end shows.
    void settle(const Half& other, PathLength& shortest)
    {
        const std::uint32_t node = m_open.front().second;
        settled.push_back(node);
        const PathLength soFar = distance[node];
        pop();
        for (auto index = m_graph.firstEdge(node), end = m_graph.endEdge(node); index < end; ++index) {
            const auto& edge = m_graph.edge(index);
            const PathLength length = soFar + edge.length();
            if (length >= distance[edge.to] || (m_graph.isLeaf(edge.to) && edge.to != m_goal))
                continue;
            distance[edge.to] = length;
            if (other.distance[edge.to] != kUnreachable)
                shortest = std::min(shortest, length + other.distance[edge.to]);
            m_open.emplace_back(length, edge.to);
            std::ranges::push_heap(m_open, std::greater<>{});
        }
        while (!m_open.empty() && m_open.front().first != distance[m_open.front().second])
            pop();
    }

    /// Of every node whose distance is final.
    template <typename Visit>
    void forEachFinal(const Visit& visit) const
    {
        std::ranges::for_each(settled, visit);
        for (const auto& [length, node] : m_open) {
            if (length == reach())
                visit(node);
        }
    }

    std::vector<PathLength> distance;   ///< by node
    std::vector<std::uint32_t> settled; ///< nearest first

private:
    void pop()
    {
        std::ranges::pop_heap(m_open, std::greater<>{});
        m_open.pop_back();
    }

    const PathGraph& m_graph;
    std::uint32_t m_goal;
    std::vector<std::pair<PathLength, std::uint32_t>> m_open; ///< a heap; its first entry is never out of date
};

} // namespace

PointAnswer bestPathBetween(const PathGraph& graph, std::uint32_t source, std::uint32_t target)
{
    Half ahead(graph, source, target);
    Half back(graph, target, source);
    PathLength shortest = kUnreachable;
    while (ahead.reach() != kUnreachable && back.reach() != kUnreachable &&
           (shortest == kUnreachable || ahead.reach() + back.reach() < shortest)) {
        if (ahead.openCount() <= back.openCount())
            ahead.settle(back, shortest);
        else
            back.settle(ahead, shortest);
    }
    PointAnswer answer{.edges = {}, .nodesSettled = ahead.settled.size() + back.settled.size()};
    if (shortest == kUnreachable)
        return answer;
    // Each node of each shortest path has its final distance from one end at least. As labels they go well together: a
    // walk along tight edges from one end to the other is exactly as long as the labels of the ends are apart, whatever
    // label the nodes between have.
    back.forEachFinal([&](std::uint32_t node) {
        if (back.distance[node] <= shortest)
            ahead.distance[node] = shortest - back.distance[node];
    });
    const TightPaths paths{graph, ahead.distance, target};
    answer.edges = bestTightPath(paths, paths.widestToTarget(), {.node = source});
    return answer;
}

} // namespace fb::overlay
