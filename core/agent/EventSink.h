// SPDX-License-Identifier: Apache-2.0
// Those who submit commands to an agent, and the way events go back to them. One thread: the agent's.
#pragma once

#include "core/agent/Event.h"

#include <compare>
#include <cstdint>
#include <map>

namespace fb::agent {

using ClientId = std::uint64_t;

/// Request numbers are each client's own: only both together name a command.
struct RequestKey {
    ClientId client = 0;
    RequestId request = 0;

    friend auto operator<=>(const RequestKey&, const RequestKey&) = default;
};

class EventSink {
public:
    virtual void publish(Event event) = 0;
    /// False while the reader is behind: it gets the newest snapshot later instead of every one.
    [[nodiscard]] virtual bool takesSnapshots() const = 0;

protected:
    ~EventSink() = default;
};

/// The clients there are. Events for one that has gone are dropped.
class Clients {
public:
    [[nodiscard]] ClientId add(EventSink& sink)
    {
        m_sinks.emplace(++m_lastId, &sink);
        return m_lastId;
    }
    void remove(ClientId client) { m_sinks.erase(client); }

    void publish(RequestKey key, EventBody body)
    {
        const auto sink = m_sinks.find(key.client);
        if (sink != m_sinks.end())
            sink->second->publish(Event{key.request, std::move(body)});
    }
    /// To everybody, under request 0.
    template <class Body>
    void publishToAll(const Body& body)
    {
        for (const auto& sink : m_sinks)
            sink.second->publish(Event{0, EventBody(body)});
    }
    [[nodiscard]] bool takesSnapshots(ClientId client) const
    {
        const auto sink = m_sinks.find(client);
        return sink != m_sinks.end() && sink->second->takesSnapshots();
    }

private:
    std::map<ClientId, EventSink*> m_sinks;
    ClientId m_lastId = 0;
};

} // namespace fb::agent
