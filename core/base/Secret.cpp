// SPDX-License-Identifier: Apache-2.0
#include "core/base/Secret.h"

#include <cstring>
#include <utility>

namespace fb {

Secret::Secret(Secret&& other) noexcept : m_text(other.m_text)
{
    other.wipe();
}

Secret& Secret::operator=(const Secret& other)
{
    if (this != &other) {
        wipe();
        m_text = other.m_text;
    }
    return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept
{
    if (this != &other) {
        wipe();
        m_text = other.m_text;
        other.wipe();
    }
    return *this;
}

bool Secret::isSameAs(const Secret& other) const
{
    if (m_text.size() != other.m_text.size())
        return false;
    unsigned difference = 0;
    for (std::size_t at = 0; at < m_text.size(); ++at)
        difference |= static_cast<unsigned>(static_cast<unsigned char>(m_text[at]) ^
                                            static_cast<unsigned char>(other.m_text[at]));
    return difference == 0;
}

void Secret::wipe()
{
    // The capacity, not the size: a text that shrank leaves its tail behind.
    m_text.resize(m_text.capacity());
    explicit_bzero(m_text.data(), m_text.size());
    m_text.clear();
}

} // namespace fb
