// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/PathGraph.h"

#include "core/base/Assert.h"

#include <queue>

#include <algorithm>
#include <array>
#include <bit>
#include <numeric>
#include <tuple>
#include <utility>

namespace fb::overlay {

namespace {

/// More buckets than this cost more time to clear and to skip than a heap does.
constexpr std::uint32_t kBucketsMax = 4096;

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

std::int32_t hopMtu(const LinkInfo& link)
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

/// Dial's queue: a ring of buckets, one for each cost that can be open at the same time, and a bitmap of the full ones.
class BucketRing {
public:
    BucketRing(std::uint32_t hopCostMax, std::size_t entriesMax)
        : m_mask(std::bit_ceil(std::max(hopCostMax + 1U, 64U)) - 1U),
          m_head(m_mask + 1U, kNone),
          m_full((m_mask + 1U) / 64U)
    {
        m_entries.reserve(entriesMax);
    }

    void push(std::uint64_t cost, std::uint32_t node)
    {
        const auto slot = static_cast<std::uint32_t>(cost & m_mask);
        m_entries.push_back({node, m_head[slot]});
        m_head[slot] = static_cast<std::uint32_t>(m_entries.size() - 1);
        m_full[slot / 64U] |= std::uint64_t{1} << (slot % 64U);
        ++m_waiting;
    }

    /// A node with the least cost, which may be one that was pushed again with a smaller cost since.
    std::optional<std::uint32_t> pop()
    {
        if (m_waiting == 0)
            return std::nullopt;
        --m_waiting;
        while (m_head[m_slot] == kNone)
            skipToFull();
        const auto entry = m_entries[m_head[m_slot]];
        m_head[m_slot] = entry.next;
        if (entry.next == kNone)
            m_full[m_slot / 64U] &= ~(std::uint64_t{1} << (m_slot % 64U));
        return entry.node;
    }

private:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    struct Entry {
        std::uint32_t node;
        std::uint32_t next;
    };

    void skipToFull()
    {
        const std::uint64_t rest = m_full[m_slot / 64U] >> (m_slot % 64U);
        if (rest != 0)
            m_slot += static_cast<std::uint32_t>(std::countr_zero(rest));
        else
            m_slot = ((m_slot / 64U + 1U) * 64U) & m_mask;
    }

