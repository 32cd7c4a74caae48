// SPDX-License-Identifier: Apache-2.0
// The control sequences (CSI). Names are those of DEC STD 070 and xterm's ctlseqs.
#include "core/terminal/Editing.h"
#include "core/terminal/Interpreter.h"
#include "core/terminal/Reports.h"
#include "core/terminal/Sgr.h"

#include <algorithm>

namespace fb::terminal {

void Interpreter::controlSequence(const Sequence& sequence)
{
    if (sequence.kind() == Sequence::kindOf(0, 0, 'm')) {
        m_parts.counters.unknownSequences += applySgr(sequence.parameters, m_parts.screen.cursor.pen);
        return;
    }
    // Only SGR has sub-parameters; elsewhere they change the meaning of what we would read.
    const bool isPlain = !sequence.parameters.hasSubparameters();
    if (isPlain && (moveCursor(sequence) || edit(sequence) || change(sequence) || answer(sequence)))
        return;
    countUnknown();
}

bool Interpreter::moveCursor(const Sequence& sequence)
{
    Screen& screen = m_parts.screen;
    const Parameters& parameters = sequence.parameters;
    const int first = parameters.atLeastOne(0);
    const int row = screen.cursor.row;
    const int column = screen.cursor.column;
    switch (sequence.kind()) {
    case Sequence::kindOf(0, 0, 'A'): // CUU
        moveUp(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'B'): // CUD
        moveDown(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'C'): // CUF
    case Sequence::kindOf(0, 0, 'a'): // HPR
        moveRight(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'D'): // CUB
        moveLeft(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'E'): // CNL
        moveDown(screen, first);
        screen.moveToAbsolute(screen.cursor.row, 0);
        return true;
    case Sequence::kindOf(0, 0, 'F'): // CPL
        moveUp(screen, first);
        screen.moveToAbsolute(screen.cursor.row, 0);
        return true;
    case Sequence::kindOf(0, 0, 'G'): // CHA
    case Sequence::kindOf(0, 0, '`'): // HPA
        screen.moveToAbsolute(row, first - 1);
        return true;
    case Sequence::kindOf(0, 0, 'H'): // CUP
    case Sequence::kindOf(0, 0, 'f'): // HVP
        screen.moveTo(first - 1, parameters.atLeastOne(1) - 1);
        return true;
    case Sequence::kindOf(0, 0, 'd'): // VPA
        screen.moveTo(first - 1, column);
        return true;
    case Sequence::kindOf(0, 0, 'e'): // VPR
        screen.moveToAbsolute(row + first, column);
        return true;
    case Sequence::kindOf(0, 0, 'I'): // CHT
        tabForward(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'Z'): // CBT
        tabBackward(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 's'): // SCOSC
        screen.saveCursor();
        return true;
    case Sequence::kindOf(0, 0, 'u'): // SCORC
        screen.restoreCursor();
        return true;
    default:
        return false;
    }
}

bool Interpreter::edit(const Sequence& sequence)
{
    Screen& screen = m_parts.screen;
    const int first = sequence.parameters.atLeastOne(0);
    switch (sequence.kind()) {
    case Sequence::kindOf(0, 0, '@'): // ICH
        insertCharacters(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'P'): // DCH
        deleteCharacters(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'X'): // ECH
        eraseCharacters(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'L'): // IL
        insertLines(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'M'): // DL
        deleteLines(screen, first);
        return true;
    case Sequence::kindOf(0, 0, 'S'): // SU
        screen.scrollUp(screen.margins, first);
        return true;
    case Sequence::kindOf(0, 0, 'T'): // SD; with five parameters it is xterm's highlight tracking
        if (sequence.parameters.count() > 1)
            return false;
        screen.grid().scrollDown(screen.margins, first, screen.blank());
        return true;
    case Sequence::kindOf(0, 0, 'b'): // REP
        m_printer.repeatLast(first);
        return true;
    case Sequence::kindOf(0, 0, 'J'):   // ED
    case Sequence::kindOf('?', 0, 'J'): // DECSED: no cell is protected, so it is ED
    case Sequence::kindOf(0, 0, 'K'):   // EL
    case Sequence::kindOf('?', 0, 'K'): // DECSEL
        return erase(sequence);
    default:
        return false;
    }
}

bool Interpreter::erase(const Sequence& sequence)
{
    const unsigned which = sequence.parameters.at(0);
    if (sequence.final == 'J' && sequence.prefix == 0 && which == 3) {
        m_parts.screen.eraseScrollback();
        return true;
    }
    if (which > 2)
        return false;
    const auto extent = static_cast<EraseExtent>(which);
    if (sequence.final == 'J')
        eraseInDisplay(m_parts.screen, extent);
    else
        eraseInLine(m_parts.screen, extent);
    return true;
}

bool Interpreter::change(const Sequence& sequence)
{
    const Parameters& parameters = sequence.parameters;
    switch (sequence.kind()) {
    case Sequence::kindOf(0, 0, 'h'): // SM
    case Sequence::kindOf('?', 0, 'h'):
        changeModes(sequence, ModeAction::Set);
        return true;
    case Sequence::kindOf(0, 0, 'l'): // RM
    case Sequence::kindOf('?', 0, 'l'):
        changeModes(sequence, ModeAction::Reset);
        return true;
    case Sequence::kindOf(0, 0, 'r'): // DECSTBM
        setMargins(parameters);
        return true;
    case Sequence::kindOf(0, ' ', 'q'): // DECSCUSR
        setCursorStyle(parameters.at(0));
        return true;
    case Sequence::kindOf(0, '!', 'p'): // DECSTR
        m_parts.screen.softReset();
        return true;
    case Sequence::kindOf(0, 0, 'g'): // TBC
        clearTabStops(parameters.at(0));
        return true;
    case Sequence::kindOf('?', 0, 'W'): // DECST8C
        if (parameters.at(0) == 5)
            m_parts.screen.resetTabStops();
        return true;
    default:
        return false;
    }
}

bool Interpreter::answer(const Sequence& sequence)
{
    const Screen& screen = m_parts.screen;
    Replies& replies = m_parts.replies;
    const unsigned first = sequence.parameters.at(0);
    switch (sequence.kind()) {
    case Sequence::kindOf(0, 0, 'c'): // DA1
        replies.add(report::kPrimaryAttributes);
        return true;
    case Sequence::kindOf('>', 0, 'c'): // DA2
        replies.add(report::kSecondaryAttributes);
        return true;
    case Sequence::kindOf('=', 0, 'c'): // DA3
        replies.add(report::kTertiaryAttributes);
        return true;
    case Sequence::kindOf('>', 0, 'q'): // XTVERSION
        replies.add(report::kVersion);
        return true;
    case Sequence::kindOf(0, 0, 'n'): // DSR
    case Sequence::kindOf('?', 0, 'n'):
        deviceStatus(sequence);
        return true;
    case Sequence::kindOf(0, '$', 'p'): // DECRQM
        replies.add(report::mode(screen, ModeFamily::Ansi, first));
        return true;
    case Sequence::kindOf('?', '$', 'p'):
        replies.add(report::mode(screen, ModeFamily::Private, first));
        return true;
    case Sequence::kindOf(0, 0, 't'): // XTWINOPS
        windowOperation(sequence.parameters);
        return true;
    case Sequence::kindOf(0, '*', 'y'): // DECRQCRA
        if (m_parts.checksumReports == ChecksumReports::Answered)
            replies.add(report::checksum(screen, sequence.parameters));
        else
            ++m_parts.counters.reportsRefused;
        return true;
    default:
        return false;
    }
}

void Interpreter::changeModes(const Sequence& sequence, ModeAction action)
{
    const ModeFamily family = sequence.prefix == '?' ? ModeFamily::Private : ModeFamily::Ansi;
    for (std::size_t index = 0; index < sequence.parameters.count(); ++index) {
        if (!changeMode(m_parts.screen, family, sequence.parameters.at(index), action))
            countUnknown();
    }
}

void Interpreter::setMargins(const Parameters& parameters)
{
    const int rows = m_parts.screen.size().rows;
    const int top = parameters.atLeastOne(0) - 1;
    const int bottom = parameters.at(1) == 0 ? rows - 1 : std::min(static_cast<int>(parameters.at(1)), rows) - 1;
    if (top < bottom)
        m_parts.screen.setMargins({top, bottom});
}

void Interpreter::setCursorStyle(unsigned style)
{
    if (style > 6) {
        countUnknown();
        return;
    }
    constexpr unsigned kDefault = 2; // ours: a steady block
    const unsigned known = style == 0 ? kDefault : style;
    m_parts.screen.cursorShape = static_cast<CursorShape>((known - 1) / 2);
    m_parts.screen.modes.cursorBlinks = known % 2 == 1;
}

void Interpreter::clearTabStops(unsigned which)
{
    std::vector<bool>& stops = m_parts.screen.tabStops;
    if (which == 0)
        stops[static_cast<std::size_t>(m_parts.screen.cursor.column)] = false;
    else if (which == 3)
        stops.assign(stops.size(), false);
    else
        countUnknown();
}

void Interpreter::windowOperation(const Parameters& parameters)
{
    const unsigned operation = parameters.at(0);
    const std::string sizes = report::window(m_parts.screen, m_parts.display, operation);
    const bool isIconOnly = parameters.at(1) == 1;
    if (!sizes.empty())
        m_parts.replies.add(sizes);
    else if (operation == 22 && !isIconOnly)
        m_parts.title.push();
    else if (operation == 23 && !isIconOnly)
        m_parts.title.pop();
    else if (operation == 20 || operation == 21)
        ++m_parts.counters.reportsRefused;
    else
        countUnknown(); // moving and resizing the window is for the person in front of it
}

void Interpreter::deviceStatus(const Sequence& sequence)
{
    const unsigned what = sequence.parameters.at(0);
    if (what == 6) {
        const ModeFamily family = sequence.prefix == '?' ? ModeFamily::Private : ModeFamily::Ansi;
        m_parts.replies.add(report::cursorPosition(m_parts.screen, family));
    } else if (what == 5 && sequence.prefix == 0) {
        m_parts.replies.add(report::kStatusOk);
    } else {
        countUnknown();
    }
}

} // namespace fb::terminal
