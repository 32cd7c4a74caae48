// SPDX-License-Identifier: Apache-2.0
// Dial's queue: a ring of buckets, one for each cost that can be open at the same time. Two levels of bitmaps name the
// full ones, so that empty stretches cost nothing, however large the costs are.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <vector>

namespace fb::overlay {

class BucketRing {
public:
    BucketRing(std::uint32_t hopCostMax, std::size_t entriesExpected)
        : m_mask(std::bit_ceil(std::max(hopCostMax + 1U, kBits)) - 1U),
          m_head(m_mask + 1U, kNone),
          m_full((m_mask + 1U) / kBits),
          m_fullWords((m_full.size() + kBits - 1U) / kBits)
    {
        m_entries.reserve(entriesExpected);
    }

    void push(std::uint64_t cost, std::uint32_t node)
    {
        const auto slot = static_cast<std::uint32_t>(cost & m_mask);
        m_entries.push_back({node, m_head[slot]});
        m_head[slot] = static_cast<std::uint32_t>(m_entries.size() - 1);
        m_full[slot / kBits] |= bit(slot);
        m_fullWords[slot / kBits / kBits] |= bit(slot / kBits);
        ++m_waiting;
    }

    /// A node with the least cost, which may be one that was pushed again with a smaller cost since.
    std::optional<std::uint32_t> pop()
    {
        if (m_waiting == 0)
            return std::nullopt;
        --m_waiting;
        if (m_head[m_slot] == kNone)
            skipToFull();
        const Entry entry = m_entries[m_head[m_slot]];
        m_head[m_slot] = entry.next;
        if (entry.next == kNone) {
            auto& word = m_full[m_slot / kBits];
            word &= ~bit(m_slot);
            if (word == 0)
                m_fullWords[m_slot / kBits / kBits] &= ~bit(m_slot / kBits);
        }
        return entry.node;
    }

private:
    static constexpr std::uint32_t kBits = 64;
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
    struct Entry {
        std::uint32_t node;
        std::uint32_t next;
    };

    static std::uint64_t bit(std::uint32_t place) { return std::uint64_t{1} << (place % kBits); }
    static std::uint64_t notBefore(std::uint64_t word, std::uint32_t place) { return word & ~(bit(place) - 1U); }

    /// Onwards round the ring; something waits, so there is a full bucket.
    void skipToFull()
    {
        std::uint32_t word = m_slot / kBits;
        std::uint64_t bits = notBefore(m_full[word], m_slot);
        if (bits == 0) {
            word = (word + 1U) % static_cast<std::uint32_t>(m_full.size());
            std::uint32_t group = word / kBits;
            std::uint64_t words = notBefore(m_fullWords[group], word);
            while (words == 0) {
                group = (group + 1U) % static_cast<std::uint32_t>(m_fullWords.size());
                words = m_fullWords[group];
            }
            word = group * kBits + static_cast<std::uint32_t>(std::countr_zero(words));
            bits = m_full[word];
        }
        m_slot = word * kBits + static_cast<std::uint32_t>(std::countr_zero(bits));
    }

    std::uint32_t m_mask;
    std::vector<std::uint32_t> m_head;
    std::vector<std::uint64_t> m_full;      ///< a bit a bucket
    std::vector<std::uint64_t> m_fullWords; ///< a bit a word of m_full
    std::vector<Entry> m_entries;
    std::size_t m_waiting = 0;
    std::uint32_t m_slot = 0;
};

} // namespace fb::overlay
