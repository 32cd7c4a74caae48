// SPDX-License-Identifier: Apache-2.0
#include "core/stream/CongestionController.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kInitialSegments = 10; ///< RFC 9002 section 7.2
constexpr std::size_t kMinimumSegments = 4;  ///< draft section 4.2.3.2
constexpr double kStartupGain = 2.89;        ///< 2 / ln 2, draft section 4.3.2
constexpr double kFullGrowth = 1.25;         ///< draft section 4.3.2.2
constexpr unsigned kFullRounds = 3;
constexpr std::array kCycleGains{1.25, 0.75, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0}; ///< draft section 4.3.4
/// A probe that finds so much more, of the quarter it asks for, has not found the end of it: start-up goes on. On a
/// shorter path the next probe comes soon enough.
constexpr double kProbeSuccess = 1.15;
constexpr std::size_t kProbeAnswered = 3; ///< the phase by which the rate of the probe is known
constexpr Duration kRestartRttMin = 4ms;
/// The draft's window of two products fills a queue of one more; ours leaves room for a quarter and for acks that come
/// in groups and, unless somebody types, for processes that wake up late.
constexpr double kWindowGain = 1.25;
constexpr std::size_t kHeadroomSegments = 32;
constexpr Duration kHeadroomTime = 1ms;
constexpr std::size_t kLateSegmentsMax = 96; ///< more at once would not fit the receive rings of hops
constexpr Duration kMinimumRttAge = 10s;     ///< draft section 4.1.2
constexpr double kProbeRttGain = 0.5;
constexpr Duration kProbeRttTime = 10ms; ///< or one round trip: long enough to empty queues as short as these
/// A round that loses more is congestion, whatever else it is: only what arrives counts then.
constexpr double kLossShareMax = 0.3;
constexpr double kLossBackoff = 0.7;
constexpr unsigned kRoundSamplesMin = 8; ///< RFC 9406 section 4.3
constexpr Duration kDelayMin = 4ms;      ///< RFC 9406 section 4.3
constexpr Duration kDelayMax = 16ms;     ///< RFC 9406 section 4.3

double microseconds(Duration duration)
{
    return static_cast<double>(duration.count());
}

} // namespace

CongestionController::CongestionController(std::size_t segmentBytes, std::size_t windowMax)
    : m_segmentBytes(segmentBytes),
      m_windowMax(std::max(windowMax, kMinimumSegments * segmentBytes)),
      m_window(kInitialSegments * segmentBytes)
{
}

void CongestionController::acknowledged(const Acknowledged& acknowledged, Instant now)
{
    m_isRoundStart = false;
    takeRtt(acknowledged, now);
    takeRate(acknowledged);
    changeState(acknowledged, now);
    resizeWindow(acknowledged.bytes);
}

void CongestionController::persistentCongestion()
{
    m_window = least();
    m_state = State::Startup;
    m_isPipeFull = false;
    m_fullRate = 0;
    m_roundsWithoutGrowth = 0;
}

void CongestionController::restart(std::size_t segmentBytes, std::uint64_t delivered)
{
    *this = CongestionController(segmentBytes, m_windowMax);
    m_roundEnd = delivered;
}

double CongestionController::pacingRate() const
{
    if (!m_minimumRtt)
        return 0;
    // Never so slow that a stream which was held back by its application could stop.
    const double least = static_cast<double>(kMinimumSegments * m_segmentBytes) / microseconds(m_latestRtt);
    if (m_bandwidth <= 0)
        return kStartupGain * static_cast<double>(m_window) / microseconds(*m_minimumRtt);
    double gain = 1.0;
    switch (m_state) {
    case State::Startup:
        gain = kStartupGain;
        break;
    case State::Drain:
        gain = 1 / kStartupGain;
        break;
    case State::ProbeBandwidth:
        gain = kCycleGains[m_cyclePhase];
        break;
    case State::ProbeRtt:
        break;
    }
    return std::max(gain * m_bandwidth, least);
}

void CongestionController::takeRtt(const Acknowledged& acknowledged, Instant now)
{
    if (!acknowledged.rtt)
        return;
    m_latestRtt = std::max(*acknowledged.rtt, Duration{1});
    m_roundRtt = m_roundRtt ? std::min(*m_roundRtt, m_latestRtt) : m_latestRtt;
    ++m_roundSamples;
    const bool isOld = m_minimumRtt && now - m_minimumRttAt > kMinimumRttAge;
    if (isOld && m_state != State::ProbeRtt && m_isPipeFull) {
        m_state = State::ProbeRtt;
        m_probeRttUntil.reset();
    }
    if (!m_minimumRtt || m_latestRtt <= *m_minimumRtt || isOld) {
        m_minimumRtt = m_latestRtt;
        m_minimumRttAt = now;
    }
}

void CongestionController::takeRate(const Acknowledged& acknowledged)
{
    if (!acknowledged.rate)
        return;
    const RateSample& rate = *acknowledged.rate;
    if (rate.deliveredBefore >= m_roundEnd) {
        endRound(rate, acknowledged.delivered - m_roundEnd);
        m_roundEnd = acknowledged.delivered;
    }
    // Samples that something else held back only count if they are better than what is known (section 4.1.1.2).
    if (rate.isLimited && rate.bytesPerMicrosecond < m_bandwidth)
        return;
    double& ofRound = m_roundRates[m_roundIndex];
    ofRound = std::max(ofRound, rate.bytesPerMicrosecond);
    m_bandwidth = *std::ranges::max_element(m_roundRates);
}

