// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathFinder.h"

#include "core/overlay/PathAlternatives.h"
#include "core/overlay/TightPaths.h"

#include <algorithm>

namespace fb::overlay {

namespace {

constexpr std::uint32_t kNoEdge = std::numeric_limits<std::uint32_t>::max();

} // namespace

PathFinder::PathFinder(romon::RomonId self, std::span<const LinkInfo> usableLinks)
    : m_selfId(self), m_graph(usableLinks), m_self(m_graph.find(self))
{
    if (!m_self)
        return;
    m_distance = m_graph.distancesFrom(*m_self);
    growTree();
}

/// Breadth first over the shortest paths, neighbors ascending: a node is met first from the predecessor whose own way
/// has the lowest ids, because nodes of equal hops are met in that order.
void PathFinder::growTree()
{
    m_parent.assign(m_graph.nodeCount(), kNoEdge);
    m_treeMtu.assign(m_graph.nodeCount(), kNoMtu);
    m_widestMtu.assign(m_graph.nodeCount(), kNoMtu);
    m_treeMtu[*m_self] = kAnyMtu;
    m_widestMtu[*m_self] = kAnyMtu;
    std::vector<std::uint32_t> order{*m_self};
    order.reserve(m_graph.nodeCount());
    for (std::size_t next = 0; next < order.size(); ++next) {
        const std::uint32_t node = order[next];
        for (auto index = m_graph.firstEdge(node); index < m_graph.firstEdge(node + 1U); ++index) {
            const auto& edge = m_graph.edge(index);
            if (m_distance[node] + edge.length != m_distance[edge.to])
                continue;
            if (m_parent[edge.to] == kNoEdge) {
                m_parent[edge.to] = node;
                order.push_back(edge.to);
            }
            if (m_parent[edge.to] == node)
                m_treeMtu[edge.to] = std::max(m_treeMtu[edge.to], std::min(m_treeMtu[node], edge.l2Mtu));
            m_widestMtu[edge.to] = std::max(m_widestMtu[edge.to], std::min(m_widestMtu[node], edge.l2Mtu));
        }
    }
}

std::optional<std::uint32_t> PathFinder::reachable(romon::RomonId target) const
{
    const auto node = m_graph.find(target);
    if (!m_self || !node || *node == *m_self || m_distance[*node] == kUnreachable)
        return std::nullopt;
    return node;
}

std::vector<std::uint32_t> PathFinder::bestEdges(std::uint32_t target) const
{
    if (m_treeMtu[target] != m_widestMtu[target]) {
        const TightPaths paths{m_graph, m_distance, target};
        return bestTightPath(paths, paths.widestToTarget(), {.node = *m_self});
    }
    std::vector<std::uint32_t> edges;
    for (std::uint32_t node = target; node != *m_self; node = m_parent[node]) {
        auto index = m_graph.firstEdge(m_parent[node]);
        const auto isBestLink = [&](const PathEdge& edge) {
            return edge.to == node && m_distance[m_parent[node]] + edge.length == m_distance[node] &&
                   edge.l2Mtu >= m_treeMtu[target];
        };
        while (!isBestLink(m_graph.edge(index)))
            ++index;
        edges.push_back(index);
    }
    std::ranges::reverse(edges);
    return edges;
}

std::optional<Path> PathFinder::best(romon::RomonId target) const
{
    const auto node = reachable(target);
    if (!node)
        return std::nullopt;
    return m_graph.toPath(*m_self, bestEdges(*node));
}

PathFinder PathFinder::without(const PathConstraints& constraints) const
{
    std::vector<LinkInfo> allowed;
    std::ranges::copy_if(m_graph.links(), std::back_inserter(allowed),
                         [&](const LinkInfo& link) { return !constraints.forbid(link); });
    return {m_selfId, allowed};
}

std::optional<Path> PathFinder::best(romon::RomonId target, const PathConstraints& constraints) const
{
    return constraints.isEmpty() ? best(target) : without(constraints).best(target);
}

std::vector<Path> PathFinder::alternatives(romon::RomonId target, std::size_t count,
                                           const PathConstraints& constraints) const
{
    return constraints.isEmpty() ? alternatives(target, count) : without(constraints).alternatives(target, count);
}

std::vector<Path> PathFinder::alternatives(romon::RomonId target, std::size_t count) const
{
    std::vector<Path> paths;
    if (const auto node = reachable(target)) {
        for (const auto& edges : PathAlternatives(m_graph, *m_self, *node).find(count))
            paths.push_back(m_graph.toPath(*m_self, edges));
    }
    return paths;
}

} // namespace fb::overlay
