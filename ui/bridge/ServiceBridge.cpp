// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/ServiceBridge.h"

#include "ui/bridge/Overloaded.h"

#include <QSocketNotifier>

namespace fb::ui {

namespace {

constexpr std::chrono::milliseconds kPublishInterval(100);

/// Events taken per turn of the event loop, so that a flood of them cannot keep the window from painting.
constexpr int kEventsPerTurn = 256;

} // namespace

ServiceBridge::ServiceBridge(ServiceOpener opener, QObject* parent) : QObject(parent), m_opener(std::move(opener))
{
    m_publishTimer.setSingleShot(true);
    m_publishTimer.setInterval(kPublishInterval);
    connect(&m_publishTimer, &QTimer::timeout, this, &ServiceBridge::publish);
}

ServiceBridge::~ServiceBridge() = default;

void ServiceBridge::open()
{
    delete m_notifier;
    m_notifier = nullptr;
    m_service.reset();
    auto opening = m_opener();
    if (!opening) {
        Q_EMIT lost(opening.error());
        return;
    }
    m_service = std::move(opening->service);
    m_place = opening->place;
    m_description = opening->description;
    m_notifier = new QSocketNotifier(m_service->pollDescriptor(), QSocketNotifier::Read, this);
    connect(m_notifier, &QSocketNotifier::activated, this, &ServiceBridge::drain);
    submit(agent::WatchNeighbors{});
    submit(agent::ListInterfaces{});
    Q_EMIT opened();
}

agent::RequestId ServiceBridge::submit(agent::Command command)
{
    return m_service ? m_service->submit(std::move(command)) : 0;
}

void ServiceBridge::drain()
{
    // The descriptor stays readable while events are left: the rest comes in the next turn.
    for (int taken = 0; taken < kEventsPerTurn && m_service; ++taken) {
        auto event = m_service->nextEvent();
        if (!event)
            return;
        dispatch(*event);
    }
}

void ServiceBridge::dispatch(agent::Event& event)
{
    const quint64 request = event.request;
    std::visit(Overloaded{
                   [this](agent::SnapshotChanged& body) {
                       m_latest = std::move(body.snapshot);
                       if (!m_publishTimer.isActive())
                           publish();
                   },
                   [&](agent::PathsFound& body) { Q_EMIT pathsFound(request, body); },
                   [&](agent::PingResult& body) { Q_EMIT pingAnswered(request, body); },
                   [&](agent::StreamOpened& body) {
                       m_socket = std::move(body.socket);
                       Q_EMIT streamOpened(request, body.path);
                       m_socket.reset();
                   },
                   [&](agent::StreamRerouted& body) { Q_EMIT streamRerouted(request, body); },
                   [&](agent::StreamSilent& body) { Q_EMIT streamSilent(request, body); },
                   [&](agent::StreamEnded& body) { Q_EMIT streamEnded(request, body.error); },
                   [this](agent::InterfacesListed& body) { Q_EMIT interfacesListed(body.interfaces); },
                   [&](agent::SessionsListed& body) { Q_EMIT sessionsListed(request, body.sessions); },
                   [&](agent::PathPoliciesListed& body) { Q_EMIT pathPoliciesListed(request, body.policies); },
                   [&](agent::SecretsListed& body) { Q_EMIT secretsListed(request, body); },
                   // The client does not ask for it.
                   [](agent::StatisticsTaken&) {},
                   [&](agent::CommandDone&) { Q_EMIT commandDone(request); },
                   [&](agent::CommandFailed& body) { Q_EMIT commandFailed(request, body.error); },
                   [this](agent::ServiceLost& body) { loseService(body.error); },
                   [this](agent::DuplicateIdAlarm& body) { Q_EMIT duplicateIdHeard(body); },
               },
               event.body);
}

void ServiceBridge::publish()
{
    if (!m_latest || m_latest == m_published)
        return;
    m_published = m_latest;
    m_publishTimer.start();
    Q_EMIT snapshotChanged(m_published);
}

void ServiceBridge::loseService(const Error& error)
{
    // Called from the notifier's own signal: it must outlive this call, the service need not.
    m_notifier->setEnabled(false);
    m_notifier->deleteLater();
    m_notifier = nullptr;
    m_service.reset();
    Q_EMIT lost(error);
}

} // namespace fb::ui
