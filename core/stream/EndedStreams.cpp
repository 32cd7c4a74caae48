// SPDX-License-Identifier: Apache-2.0
#include "core/stream/EndedStreams.h"

namespace fb::stream {

namespace {

std::uint64_t mix(std::uint64_t value) // the finalizer of SplitMix64
{
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

} // namespace

std::size_t StreamKeyHash::operator()(const StreamKey& key) const
{
    std::uint64_t id = 0;
    for (const std::uint8_t octet : key.peer.value.octets)
        id = id << 8U | octet;
    const std::uint64_t ports = std::uint64_t{key.localPort} << 16U | key.remotePort;
    return static_cast<std::size_t>(mix(mix(id ^ seed) + ports));
}

void EndedStreams::add(const StreamKey& key, const FinalNumbers& numbers, Instant now)
{
    if (m_order.size() >= m_countMax)
        dropOldest();
    m_order.push_back({key, now + m_lifetime});
    m_numbers[key] = {numbers, now + m_lifetime};
}

void EndedStreams::advance(Instant now)
{
    while (!m_order.empty() && m_order.front().until <= now)
        dropOldest();
}

const FinalNumbers* EndedStreams::find(const StreamKey& key) const
{
    const auto found = m_numbers.find(key);
    return found == m_numbers.end() ? nullptr : &found->second.numbers;
}

std::optional<Instant> EndedStreams::nextDeadline() const
{
    return m_order.empty() ? std::nullopt : std::optional(m_order.front().until);
}

void EndedStreams::dropOldest()
{
    const auto found = m_numbers.find(m_order.front().key);
    // The same ports may have been used, and have ended, once more since.
    if (found != m_numbers.end() && found->second.until == m_order.front().until)
        m_numbers.erase(found);
    m_order.pop_front();
}

} // namespace fb::stream
