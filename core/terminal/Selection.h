// SPDX-License-Identifier: Apache-2.0
// What the user has marked with the mouse: two ends by line number, so it stays on its text while that scrolls. A
// selection belongs to one layout of the terminal; after a rewrap or a change of screen it is empty by itself.
#pragma once

#include "core/terminal/Terminal.h"

#include <cstdint>
#include <optional>
#include <string>

namespace fb::terminal {

/// A cell, by line number (see Terminal.h) and column.
struct Position {
    std::int64_t line = 0;
    int column = 0;

    friend auto operator<=>(const Position&, const Position&) = default;
};

enum class SelectionUnit { Character, Word, Line };

/// Both ends are part of the selection, first <= last.
struct SelectedRange {
    Position first;
    Position last;

    friend bool operator==(const SelectedRange&, const SelectedRange&) = default;
    [[nodiscard]] bool contains(Position position) const { return first <= position && position <= last; }
};

class Selection {
public:
    /// Begins at a cell (clamped to what exists): the character, word or whole wrapped line there is selected at once.
    void start(const Terminal& terminal, Position at, SelectionUnit unit);
    /// Moves the other end, in the unit the selection was begun with. Nothing happens before start().
    void extendTo(const Terminal& terminal, Position at);
    void clear() { m_anchor.reset(); }

    /// Grown to whole units and whole wide characters; nothing if there is no selection, if its layout is gone, or if
    /// all of it has left the scrollback.
    [[nodiscard]] std::optional<SelectedRange> range(const Terminal& terminal) const;

private:
    std::optional<Position> m_anchor;
    Position m_head;
    SelectionUnit m_unit = SelectionUnit::Character;
    std::uint64_t m_epoch = 0;
};

/// UTF-8. Rows that were wrapped are joined, others end with '\n' (not the last); trailing blanks are left out.
[[nodiscard]] std::string textIn(const Terminal& terminal, const SelectedRange& range);

} // namespace fb::terminal
