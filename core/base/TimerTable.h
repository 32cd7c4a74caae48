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
    TimerTable() { m_deadlines.fill(kNever); }

    void set(Timer timer, Instant when) { m_deadlines[indexOf(timer)] = when; }
    void stop(Timer timer) { m_deadlines[indexOf(timer)] = kNever; }
    [[nodiscard]] bool isRunning(Timer timer) const { return m_deadlines[indexOf(timer)] != kNever; }

    /// True once for a timer that is due: it is stopped by being taken.
    [[nodiscard]] bool takeIfDue(Timer timer, Instant now)
    {
        auto& deadline = m_deadlines[indexOf(timer)];
        if (deadline == kNever || deadline > now)
            return false;
        deadline = kNever;
        return true;
    }

    [[nodiscard]] std::optional<Instant> nextDeadline() const
    {
        const Instant next = *std::ranges::min_element(m_deadlines);
        return next == kNever ? std::nullopt : std::optional(next);
    }

private:
    static constexpr Instant kNever = Instant::max();
    static constexpr std::size_t indexOf(Timer timer) { return static_cast<std::size_t>(timer); }

    std::array<Instant, static_cast<std::size_t>(Timer::Count)> m_deadlines;
};

} // namespace fb
