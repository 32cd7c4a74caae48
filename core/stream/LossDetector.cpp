// SPDX-License-Identifier: Apache-2.0
#include "core/stream/LossDetector.h"

#include "core/base/Assert.h"

#include <algorithm>
#include <chrono>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr unsigned kLaterArrivedMin = 3; ///< RFC 9002 section 6.1.1
constexpr Duration kGranularity = 1ms;   ///< RFC 9002 section 6.1.2

Duration lossDelay(const RttEstimator& rtt)
{
    return std::max(rtt.conservative() * 9 / 8, kGranularity);
}

} // namespace

/// What one acknowledgement delivers.
class LossDetector::Tally {
public:
    Tally(const RttEstimator& rtt, std::optional<Instant> echoed, Instant now)
        : m_rtt(rtt), m_echoed(echoed), m_now(now)
    {
    }

    void add(const Segment& segment)
    {
        m_bytes += segment.size();
        m_hasResent = m_hasResent || segment.isResent;
        if (!m_newestSentAt || segment.sentAt > *m_newestSentAt)
            m_newestSentAt = segment.sentAt;
    }

    /// False for the ack of an original that looks like one of its retransmission.
    [[nodiscard]] bool provesSendTime(const Segment& segment) const
    {
        if (m_echoed)
            return segment.sentAt <= *m_echoed;
        return !segment.isResent || !m_rtt.hasSample() || m_now - segment.sentAt >= m_rtt.minimum();
    }

    /// Without an echo no sample if any of it was sent twice: bytes behind a mended hole arrived long before this ack.
    [[nodiscard]] Delivered result() const
    {
        Delivered delivered{.bytes = m_bytes, .sendings = m_sendings, .rtt = std::nullopt, .rate = std::nullopt};
        if (m_newestSentAt && m_echoed)
            delivered.rtt = m_now - *m_echoed;
        else if (m_newestSentAt && !m_hasResent)
            delivered.rtt = m_now - *m_newestSentAt;
        return delivered;
    }

    [[nodiscard]] Sendings& sendings() { return m_sendings; }
    [[nodiscard]] Instant now() const { return m_now; }

private:
    const RttEstimator& m_rtt;
    std::optional<Instant> m_echoed;
    Instant m_now;
    std::size_t m_bytes = 0;
    Sendings m_sendings;
    bool m_hasResent = false;
    std::optional<Instant> m_newestSentAt;
};

void LossDetector::sent(Range segment, Instant now)
{
    FB_ASSERT(isEmpty() || m_segments.back().range.end == segment.begin);
    const auto bytes = static_cast<std::uint32_t>(segment.end - segment.begin);
    m_segments.push_back({.range = segment, .sentAt = now, .stamp = stamp(now), .sentBytes = bytes});
    m_bytesInFlight += bytes;
}

LossDetector::Delivered LossDetector::acknowledged(const Arrived& arrived, const RttEstimator& rtt, Instant now)
{
    Tally tally(rtt, arrived.echoed, now);
    dropArrivedBefore(arrived.upTo, tally);
    for (const Range& range : arrived.ranges)
        markArrived(range, tally);
    Delivered delivered = tally.result();
    delivered.rate = m_rate.take(rtt.minimum());
    return delivered;
}

LossDetector::Lost LossDetector::detect(const RttEstimator& rtt, Instant now)
{
    Lost lost;
    m_lossDeadline.reset();
    if (m_arrivedCount == 0 && m_resentCount == 0)
        return lost;
    const Duration delay = lossDelay(rtt);
    unsigned laterArrived = 0;
    for (std::size_t index = m_segments.size(); index-- > m_head;) {
        Segment& segment = m_segments[index];
        if (segment.state == State::Arrived)
            ++laterArrived;
        if (segment.state != State::InFlight || segment.sentAt > m_newestArrivedSentAt)
            continue;
        if (segment.sentAt == m_newestArrivedSentAt && segment.range.end > m_newestArrivedEnd)
            continue;
        const bool isOvertaken = !segment.isResent && laterArrived >= kLaterArrivedMin;
        if (isOvertaken || segment.sentAt + delay <= now)
            markLost(segment, lost);
        else if (!m_lossDeadline || segment.sentAt + delay < *m_lossDeadline)
            m_lossDeadline = segment.sentAt + delay;
    }
    return lost;
}

LossDetector::Lost LossDetector::declareOldestLost()
{
    Lost lost;
    for (std::size_t index = m_head; index < m_segments.size(); ++index) {
        if (m_segments[index].state == State::Arrived)
            continue;
        if (m_segments[index].state == State::InFlight)
            markLost(m_segments[index], lost);
        break;
    }
    return lost;
}

LossDetector::Lost LossDetector::declareAllLost()
{
    Lost lost;
    for (std::size_t index = m_head; index < m_segments.size(); ++index) {
        if (m_segments[index].state == State::InFlight)
            markLost(m_segments[index], lost);
    }
    m_lossDeadline.reset();
    return lost;
}

std::optional<Range> LossDetector::resendLost(std::size_t bytesMax, Instant now)
{
    if (m_lostCount == 0)
        return std::nullopt;
    for (std::size_t index = indexOf(m_lostFrom); index < m_segments.size(); ++index) {
        if (m_segments[index].state == State::Lost)
            return resend(index, bytesMax, now);
    }
    FB_ASSERT(false);
    return std::nullopt;
}

