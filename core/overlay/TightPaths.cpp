// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/TightPaths.h"

#include "core/base/Assert.h"

#include <algorithm>

namespace fb::overlay {

std::vector<std::int32_t> TightPaths::widestToTarget() const
{
    // Every tight edge is one hop, so this breadth-first walk meets the nodes by hops to the target, and a node's value
    // is final when its turn comes.
    std::vector<std::int32_t> widest(graph.nodeCount(), kNoMtu);
    std::vector<std::uint32_t> order{target};
    widest[target] = kAnyMtu;
    for (std::size_t next = 0; next < order.size(); ++next) {
        const std::uint32_t node = order[next];
        for (auto index = graph.firstEdge(node); index < graph.endEdge(node); ++index) {
            const auto& edge = graph.edge(index);
            if (graph.isLeaf(edge.to) || labels[edge.to] == kUnreachable ||
                labels[edge.to] + edge.length() != labels[node])
                continue;
            if (widest[edge.to] == kNoMtu)
                order.push_back(edge.to);
            widest[edge.to] = std::max(widest[edge.to], std::min(widest[node], std::int32_t{edge.l2Mtu}));
        }
    }
    return widest;
}

bool mayBeginWith(const PathGraph& graph, const WalkStart& start, std::uint32_t edge)
{
    if (!start.removedNodes.empty() && start.removedNodes[graph.edge(edge).to] != 0)
        return false;
    return std::ranges::find(start.forbiddenEdges, edge) == start.forbiddenEdges.end();
}

std::vector<std::uint32_t> bestTightPath(const TightPaths& paths, std::span<const std::int32_t> widest,
                                         const WalkStart& start)
{
    const auto& graph = paths.graph;
    const auto leads = [&](std::uint32_t from, PathLength label, std::uint32_t index) {
        const auto& edge = graph.edge(index);
        return widest[edge.to] != kNoMtu && label + edge.length() == paths.labels[edge.to] &&
               (from != start.node || mayBeginWith(graph, start, index));
    };
    std::int32_t floor = kNoMtu;
    for (auto index = graph.firstEdge(start.node); index < graph.endEdge(start.node); ++index) {
        if (leads(start.node, start.label, index))
            floor = std::max(floor, std::min<std::int32_t>(graph.edge(index).l2Mtu, widest[graph.edge(index).to]));
    }
    if (floor == kNoMtu)
        return {};
    floor = std::min(floor, start.l2Mtu);

    std::vector<std::uint32_t> edges;
    PathLength label = start.label;
    for (std::uint32_t node = start.node; node != paths.target;) {
        auto index = graph.firstEdge(node);
        const auto isWideEnough = [&](const PathEdge& edge) {
            return std::min<std::int32_t>(edge.l2Mtu, widest[edge.to]) >= floor;
        };
        while (!leads(node, label, index) || !isWideEnough(graph.edge(index))) {
            ++index;
            FB_ASSERT(index < graph.endEdge(node));
        }
        edges.push_back(index);
        node = graph.edge(index).to;
        label = paths.labels[node];
    }
    return edges;
}

} // namespace fb::overlay
