// SPDX-License-Identifier: Apache-2.0
// What the engine counts: every reason for which something received was not believed, and every limit that was met.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fb::stream {

enum class Counter {
    AcceptsUnexpected, ///< an accept that answers no connect of ours
    AckBodiesMalformed,
    AcksForUnsent,       ///< acknowledge bytes that were never sent
    AcksTooOld,          ///< acknowledge far less than was acknowledged before
    BlackHoles,          ///< long segments vanished while short ones arrived: ours are shorter since
    BuffersLimitReached, ///< a stream wanted a larger buffer than the engine has left
    BytesOutsideWindow,  ///< segments beyond what we offered to buffer
    ClientPortsTaken,    ///< streams that we could not open: no port was found free
    ClosesContradictory, ///< a second, different end, or bytes behind the end
    ConnectsRepeated,
    ConnectsToClientPorts, ///< connects to ports that are never services
    ConnectsUnexpected,    ///< a connect with another number on a stream that lives
    ControlQueueFull,
    FramesOfUnknownType,
    FramesTruncated,
    HalfOpenLimitReached,
    KeepalivesSent,
    OptionsMalformed,
    ReorderLimitReached, ///< a segment that would have made one hole too many
    ResetsReceived,
    ResetsSent,
    ResetsUnexpected,   ///< a reset whose numbers do not fit: not believed
    ResetsWithheld,     ///< frames of no stream, or of one that ended, that the rate limit left unanswered
    SegmentLimitRaised, ///< a longer segment arrived where a black hole had been
    SegmentsForUnknownStreams,
    SegmentsRepeated,
    SegmentsStale, ///< of an earlier stream between the same ports
    StampsMissing, ///< data or ack without what version 2 puts in front
    StreamsLimitReached,
    Count,
};

[[nodiscard]] std::string_view nameOf(Counter counter);

class Counters {
public:
    void add(Counter counter) { ++m_values[static_cast<std::size_t>(counter)]; }
    [[nodiscard]] std::uint64_t of(Counter counter) const { return m_values[static_cast<std::size_t>(counter)]; }

private:
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::Count)> m_values{};
};

} // namespace fb::stream
