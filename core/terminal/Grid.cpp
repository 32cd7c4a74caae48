// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Grid.h"

#include <algorithm>
#include <utility>

namespace fb::terminal {

Grid::Grid(Size size)
    : m_size(size),
      m_cells(static_cast<std::size_t>(size.columns) * static_cast<std::size_t>(size.rows)),
      m_rows(static_cast<std::size_t>(size.rows))
{
    for (std::size_t index = 0; index < m_rows.size(); ++index)
        m_rows[index].offset = static_cast<std::uint32_t>(index * width());
}

void Grid::blankHalves(int index, int column)
{
    Cell* const cell = begin(index) + column;
    for (Cell* half : {cell - 1, cell}) {
        half->glyph = 0;
        half->part = CellPart::Narrow;
    }
    at(index).isDirty = true;
}

void Grid::erase(int index, int from, int to, const Cell& blank)
{
    splitWide(index, from);
    splitWide(index, to);
    const std::span<Cell> cells = change(index);
    std::fill(cells.begin() + from, cells.begin() + to, blank);
    if (to == m_size.columns)
        setWrapped(index, false);
}

void Grid::insertCells(int index, int column, int count, const Cell& blank)
{
    const int shift = std::min(count, m_size.columns - column);
    splitWide(index, column);
    splitWide(index, m_size.columns - shift);
    const std::span<Cell> cells = change(index);
    std::move_backward(cells.begin() + column, cells.end() - shift, cells.end());
    std::fill_n(cells.begin() + column, shift, blank);
}

void Grid::deleteCells(int index, int column, int count, const Cell& blank)
{
    const int shift = std::min(count, m_size.columns - column);
    splitWide(index, column);
    splitWide(index, column + shift);
    const std::span<Cell> cells = change(index);
    std::move(cells.begin() + column + shift, cells.end(), cells.begin() + column);
    std::fill_n(cells.end() - shift, shift, blank);
    setWrapped(index, false);
}

void Grid::scrollUp(RowRange range, int count, const Cell& blank)
{
    const int shift = std::min(count, range.count());
    const auto first = m_rows.begin() + range.top;
    if (shift == 1) { // a line feed: moved in one piece, which rotating does not do
        const Row top = *first;
        *std::move(first + 1, first + range.count(), first) = top;
    } else {
        std::rotate(first, first + shift, first + range.count());
    }
    const bool isWholeScreen = range.count() == m_size.rows;
    if (isWholeScreen)
        m_scrolledUp = std::min(m_scrolledUp + shift, m_size.rows);
    afterScroll(isWholeScreen ? RowRange{0, -1} : range, {range.bottom - shift + 1, range.bottom}, blank);
}

void Grid::scrollDown(RowRange range, int count, const Cell& blank)
{
    const int shift = std::min(count, range.count());
    const auto first = m_rows.begin() + range.top;
    std::rotate(first, first + (range.count() - shift), first + range.count());
    afterScroll(range, {range.top, range.top + shift - 1}, blank);
}

void Grid::afterScroll(RowRange range, RowRange cleared, const Cell& blank)
{
    for (int index = range.top; index <= range.bottom; ++index)
        at(index).isDirty = true;
    for (int index = cleared.top; index <= cleared.bottom; ++index) {
        std::fill_n(begin(index), width(), blank);
        at(index).isWrapped = false;
        at(index).isDirty = true;
    }
}

void Grid::clear(const Cell& blank)
{
    std::ranges::fill(m_cells, blank);
    for (Row& row : m_rows)
        row.isWrapped = false;
    markAllDirty();
}

void Grid::assignRow(int index, std::span<const Cell> cells, bool isWrapped)
{
    const std::span<Cell> target = change(index);
    const std::size_t count = std::min(cells.size(), target.size());
    std::ranges::copy(cells.first(count), target.begin());
    std::fill(target.begin() + static_cast<std::ptrdiff_t>(count), target.end(), Cell{});
    if (count > 0 && target[count - 1].part == CellPart::Wide)
        target[count - 1] = Cell{};
    setWrapped(index, isWrapped);
}

void Grid::markAllDirty()
{
    for (Row& row : m_rows)
        row.isDirty = true;
}

Damage Grid::takeDamage()
{
    if (m_scrolledUp == m_size.rows) {
        m_scrolledUp = 0;
        markAllDirty();
    }
    Damage damage;
    damage.scrolledUp = std::exchange(m_scrolledUp, 0);
    damage.dirtyRows.reserve(m_rows.size());
    for (Row& row : m_rows)
        damage.dirtyRows.push_back(std::exchange(row.isDirty, false) ? 1 : 0);
    return damage;
}

} // namespace fb::terminal
