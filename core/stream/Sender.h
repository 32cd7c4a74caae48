// SPDX-License-Identifier: Apache-2.0
// The sending half of a stream: decides which bytes go when. Owns the send buffer, loss detection, congestion control,
// pacing, the peer's window and the probe timer; knows nothing of headers or of the handshake. Offsets only; the close
// takes the offset behind the last byte.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Instant.h"
#include "core/base/TimerTable.h"
#include "core/stream/CongestionController.h"
#include "core/stream/Counters.h"
#include "core/stream/LossDetector.h"
#include "core/stream/Pacer.h"
#include "core/stream/Range.h"
#include "core/stream/RttEstimator.h"
#include "core/stream/SegmentLimit.h"
#include "core/stream/SendBuffer.h"

#include <cstdint>
#include <optional>
#include <span>

namespace fb::stream {

class Sender {
public:
    struct Limits {
        std::size_t bufferBytes = 0;    ///< at first
        std::size_t bufferBytesMax = 0; ///< once it has grown
        std::size_t segmentBytes = 0;
        std::uint64_t windowEnd = 0; ///< the peer takes bytes up to here
    };
    /// The counters outlive the sender.
    Sender(const Limits& limits, Counters& counters)
        : m_counters(counters),
          m_buffer(limits.bufferBytes),
          m_windowEnd(limits.windowEnd),
          m_segmentLimit(limits.segmentBytes),
          m_congestion(limits.segmentBytes, limits.bufferBytesMax)
    {
    }

    [[nodiscard]] std::size_t write(Bytes bytes) { return m_closeOffset ? 0 : m_buffer.write(bytes); }
    void setBufferBytes(std::size_t bytes) { m_buffer.setBytesMax(bytes); }
    [[nodiscard]] std::size_t bufferBytes() const { return m_buffer.bytesMax(); }
    /// No more bytes: the close follows the last one.
    void finish();

    /// What an ack said: everything before upTo arrived, and the ranges.
    struct Answer {
        std::uint64_t upTo = 0;
        std::span<const Range> ranges;
        std::optional<std::uint64_t> windowEnd; ///< peers without options advertise none
        std::optional<Instant> echoed;          ///< when what it answers was sent, if the peer says so
        bool isRepeatable = false;              ///< a bare ack of a peer without options: repeats hint at a loss
    };
    void answered(const Answer& answer, Instant now);
    /// A handshake took so long.
    void sampleRtt(Duration rtt) { m_rtt.sample(rtt); }
    void pathChanged(std::size_t segmentBytes, Instant now);
    void setYielding(bool isYielding) { m_congestion.setYielding(isYielding); }
    /// The peer takes bytes up to here at least.
    void allowUpTo(std::uint64_t windowEnd);
    void advance(Instant now);

    /// What to send next: bytes, the close, or an empty segment that asks for an answer.
    struct Piece {
        enum class Kind { Bytes, Close, Probe } kind = Kind::Bytes;
        Range range;
        bool isFresh = false; ///< never sent before
    };
    [[nodiscard]] std::optional<Piece> next(Instant now);
    void appendBytes(ByteVector& frame, Range range) const;

    [[nodiscard]] std::optional<Instant> nextDeadline() const { return m_timers.nextDeadline(); }
    [[nodiscard]] bool isFinished() const { return m_closeOffset.has_value(); }
    [[nodiscard]] bool isComplete() const { return m_closeOffset && m_acknowledged > *m_closeOffset; }
    /// Every byte is acknowledged and the close was sent.
    [[nodiscard]] bool isOnlyCloseWaiting() const
    {
        return m_closeOffset && m_acknowledged >= *m_closeOffset && m_next > *m_closeOffset;
    }
    /// Something was sent or must be, and an answer is due.
    [[nodiscard]] bool isWaiting() const { return !m_losses.isEmpty() || isBlockedByWindow(); }
    /// In a row, without progress since.
    [[nodiscard]] unsigned probesUnanswered() const { return m_probesUnanswered; }
    [[nodiscard]] std::uint64_t acknowledgedUpTo() const { return m_acknowledged; }
    [[nodiscard]] std::uint64_t sentUpTo() const { return m_next; }
    /// The close, which takes a number as well, is not counted.
    [[nodiscard]] std::uint64_t bytesSent() const { return freshFrom(); }
    [[nodiscard]] std::size_t backlogBytes() const { return m_buffer.size(); }
    [[nodiscard]] const RttEstimator& rtt() const { return m_rtt; }
    [[nodiscard]] const CongestionController& congestion() const { return m_congestion; }
    [[nodiscard]] const LossDetector& losses() const { return m_losses; }
    [[nodiscard]] std::size_t segmentBytes() const { return m_segmentLimit.bytes(); }
    [[nodiscard]] std::uint64_t resentSegments() const { return m_resentSegments; }
    void releaseMemory();

private:
    enum class Timer { Loss, Probe, Pacing, Count };

    [[nodiscard]] std::optional<Piece> nextProbe(Instant now);
    [[nodiscard]] std::optional<Piece> nextResent(Instant now);
    [[nodiscard]] std::optional<Piece> nextFresh(Instant now);
    [[nodiscard]] std::optional<Piece> pieceOf(std::optional<Range> range);
    [[nodiscard]] bool mayPut(std::size_t bytes, Instant now);
    [[nodiscard]] bool isBlockedByWindow() const;
    [[nodiscard]] std::size_t unsentBytes() const { return static_cast<std::size_t>(m_buffer.end() - freshFrom()); }
    [[nodiscard]] std::uint64_t freshFrom() const;
    [[nodiscard]] Duration probeInterval() const;
    void countRepeats(const Answer& answer, bool isProgress);
    /// The application or the peer's window holds us back, if the congestion window does not.
    void markLimited();
    void applyLosses(const LossDetector::Lost& lost);
    void followSegmentLimit(Instant now);
    /// How much a segment of so many bytes may take at most.
    [[nodiscard]] std::size_t freshBytesMax(std::size_t bytes, Instant now) const;
    void armProbe(Instant now);

    Counters& m_counters;
    SendBuffer m_buffer;
    std::uint64_t m_windowEnd; ///< the peer takes bytes up to here
    SegmentLimit m_segmentLimit;
    RttEstimator m_rtt;
    CongestionController m_congestion;
    LossDetector m_losses;
    Pacer m_pacer;
    TimerTable<Timer> m_timers;
    Instant m_pathSince{};
    std::uint64_t m_acknowledged = 0;
    std::uint64_t m_next = 0; ///< first offset never sent; beyond the close once that was sent
    std::optional<std::uint64_t> m_closeOffset;
    unsigned m_probesUnanswered = 0;
    unsigned m_windowProbes = 0; ///< in a row, answered or not, while the peer's window is closed
    unsigned m_repeatedAcks = 0;
    std::uint64_t m_resentSegments = 0;
    bool m_hasWindow = false; ///< the peer has told one: before that nothing is asked
    bool m_isProbeDue = false;
};

} // namespace fb::stream
