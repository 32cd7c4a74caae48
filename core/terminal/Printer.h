// SPDX-License-Identifier: Apache-2.0
// Puts text on the screen: wrapping, wide characters, combining marks, insert mode, character sets, repetition. Runs of
// plain ASCII take a short way, because most of what a terminal ever sees is that.
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Counters.h"
#include "core/terminal/Screen.h"

#include <cstdint>
#include <span>

namespace fb::terminal {

class Printer {
public:
    Printer(Screen& screen, Counters& counters) : m_screen(screen), m_counters(counters) {}

    /// Bytes 0x20 to 0x7e, translated by the current character set.
    void printAscii(Bytes run);
    void printText(std::span<const char32_t> text);
    /// The last character again, at most as often as the screen has cells.
    void repeatLast(int count);
    /// After a reset there is nothing to repeat.
    void forgetLast() { m_last = 0; }

private:
    void print(char32_t codePoint);
    void place(char32_t codePoint, int width);
    void combine(char32_t mark);
    void printRun(Bytes run);

    Screen& m_screen;
    Counters& m_counters;
    char32_t m_last = 0;
};

} // namespace fb::terminal
