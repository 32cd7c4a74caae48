// SPDX-License-Identifier: Apache-2.0
// Spreads what is sent over time (RFC 9002 section 7.7): a token bucket that fills at the rate of the congestion
// controller and lets short bursts through. Where a round trip is shorter than what timers can tell apart, the bucket
// holds more than a window and pacing does nothing.
#pragma once

#include "core/base/Instant.h"

#include <cstddef>

namespace fb::stream {

class Pacer {
public:
    struct Rate {
        double bytesPerMicrosecond = 0; ///< zero: no pacing
        std::size_t segmentBytes = 0;
    };

    /// Adds what has become due since the last call.
    void refill(const Rate& rate, Instant now);
    [[nodiscard]] bool allows(std::size_t bytes) const { return !m_isActive || m_tokens >= static_cast<double>(bytes); }
    void spend(std::size_t bytes);
    /// When a few segments may go again.
    [[nodiscard]] Instant readyAt(Instant now) const;

private:
    bool m_isActive = false;
    double m_tokens = 0;
    double m_bytesPerMicrosecond = 0;
    double m_wakeBytes = 0;
    Instant m_refilledAt{};
};

} // namespace fb::stream