std::optional<Range> LossDetector::resendOldest(std::size_t bytesMax, Instant now)
{
    for (std::size_t index = m_head; index < m_segments.size(); ++index) {
        if (m_segments[index].state != State::Arrived)
            return resend(index, bytesMax, now);
    }
    return std::nullopt;
}

void LossDetector::releaseIfEmpty()
{
    if (!isEmpty())
        return;
    m_segments = {};
    m_head = 0;
}

DeliveryRate::Stamp LossDetector::stamp(Instant now)
{
    return m_rate.sent(m_bytesInFlight == 0 ? DeliveryRate::InFlight::Nothing : DeliveryRate::InFlight::Something, now);
}

void LossDetector::noteSending(Sendings& sendings, const Segment& segment) const
{
    auto& newest = segment.sentBytes > m_shortBytes ? sendings.longAt : sendings.shortAt;
    newest = std::max(newest, std::optional(segment.sentAt));
    sendings.longest = std::max<std::size_t>(sendings.longest, segment.sentBytes);
}

void LossDetector::noteArrival(Segment& segment, Tally& tally)
{
    if (segment.state == State::InFlight)
        m_bytesInFlight -= segment.size();
    else
        --m_lostCount;
    if (segment.isResent)
        --m_resentCount;
    tally.add(segment);
    const bool isProven = tally.provesSendTime(segment);
    if (isProven || segment.sentBytes > m_shortBytes)
        noteSending(tally.sendings(), segment);
    m_rate.arrived(segment.stamp, segment.sentAt, segment.size(), tally.now());
    const bool isNewer = segment.sentAt > m_newestArrivedSentAt ||
                         (segment.sentAt == m_newestArrivedSentAt && segment.range.end > m_newestArrivedEnd);
    if (isNewer && isProven) {
        m_newestArrivedSentAt = segment.sentAt;
        m_newestArrivedEnd = segment.range.end;
    }
    segment.state = State::Arrived;
}

void LossDetector::dropArrivedBefore(std::uint64_t upTo, Tally& tally)
{
    while (m_head < m_segments.size() && m_segments[m_head].range.begin < upTo) {
        if (m_segments[m_head].range.end > upTo)
            splitAt(m_head, static_cast<std::size_t>(upTo - m_segments[m_head].range.begin));
        Segment& segment = m_segments[m_head];
        if (segment.state == State::Arrived)
            --m_arrivedCount;
        else
            noteArrival(segment, tally);
        ++m_head;
    }
    // Shifts what is left only when at least as much is done with: constant cost per segment.
    if (m_head > m_segments.size() / 2) {
        m_segments.erase(m_segments.begin(), m_segments.begin() + static_cast<std::ptrdiff_t>(m_head));
        m_head = 0;
    }
}

void LossDetector::markArrived(Range range, Tally& tally)
{
    for (std::size_t index = indexOf(range.begin); index < m_segments.size(); ++index) {
        Segment& segment = m_segments[index];
        if (segment.range.end > range.end)
            break;
        if (segment.range.begin < range.begin || segment.state == State::Arrived)
            continue;
        noteArrival(segment, tally);
        ++m_arrivedCount;
    }
}

void LossDetector::markLost(Segment& segment, Lost& lost)
{
    segment.state = State::Lost;
    m_bytesInFlight -= segment.size();
    m_lostFrom = m_lostCount == 0 ? segment.range.begin : std::min(m_lostFrom, segment.range.begin);
    ++m_lostCount;
    m_lostBytes += segment.size();
    lost.bytes += segment.size();
    noteSending(lost.sendings, segment);
}

Range LossDetector::resend(std::size_t index, std::size_t bytesMax, Instant now)
{
    if (m_segments[index].size() > bytesMax)
        splitAt(index, bytesMax);
    Segment& segment = m_segments[index];
    segment.stamp = stamp(now);
    if (segment.state == State::Lost) {
        --m_lostCount;
        m_lostFrom = std::max(m_lostFrom, segment.range.begin);
        m_bytesInFlight += segment.size();
        segment.state = State::InFlight;
    }
    if (!segment.isResent)
        ++m_resentCount;
    segment.isResent = true;
    segment.sentBytes = static_cast<std::uint32_t>(segment.size());
    segment.sentAt = now;
    return segment.range;
}

void LossDetector::splitAt(std::size_t index, std::size_t bytes)
{
    Segment rest = m_segments[index];
    rest.range.begin += bytes;
    m_segments[index].range.end = rest.range.begin;
    if (rest.state == State::Lost)
        ++m_lostCount;
    if (rest.state == State::Arrived)
        ++m_arrivedCount;
    if (rest.isResent)
        ++m_resentCount;
    m_segments.insert(m_segments.begin() + static_cast<std::ptrdiff_t>(index) + 1, rest);
}

std::size_t LossDetector::indexOf(std::uint64_t offset) const
{
    const auto first = m_segments.begin() + static_cast<std::ptrdiff_t>(m_head);
    const auto found =
        std::ranges::lower_bound(first, m_segments.end(), offset, {}, [](const Segment& s) { return s.range.begin; });
    return static_cast<std::size_t>(found - m_segments.begin());
}

} // namespace fb::stream
