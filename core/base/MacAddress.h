// SPDX-License-Identifier: Apache-2.0
// A 48-bit IEEE 802 address, as found in an Ethernet header.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

namespace fb {

struct MacAddress {
    std::array<std::uint8_t, 6> octets{};

    friend auto operator<=>(const MacAddress&, const MacAddress&) = default;
    /// In place: the arrays' own comparison calls a function, several times a frame.
    friend bool operator==(const MacAddress& first, const MacAddress& second)
    {
        return std::memcmp(first.octets.data(), second.octets.data(), sizeof first.octets) == 0;
    }

    [[nodiscard]] bool isZero() const;
    [[nodiscard]] bool isBroadcast() const;
    /// Group bit of the first octet (IEEE 802-2014, 8.2.2): multicast and broadcast.
    [[nodiscard]] bool isGroup() const { return (octets[0] & 1U) != 0; }

    /// "48:a9:8a:01:02:03", lower case.
    [[nodiscard]] std::string toString() const;

    /// Accepts twelve hex digits in any case, bare or with ':' or '-' between each two, or '.' between each four;
    /// nothing else.
    [[nodiscard]] static std::optional<MacAddress> parse(std::string_view text);
};

} // namespace fb
