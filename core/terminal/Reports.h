// SPDX-License-Identifier: Apache-2.0
// What the terminal says when it is asked: who it is, where the cursor is, how big it is, what is set. Titles are never
// reported: a hostile program could have the terminal type them as commands.
#pragma once

#include "core/terminal/ModeTable.h"
#include "core/terminal/Parser.h"
#include "core/terminal/Screen.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace fb::terminal::report {

/// DA1: a VT220 with colour.
inline constexpr std::string_view kPrimaryAttributes = "\x1b[?62;22c";
/// DA2. Programs read the second number as xterm's patch level: from 277 on vim takes the SGR mouse encoding.
inline constexpr std::string_view kSecondaryAttributes = "\x1b[>1;300;0c";
inline constexpr std::string_view kTertiaryAttributes = "\x1bP!|00000000\x1b\\";
inline constexpr std::string_view kVersion = "\x1bP>|Footbridge(1)\x1b\\";
inline constexpr std::string_view kStatusOk = "\x1b[0n";

/// CPR and DECXCPR; in origin mode relative to the margins. Counted from 1.
[[nodiscard]] std::string cursorPosition(const Screen& screen, ModeFamily family);
/// DECRPM.
[[nodiscard]] std::string mode(const Screen& screen, ModeFamily family, unsigned number);
/// DECRQSS: the setting named by the end of its own sequence ("m", "r", " q").
[[nodiscard]] std::string setting(const Screen& screen, std::string_view name);
/// XTWINOPS 14, 16, 18, 19; empty for an operation that is not a question about sizes.
[[nodiscard]] std::string window(const Screen& screen, const Display& display, unsigned operation);
/// DECCKSR for DECRQCRA: the plain sum of the characters, 0x20 for an untouched cell, modulo 65536.
[[nodiscard]] std::string checksum(const Screen& screen, const Parameters& parameters);
/// OSC 10 and 11: a default colour, 0xRRGGBB.
[[nodiscard]] std::string color(unsigned command, std::uint32_t rgb);

} // namespace fb::terminal::report
