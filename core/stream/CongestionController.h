// SPDX-License-Identifier: Apache-2.0
// How many bytes may be under way: CUBIC after RFC 9438, in bytes. Slow start ends at the first loss or when the
// round-trip time grows (the delay test of HyStart++, RFC 9406 section 4.2), so that start-up does not fill the queues
// of the hops. One reduction per round trip (RFC 9002 section 7.3.2); collapse to the minimum after persistent
// congestion (RFC 9002 section 7.6).
#pragma once

#include "core/base/Instant.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace fb::stream {

class CongestionController {
public:
    /// The window never grows beyond `windowMax` bytes: more could not be filled from the send buffer.
    CongestionController(std::size_t segmentBytes, std::size_t windowMax);

    /// What an acknowledgement told.
    struct Acknowledged {
        std::size_t bytes = 0;
        std::uint64_t upTo = 0;      ///< offset up to which all is acknowledged
        std::uint64_t sentUpTo = 0;  ///< offset up to which all was sent
        std::optional<Duration> rtt; ///< a fresh sample, if there is one
        Duration smoothedRtt{};
        bool wasWindowLimited = false; ///< the window, not the application, held the sender back
    };
    void acknowledged(const Acknowledged& acknowledged, Instant now);
    /// Bytes sent at this time were lost.
    void lost(Instant sentAt, Instant now);
    void persistentCongestion();
    /// Another path: what was learnt does not apply (RFC 9000 section 9.4).
    void restart(std::size_t segmentBytes);

    [[nodiscard]] std::size_t window() const { return m_window; }
    [[nodiscard]] bool isInSlowStart() const { return m_window < m_slowStartThreshold; }

private:
    void slowStart(const Acknowledged& acknowledged);
    void watchDelay(const Acknowledged& acknowledged);
    void avoidCongestion(const Acknowledged& acknowledged, Instant now);
    void startEpoch(Instant now);
    void grow(double segments);

    std::size_t m_segmentBytes;
    std::size_t m_windowMax;
    std::size_t m_window = 0;
    std::size_t m_slowStartThreshold = SIZE_MAX;
    std::optional<Instant> m_recoveryStart;

    // CUBIC, in segments as in the RFC.
    std::optional<Instant> m_epochStart;
    double m_windowBeforeLoss = 0; ///< W_max
    double m_timeToOrigin = 0;     ///< K, seconds
    double m_windowEstimate = 0;   ///< W_est
    double m_fraction = 0;         ///< growth of less than one byte, kept

    // HyStart++.
    std::uint64_t m_roundEnd = 0;
    unsigned m_roundSamples = 0;
    std::optional<Duration> m_roundRtt;
    std::optional<Duration> m_previousRoundRtt;
};

} // namespace fb::stream
