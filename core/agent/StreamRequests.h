// SPDX-License-Identifier: Apache-2.0
// The streams that clients of this agent have opened: from OpenStream to StreamEnded. Relays the bytes to the socket
// that the client gets, and tells it of a new way and of silence.
#pragma once

#include "core/agent/EventSink.h"
#include "core/agent/Relays.h"
#include "core/agent/Stack.h"
#include "core/agent/WatchCount.h"

#include <map>

namespace fb::agent {

class StreamRequests {
public:
    static constexpr std::size_t kStreamsMax = 512;
    /// Shorter silences are the network's everyday life.
    static constexpr Duration kWorthTelling = std::chrono::seconds(1);

    struct Surroundings {
        Stack& stack;
        Relays& relays;
        Clients& clients;
        Duration silenceLimit;
    };

    explicit StreamRequests(Surroundings surroundings) : m_with(surroundings) {}

    void start(RequestKey key, const OpenStream& command, WatchCount::Hold hold, Instant now);
    [[nodiscard]] bool has(stream::StreamId stream) const { return m_requests.contains(stream); }
    void opened(stream::StreamId stream, Instant now);
    void ended(const stream::Ended& end, Instant now);
    void pathChanged(const PathChanged& change);
    /// About once a second while there are streams.
    void tellSilences(Instant now);
    [[nodiscard]] bool empty() const { return m_requests.empty(); }
    [[nodiscard]] std::size_t size() const { return m_requests.size(); }

    bool cancel(RequestKey key, Instant now);
    void removeClient(ClientId client, Instant now);

private:
    struct Request {
        RequestKey key;
        OpenStream command;
        WatchCount::Hold hold;
        std::string target; ///< for errors: the identity and the id
        bool isOpen = false;
        bool toldSilence = false;
    };

    [[nodiscard]] std::string nameOfTarget(const OpenStream& command, Instant now) const;

    Surroundings m_with;
    std::map<stream::StreamId, Request> m_requests;
};

} // namespace fb::agent
