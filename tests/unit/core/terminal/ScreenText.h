// SPDX-License-Identifier: Apache-2.0
// What the tests of the terminal share: writing text, reading the screen back as text.
#pragma once

#include "core/terminal/Terminal.h"
#include "core/terminal/Utf8.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <cstdint>
#include <string_view>
#include <vector>

namespace fb::terminal {

inline Terminal makeTerminal(int columns, int rows, int scrollbackLinesMax = 100)
{
    return Terminal({.size = {columns, rows}, .scrollbackLinesMax = scrollbackLinesMax, .display = {}});
}

inline void write(Terminal& terminal, std::string_view text)
{
    const ByteVector bytes = bytesOf(text);
    terminal.write(bytes);
}

/// A line as text; untouched cells are blanks, those at its end are left out.
inline QString lineText(const Terminal& terminal, std::int64_t line)
{
    std::vector<Cell> scratch;
    std::string text;
    for (const Cell& cell : terminal.row(line, scratch)) {
        if (cell.part == CellPart::Tail)
            continue;
        if (cell.glyph == 0)
            text.push_back(' ');
        for (const char32_t codePoint : terminal.textOf(cell))
            appendUtf8(text, codePoint);
    }
    while (!text.empty() && text.back() == ' ')
        text.pop_back();
    return QString::fromStdString(text);
}

/// All rows of the screen, joined by '|'.
inline QString screenText(const Terminal& terminal)
{
    QStringList rows;
    for (std::int64_t line = terminal.lines().screenTop; line < terminal.lines().end; ++line)
        rows << lineText(terminal, line);
    return rows.join(QLatin1Char('|'));
}

/// The lines of the scrollback, joined by '|'.
inline QString scrollbackText(const Terminal& terminal)
{
    QStringList rows;
    for (std::int64_t line = terminal.lines().first; line < terminal.lines().screenTop; ++line)
        rows << lineText(terminal, line);
    return rows.join(QLatin1Char('|'));
}

/// A cell of the screen.
inline Cell cellAt(const Terminal& terminal, int row, int column)
{
    std::vector<Cell> scratch;
    return terminal.row(terminal.lines().screenTop + row, scratch)[static_cast<std::size_t>(column)];
}

/// "row,column" of the cursor, from 0.
inline QString cursorText(const Terminal& terminal)
{
    return QStringLiteral("%1,%2").arg(terminal.cursor().row).arg(terminal.cursor().column);
}

inline QByteArray repliesOf(Terminal& terminal)
{
    return QByteArray::fromStdString(textOf(terminal.takeReplies()));
}

} // namespace fb::terminal
