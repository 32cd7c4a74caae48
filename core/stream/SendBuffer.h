// SPDX-License-Identifier: Apache-2.0
// What was written and is not yet acknowledged, by stream offset. Bounded; one copy in, one copy out.
#pragma once

#include "core/base/Bytes.h"
#include "core/stream/ByteRing.h"

#include <cstdint>

namespace fb::stream {

class SendBuffer {
public:
    explicit SendBuffer(std::size_t bytesMax) : m_bytesMax(bytesMax) {}

    /// Takes as many bytes as there is room for and returns how many.
    [[nodiscard]] std::size_t write(Bytes bytes);
    /// The peer has everything before this offset.
    void acknowledged(std::uint64_t offset) { m_ring.discardBefore(offset); }
    /// Appends the bytes [offset, offset + count) to a frame.
    void appendTo(ByteVector& frame, std::uint64_t offset, std::size_t count) const;
    void setBytesMax(std::size_t bytesMax) { m_bytesMax = bytesMax; }
    [[nodiscard]] std::size_t bytesMax() const { return m_bytesMax; }
    void releaseIfEmpty() { m_ring.releaseIfEmpty(); }

    [[nodiscard]] std::uint64_t begin() const { return m_ring.begin(); }
    [[nodiscard]] std::uint64_t end() const { return m_ring.end(); }
    [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(end() - begin()); }

private:
    std::size_t m_bytesMax;
    ByteRing m_ring;
};

} // namespace fb::stream
