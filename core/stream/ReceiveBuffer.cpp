// SPDX-License-Identifier: Apache-2.0
#include "core/stream/ReceiveBuffer.h"

#include <algorithm>

namespace fb::stream {

ReceiveBuffer::Outcome ReceiveBuffer::insert(std::uint64_t offset, Bytes bytes)
{
    const std::uint64_t end = offset + bytes.size();
    if (end <= m_next || bytes.empty())
        return Outcome::Repeated;
    if (m_closeOffset && end > *m_closeOffset)
        return Outcome::Contradiction;
    if (end > windowEnd())
        return Outcome::OutsideWindow;
    const std::uint64_t begin = std::max(offset, m_next);
    const Bytes fresh = bytes.subspan(static_cast<std::size_t>(begin - offset));
    if (begin == m_next && m_ranges.empty()) {
        m_ring.store(begin, fresh);
        m_next = end;
        return Outcome::InOrder;
    }
    const std::size_t rangesBefore = m_ranges.size();
    if (begin > m_next && rangesBefore >= kRangesMax && !addRange({begin, end}))
        return Outcome::TooManyRanges;
    // Bytes of a run that was already there are written again with what must be the same bytes; a peer that sends
    // others only confuses itself.
    m_ring.store(begin, fresh);
    return absorb({begin, end});
}

ReceiveBuffer::Outcome ReceiveBuffer::insertClose(std::uint64_t offset)
{
    if (m_closeOffset)
        return *m_closeOffset == offset ? Outcome::Repeated : Outcome::Contradiction;
    const std::uint64_t highest = m_ranges.empty() ? m_next : m_ranges.back().end;
    if (offset < highest)
        return Outcome::Contradiction;
    if (offset > windowEnd())
        return Outcome::OutsideWindow;
    if (offset > m_next && m_ranges.size() >= kRangesMax)
        return Outcome::TooManyRanges;
    m_closeOffset = offset;
    return absorb({offset, offset + 1});
}

std::size_t ReceiveBuffer::read(std::span<std::uint8_t> into)
{
    const std::size_t count = std::min(into.size(), readable());
    const auto [first, second] = m_ring.view(m_readOffset, count);
    std::ranges::copy(first, into.begin());
    std::ranges::copy(second, into.begin() + static_cast<std::ptrdiff_t>(first.size()));
    m_readOffset += count;
    m_ring.discardBefore(m_readOffset);
    return count;
}

void ReceiveBuffer::setBytesMax(std::size_t bytesMax)
{
    m_promisedEnd = windowEnd();
    m_bytesMax = bytesMax;
}

std::size_t ReceiveBuffer::readable() const
{
    const std::uint64_t end = isComplete() ? *m_closeOffset : m_next;
    return static_cast<std::size_t>(end - m_readOffset);
}

bool ReceiveBuffer::addRange(Range added)
{
    const auto first = std::ranges::lower_bound(m_ranges, added.begin, {}, &Range::end);
    auto last = first;
    while (last != m_ranges.end() && last->begin <= added.end) {
        added = {std::min(added.begin, last->begin), std::max(added.end, last->end)};
        ++last;
    }
    if (first == last) {
        if (m_ranges.size() >= kRangesMax)
            return false;
        m_ranges.insert(first, added);
        return true;
    }
    *first = added;
    m_ranges.erase(first + 1, last);
    return true;
}

ReceiveBuffer::Outcome ReceiveBuffer::absorb(Range added)
{
    m_newestOffset = added.begin;
    if (added.begin > m_next) {
        const bool kept = addRange(added);
        return kept ? Outcome::OutOfOrder : Outcome::TooManyRanges;
    }
    m_next = std::max(m_next, added.end);
    std::size_t reached = 0;
    while (reached < m_ranges.size() && m_ranges[reached].begin <= m_next)
        m_next = std::max(m_next, m_ranges[reached++].end);
    m_ranges.erase(m_ranges.begin(), m_ranges.begin() + static_cast<std::ptrdiff_t>(reached));
    return Outcome::InOrder;
}

} // namespace fb::stream
