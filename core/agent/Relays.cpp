// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Relays.h"

namespace fb::agent {

void Relays::add(stream::StreamId stream, FileDescriptor socket, Instant now)
{
    auto relay = std::make_unique<StreamRelay>(m_loop, m_streams, m_scratch, stream, std::move(socket));
    relay->streamReadable(now); // the peer may have sent before the socket was there
    m_relays.insert_or_assign(stream, std::move(relay));
}

void Relays::readable(stream::StreamId stream, Instant now)
{
    if (const auto relay = m_relays.find(stream); relay != m_relays.end())
        relay->second->streamReadable(now);
}

void Relays::writable(stream::StreamId stream, Instant now)
{
    if (const auto relay = m_relays.find(stream); relay != m_relays.end())
        relay->second->streamWritable(now);
}

void Relays::ended(stream::StreamId stream, Instant now)
{
    if (const auto relay = m_relays.find(stream); relay != m_relays.end())
        relay->second->streamEnded(now);
}

void Relays::advance(Instant now)
{
    for (auto entry = m_relays.begin(); entry != m_relays.end();) {
        if (entry->second->hasBacklog())
            entry->second->streamReadable(now);
        entry = entry->second->isDone() ? m_relays.erase(entry) : std::next(entry);
    }
}

std::optional<Instant> Relays::nextDeadline() const
{
    for (const auto& entry : m_relays) {
        if (entry.second->hasBacklog() || entry.second->isDone())
            return Instant{};
    }
    return std::nullopt;
}

void Relays::check(Instant now)
{
    for (const auto& entry : m_relays)
        entry.second->check(now);
}

} // namespace fb::agent
