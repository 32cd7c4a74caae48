// SPDX-License-Identifier: Apache-2.0
// The timers of one engine, named by an enum whose last enumerator is Count. One source of truth for nextDeadline().
#pragma once

#include "core/base/Instant.h"

#include <algorithm>
#include <array>
#include <optional>

namespace fb {

template <class Timer>
class TimerTable {
public:
    void set(Timer timer, Instant when) { m_deadlines[indexOf(timer)] = when; }
    void stop(Timer timer) { m_deadlines[indexOf(timer)].reset(); }
    [[nodiscard]] bool isRunning(Timer timer) const { return m_deadlines[indexOf(timer)].has_value(); }

    /// True once for a timer that is due: it is stopped by being taken.
    [[nodiscard]] bool takeIfDue(Timer timer, Instant now)
    {
        auto& deadline = m_deadlines[indexOf(timer)];
        if (!deadline || *deadline > now)
            return false;
        deadline.reset();
        return true;
    }

    [[nodiscard]] std::optional<Instant> nextDeadline() const
    {
        std::optional<Instant> next;
        for (const auto& deadline : m_deadlines) {
            if (deadline && (!next || *deadline < *next))
                next = deadline;
        }
        return next;
    }

private:
    static constexpr std::size_t indexOf(Timer timer) { return static_cast<std::size_t>(timer); }

    std::array<std::optional<Instant>, static_cast<std::size_t>(Timer::Count)> m_deadlines{};
};

} // namespace fb
