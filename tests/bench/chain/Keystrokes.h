// SPDX-License-Identifier: Apache-2.0
// Somebody types at a steady pace, whether or not the echo comes: one byte each, and when it came back. A pipe keeps
// its order, so the oldest byte out is the one that returns.
#pragma once

#include "core/base/Instant.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <deque>
#include <vector>

namespace fb::bench {

/// Round trips of one phase.
class RoundTrips {
public:
    void add(Duration trip) { m_trips.push_back(trip); }

    /// {"p50": ms, "p99": ms, "max": ms, "count": n}
    [[nodiscard]] nlohmann::ordered_json summary()
    {
        std::ranges::sort(m_trips);
        const auto percentile = [this](std::size_t hundredths) {
            if (m_trips.empty())
                return 0.0;
            const auto trip = m_trips[(m_trips.size() - 1) * hundredths / 100];
            return std::chrono::duration<double, std::milli>(trip).count();
        };
        return {{"p50", percentile(50)}, {"p99", percentile(99)}, {"max", percentile(100)}, {"count", m_trips.size()}};
    }

private:
    std::vector<Duration> m_trips;
};

class Keystrokes {
public:
    Keystrokes(Instant first, Duration interval) : m_next(first), m_interval(interval) {}

    [[nodiscard]] Instant next() const { return m_next; }
    /// The key was pressed when it was due, even if the program came to it late: waiting for a busy program counts.
    void pressed(RoundTrips* phase)
    {
        m_waiting.push_back({m_next, phase});
        m_next += m_interval;
    }
    /// Nobody types until then.
    void pauseUntil(Instant then) { m_next = std::max(m_next, then); }
    void returned(std::size_t count, Instant now)
    {
        for (; count > 0 && !m_waiting.empty(); --count)
            take(now);
    }
    /// Those that never came back have taken at least as long as they have been away.
    void giveUp(Instant now)
    {
        while (!m_waiting.empty())
            take(now);
    }

private:
    struct Key {
        Instant pressed;
        RoundTrips* phase = nullptr; ///< none: not counted
    };

    void take(Instant now)
    {
        const Key key = m_waiting.front();
        m_waiting.pop_front();
        if (key.phase != nullptr)
            key.phase->add(now - key.pressed);
    }

    Instant m_next;
    Duration m_interval;
    std::deque<Key> m_waiting;
};

} // namespace fb::bench
