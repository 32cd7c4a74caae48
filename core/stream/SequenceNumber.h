// SPDX-License-Identifier: Apache-2.0
// Between the 32-bit numbers on the wire, which wrap, and the 64-bit offsets this room counts in, which do not. Offset
// 0 is the first byte of a direction; its wire number is the initial number of that direction (captured: a connect
// consumes no number, the first data frame repeats the connect's).
#pragma once

#include <cstdint>

namespace fb::stream {

class SequenceNumber {
public:
    SequenceNumber() = default;
    explicit SequenceNumber(std::uint32_t initial) : m_initial(initial) {}

    [[nodiscard]] std::uint32_t initial() const { return m_initial; }

    /// The wire number of an offset.
    [[nodiscard]] std::uint32_t at(std::uint64_t offset) const
    {
        return m_initial + static_cast<std::uint32_t>(offset & 0xffffffffU);
    }

    /// The offset nearest to `reference` that has this wire number; negative if that is before the first byte.
    [[nodiscard]] std::int64_t offsetNear(std::uint32_t wire, std::uint64_t reference) const
    {
        const auto distance = static_cast<std::int32_t>(wire - at(reference));
        return static_cast<std::int64_t>(reference) + distance;
    }

private:
    std::uint32_t m_initial = 0;
};

} // namespace fb::stream
