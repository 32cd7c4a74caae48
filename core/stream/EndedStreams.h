// SPDX-License-Identifier: Apache-2.0
// Streams that have ended well, for as long as frames of theirs may still be under way: a lost last ack is given again,
// and their ports are not used again meanwhile. Bounded: the oldest go first.
#pragma once

#include "core/base/Instant.h"
#include "core/stream/Connection.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <unordered_map>

namespace fb::stream {

/// Hashes a key together with a number nobody outside knows, so that no peer can choose colliding ports.
struct StreamKeyHash {
    std::uint64_t seed = 0;
    [[nodiscard]] std::size_t operator()(const StreamKey& key) const;
};

class EndedStreams {
public:
    /// A peer whose last ack was lost asks until its own limit of silence is over, assumed to be like ours: forgotten
    /// any sooner, a stream that ended well here would be reset there.
    EndedStreams(std::size_t countMax, Duration lifetime, StreamKeyHash hash)
        : m_countMax(countMax), m_lifetime(lifetime), m_numbers(0, hash)
    {
    }

    void add(const StreamKey& key, const FinalNumbers& numbers, Instant now);
    void remove(const StreamKey& key) { m_numbers.erase(key); }
    void advance(Instant now);
    [[nodiscard]] const FinalNumbers* find(const StreamKey& key) const;
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    struct Entry {
        StreamKey key;
        Instant until{};
    };
    struct Last {
        FinalNumbers numbers;
        Instant until{};
    };
    void dropOldest();

    std::size_t m_countMax;
    Duration m_lifetime;
    std::deque<Entry> m_order; ///< ascending by time
    std::unordered_map<StreamKey, Last, StreamKeyHash> m_numbers;
};

} // namespace fb::stream
