// SPDX-License-Identifier: Apache-2.0
// One connection to the control socket. Used by ControlServer alone.
#pragma once

#include "core/agent/ControlServer.h"
#include "core/agent/Message.h"

namespace fb::agent {

class ControlServer::Client final : private Loop::Handler, private EventSink {
public:
    /// Commands of one client before the others have their turn.
    static constexpr int kCommandsPerTurn = 64;

    Client(ControlServer& server, FileDescriptor socket, Instant now);
    ~Client();

    void advance(Instant now);
    /// Says why and disconnects.
    void dismiss(Error error);
    [[nodiscard]] bool isClosed() const { return m_isClosed; }
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    void ready(const runtime::Ready& what, Instant now) override;
    void publish(Event event) override;
    [[nodiscard]] bool takesSnapshots() const override;

    void readMessages();
    void take(std::string_view text);
    void takeHello(const HelloMessage& hello);
    void takeCommand(CommandMessage message);
    void send(const Message& message, FileDescriptor descriptor);
    void close();
    void updateInterest();

    ControlServer& m_server;
    MessageChannel m_channel;
    Loop::Watch m_watch;
    std::optional<ClientId> m_id; ///< once it has said hello
    Instant m_helloDeadline;
    RequestId m_lastRequest = 0;
    bool m_backlog = false;
    bool m_isClosed = false;
};

} // namespace fb::agent
