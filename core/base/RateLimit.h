// SPDX-License-Identifier: Apache-2.0
// So many a second on average, so many at once: the generic cell rate algorithm (ITU-T I.371), one Instant of state.
#pragma once

#include "core/base/Instant.h"

#include <algorithm>
#include <cstdint>

namespace fb {

class RateLimit {
public:
    /// Both at least 1.
    struct Rate {
        std::uint32_t perSecond = 1;
        std::uint32_t burst = 1;
    };

    explicit RateLimit(Rate rate)
        : m_interval(std::chrono::microseconds(std::chrono::seconds(1)) / rate.perSecond),
          m_tolerance(m_interval * (rate.burst - 1))
    {
    }

    /// False if this one is too many.
    [[nodiscard]] bool take(Instant now)
    {
        if (m_next > now + m_tolerance)
            return false;
        m_next = std::max(m_next, now) + m_interval;
        return true;
    }

private:
    Duration m_interval;
    Duration m_tolerance;
    Instant m_next{};
};

} // namespace fb
