// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ServiceHost.h"

#include "core/agent/SocketPair.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

namespace fb::agent {

ServiceHost::Session::Session(ServiceHost& owner, stream::StreamId id, std::uint16_t port, ChildProcess child)
    : host(owner),
      stream(id),
      service(port),
      process(std::move(child)),
      watch(owner.m_loop, process.pollDescriptor(), runtime::Interest::Read, *this),
      nextSignal(SIGTERM)
{
}

void ServiceHost::Session::ready(const runtime::Ready&, Instant)
{
    const auto how = process.reap();
    if (!how)
        return;
    // sshd -i ends with 255 also after a normal disconnect, so no ending is worth more than this.
    host.m_log(LogLevel::Debug, "service " + std::to_string(service) + ": process " + std::to_string(process.pid()) +
                                    " ended with " + *how);
    watch.setInterest(runtime::Interest::None);
    hasEnded = true;
}

ServiceHost::~ServiceHost()
{
    signalAll(SIGTERM);
}

std::size_t ServiceHost::sessionsOf(std::uint16_t service) const
{
    return static_cast<std::size_t>(std::ranges::count_if(m_sessions, [service](const auto& entry) {
        return entry.second->service == service && !entry.second->hasEnded;
    }));
}

void ServiceHost::complain(LogLevel level, const std::string& line, Instant now)
{
    if (m_complaints.take(now))
        m_log(level, line);
}

bool ServiceHost::prepare(const ServiceProgram& program, Instant now)
{
    if (program.privateDirectory.empty() || ::mkdir(program.privateDirectory.c_str(), 0755) == 0 || errno == EEXIST)
        return true;
    const Error error{ErrorCode::SystemError, "making " + program.privateDirectory + " for " + program.name, errno};
    complain(LogLevel::Error, describe(error), now);
    return false;
}

Failure<stream::Refusal> ServiceHost::refuse(stream::Refusal reason)
{
    ++m_refused;
    return failure(reason);
}

Result<void, stream::Refusal> ServiceHost::admit(const stream::ConnectRequested& request, Instant now)
{
    const auto entry = m_table.find(request.service);
    if (entry == m_table.end())
        return refuse(stream::Refusal::NoSuchService);
    const auto& program = entry->second;
    if (sessionsOf(request.service) >= program.sessionsMax) {
        complain(LogLevel::Warning,
                 program.name + ": refused " + request.peer.toString() + ", there are already " +
                     std::to_string(program.sessionsMax) + " sessions",
                 now);
        return refuse(stream::Refusal::NotAllowed);
    }
    return {};
}

Result<FileDescriptor, stream::Refusal> ServiceHost::open(const stream::ConnectRequested& request, Instant now)
{
    if (const auto admitted = admit(request, now); !admitted)
        return failure(admitted.error());
    const auto& program = m_table.at(request.service);
    auto pair = makeSocketPair();
    if (!pair || !prepare(program, now))
        return refuse(stream::Refusal::NoSuchService);
    auto child = ChildProcess::start(program, std::move(pair->theirs));
    if (!child) {
        complain(LogLevel::Error, program.name + ": " + describe(child.error()), now);
        return refuse(stream::Refusal::NoSuchService);
    }
    m_log(LogLevel::Info,
          program.name + ": session for " + request.peer.toString() + ", process " + std::to_string(child->pid()));
    m_sessions.emplace(request.stream,
                       std::make_unique<Session>(*this, request.stream, request.service, std::move(child).value()));
    return std::move(pair->ours);
}

void ServiceHost::streamEnded(stream::StreamId stream, Instant now)
{
    const auto session = m_sessions.find(stream);
    if (session != m_sessions.end())
        session->second->endAt = now + kGrace;
}

void ServiceHost::advance(Instant now)
{
    for (auto entry = m_sessions.begin(); entry != m_sessions.end();) {
        auto& session = *entry->second;
        if (!session.hasEnded && session.endAt && *session.endAt <= now) {
            session.process.signal(std::exchange(session.nextSignal, SIGKILL));
            session.endAt = now + kGrace;
        }
        entry = session.hasEnded ? m_sessions.erase(entry) : std::next(entry);
    }
}

std::optional<Instant> ServiceHost::nextDeadline() const
{
    std::optional<Instant> next;
    for (const auto& entry : m_sessions) {
        const auto& session = *entry.second;
        if (session.hasEnded)
            return Instant{};
        if (session.endAt && (!next || *session.endAt < *next))
            next = session.endAt;
    }
    return next;
}

void ServiceHost::signalAll(int number)
{
    for (const auto& entry : m_sessions) {
        if (!entry.second->hasEnded)
            entry.second->process.signal(number);
    }
}

} // namespace fb::agent
