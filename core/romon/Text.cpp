// SPDX-License-Identifier: Apache-2.0
#include "core/romon/Text.h"

#include <cstdint>

namespace fb::romon {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

struct CodePoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0; ///< 0: not UTF-8
};

std::uint32_t octetAt(std::string_view text, std::size_t at)
{
    return static_cast<std::uint8_t>(text[at]);
}

/// The character at the front (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
CodePoint firstOf(std::string_view text)
{
    const std::uint32_t lead = octetAt(text, 0);
    if (lead < 0x80)
        return {.value = lead, .bytes = 1};
    const std::size_t bytes = lead >= 0xf0 && lead < 0xf8 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes)
        return {};
    std::uint32_t value = lead & (0xffU >> (bytes + 1));
    for (std::size_t at = 1; at < bytes; ++at) {
        if ((octetAt(text, at) & 0xc0U) != 0x80U)
            return {};
        value = (value << 6U) | (octetAt(text, at) & 0x3fU);
    }
    const bool overlong = (bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000);
    const bool surrogate = value >= 0xd800 && value <= 0xdfff;
    if (overlong || surrogate || value > 0x10ffff)
        return {};
    return {.value = value, .bytes = bytes};
}

/// Line and paragraph separators break a row; direction marks let one name pass for another.
bool isHidden(std::uint32_t value)
{
    return value < 0x20 || (value >= 0x7f && value < 0xa0) || (value >= 0x200b && value <= 0x200f) ||
           (value >= 0x2028 && value <= 0x202e) || (value >= 0x2060 && value <= 0x206f) || value == 0xfeff;
}

} // namespace

std::string displayText(std::string_view raw)
{
    std::string shown;
    while (!raw.empty()) {
        const CodePoint next = firstOf(raw);
        const std::string_view piece = next.bytes == 0 ? kReplacement : raw.substr(0, next.bytes);
        raw.remove_prefix(next.bytes == 0 ? 1 : next.bytes);
        if (next.bytes != 0 && isHidden(next.value))
            continue;
        if (shown.size() + piece.size() > kDisplayTextBytesMax)
            break;
        shown += piece;
    }
    return shown;
}

} // namespace fb::romon
