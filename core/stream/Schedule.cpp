// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Schedule.h"

namespace fb::stream {

void Schedule::enqueue(StreamId stream, Transmit::Class trafficClass)
{
    Entry& entry = m_entries[stream];
    if (entry.isQueued)
        return;
    entry.isQueued = true;
    (trafficClass == Transmit::Class::Interactive ? m_interactive : m_bulk).push_back(stream);
}

std::optional<StreamId> Schedule::nextTurn()
{
    while (!m_interactive.empty() || !m_bulk.empty()) {
        auto& queue = m_interactive.empty() ? m_bulk : m_interactive;
        const StreamId stream = queue.front();
        queue.pop_front();
        const auto entry = m_entries.find(stream);
        if (entry == m_entries.end())
            continue; // forgotten meanwhile
        entry->second.isQueued = false;
        return stream;
    }
    return std::nullopt;
}

void Schedule::wakeBy(StreamId stream, Instant when)
{
    Entry& entry = m_entries[stream];
    if (entry.wakeUp && *entry.wakeUp <= when)
        return;
    if (entry.wakeUp)
        m_wakeUps.erase({*entry.wakeUp, stream});
    entry.wakeUp = when;
    m_wakeUps.emplace(when, stream);
}

std::optional<StreamId> Schedule::takeDue(Instant now)
{
    if (m_wakeUps.empty() || m_wakeUps.begin()->first > now)
        return std::nullopt;
    const StreamId stream = m_wakeUps.begin()->second;
    m_wakeUps.erase(m_wakeUps.begin());
    m_entries[stream].wakeUp.reset();
    return stream;
}

std::optional<Instant> Schedule::nextWakeUp() const
{
    return m_wakeUps.empty() ? std::nullopt : std::optional(m_wakeUps.begin()->first);
}

void Schedule::forget(StreamId stream)
{
    const auto entry = m_entries.find(stream);
    if (entry == m_entries.end())
        return;
    if (entry->second.wakeUp)
        m_wakeUps.erase({*entry->second.wakeUp, stream});
    m_entries.erase(entry);
}

} // namespace fb::stream
