// SPDX-License-Identifier: Apache-2.0
// A first-in first-out queue with a limit. What does not fit is refused and counted, never silently lost.
#pragma once

#include "core/base/Assert.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>

namespace fb {

template <class T>
class BoundedQueue {
public:
    explicit BoundedQueue(std::size_t limit) : m_limit(limit) { FB_ASSERT(limit > 0); }

    /// False if the queue is full; the value is gone then and refused() has grown by one.
    [[nodiscard]] bool push(T value)
    {
        if (m_values.size() >= m_limit) {
            ++m_refused;
            return false;
        }
        m_values.push_back(std::move(value));
        return true;
    }

    [[nodiscard]] std::optional<T> pop()
    {
        std::optional<T> value;
        if (!m_values.empty()) {
            value.emplace(std::move(m_values.front()));
            m_values.pop_front();
        }
        return value;
    }

    [[nodiscard]] bool empty() const { return m_values.empty(); }
    [[nodiscard]] bool full() const { return m_values.size() >= m_limit; }
    [[nodiscard]] std::size_t size() const { return m_values.size(); }
    [[nodiscard]] std::size_t limit() const { return m_limit; }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }

private:
    std::deque<T> m_values;
    std::size_t m_limit;
    std::uint64_t m_refused = 0;
};

} // namespace fb
