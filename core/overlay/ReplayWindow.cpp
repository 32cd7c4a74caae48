// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/ReplayWindow.h"

#include <algorithm>

namespace fb::overlay {

ReplayWindow::ReplayWindow(std::uint32_t first) : m_first(first), m_next(first), m_newestWord(first / kWordBits) {}

bool ReplayWindow::take(std::uint32_t counter)
{
    const std::uint64_t number = counter;
    if (number < m_first || number + kFrames < m_next)
        return false;
    const std::uint64_t word = number / kWordBits;
    if (word > m_newestWord) {
        const std::uint64_t entered = std::min<std::uint64_t>(word - m_newestWord, kWords);
        for (std::uint64_t back = 0; back < entered; ++back)
            m_heard[(word - back) % kWords] = 0;
        m_newestWord = word;
    }
    m_next = std::max(m_next, number + 1);
    auto& bits = m_heard[word % kWords];
    const std::uint64_t bit = std::uint64_t{1} << (number % kWordBits);
    if ((bits & bit) != 0)
        return false;
    bits |= bit;
    return true;
}

} // namespace fb::overlay
