// SPDX-License-Identifier: Apache-2.0
// Writes big-endian fields one after the other into a byte vector. Together with Decoder it runs the fields() function
// of a message, so that one description of the layout serves both directions.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/MacAddress.h"

#include <concepts>
#include <cstddef>

namespace fb::wire {

class Encoder {
public:
    explicit Encoder(ByteVector& out) : m_out(out) {}

    template <std::unsigned_integral Integer>
    void integer(Integer value)
    {
        for (std::size_t shift = sizeof(Integer); shift-- > 0;)
            m_out.push_back(static_cast<std::uint8_t>(value >> (8U * shift)));
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

} // namespace fb::wire
