// SPDX-License-Identifier: Apache-2.0
// Lets through so many answers a second and a short burst more: what strangers can make us send.
#pragma once

#include "core/base/Instant.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

namespace fb::stream {

class RateLimit {
public:
    explicit RateLimit(Instant now) : m_refilledAt(now) {}

    [[nodiscard]] bool take(Instant now)
    {
        const auto due = (now - m_refilledAt) / kInterval;
        m_refilledAt += due * kInterval;
        m_left = std::min<std::int64_t>(m_left + due, kBurst);
        if (m_left == 0)
            return false;
        --m_left;
        return true;
    }

private:
    static constexpr Duration kInterval = std::chrono::milliseconds(5);
    static constexpr std::int64_t kBurst = 64;

    std::int64_t m_left = kBurst;
    Instant m_refilledAt;
};

} // namespace fb::stream
