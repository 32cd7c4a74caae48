// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathAlternatives.h"

#include <queue>

#include <algorithm>
#include <functional>
#include <utility>

namespace fb::overlay {

struct PathAlternatives::Root {
    std::uint32_t spur = 0; ///< the node where the fixed beginning ends
    PathLength length = 0;
    std::int32_t l2Mtu = kAnyMtu;
    std::vector<std::uint8_t> onRoot;  ///< by node, the spur included
    PathLength nearest = kUnreachable; ///< of the nodes on the root, the least length to the target

    void extend(const PathEdge& edge, PathLength toTarget);
};

PathAlternatives::PathAlternatives(const PathGraph& graph, std::uint32_t source, std::uint32_t target)
    : m_graph(graph),
      m_source(source),
      m_target(target),
      m_toTarget(graph.distancesFrom(target)),
      m_countdown(m_toTarget.size(), kUnreachable)
{
    for (std::uint32_t node = 0; node < m_graph.nodeCount(); ++node) {
        // Nothing goes on from a leaf, so a path cannot gain by stepping on one.
        if (m_graph.isLeaf(node) && node != m_target && node != m_source)
            m_toTarget[node] = kUnreachable;
        if (m_toTarget[node] != kUnreachable)
            m_countdown[node] = kCountdownStart - m_toTarget[node];
    }
    m_widest = TightPaths{m_graph, m_countdown, m_target}.widestToTarget();
}

std::vector<std::vector<std::uint32_t>> PathAlternatives::find(std::size_t count)
{
    std::vector<std::vector<std::uint32_t>> paths;
    const auto isWorse = [this](const Candidate& left, const Candidate& right) { return isBetter(right, left); };
    if (count > 0 && m_toTarget[m_source] != kUnreachable)
        addBounded(rootOf({}), {}, {});
    while (!m_heap.empty() && paths.size() < count) {
        std::ranges::pop_heap(m_heap, isWorse);
        Candidate next = std::move(m_heap.back());
        m_heap.pop_back();
        if (next.state == Candidate::State::Searched) {
            if (paths.size() + 1U < count)
                split(next);
            paths.push_back(std::move(next.edges));
            continue;
        }
        next.edges = search(next);
        if (next.edges.empty())
            continue;
        next.state = Candidate::State::Searched;
        next.length = 0;
        for (const auto index : next.edges) {
            next.length += m_graph.edge(index).length();
            next.l2Mtu = std::min<std::int32_t>(next.l2Mtu, m_graph.edge(index).l2Mtu);
        }
        m_heap.push_back(std::move(next));
        std::ranges::push_heap(m_heap, isWorse);
    }
    return paths;
}

bool PathAlternatives::isBetter(const Candidate& left, const Candidate& right) const
{
    if (left.length != right.length)
        return left.length < right.length;
    if (left.state != right.state) // what may turn out to be better must be looked at first
        return left.state == Candidate::State::Bounded;
    if (left.l2Mtu != right.l2Mtu)
        return left.l2Mtu > right.l2Mtu;
    const auto byNode = [this](std::uint32_t first, std::uint32_t second) {
        return m_graph.idOf(m_graph.edge(first).to) < m_graph.idOf(m_graph.edge(second).to);
    };
    if (std::ranges::lexicographical_compare(left.edges, right.edges, byNode))
        return true;
    if (std::ranges::lexicographical_compare(right.edges, left.edges, byNode))
        return false;
    return left.edges < right.edges; // same nodes, and a node's edges to a neighbor are numbered by link ids
}

void PathAlternatives::Root::extend(const PathEdge& edge, PathLength toTarget)
{
    length += edge.length();
    l2Mtu = std::min<std::int32_t>(l2Mtu, edge.l2Mtu);
    spur = edge.to;
    onRoot[spur] = 1;
    nearest = std::min(nearest, toTarget);
}

PathAlternatives::Root PathAlternatives::rootOf(const Candidate& candidate) const
{
    Root root;
    root.spur = m_source;
    root.onRoot.assign(m_graph.nodeCount(), 0);
    root.onRoot[m_source] = 1;
    root.nearest = m_toTarget[m_source];
    for (std::size_t step = 0; step < candidate.rootEdges; ++step) {
        const auto& edge = m_graph.edge(candidate.edges[step]);
        root.extend(edge, m_toTarget[edge.to]);
    }
    return root;
}

void PathAlternatives::addBounded(const Root& root, std::span<const std::uint32_t> rootEdges,
                                  std::vector<std::uint32_t> forbidden)
{
    const PathLength rest = lowerBound(root, startAt(root, forbidden));
    if (rest == kUnreachable)
        return;
    Candidate candidate;
    candidate.edges.assign(rootEdges.begin(), rootEdges.end());
    candidate.rootEdges = rootEdges.size();
    candidate.forbidden = std::move(forbidden);
    candidate.length = root.length + rest;
    m_heap.push_back(std::move(candidate));
    std::ranges::push_heap(m_heap,
                           [this](const Candidate& left, const Candidate& right) { return isBetter(right, left); });
}

WalkStart PathAlternatives::startAt(const Root& root, std::span<const std::uint32_t> forbidden)
{
    return {
        .node = root.spur, .label = 0, .l2Mtu = root.l2Mtu, .forbiddenEdges = forbidden, .removedNodes = root.onRoot};
}

/// Of the rest of any path from the spur that begins as it may: its first hop, and as short as can be from there.
PathLength PathAlternatives::lowerBound(const Root& root, const WalkStart& start) const
{
    PathLength least = kUnreachable;
    for (auto index = m_graph.firstEdge(root.spur); index < m_graph.endEdge(root.spur); ++index) {
        const auto& edge = m_graph.edge(index);
        if (m_toTarget[edge.to] != kUnreachable && mayBeginWith(m_graph, start, index))
            least = std::min(least, edge.length() + m_toTarget[edge.to]);
    }
    return least;
}

std::vector<std::uint32_t> PathAlternatives::search(const Candidate& candidate) const
{
    const Root root = rootOf(candidate);
    WalkStart start = startAt(root, candidate.forbidden);
    const PathLength rest = lowerBound(root, start);
    // The shortest ways on from a first step only get nearer to the target. If no node of the root is as near as such a
    // step, none of those ways can run into the root, and they are the answer.
    bool meetsRoot = false;
    for (auto index = m_graph.firstEdge(root.spur); index < m_graph.endEdge(root.spur); ++index) {
        const auto& edge = m_graph.edge(index);
        if (m_toTarget[edge.to] != kUnreachable && edge.length() + m_toTarget[edge.to] == rest &&
            mayBeginWith(m_graph, start, index))
            meetsRoot = meetsRoot || m_toTarget[edge.to] >= root.nearest;
    }
    std::vector<std::uint32_t> edges(candidate.edges.begin(),
                                     candidate.edges.begin() + static_cast<std::ptrdiff_t>(candidate.rootEdges));
    std::vector<std::uint32_t> tail;
    if (meetsRoot) {
        tail = searchAround(root, start);
    } else {
        start.label = kCountdownStart - rest;
        tail = bestTightPath({m_graph, m_countdown, m_target}, m_widest, start);
    }
    if (tail.empty())
        return {};
    edges.insert(edges.end(), tail.begin(), tail.end());
    return edges;
}

/// A* from the spur with the root taken out. Goes on until everything as short as the best way has been settled: ties
/// are decided afterwards, on all of them.
std::vector<std::uint32_t> PathAlternatives::searchAround(const Root& root, WalkStart start) const
{
    using Entry = std::pair<PathLength, std::uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    std::vector<PathLength> fromSpur(m_graph.nodeCount(), kUnreachable);
    fromSpur[root.spur] = 0;
    open.emplace(m_toTarget[root.spur], root.spur);
    while (!open.empty() && open.top().first <= fromSpur[m_target]) {
        const Entry nearest = open.top();
        open.pop();
        const std::uint32_t node = nearest.second;
        if (nearest.first != fromSpur[node] + m_toTarget[node])
            continue;
        for (auto index = m_graph.firstEdge(node); index < m_graph.endEdge(node); ++index) {
            const auto& edge = m_graph.edge(index);
            if (m_toTarget[edge.to] == kUnreachable || root.onRoot[edge.to] != 0 ||
                (node == root.spur && !mayBeginWith(m_graph, start, index)))
                continue;
            const PathLength length = fromSpur[node] + edge.length();
            if (length >= fromSpur[edge.to])
                continue;
            fromSpur[edge.to] = length;
            open.emplace(length + m_toTarget[edge.to], edge.to);
        }
    }
    const TightPaths paths{m_graph, fromSpur, m_target};
    return fromSpur[m_target] == kUnreachable ? std::vector<std::uint32_t>{}
                                              : bestTightPath(paths, paths.widestToTarget(), start);
}

/// What is left of a candidate once its best path is taken, as candidates that have no path in common: those that
/// leave the path at each of its nodes.
void PathAlternatives::split(const Candidate& found)
{
    Root root = rootOf(found);
    const std::span<const std::uint32_t> edges(found.edges);
    for (std::size_t step = found.rootEdges; step < edges.size(); ++step) {
        std::vector<std::uint32_t> forbidden;
        if (step == found.rootEdges)
            forbidden = found.forbidden;
        forbidden.push_back(edges[step]);
        addBounded(root, edges.first(step), std::move(forbidden));
        const auto& edge = m_graph.edge(edges[step]);
        root.extend(edge, m_toTarget[edge.to]);
    }
}

} // namespace fb::overlay
