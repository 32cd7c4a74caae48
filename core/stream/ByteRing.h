// SPDX-License-Identifier: Apache-2.0
// Bytes addressed by their offset in an endless stream, of which it keeps a moving part [begin, end). It owns no
// memory until the first byte comes and doubles as needed; how far it may grow is the user's business. Offsets inside
// the part that were never stored read as whatever was there: the user knows which ones it has.
#pragma once

#include "core/base/Bytes.h"

#include <cstdint>
#include <memory>
#include <utility>

namespace fb::stream {

class ByteRing {
public:
    /// Puts bytes at an offset, which is not before begin(); end() moves up if they reach beyond it.
    void store(std::uint64_t offset, Bytes bytes);
    /// Forgets everything before the offset, which is not beyond end().
    void discardBefore(std::uint64_t offset);
    /// The bytes [offset, offset + count), all of them inside [begin, end): the second view is empty unless they wrap.
    [[nodiscard]] std::pair<Bytes, Bytes> view(std::uint64_t offset, std::size_t count) const;
    /// Gives the memory back if nothing is kept.
    void releaseIfEmpty();

    [[nodiscard]] std::uint64_t begin() const { return m_begin; }
    [[nodiscard]] std::uint64_t end() const { return m_end; }
    [[nodiscard]] std::size_t capacity() const { return m_capacity; }

private:
    void grow(std::size_t needed);
    void write(std::uint64_t offset, Bytes bytes);

    std::unique_ptr<std::uint8_t[]> m_bytes;
    std::size_t m_capacity = 0; ///< zero or a power of two
    std::uint64_t m_begin = 0;
    std::uint64_t m_end = 0;
};

} // namespace fb::stream
