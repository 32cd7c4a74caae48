// SPDX-License-Identifier: Apache-2.0
// Smoothed round-trip time and its variation after RFC 9002 section 5 (the formulas of RFC 6298), and the probe
// interval built on them (RFC 9002 section 6.2.1). Of a retransmitted segment only
// a sample whose time stamp tells which sending it answers may be fed (Karn's rule).
#pragma once

#include "core/base/Instant.h"

#include <optional>

namespace fb::stream {

class RttEstimator {
public:
    void sample(Duration latest);
    /// After a change of path: the next sample counts as the first.
    void restart() { *this = {}; }

    [[nodiscard]] bool hasSample() const { return m_latest.has_value(); }
    [[nodiscard]] Duration smoothed() const { return m_smoothed; }
    [[nodiscard]] Duration minimum() const { return m_minimum; }
    /// Larger of the smoothed and the latest sample; the initial guess before the first.
    [[nodiscard]] Duration conservative() const;
    /// How long to wait for an answer before asking again, the first time.
    [[nodiscard]] Duration probeInterval() const;

private:
    std::optional<Duration> m_latest;
    Duration m_smoothed{};
    Duration m_variation{};
    Duration m_minimum{};
};

} // namespace fb::stream
