// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Sender.h"

#include "core/stream/Window.h"

#include <algorithm>
#include <chrono>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

/// Probes are never further apart than this, so that bytes flow within 100 ms of the end of an outage on a path of
/// 40 ms; after two minutes hardly anybody waits any more.
constexpr Duration kProbeIntervalMax = 60ms;
constexpr Duration kLateProbeIntervalMax = 500ms;
constexpr Duration kLongOutage = 120s;
/// While a peer answers that it has no room, it is asked less often.
constexpr Duration kWindowProbeIntervalMax = 500ms;
/// Later probes are small: whatever else the path refuses, it may pass those.
constexpr unsigned kProbesForSmallOnes = 3;
constexpr std::size_t kSmallProbeBytes = 64;
/// From this unanswered probe on, nothing under way is expected to arrive.
constexpr unsigned kProbesForAllLost = 2;
/// RFC 9002 section 7.6.1: three probe intervals; the third doubled one ends later than that.
constexpr unsigned kProbesForPersistentCongestion = 3;
constexpr unsigned kRepeatedAcksForLoss = 3; ///< RFC 5681 section 3.2
constexpr unsigned kBackoffShiftMax = 10;

} // namespace

void Sender::finish()
{
    if (!m_closeOffset)
        m_closeOffset = m_buffer.end();
}

void Sender::answered(const Answer& answer, Instant now)
{
    const bool isProgress = answer.upTo > m_acknowledged;
    LossDetector::Delivered delivered =
        m_losses.acknowledged({.upTo = answer.upTo, .ranges = answer.ranges, .echoed = answer.echoed}, m_rtt, now);
    if (delivered.rtt && now - *delivered.rtt < m_pathSince)
        delivered.rtt.reset(); // what was sent along another path says nothing about this one
    if (isProgress) {
        m_acknowledged = answer.upTo;
        m_buffer.acknowledged(std::min(answer.upTo, m_buffer.end()));
    }
    if (delivered.rtt)
        m_rtt.sample(*delivered.rtt);
    if (answer.windowEnd)
        allowUpTo(*answer.windowEnd);
    // Frames that acknowledge nothing new do not stop the probing: the peer may hear nothing of us.
    if (delivered.bytes > 0 || m_losses.isEmpty()) {
        m_probesUnanswered = 0;
        m_isProbeDue = false;
    }
    m_segmentLimit.arrived(delivered.sendings);
    m_congestion.acknowledged({.bytes = delivered.bytes,
                               .delivered = m_losses.delivered(),
                               .bytesInFlight = m_losses.bytesInFlight(),
                               .rate = delivered.rate,
                               .rtt = delivered.rtt},
                              now);
    applyLosses(m_losses.detect(m_rtt, now));
    countRepeats(answer, isProgress);
    followSegmentLimit(now);
    if (delivered.bytes > 0 || !m_timers.isRunning(Timer::Probe))
        armProbe(now);
}

void Sender::pathChanged(std::size_t segmentBytes, Instant now)
{
    m_segmentLimit = SegmentLimit(segmentBytes);
    m_losses.setShortBytes(m_segmentLimit.shortBytes());
    m_pathSince = now;
    m_congestion.restart(segmentBytes, m_losses.delivered());
    m_losses.restartRate(now);
    m_rtt.restart();
    m_losses.declareAllLost();
    m_probesUnanswered = 0;
    m_isProbeDue = isWaiting();
    m_timers.stop(Timer::Loss);
    m_timers.stop(Timer::Pacing);
    armProbe(now);
}

void Sender::allowUpTo(std::uint64_t windowEnd)
{
    m_hasWindow = true;
    if (windowEnd <= m_windowEnd)
        return;
    m_windowEnd = windowEnd;
    m_windowProbes = 0;
}

