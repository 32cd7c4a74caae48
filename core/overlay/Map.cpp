// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Map.h"

#include <algorithm>

namespace fb::overlay {

bool NodeEntry::mayForward() const
{
    if (role)
        return *role == Role::Transit;
    return hasForwarded || (!isFootbridge && !board.empty());
}

NodeEntry* Map::noteAlive(romon::RomonId id, Instant now)
{
    if (id == m_context.config.id)
        return nullptr;
    const auto found = m_nodes.find(id);
    if (found == m_nodes.end() && !makeRoomForNode()) {
        m_context.counters.add(Counter::NodesLimit);
        return nullptr;
    }
    NodeEntry& node = found == m_nodes.end() ? m_nodes[id] : found->second;
    node.lastRound = m_round;
    node.heardAt = now;
    if (found == m_nodes.end()) {
        m_context.outbox.publish(NodeAppeared{.id = id});
        m_context.outbox.publishMapChanged();
    }
    setFreshness(id, node, Freshness::Fresh);
    return &node;
}

void Map::setFreshness(romon::RomonId id, NodeEntry& node, Freshness freshness)
{
    if (node.freshness == freshness)
        return;
    node.freshness = freshness;
    m_context.outbox.publish(NodeFreshnessChanged{.id = id, .freshness = freshness});
    m_context.outbox.publishMapChanged();
}

bool Map::makeRoomForNode()
{
    if (m_nodes.size() < m_context.config.limits.nodesMax)
        return true;
    auto longestLost = m_nodes.end();
    for (auto node = m_nodes.begin(); node != m_nodes.end(); ++node) {
        const bool isLost = node->second.freshness == Freshness::Lost;
        if (isLost && (longestLost == m_nodes.end() || node->second.lastRound < longestLost->second.lastRound))
            longestLost = node;
    }
    if (longestLost == m_nodes.end())
        return false;
    m_nodes.erase(longestLost);
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

void Map::noteLink(const Attachment& parent, const Attachment& child)
{
    if (parent.node == child.node)
        return;
    refreshLink(parent.name(), child.name(), Source::Reported);
    setEnd(parent);
    setEnd(child);
    const auto end = m_ends.find(parent.name());
    if (end == m_ends.end() || end->second.peers.size() > kSiblingsMax)
        return;
    const std::vector<EndName> siblings(end->second.peers.begin(), end->second.peers.end());
    for (const auto& sibling : siblings) {
        // Concluding one link may have given up that of a later sibling to make room.
        const auto reported = m_links.find(linkBetween(parent.name(), sibling));
        if (sibling.node != child.node && reported != m_links.end() && reported->second.lastReportedRound == m_round)
            refreshLink(sibling, child.name(), Source::Concluded);
    }
}

void Map::setEnd(const Attachment& attachment)
{
    const auto found = m_ends.find(attachment.name());
    if (found == m_ends.end() || found->second.end == attachment.end)
        return;
    found->second.end = attachment.end;
    ++m_generation;
    m_context.outbox.publishMapChanged();
}

void Map::refreshLink(const EndName& first, const EndName& second, Source source)
{
    const LinkName name = linkBetween(first, second);
    auto found = m_links.find(name);
    if (found == m_links.end()) {
        if (!makeRoomForLink()) {
            m_context.counters.add(Counter::LinksLimit);
            return;
        }
        found = m_links.emplace(name, LinkEntry{.freshness = Freshness::Lost}).first;
        m_ends[first].peers.insert(second);
        m_ends[second].peers.insert(first);
    }
    LinkEntry& link = found->second;
    link.lastRound = m_round;
    if (source == Source::Reported)
        link.lastReportedRound = m_round;
    if (link.freshness != Freshness::Fresh) {
        link.freshness = Freshness::Fresh;
        ++m_generation;
        m_context.outbox.publishMapChanged();
    }
}

bool Map::makeRoomForLink()
{
    if (m_links.size() < m_context.config.limits.linksMax)
        return true;
    const auto lost =
        std::ranges::find_if(m_links, [](const auto& entry) { return entry.second.freshness == Freshness::Lost; });
    if (lost == m_links.end())
        return false;
    forgetLink(LinkName(lost->first));
    return true;
}

void Map::forgetLink(const LinkName& name)
{
    m_links.erase(name);
    const auto detach = [this](const EndName& end, const EndName& peer) {
        const auto found = m_ends.find(end);
        found->second.peers.erase(peer);
        if (found->second.peers.empty())
            m_ends.erase(found);
    };
    detach(name.a, name.b);
    detach(name.b, name.a);
    ++m_generation;
}

void Map::loseEnd(const EndName& end)
{
    const auto found = m_ends.find(end);
    if (found == m_ends.end())
        return;
    for (const auto& peer : found->second.peers)
        m_links.at(linkBetween(end, peer)).freshness = Freshness::Lost;
    ++m_generation;
    m_context.outbox.publishMapChanged();
}

Freshness Map::freshnessAfter(std::uint64_t lastRound) const
{
    // The round that begins now has not been missed yet.
    const std::uint64_t missed = m_round - std::min(m_round, lastRound + 1);
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
            setFreshness(id, node, freshness);
    }
    std::vector<LinkName> forgotten;
    for (auto& [name, link] : m_links) {
        const Freshness freshness = freshnessAfter(link.lastRound);
        if (freshness > link.freshness) {
            link.freshness = freshness;
            ++m_generation;
            m_context.outbox.publishMapChanged();
        }
        if (m_round - link.lastRound > kRoundsUntilLinkForgotten)
            forgotten.push_back(name);
    }
    for (const auto& name : forgotten)
        forgetLink(name);
}

std::vector<LinkInfo> Map::links(Freshness atLeast) const
{
    std::vector<LinkInfo> links;
    for (const auto& [name, link] : m_links) {
        if (link.freshness <= atLeast) {
            links.push_back({.a = name.a.node,
                             .b = name.b.node,
                             .endA = m_ends.at(name.a).end,
                             .endB = m_ends.at(name.b).end,
                             .freshness = link.freshness});
        }
    }
    std::ranges::sort(links, {}, [](const LinkInfo& link) { return std::tie(link.a, link.b, link.endA, link.endB); });
    return links;
}

std::uint64_t Map::neighborsOn(const EndName& end) const
{
    const auto found = m_ends.find(end);
    if (found == m_ends.end())
        return 0;
    std::set<romon::RomonId> neighbors;
    for (const auto& peer : found->second.peers) {
        if (m_links.at(linkBetween(end, peer)).freshness == Freshness::Fresh)
            neighbors.insert(peer.node);
    }
    return neighbors.size();
}

} // namespace fb::overlay
