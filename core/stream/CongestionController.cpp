// SPDX-License-Identifier: Apache-2.0
#include "core/stream/CongestionController.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kInitialSegments = 10;                                  ///< RFC 9002 section 7.2
constexpr std::size_t kMinimumSegments = 2;                                   ///< RFC 9002 section 7.2
constexpr double kScale = 0.4;                                                ///< C of RFC 9438 section 4.1
constexpr double kDecrease = 0.7;                                             ///< beta of RFC 9438 section 4.6
constexpr double kFairIncrease = 3.0 * (1.0 - kDecrease) / (1.0 + kDecrease); ///< alpha of RFC 9438 section 4.3
constexpr unsigned kRoundSamplesMin = 8;                                      ///< RFC 9406 section 4.3
constexpr Duration kDelayMin = 4ms;                                           ///< RFC 9406 section 4.3
constexpr Duration kDelayMax = 16ms;                                          ///< RFC 9406 section 4.3

double secondsOf(Duration duration)
{
    return std::chrono::duration<double>(duration).count();
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
    if (isInSlowStart())
        watchDelay(acknowledged);
    // A window that is not used says nothing about the path (RFC 9002 section 7.8).
    if (!acknowledged.wasWindowLimited || acknowledged.bytes == 0)
        return;
    if (isInSlowStart())
        slowStart(acknowledged);
    else
        avoidCongestion(acknowledged, now);
}

void CongestionController::lost(Instant sentAt, Instant now)
{
    if (m_recoveryStart && sentAt <= *m_recoveryStart)
        return;
    m_recoveryStart = now;
    const double window = static_cast<double>(m_window) / static_cast<double>(m_segmentBytes);
    // Fast convergence, RFC 9438 section 4.7: a flow that did not get back to its old window leaves room for others.
    m_windowBeforeLoss = window < m_windowBeforeLoss ? window * (1.0 + kDecrease) / 2.0 : window;
    m_window = std::max(static_cast<std::size_t>(static_cast<double>(m_window) * kDecrease),
                        kMinimumSegments * m_segmentBytes);
    m_slowStartThreshold = m_window;
    m_epochStart.reset();
}

void CongestionController::persistentCongestion()
{
    m_window = kMinimumSegments * m_segmentBytes;
    m_recoveryStart.reset();
    m_epochStart.reset();
}

void CongestionController::restart(std::size_t segmentBytes)
{
    *this = CongestionController(segmentBytes, m_windowMax);
}

void CongestionController::slowStart(const Acknowledged& acknowledged)
{
    m_window = std::min({m_window + acknowledged.bytes, m_windowMax, m_slowStartThreshold});
}

void CongestionController::watchDelay(const Acknowledged& acknowledged)
{
    if (acknowledged.upTo > m_roundEnd) {
        m_roundEnd = acknowledged.sentUpTo;
        m_previousRoundRtt = m_roundRtt;
        m_roundRtt.reset();
        m_roundSamples = 0;
    }
    if (!acknowledged.rtt)
        return;
    m_roundRtt = m_roundRtt ? std::min(*m_roundRtt, *acknowledged.rtt) : *acknowledged.rtt;
    if (++m_roundSamples < kRoundSamplesMin || !m_previousRoundRtt)
        return;
    if (*m_roundRtt >= *m_previousRoundRtt + std::clamp(*m_previousRoundRtt / 8, kDelayMin, kDelayMax))
        m_slowStartThreshold = m_window;
}

void CongestionController::avoidCongestion(const Acknowledged& acknowledged, Instant now)
{
    if (!m_epochStart)
        startEpoch(now);
    const double window = static_cast<double>(m_window) / static_cast<double>(m_segmentBytes);
    const double segments = static_cast<double>(acknowledged.bytes) / static_cast<double>(m_segmentBytes);
    const double elapsed = secondsOf(now - *m_epochStart + acknowledged.smoothedRtt) - m_timeToOrigin;
    const double cubic = kScale * elapsed * elapsed * elapsed + m_windowBeforeLoss;
    // RFC 9438 section 4.3: at least what Reno would have.
    m_windowEstimate += (m_windowEstimate < m_windowBeforeLoss ? kFairIncrease : 1.0) * segments / window;
    if (cubic < m_windowEstimate) {
        grow(m_windowEstimate - window);
        return;
    }
    const double target = std::clamp(cubic, window, 1.5 * window); // RFC 9438 section 4.2
    grow((target - window) / window * segments);
}

void CongestionController::startEpoch(Instant now)
{
    m_epochStart = now;
    const double window = static_cast<double>(m_window) / static_cast<double>(m_segmentBytes);
    m_windowBeforeLoss = std::max(m_windowBeforeLoss, window);
    m_timeToOrigin = std::cbrt((m_windowBeforeLoss - window) / kScale);
    m_windowEstimate = window;
    m_fraction = 0;
}

void CongestionController::grow(double segments)
{
    m_fraction += std::max(segments, 0.0) * static_cast<double>(m_segmentBytes);
    const double whole = std::floor(m_fraction);
    m_fraction -= whole;
    const double window = std::min(static_cast<double>(m_window) + whole, static_cast<double>(m_windowMax));
    m_window = static_cast<std::size_t>(window);
}

} // namespace fb::stream
