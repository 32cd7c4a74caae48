// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Printer.h"

#include "core/terminal/Utf8.h"
#include "core/terminal/Width.h"

#include <algorithm>

namespace fb::terminal {

void Printer::printAscii(Bytes run)
{
    const Charset charset = m_screen.cursor.charsets.current();
    if (charset == Charset::Ascii && !m_screen.modes.insert && m_screen.modes.autoWrap) {
        printRun(run);
        return;
    }
    for (const std::uint8_t byte : run)
        print(translated(charset, byte));
}

/// The short way: no translation, no insertion, one cell a byte.
void Printer::printRun(Bytes run)
{
    const int columns = m_screen.size().columns;
    CursorState& cursor = m_screen.cursor;
    while (!run.empty()) {
        if (cursor.isWrapPending)
            m_screen.wrapLine();
        Grid& grid = m_screen.grid();
        const std::size_t count = std::min(run.size(), static_cast<std::size_t>(columns - cursor.column));
        grid.splitWide(cursor.row, cursor.column);
        grid.splitWide(cursor.row, cursor.column + static_cast<int>(count));
        Cell* cell = grid.change(cursor.row).data() + cursor.column;
        Cell next = cursor.pen;
        for (const std::uint8_t byte : run.first(count)) {
            next.glyph = byte;
            *cell++ = next;
        }
        m_last = run[count - 1];
        run = run.subspan(count);
        cursor.column += static_cast<int>(count);
        if (cursor.column == columns) {
            cursor.column = columns - 1;
            cursor.isWrapPending = true;
        }
    }
}

void Printer::printText(std::span<const char32_t> text)
{
    for (const char32_t codePoint : text)
        print(codePoint);
}

void Printer::repeatLast(int count)
{
    if (m_last == 0)
        return;
    const int cells = m_screen.size().columns * m_screen.size().rows;
    for (int done = 0; done < std::min(count, cells); ++done)
        print(m_last);
}

void Printer::print(char32_t codePoint)
{
    switch (widthOf(codePoint)) {
    case CharacterWidth::Zero:
        combine(codePoint);
        return;
    case CharacterWidth::One:
        place(codePoint, 1);
        break;
    case CharacterWidth::Two:
        if (m_screen.size().columns > 1)
            place(codePoint, 2);
        else
            place(Utf8Decoder::kReplacement, 1);
        break;
    }
    m_last = codePoint;
}

void Printer::place(char32_t codePoint, int width)
{
    const int columns = m_screen.size().columns;
    CursorState& cursor = m_screen.cursor;
    if (cursor.isWrapPending && m_screen.modes.autoWrap)
        m_screen.wrapLine();
    if (cursor.column + width > columns) {
        if (m_screen.modes.autoWrap) {
            m_screen.grid().erase(cursor.row, cursor.column, columns, m_screen.blank());
            m_screen.grid().change(cursor.row).back().part = CellPart::Filler;
            m_screen.wrapLine();
        } else {
            cursor.column = columns - width;
        }
    }
    Grid& grid = m_screen.grid();
    if (m_screen.modes.insert)
        grid.insertCells(cursor.row, cursor.column, width, m_screen.blank());
    grid.splitWide(cursor.row, cursor.column);
    grid.splitWide(cursor.row, cursor.column + width);
    Cell* const cell = grid.change(cursor.row).data() + cursor.column;
    cell[0] = cursor.pen;
    cell[0].glyph = codePoint;
    if (width == 2) {
        cell[0].part = CellPart::Wide;
        cell[1] = cursor.pen;
        cell[1].part = CellPart::Tail;
    }
    cursor.column += width;
    cursor.isWrapPending = cursor.column == columns && m_screen.modes.autoWrap;
    cursor.column = std::min(cursor.column, columns - 1);
}

/// Adds a mark to the character left of the cursor, where the last one was printed unless the cursor has moved.
void Printer::combine(char32_t mark)
{
    const CursorState& cursor = m_screen.cursor;
    int column = cursor.isWrapPending ? cursor.column : cursor.column - 1;
    const std::span<const Cell> row = m_screen.grid().row(cursor.row);
    if (column > 0 && row[static_cast<std::size_t>(column)].part == CellPart::Tail)
        --column;
    if (column < 0) {
        ++m_counters.marksDropped;
        return;
    }
    const char32_t glyph = row[static_cast<std::size_t>(column)].glyph;
    std::u32string text;
    if (Clusters::isCluster(glyph))
        text = m_screen.clusters().textOf(glyph);
    else
        text = glyph == 0 ? U' ' : glyph;
    if (text.size() >= Clusters::kCodePointsMax) {
        ++m_counters.marksDropped;
        return;
    }
    text.push_back(mark);
    const std::optional<char32_t> cluster = m_screen.clusterFor(text);
    if (!cluster) {
        ++m_counters.marksDropped;
        return;
    }
    m_screen.grid().change(cursor.row)[static_cast<std::size_t>(column)].glyph = *cluster;
}

} // namespace fb::terminal
