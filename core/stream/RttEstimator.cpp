// SPDX-License-Identifier: Apache-2.0
#include "core/stream/RttEstimator.h"

#include <algorithm>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr Duration kInitialInterval = 250ms; ///< before any sample: a lost connect must not cost a second
/// A process on a busy machine is easily this late; shorter probes would mostly be for nothing.
constexpr Duration kIntervalMin = 10ms;
constexpr Duration kAckDelayMax = 2ms; ///< how long a Footbridge receiver may hold back an ack

} // namespace

void RttEstimator::sample(Duration latest)
{
    latest = std::max(latest, Duration{1});
    if (!m_latest) {
        m_smoothed = latest;
        m_variation = latest / 2;
        m_minimum = latest;
    } else {
        const Duration error = m_smoothed > latest ? m_smoothed - latest : latest - m_smoothed;
        m_variation = (3 * m_variation + error) / 4;
        m_smoothed = (7 * m_smoothed + latest) / 8;
        m_minimum = std::min(m_minimum, latest);
    }
    m_latest = latest;
}

Duration RttEstimator::conservative() const
{
    return m_latest ? std::max(m_smoothed, *m_latest) : kInitialInterval;
}

Duration RttEstimator::probeInterval() const
{
    if (!m_latest)
        return kInitialInterval;
    return std::max(kIntervalMin, m_smoothed + 4 * m_variation + kAckDelayMax);
}

} // namespace fb::stream
