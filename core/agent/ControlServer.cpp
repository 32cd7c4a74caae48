// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ControlServer.h"

#include "core/agent/ControlAddress.h"
#include "core/agent/ControlClient.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace fb::agent {

namespace {

constexpr Duration kAcceptPause = std::chrono::seconds(1);

} // namespace

ControlServer::ControlServer(Agent& agent, Config config) : m_agent(agent), m_config(std::move(config)) {}

ControlServer::~ControlServer()
{
    m_watch.reset();
    if (m_listener.isOpen())
        ::unlink(m_config.path.c_str());
    m_clients.clear();
}

Result<void, Error> ControlServer::listen()
{
    auto listener = listenOnControlSocket(m_config.path, m_config.mode);
    if (!listener)
        return failure(listener.error());
    m_listener = std::move(listener).value();
    m_watch.emplace(m_agent.loop(), m_listener.get(), runtime::Interest::Read, static_cast<Loop::Handler&>(*this));
    return {};
}

void ControlServer::ready(const runtime::Ready&, Instant now)
{
    FileDescriptor socket(::accept4(m_listener.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (socket.isOpen()) {
        adopt(std::move(socket), now);
        return;
    }
    if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        // The listening socket stays readable: without a pause this would be a busy loop.
        m_watch->setInterest(runtime::Interest::None);
        m_acceptAgainAt = now + kAcceptPause;
    }
}

void ControlServer::adopt(FileDescriptor socket, Instant now)
{
    const auto permitted = checkPeer(socket.get(), m_config.access);
    auto client = std::make_unique<Client>(*this, std::move(socket), now);
    if (!permitted) {
        count(Refused::NotPermitted);
        client->dismiss(permitted.error());
    } else if (m_clients.size() >= m_config.clientsMax) {
        count(Refused::TooMany);
        client->dismiss(Error{ErrorCode::LimitReached, "clients of the agent"});
    } else {
        m_clients.emplace(++m_lastClient, std::move(client));
    }
}

void ControlServer::advance(Instant now)
{
    if (m_acceptAgainAt && *m_acceptAgainAt <= now) {
        m_acceptAgainAt.reset();
        m_watch->setInterest(runtime::Interest::Read);
    }
    for (auto entry = m_clients.begin(); entry != m_clients.end();) {
        entry->second->advance(now);
        entry = entry->second->isClosed() ? m_clients.erase(entry) : std::next(entry);
    }
}

std::optional<Instant> ControlServer::nextDeadline() const
{
    auto next = m_acceptAgainAt;
    for (const auto& entry : m_clients) {
        const auto deadline = entry.second->nextDeadline();
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

std::vector<overlay::NamedCounter> ControlServer::counters() const
{
    const auto of = [this](Refused reason) { return m_refused[static_cast<std::size_t>(reason)]; };
    return {{"control-clients-not-permitted", of(Refused::NotPermitted)},
            {"control-clients-too-many", of(Refused::TooMany)},
            {"control-clients-bad-message", of(Refused::BadMessage)},
            {"control-clients-slow-reader", of(Refused::SlowReader)},
            {"control-clients-no-hello", of(Refused::NoHello)}};
}

} // namespace fb::agent
