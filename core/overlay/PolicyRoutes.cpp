// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PolicyRoutes.h"

#include <algorithm>

namespace fb::overlay {

namespace {

/// The hop out of this port to that node.
std::optional<Hop> hopOver(std::span<const LinkInfo> links, const PortName& out, romon::RomonId next)
{
    for (const auto& link : links) {
        if (link.a == out.node && link.endA.linkId == out.linkId && link.b == next)
            return Hop{.from = link.a, .to = link.b, .out = link.endA, .in = link.endB};
        if (link.b == out.node && link.endB.linkId == out.linkId && link.a == next)
            return Hop{.from = link.b, .to = link.a, .out = link.endB, .in = link.endA};
    }
    return std::nullopt;
}

/// By the names of ports, not of the links that the map has now: the graph that paths are searched in may be behind it.
PathConstraints constraintsOf(const PathPolicy& policy)
{
    return {.avoidNodes = policy.avoidNodes, .avoidPorts = policy.avoidLinks};
}

/// What is left of the network without the nodes that the path crosses; without its link, if it crosses none.
PathPolicy withoutNodesOf(const Path& path, PathPolicy policy)
{
    policy.pin.clear();
    for (auto hop = path.hops.begin(); hop + 1 != path.hops.end(); ++hop)
        policy.avoidNodes.push_back(hop->to);
    if (path.hops.size() == 1)
        policy.avoidLinks.push_back({.node = path.hops.front().from, .linkId = path.hops.front().out.linkId});
    return policy;
}

/// And without the ports at its ends.
PathPolicy withoutPortsOf(const Path& path, PathPolicy policy)
{
    const Hop& first = path.hops.front();
    const Hop& last = path.hops.back();
    policy.avoidLinks.push_back({.node = first.from, .linkId = first.out.linkId});
    policy.avoidLinks.push_back({.node = last.to, .linkId = last.in.linkId});
    return policy;
}

} // namespace

bool PolicyRoutes::mayCross(romon::RomonId node, romon::RomonId target) const
{
    const NodeEntry* entry = m_map.find(node);
    return node == target || (entry != nullptr && entry->mayForward());
}

std::optional<Path> PolicyRoutes::pinned(romon::RomonId target, const PathPolicy& policy) const
{
    if (policy.pin.empty() || policy.pin.front().node != m_context.config.id)
        return std::nullopt;
    const Port* port = m_context.ports.findByLink(policy.pin.front().linkId);
    if (port == nullptr || !port->isUp())
        return std::nullopt;
    const auto links = m_map.links(Freshness::Stale);
    const auto constraints = constraintsOf(policy);
    Path path{.hops = {}, .cost = 0, .l2Mtu = 0xffff};
    for (std::size_t at = 0; at < policy.pin.size(); ++at) {
        const auto next = at + 1 < policy.pin.size() ? policy.pin[at + 1].node : target;
        const auto hop = hopOver(links, policy.pin[at], next);
        if (!hop || !mayCross(next, target) || constraints.forbid(*hop))
            return std::nullopt;
        path.hops.push_back(*hop);
        path.cost += hop->cost();
        path.l2Mtu = std::min({path.l2Mtu, hop->out.l2Mtu, hop->in.l2Mtu});
    }
    return path;
}

std::vector<Path> PolicyRoutes::find(romon::RomonId target, std::size_t count, const PathPolicy& policy) const
{
    if (policy.isEmpty())
        return m_routes.alternatives(target, count);
    std::vector<Path> paths;
    if (auto path = pinned(target, policy))
        paths.push_back(std::move(*path));
    if (policy.isStrict && !policy.pin.empty())
        return paths;
    for (auto& path : m_routes.alternatives(target, count, constraintsOf(policy))) {
        if (paths.size() < count && (paths.empty() || paths.front() != path))
            paths.push_back(std::move(path));
    }
    return paths;
}

std::vector<Path> PolicyRoutes::findForSession(romon::RomonId target, std::size_t count, const PathPolicy& policy) const
{
    auto paths = find(target, count, policy);
    if (paths.empty() || (policy.isStrict && !policy.pin.empty()))
        return paths;
    const Path& first = paths.front();
    if (std::ranges::any_of(paths, [&](const Path& path) { return countShared(first, path) == 0; }))
        return paths;
    const PathPolicy aroundNodes = withoutNodesOf(first, policy);
    for (const auto& around : {withoutPortsOf(first, aroundNodes), aroundNodes}) {
        auto other = find(target, 1, around);
        if (other.empty())
            continue;
        if (std::ranges::find(paths, other.front()) == paths.end())
            paths.push_back(std::move(other.front()));
        break;
    }
    return paths;
}

} // namespace fb::overlay
