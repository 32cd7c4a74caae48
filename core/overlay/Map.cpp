// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Map.h"

#include <algorithm>
#include <set>

namespace fb::overlay {

bool NodeEntry::mayForward() const
{
    if (role)
        return *role == Role::Transit;
    return hasForwarded || (!isFootbridge && !board.empty());
}

NodeEntry* Map::noteAlive(romon::RomonId id, PortId heardOn, Instant now)
{
    if (id == m_context.config.id)
        return nullptr;
    const auto found = m_nodes.find(id);
    if (found != m_nodes.end()) {
        NodeEntry& node = found->second;
        // Others cannot drag a node over to their own port while it is there.
        if (node.freshness == Freshness::Lost && node.heardOn != heardOn)
            m_nodeOrder.move(node, heardOn);
        node.lastRound = m_round;
        node.heardAt = now;
        setFreshness(node, Freshness::Fresh);
        m_nodeOrder.renew(node, rankOf(node));
        return &node;
    }
    if (!makeRoomForNode(heardOn, now)) {
        m_context.counters.add(Counter::NodesLimit);
        return nullptr;
    }
    NodeEntry& node = m_nodes[id];
    node.id = id;
    node.lastRound = m_round;
    node.firstHeardAt = now;
    node.heardAt = now;
    m_nodeOrder.add(node, heardOn, EvictionOrder::Rank::Stranger);
    ++m_shape;
    m_context.outbox.publish(NodeAppeared{.id = id});
    m_context.outbox.publishMapChanged();
    return &node;
}

EvictionOrder::Rank Map::rankOf(const NodeEntry& node) const
{
    if (node.rank == EvictionOrder::Rank::InUse)
        return EvictionOrder::Rank::InUse;
    if (node.freshness == Freshness::Lost)
        return EvictionOrder::Rank::Lost;
    return node.heardAt - node.firstHeardAt >= kNodeProvenAfter ? EvictionOrder::Rank::Proven
                                                                : EvictionOrder::Rank::Stranger;
}

void Map::noteUsed(romon::RomonId id, Instant now)
{
    NodeEntry* node = find(id);
    if (node == nullptr)
        return;
    node->usedAt = now;
    if (node->rank == EvictionOrder::Rank::InUse)
        return;
    if (m_nodesInUse >= kNodesInUseMax)
        return m_context.counters.add(Counter::NodesInUseLimit);
    ++m_nodesInUse;
    m_nodeOrder.renew(*node, EvictionOrder::Rank::InUse);
    if (!m_unusedAt)
        m_unusedAt = now + kNodeInUse;
}

void Map::releaseUnused(Instant now)
{
    std::optional<Instant> firstUsedAt;
    for (auto& [id, node] : m_nodes) {
        if (node.rank != EvictionOrder::Rank::InUse)
            continue;
        if (node.usedAt + kNodeInUse > now) {
            firstUsedAt = firstUsedAt ? std::min(*firstUsedAt, node.usedAt) : node.usedAt;
            continue;
        }
        --m_nodesInUse;
        m_nodeOrder.renew(node, EvictionOrder::Rank::Stranger);
        m_nodeOrder.renew(node, rankOf(node));
    }
    m_unusedAt = firstUsedAt ? std::optional(*firstUsedAt + kNodeInUse) : std::nullopt;
}

void Map::setFreshness(NodeEntry& node, Freshness freshness)
{
    if (node.freshness == freshness)
        return;
    node.freshness = freshness;
    m_nodeOrder.renew(node, rankOf(node));
    ++m_shape;
    m_context.outbox.publish(NodeFreshnessChanged{.id = node.id, .freshness = freshness});
    m_context.outbox.publishMapChanged();
}

bool Map::makeRoomForNode(PortId heardOn, Instant now)
{
    if (m_nodes.size() < m_context.config.limits.nodesMax)
        return true;
    auto* victim = static_cast<NodeEntry*>(m_nodeOrder.victimFor(heardOn));
    if (victim == nullptr)
        return false;
    // Strangers of one port would otherwise push each other out for ever.
    const bool isHeardLately = victim->lastRound == m_round && victim->heardAt + kNodeProvenAfter > now;
    if (victim->rank == EvictionOrder::Rank::Stranger && victim->heardOn == heardOn && isHeardLately)
        return false;
    const romon::RomonId id = victim->id;
    m_nodeOrder.remove(*victim);
    m_nodes.erase(id);
    ++m_shape;
    m_context.counters.add(Counter::NodesEvicted);
    noteChange(id, Urgency::Soon);
    return true;
}

NodeEntry* Map::find(romon::RomonId id)
{
    const auto found = m_nodes.find(id);
    return found == m_nodes.end() ? nullptr : &found->second;
}

const NodeEntry* Map::find(romon::RomonId id) const
{
    const auto found = m_nodes.find(id);
    return found == m_nodes.end() ? nullptr : &found->second;
}

void Map::noteLink(const Attachment& parent, const Attachment& child, PortId heardOn)
{
    if (parent.node == child.node)
        return;
    (void)refreshLink(parent.name(), child.name(), Source::Reported, heardOn);
    setEnd(parent);
    setEnd(child);
    const auto end = m_ends.find(parent.name());
    if (end == m_ends.end() || end->second.links.size() > kSiblingsMax)
        return;
    std::vector<EndName> siblings;
    for (const auto* link : end->second.links) {
        const EndName& sibling = link->peerOf(end->first);
        if (sibling.node != child.node && link->lastReportedRound == m_round)
            siblings.push_back(sibling);
    }
    for (const auto& sibling : siblings) {
        // Concluding one link may have given up that of a later sibling to make room.
        if (m_ends.contains(sibling))
            (void)refreshLink(sibling, child.name(), Source::Concluded, heardOn);
    }
}

bool Map::wasReported(const EndName& first, const EndName& second) const
{
    const auto found = m_links.find(linkBetween(first, second));
    return found != m_links.end() && found->second.lastReportedRound == m_round;
}

void Map::setEnd(const Attachment& attachment)
{
    const auto found = m_ends.find(attachment.name());
    if (found == m_ends.end() || found->second.end == attachment.end)
        return;
    found->second.end = attachment.end;
    for (const auto* link : found->second.links)
        noteChange(link->name(), Urgency::Soon);
    m_context.outbox.publishMapChanged();
}

EvictionOrder::Rank Map::rankOf(const LinkEntry& link) const
{
    if (link.freshness == Freshness::Lost)
        return EvictionOrder::Rank::Lost;
    return link.lastRound - link.firstRound >= kLinkProvenAfter ? EvictionOrder::Rank::Proven
                                                                : EvictionOrder::Rank::Stranger;
}

Map::LinkEntry* Map::refreshLink(const EndName& first, const EndName& second, Source source, PortId heardOn)
{
    const LinkName name = linkBetween(first, second);
    const auto found = m_links.find(name);
    LinkEntry* link = found != m_links.end() ? &found->second : addLink(name, heardOn);
    if (link == nullptr)
        return nullptr;
    link->lastRound = m_round;
    if (source == Source::Reported)
        link->lastReportedRound = m_round;
    if (link->freshness == Freshness::Lost && link->heardOn != heardOn)
        m_linkOrder.move(*link, heardOn);
    setLinkFreshness(*link, Freshness::Fresh, Urgency::Soon);
    m_linkOrder.renew(*link, rankOf(*link));
    return link;
}

Map::LinkEntry* Map::addLink(const LinkName& name, PortId heardOn)
{
    if (!makeRoomForLink(heardOn)) {
        m_context.counters.add(Counter::LinksLimit);
        return nullptr;
    }
    LinkEntry& link = m_links[name];
    attach(link, 0, name.a);
    attach(link, 1, name.b);
    link.firstRound = m_round;
    m_linkOrder.add(link, heardOn, EvictionOrder::Rank::Lost);
    return &link;
}

void Map::attach(LinkEntry& link, std::size_t side, const EndName& name)
{
    auto& end = *m_ends.try_emplace(name).first;
    end.second.end.linkId = name.linkId;
    link.ends[side] = &end;
    link.placeAtEnd[side] = static_cast<std::uint32_t>(end.second.links.size());
    end.second.links.push_back(&link);
}

void Map::detach(LinkEntry& link, std::size_t side)
{
    auto& [name, end] = *link.ends[side];
    LinkEntry* last = end.links.back();
    end.links[link.placeAtEnd[side]] = last;
    last->placeAtEnd[last->ends[0] == link.ends[side] ? 0 : 1] = link.placeAtEnd[side];
    end.links.pop_back();
    if (end.links.empty())
        m_ends.erase(EndName(name));
}

void Map::setLinkFreshness(LinkEntry& link, Freshness freshness, Urgency urgency)
{
    if (link.freshness == freshness)
        return;
    m_staleLinks += freshness == Freshness::Stale ? 1U : 0U;
    m_staleLinks -= link.freshness == Freshness::Stale ? 1U : 0U;
    link.freshness = freshness;
    m_linkOrder.renew(link, rankOf(link));
    ++m_shape;
    noteChange(link.name(), urgency);
    m_context.outbox.publishMapChanged();
}

bool Map::makeRoomForLink(PortId heardOn)
{
    if (m_links.size() < m_context.config.limits.linksMax)
        return true;
    auto* victim = static_cast<LinkEntry*>(m_linkOrder.victimFor(heardOn));
    if (victim == nullptr)
        return false;
    if (victim->rank == EvictionOrder::Rank::Stranger && victim->heardOn == heardOn && victim->lastRound == m_round)
        return false;
    m_context.counters.add(Counter::LinksEvicted);
    forgetLink(*victim);
    return true;
}

void Map::forgetLink(LinkEntry& link)
{
    const LinkName name = link.name();
    setLinkFreshness(link, Freshness::Lost, Urgency::Soon);
    m_linkOrder.remove(link);
    detach(link, 0);
    detach(link, 1);
    m_links.erase(name);
}

void Map::loseEnd(const EndName& end)
{
    const auto found = m_ends.find(end);
    if (found == m_ends.end())
        return;
    for (auto* link : found->second.links)
        setLinkFreshness(*link, Freshness::Lost, Urgency::Now);
}

void Map::doubtLink(const LinkName& name)
{
    const auto found = m_links.find(name);
    if (found != m_links.end() && found->second.freshness == Freshness::Fresh)
        setLinkFreshness(found->second, Freshness::Stale, Urgency::Now);
}

Freshness Map::freshnessAfter(std::uint32_t lastRound) const
{
    // The round that begins now has not been missed yet.
    const std::uint32_t missed = m_round - std::min(m_round, lastRound + 1);
    if (missed >= kRoundsUntilLost)
        return Freshness::Lost;
    return missed >= kRoundsUntilStale ? Freshness::Stale : Freshness::Fresh;
}

void Map::beginRound()
{
    ++m_round;
    for (auto& [id, node] : m_nodes) {
        const Freshness freshness = freshnessAfter(node.lastRound);
        if (freshness > node.freshness)
            setFreshness(node, freshness);
    }
    std::vector<LinkEntry*> forgotten;
    for (auto& [name, link] : m_links) {
        const Freshness freshness = freshnessAfter(link.lastRound);
        if (freshness > link.freshness)
            setLinkFreshness(link, freshness, Urgency::Now);
        if (m_round - link.lastRound > kRoundsUntilLinkForgotten)
            forgotten.push_back(&link);
    }
    for (auto* link : forgotten)
        forgetLink(*link);
}

LinkInfo Map::infoOf(const LinkEntry& link) const
{
    return {.a = link.ends[0]->first.node,
            .b = link.ends[1]->first.node,
            .endA = link.ends[0]->second.end,
            .endB = link.ends[1]->second.end,
            .freshness = link.freshness};
}

std::vector<LinkInfo> Map::links(Freshness atLeast) const
{
    std::vector<LinkInfo> links;
    links.reserve(m_links.size());
    for (const auto& [name, link] : m_links) {
        if (link.freshness <= atLeast)
            links.push_back(infoOf(link));
    }
    return links;
}

std::optional<LinkInfo> Map::link(const LinkName& name) const
{
    const auto found = m_links.find(name);
    return found == m_links.end() ? std::nullopt : std::optional(infoOf(found->second));
}

std::uint64_t Map::neighborsOn(const EndName& end) const
{
    const auto found = m_ends.find(end);
    if (found == m_ends.end())
        return 0;
    std::set<romon::RomonId> neighbors;
    for (const auto* link : found->second.links) {
        if (link->freshness == Freshness::Fresh)
            neighbors.insert(link->peerOf(end).node);
    }
    return neighbors.size();
}

void Map::notePassageChange(romon::RomonId node)
{
    noteChange(node, Urgency::Soon);
}

/// Rare, and it may concern any link of ours: whoever follows the changes starts anew.
void Map::noteOwnPortChange()
{
    m_changesForgotten += m_changes.size() + 1;
    m_changes.clear();
    m_changesPublished = changeCount();
    ++m_generation;
}

void Map::noteChange(const Change& change, Urgency urgency)
{
    if (m_changes.size() >= kChangesMax) {
        m_changesForgotten += m_changes.size();
        m_changes.clear();
    }
    m_changes.push_back(change);
    if (urgency == Urgency::Now) {
        ++m_generation;
        m_changesPublished = changeCount();
    }
}

std::optional<std::span<const Map::Change>> Map::changesSince(std::uint64_t seen) const
{
    if (seen < m_changesForgotten)
        return std::nullopt;
    return std::span(m_changes).subspan(seen - m_changesForgotten);
}

void Map::advance(Instant now)
{
    if (m_unusedAt && *m_unusedAt <= now)
        releaseUnused(now);
    if (m_changesPublished == changeCount() || now < m_nextPublication)
        return;
    ++m_generation;
    m_changesPublished = changeCount();
    m_nextPublication =
        now + kPathChangeSpacing + kPathChangeSpacingPerLink * static_cast<Duration::rep>(m_links.size());
}

std::optional<Instant> Map::nextDeadline() const
{
    if (m_changesPublished == changeCount())
        return m_unusedAt;
    return m_unusedAt ? std::min(*m_unusedAt, m_nextPublication) : m_nextPublication;
}

} // namespace fb::overlay
