// SPDX-License-Identifier: Apache-2.0
#include "core/agent/LocalService.h"

#include "core/agent/NodeDefaults.h"

namespace fb::agent {

/// Lives on the agent's thread.
class LocalService::AgentThread final : private EventSink, private Loop::Handler {
public:
    AgentThread(LocalService& service, Parts& parts)
        : m_service(service),
          m_agent(std::move(parts.config), {*parts.links, *parts.monitor, *parts.random, std::move(parts.log)}),
          m_commandWatch(m_agent.loop(), service.m_commands.pollDescriptor(), runtime::Interest::Read, *this),
          m_stopWatch(m_agent.loop(), service.m_stop.pollDescriptor(), runtime::Interest::Read, m_stopHandler),
          m_client(m_agent.addClient(*this))
    {
    }

    void run()
    {
        while (!m_stopHandler.isRaised)
            m_agent.turn(std::nullopt);
        m_agent.shutDown();
    }

private:
    struct StopHandler final : Loop::Handler {
        void ready(const runtime::Ready&, Instant) override { isRaised = true; }
        bool isRaised = false;
    };

    void ready(const runtime::Ready&, Instant) override
    {
        while (auto submission = m_service.m_commands.pop())
            m_agent.submit(m_client, submission->request, std::move(submission->command));
    }
    void publish(Event event) override { m_service.publish(std::move(event)); }
    [[nodiscard]] bool takesSnapshots() const override { return m_service.m_snapshotsWaiting.load() == 0; }

    LocalService& m_service;
    Agent m_agent;
    StopHandler m_stopHandler;
    Loop::Watch m_commandWatch;
    Loop::Watch m_stopWatch;
    ClientId m_client;
};

LocalService::LocalService(Parts parts)
    : m_thread([this, owned = std::move(parts)]() mutable {
          if (!owned.config.id.isUsable())
              owned.config.id = nodeId(owned.monitor->refresh(), *owned.random);
          AgentThread(*this, owned).run();
      })
{
}

LocalService::~LocalService()
{
    m_stop.raise();
    m_thread.join();
}

RequestId LocalService::submit(Command command)
{
    const auto request = ++m_lastRequest;
    if (!m_commands.push({request, std::move(command)}))
        publish({request, CommandFailed{Error{ErrorCode::LimitReached, "commands that the agent has not read"}}});
    return request;
}

void LocalService::publish(Event event)
{
    const bool isSnapshot = std::holds_alternative<SnapshotChanged>(event.body);
    if (isSnapshot)
        ++m_snapshotsWaiting;
    if (m_events.push(std::move(event)))
        return;
    m_overflowed = true;
    if (isSnapshot)
        --m_snapshotsWaiting;
}

std::optional<Event> LocalService::nextEvent()
{
    auto event = m_events.pop();
    if (event) {
        if (std::holds_alternative<SnapshotChanged>(event->body))
            --m_snapshotsWaiting;
        return event;
    }
    if (m_overflowed && !m_toldOverflow) {
        m_toldOverflow = true;
        return Event{0, ServiceLost{Error{ErrorCode::LimitReached, "events that were not read"}}};
    }
    return std::nullopt;
}

} // namespace fb::agent
