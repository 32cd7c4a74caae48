// SPDX-License-Identifier: Apache-2.0
// The worker's side of the event queue. It knows how many events wait, so that what the far end can make many of stops
// in time and what must be told always has room.
#pragma once

#include "core/base/Assert.h"
#include "core/ssh/Mailbox.h"

#include <utility>

namespace fb::ssh {

class Outbox {
public:
    explicit Outbox(Mailbox& mailbox) : m_mailbox(mailbox) {}

    void publish(Event event)
    {
        const bool pushed = m_mailbox.events.push(std::move(event));
        FB_ASSERT(pushed);
        ++m_published;
    }

    /// Whether data may be published. After a No the user's next taken event wakes the worker.
    [[nodiscard]] bool hasRoomForData() { return hasRoom(kDataEventsMax); }
    /// Whether another command, which can cause a few events, may be obeyed.
    [[nodiscard]] bool hasRoomForCommand() { return hasRoom(kAnswerEventsMax); }

private:
    static constexpr std::uint64_t kDataEventsMax = Mailbox::kEventsMax / 4;
    static constexpr std::uint64_t kAnswerEventsMax = Mailbox::kEventsMax / 2;

    bool hasRoom(std::uint64_t limit)
    {
        if (m_published - m_mailbox.eventsTaken < limit)
            return true;
        m_mailbox.workerWaitsForRoom = true;
        return m_published - m_mailbox.eventsTaken < limit; // taken just before the flag was up
    }

    Mailbox& m_mailbox;
    std::uint64_t m_published = 0;
};

} // namespace fb::ssh
