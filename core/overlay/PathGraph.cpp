// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathGraph.h"

#include "core/base/Assert.h"
#include "core/overlay/BucketRing.h"

#include <queue>

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace fb::overlay {

namespace {

/// Edges and links that changes left unused are swept together when there are as many as used ones, and more than this.
constexpr std::size_t kUnusedMin = 1024;

std::uint64_t numberOf(romon::RomonId id)
{
    std::uint64_t number = 0;
    for (const auto octet : id.value.octets)
        number = (number << 8U) | octet;
    return number;
}

std::uint32_t hopCost(const LinkInfo& link)
{
    return std::uint32_t{link.endA.cost} + link.endB.cost;
}

std::uint16_t hopMtu(const LinkInfo& link)
{
    return std::min(link.endA.l2Mtu, link.endB.l2Mtu);
}

/// The end of a link, to be sorted by its node.
struct NamedEnd {
    std::uint64_t name = 0; ///< 48 bits
    std::uint32_t place = 0;
};

/// Radix sort, 12 bits at a time: as fast for ids that somebody chose on purpose as for any others.
void sortByName(std::vector<NamedEnd>& ends)
{
    constexpr unsigned kDigitBits = 12;
    constexpr std::uint64_t kDigitMask = (1U << kDigitBits) - 1U;
    std::vector<NamedEnd> sorted(ends.size());
    for (unsigned shift = 0; shift < 48; shift += kDigitBits) {
        std::array<std::uint32_t, kDigitMask + 2> next{};
        for (const auto& end : ends)
            ++next[((end.name >> shift) & kDigitMask) + 1U];
        std::partial_sum(next.begin(), next.end(), next.begin());
        for (const auto& end : ends)
            sorted[next[(end.name >> shift) & kDigitMask]++] = end;
        ends.swap(sorted);
    }
}

} // namespace

PathGraph::PathGraph(std::span<const LinkInfo> links)
{
    m_links.reserve(links.size());
    std::ranges::copy_if(links, std::back_inserter(m_links), [](const LinkInfo& link) { return link.a != link.b; });
    for (const auto& link : m_links)
        noteCost(hopCost(link));
    layEdges(numberNodes());
}

void PathGraph::noteCost(std::uint32_t cost)
{
    m_costMax = std::max(m_costMax, cost);
    m_freeHopLinks += cost == 0 ? 1U : 0U;
}

/// In the order of the ids. Returns two node numbers for each link: of a, of b.
std::vector<std::uint32_t> PathGraph::numberNodes()
{
    std::vector<NamedEnd> ends;
    ends.reserve(2 * m_links.size());
    for (const auto& link : m_links) {
        ends.push_back({numberOf(link.a), static_cast<std::uint32_t>(ends.size())});
        ends.push_back({numberOf(link.b), static_cast<std::uint32_t>(ends.size())});
    }
    sortByName(ends);
    std::vector<std::uint32_t> numbers(ends.size());
    for (const auto& end : ends) {
        if (m_ids.empty() || m_ids.back() != end.name) {
            m_byId.push_back({.id = end.name, .node = nodeCount()});
            m_ids.push_back(end.name);
        }
        numbers[end.place] = nodeCount() - 1U;
    }
    m_leaves.assign(nodeCount(), 0);
    return numbers;
}

/// Two counting sorts: by the far node, then, keeping that order, by the near one.
void PathGraph::layEdges(std::span<const std::uint32_t> ends)
{
    m_blocks.assign(nodeCount(), {});
    for (const auto node : ends)
        ++m_blocks[node].capacity;
    std::uint32_t first = 0;
    for (auto& block : m_blocks) {
        block.first = first;
        first += block.capacity;
    }
    std::vector<std::uint32_t> byFarNode(ends.size());
    for (std::uint32_t end = 0; end < ends.size(); ++end) {
        auto& block = m_blocks[ends[end]];
        byFarNode[block.first + block.count++] = end;
    }
    for (auto& block : m_blocks)
        block.count = 0;
    m_edges.resize(ends.size());
    for (const auto end : byFarNode) {
        const auto& link = m_links[end / 2U];
        auto& block = m_blocks[ends[end ^ 1U]];
        m_edges[block.first + block.count++] = {ends[end], hopCost(link), end / 2U, hopMtu(link)};
    }

    for (std::uint32_t node = 0; node < nodeCount(); ++node) {
        const auto byKey = [this, node](const PathEdge& left, const PathEdge& right) {
            return keyOf(node, left) < keyOf(node, right);
        };
        const auto end = m_edges.begin() + endEdge(node);
        for (auto run = m_edges.begin() + firstEdge(node); run != end;) {
            const auto runEnd = std::find_if(run, end, [run](const PathEdge& edge) { return edge.to != run->to; });
            if (runEnd - run > 1)
                std::sort(run, runEnd, byKey);
            run = runEnd;
        }
    }
}

std::optional<std::uint32_t> PathGraph::find(romon::RomonId id) const
{
    const auto found = std::ranges::lower_bound(m_byId, numberOf(id), {}, &NumberedId::id);
    if (found == m_byId.end() || found->id != numberOf(id))
        return std::nullopt;
    return found->node;
}

std::uint32_t PathGraph::nodeFor(romon::RomonId id)
{
    const auto place = std::ranges::lower_bound(m_byId, numberOf(id), {}, &NumberedId::id);
    if (place != m_byId.end() && place->id == numberOf(id))
        return place->node;
    const std::uint32_t node = nodeCount();
    m_byId.insert(place, {.id = numberOf(id), .node = node});
    m_ids.push_back(numberOf(id));
    m_leaves.push_back(0);
    m_blocks.emplace_back();
    return node;
}

PathGraph::EdgeKey PathGraph::keyOf(std::uint32_t from, const PathEdge& edge) const
{
    const auto& link = m_links[edge.link];
    const bool isForward = numberOf(link.a) == m_ids[from];
    const auto& out = isForward ? link.endA : link.endB;
    const auto& in = isForward ? link.endB : link.endA;
    return {m_ids[edge.to], out.linkId, in.linkId};
}

std::uint32_t PathGraph::placeOf(std::uint32_t node, const EdgeKey& key) const
{
    const auto begin = m_edges.begin() + firstEdge(node);
    const auto place =
        std::lower_bound(begin, m_edges.begin() + endEdge(node), key,
                         [&](const PathEdge& edge, const EdgeKey& wanted) { return keyOf(node, edge) < wanted; });
    return static_cast<std::uint32_t>(place - m_edges.begin());
}

std::uint32_t PathGraph::firstEdgeTo(std::uint32_t node, std::uint64_t neighborId) const
{
    const auto begin = m_edges.begin() + firstEdge(node);
    const auto place = std::lower_bound(begin, m_edges.begin() + endEdge(node), neighborId,
                                        [&](const PathEdge& edge, std::uint64_t id) { return m_ids[edge.to] < id; });
    return static_cast<std::uint32_t>(place - m_edges.begin());
}

std::optional<std::uint32_t> PathGraph::findEdge(const EndName& from, const EndName& to) const
{
    const auto node = find(from.node);
    if (!node)
        return std::nullopt;
    const EdgeKey key{numberOf(to.node), from.linkId, to.linkId};
    const std::uint32_t index = placeOf(*node, key);
    if (index == endEdge(*node) || keyOf(*node, m_edges[index]) != key)
        return std::nullopt;
    return index;
}

void PathGraph::insertEdge(std::uint32_t node, const PathEdge& edge)
{
    Block& block = m_blocks[node];
    const std::uint32_t offset = placeOf(node, keyOf(node, edge)) - block.first;
    if (block.count == block.capacity) {
        const Block old = block;
        block.first = static_cast<std::uint32_t>(m_edges.size());
        block.capacity = std::max(4U, 2U * old.capacity);
        m_edges.resize(m_edges.size() + block.capacity);
        std::copy_n(m_edges.begin() + old.first, old.count, m_edges.begin() + block.first);
        m_unusedEdges += old.capacity;
    }
    const auto place = m_edges.begin() + block.first + offset;
    std::move_backward(place, m_edges.begin() + endEdge(node), m_edges.begin() + endEdge(node) + 1);
    *place = edge;
    ++block.count;
}

void PathGraph::eraseEdge(std::uint32_t node, std::uint32_t index)
{
    const auto end = m_edges.begin() + endEdge(node);
    std::move(m_edges.begin() + index + 1, end, m_edges.begin() + index);
    --m_blocks[node].count;
}

std::uint32_t PathGraph::takeSlot(const LinkInfo& link)
{
    if (m_freeSlots.empty()) {
        m_links.push_back(link);
        return static_cast<std::uint32_t>(m_links.size() - 1);
    }
    const std::uint32_t slot = m_freeSlots.back();
    m_freeSlots.pop_back();
    m_links[slot] = link;
    return slot;
}

void PathGraph::set(const LinkInfo& link)
{
    if (link.a == link.b)
        return;
    const EndName first{.node = link.a, .linkId = link.endA.linkId};
    const EndName second{.node = link.b, .linkId = link.endB.linkId};
    if (const auto there = findEdge(first, second)) {
        PathEdge& edge = m_edges[*there];
        PathEdge& back = m_edges[findEdge(second, first).value()];
        m_freeHopLinks -= edge.cost == 0 ? 1U : 0U;
        m_links[edge.link] = link;
        edge.cost = back.cost = hopCost(link);
        edge.l2Mtu = back.l2Mtu = hopMtu(link);
    } else {
        const std::uint32_t a = nodeFor(link.a);
        const std::uint32_t b = nodeFor(link.b);
        const std::uint32_t slot = takeSlot(link);
        insertEdge(a, {b, hopCost(link), slot, hopMtu(link)});
        insertEdge(b, {a, hopCost(link), slot, hopMtu(link)});
    }
    noteCost(hopCost(link));
    sweep();
}

void PathGraph::remove(const LinkName& name)
{
    const auto edge = findEdge(name.a, name.b);
    if (!edge)
        return;
    const auto back = findEdge(name.b, name.a).value();
    const PathEdge gone = m_edges[*edge];
    m_freeHopLinks -= gone.cost == 0 ? 1U : 0U;
    eraseEdge(m_edges[back].to, *edge);
    eraseEdge(gone.to, back);
    m_links[gone.link] = {};
    m_freeSlots.push_back(gone.link);
    sweep();
}

void PathGraph::removeNode(romon::RomonId id)
{
    const auto node = find(id);
    if (!node)
        return;
    std::vector<LinkName> names;
    for (auto index = firstEdge(*node); index < endEdge(*node); ++index)
        names.push_back(nameOf(m_links[m_edges[index].link]));
    for (const auto& name : names)
        remove(name);
}

void PathGraph::removePort(const EndName& port)
{
    const auto node = find(port.node);
    if (!node)
        return;
    std::vector<LinkName> names;
    for (auto index = firstEdge(*node); index < endEdge(*node); ++index) {
        const auto name = nameOf(m_links[m_edges[index].link]);
        if (name.a == port || name.b == port)
            names.push_back(name);
    }
    for (const auto& name : names)
        remove(name);
}

void PathGraph::setPassage(romon::RomonId id, Passage passage)
{
    if (const auto node = find(id))
        m_leaves[*node] = passage == Passage::Leaf ? 1 : 0;
}

void PathGraph::sweep()
{
    const std::size_t used = m_links.size() - m_freeSlots.size();
    const std::size_t nodesUnused = nodeCount() > 2U * used ? nodeCount() - 2U * used : 0;
    if (std::max({m_unusedEdges / 2U, m_freeSlots.size(), nodesUnused}) <= std::max(kUnusedMin, used))
        return;
    PathGraph swept(m_links);
    for (std::uint32_t node = 0; node < swept.nodeCount(); ++node) {
        const auto before = std::ranges::lower_bound(m_byId, swept.m_ids[node], {}, &NumberedId::id);
        swept.m_leaves[node] = m_leaves[before->node];
    }
    *this = std::move(swept);
}

Hop PathGraph::hop(std::uint32_t from, const PathEdge& edge) const
{
    const auto& link = m_links[edge.link];
    if (numberOf(link.a) == m_ids[from])
        return {link.a, link.b, link.endA, link.endB};
    return {link.b, link.a, link.endB, link.endA};
}

Path PathGraph::toPath(std::uint32_t source, std::span<const std::uint32_t> edges) const
{
    FB_ASSERT(!edges.empty());
    Path path;
    path.hops.reserve(edges.size());
    path.l2Mtu = std::numeric_limits<std::uint16_t>::max();
    for (const auto index : edges) {
        path.hops.push_back(hop(source, m_edges[index]));
        path.cost += m_edges[index].cost;
        path.l2Mtu = std::min(path.l2Mtu, m_edges[index].l2Mtu);
        source = m_edges[index].to;
    }
    return path;
}

std::vector<PathLength> PathGraph::distancesFrom(std::uint32_t source) const
{
    std::vector<PathLength> distance(nodeCount(), kUnreachable);
    distance[source] = 0;
    // Without free hops the nodes of one bucket cannot improve each other, so their order inside it does not matter.
    if (m_freeHopLinks == 0)
        spreadByBuckets(distance, source);
    else
        spreadByHeap(distance, source);
    return distance;
}

void PathGraph::spreadByBuckets(std::vector<PathLength>& distance, std::uint32_t source) const
{
    BucketRing ring(m_costMax, nodeCount());
    std::vector<std::uint8_t> settled(nodeCount(), 0);
    ring.push(0, source);
    while (const auto node = ring.pop()) {
        if (std::exchange(settled[*node], std::uint8_t{1}) != 0 || (isLeaf(*node) && *node != source))
            continue;
        const PathLength soFar = distance[*node];
        for (auto index = firstEdge(*node), end = endEdge(*node); index < end; ++index) {
            const auto& edge = m_edges[index];
            const PathLength length = soFar + edge.length();
            const PathLength before = distance[edge.to];
            if (length >= before)
                continue;
            distance[edge.to] = length;
            if (length >> kHopBits != before >> kHopBits)
                ring.push(length >> kHopBits, edge.to);
        }
    }
}

void PathGraph::spreadByHeap(std::vector<PathLength>& distance, std::uint32_t source) const
{
    using Entry = std::pair<PathLength, std::uint32_t>;
    std::priority_queue<Entry, std::vector<Entry>, std::greater<>> open;
    open.emplace(0, source);
    while (!open.empty()) {
        const Entry nearest = open.top();
        open.pop();
        const std::uint32_t node = nearest.second;
        if (nearest.first != distance[node] || (isLeaf(node) && node != source))
            continue;
        for (auto index = firstEdge(node); index < endEdge(node); ++index) {
            const auto& edge = m_edges[index];
            if (nearest.first + edge.length() < distance[edge.to]) {
                distance[edge.to] = nearest.first + edge.length();
                open.emplace(distance[edge.to], edge.to);
            }
        }
    }
}

} // namespace fb::overlay
