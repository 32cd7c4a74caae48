// SPDX-License-Identifier: Apache-2.0
// Modes by number: set, reset, ask. One table for the plain switches; the few with a side effect are spelled out.
#pragma once

#include "core/terminal/Screen.h"

#include <cstdint>

namespace fb::terminal {

enum class ModeFamily : std::uint8_t {
    Ansi,    ///< CSI n h
    Private, ///< CSI ? n h
};
enum class ModeAction : std::uint8_t { Reset, Set };

/// False if the mode means nothing to us.
bool changeMode(Screen& screen, ModeFamily family, unsigned number, ModeAction action);

/// The values DECRPM reports.
enum class ModeState : std::uint8_t { Unknown = 0, Set = 1, Reset = 2 };
[[nodiscard]] ModeState modeState(const Screen& screen, ModeFamily family, unsigned number);

} // namespace fb::terminal
