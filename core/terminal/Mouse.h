// SPDX-License-Identifier: Apache-2.0
// From mouse and focus to bytes. Pure functions: the modes decide whether the far end wants to know, and how.
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Keys.h"
#include "core/terminal/Modes.h"

#include <cstdint>

namespace fb::terminal {

enum class MouseButton : std::uint8_t { None, Left, Middle, Right, WheelUp, WheelDown, WheelLeft, WheelRight };
enum class MouseAction : std::uint8_t { Press, Release, Move };

struct MouseEvent {
    MouseAction action = MouseAction::Press;
    MouseButton button = MouseButton::None; ///< for Move: the button that is held, or None
    int column = 0;                         ///< cell on the screen, from 0
    int row = 0;
    Modifiers modifiers;
};

/// Empty if the far end did not ask for this kind of event, or if the encoding cannot express the place.
/// A caller reports a Move once a cell, not once a pixel.
[[nodiscard]] ByteVector encodeMouse(const MouseEvent& event, const Modes& modes);

enum class Focus : std::uint8_t { Gained, Lost };

/// Empty unless focus reporting (1004) is on.
[[nodiscard]] ByteVector encodeFocus(Focus focus, const Modes& modes);

} // namespace fb::terminal
