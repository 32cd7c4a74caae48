// SPDX-License-Identifier: Apache-2.0
// From keys to the bytes an xterm sends. A pure function: what was pressed and the terminal's modes in, bytes out.
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Modes.h"

#include <cstdint>
#include <string_view>

namespace fb::terminal {

enum class Key : std::uint8_t {
    Text, ///< any key that makes text, letters with Control or Alt included; KeyPress::text says which
    Up,
    Down,
    Right,
    Left,
    Home,
    End,
    Insert,
    Delete,
    PageUp,
    PageDown,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
    F13,
    F14,
    F15,
    F16,
    F17,
    F18,
    F19,
    F20,
    Enter,
    Tab,
    Backspace,
    Escape,
    // The keypad. With num lock the caller sends the digits as Keypad0..9, the modes decide what becomes of them.
    Keypad0,
    Keypad1,
    Keypad2,
    Keypad3,
    Keypad4,
    Keypad5,
    Keypad6,
    Keypad7,
    Keypad8,
    Keypad9,
    KeypadDecimal,
    KeypadDivide,
    KeypadMultiply,
    KeypadSubtract,
    KeypadAdd,
    KeypadEnter,
    KeypadEqual,
    KeypadSeparator,
};

struct Modifiers {
    bool shift = false;
    bool alt = false;
    bool control = false;

    friend bool operator==(const Modifiers&, const Modifiers&) = default;
};

struct KeyPress {
    Key key = Key::Text;
    Modifiers modifiers;
    /// UTF-8, for Key::Text only. With Control the plain letter ("c", not U+0003) is enough; a caller that already has
    /// the control character may pass that.
    std::string_view text;
};

/// The bytes for the far end; empty if the key sends nothing. Alt puts ESC in front of text and of control characters.
[[nodiscard]] ByteVector encodeKey(const KeyPress& press, const Modes& modes);

} // namespace fb::terminal
