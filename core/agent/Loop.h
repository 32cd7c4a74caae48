// SPDX-License-Identifier: Apache-2.0
// Who is told when a descriptor is ready. One thread. A Watch takes itself out of the loop when it goes, also in the
// middle of a round: what was ready for it is then forgotten.
#pragma once

#include "core/base/Instant.h"
#include "core/runtime/Poller.h"

#include <map>
#include <optional>

namespace fb::agent {

class Loop {
public:
    class Handler {
    public:
        virtual void ready(const runtime::Ready& what, Instant now) = 0;

    protected:
        ~Handler() = default;
    };

    /// Registration of one descriptor; must go before the descriptor is closed, and before the loop goes.
    class Watch {
    public:
        Watch(Loop& loop, int descriptor, runtime::Interest interest, Handler& handler);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

        void setInterest(runtime::Interest interest);

    private:
        Loop& m_loop;
        int m_descriptor;
        runtime::PollToken m_token;
        runtime::Interest m_interest;
    };

    /// Waits for a descriptor or the deadline, tells the handlers, and returns the time it was told with.
    Instant runOnce(std::optional<Instant> deadline);

    /// The time of the round while handlers are being told, so that what one does is never later than what the next
    /// is told; the system's time otherwise.
    [[nodiscard]] Instant now() const;

private:
    runtime::Poller m_poller;
    std::map<runtime::PollToken, Handler*> m_handlers;
    runtime::PollToken m_nextToken = 1;
    std::optional<Instant> m_round;
};

} // namespace fb::agent
