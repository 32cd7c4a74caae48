// SPDX-License-Identifier: Apache-2.0
#include "core/stream/DeliveryRate.h"

#include <algorithm>

namespace fb::stream {

DeliveryRate::Stamp DeliveryRate::sent(InFlight inFlight, Instant now)
{
    if (inFlight == InFlight::Nothing) {
        m_firstSentAt = now;
        m_deliveredAt = now;
    }
    return {.delivered = m_delivered,
            .deliveredAt = m_deliveredAt,
            .firstSentAt = m_firstSentAt,
            .isLimited = m_limitedUntil != 0};
}

void DeliveryRate::restart(Instant now)
{
    m_pathSince = now;
    m_firstSentAt = now;
    m_deliveredAt = now;
    m_newest.reset();
}

void DeliveryRate::arrived(const Stamp& stamp, Instant sentAt, std::size_t bytes, Instant now)
{
    m_delivered += bytes;
    m_deliveredAt = now;
    if (sentAt < m_pathSince)
        return;
    if (m_newest && stamp.delivered < m_newest->stamp.delivered)
        return;
    m_newest = {.stamp = stamp, .sendTime = sentAt - stamp.firstSentAt, .ackTime = now - stamp.deliveredAt};
    m_firstSentAt = std::max(m_firstSentAt, sentAt);
}

std::optional<RateSample> DeliveryRate::take(Duration minimumRtt)
{
    if (m_limitedUntil != 0 && m_delivered > m_limitedUntil)
        m_limitedUntil = 0;
    if (!m_newest)
        return std::nullopt;
    const Newest newest = *m_newest;
    m_newest.reset();
    const Duration interval = std::max(newest.sendTime, newest.ackTime);
    if (interval < std::max(minimumRtt, Duration{1}))
        return std::nullopt;
    return RateSample{.bytesPerMicrosecond = static_cast<double>(m_delivered - newest.stamp.delivered) /
                                             static_cast<double>(interval.count()),
                      .deliveredBefore = newest.stamp.delivered,
                      .isLimited = newest.stamp.isLimited};
}

void DeliveryRate::limited(std::size_t bytesInFlight)
{
    m_limitedUntil = std::max<std::uint64_t>(m_delivered + bytesInFlight, 1);
}

} // namespace fb::stream
