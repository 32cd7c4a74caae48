// SPDX-License-Identifier: Apache-2.0
// What a bad line does to the frames of one direction: loses some, delays the rest by a fixed time, in order. A kernel
// without netem cannot do it, and this way both sides of a comparison suffer the same.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Instant.h"
#include "core/base/SeededRandom.h"

#include <deque>
#include <optional>

namespace fb::bench {

class Impairment {
public:
    struct Config {
        double loss = 0; ///< of 1
        Duration delay{};
        std::uint64_t seed = 1;

        [[nodiscard]] bool isNone() const { return loss == 0 && delay == Duration::zero(); }
    };

    /// Enough for 40 ms of full frames at 600 MB/s; what does not fit is lost and counted.
    static constexpr std::size_t kFramesMax = 16384;

    explicit Impairment(const Config& config) : m_config(config), m_random(config.seed) {}

    void push(Bytes frame, Instant now)
    {
        if (m_random.next32() < m_config.loss * 4294967296.0) {
            ++m_lost;
        } else if (m_waiting.size() == kFramesMax) {
            ++m_overflowed;
        } else {
            m_waiting.push_back({now + m_config.delay, ByteVector(frame.begin(), frame.end())});
        }
    }

    /// The next frame that is due; valid until the next call.
    [[nodiscard]] std::optional<Bytes> pop(Instant now)
    {
        if (m_waiting.empty() || m_waiting.front().due > now)
            return std::nullopt;
        m_current = std::move(m_waiting.front().frame);
        m_waiting.pop_front();
        return Bytes(m_current);
    }

    [[nodiscard]] std::optional<Instant> nextDeadline() const
    {
        return m_waiting.empty() ? std::nullopt : std::optional(m_waiting.front().due);
    }
    [[nodiscard]] std::uint64_t lost() const { return m_lost; }
    [[nodiscard]] std::uint64_t overflowed() const { return m_overflowed; }

private:
    struct Delayed {
        Instant due;
        ByteVector frame;
    };

    Config m_config;
    SeededRandom m_random;
    std::deque<Delayed> m_waiting;
    ByteVector m_current;
    std::uint64_t m_lost = 0;
    std::uint64_t m_overflowed = 0;
};

} // namespace fb::bench
