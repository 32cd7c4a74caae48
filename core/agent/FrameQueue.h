// SPDX-License-Identifier: Apache-2.0
// Frames on their way to a link: a small bounded queue a class, interactive first. Those of a turn leave together; the
// rest waits for room. A standing queue delays keystrokes, so frames that wait too long are dropped: the overlay
// expects loss.
#pragma once

#include "core/base/BoundedQueue.h"
#include "core/base/Instant.h"
#include "core/link/Link.h"
#include "core/overlay/Engine.h"

#include <array>
#include <cstdint>
#include <span>

namespace fb::agent {

class FrameQueue {
public:
    static constexpr std::size_t kInteractiveMax = 64;
    static constexpr std::size_t kBulkMax = 192;
    /// A frame that is older is worth less than the delay it causes to those behind it.
    static constexpr Duration kAgeMax = std::chrono::milliseconds(20);

    FrameQueue() : m_interactive(kInteractiveMax), m_bulk(kBulkMax) {}

    void push(overlay::Transmit transmit, Instant now);
    [[nodiscard]] bool empty() const { return size() == 0; }
    [[nodiscard]] std::size_t size() const { return m_interactive.size() + m_bulk.size(); }
    /// Whether the link had no room for all of the last drain().
    [[nodiscard]] bool isBlocked() const { return m_isBlocked; }

    /// Offers frames in order, up to kFramesPerSend at once, until `send` takes fewer than it was offered (it returns
    /// how many it took); drops those that are too old. `sent` is handed what was taken.
    template <class Send, class Sent>
    void drain(Instant now, Send send, Sent sent)
    {
        dropOld(now);
        std::array<Bytes, link::Link::kFramesPerSend> room;
        std::size_t taken = 0;
        std::size_t offered = 0;
        do {
            offered = fill(room);
            taken = offered == 0 ? 0 : send(std::span<const Bytes>(room).first(offered));
            for (std::size_t frame = 0; frame < taken; ++frame)
                sent(takeFirst());
        } while (taken != 0 && taken == offered);
        noteBlocked();
    }

    /// Drops everything.
    void discard();

    /// Frames that never left: refused because full, grown too old, or discarded.
    [[nodiscard]] std::uint64_t dropped() const
    {
        return m_interactive.refused() + m_bulk.refused() + m_expired + m_discarded;
    }
    /// Frames that had to wait for room.
    [[nodiscard]] std::uint64_t queued() const { return m_queued; }

private:
    struct Waiting {
        ByteVector frame;
        Instant since;
    };

    void dropOld(Instant now);
    /// Views of the frames that are next, as many as there is room for.
    [[nodiscard]] std::size_t fill(std::span<Bytes> room) const;
    [[nodiscard]] ByteVector takeFirst();
    void noteBlocked();

    BoundedQueue<Waiting> m_interactive;
    BoundedQueue<Waiting> m_bulk;
    bool m_isBlocked = false;
    std::uint64_t m_expired = 0;
    std::uint64_t m_discarded = 0;
    std::uint64_t m_queued = 0;
};

} // namespace fb::agent
