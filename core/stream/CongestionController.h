// SPDX-License-Identifier: Apache-2.0
// How fast to send and how much may be under way: a model of the path after
// draft-cardwell-iccrg-bbr-congestion-control-00, built of the highest delivery rate of the last rounds and the lowest
// round-trip time. A lost segment alone says nothing about the path, so random loss does not slow a stream down. What
// differs from the draft keeps the queues of the hops short: start-up also ends when the round-trip time grows (the
// delay test of RFC 9406 section 4.2), and the window stays near one bandwidth-delay product.
#pragma once

#include "core/base/Instant.h"
#include "core/stream/DeliveryRate.h"

#include <array>
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
        std::uint64_t delivered = 0; ///< bytes that have arrived in all
        std::size_t bytesInFlight = 0;
        std::optional<RateSample> rate;
        std::optional<Duration> rtt; ///< a fresh sample, if there is one
    };
    void acknowledged(const Acknowledged& acknowledged, Instant now);
    void lost(std::size_t bytes) { m_roundLost += bytes; }
    /// Nothing has arrived for long: start again small, and grow fast up to what the path was known to carry.
    void persistentCongestion();
    /// Another path: what was learnt does not apply (RFC 9000 section 9.4).
    /// `delivered`: bytes that have arrived in all until now.
    void restart(std::size_t segmentBytes, std::uint64_t delivered);

    /// The same path, other segments.
    void setSegmentBytes(std::size_t segmentBytes) { m_segmentBytes = segmentBytes; }

    /// While somebody types on another stream of this node, less waits in the hops, and a busy path may carry less.
    void setYielding(bool isYielding) { m_isYielding = isYielding; }

    [[nodiscard]] std::size_t window() const { return m_window; }
    /// Bytes per microsecond, the gain of the state included; zero before anything is known of the path.
    [[nodiscard]] double pacingRate() const;
    /// The model's rate, bytes per microsecond.
    [[nodiscard]] double bandwidth() const { return m_bandwidth; }
    [[nodiscard]] bool isInStartup() const { return m_state == State::Startup; }

private:
    enum class State { Startup, Drain, ProbeBandwidth, ProbeRtt };
    static constexpr std::size_t kBandwidthRounds = 10; ///< section 4.1.1.3

    void takeRtt(const Acknowledged& acknowledged, Instant now);
    void takeRate(const Acknowledged& acknowledged);
    void endRound(const RateSample& rate, std::uint64_t bytesDelivered);
    void changeState(const Acknowledged& acknowledged, Instant now);
    void judgeProbe();
    void resumeStartup();
    void advanceProbeRtt(const Acknowledged& acknowledged, Instant now);
    void advanceCycle(const Acknowledged& acknowledged, Instant now);
    void resizeWindow(std::size_t bytesDelivered);
    [[nodiscard]] std::size_t least() const;
    [[nodiscard]] std::size_t product(double gain) const;
    [[nodiscard]] std::size_t target() const;

    std::size_t m_segmentBytes;
    std::size_t m_windowMax;
    std::size_t m_window;
    bool m_isYielding = false;
    State m_state = State::Startup;

    // The model.
    std::array<double, kBandwidthRounds> m_roundRates{};
    std::size_t m_roundIndex = 0;
    double m_bandwidth = 0;
    std::optional<Duration> m_minimumRtt;
    Instant m_minimumRttAt{};
    Duration m_latestRtt{};

    // Rounds.
    std::uint64_t m_roundEnd = 0;
    std::size_t m_roundLost = 0;
    bool m_isRoundStart = false;
    unsigned m_roundSamples = 0;
    std::optional<Duration> m_roundRtt;

    // Start-up.
    double m_fullRate = 0;
    unsigned m_roundsWithoutGrowth = 0;
    bool m_isPipeFull = false;

    std::size_t m_cyclePhase = 0;
    Instant m_cycleAt{};
    std::optional<double> m_rateBeforeProbe;
    std::optional<Instant> m_probeRttUntil;
};

} // namespace fb::stream
