// SPDX-License-Identifier: Apache-2.0
// The input of a fuzzer as a list of decisions: takes it apart from front to back; at its end it gives zeros.
#pragma once

#include "core/base/Bytes.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace fb::fuzz {

class Script {
public:
    explicit Script(Bytes bytes) : m_rest(bytes) {}

    [[nodiscard]] bool isOver() const { return m_rest.empty(); }
    std::uint8_t byte()
    {
        if (m_rest.empty())
            return 0;
        const std::uint8_t value = m_rest.front();
        m_rest = m_rest.subspan(1);
        return value;
    }
    std::uint16_t word()
    {
        const unsigned high = byte();
        return static_cast<std::uint16_t>(high << 8U | byte());
    }
    /// What is left, if that is less.
    Bytes bytes(std::size_t count)
    {
        const Bytes taken = m_rest.first(std::min(count, m_rest.size()));
        m_rest = m_rest.subspan(taken.size());
        return taken;
    }
    /// One of the list, which must not be empty.
    template <class List>
    const auto& pick(const List& list)
    {
        return list[byte() % list.size()];
    }

private:
    Bytes m_rest;
};

} // namespace fb::fuzz
