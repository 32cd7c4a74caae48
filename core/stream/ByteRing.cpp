// SPDX-License-Identifier: Apache-2.0
#include "core/stream/ByteRing.h"

#include "core/base/Assert.h"

#include <algorithm>
#include <bit>

namespace fb::stream {

namespace {
constexpr std::size_t kCapacityMin = 2048;
}

void ByteRing::store(std::uint64_t offset, Bytes bytes)
{
    FB_ASSERT(offset >= m_begin);
    if (bytes.empty())
        return;
    const std::uint64_t end = std::max(m_end, offset + bytes.size());
    if (end - m_begin > m_capacity)
        grow(static_cast<std::size_t>(end - m_begin));
    write(offset, bytes);
    m_end = end;
}

void ByteRing::discardBefore(std::uint64_t offset)
{
    FB_ASSERT(offset >= m_begin && offset <= m_end);
    m_begin = offset;
}

std::pair<Bytes, Bytes> ByteRing::view(std::uint64_t offset, std::size_t count) const
{
    FB_ASSERT(offset >= m_begin && offset + count <= m_end);
    if (count == 0)
        return {};
    const auto at = static_cast<std::size_t>(offset & (m_capacity - 1));
    const std::size_t first = std::min(count, m_capacity - at);
    return {Bytes(m_bytes.get() + at, first), Bytes(m_bytes.get(), count - first)};
}

void ByteRing::releaseIfEmpty()
{
    if (m_begin != m_end)
        return;
    m_bytes.reset();
    m_capacity = 0;
}

void ByteRing::grow(std::size_t needed)
{
    ByteRing larger;
    larger.m_capacity = std::max(kCapacityMin, std::bit_ceil(needed));
    larger.m_bytes = std::make_unique_for_overwrite<std::uint8_t[]>(larger.m_capacity);
    larger.m_begin = m_begin;
    larger.m_end = m_end;
    const auto [first, second] = view(m_begin, static_cast<std::size_t>(m_end - m_begin));
    larger.write(m_begin, first);
    larger.write(m_begin + first.size(), second);
    *this = std::move(larger);
}

void ByteRing::write(std::uint64_t offset, Bytes bytes)
{
    const auto at = static_cast<std::size_t>(offset & (m_capacity - 1));
    const std::size_t first = std::min(bytes.size(), m_capacity - at);
    std::copy_n(bytes.begin(), first, m_bytes.get() + at);
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(first), bytes.size() - first, m_bytes.get());
}

} // namespace fb::stream
