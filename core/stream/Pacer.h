// SPDX-License-Identifier: Apache-2.0
// Spreads a window over its round trip (RFC 9002 section 7.7): a token bucket that fills at 1.25 windows per round
// trip, 2 in slow start, and lets short bursts through. Where a round trip is shorter than what timers can tell apart,
// the bucket holds more than a window and pacing does nothing.
#pragma once

#include "core/base/Instant.h"

#include <cstddef>

namespace fb::stream {

class Pacer {
public:
    struct Rate {
        std::size_t windowBytes = 0;
        Duration rtt{}; ///< zero: no pacing
        std::size_t segmentBytes = 0;
        double gain = 1.25;
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
