// SPDX-License-Identifier: Apache-2.0
// What probes tell of one path: a smoothed round trip, and the share of the last probes that stayed unanswered.
#pragma once

#include "core/base/Instant.h"

#include <cstdint>
#include <optional>

namespace fb::overlay {

struct PathQuality {
    std::optional<Duration> rtt; ///< smoothed; none before the first answer
    std::uint32_t lossPermille = 0;
    std::uint32_t samples = 0; ///< probes that the loss is counted over
    bool isLossy = false;      ///< loses so much that the user should know

    friend bool operator==(const PathQuality&, const PathQuality&) = default;
};

class QualityMeter {
public:
    static constexpr std::uint32_t kWindow = 64; ///< probes
    /// Fewer probes say nothing about a share of one in twenty.
    static constexpr std::uint32_t kSamplesToJudge = 20;
    /// Flagged from here on, until it is below the second: the gap keeps the flag from flickering.
    static constexpr std::uint32_t kLossyPermille = 50;
    static constexpr std::uint32_t kCleanPermille = 20;
    /// So much that a session would rather pay more for a clean path.
    static constexpr std::uint32_t kHeavyPermille = 150;

    void answered(Duration rtt);
    void lost();
    /// The path was dead: what comes is another path over the same links.
    void forgetLoss();

    [[nodiscard]] PathQuality quality() const;
    [[nodiscard]] std::optional<Duration> rtt() const { return m_rtt; }
    [[nodiscard]] bool isHeavilyLossy() const;
    /// Judged over enough probes, and found to lose hardly any.
    [[nodiscard]] bool isProvenClean() const;

private:
    void count(bool wasLost);
    [[nodiscard]] std::uint32_t permille() const;

    std::optional<Duration> m_rtt;
    std::uint64_t m_lost = 0; ///< one bit a probe, the newest lowest
    std::uint32_t m_samples = 0;
    bool m_isLossy = false;
};

} // namespace fb::overlay
