// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Utf8.h"

namespace fb::terminal {

Utf8Decoder::Step Utf8Decoder::feed(std::uint8_t byte)
{
    if (m_missing == 0)
        return begin(byte);
    if (byte < m_lowest || byte > m_highest) {
        m_missing = 0;
        return Step::BrokenOff;
    }
    m_codePoint = (m_codePoint << 6U) | (byte & 0x3fU);
    m_lowest = 0x80;
    m_highest = 0xbf;
    --m_missing;
    return m_missing == 0 ? Step::Complete : Step::Incomplete;
}

Utf8Decoder::Step Utf8Decoder::begin(std::uint8_t byte)
{
    m_lowest = 0x80;
    m_highest = 0xbf;
    if (byte < 0x80) {
        m_codePoint = byte;
        return Step::Complete;
    }
    if (byte >= 0xc2 && byte <= 0xdf) {
        m_codePoint = byte & 0x1fU;
        m_missing = 1;
    } else if (byte >= 0xe0 && byte <= 0xef) {
        m_codePoint = byte & 0x0fU;
        m_missing = 2;
        if (byte == 0xe0)
            m_lowest = 0xa0;
        else if (byte == 0xed)
            m_highest = 0x9f;
    } else if (byte >= 0xf0 && byte <= 0xf4) {
        m_codePoint = byte & 0x07U;
        m_missing = 3;
        if (byte == 0xf0)
            m_lowest = 0x90;
        else if (byte == 0xf4)
            m_highest = 0x8f;
    } else {
        return Step::BadByte;
    }
    return Step::Incomplete;
}

void appendUtf8(std::string& text, char32_t codePoint)
{
    const auto add = [&text](char32_t value) { text.push_back(static_cast<char>(static_cast<unsigned char>(value))); };
    if (codePoint < 0x80) {
        add(codePoint);
    } else if (codePoint < 0x800) {
        add(0xc0U | (codePoint >> 6U));
        add(0x80U | (codePoint & 0x3fU));
    } else if (codePoint < 0x10000) {
        add(0xe0U | (codePoint >> 12U));
        add(0x80U | ((codePoint >> 6U) & 0x3fU));
        add(0x80U | (codePoint & 0x3fU));
    } else {
        add(0xf0U | (codePoint >> 18U));
        add(0x80U | ((codePoint >> 12U) & 0x3fU));
        add(0x80U | ((codePoint >> 6U) & 0x3fU));
        add(0x80U | (codePoint & 0x3fU));
    }
}

} // namespace fb::terminal
