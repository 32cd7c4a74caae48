// SPDX-License-Identifier: Apache-2.0
// The state every sequence works on: the two screens, the scrollback behind the first, the cursor, the margins, the
// modes. Operations here are those that touch several of them at once; what only changes cells is in Editing.h.
// Invariant: the cursor is on the screen, the margins are rows of it, top < bottom unless there is one row only.
#pragma once

#include "core/terminal/Charset.h"
#include "core/terminal/Clusters.h"
#include "core/terminal/Grid.h"
#include "core/terminal/Scrollback.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace fb::terminal {

/// Where the next character goes, and how it will look.
struct CursorState {
    int row = 0;
    int column = 0;
    bool isWrapPending = false; ///< the last column has been written; the next character goes to the next row
    Cell pen;                   ///< colours and attributes only
    CharsetState charsets;
    bool originMode = false; ///< only meaningful while saved
};

class Screen {
public:
    Screen(Size size, int scrollbackLinesMax);

    [[nodiscard]] Size size() const { return m_size; }
    [[nodiscard]] Grid& grid() { return modes.alternateScreen ? m_alternate : m_primary; }
    [[nodiscard]] const Grid& grid() const { return modes.alternateScreen ? m_alternate : m_primary; }
    [[nodiscard]] const Scrollback& scrollback() const { return m_scrollback; }
    [[nodiscard]] Lines lines() const;
    [[nodiscard]] std::uint64_t layoutEpoch() const { return m_layoutEpoch; }
    [[nodiscard]] std::uint64_t rowsCut() const { return m_rowsCut; }
    [[nodiscard]] std::uint64_t linesEvicted() const { return m_evictedBefore + m_scrollback.evicted(); }

    /// A cell as erasing leaves it: nothing but the current background.
    [[nodiscard]] Cell blank() const;
    /// To a cell of the screen, clamped; relative to the margins in origin mode.
    void moveTo(int row, int column);
    /// As moveTo(), but origin mode does not count.
    void moveToAbsolute(int row, int column);
    /// Down one row, scrolling at the bottom margin; the column stays.
    void lineFeed();
    void reverseLineFeed();
    /// The row is left because it is full: marks it as wrapped and goes to the beginning of the next.
    void wrapLine();
    void scrollUp(RowRange range, int count);
    void setMargins(RowRange range);

    void saveCursor();
    void restoreCursor();
    enum class ScreenKind : std::uint8_t { Primary, Alternate };
    void switchTo(ScreenKind kind);
    void eraseScrollback();
    void resize(Size size);
    /// The state after power-on; the scrollback is emptied.
    void reset();
    void softReset();
    void resetTabStops();

    /// The glyph for these code points, or nothing if the table of characters with marks is full even after cleaning.
    [[nodiscard]] std::optional<char32_t> clusterFor(std::u32string_view text);
    [[nodiscard]] const Clusters& clusters() const { return m_clusters; }

    CursorState cursor;
    RowRange margins;
    Modes modes;
    CursorShape cursorShape = CursorShape::Block;
    std::vector<bool> tabStops; ///< one a column

private:
    struct Tail;

    [[nodiscard]] CursorState& saved() { return m_saved[modes.alternateScreen ? 1 : 0]; }
    void resizePrimary(Size size, CursorState& tracked);
    void rewrapInto(Tail& tail, Size size, int used, CursorState& tracked);
    void placeTail(const Tail& tail, Size size, CursorState& tracked);
    [[nodiscard]] int usedRows(const CursorState& tracked) const;
    void resizeAlternate(Size size, CursorState& tracked);
    void dropUnusedClusters();

    Size m_size;
    Grid m_primary;
    Grid m_alternate;
    Scrollback m_scrollback;
    int m_scrollbackLinesMax;
    Clusters m_clusters;
    std::array<CursorState, 2> m_saved; // primary, alternate
    std::int64_t m_screenTop = 0;       // number of the line at the top of the primary screen
    std::uint64_t m_layoutEpoch = 0;
    std::uint64_t m_rowsCut = 0;
    std::uint64_t m_evictedBefore = 0; // by scrollbacks that a rewrap has replaced
    unsigned m_cleaningCredit = 0;     // refusals until the next search for unused clusters
};

} // namespace fb::terminal
