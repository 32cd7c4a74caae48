// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Routes.h"

#include <algorithm>

namespace fb::overlay {

namespace {

Hop hopInto(romon::RomonId target, const LinkInfo& link)
{
    if (link.b == target)
        return {.from = link.a, .to = link.b, .out = link.endA, .in = link.endB};
    return {.from = link.b, .to = link.a, .out = link.endB, .in = link.endA};
}

Path pathOver(std::optional<Path> before, const Hop& last)
{
    Path path = before.value_or(Path{.hops = {}, .cost = 0, .l2Mtu = 0xffff});
    path.hops.push_back(last);
    path.cost += last.cost();
    path.l2Mtu = std::min({path.l2Mtu, last.out.l2Mtu, last.in.l2Mtu});
    return path;
}

/// The order of PathFinder: cost, hops, larger L2 MTU, node ids, link ids.
bool isBetter(const Path& left, const Path& right)
{
    if (left.cost != right.cost)
        return left.cost < right.cost;
    if (left.hops.size() != right.hops.size())
        return left.hops.size() < right.hops.size();
    if (left.l2Mtu != right.l2Mtu)
        return left.l2Mtu > right.l2Mtu;
    const auto byNode = [](const Hop& a, const Hop& b) { return a.to < b.to; };
    if (std::ranges::lexicographical_compare(left.hops, right.hops, byNode))
        return true;
    if (std::ranges::lexicographical_compare(right.hops, left.hops, byNode))
        return false;
    const auto byLink = [](const Hop& a, const Hop& b) {
        return std::tie(a.out.linkId, a.in.linkId) < std::tie(b.out.linkId, b.in.linkId);
    };
    return std::ranges::lexicographical_compare(left.hops, right.hops, byLink);
}

} // namespace

const Routes::Tier& Routes::tier(Freshness atLeast) const
{
    if (m_generation != m_map.generation()) {
        m_generation = m_map.generation();
        m_fresh.reset();
        m_stale.reset();
    }
    auto& cached = atLeast == Freshness::Fresh ? m_fresh : m_stale;
    if (!cached)
        cached = makeTier(atLeast, {});
    return *cached;
}

Routes::Tier Routes::makeTier(Freshness atLeast, const PathConstraints& constraints) const
{
    const romon::RomonId self = m_context.config.id;
    auto links = m_map.links(atLeast);
    std::erase_if(links, [&](const LinkInfo& link) {
        if (constraints.forbid(link))
            return true;
        if (link.a != self && link.b != self)
            return false;
        const auto* port = m_context.ports.findByLink(link.a == self ? link.endA.linkId : link.endB.linkId);
        return port == nullptr || !port->isUp();
    });

    std::map<romon::RomonId, std::vector<LinkInfo>> leafLinks;
    const auto isLeaf = [&](romon::RomonId id) {
        const auto* node = m_map.find(id);
        return id != self && (node == nullptr || !node->mayForward());
    };
    for (const auto& link : links) {
        for (const auto end : {link.a, link.b}) {
            if (isLeaf(end))
                leafLinks[end].push_back(link);
        }
    }
    // A leaf with a single link cannot be passed through anyway.
    std::erase_if(leafLinks, [](const auto& leaf) { return leaf.second.size() < 2; });
    std::erase_if(links,
                  [&](const LinkInfo& link) { return leafLinks.contains(link.a) || leafLinks.contains(link.b); });
    PathFinder finder(self, links);
    return {.throughLinks = std::move(links), .leafLinks = std::move(leafLinks), .finder = std::move(finder)};
}

/// The best way into a leaf is the best way to one of the nodes before it, and the last link.
std::optional<Path> Routes::bestIn(const Tier& tier, romon::RomonId target) const
{
    const auto leaf = tier.leafLinks.find(target);
    if (leaf == tier.leafLinks.end())
        return tier.finder.best(target);
    std::optional<Path> best;
    for (const auto& link : leaf->second) {
        const Hop last = hopInto(target, link);
        auto before = tier.finder.best(last.from);
        if (!before && last.from != m_context.config.id)
            continue;
        Path path = pathOver(std::move(before), last);
        if (!best || isBetter(path, *best))
            best = std::move(path);
    }
    return best;
}

std::optional<Path> Routes::bestFresh(romon::RomonId target) const
{
    return bestIn(tier(Freshness::Fresh), target);
}

std::optional<Path> Routes::best(romon::RomonId target) const
{
    auto path = bestFresh(target);
    return path ? path : bestIn(tier(Freshness::Stale), target);
}

std::optional<Path> Routes::best(romon::RomonId target, const PathConstraints& constraints) const
{
    if (constraints.isEmpty())
        return best(target);
    auto path = bestIn(makeTier(Freshness::Fresh, constraints), target);
    return path ? path : bestIn(makeTier(Freshness::Stale, constraints), target);
}

std::vector<Path> Routes::alternativesIn(const Tier& tier, romon::RomonId target, std::size_t count) const
{
    const auto leaf = tier.leafLinks.find(target);
    if (leaf == tier.leafLinks.end())
        return tier.finder.alternatives(target, count);
    auto all = tier.throughLinks;
    // A link from another leaf of several links would lead through that one.
    std::ranges::copy_if(leaf->second, std::back_inserter(all), [&](const LinkInfo& link) {
        return !tier.leafLinks.contains(link.a == target ? link.b : link.a);
    });
    return PathFinder(m_context.config.id, all).alternatives(target, count);
}

std::vector<Path> Routes::alternatives(romon::RomonId target, std::size_t count) const
{
    auto paths = alternativesIn(tier(Freshness::Fresh), target, count);
    return paths.empty() ? alternativesIn(tier(Freshness::Stale), target, count) : paths;
}

std::vector<Path> Routes::alternatives(romon::RomonId target, std::size_t count,
                                       const PathConstraints& constraints) const
{
    if (constraints.isEmpty())
        return alternatives(target, count);
    auto paths = alternativesIn(makeTier(Freshness::Fresh, constraints), target, count);
    return paths.empty() ? alternativesIn(makeTier(Freshness::Stale, constraints), target, count) : paths;
}

} // namespace fb::overlay
