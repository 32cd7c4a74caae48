// SPDX-License-Identifier: Apache-2.0
// What runs on a session's thread: one connection through its stages, then its channels. Nothing blocks in libssh; the
// thread waits in one place, for the socket, a command, or the end of the present stage's time.
#pragma once

#include "core/runtime/Poller.h"
#include "core/ssh/Authenticator.h"
#include "core/ssh/Channel.h"
#include "core/ssh/Connection.h"
#include "core/ssh/Outbox.h"

#include <map>
#include <memory>
#include <optional>

namespace fb::ssh {

struct WorkerSetup {
    romon::RomonId device;
    FileDescriptor socket;
    FileDescriptor agentSocket; ///< connected to the ssh agent; not open if there is none
    Login login;
    KnownHosts knownHosts;
    TimeLimits limits;
};

class Worker {
public:
    Worker(WorkerSetup setup, Mailbox& mailbox);

    /// Returns when the session is over; Ended has been published by then.
    void run();

private:
    enum class Phase { Connecting, AskingHostKey, Authenticating, AskingPassword, Ready };

    void start();
    void turn();
    void reach(Stage stage);
    void enter(Phase phase, std::optional<Duration> limit);
    void end(std::optional<Error> error);
    [[nodiscard]] Stage stage() const;

    void takeCommands();
    void obey(AnswerHostKey command);
    void obey(AnswerPassword command);
    void obey(OpenChannel command);
    void obey(WriteBytes command);
    void obey(EndInput command);
    void obey(ResizeTerminal command);
    void obey(CloseChannel command);
    void obey(ReleaseBytes command);
    [[nodiscard]] Channel* find(ChannelId channel);

    void step();
    void connect();
    void checkHostKey();
    void startAuthentication();
    void authenticate();
    void workChannels();
    void noticeEndOfConnection();
    void endLateWork();

    void wait();
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    WorkerSetup m_setup;
    Mailbox& m_mailbox;
    Outbox m_outbox;
    runtime::Poller m_poller;
    const Instant m_start;
    std::vector<PinnedKey> m_pinned;
    HostKey m_hostKey;
    Phase m_phase = Phase::Connecting;
    std::optional<Instant> m_deadline; ///< of the phase
    Connection m_connection;
    std::optional<Authenticator> m_authenticator;
    std::map<ChannelId, std::unique_ptr<Channel>> m_channels; ///< gone before the connection is
    bool m_ended = false;
    bool m_hasMoreToDo = false;
    bool m_socketIsPolled = false;
};

} // namespace fb::ssh
