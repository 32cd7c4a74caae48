// SPDX-License-Identifier: Apache-2.0
// UTF-8, one byte after the other, so that a character may be cut anywhere between two reads. Bad input becomes one
// U+FFFD for each maximal part that could have begun a character (Unicode 14, 3.9, "U+FFFD substitution").
#pragma once

#include <cstdint>
#include <string>

namespace fb::terminal {

class Utf8Decoder {
public:
    static constexpr char32_t kReplacement = 0xfffd;

    enum class Step : std::uint8_t {
        Incomplete, ///< more bytes are needed
        Complete,   ///< codePoint() is a character
        BadByte,    ///< this byte is no part of UTF-8: it stands for one replacement
        BrokenOff,  ///< what came before stands for one replacement; feed this same byte again
    };

    Step feed(std::uint8_t byte);
    [[nodiscard]] char32_t codePoint() const { return m_codePoint; }
    /// In the middle of a character.
    [[nodiscard]] bool isPending() const { return m_missing > 0; }
    void reset() { m_missing = 0; }

private:
    Step begin(std::uint8_t byte);

    char32_t m_codePoint = 0;
    std::uint8_t m_missing = 0;
    std::uint8_t m_lowest = 0x80; // the range of the next byte: excludes overlong forms, surrogates, > U+10FFFF
    std::uint8_t m_highest = 0xbf;
};

/// Appends a code point (not a surrogate, at most U+10FFFF) as UTF-8.
void appendUtf8(std::string& text, char32_t codePoint);

} // namespace fb::terminal