    std::uint32_t m_mask;
    std::vector<std::uint32_t> m_head;
    std::vector<std::uint64_t> m_full;
    std::vector<Entry> m_entries;
    std::size_t m_waiting = 0;
    std::uint32_t m_slot = 0;
};

} // namespace

PathGraph::PathGraph(std::span<const LinkInfo> links)
{
    m_links.reserve(links.size());
    std::ranges::copy_if(links, std::back_inserter(m_links), [](const LinkInfo& link) { return link.a != link.b; });
    for (const auto& link : m_links) {
        const std::uint32_t cost = hopCost(link);
        m_costMax = std::max(m_costMax, cost);
        if (m_costDivisor == 0 || cost % m_costDivisor != 0)
            m_costDivisor = std::gcd(m_costDivisor, cost);
    }
    m_costMin = m_costMax;
    for (const auto& link : m_links)
        m_costMin = std::min(m_costMin, hopCost(link));
    m_costDivisor = std::max(m_costDivisor, 1U);
    m_costMax /= m_costDivisor;
    m_costMin /= m_costDivisor;
    numberNodes();
    sortEdges();
}

void PathGraph::numberNodes()
{
    std::vector<NamedEnd> ends;
    ends.reserve(2 * m_links.size());
    for (const auto& link : m_links) {
        ends.push_back({numberOf(link.a), static_cast<std::uint32_t>(ends.size())});
        ends.push_back({numberOf(link.b), static_cast<std::uint32_t>(ends.size())});
    }
    sortByName(ends);
    m_ends.resize(ends.size());
    for (const auto& end : ends) {
        if (m_ids.empty() || m_ids.back() != end.name)
            m_ids.push_back(end.name);
        m_ends[end.place] = nodeCount() - 1U;
    }
}

std::optional<std::uint32_t> PathGraph::find(romon::RomonId id) const
{
    const auto found = std::ranges::lower_bound(m_ids, numberOf(id));
    if (found == m_ids.end() || *found != numberOf(id))
        return std::nullopt;
    return static_cast<std::uint32_t>(found - m_ids.begin());
}

/// Two counting sorts: by the far node, then, keeping that order, by the near one.
void PathGraph::sortEdges()
{
    m_first.assign(nodeCount() + 1U, 0);
    for (const auto node : m_ends)
        ++m_first[node + 1U];
    std::partial_sum(m_first.begin(), m_first.end(), m_first.begin());

    std::vector<std::uint32_t> byFarNode(m_ends.size());
    auto next = m_first;
    for (std::uint32_t end = 0; end < m_ends.size(); ++end)
        byFarNode[next[m_ends[end]]++] = end;

    m_edges.resize(m_ends.size());
    next = m_first;
    for (const auto end : byFarNode) {
        const auto& link = m_links[end / 2U];
        const std::uint64_t cost = hopCost(link) / m_costDivisor;
        m_edges[next[m_ends[end ^ 1U]]++] = {m_ends[end], end / 2U, (cost << kHopBits) | 1U, hopMtu(link)};
    }

    const auto byLinkIds = [this](std::uint32_t from) {
        return [this, from](const PathEdge& left, const PathEdge& right) {
            const Hop first = hop(from, left);
            const Hop second = hop(from, right);
            return std::tie(first.out.linkId, first.in.linkId, first.out, first.in) <
                   std::tie(second.out.linkId, second.in.linkId, second.out, second.in);
        };
    };
    for (std::uint32_t node = 0; node < nodeCount(); ++node) {
        const auto end = m_edges.begin() + m_first[node + 1U];
        for (auto run = m_edges.begin() + m_first[node]; run != end;) {
            const auto runEnd = std::find_if(run, end, [run](const PathEdge& edge) { return edge.to != run->to; });
            if (runEnd - run > 1)
                std::sort(run, runEnd, byLinkIds(node));
            run = runEnd;
        }
    }
}

Hop PathGraph::hop(std::uint32_t from, const PathEdge& edge) const
{
    const auto& link = m_links[edge.link];
    if (m_ends[2U * edge.link] == from)
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
        path.cost += path.hops.back().cost();
        path.l2Mtu = std::min({path.l2Mtu, path.hops.back().out.l2Mtu, path.hops.back().in.l2Mtu});
        source = m_edges[index].to;
    }
    return path;
}

std::vector<PathLength> PathGraph::distancesFrom(std::uint32_t source) const
{
    std::vector<PathLength> distance(nodeCount(), kUnreachable);
    distance[source] = 0;
    // Without free hops the nodes of one bucket cannot improve each other, so their order inside it does not matter.
    if (m_costMin > 0 && m_costMax < kBucketsMax)
        spreadByBuckets(distance, source);
    else
        spreadByHeap(distance, source);
    return distance;
}

void PathGraph::spreadByBuckets(std::vector<PathLength>& distance, std::uint32_t source) const
{
    BucketRing ring(m_costMax, m_edges.size() / 2U + 1U);
    std::vector<std::uint8_t> settled(nodeCount(), 0);
    ring.push(0, source);
    while (const auto node = ring.pop()) {
        if (std::exchange(settled[*node], std::uint8_t{1}) != 0)
            continue;
        for (auto index = m_first[*node]; index < m_first[*node + 1U]; ++index) {
            const auto& edge = m_edges[index];
            const PathLength length = distance[*node] + edge.length;
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
        if (nearest.first != distance[nearest.second])
            continue;
        for (auto index = m_first[nearest.second]; index < m_first[nearest.second + 1U]; ++index) {
            const auto& edge = m_edges[index];
            if (nearest.first + edge.length < distance[edge.to]) {
                distance[edge.to] = nearest.first + edge.length;
                open.emplace(distance[edge.to], edge.to);
            }
        }
    }
}

} // namespace fb::overlay
