// SPDX-License-Identifier: Apache-2.0
// Control characters, escape sequences, operating system commands and device controls.
#include "core/terminal/Interpreter.h"

#include "core/terminal/Editing.h"
#include "core/terminal/Reports.h"

#include <charconv>

namespace fb::terminal {

void Interpreter::execute(std::uint8_t control)
{
    Screen& screen = m_parts.screen;
    switch (control) {
    case 0x07:
        ++m_parts.counters.bells;
        break;
    case 0x08:
        backspace(screen);
        break;
    case 0x09:
        tabForward(screen, 1);
        break;
    case 0x0a:
    case 0x0b:
    case 0x0c:
        screen.lineFeed();
        if (screen.modes.newLine)
            screen.moveToAbsolute(screen.cursor.row, 0);
        break;
    case 0x0d:
        screen.moveToAbsolute(screen.cursor.row, 0);
        break;
    case 0x0e:
        screen.cursor.charsets.active = 1;
        break;
    case 0x0f:
        screen.cursor.charsets.active = 0;
        break;
    default:
        break; // the others mean nothing to a screen, and lines are full of NUL
    }
}

void Interpreter::escapeSequence(const Sequence& sequence)
{
    Screen& screen = m_parts.screen;
    switch (sequence.kind()) {
    case Sequence::kindOf(0, 0, '7'):
        screen.saveCursor();
        break;
    case Sequence::kindOf(0, 0, '8'):
        screen.restoreCursor();
        break;
    case Sequence::kindOf(0, '#', '8'):
        fillWithE(screen);
        break;
    case Sequence::kindOf(0, 0, 'D'):
        screen.lineFeed();
        break;
    case Sequence::kindOf(0, 0, 'E'):
        screen.lineFeed();
        screen.moveToAbsolute(screen.cursor.row, 0);
        break;
    case Sequence::kindOf(0, 0, 'H'):
        screen.tabStops[static_cast<std::size_t>(screen.cursor.column)] = true;
        break;
    case Sequence::kindOf(0, 0, 'M'):
        screen.reverseLineFeed();
        break;
    case Sequence::kindOf(0, 0, 'Z'):
        m_parts.replies.add(report::kPrimaryAttributes);
        break;
    case Sequence::kindOf(0, 0, 'c'):
        screen.reset();
        m_printer.forgetLast();
        break;
    case Sequence::kindOf(0, 0, '='):
        screen.modes.applicationKeypad = true;
        break;
    case Sequence::kindOf(0, 0, '>'):
        screen.modes.applicationKeypad = false;
        break;
    case Sequence::kindOf(0, 0, 'n'):
        screen.cursor.charsets.active = 2;
        break;
    case Sequence::kindOf(0, 0, 'o'):
        screen.cursor.charsets.active = 3;
        break;
    case Sequence::kindOf(0, 0, '\\'):
        break; // ST without a string before it
    default:
        designate(sequence);
    }
}

/// SCS: ESC ( ) * + and the name of a character set.
void Interpreter::designate(const Sequence& sequence)
{
    const std::string_view slots = "()*+";
    const std::size_t slot = slots.find(sequence.intermediate);
    if (sequence.intermediate == 0 || slot == std::string_view::npos) {
        countUnknown();
        return;
    }
    Charset charset = Charset::Ascii;
    if (sequence.final == '0')
        charset = Charset::DecSpecialGraphics;
    else if (sequence.final == 'A')
        charset = Charset::British;
    else if (sequence.final != 'B')
        countUnknown();
    m_parts.screen.cursor.charsets.designated[slot] = charset;
}

void Interpreter::operatingSystemCommand(std::string_view text)
{
    unsigned command = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), command);
    if (parsed.ec != std::errc{}) {
        countUnknown();
        return;
    }
    std::string_view rest = text.substr(static_cast<std::size_t>(parsed.ptr - text.data()));
    if (rest.starts_with(';'))
        rest.remove_prefix(1);
    switch (command) {
    case 0:
    case 2:
        m_parts.title.set(rest);
        break;
    case 10:
    case 11:
        if (rest == "?") {
            m_parts.replies.add(
                report::color(command, command == 10 ? m_parts.display.foreground : m_parts.display.background));
        }
        break;
    case 52:
        ++m_parts.counters.clipboardRefused;
        break;
    case 1:   // icon name
    case 7:   // working directory
    case 8:   // hyperlink: its text is printed as any other
    case 133: // prompt marks
        break;
    default:
        countUnknown();
    }
}

void Interpreter::deviceControl(const Sequence& sequence, std::string_view text)
{
    if (sequence.kind() == Sequence::kindOf(0, '$', 'q'))
        m_parts.replies.add(report::setting(m_parts.screen, text));
    else if (sequence.kind() == Sequence::kindOf(0, '+', 'q'))
        m_parts.replies.add("\x1bP0+r\x1b\\"); // XTGETTCAP: no terminfo entry of ours to read from
    else
        countUnknown();
}

} // namespace fb::terminal
