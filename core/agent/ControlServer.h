// SPDX-License-Identifier: Apache-2.0
// The agent's control socket: accepts clients, checks who they are, passes commands in and events out. Everything is
// bounded; a client that breaks the protocol or does not read is told why, disconnected and counted. One thread: the
// agent's.
#pragma once

#include "core/agent/Agent.h"
#include "core/agent/MessageChannel.h"
#include "core/agent/PeerAccess.h"

#include <map>
#include <memory>
#include <string>

namespace fb::agent {

class ControlServer final : private Loop::Handler {
public:
    struct Config {
        std::string path{};
        unsigned mode = 0600;
        PeerAccess access{};
        std::size_t clientsMax = 64;
        MessageChannel::Limits limits{};
        /// Above so many bytes not yet read by a client it gets no new snapshots.
        std::size_t behindBytes = 64 * 1024;
        Duration helloTimeout = std::chrono::seconds(5);
    };

    /// Does not listen yet. The agent must outlive it.
    ControlServer(Agent& agent, Config config);
    /// Disconnects everybody and removes the socket file.
    ~ControlServer();

    /// Fails as listenOnControlSocket().
    [[nodiscard]] Result<void, Error> listen();
    /// Serves a connected socket.
    void adopt(FileDescriptor socket, Instant now);

    /// Deals with clients that have more to say, and lets go of those that are done; after each turn of the agent.
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    [[nodiscard]] std::vector<overlay::NamedCounter> counters() const;
    [[nodiscard]] std::size_t clients() const { return m_clients.size(); }
    [[nodiscard]] TableFill table() const { return {"control-clients", m_clients.size(), m_config.clientsMax}; }

private:
    class Client;
    enum class Refused : std::uint8_t { NotPermitted, TooMany, BadMessage, SlowReader, NoHello, Count };

    void ready(const runtime::Ready& what, Instant now) override;
    void count(Refused reason) { ++m_refused[static_cast<std::size_t>(reason)]; }

    Agent& m_agent;
    Config m_config;
    FileDescriptor m_listener;
    std::optional<Loop::Watch> m_watch;
    std::optional<Instant> m_acceptAgainAt; ///< when there was no descriptor left for a client
    std::map<std::uint64_t, std::unique_ptr<Client>> m_clients;
    std::uint64_t m_lastClient = 0;
    std::array<std::uint64_t, static_cast<std::size_t>(Refused::Count)> m_refused{};
};

} // namespace fb::agent
