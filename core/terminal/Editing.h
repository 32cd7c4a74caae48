// SPDX-License-Identifier: Apache-2.0
// The editing functions of a terminal on the current screen, at the cursor; erased cells get the current background.
#pragma once

#include "core/terminal/Screen.h"

namespace fb::terminal {

enum class EraseExtent { ToEnd, ToBeginning, All };

void eraseInLine(Screen& screen, EraseExtent extent);
void eraseInDisplay(Screen& screen, EraseExtent extent);
void eraseCharacters(Screen& screen, int count);
void insertCharacters(Screen& screen, int count);
void deleteCharacters(Screen& screen, int count);
/// Nothing happens if the cursor is outside the margins.
void insertLines(Screen& screen, int count);
void deleteLines(Screen& screen, int count);
/// DECALN: the screen full of E, margins and cursor reset.
void fillWithE(Screen& screen);

/// Relative movement stops at the margins if it starts inside, else at the edge of the screen.
void moveUp(Screen& screen, int count);
void moveDown(Screen& screen, int count);
void moveLeft(Screen& screen, int count);
void moveRight(Screen& screen, int count);
void backspace(Screen& screen);
void tabForward(Screen& screen, int count);
void tabBackward(Screen& screen, int count);

} // namespace fb::terminal
