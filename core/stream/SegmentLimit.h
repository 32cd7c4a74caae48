// SPDX-License-Identifier: Apache-2.0
// How long a segment may be. The limit begins with what the path is said to carry. Where longer segments vanish without
// a word while shorter ones arrive (a black hole), it falls to a safer length, and it rises again when a longer segment
// has arrived: packetization layer path MTU discovery after RFC 4821 and RFC 8899, told by acknowledgements alone, so
// it works with every kind of peer. Random loss is no black hole: one as long as a lost one that arrives takes all
// suspicion away.
#pragma once

#include "core/base/Instant.h"
#include "core/romon/Codec.h"
#include "core/romon/Fields.h"
#include "core/stream/Frame.h"

#include <chrono>
#include <cstddef>
#include <optional>

namespace fb::stream {

/// Bytes of a stream that fit a path of ten hops that carries so many bytes behind the Ethernet header.
[[nodiscard]] constexpr std::size_t segmentBytesFor(std::size_t l2Mtu)
{
    return l2Mtu - romon::kDataOverheadBytes - 10 * romon::kHopEntryBytes - kHeaderBytes - kStampsBytes;
}
/// What the last fall leaves: the least that IPv4 asks of a link.
inline constexpr std::size_t kSegmentBytesSafest = segmentBytesFor(576);

/// Of some segments, when the newest long and the newest short ones were sent, and how long the longest was.
struct Sendings {
    std::optional<Instant> longAt;
    std::optional<Instant> shortAt;
    std::size_t longest = 0;
};

class SegmentLimit {
public:
    explicit SegmentLimit(std::size_t pathBytes) : m_pathBytes(pathBytes), m_bytes(pathBytes) {}

    [[nodiscard]] std::size_t bytes() const { return m_bytes; }
    /// Segments up to this length pass even if the path is a black hole to longer ones.
    [[nodiscard]] std::size_t shortBytes() const;
    /// Long segments vanish: ask with short ones.
    [[nodiscard]] bool isSuspected() const { return m_roundsLost > 0; }
    /// A length beyond the limit that is worth a segment now.
    [[nodiscard]] std::optional<std::size_t> trialBytes(Instant now) const;
    void trialSent(Instant now);

    void arrived(const Sendings& sendings);
    void lost(const Sendings& sendings);
    enum class Change { None, Fell, Rose };
    /// What follows from what arrived and was lost.
    [[nodiscard]] Change judge(Instant now);

private:
    [[nodiscard]] Change fall(Instant now);
    void delayTrial(Instant now);

    std::size_t m_pathBytes;
    std::size_t m_bytes;
    // Suspicion. A round is lost when a long segment was lost, and a short one sent later has arrived.
    unsigned m_roundsLost = 0;
    std::size_t m_lostBytes = 0; ///< longest of those
    Instant m_roundSince{};
    std::optional<Instant> m_longLostAt; ///< when it was sent
    std::optional<Instant> m_shortArrivedAt;
    std::size_t m_longestArrived = 0;
    // Trials of longer segments.
    Instant m_trialAt{};
    Duration m_trialInterval = kTrialIntervalMin;
    unsigned m_trialsSent = 0;

    static constexpr Duration kTrialIntervalMin = std::chrono::seconds(10);
};

} // namespace fb::stream
