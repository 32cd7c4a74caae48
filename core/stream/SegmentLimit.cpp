// SPDX-License-Identifier: Apache-2.0
#include "core/stream/SegmentLimit.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <utility>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

/// Ethernet; the least of IPv6, which every tunnel carries; the least of IPv4.
constexpr std::array kSaferBytes{segmentBytesFor(1500), segmentBytesFor(1280), kSegmentBytesSafest};
/// A fall that gains less than an eighth would not tell long segments from short ones.
constexpr std::size_t kFallNumerator = 7;
constexpr std::size_t kFallDenominator = 8;
/// At 20 % random loss one of three thousand lone long segments is lost so often before it arrives; in a copy others
/// arrive meanwhile.
constexpr unsigned kRoundsForBlackHole = 5;
constexpr Duration kTrialIntervalMax = 10min; ///< RFC 8899 section 5.1.1
constexpr unsigned kTrials = 3;               ///< RFC 8899 section 5.1.2
constexpr Duration kTrialSpacing = 1s;

bool isWorthAFall(std::size_t from, std::size_t to)
{
    return to <= from * kFallNumerator / kFallDenominator;
}

} // namespace

std::size_t SegmentLimit::shortBytes() const
{
    const auto* const safer = std::ranges::find_if(kSaferBytes, [this](auto to) { return isWorthAFall(m_bytes, to); });
    return safer == kSaferBytes.end() ? std::numeric_limits<std::size_t>::max() : *safer;
}

std::optional<std::size_t> SegmentLimit::trialBytes(Instant now) const
{
    if (m_bytes >= m_pathBytes || isSuspected() || now < m_trialAt)
        return std::nullopt;
    // The way up has the steps of the way down.
    std::size_t next = m_pathBytes;
    for (const std::size_t step : kSaferBytes) {
        if (step > m_bytes && isWorthAFall(m_pathBytes, step))
            next = step;
    }
    return next;
}

void SegmentLimit::trialSent(Instant now)
{
    if (++m_trialsSent < kTrials)
        m_trialAt = now + kTrialSpacing;
    else
        delayTrial(now);
}

void SegmentLimit::arrived(const Sendings& sendings)
{
    m_longestArrived = std::max(m_longestArrived, sendings.longest);
    if (sendings.longAt && sendings.longest >= m_lostBytes) { // the pieces that a lost one was cut into are shorter
        m_roundsLost = 0;
        m_lostBytes = 0;
        m_longLostAt.reset();
    }
    if (sendings.shortAt)
        m_shortArrivedAt = std::max(m_shortArrivedAt, sendings.shortAt);
}

void SegmentLimit::lost(const Sendings& sendings)
{
    // What was sent before the last round was judged is no proof of its own; and trials are expected to fail.
    if (!sendings.longAt || *sendings.longAt < m_roundSince || sendings.longest > m_bytes)
        return;
    m_longLostAt = std::max(m_longLostAt, sendings.longAt);
    m_lostBytes = std::max(m_lostBytes, sendings.longest);
}

SegmentLimit::Change SegmentLimit::judge(Instant now)
{
    const std::size_t proven = std::min(std::exchange(m_longestArrived, 0), m_pathBytes);
    if (proven > m_bytes) {
        m_bytes = proven;
        m_trialsSent = 0;
        m_trialAt = now;
        return Change::Rose;
    }
    if (!m_longLostAt || !m_shortArrivedAt || *m_shortArrivedAt <= *m_longLostAt)
        return Change::None;
    m_longLostAt.reset();
    m_roundSince = now;
    return ++m_roundsLost < kRoundsForBlackHole ? Change::None : fall(now);
}

SegmentLimit::Change SegmentLimit::fall(Instant now)
{
    m_bytes = std::min(m_bytes, shortBytes());
    m_roundsLost = 0;
    m_lostBytes = 0;
    delayTrial(now);
    return Change::Fell;
}

/// Further each time, after a rise too: a path that loses most of the long segments, and not all, must not make us fall
/// and rise for ever.
void SegmentLimit::delayTrial(Instant now)
{
    m_trialsSent = 0;
    m_trialAt = now + m_trialInterval;
    m_trialInterval = std::min<Duration>(2 * m_trialInterval, kTrialIntervalMax);
}

} // namespace fb::stream
