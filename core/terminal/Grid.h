// SPDX-License-Identifier: Apache-2.0
// The cells of one screen, rows that move by moving their index, and which rows have changed since somebody last asked.
// Invariant between calls: a Wide cell is followed by its Tail, and a Tail follows a Wide cell.
#pragma once

#include "core/base/Assert.h"
#include "core/terminal/Terminal.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace fb::terminal {

/// Rows top..bottom, both included.
struct RowRange {
    int top = 0;
    int bottom = 0;

    [[nodiscard]] int count() const { return bottom - top + 1; }
    [[nodiscard]] bool contains(int row) const { return row >= top && row <= bottom; }
    friend bool operator==(const RowRange&, const RowRange&) = default;
};

class Grid {
public:
    explicit Grid(Size size);

    [[nodiscard]] Size size() const { return m_size; }
    [[nodiscard]] std::span<const Cell> row(int index) const { return {begin(index), width()}; }
    [[nodiscard]] bool isWrapped(int index) const { return at(index).isWrapped; }
    void setWrapped(int index, bool isWrapped) { at(index).isWrapped = isWrapped; }

    /// For writing: the row counts as changed. Call splitWide() at both edges of what will be overwritten.
    [[nodiscard]] std::span<Cell> change(int index)
    {
        at(index).isDirty = true;
        return {begin(index), width()};
    }
    /// Blanks both halves of a wide character that stands astride the left edge of `column`.
    void splitWide(int index, int column)
    {
        if (column > 0 && column < m_size.columns && begin(index)[column].part == CellPart::Tail)
            blankHalves(index, column);
    }

    /// Cells [from, to) become `blank`; a row erased to its end is no longer wrapped.
    void erase(int index, int from, int to, const Cell& blank);
    /// Moves the cells from `column` on to the right; what passes the edge is gone.
    void insertCells(int index, int column, int count, const Cell& blank);
    void deleteCells(int index, int column, int count, const Cell& blank);
    void scrollUp(RowRange range, int count, const Cell& blank);
    void scrollDown(RowRange range, int count, const Cell& blank);
    void clear(const Cell& blank);

    /// Copies a row in and pads it; for resizing.
    void assignRow(int index, std::span<const Cell> cells, bool isWrapped);
    void markAllDirty();
    [[nodiscard]] Damage takeDamage();

private:
    struct Row {
        std::uint32_t offset = 0; // into m_cells
        bool isWrapped = false;
        bool isDirty = true;
    };

    [[nodiscard]] std::size_t width() const { return static_cast<std::size_t>(m_size.columns); }
    [[nodiscard]] Row& at(int index)
    {
        FB_ASSERT(index >= 0 && index < m_size.rows);
        return m_rows[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] const Row& at(int index) const
    {
        FB_ASSERT(index >= 0 && index < m_size.rows);
        return m_rows[static_cast<std::size_t>(index)];
    }
    [[nodiscard]] Cell* begin(int index) { return m_cells.data() + at(index).offset; }
    [[nodiscard]] const Cell* begin(int index) const { return m_cells.data() + at(index).offset; }
    void blankHalves(int index, int column);
    void afterScroll(RowRange range, RowRange cleared, const Cell& blank);

    Size m_size;
    std::vector<Cell> m_cells;
    std::vector<Row> m_rows;
    int m_scrolledUp = 0; // of the whole screen, since takeDamage()
};

} // namespace fb::terminal
