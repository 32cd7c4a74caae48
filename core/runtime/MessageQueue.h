// SPDX-License-Identifier: Apache-2.0
// Values from one thread to another: bounded, with a descriptor that is readable while something waits, so that the
// receiving thread can poll it beside everything else. Any number of senders, one receiver.
#pragma once

#include "core/base/BoundedQueue.h"
#include "core/base/FileDescriptor.h"

#include <cstddef>
#include <mutex>
#include <optional>
#include <utility>

namespace fb::runtime {

/// An eventfd(2): raised by any thread, lowered by the one that polls it.
class WakeUp {
public:
    WakeUp();
    [[nodiscard]] int pollDescriptor() const { return m_event.get(); }
    void raise();
    void lower();

private:
    FileDescriptor m_event;
};

template <class T>
class MessageQueue {
public:
    explicit MessageQueue(std::size_t limit) : m_queue(limit) {}

    /// False if the queue is full: the value is gone and counted.
    [[nodiscard]] bool push(T value)
    {
        const std::lock_guard lock(m_mutex);
        if (!m_queue.push(std::move(value)))
            return false;
        m_wakeUp.raise();
        return true;
    }

    [[nodiscard]] std::optional<T> pop()
    {
        const std::lock_guard lock(m_mutex);
        auto value = m_queue.pop();
        if (m_queue.empty())
            m_wakeUp.lower();
        return value;
    }

    [[nodiscard]] int pollDescriptor() const { return m_wakeUp.pollDescriptor(); }
    [[nodiscard]] std::uint64_t refused() const
    {
        const std::lock_guard lock(m_mutex);
        return m_queue.refused();
    }

private:
    mutable std::mutex m_mutex;
    BoundedQueue<T> m_queue;
    WakeUp m_wakeUp;
};

} // namespace fb::runtime
