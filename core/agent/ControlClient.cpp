// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ControlClient.h"

namespace fb::agent {

ControlServer::Client::Client(ControlServer& server, FileDescriptor socket, Instant now)
    : m_server(server),
      m_channel(std::move(socket), MessageChannel::Descriptors::Refuse, server.m_config.limits),
      m_watch(server.m_agent.loop(), m_channel.pollDescriptor(), runtime::Interest::Read, *this),
      m_helloDeadline(now + server.m_config.helloTimeout)
{
}

ControlServer::Client::~Client()
{
    if (m_id)
        m_server.m_agent.removeClient(*m_id);
}

void ControlServer::Client::ready(const runtime::Ready& what, Instant)
{
    if (what.writable && !m_isClosed && !m_channel.flush())
        close();
    if (what.readable)
        readMessages();
    updateInterest();
}

void ControlServer::Client::advance(Instant now)
{
    if (m_backlog)
        readMessages();
    if (!m_id && !m_isClosed && m_helloDeadline <= now) {
        m_server.count(Refused::NoHello);
        dismiss(Error{ErrorCode::TimedOut, "no hello"});
    }
    updateInterest();
}

std::optional<Instant> ControlServer::Client::nextDeadline() const
{
    if (m_backlog || m_isClosed)
        return Instant{};
    return m_id ? std::nullopt : std::optional(m_helloDeadline);
}

void ControlServer::Client::readMessages()
{
    m_backlog = false;
    for (int taken = 0; !m_isClosed; ++taken) {
        if (taken == kCommandsPerTurn) {
            m_backlog = true; // whole messages may wait in the channel, where poll cannot see them
            return;
        }
        const auto text = m_channel.receive();
        if (!text) {
            if (text.error().code == ErrorCode::InvalidArgument) {
                m_server.count(Refused::BadMessage);
                dismiss(text.error());
            }
            close();
            return;
        }
        if (!*text)
            return;
        take(**text);
    }
}

void ControlServer::Client::take(std::string_view text)
{
    auto message = decodeMessage(text);
    if (message && !m_id && std::holds_alternative<HelloMessage>(*message)) {
        takeHello(std::get<HelloMessage>(*message));
    } else if (message && m_id && std::holds_alternative<CommandMessage>(*message)) {
        takeCommand(std::get<CommandMessage>(std::move(message).value()));
    } else {
        m_server.count(Refused::BadMessage);
        dismiss(message ? Error{ErrorCode::InvalidArgument, "that message is not expected here"} : message.error());
    }
}

void ControlServer::Client::takeHello(const HelloMessage& hello)
{
    if (hello.protocol != kProtocolVersion) {
        m_server.count(Refused::BadMessage);
        dismiss(Error{ErrorCode::ProtocolMismatch, "the agent speaks protocol " + std::to_string(kProtocolVersion) +
                                                       ", the client " + std::to_string(hello.protocol)});
        return;
    }
    m_id = m_server.m_agent.addClient(*this);
    send(HelloMessage{kProtocolVersion, "footbridged"}, {});
}

void ControlServer::Client::takeCommand(CommandMessage message)
{
    if (message.request <= m_lastRequest) {
        m_server.count(Refused::BadMessage);
        dismiss(Error{ErrorCode::InvalidArgument, "request numbers must grow, from 1"});
        return;
    }
    m_lastRequest = message.request;
    m_server.m_agent.submit(*m_id, message.request, std::move(message.command));
}

void ControlServer::Client::publish(Event event)
{
    FileDescriptor descriptor;
    if (auto* opened = std::get_if<StreamOpened>(&event.body))
        descriptor = std::move(opened->socket);
    send(EventMessage{event.request, std::move(event.body)}, std::move(descriptor));
}

bool ControlServer::Client::takesSnapshots() const
{
    return !m_isClosed && m_channel.queuedBytes() <= m_server.m_config.behindBytes;
}

void ControlServer::Client::send(const Message& message, FileDescriptor descriptor)
{
    if (m_isClosed)
        return;
    const auto sent = m_channel.send(encodeMessage(message), std::move(descriptor));
    if (!sent) {
        if (sent.error().code == ErrorCode::LimitReached)
            m_server.count(Refused::SlowReader);
        close(); // a goodbye would only queue behind what it does not read
        return;
    }
    updateInterest();
}

void ControlServer::Client::dismiss(Error error)
{
    if (m_isClosed)
        return;
    m_server.m_agent.log()(LogLevel::Notice, "control client dismissed: " + describe(error));
    send(GoodbyeMessage{std::move(error)}, {});
    close();
}

void ControlServer::Client::close()
{
    m_isClosed = true;
    m_backlog = false;
    m_watch.setInterest(runtime::Interest::None);
}

void ControlServer::Client::updateInterest()
{
    if (!m_isClosed)
        m_watch.setInterest(m_channel.wantsToWrite() ? runtime::Interest::ReadWrite : runtime::Interest::Read);
}

} // namespace fb::agent
