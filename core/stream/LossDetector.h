// SPDX-License-Identifier: Apache-2.0
// What is under way and what of it was lost. Wire numbers count bytes, so a retransmission carries the same number as
// the original; each segment therefore remembers when it was last sent. A segment is lost when one sent later has
// arrived and either three later ones have, or 9/8 of a round trip has passed (RFC 9002 section 6.1, RFC 8985 for
// retransmissions). Which of two sendings an ack answers is told by the time it echoes; without one, an ack that comes
// too soon for the retransmission answers the original and proves nothing.
// A peer that acknowledges but sends no ranges is served with duplicate acks by its user (Sender).
#pragma once

#include "core/base/Instant.h"
#include "core/stream/DeliveryRate.h"
#include "core/stream/Range.h"
#include "core/stream/RttEstimator.h"
#include "core/stream/SegmentLimit.h"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fb::stream {

class LossDetector {
public:
    /// Segments kept at a time; the user sends nothing new while isFull().
    static constexpr std::size_t kSegmentsMax = 16384;

    struct Delivered {
        std::size_t bytes = 0;
        Sendings sendings;           ///< short ones only where the ack proves which sending arrived
        std::optional<Duration> rtt; ///< to the echo; without one, to the newest segment, if all were sent once
        std::optional<RateSample> rate;
    };
    struct Lost {
        std::size_t bytes = 0;
        Sendings sendings;
    };

    /// Longer segments than this are long ones in what arrived and was lost.
    void setShortBytes(std::size_t bytes) { m_shortBytes = bytes; }
    void sent(Range segment, Instant now);
    /// What an ack says: everything before `upTo` has arrived, and the ranges.
    struct Arrived {
        std::uint64_t upTo = 0;
        std::span<const Range> ranges;
        std::optional<Instant> echoed; ///< when the segment was sent that made the peer answer, if it says so
    };
    [[nodiscard]] Delivered acknowledged(const Arrived& arrived, const RttEstimator& rtt, Instant now);
    /// Finds what must be given up as lost now; sets lossDeadline() for what will be, if nothing arrives.
    [[nodiscard]] Lost detect(const RttEstimator& rtt, Instant now);
    /// The oldest segment counts as lost, whatever the clock says.
    [[nodiscard]] Lost declareOldestLost();
    /// Nothing that is under way is expected to arrive.
    Lost declareAllLost();

    /// The next lost segment, at most `bytesMax` of it, as sent again now.
    [[nodiscard]] std::optional<Range> resendLost(std::size_t bytesMax, Instant now);
    /// The oldest segment that has not arrived, at most `bytesMax` of it, as sent again now.
    [[nodiscard]] std::optional<Range> resendOldest(std::size_t bytesMax, Instant now);

    [[nodiscard]] bool isEmpty() const { return m_head == m_segments.size(); }
    [[nodiscard]] bool isFull() const { return m_segments.size() - m_head >= kSegmentsMax; }
    [[nodiscard]] bool hasLost() const { return m_lostCount > 0; }
    [[nodiscard]] std::size_t bytesInFlight() const { return m_bytesInFlight; }
    [[nodiscard]] std::optional<Instant> lossDeadline() const { return m_lossDeadline; }
    [[nodiscard]] std::uint64_t delivered() const { return m_rate.delivered(); }
    [[nodiscard]] std::uint64_t lostBytes() const { return m_lostBytes; }
    /// Another path: the rate of the old one does not apply.
    void restartRate(Instant now) { m_rate.restart(now); }
    /// Something other than the congestion window holds the sender back.
    void markLimited() { m_rate.limited(m_bytesInFlight); }
    void releaseIfEmpty();

private:
    enum class State : std::uint8_t { InFlight, Lost, Arrived };
    struct Segment {
        Range range;
        Instant sentAt{};
        DeliveryRate::Stamp stamp;
        std::uint32_t sentBytes =
            0; ///< length of the segment that carried it last; the rest of one that was cut keeps it
        bool isResent = false;
        State state = State::InFlight;

        [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(range.end - range.begin); }
    };
    class Tally;

    [[nodiscard]] DeliveryRate::Stamp stamp(Instant now);
    void noteSending(Sendings& sendings, const Segment& segment) const;
    void noteArrival(Segment& segment, Tally& tally);
    void dropArrivedBefore(std::uint64_t upTo, Tally& tally);
    void markArrived(Range range, Tally& tally);
    void markLost(Segment& segment, Lost& lost);
    Range resend(std::size_t index, std::size_t bytesMax, Instant now);
    void splitAt(std::size_t index, std::size_t bytes);
    [[nodiscard]] std::size_t indexOf(std::uint64_t offset) const;

    std::vector<Segment> m_segments; ///< ascending; those before m_head are done with
    DeliveryRate m_rate;
    std::size_t m_head = 0;
    std::size_t m_shortBytes = 0;
    std::uint64_t m_lostBytes = 0; ///< in all, each loss of the same byte counted
    std::size_t m_bytesInFlight = 0;
    std::size_t m_lostCount = 0;
    std::size_t m_arrivedCount = 0; ///< arrived out of order
    std::size_t m_resentCount = 0;
    std::uint64_t m_lostFrom = 0; ///< no lost segment is before this offset
    Instant m_newestArrivedSentAt{};
    std::uint64_t m_newestArrivedEnd = 0;
    std::optional<Instant> m_lossDeadline;
};

} // namespace fb::stream
