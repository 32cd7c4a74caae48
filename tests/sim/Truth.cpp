// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Truth.h"

#include <algorithm>
#include <map>

namespace fb::sim {

Truth::Truth(const SimNet& net) : m_links(net.trueLinks()), m_edges(net.nodeCount()), m_isLeaf(net.nodeCount())
{
    std::map<romon::RomonId, NodeIndex> indexOf;
    for (NodeIndex node = 0; node < net.nodeCount(); ++node) {
        indexOf[net.id(node)] = node;
        m_isLeaf[node] = net.roleOf(node) == overlay::Role::Leaf;
    }
    for (const auto& link : m_links) {
        const NodeIndex a = indexOf.at(link.a);
        const NodeIndex b = indexOf.at(link.b);
        const std::uint32_t cost = std::uint32_t{link.endA.cost} + link.endB.cost;
        const overlay::PortName portA{.node = link.a, .linkId = link.endA.linkId};
        const overlay::PortName portB{.node = link.b, .linkId = link.endB.linkId};
        m_edges[a].push_back({.to = b, .cost = cost, .out = portA, .in = portB});
        m_edges[b].push_back({.to = a, .cost = cost, .out = portB, .in = portA});
    }
}

std::vector<std::optional<std::uint32_t>> Truth::costsFrom(NodeIndex from, const overlay::PathPolicy& policy) const
{
    const auto isAvoided = [&policy](const Edge& edge) {
        const auto isOneOf = [](const auto& names, const auto& name) {
            return std::ranges::find(names, name) != names.end();
        };
        return isOneOf(policy.avoidNodes, edge.in.node) || isOneOf(policy.avoidNodes, edge.out.node) ||
               isOneOf(policy.avoidLinks, edge.out) || isOneOf(policy.avoidLinks, edge.in);
    };
    std::vector<std::optional<std::uint32_t>> costs(m_edges.size());
    std::vector<bool> isSettled(m_edges.size());
    costs[from] = 0;
    for (;;) {
        std::optional<NodeIndex> nearest;
        for (NodeIndex node = 0; node < costs.size(); ++node) {
            if (costs[node] && !isSettled[node] && (!nearest || *costs[node] < *costs[*nearest]))
                nearest = node;
        }
        if (!nearest)
            break;
        isSettled[*nearest] = true;
        if (m_isLeaf[*nearest] && *nearest != from)
            continue;
        for (const auto& edge : m_edges[*nearest]) {
            const std::uint32_t cost = *costs[*nearest] + edge.cost;
            if (!isAvoided(edge) && (!costs[edge.to] || cost < *costs[edge.to]))
                costs[edge.to] = cost;
        }
    }
    costs[from].reset();
    return costs;
}

bool Truth::isReal(const overlay::Path& path) const
{
    return std::ranges::all_of(path.hops, [this](const overlay::Hop& hop) {
        return std::ranges::any_of(m_links, [&](const overlay::LinkInfo& link) {
            return (link.a == hop.from && link.b == hop.to && link.endA == hop.out && link.endB == hop.in) ||
                   (link.b == hop.from && link.a == hop.to && link.endB == hop.out && link.endA == hop.in);
        });
    });
}

std::string differenceFromTruth(const SimNet& net, const Truth& truth, NodeIndex watcher)
{
    const auto costs = truth.costsFrom(watcher);
    const auto snapshot = net.snapshot(watcher);
    const auto what = [&](NodeIndex node, const std::string& text) {
        return "node " + std::to_string(watcher) + " about node " + std::to_string(node) + ": " + text;
    };
    for (NodeIndex node = 0; node < costs.size(); ++node) {
        if (node == watcher)
            continue;
        const auto info = std::ranges::find(snapshot.nodes, net.id(node), &overlay::NodeInfo::id);
        const bool isKnown = info != snapshot.nodes.end();
        if (!costs[node]) {
            if (isKnown && info->freshness != overlay::Freshness::Lost && info->path)
                return what(node, "has a path to what cannot be reached");
            continue;
        }
        if (!isKnown || info->freshness != overlay::Freshness::Fresh)
            return what(node, isKnown ? "not fresh" : "not known");
        if (!info->path)
            return what(node, "no path, but there is one");
        if (info->path->cost != *costs[node])
            return what(node, "a path of " + std::to_string(info->path->cost) + ", there is one of " +
                                  std::to_string(*costs[node]));
        if (!truth.isReal(*info->path))
            return what(node, "a path over a link that is not there");
        if (!net.engine(watcher).hasAnswered(net.id(node)))
            return what(node, "has never answered");
    }
    return {};
}

} // namespace fb::sim
