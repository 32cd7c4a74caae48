// SPDX-License-Identifier: Apache-2.0
// Puts segments back into order. Holds what was received and not yet read, holes included, never more than its limit;
// the peer's close takes one offset behind the last byte, so that it is ordered and acknowledged like a byte (ours).
// Overlapping and repeated segments are harmless: bytes that were given to the reader's side are never changed.
#pragma once

#include "core/base/Bytes.h"
#include "core/stream/ByteRing.h"
#include "core/stream/Range.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace fb::stream {

class ReceiveBuffer {
public:
    /// Separate runs of out-of-order bytes that are kept at a time.
    static constexpr std::size_t kRangesMax = 1024;

    enum class Outcome {
        InOrder,       ///< next() has moved
        OutOfOrder,    ///< kept, a hole is before it
        Repeated,      ///< nothing new in it
        OutsideWindow, ///< nothing kept: beyond windowEnd()
        TooManyRanges, ///< nothing kept: would be one run too many
        Contradiction, ///< nothing kept: bytes behind the close, or another place for the close
    };

    explicit ReceiveBuffer(std::size_t bytesMax) : m_bytesMax(bytesMax) {}

    [[nodiscard]] Outcome insert(std::uint64_t offset, Bytes bytes);
    [[nodiscard]] Outcome insertClose(std::uint64_t offset);
    /// Moves bytes in order into `into`; returns how many.
    [[nodiscard]] std::size_t read(std::span<std::uint8_t> into);
    /// A smaller limit takes back nothing that windowEnd() has promised: see holds().
    void setBytesMax(std::size_t bytesMax);
    /// Whether bytes up to this offset are within the limit, not only within what was promised.
    [[nodiscard]] bool holds(std::uint64_t end) const { return end <= m_readOffset + m_bytesMax; }
    [[nodiscard]] std::size_t bytesMax() const { return m_bytesMax; }
    void releaseIfEmpty() { m_ring.releaseIfEmpty(); }

    /// Everything before this offset has arrived, the close counted as one.
    [[nodiscard]] std::uint64_t next() const { return m_next; }
    /// Bytes that read() would give now.
    [[nodiscard]] std::size_t readable() const;
    /// Bytes are kept up to here; grows with every read, never shrinks.
    [[nodiscard]] std::uint64_t windowEnd() const { return std::max(m_promisedEnd, m_readOffset + m_bytesMax); }
    /// Every byte and the close have arrived.
    [[nodiscard]] bool isComplete() const { return m_closeOffset && m_next > *m_closeOffset; }
    /// Runs beyond next(), ascending; newestOffset() is in the one that the newest segment went to.
    [[nodiscard]] std::span<const Range> ranges() const { return m_ranges; }
    /// Bytes kept behind a hole, and the hole: what a read cannot give although the peer has gone on.
    [[nodiscard]] std::size_t behindHole() const
    {
        return m_ranges.empty() ? 0 : static_cast<std::size_t>(m_ranges.back().end - m_next);
    }
    [[nodiscard]] std::uint64_t newestOffset() const { return m_newestOffset; }

private:
    [[nodiscard]] bool addRange(Range added);
    Outcome absorb(Range added);

    std::size_t m_bytesMax;
    ByteRing m_ring;
    std::uint64_t m_promisedEnd = 0; ///< by an earlier, larger limit
    std::uint64_t m_readOffset = 0;
    std::uint64_t m_next = 0;
    std::uint64_t m_newestOffset = 0;
    std::optional<std::uint64_t> m_closeOffset;
    std::vector<Range> m_ranges;
};

} // namespace fb::stream
