// SPDX-License-Identifier: Apache-2.0
// What the program at the far end has switched on or off, as far as the side that paints and reads keys must know it,
// and the shape of the cursor. Numbers are those of DECSET/DECRST (CSI ? n h/l) and SM/RM (CSI n h/l).
#pragma once

#include <cstdint>

namespace fb::terminal {

enum class MouseTracking : std::uint8_t {
    None,
    Press,     ///< 9: the button and the place of a press, nothing else
    Click,     ///< 1000: press, release, wheel
    Drag,      ///< 1002: and movement while a button is down
    AnyMotion, ///< 1003: and every movement
};

enum class MouseEncoding : std::uint8_t {
    Legacy, ///< one byte a coordinate, so nothing beyond column or row 223
    Sgr,    ///< 1006: decimal numbers
};

struct Modes {
    bool applicationCursor = false;  ///< 1
    bool applicationKeypad = false;  ///< 66, ESC = and ESC >
    bool reverseVideo = false;       ///< 5: default foreground and background are exchanged
    bool originMode = false;         ///< 6
    bool autoWrap = true;            ///< 7
    bool cursorBlinks = false;       ///< 12, and DECSCUSR
    bool cursorVisible = true;       ///< 25
    bool reverseWrap = false;        ///< 45: backspace at the left edge goes to the end of a wrapped row
    bool alternateScreen = false;    ///< 47, 1047, 1049
    bool focusReporting = false;     ///< 1004
    bool alternateScroll = false;    ///< 1007: the wheel sends arrow keys on the alternate screen
    bool bracketedPaste = false;     ///< 2004
    bool synchronizedOutput = false; ///< 2026: more is coming, do not paint yet (the painter keeps its own time limit)
    bool insert = false;             ///< 4 (ANSI)
    bool newLine = false;            ///< 20 (ANSI): line feed implies carriage return, Return sends both
    MouseTracking mouseTracking = MouseTracking::None;
    MouseEncoding mouseEncoding = MouseEncoding::Legacy;

    friend bool operator==(const Modes&, const Modes&) = default;
};

enum class CursorShape : std::uint8_t { Block, Underline, Bar };

} // namespace fb::terminal
