// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathFinder.h"

#include "core/overlay/PathAlternatives.h"
#include "core/overlay/PointSearch.h"
#include "core/overlay/TightPaths.h"

#include <algorithm>
#include <utility>

namespace fb::overlay {

namespace {

constexpr std::uint32_t kNoNode = std::numeric_limits<std::uint32_t>::max();
/// A question without the tree costs this part of it at least: its labels must be laid out for every node.
constexpr std::size_t kQuestionsPerTree = 16;

} // namespace

PathFinder::PathFinder(romon::RomonId self, std::span<const LinkInfo> usableLinks) : m_self(self), m_graph(usableLinks)
{
}

void PathFinder::set(const LinkInfo& usableLink)
{
    m_graph.set(usableLink);
    forget();
}

void PathFinder::remove(const LinkName& name)
{
    m_graph.remove(name);
    forget();
}

void PathFinder::setPassage(romon::RomonId node, Passage passage)
{
    if (node == m_self)
        return;
    m_graph.setPassage(node, passage);
    forget();
}

void PathFinder::forget()
{
    m_tree.reset();
    m_nodesSearched = 0;
}

const PathFinder::Tree& PathFinder::tree(std::uint32_t self) const
{
    if (!m_tree) {
        // Assigned: clang 14 cannot emplace() a nested type that has default member values.
        m_tree =
            Tree{.self = self, .distance = m_graph.distancesFrom(self), .parent = {}, .treeMtu = {}, .widestMtu = {}};
        grow(*m_tree);
    }
    return *m_tree;
}

/// Breadth first over the shortest paths, neighbors ascending: a node is met first from the predecessor whose own way
/// has the lowest ids, because nodes of equal hops are met in that order.
void PathFinder::grow(Tree& tree) const
{
    tree.parent.assign(m_graph.nodeCount(), kNoNode);
    tree.treeMtu.assign(m_graph.nodeCount(), kNoMtu);
    tree.widestMtu.assign(m_graph.nodeCount(), kNoMtu);
    tree.treeMtu[tree.self] = kAnyMtu;
    tree.widestMtu[tree.self] = kAnyMtu;
    std::vector<std::uint32_t> order{tree.self};
    order.reserve(m_graph.nodeCount());
    for (std::size_t next = 0; next < order.size(); ++next) {
        const std::uint32_t node = order[next];
        if (m_graph.isLeaf(node))
            continue;
        for (auto index = m_graph.firstEdge(node), end = m_graph.endEdge(node); index < end; ++index) {
            const auto& edge = m_graph.edge(index);
            if (tree.distance[node] + edge.length() != tree.distance[edge.to])
                continue;
            const std::int32_t l2Mtu = edge.l2Mtu;
            if (tree.parent[edge.to] == kNoNode) {
                tree.parent[edge.to] = node;
                order.push_back(edge.to);
            }
            if (tree.parent[edge.to] == node)
                tree.treeMtu[edge.to] = std::max(tree.treeMtu[edge.to], std::min(tree.treeMtu[node], l2Mtu));
            tree.widestMtu[edge.to] = std::max(tree.widestMtu[edge.to], std::min(tree.widestMtu[node], l2Mtu));
        }
    }
}

std::vector<std::uint32_t> PathFinder::bestEdges(const Tree& tree, std::uint32_t target) const
{
    if (tree.treeMtu[target] != tree.widestMtu[target]) {
        const TightPaths paths{m_graph, tree.distance, target};
        return bestTightPath(paths, paths.widestToTarget(), {.node = tree.self});
    }
    std::vector<std::uint32_t> edges;
    for (std::uint32_t node = target; node != tree.self; node = tree.parent[node]) {
        const std::uint32_t parent = tree.parent[node];
        auto index = m_graph.firstEdgeTo(parent, m_graph.idOf(node));
        const auto isBestLink = [&](const PathEdge& edge) {
            return tree.distance[parent] + edge.length() == tree.distance[node] && edge.l2Mtu >= tree.treeMtu[target];
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
    const auto self = m_graph.find(m_self);
    const auto node = m_graph.find(target);
    if (!self || !node || *self == *node)
        return std::nullopt;
    std::vector<std::uint32_t> edges;
    if (!m_tree && m_nodesSearched < m_graph.nodeCount()) {
        auto answer = bestPathBetween(m_graph, *self, *node);
        m_nodesSearched += answer.nodesSettled + m_graph.nodeCount() / kQuestionsPerTree;
        edges = std::move(answer.edges);
    } else if (const Tree& ways = tree(*self); ways.distance[*node] != kUnreachable) {
        edges = bestEdges(ways, *node);
    }
    return edges.empty() ? std::nullopt : std::optional(m_graph.toPath(*self, edges));
}

PathFinder PathFinder::without(const PathConstraints& constraints) const
{
    PathFinder rest = *this;
    for (const auto& port : constraints.avoidPorts)
        rest.m_graph.removePort(port);
    for (const auto& node : constraints.avoidNodes)
        rest.m_graph.removeNode(node);
    rest.forget();
    return rest;
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
    const auto self = m_graph.find(m_self);
    const auto node = m_graph.find(target);
    if (!self || !node || *self == *node)
        return paths;
    for (const auto& edges : PathAlternatives(m_graph, *self, *node).find(count))
        paths.push_back(m_graph.toPath(*self, edges));
    return paths;
}

} // namespace fb::overlay
