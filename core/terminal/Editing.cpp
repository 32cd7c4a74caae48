// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Editing.h"

#include <algorithm>

namespace fb::terminal {

void eraseInLine(Screen& screen, EraseExtent extent)
{
    const int from = extent == EraseExtent::ToEnd ? screen.cursor.column : 0;
    const int to = extent == EraseExtent::ToBeginning ? screen.cursor.column + 1 : screen.size().columns;
    screen.grid().erase(screen.cursor.row, from, to, screen.blank());
    screen.cursor.isWrapPending = false;
}

void eraseInDisplay(Screen& screen, EraseExtent extent)
{
    const int row = screen.cursor.row;
    if (extent != EraseExtent::All)
        eraseInLine(screen, extent);
    const int from = extent == EraseExtent::ToEnd ? row + 1 : 0;
    const int to = extent == EraseExtent::ToBeginning ? row : screen.size().rows;
    for (int index = from; index < to; ++index)
        screen.grid().erase(index, 0, screen.size().columns, screen.blank());
    screen.cursor.isWrapPending = false;
}

void eraseCharacters(Screen& screen, int count)
{
    const int to = std::min(screen.cursor.column + count, screen.size().columns);
    screen.grid().erase(screen.cursor.row, screen.cursor.column, to, screen.blank());
    screen.cursor.isWrapPending = false;
}

void insertCharacters(Screen& screen, int count)
{
    screen.grid().insertCells(screen.cursor.row, screen.cursor.column, count, screen.blank());
    screen.cursor.isWrapPending = false;
}

void deleteCharacters(Screen& screen, int count)
{
    screen.grid().deleteCells(screen.cursor.row, screen.cursor.column, count, screen.blank());
    screen.cursor.isWrapPending = false;
}

void insertLines(Screen& screen, int count)
{
    if (!screen.margins.contains(screen.cursor.row))
        return;
    screen.grid().scrollDown({screen.cursor.row, screen.margins.bottom}, count, screen.blank());
    screen.cursor.column = 0;
    screen.cursor.isWrapPending = false;
}

void deleteLines(Screen& screen, int count)
{
    if (!screen.margins.contains(screen.cursor.row))
        return;
    // What is deleted does not go to the scrollback, so this is the grid's scrolling and not the screen's.
    screen.grid().scrollUp({screen.cursor.row, screen.margins.bottom}, count, screen.blank());
    screen.cursor.column = 0;
    screen.cursor.isWrapPending = false;
}

void fillWithE(Screen& screen)
{
    Cell letter;
    letter.glyph = U'E';
    screen.grid().clear(letter);
    screen.modes.originMode = false;
    screen.setMargins({0, screen.size().rows - 1});
}

void moveUp(Screen& screen, int count)
{
    const int row = screen.cursor.row;
    const int limit = row >= screen.margins.top ? screen.margins.top : 0;
    screen.moveToAbsolute(std::max(row - count, limit), screen.cursor.column);
}

void moveDown(Screen& screen, int count)
{
    const int row = screen.cursor.row;
    const int limit = row <= screen.margins.bottom ? screen.margins.bottom : screen.size().rows - 1;
    screen.moveToAbsolute(std::min(row + count, limit), screen.cursor.column);
}

void moveLeft(Screen& screen, int count)
{
    screen.moveToAbsolute(screen.cursor.row, screen.cursor.column - count);
}

void moveRight(Screen& screen, int count)
{
    screen.moveToAbsolute(screen.cursor.row, screen.cursor.column + count);
}

void backspace(Screen& screen)
{
    const CursorState& cursor = screen.cursor;
    const bool canGoUp = screen.modes.reverseWrap && screen.modes.autoWrap && cursor.column == 0 &&
                         cursor.row > screen.margins.top && screen.grid().isWrapped(cursor.row - 1);
    if (canGoUp)
        screen.moveToAbsolute(cursor.row - 1, screen.size().columns - 1);
    else
        moveLeft(screen, 1);
}

void tabForward(Screen& screen, int count)
{
    int column = screen.cursor.column;
    const int last = screen.size().columns - 1;
    for (int done = 0; done < count && column < last; ++done) {
        ++column;
        while (column < last && !screen.tabStops[static_cast<std::size_t>(column)])
            ++column;
    }
    screen.cursor.column = column; // a pending wrap stays: tabs do not leave the row
}

void tabBackward(Screen& screen, int count)
{
    int column = screen.cursor.column;
    for (int done = 0; done < count && column > 0; ++done) {
        --column;
        while (column > 0 && !screen.tabStops[static_cast<std::size_t>(column)])
            --column;
    }
    screen.moveToAbsolute(screen.cursor.row, column);
}

} // namespace fb::terminal