void CongestionController::endRound(const RateSample& rate, std::uint64_t bytesDelivered)
{
    m_isRoundStart = true;
    const auto delivered = static_cast<double>(bytesDelivered);
    const auto lost = static_cast<double>(m_roundLost);
    m_roundLost = 0;
    if (lost > kLossShareMax * (lost + delivered) && lost > static_cast<double>(kMinimumSegments * m_segmentBytes)) {
        for (double& known : m_roundRates)
            known *= kLossBackoff;
        m_isPipeFull = true;
    }
    // A round that was held back must not push out what better ones have shown.
    if (rate.isLimited)
        return;
    m_roundIndex = (m_roundIndex + 1) % kBandwidthRounds;
    m_roundRates[m_roundIndex] = 0;
}

void CongestionController::changeState(const Acknowledged& acknowledged, Instant now)
{
    if (m_isRoundStart && !m_isPipeFull && acknowledged.rate && !acknowledged.rate->isLimited) {
        if (m_bandwidth >= m_fullRate * kFullGrowth) {
            m_fullRate = m_bandwidth;
            m_roundsWithoutGrowth = 0;
        } else if (++m_roundsWithoutGrowth >= kFullRounds) {
            m_isPipeFull = true;
        }
    }
    if (!m_isPipeFull && m_roundSamples >= kRoundSamplesMin &&
        *m_roundRtt >= *m_minimumRtt + std::clamp(*m_minimumRtt / 8, kDelayMin, kDelayMax))
        m_isPipeFull = true;
    if (m_isRoundStart) {
        m_roundRtt.reset();
        m_roundSamples = 0;
    }
    if (m_state == State::Startup && m_isPipeFull)
        m_state = State::Drain;
    if (m_state == State::Drain && acknowledged.bytesInFlight <= std::max(product(1.0), least())) {
        m_state = State::ProbeBandwidth;
        m_cyclePhase = 2;
        m_cycleAt = now;
    }
    if (m_state == State::ProbeBandwidth)
        advanceCycle(acknowledged, now);
    else if (m_state == State::ProbeRtt)
        advanceProbeRtt(acknowledged, now);
}

void CongestionController::advanceCycle(const Acknowledged& acknowledged, Instant now)
{
    const double gain = kCycleGains[m_cyclePhase];
    // Section 4.3.4.3: down as soon as the queue of the probe is gone.
    const bool isDrained = gain < 1.0 && acknowledged.bytesInFlight <= product(1.0);
    if (now - m_cycleAt < m_minimumRtt.value_or(kHeadroomTime) && !isDrained)
        return;
    m_cyclePhase = (m_cyclePhase + 1) % kCycleGains.size();
    m_cycleAt = now;
    if (m_cyclePhase == 0)
        m_rateBeforeProbe = m_bandwidth;
    else if (m_cyclePhase == kProbeAnswered)
        judgeProbe();
}

void CongestionController::judgeProbe()
{
    const auto before = std::exchange(m_rateBeforeProbe, std::nullopt);
    if (before && m_bandwidth >= *before * kProbeSuccess && m_minimumRtt.value_or(Duration{}) >= kRestartRttMin)
        resumeStartup();
}

void CongestionController::resumeStartup()
{
    m_state = State::Startup;
    m_isPipeFull = false;
    m_fullRate = m_bandwidth;
    m_roundsWithoutGrowth = 0;
}

void CongestionController::advanceProbeRtt(const Acknowledged& acknowledged, Instant now)
{
    if (!m_probeRttUntil) {
        if (acknowledged.bytesInFlight <= std::max(product(kProbeRttGain), least()))
            m_probeRttUntil = now + std::max(kProbeRttTime, m_latestRtt);
        return;
    }
    if (now < *m_probeRttUntil)
        return;
    m_probeRttUntil.reset();
    m_minimumRttAt = now;
    m_state = State::ProbeBandwidth;
    m_cyclePhase = 2;
    m_cycleAt = now;
}

void CongestionController::resizeWindow(std::size_t bytesDelivered)
{
    const std::size_t wanted = std::clamp(target(), least(), m_windowMax);
    const std::size_t grown = m_window + bytesDelivered;
    if (m_state == State::ProbeRtt)
        m_window = wanted;
    else if (m_isPipeFull || m_bandwidth > 0)
        m_window = std::min(grown, std::max(wanted, m_isPipeFull ? least() : m_window)); // draft section 4.2.3.3
    else
        m_window = std::min(grown, m_windowMax);
}

std::size_t CongestionController::least() const
{
    return kMinimumSegments * m_segmentBytes;
}

std::size_t CongestionController::product(double gain) const
{
    return static_cast<std::size_t>(gain * m_bandwidth * microseconds(m_minimumRtt.value_or(Duration{})));
}

std::size_t CongestionController::target() const
{
    if (m_state == State::ProbeRtt)
        return product(kProbeRttGain);
    const Duration headroom = m_isYielding ? Duration{} : kHeadroomTime;
    const auto late =
        std::min(static_cast<std::size_t>(m_bandwidth * microseconds(headroom)), kLateSegmentsMax * m_segmentBytes);
    const double gain = m_state == State::Startup ? kStartupGain : kWindowGain;
    return product(gain) + late + kHeadroomSegments * m_segmentBytes;
}

} // namespace fb::stream