void Sender::advance(Instant now)
{
    if (m_timers.takeIfDue(Timer::Loss, now))
        applyLosses(m_losses.detect(m_rtt, now));
    followSegmentLimit(now);
    (void)m_timers.takeIfDue(Timer::Pacing, now);
    if (!m_timers.takeIfDue(Timer::Probe, now) || !isWaiting())
        return;
    m_isProbeDue = true;
    ++m_probesUnanswered;
    if (m_probesUnanswered >= kProbesForAllLost)
        m_segmentLimit.lost(m_losses.declareAllLost().sendings);
    if (m_probesUnanswered == kProbesForPersistentCongestion)
        m_congestion.persistentCongestion();
    armProbe(now);
}

std::optional<Sender::Piece> Sender::next(Instant now)
{
    auto piece = nextProbe(now);
    if (!piece)
        piece = nextResent(now);
    if (!piece)
        piece = nextFresh(now);
    if (piece)
        armProbe(now);
    else if (isBlockedByWindow() && !m_timers.isRunning(Timer::Probe))
        armProbe(now);
    return piece;
}

void Sender::appendBytes(ByteVector& frame, Range range) const
{
    m_buffer.appendTo(frame, range.begin, static_cast<std::size_t>(range.end - range.begin));
}

void Sender::releaseMemory()
{
    m_buffer.releaseIfEmpty();
    m_losses.releaseIfEmpty();
}

std::optional<Sender::Piece> Sender::nextProbe(Instant now)
{
    if (!m_isProbeDue)
        return std::nullopt;
    m_isProbeDue = false;
    const bool isSmall = m_probesUnanswered >= kProbesForSmallOnes || m_segmentLimit.isSuspected();
    const std::size_t bytesMax = isSmall ? std::min(segmentBytes(), kSmallProbeBytes) : segmentBytes();
    if (auto piece = pieceOf(m_losses.resendOldest(bytesMax, now)))
        return piece;
    if (!isBlockedByWindow())
        return std::nullopt;
    ++m_windowProbes;
    return Piece{.kind = Piece::Kind::Probe, .range = {m_next, m_next}, .isFresh = false};
}

std::optional<Sender::Piece> Sender::nextResent(Instant now)
{
    if (!m_losses.hasLost() || !mayPut(segmentBytes(), now))
        return std::nullopt;
    return pieceOf(m_losses.resendLost(segmentBytes(), now));
}

std::optional<Sender::Piece> Sender::nextFresh(Instant now)
{
    const std::size_t unsent = unsentBytes();
    const bool isCloseNext = unsent == 0 && m_closeOffset && m_next == *m_closeOffset;
    if (unsent == 0 && !isCloseNext) {
        markLimited();
        return std::nullopt;
    }
    if (m_losses.isFull())
        return std::nullopt;
    if (isCloseNext) { // not subject to any window: it carries no bytes
        m_losses.sent({m_next, m_next + 1}, now);
        ++m_next;
        return Piece{.kind = Piece::Kind::Close, .range = {m_next - 1, m_next}, .isFresh = true};
    }
    const auto room = static_cast<std::size_t>(m_windowEnd - std::min(m_windowEnd, m_next));
    const std::size_t longest = freshBytesMax(std::min(unsent, room), now);
    const std::size_t wanted = std::min(unsent, longest);
    // RFC 9293 section 3.8.6.2.1: no small segments merely because the window is nearly full.
    if (room < wanted && (room == 0 || !m_losses.isEmpty())) {
        markLimited();
        return std::nullopt;
    }
    const std::size_t bytes = std::min(wanted, room);
    if (!mayPut(bytes, now))
        return std::nullopt;
    const Range range{m_next, m_next + bytes};
    m_losses.sent(range, now);
    m_next = range.end;
    m_pacer.spend(bytes);
    if (bytes > segmentBytes())
        m_segmentLimit.trialSent(now);
    return Piece{.kind = Piece::Kind::Bytes, .range = range, .isFresh = true};
}

