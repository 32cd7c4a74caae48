// SPDX-License-Identifier: Apache-2.0
// The two 7-bit character sets programs still switch between: ASCII and DEC Special Graphics (line drawing).
#pragma once

#include <array>
#include <cstdint>

namespace fb::terminal {

enum class Charset : std::uint8_t { Ascii, DecSpecialGraphics, British };

/// What a printable ASCII byte means in a character set (DEC VT220 Programmer Reference, table 2-4, as drawn by xterm).
[[nodiscard]] constexpr char32_t translated(Charset charset, std::uint8_t byte)
{
    constexpr std::array<char16_t, 32> kSpecial = {u' ',   0x25c6, 0x2592, 0x2409, 0x240c, 0x240d, 0x240a, 0x00b0,
                                                   0x00b1, 0x2424, 0x240b, 0x2518, 0x2510, 0x250c, 0x2514, 0x253c,
                                                   0x23ba, 0x23bb, 0x2500, 0x23bc, 0x23bd, 0x251c, 0x2524, 0x2534,
                                                   0x252c, 0x2502, 0x2264, 0x2265, 0x03c0, 0x2260, 0x00a3, 0x00b7};
    if (charset == Charset::DecSpecialGraphics && byte >= 0x5f && byte <= 0x7e)
        return kSpecial[byte - 0x5fU];
    if (charset == Charset::British && byte == '#')
        return 0xa3;
    return byte;
}

/// What SCS (ESC ( and relatives), SO and SI have set up. Saved and restored with the cursor.
struct CharsetState {
    std::array<Charset, 4> designated{};
    std::uint8_t active = 0; ///< index into designated: 0 after SI, 1 after SO

    [[nodiscard]] Charset current() const { return designated[active]; }
    friend bool operator==(const CharsetState&, const CharsetState&) = default;
};

} // namespace fb::terminal
