// SPDX-License-Identifier: Apache-2.0
// Whose turn it is to send, and when which stream wants to be woken. Turns go round robin, interactive streams before
// bulk ones. A stream's wake-up is moved forward when it becomes sooner and left where it is when it becomes later: a
// needless wake-up once in a while is cheaper than moving it with every segment.
#pragma once

#include "core/base/Instant.h"
#include "core/stream/Engine.h"

#include <deque>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace fb::stream {

class Schedule {
public:
    /// Gives the stream a turn; once is enough.
    void enqueue(StreamId stream, Transmit::Class trafficClass);
    [[nodiscard]] std::optional<StreamId> nextTurn();

    void wakeBy(StreamId stream, Instant when);
    /// A stream that is due now; its wake-up is gone by that.
    [[nodiscard]] std::optional<StreamId> takeDue(Instant now);
    [[nodiscard]] std::optional<Instant> nextWakeUp() const;

    void forget(StreamId stream);

private:
    struct Entry {
        bool isQueued = false;
        std::optional<Instant> wakeUp;
    };

    std::deque<StreamId> m_interactive;
    std::deque<StreamId> m_bulk;
    std::set<std::pair<Instant, StreamId>> m_wakeUps;
    std::unordered_map<StreamId, Entry> m_entries;
};

} // namespace fb::stream
