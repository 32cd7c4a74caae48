// SPDX-License-Identifier: Apache-2.0
// How a screen gets another size: the primary is rewrapped together with its scrollback, the alternate is cut or
// padded.
#include "core/base/Assert.h"
#include "core/terminal/Rewrap.h"
#include "core/terminal/Screen.h"

#include <algorithm>

namespace fb::terminal {

/// The rows that may be on the new screen: the old screen's used rows, rewrapped, with the rest of a line that began
/// in the scrollback.
struct Screen::Tail {
    struct Row {
        std::size_t offset = 0;
        std::size_t length = 0;
        bool isWrapped = false;
    };

    std::vector<Cell> cells;
    std::vector<Row> rows;
    int oldTop = 0; // the row that holds the first cell of the old screen
    int cursorRow = 0;
    bool hadRoomBelow = false; // the old screen was not full: what was at its top stays there if it can

    void append(std::span<const Cell> row, bool isWrapped)
    {
        rows.push_back({cells.size(), row.size(), isWrapped});
        cells.insert(cells.end(), row.begin(), row.end());
    }
    [[nodiscard]] std::span<const Cell> row(std::size_t index) const
    {
        return std::span<const Cell>(cells).subspan(rows[index].offset, rows[index].length);
    }
    [[nodiscard]] int count() const { return static_cast<int>(rows.size()); }
};

void Screen::resize(Size size)
{
    if (size == m_size)
        return;
    const bool isAlternate = modes.alternateScreen;
    CursorState inactive; // the other screen has no cursor of its own
    resizePrimary(size, isAlternate ? m_saved[0] : cursor);
    resizeAlternate(size, isAlternate ? cursor : inactive);
    if (size.columns != m_size.columns) {
        const std::size_t known = tabStops.size();
        const std::vector<bool> before = std::move(tabStops);
        m_size = size;
        resetTabStops();
        for (std::size_t column = 0; column < std::min(known, tabStops.size()); ++column)
            tabStops[column] = before[column];
        ++m_layoutEpoch;
    }
    m_size = size;
    margins = {0, size.rows - 1};
    for (CursorState& state : m_saved) {
        state.row = std::min(state.row, size.rows - 1);
        state.column = std::min(state.column, size.columns - 1);
    }
}

int Screen::usedRows(const CursorState& tracked) const
{
    int used = m_size.rows;
    while (used > tracked.row + 1 && std::ranges::all_of(m_primary.row(used - 1), &Cell::isUntouched))
        --used;
    return used;
}

void Screen::resizePrimary(Size size, CursorState& tracked)
{
    Tail tail;
    const int used = usedRows(tracked);
    tail.hadRoomBelow = used < m_size.rows;
    if (size.columns == m_size.columns) {
        for (int row = 0; row < used; ++row)
            tail.append(m_primary.row(row), m_primary.isWrapped(row));
        tail.cursorRow = tracked.row;
    } else {
        rewrapInto(tail, size, used, tracked);
    }
    placeTail(tail, size, tracked);
}

void Screen::rewrapInto(Tail& tail, Size size, int used, CursorState& tracked)
{
    Scrollback fresh(m_scrollbackLinesMax);
    bool isScreen = false;
    Rewrap rewrap(size.columns, [&](std::span<const Cell> cells, bool isWrapped) {
        if (isScreen)
            tail.append(cells, isWrapped);
        else
            fresh.push(cells, isWrapped);
    });
    std::vector<Cell> cells;
    for (std::size_t index = 0; index < m_scrollback.size(); ++index) {
        m_scrollback.read(index, cells);
        rewrap.add(cells, m_scrollback.isWrapped(index));
    }
    isScreen = true;
    rewrap.countRowsFromHere();
    std::optional<Rewrap::Place> top;
    std::optional<Rewrap::Place> place;
    for (int row = 0; row < used; ++row) {
        std::vector<Rewrap::Mark> marks;
        if (row == 0)
            marks.push_back({0, &top});
        if (row == tracked.row)
            marks.push_back({static_cast<std::size_t>(tracked.column), &place});
        rewrap.add(m_primary.row(row), m_primary.isWrapped(row), marks);
    }
    rewrap.finish();
    FB_ASSERT(top && place);
    tail.oldTop = static_cast<int>(top->row);
    tail.cursorRow = static_cast<int>(place->row);
    tracked.column = place->column;
    if (tracked.isWrapPending && tracked.column + 1 < size.columns) {
        ++tracked.column;
        tracked.isWrapPending = false;
    }
    const std::int64_t first = lines().first + static_cast<std::int64_t>(fresh.evicted());
    m_evictedBefore += m_scrollback.evicted();
    m_scrollback = std::move(fresh);
    m_screenTop = first + static_cast<std::int64_t>(m_scrollback.size());
}

void Screen::placeTail(const Tail& tail, Size size, CursorState& tracked)
{
    int top = tail.count() - size.rows;
    if (tail.hadRoomBelow)
        top = std::max(top, tail.oldTop);
    top = std::min(top, tail.cursorRow);
    top = std::max(top, -static_cast<int>(m_scrollback.size()));

    Grid grid(size);
    std::vector<Cell> cells;
    bool isWrapped = false;
    for (int row = -top - 1; row >= 0; --row) { // back from the scrollback, the newest first
        m_scrollback.popNewest(cells, isWrapped);
        grid.assignRow(row, cells, isWrapped);
    }
    for (int index = 0; index < tail.count(); ++index) {
        const auto at = static_cast<std::size_t>(index);
        if (index < top)
            m_scrollback.push(tail.row(at), tail.rows[at].isWrapped);
        else if (index < top + size.rows)
            grid.assignRow(index - top, tail.row(at), tail.rows[at].isWrapped);
        else
            ++m_rowsCut;
    }
    m_primary = std::move(grid);
    m_screenTop += top;
    tracked.row = tail.cursorRow - top;
}

void Screen::resizeAlternate(Size size, CursorState& tracked)
{
    Grid grid(size);
    const int top = std::max(0, tracked.row - (size.rows - 1));
    for (int row = 0; row < std::min(size.rows, m_size.rows - top); ++row)
        grid.assignRow(row, m_alternate.row(row + top), m_alternate.isWrapped(row + top));
    m_alternate = std::move(grid);
    tracked.row -= top;
    if (tracked.column >= size.columns)
        tracked.column = size.columns - 1;
    tracked.isWrapPending = tracked.isWrapPending && tracked.column == size.columns - 1;
}

} // namespace fb::terminal
