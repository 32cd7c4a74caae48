// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Agent.h"

#include "core/runtime/SystemClock.h"

#include <sys/sysinfo.h>

#include <algorithm>
#include <csignal>

namespace fb::agent {

namespace {

std::chrono::seconds uptimeOfMachine()
{
    struct sysinfo info = {};
    return std::chrono::seconds(::sysinfo(&info) == 0 ? info.uptime : 0);
}

Stack::Config stackConfig(const AgentConfig& config)
{
    Stack::Config stack;
    stack.overlay.id = config.id;
    stack.overlay.identity = config.identity;
    stack.overlay.role = config.role;
    stack.overlay.uptimeAtStart = uptimeOfMachine();
    for (const auto& service : config.services)
        stack.overlay.services.push_back(service.first);
    stack.stream.silenceLimit = config.silenceLimit;
    return stack;
}

} // namespace

Agent::Agent(AgentConfig config, Surroundings with)
    : m_id(config.id),
      m_log(std::move(with.log)),
      m_stack(stackConfig(config), with.random, runtime::now()),
      m_ports({m_loop, with.links, with.monitor, m_stack.overlay(), m_log}, PortRules(std::move(config.ports))),
      m_secrets(std::move(config.secrets), std::move(config.secretsFile)),
      m_relays(m_loop, m_stack.streams()),
      m_services(m_loop, std::move(config.services), m_log),
      m_pings(m_stack.overlay(), m_clients),
      m_streams(StreamRequests::Surroundings{m_stack, m_relays, m_clients, config.silenceLimit}),
      m_startedAt(runtime::now())
{
    const Instant now = runtime::now();
    m_ports.setSecrets(m_secrets.lists(), now);
    m_ports.apply(now);
    settle(now);
}

Agent::~Agent() = default;

void Agent::submit(ClientId client, RequestId request, Command command)
{
    const Instant now = m_loop.now();
    submitNow(RequestKey{client, request}, std::move(command), now);
    settle(now);
}

void Agent::removeClient(ClientId client)
{
    const Instant now = m_loop.now();
    m_clients.remove(client);
    m_held.removeClient(client);
    m_watchers.removeClient(client);
    m_pings.removeClient(client);
    m_streams.removeClient(client, now);
    settle(now);
}

void Agent::replacePortRules(std::vector<PortRule> rules)
{
    const Instant now = m_loop.now();
    m_ports.rules().replace(std::move(rules));
    m_ports.apply(now);
    settle(now);
}

void Agent::replaceSecrets(SecretLists lists)
{
    const Instant now = m_loop.now();
    m_secrets.replace(std::move(lists));
    m_ports.setSecrets(m_secrets.lists(), now);
    settle(now);
}

void Agent::turn(std::optional<Instant> until)
{
    const auto deadline = nextDeadline();
    const Instant now = m_loop.runOnce(until && (!deadline || *until < *deadline) ? until : deadline);
    if (deadline && *deadline <= now)
        advance(now);
    everySecond(now);
    settle(now);
}

/// Everything that waits for a time. Most turns only pass a frame on, and are too short to ask all of it first.
void Agent::advance(Instant now)
{
    if (m_secrets.advance(now)) {
        m_log(LogLevel::Warning, "a change of the secrets was not confirmed in time and is put back");
        m_ports.setSecrets(m_secrets.lists(), now);
    }
    m_ports.advance(now);
    m_stack.advance(now);
    drain(now);
    m_relays.advance(now);
    m_pings.advance(now);
    m_services.advance(now);
}

void Agent::settle(Instant now)
{
    startHeld(now);
    m_watchCount.apply(m_stack.overlay(), now);
    drain(now);
    if (m_ports.takeChanged())
        m_watchers.changed();
    m_watchers.advance([this, now] { return takeSnapshot(now); }, m_clients, now);
}

void Agent::drain(Instant now)
{
    // Handling an event may make frames, sending makes no events: without an event there is no frame left either.
    for (;;) {
        while (auto transmit = m_stack.nextTransmit(now))
            m_ports.send(std::move(*transmit), now);
        m_ports.flush(now);
        const auto event = m_stack.nextEvent(now);
        if (!event)
            break;
        handle(*event, now);
    }
}

struct Agent::Handle {
    Agent& agent;
    Instant now;

