// SPDX-License-Identifier: Apache-2.0
// How many have a reason to keep the map up to date. The overlay asks the network only while there is at least one.
#pragma once

#include "core/overlay/Engine.h"

#include <cstddef>
#include <utility>

namespace fb::agent {

class WatchCount {
public:
    /// One reason, as long as it lives. The count must outlive it.
    class Hold {
    public:
        explicit Hold(WatchCount& count) : m_count(&count) { ++m_count->m_holds; }
        Hold(Hold&& other) noexcept : m_count(std::exchange(other.m_count, nullptr)) {}
        Hold& operator=(Hold&& other) noexcept
        {
            std::swap(m_count, other.m_count);
            return *this;
        }
        ~Hold()
        {
            if (m_count)
                --m_count->m_holds;
        }

    private:
        WatchCount* m_count;
    };

    /// Tells the overlay if the answer to "does anybody watch" has changed since the last call.
    void apply(overlay::Engine& overlay, Instant now)
    {
        const bool wanted = m_holds > 0;
        if (wanted == m_isWatching)
            return;
        m_isWatching = wanted;
        if (wanted)
            overlay.startWatching(now);
        else
            overlay.stopWatching(now);
    }

private:
    std::size_t m_holds = 0;
    bool m_isWatching = false;
};

} // namespace fb::agent
