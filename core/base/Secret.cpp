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

void Secret::wipe()
{
    // The capacity, not the size: a text that shrank leaves its tail behind.
    m_text.resize(m_text.capacity());
    explicit_bzero(m_text.data(), m_text.size());
    m_text.clear();
}

} // namespace fb