    void operator()(const overlay::NodeAppeared&) const { mapChanged(); }
    void operator()(const overlay::NodeFreshnessChanged&) const { mapChanged(); }
    void operator()(const overlay::MapChanged&) const { mapChanged(); }
    void operator()(const overlay::PingAnswered& answer) const { agent.m_pings.answered(answer); }
    void operator()(const overlay::PingLost& loss) const { agent.m_pings.lost(loss); }
    void operator()(const overlay::DuplicateIdSeen& seen) const { agent.duplicateIdSeen(seen, now); }
    void operator()(const stream::ConnectRequested& request) const { agent.connectRequested(request, now); }
    void operator()(const stream::PeerProven& proven) const { agent.peerProven(proven.request, now); }
    void operator()(const stream::Opened& opened) const { agent.m_streams.opened(opened.stream, now); }
    void operator()(const stream::Readable& readable) const { agent.m_relays.readable(readable.stream, now); }
    void operator()(const stream::Writable& writable) const { agent.m_relays.writable(writable.stream, now); }
    void operator()(const stream::Ended& end) const { agent.streamEnded(end, now); }
    void operator()(const PathChanged& change) const { agent.m_streams.pathChanged(change); }

    void mapChanged() const
    {
        agent.m_watchers.changed();
        agent.m_held.lookAgain();
    }
};

void Agent::handle(const StackEvent& event, Instant now)
{
    std::visit(Handle{*this, now}, event);
}

void Agent::connectRequested(const stream::ConnectRequested& request, Instant now)
{
    if (m_isShuttingDown) {
        m_stack.refuseStream(request, stream::Refusal::NotAllowed, now);
        return;
    }
    if (const auto admitted = m_services.admit(request, now); !admitted)
        m_stack.refuseStream(request, admitted.error(), now);
    else
        m_stack.acceptStream(request, now);
}

void Agent::peerProven(const stream::ConnectRequested& request, Instant now)
{
    if (!m_stack.streams().contains(request.stream))
        return; // reset in the same turn: no program for nobody
    auto socket = m_services.open(request, now);
    if (!socket)
        m_stack.refuseStream(request, socket.error(), now);
    else
        m_relays.add(request.stream, std::move(socket).value(), now);
}

void Agent::streamEnded(const stream::Ended& end, Instant now)
{
    m_relays.ended(end.stream, now);
    m_streams.ended(end, now);
    m_services.streamEnded(end.stream, now);
}

void Agent::duplicateIdSeen(const overlay::DuplicateIdSeen& seen, Instant now)
{
    const auto interface = m_ports.interfaceOf(seen.port);
    m_duplicate = Duplicate{seen.mac, interface, now};
    m_watchers.changed();
    if (now < m_nextAlarm)
        return;
    m_nextAlarm = now + kAlarmInterval;
    m_log(LogLevel::Warning,
          "another node uses our id: its interface " + seen.mac.toString() + " is heard on " + interface);
    m_clients.publishToAll(DuplicateIdAlarm{seen.mac, interface});
}

void Agent::everySecond(Instant now)
{
    if (m_secondAt && now < *m_secondAt)
        return;
    if (m_secondAt) {
        m_streams.tellSilences(now);
        m_relays.check(now);
        drain(now);
    }
    m_secondAt.reset();
    if (!m_relays.empty())
        m_secondAt = now + std::chrono::seconds(1);
}

std::optional<Instant> Agent::nextDeadline() const
{
    std::optional<Instant> next;
    for (const auto& deadline : {m_stack.nextDeadline(), m_ports.nextDeadline(), m_relays.nextDeadline(),
                                 m_services.nextDeadline(), m_held.nextDeadline(), m_secrets.nextDeadline(),
                                 m_watchers.nextDeadline(), m_pings.nextDeadline(), m_secondAt}) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

SnapshotWatchers::Snapshot Agent::takeSnapshot(Instant now) const
{
    auto snapshot = std::make_shared<overlay::Snapshot>(m_stack.snapshot(now));
    m_ports.decorate(*snapshot);
    for (const auto& source : m_counterSources) {
        for (auto& counter : source()) {
            if (counter.value != 0)
                snapshot->counters.push_back(std::move(counter));
        }
    }
    if (m_services.refused() != 0)
        snapshot->counters.push_back({"service-sessions-refused", m_services.refused()});
    std::ranges::sort(snapshot->counters, {}, &overlay::NamedCounter::name);
    if (m_duplicate && now - m_duplicate->at <= kAlarmShownFor)
        snapshot->duplicateId = overlay::DuplicateId{m_duplicate->mac, m_duplicate->interface, now - m_duplicate->at};
    return snapshot;
}

void Agent::shutDown()
{
    m_isShuttingDown = true;
    const Instant begin = runtime::now();
    m_stack.streams().abortAll(begin);
    drain(begin);
    m_services.signalAll(SIGTERM);
    const auto waitUntil = [this](Instant deadline) {
        while (m_services.running() != 0 && runtime::now() < deadline)
            turn(deadline);
    };
    waitUntil(begin + kShutDownMax / 2);
    m_services.signalAll(SIGKILL);
    waitUntil(begin + kShutDownMax);
}

} // namespace fb::agent
