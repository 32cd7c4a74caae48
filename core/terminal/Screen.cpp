// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Screen.h"

#include <algorithm>

namespace fb::terminal {

namespace {

constexpr int kTabWidth = 8;

} // namespace

Screen::Screen(Size size, int scrollbackLinesMax)
    : m_size(size),
      m_primary(size),
      m_alternate(size),
      m_scrollback(scrollbackLinesMax),
      m_scrollbackLinesMax(scrollbackLinesMax)
{
    margins = {0, size.rows - 1};
    resetTabStops();
}

Lines Screen::lines() const
{
    return {m_screenTop - static_cast<std::int64_t>(m_scrollback.size()), m_screenTop, m_screenTop + m_size.rows};
}

Cell Screen::blank() const
{
    Cell cell;
    cell.background = cursor.pen.background;
    return cell;
}

void Screen::moveTo(int row, int column)
{
    if (!modes.originMode) {
        moveToAbsolute(row, column);
        return;
    }
    moveToAbsolute(std::clamp(row, 0, margins.count() - 1) + margins.top, column);
}

void Screen::moveToAbsolute(int row, int column)
{
    cursor.row = std::clamp(row, 0, m_size.rows - 1);
    cursor.column = std::clamp(column, 0, m_size.columns - 1);
    cursor.isWrapPending = false;
}

void Screen::lineFeed()
{
    cursor.isWrapPending = false;
    if (cursor.row == margins.bottom)
        scrollUp(margins, 1);
    else if (cursor.row < m_size.rows - 1)
        ++cursor.row;
}

void Screen::reverseLineFeed()
{
    cursor.isWrapPending = false;
    if (cursor.row == margins.top)
        grid().scrollDown(margins, 1, blank());
    else if (cursor.row > 0)
        --cursor.row;
}

void Screen::wrapLine()
{
    grid().setWrapped(cursor.row, true);
    lineFeed();
    cursor.column = 0;
}

void Screen::scrollUp(RowRange range, int count)
{
    const int shift = std::min(count, range.count());
    if (!modes.alternateScreen && range.top == 0) {
        for (int row = 0; row < shift; ++row)
            m_scrollback.push(m_primary.row(row), m_primary.isWrapped(row));
        m_screenTop += shift;
    }
    grid().scrollUp(range, shift, blank());
}

void Screen::setMargins(RowRange range)
{
    margins = range;
    moveTo(0, 0);
}

void Screen::saveCursor()
{
    saved() = cursor;
    saved().originMode = modes.originMode;
}

void Screen::restoreCursor()
{
    const CursorState& state = saved();
    cursor = state;
    modes.originMode = state.originMode;
    const bool isWrapPending = state.isWrapPending;
    moveToAbsolute(cursor.row, cursor.column);
    cursor.isWrapPending = isWrapPending && cursor.column == m_size.columns - 1;
}

void Screen::switchTo(ScreenKind kind)
{
    const bool isAlternate = kind == ScreenKind::Alternate;
    if (modes.alternateScreen == isAlternate)
        return;
    modes.alternateScreen = isAlternate;
    grid().markAllDirty();
    ++m_layoutEpoch;
}

void Screen::eraseScrollback()
{
    m_scrollback.clear();
}

void Screen::reset()
{
    modes = Modes{};
    cursor = CursorState{};
    cursorShape = CursorShape::Block;
    margins = {0, m_size.rows - 1};
    m_saved = {};
    resetTabStops();
    m_primary.clear(Cell{});
    m_alternate.clear(Cell{});
    eraseScrollback();
    ++m_layoutEpoch;
}

void Screen::softReset()
{
    modes.insert = false;
    modes.originMode = false;
    modes.autoWrap = true;
    modes.reverseWrap = false;
    modes.cursorVisible = true;
    modes.applicationCursor = false;
    modes.applicationKeypad = false;
    cursor.pen = Cell{};
    cursor.charsets = CharsetState{};
    margins = {0, m_size.rows - 1};
    saved() = CursorState{};
}

void Screen::resetTabStops()
{
    tabStops.assign(static_cast<std::size_t>(m_size.columns), false);
    for (std::size_t column = kTabWidth; column < tabStops.size(); column += kTabWidth)
        tabStops[column] = true;
}

std::optional<char32_t> Screen::clusterFor(std::u32string_view text)
{
    constexpr unsigned kRefusalsBetweenCleanings = 4096;
    std::optional<char32_t> glyph = m_clusters.glyphFor(text);
    if (!glyph && m_cleaningCredit == 0) {
        // Cleaning walks over every cell: it must have been worth it to be tried again at once.
        const std::size_t before = m_clusters.size();
        dropUnusedClusters();
        const bool wasWorthIt = before - m_clusters.size() >= Clusters::kEntriesMax / 4;
        m_cleaningCredit = wasWorthIt ? 0 : kRefusalsBetweenCleanings;
        glyph = m_clusters.glyphFor(text);
    } else if (!glyph) {
        --m_cleaningCredit;
    }
    return glyph;
}

void Screen::dropUnusedClusters()
{
    std::vector<bool> used(Clusters::kEntriesMax, false);
    for (const Grid* one : {&m_primary, &m_alternate}) {
        for (int row = 0; row < m_size.rows; ++row) {
            for (const Cell& cell : one->row(row)) {
                if (Clusters::isCluster(cell.glyph))
                    used[static_cast<std::size_t>(cell.glyph - Cell::kClusterBase)] = true;
            }
        }
    }
    m_scrollback.markClusters(used);
    m_clusters.keepOnly(used);
}

} // namespace fb::terminal
