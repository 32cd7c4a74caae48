// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Title.h"

#include "core/terminal/Utf8.h"

namespace fb::terminal {

namespace {

bool isHarmless(char32_t codePoint)
{
    const bool isControl = codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0);
    const bool isLineSeparator = codePoint == 0x2028 || codePoint == 0x2029;
    const bool isDirection = codePoint == 0x200e || codePoint == 0x200f || codePoint == 0x61c ||
                             (codePoint >= 0x202a && codePoint <= 0x202e) ||
                             (codePoint >= 0x2066 && codePoint <= 0x2069);
    return !isControl && !isLineSeparator && !isDirection;
}

} // namespace

std::string cleanTitle(std::string_view text)
{
    constexpr std::size_t kLongestCodePoint = 4;
    std::string clean;
    Utf8Decoder decoder;
    for (const char byte : text) {
        auto step = decoder.feed(static_cast<std::uint8_t>(byte));
        if (step == Utf8Decoder::Step::BrokenOff)
            step = decoder.feed(static_cast<std::uint8_t>(byte));
        if (step != Utf8Decoder::Step::Complete || !isHarmless(decoder.codePoint()))
            continue;
        if (clean.size() + kLongestCodePoint > kTitleBytesMax)
            break;
        appendUtf8(clean, decoder.codePoint());
    }
    return clean;
}

} // namespace fb::terminal
