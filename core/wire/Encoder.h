// SPDX-License-Identifier: Apache-2.0
// Writes big-endian fields one after the other into a byte vector. Together with Decoder it runs the fields() function
// of a message, so that one description of the layout serves both directions. Overwriter does the same to bytes that
// are there already.
#pragma once

#include "core/base/Assert.h"
#include "core/base/Bytes.h"
#include "core/base/MacAddress.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>

namespace fb::wire {

template <std::unsigned_integral Integer>
[[nodiscard]] constexpr std::array<std::uint8_t, sizeof(Integer)> bigEndian(Integer value)
{
    std::array<std::uint8_t, sizeof(Integer)> octets{};
    for (std::size_t at = 0; at < octets.size(); ++at)
        octets[at] = static_cast<std::uint8_t>(value >> (8U * (octets.size() - 1 - at)));
    return octets;
}

class Encoder {
public:
    explicit Encoder(ByteVector& out) : m_out(out) {}

    template <std::unsigned_integral Integer>
    void integer(Integer value)
    {
        bytes(bigEndian(value));
    }

    void mac(const MacAddress& address) { bytes(address.octets); }
    void bytes(Bytes bytes) { m_out.insert(m_out.end(), bytes.begin(), bytes.end()); }
    void zeros(std::size_t count) { m_out.insert(m_out.end(), count, 0); }

    /// Overwrites two bytes that are already there: for lengths known only at the end.
    void patch16(std::size_t at, std::uint16_t value)
    {
        m_out.at(at) = static_cast<std::uint8_t>(value >> 8U);
        m_out.at(at + 1) = static_cast<std::uint8_t>(value);
    }

    [[nodiscard]] std::size_t size() const { return m_out.size(); }

private:
    ByteVector& m_out;
};

class Overwriter {
public:
    explicit Overwriter(std::span<std::uint8_t> out) : m_out(out) {}

    template <std::unsigned_integral Integer>
    void integer(Integer value)
    {
        bytes(bigEndian(value));
    }

    void mac(const MacAddress& address) { bytes(address.octets); }
    /// There must be room.
    void bytes(Bytes bytes)
    {
        FB_ASSERT(bytes.size() <= m_out.size());
        std::ranges::copy(bytes, m_out.begin());
        m_out = m_out.subspan(bytes.size());
    }

private:
    std::span<std::uint8_t> m_out;
};

} // namespace fb::wire
