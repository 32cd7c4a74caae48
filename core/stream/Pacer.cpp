// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Pacer.h"

#include <algorithm>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr double kBurstSegments = 32;
constexpr double kBurstSegmentsMax = 96; ///< more at once would not fit the receive rings of hops
constexpr Duration kBurstTime = 1ms;     ///< coarser timers than this must not slow a stream down
constexpr double kWakeSegments = 16;     ///< a group that travels together wakes each hop once

} // namespace

void Pacer::refill(const Rate& rate, Instant now)
{
    const bool wasActive = m_isActive;
    m_isActive = rate.bytesPerMicrosecond > 0;
    if (!m_isActive)
        return;
    m_bytesPerMicrosecond = rate.bytesPerMicrosecond;
    const auto segment = static_cast<double>(rate.segmentBytes);
    const double most = std::clamp(m_bytesPerMicrosecond * static_cast<double>(kBurstTime.count()),
                                   kBurstSegments * segment, kBurstSegmentsMax * segment);
    m_wakeBytes = kWakeSegments * segment;
    const double due = m_bytesPerMicrosecond * static_cast<double>((now - m_refilledAt).count());
    m_tokens = wasActive ? std::min(m_tokens + due, most) : most;
    m_refilledAt = now;
}

void Pacer::spend(std::size_t bytes)
{
    if (m_isActive)
        m_tokens -= static_cast<double>(bytes);
}

Instant Pacer::readyAt(Instant now) const
{
    const double missing = std::max(m_wakeBytes - m_tokens, 1.0);
    return now + Duration(1 + static_cast<Duration::rep>(missing / m_bytesPerMicrosecond));
}

} // namespace fb::stream
