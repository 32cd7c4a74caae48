// SPDX-License-Identifier: Apache-2.0
#include "core/base/MacAddress.h"

#include <algorithm>

namespace fb {

namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::optional<unsigned> hexValue(char digit)
{
    if (digit >= 'A' && digit <= 'F')
        digit = static_cast<char>(digit - 'A' + 'a');
    const auto at = kHexDigits.find(digit);
    if (at == std::string_view::npos)
        return std::nullopt;
    return static_cast<unsigned>(at);
}

struct Notation {
    char separator;
    std::size_t digitsPerGroup;
};

std::optional<Notation> notationOf(std::string_view text)
{
    if (text.size() == 12)
        return Notation{.separator = '\0', .digitsPerGroup = 12};
    if (text.size() == 17 && (text[2] == ':' || text[2] == '-'))
        return Notation{.separator = text[2], .digitsPerGroup = 2};
    if (text.size() == 14 && text[4] == '.')
        return Notation{.separator = '.', .digitsPerGroup = 4};
    return std::nullopt;
}

} // namespace

bool MacAddress::isZero() const
{
    return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0; });
}

bool MacAddress::isBroadcast() const
{
    return std::ranges::all_of(octets, [](std::uint8_t octet) { return octet == 0xff; });
}

std::string MacAddress::toString() const
{
    std::string text;
    text.reserve(17);
    for (const std::uint8_t octet : octets) {
        if (!text.empty())
            text += ':';
        text += kHexDigits[octet >> 4U];
        text += kHexDigits[octet & 15U];
    }
    return text;
}

std::optional<MacAddress> MacAddress::parse(std::string_view text)
{
    const auto notation = notationOf(text);
    if (!notation)
        return std::nullopt;
    MacAddress address;
    std::size_t digits = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const bool separatorPlace = digits > 0 && digits % notation->digitsPerGroup == 0 &&
                                    at == digits + digits / notation->digitsPerGroup - 1 && notation->separator != '\0';
        if (separatorPlace) {
            if (text[at] != notation->separator)
                return std::nullopt;
            continue;
        }
        const auto value = hexValue(text[at]);
        if (!value)
            return std::nullopt;
        auto& octet = address.octets[digits / 2];
        octet = static_cast<std::uint8_t>((unsigned{octet} << 4U) | *value);
        ++digits;
    }
    return address;
}

} // namespace fb
