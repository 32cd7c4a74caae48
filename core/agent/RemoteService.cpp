// SPDX-License-Identifier: Apache-2.0
#include "core/agent/RemoteService.h"

#include "core/agent/ControlAddress.h"
#include "core/agent/Message.h"
#include "core/runtime/SystemClock.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace fb::agent {

namespace {

/// Events taken from the socket in one go.
constexpr std::size_t kEventsPerRead = 256;

enum Token : runtime::PollToken { kSocket, kEvents };

Error connectError(const std::string& path, int problem)
{
    if (problem == EACCES || problem == EPERM)
        return Error{ErrorCode::NotPermitted, path, problem};
    return Error{ErrorCode::AgentUnavailable, path + " (is footbridged running?)", problem};
}

} // namespace

RemoteService::RemoteService(FileDescriptor socket)
    : m_channel(std::move(socket), MessageChannel::Descriptors::Accept, {})
{
    m_poller.add(m_channel.pollDescriptor(), kSocket, runtime::Interest::Read);
    m_poller.add(m_eventsWait.pollDescriptor(), kEvents, runtime::Interest::Read);
}

Result<std::unique_ptr<Service>, Error> RemoteService::connect(const std::string& path)
{
    auto socket = connectControlSocket(path);
    if (!socket)
        return failure(connectError(path, socket.error().systemErrno));
    return greet(std::move(socket).value());
}

Result<std::unique_ptr<Service>, Error> RemoteService::greet(FileDescriptor socket)
{
    const int flags = ::fcntl(socket.get(), F_GETFL);
    if (flags < 0 || ::fcntl(socket.get(), F_SETFL, flags | O_NONBLOCK) != 0)
        return failure(Error{ErrorCode::AgentUnavailable, "control socket", errno});
    std::unique_ptr<RemoteService> service(new RemoteService(std::move(socket)));
    if (const auto greeted = service->sayHello(); !greeted)
        return failure(greeted.error());
    return std::unique_ptr<Service>(std::move(service));
}

Result<void, Error> RemoteService::sayHello()
{
    if (const auto sent = m_channel.send(encodeMessage(HelloMessage{kProtocolVersion, "footbridge"}), {}); !sent)
        return failure(sent.error());
    const Instant deadline = runtime::now() + kHelloTimeout;
    for (;;) {
        const auto text = m_channel.receive();
        if (!text)
            return failure(text.error());
        if (*text) {
            const auto message = decodeMessage(**text);
            if (!message)
                return failure(Error{ErrorCode::ProtocolMismatch, message.error().context});
            if (const auto* goodbye = std::get_if<GoodbyeMessage>(&*message))
                return failure(goodbye->error);
            const auto* hello = std::get_if<HelloMessage>(&*message);
            if (!hello || hello->protocol != kProtocolVersion)
                return failure(Error{ErrorCode::ProtocolMismatch, hello ? "the agent is " + hello->program : ""});
            return {};
        }
        if (runtime::now() >= deadline)
            return failure(Error{ErrorCode::AgentUnavailable, "the agent does not answer"});
        (void)m_poller.wait(deadline);
    }
}

RequestId RemoteService::submit(Command command)
{
    const auto request = ++m_lastRequest;
    if (m_isLost) {
        m_events.push_back({request, CommandFailed{Error{ErrorCode::AgentUnavailable, "the agent is gone"}}});
    } else if (const auto sent = m_channel.send(encodeMessage(CommandMessage{request, std::move(command)}), {});
               !sent) {
        if (sent.error().code == ErrorCode::LimitReached)
            m_events.push_front({request, CommandFailed{sent.error()}});
        else
            lose(sent.error());
    }
    updatePolling();
    return request;
}

std::optional<Event> RemoteService::nextEvent()
{
    if (m_events.empty() && !m_isLost)
        readEvents();
    std::optional<Event> event;
    if (!m_events.empty()) {
        event = std::move(m_events.front());
        m_events.pop_front();
    }
    updatePolling();
    return event;
}

void RemoteService::readEvents()
{
    if (const auto flushed = m_channel.flush(); !flushed) {
        lose(flushed.error());
        return;
    }
    while (m_events.size() < kEventsPerRead) {
        const auto text = m_channel.receive();
        if (!text) {
            lose(text.error());
            return;
        }
        if (!*text)
            return;
        if (!take(**text)) {
            lose(Error{ErrorCode::ProtocolMismatch, "the agent sent something that is not an event"});
            return;
        }
        if (m_isLost)
            return;
    }
}

bool RemoteService::take(std::string_view text)
{
    auto message = decodeMessage(text);
    if (!message)
        return false;
    if (const auto* goodbye = std::get_if<GoodbyeMessage>(&*message)) {
        lose(goodbye->error);
        return true;
    }
    auto* event = std::get_if<EventMessage>(&*message);
    if (!event)
        return false;
    if (auto* opened = std::get_if<StreamOpened>(&event->body)) {
        opened->socket = m_channel.takeDescriptor();
        if (!opened->socket.isOpen())
            return false;
    }
    m_events.push_back({event->request, std::move(event->body)});
    return true;
}

void RemoteService::lose(Error error)
{
    m_isLost = true;
    m_poller.remove(m_channel.pollDescriptor());
    m_events.push_back({0, ServiceLost{std::move(error)}});
}

void RemoteService::updatePolling()
{
    // Whole events may wait in the channel's buffer where poll cannot see them: only an empty read lowers the flag.
    if (m_events.empty() && !m_isLost)
        readEvents();
    if (m_events.empty())
        m_eventsWait.lower();
    else
        m_eventsWait.raise();
    if (!m_isLost)
        m_poller.change(m_channel.pollDescriptor(), kSocket,
                        m_channel.wantsToWrite() ? runtime::Interest::ReadWrite : runtime::Interest::Read);
}

} // namespace fb::agent
