// SPDX-License-Identifier: Apache-2.0
// The numbers of one control sequence: `38;2;1;2;3` or with sub-parameters `4:3`. There is room for a fixed number;
// the rest is dropped and counted, so no sequence can reach past the array.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace fb::terminal {

class Parameters {
public:
    static constexpr std::size_t kCountMax = 32;
    static constexpr unsigned kValueMax = 65535;

    void clear()
    {
        m_count = 0;
        m_subparameters = 0;
        m_dropped = 0;
        m_isOpen = false;
    }

    void digit(unsigned value)
    {
        open(0);
        if (m_dropped == 0)
            m_values[m_count - 1] = std::min(m_values[m_count - 1] * 10 + value, kValueMax);
    }

    /// ';' ends a parameter, ':' one part of it.
    void separator(char byte)
    {
        open(0);
        m_isOpen = false;
        open(byte == ':' ? 1U : 0U);
    }

    [[nodiscard]] std::size_t count() const { return m_count; }
    [[nodiscard]] std::size_t dropped() const { return m_dropped; }

    /// 0 for one that is missing, empty or zero.
    [[nodiscard]] unsigned at(std::size_t index) const { return index < m_count ? m_values[index] : 0; }

    /// As at(), with a default for 0: most sequences say that 0 means 1.
    [[nodiscard]] int atLeastOne(std::size_t index) const { return static_cast<int>(std::max(at(index), 1U)); }

    /// Belongs to the parameter before it (came after ':').
    [[nodiscard]] bool isSubparameter(std::size_t index) const
    {
        return index < m_count && ((m_subparameters >> index) & 1U) != 0;
    }
    [[nodiscard]] bool hasSubparameters() const { return m_subparameters != 0; }

private:
    void open(std::uint32_t subparameter)
    {
        if (m_isOpen)
            return;
        m_isOpen = true;
        if (m_count == kCountMax) {
            ++m_dropped;
            return;
        }
        m_values[m_count] = 0;
        m_subparameters |= subparameter << m_count;
        ++m_count;
    }

    std::array<unsigned, kCountMax> m_values{};
    std::size_t m_count = 0;
    std::size_t m_dropped = 0;
    std::uint32_t m_subparameters = 0;
    bool m_isOpen = false;
};

} // namespace fb::terminal
