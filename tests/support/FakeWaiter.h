// SPDX-License-Identifier: Apache-2.0
// A clock for commands under test: it stands still while events wait and jumps to the deadline when there are none.
// Scripted moments publish what an agent would say later.
#pragma once

#include "core/base/Assert.h"
#include "core/cli/Waiter.h"

#include <poll.h>

#include <functional>
#include <map>
#include <optional>

namespace fb::test {

class FakeWaiter final : public cli::Waiter {
public:
    [[nodiscard]] Instant now() const override { return m_now; }

    [[nodiscard]] Woken wait(const agent::Service& service, std::optional<Instant> deadline) override
    {
        pollfd events{service.pollDescriptor(), POLLIN, 0};
        if (::poll(&events, 1, 0) == 1)
            return Woken::Service;
        if (!m_moments.empty() && (!deadline || m_moments.begin()->first <= *deadline)) {
            const auto moment = m_moments.extract(m_moments.begin());
            m_now = std::max(m_now, moment.key());
            if (!moment.mapped())
                return Woken::Interrupt;
            moment.mapped()();
            return Woken::Service;
        }
        FB_ASSERT(deadline.has_value()); // a command that waits for ever needs a moment that ends it
        m_now = std::max(m_now, *deadline);
        return Woken::Deadline;
    }

    /// Does something when the clock gets there, which it only does while a command waits.
    void at(Duration sinceStart, std::function<void()> what)
    {
        m_moments.emplace(Instant{} + sinceStart, std::move(what));
    }
    /// The user presses Ctrl-C.
    void interruptAt(Duration sinceStart) { m_moments.emplace(Instant{} + sinceStart, nullptr); }

private:
    Instant m_now{};
    std::multimap<Instant, std::function<void()>> m_moments;
};

} // namespace fb::test
