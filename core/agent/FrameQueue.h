// SPDX-License-Identifier: Apache-2.0
// Frames that a link could not take at once: a small bounded queue a class, interactive first. A standing queue delays
// keystrokes, so frames that wait too long are dropped: the overlay expects loss.
#pragma once

#include "core/base/BoundedQueue.h"
#include "core/base/Instant.h"
#include "core/overlay/Engine.h"

#include <cstdint>

namespace fb::agent {

class FrameQueue {
public:
    static constexpr std::size_t kInteractiveMax = 64;
    static constexpr std::size_t kBulkMax = 192;
    /// A frame that is older is worth less than the delay it causes to those behind it.
    static constexpr Duration kAgeMax = std::chrono::milliseconds(20);

    FrameQueue() : m_interactive(kInteractiveMax), m_bulk(kBulkMax) {}

    void push(overlay::Transmit transmit, Instant now);
    [[nodiscard]] bool empty() const { return m_interactive.empty() && m_bulk.empty(); }
    /// Offers frames in order while `send` takes them (it returns whether it did); drops those that are too old.
    template <class Send>
    void drain(Instant now, Send send)
    {
        while (m_interactive.hasFrame(now) ? m_interactive.offer(send) : m_bulk.hasFrame(now) && m_bulk.offer(send)) {
        }
    }
    /// Frames that never left: refused because full, or grown too old.
    [[nodiscard]] std::uint64_t dropped() const { return m_interactive.dropped() + m_bulk.dropped(); }
    /// Frames that had to wait.
    [[nodiscard]] std::uint64_t queued() const { return m_queued; }

private:
    class Class {
    public:
        explicit Class(std::size_t limit) : m_frames(limit) {}

        [[nodiscard]] bool push(ByteVector frame, Instant now) { return m_frames.push({std::move(frame), now}); }
        [[nodiscard]] bool empty() const { return !m_first && m_frames.empty(); }
        [[nodiscard]] bool hasFrame(Instant now);
        template <class Send>
        bool offer(Send& send)
        {
            if (!send(m_first->frame))
                return false;
            m_first.reset();
            return true;
        }
        [[nodiscard]] std::uint64_t dropped() const { return m_frames.refused() + m_expired; }

    private:
        struct Waiting {
            ByteVector frame;
            Instant since;
        };
        BoundedQueue<Waiting> m_frames;
        std::optional<Waiting> m_first; ///< taken out of the queue, offered next
        std::uint64_t m_expired = 0;
    };

    Class m_interactive;
    Class m_bulk;
    std::uint64_t m_queued = 0;
};

} // namespace fb::agent
