// SPDX-License-Identifier: Apache-2.0
// A first-in first-out queue with a limit. What does not fit is refused and counted, never silently lost.
#pragma once

#include "core/base/Assert.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace fb {

template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t limit) : m_limit(limit) { FB_ASSERT(limit > 0); }

    /// False if the queue is full; the value is gone then and refused() has grown by one.
    [[nodiscard]] bool push(T value)
    {
        if (m_size >= m_limit) {
            ++m_refused;
            return false;
        }
        if (m_size == m_slots.size())
            grow();
        m_slots[slotOf(m_size)] = std::move(value);
        ++m_size;
        return true;
    }

    [[nodiscard]] std::optional<T> pop()
    {
        std::optional<T> value;
        if (m_size == 0)
            return value;
        value.swap(m_slots[m_first]);
        m_first = slotOf(1);
        --m_size;
        return value;
    }

    /// Counted from the front; it must exist.
    [[nodiscard]] const T& operator[](std::size_t index) const
    {
        FB_ASSERT(index < m_size);
        return *m_slots[slotOf(index)];
    }

    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] bool full() const { return m_size >= m_limit; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] std::size_t limit() const { return m_limit; }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }

private:
    [[nodiscard]] std::size_t slotOf(std::size_t index) const
    {
        const std::size_t slot = m_first + index;
        return slot < m_slots.size() ? slot : slot - m_slots.size();
    }

    void grow()
    {
        constexpr std::size_t kSlotsAtFirst = 16;
        std::vector<std::optional<T>> larger(std::min(m_limit, std::max(kSlotsAtFirst, 2 * m_slots.size())));
        for (std::size_t index = 0; index < m_size; ++index)
            larger[index].swap(m_slots[slotOf(index)]);
        m_slots.swap(larger);
        m_first = 0;
    }

    std::vector<std::optional<T>> m_slots; ///< a ring: what passes through needs no memory of its own
    std::size_t m_first = 0;
    std::size_t m_size = 0;
    std::size_t m_limit;
    std::uint64_t m_refused = 0;
};

} // namespace fb
