// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Routes.h"

#include <algorithm>

namespace fb::overlay {

bool Routes::isUsable(const LinkInfo& link) const
{
    const romon::RomonId self = m_context.config.id;
    if (link.a != self && link.b != self)
        return true;
    const auto* port = m_context.ports.findByLink(link.a == self ? link.endA.linkId : link.endB.linkId);
    return port != nullptr && port->isUp();
}

Passage Routes::passageOf(romon::RomonId id) const
{
    const auto* node = m_map.find(id);
    return node != nullptr && node->mayForward() ? Passage::Transit : Passage::Leaf;
}

Routes::Tier Routes::makeTier(Freshness atLeast) const
{
    auto links = m_map.links(atLeast);
    std::erase_if(links, [this](const LinkInfo& link) { return !isUsable(link); });
    Tier tier{.atLeast = atLeast, .finder = PathFinder(m_context.config.id, links), .changesSeen = m_map.changeCount()};
    for (const auto& link : links) {
        for (const auto node : {link.a, link.b}) {
            if (passageOf(node) == Passage::Leaf)
                tier.finder.setPassage(node, Passage::Leaf);
        }
    }
    return tier;
}

void Routes::apply(Tier& tier, const LinkName& name) const
{
    const auto link = m_map.link(name);
    if (!link || link->freshness > tier.atLeast || !isUsable(*link))
        return tier.finder.remove(name);
    tier.finder.set(*link);
    for (const auto node : {link->a, link->b})
        tier.finder.setPassage(node, passageOf(node));
}

void Routes::follow(std::optional<Tier>& tier) const
{
    if (!tier || tier->changesSeen == m_map.changeCount())
        return;
    const auto changes = m_map.changesSince(tier->changesSeen);
    if (!changes)
        return tier.reset();
    for (const auto& change : *changes) {
        if (const auto* link = std::get_if<LinkName>(&change))
            apply(*tier, *link);
        else
            tier->finder.setPassage(std::get<romon::RomonId>(change), passageOf(std::get<romon::RomonId>(change)));
    }
    tier->changesSeen = m_map.changeCount();
}

void Routes::catchUp() const
{
    m_generation = m_map.generation();
    follow(m_fresh);
    follow(m_stale);
}

const PathFinder& Routes::tier(Freshness atLeast) const
{
    if (m_generation != m_map.generation())
        catchUp();
    auto& cached = atLeast == Freshness::Fresh ? m_fresh : m_stale;
    if (!cached)
        cached = makeTier(atLeast);
    return cached->finder;
}

/// Asks the fresh links, and the stale ones too if those have no answer and there are any.
template <typename Ask>
auto Routes::firstAnswer(const Ask& ask) const
{
    auto answer = ask(tier(Freshness::Fresh));
    const bool isNone = answer == decltype(answer){};
    return isNone && m_map.hasStaleLinks() ? ask(tier(Freshness::Stale)) : answer;
}

std::optional<Path> Routes::bestFresh(romon::RomonId target) const
{
    return tier(Freshness::Fresh).best(target);
}

std::optional<Path> Routes::best(romon::RomonId target) const
{
    return best(target, {});
}

std::vector<Path> Routes::alternatives(romon::RomonId target, std::size_t count) const
{
    return alternatives(target, count, {});
}

std::optional<Path> Routes::best(romon::RomonId target, const PathConstraints& constraints) const
{
    return firstAnswer([&](const PathFinder& finder) { return finder.best(target, constraints); });
}

std::vector<Path> Routes::alternatives(romon::RomonId target, std::size_t count,
                                       const PathConstraints& constraints) const
{
    return firstAnswer([&](const PathFinder& finder) { return finder.alternatives(target, count, constraints); });
}

} // namespace fb::overlay