std::optional<Sender::Piece> Sender::pieceOf(std::optional<Range> range)
{
    if (!range)
        return std::nullopt;
    ++m_resentSegments;
    m_pacer.spend(static_cast<std::size_t>(range->end - range->begin));
    const bool isClose = m_closeOffset && range->begin == *m_closeOffset;
    return Piece{.kind = isClose ? Piece::Kind::Close : Piece::Kind::Bytes, .range = *range, .isFresh = false};
}

bool Sender::mayPut(std::size_t bytes, Instant now)
{
    if (m_losses.bytesInFlight() > 0 && m_losses.bytesInFlight() + bytes > m_congestion.window())
        return false;
    m_pacer.refill({.bytesPerMicrosecond = m_congestion.pacingRate(), .segmentBytes = segmentBytes()}, now);
    if (m_pacer.allows(bytes) || m_buffer.size() <= kInteractiveBytes)
        return true;
    m_timers.set(Timer::Pacing, m_pacer.readyAt(now));
    return false;
}

bool Sender::isBlockedByWindow() const
{
    return m_hasWindow && m_losses.isEmpty() && unsentBytes() > 0 && m_next >= m_windowEnd;
}

std::uint64_t Sender::freshFrom() const
{
    return std::min(m_next, m_buffer.end());
}

Duration Sender::probeInterval() const
{
    const Duration first = m_rtt.probeInterval();
    if (isBlockedByWindow() && m_probesUnanswered <= 1) {
        const unsigned shift = std::min(m_windowProbes, kBackoffShiftMax);
        return std::min(first * (1U << shift), std::max(first, kWindowProbeIntervalMax));
    }
    const bool isLong = m_probesUnanswered * kProbeIntervalMax >= kLongOutage;
    const Duration longest = isLong ? kLateProbeIntervalMax : std::max(kProbeIntervalMax, 3 * m_rtt.minimum() / 2);
    return std::min(first * (1U << std::min(m_probesUnanswered, kBackoffShiftMax)), longest);
}

void Sender::markLimited()
{
    if (m_losses.bytesInFlight() < m_congestion.window())
        m_losses.markLimited();
}

void Sender::countRepeats(const Answer& answer, bool isProgress)
{
    if (isProgress || !answer.isRepeatable || m_losses.isEmpty()) {
        m_repeatedAcks = 0;
        return;
    }
    if (++m_repeatedAcks == kRepeatedAcksForLoss)
        applyLosses(m_losses.declareOldestLost());
}

void Sender::applyLosses(const LossDetector::Lost& lost)
{
    if (lost.bytes > 0)
        m_congestion.lost(lost.bytes);
    m_segmentLimit.lost(lost.sendings);
    if (const auto deadline = m_losses.lossDeadline())
        m_timers.set(Timer::Loss, *deadline);
    else
        m_timers.stop(Timer::Loss);
}

void Sender::followSegmentLimit(Instant now)
{
    switch (m_segmentLimit.judge(now)) {
    case SegmentLimit::Change::None:
        return;
    case SegmentLimit::Change::Fell:
        m_counters.add(Counter::BlackHoles);
        // What was lost says nothing about congestion, and what is under way will be lost too.
        m_congestion.restart(segmentBytes(), m_losses.delivered());
        m_losses.declareAllLost();
        m_probesUnanswered = 0;
        m_isProbeDue = false;
        m_timers.stop(Timer::Loss);
        m_timers.stop(Timer::Pacing);
        armProbe(now);
        break;
    case SegmentLimit::Change::Rose:
        m_counters.add(Counter::SegmentLimitRaised);
        m_congestion.setSegmentBytes(segmentBytes());
        break;
    }
    m_losses.setShortBytes(m_segmentLimit.shortBytes());
}

std::size_t Sender::freshBytesMax(std::size_t bytes, Instant now) const
{
    const auto trial = m_segmentLimit.trialBytes(now);
    return trial && bytes >= *trial ? *trial : segmentBytes();
}

void Sender::armProbe(Instant now)
{
    if (isWaiting())
        m_timers.set(Timer::Probe, now + probeInterval());
    else
        m_timers.stop(Timer::Probe);
}

} // namespace fb::stream
