// SPDX-License-Identifier: Apache-2.0
// Reads big-endian fields one after the other. The first read past the end is remembered and makes every later one a
// no-op: read everything, look at ok() once, then look at the meaning.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/MacAddress.h"

#include <algorithm>
#include <concepts>
#include <cstddef>

namespace fb::wire {

class Decoder {
public:
    explicit Decoder(Bytes in) : m_in(in) {}

    template <std::unsigned_integral Integer>
    void integer(Integer& value)
    {
        const Bytes from = take(sizeof(Integer));
        if (!m_ok)
            return;
        std::uint64_t read = 0;
        for (std::size_t at = 0; at < sizeof(Integer); ++at)
            read = (read << 8U) | from[at];
        value = static_cast<Integer>(read);
    }

    void mac(MacAddress& address)
    {
        const Bytes from = take(address.octets.size());
        if (m_ok)
            std::ranges::copy(from, address.octets.begin());
    }

    /// As many bytes as the field has.
    void bytes(std::span<std::uint8_t> field)
    {
        const Bytes from = take(field.size());
        if (m_ok)
            std::ranges::copy(from, field.begin());
    }

    /// The next `count` bytes as a view into the input; empty once a read has failed.
    [[nodiscard]] Bytes take(std::size_t count)
    {
        if (!m_ok || count > m_in.size()) {
            m_ok = false;
            return {};
        }
        const Bytes taken = m_in.first(count);
        m_in = m_in.subspan(count);
        return taken;
    }

    [[nodiscard]] bool ok() const { return m_ok; }
    [[nodiscard]] std::size_t remaining() const { return m_in.size(); }
    [[nodiscard]] Bytes rest() const { return m_in; }

private:
    Bytes m_in;
    bool m_ok = true;
};

} // namespace fb::wire
