// SPDX-License-Identifier: Apache-2.0
// Runs PingNode commands: sends the echoes at their interval, passes on answers and losses, and knows when all are in.
#pragma once

#include "core/agent/EventSink.h"
#include "core/agent/WatchCount.h"
#include "core/overlay/Engine.h"

#include <map>
#include <optional>

namespace fb::agent {

class PingRequests {
public:
    static constexpr std::size_t kRequestsMax = 256;

    PingRequests(overlay::Engine& overlay, Clients& clients) : m_overlay(overlay), m_clients(clients) {}

    void start(RequestKey key, const PingNode& command, WatchCount::Hold hold, Instant now);
    void answered(const overlay::PingAnswered& answer);
    void lost(const overlay::PingLost& loss);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    [[nodiscard]] std::size_t size() const { return m_requests.size(); }

    bool cancel(RequestKey key) { return m_requests.erase(key) != 0; }
    void removeClient(ClientId client);

private:
    struct Request {
        PingNode command;
        WatchCount::Hold hold;
        Instant nextSend;
        std::uint32_t sent = 0;
        std::uint32_t finished = 0;

        [[nodiscard]] bool allSent() const { return command.count != 0 && sent == command.count; }
        [[nodiscard]] bool allFinished() const { return allSent() && finished == sent; }
    };
    struct Echo {
        RequestKey key;
        std::uint32_t sequence = 0;
    };

    /// False if the request has failed and is gone.
    bool sendOne(RequestKey key, Request& request, Instant now);
    void finishOne(std::uint64_t token, std::optional<Duration> rtt);

    overlay::Engine& m_overlay;
    Clients& m_clients;
    std::map<RequestKey, Request> m_requests;
    std::map<std::uint64_t, Echo> m_echoes; ///< on their way, by the overlay's token; the overlay bounds them
    std::uint64_t m_lastToken = 0;
};

} // namespace fb::agent
