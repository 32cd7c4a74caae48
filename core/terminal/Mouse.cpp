// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Mouse.h"

#include <string>

namespace fb::terminal {

namespace {

constexpr unsigned kReleaseOfAny = 3; // the legacy encoding does not say which button was let go
constexpr unsigned kMotion = 32;

unsigned buttonCode(MouseButton button)
{
    switch (button) {
    case MouseButton::Left:
        return 0;
    case MouseButton::Middle:
        return 1;
    case MouseButton::Right:
        return 2;
    case MouseButton::None:
        return 3;
    case MouseButton::WheelUp:
        return 64;
    case MouseButton::WheelDown:
        return 65;
    case MouseButton::WheelLeft:
        return 66;
    case MouseButton::WheelRight:
        return 67;
    }
    return 3;
}

bool isWanted(const MouseEvent& event, MouseTracking tracking)
{
    const bool isWheel = event.button >= MouseButton::WheelUp;
    const bool isHeld = event.button != MouseButton::None;
    switch (event.action) {
    case MouseAction::Press:
        return tracking != MouseTracking::None && isHeld;
    case MouseAction::Release:
        return tracking >= MouseTracking::Click && isHeld && !isWheel;
    case MouseAction::Move:
        return !isWheel && (tracking == MouseTracking::AnyMotion || (tracking == MouseTracking::Drag && isHeld));
    }
    return false;
}

} // namespace

ByteVector encodeMouse(const MouseEvent& event, const Modes& modes)
{
    if (!isWanted(event, modes.mouseTracking) || event.column < 0 || event.row < 0)
        return {};
    unsigned code = buttonCode(event.button);
    if (event.action == MouseAction::Move)
        code += kMotion;
    const bool isSgr = modes.mouseEncoding == MouseEncoding::Sgr;
    if (event.action == MouseAction::Release && !isSgr)
        code = kReleaseOfAny;
    if (modes.mouseTracking != MouseTracking::Press)
        code +=
            (event.modifiers.shift ? 4U : 0U) + (event.modifiers.alt ? 8U : 0U) + (event.modifiers.control ? 16U : 0U);
    if (isSgr) {
        return bytesOf("\x1b[<" + std::to_string(code) + ";" + std::to_string(event.column + 1) + ";" +
                       std::to_string(event.row + 1) + (event.action == MouseAction::Release ? "m" : "M"));
    }
    constexpr int kCellMax = 222; // a coordinate is sent as one byte, 33 + the cell
    if (event.column > kCellMax || event.row > kCellMax)
        return {};
    return {0x1b,
            '[',
            'M',
            static_cast<std::uint8_t>(32 + code),
            static_cast<std::uint8_t>(33 + event.column),
            static_cast<std::uint8_t>(33 + event.row)};
}

ByteVector encodeFocus(Focus focus, const Modes& modes)
{
    if (!modes.focusReporting)
        return {};
    return bytesOf(focus == Focus::Gained ? "\x1b[I" : "\x1b[O");
}

} // namespace fb::terminal
