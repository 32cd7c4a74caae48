// SPDX-License-Identifier: Apache-2.0
// The rows that have left the top of the screen, oldest first, in a ring with a limit. A row is kept as its text (one
// byte a character while that is enough) and runs of equal colours, a tenth of its cells' size for ordinary text.
#pragma once

#include "core/terminal/Cell.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace fb::terminal {

class Scrollback {
public:
    explicit Scrollback(int linesMax) : m_linesMax(static_cast<std::size_t>(linesMax)) {}

    /// Untouched cells at the end are not kept unless the row is wrapped. The oldest row goes if the ring is full.
    void push(std::span<const Cell> cells, bool isWrapped);
    /// Takes the newest row back; there must be one.
    void popNewest(std::vector<Cell>& cells, bool& isWrapped);
    void clear();

    [[nodiscard]] std::size_t size() const { return m_count; }
    [[nodiscard]] std::uint64_t evicted() const { return m_evicted; }
    /// Row 0 is the oldest.
    void read(std::size_t index, std::vector<Cell>& cells) const;
    [[nodiscard]] bool isWrapped(std::size_t index) const { return at(index).isWrapped; }

    /// Marks in `used` (by glyph - Cell::kClusterBase) the clusters that are in here.
    void markClusters(std::vector<bool>& used) const;

private:
    struct StyleRun {
        Color foreground;
        Color background;
        std::uint16_t attributes = 0;
        std::uint16_t length = 0; // in cells; a row has at most kColumnsMax
    };
    struct Line {
        std::string bytes;            // one per cell, if no glyph is above 0xff and all are narrow
        std::u32string glyphs;        // otherwise: the glyph, with the part in the bits above it
        std::vector<StyleRun> styles; // empty: all default
        bool isWrapped = false;
    };

    [[nodiscard]] Line& at(std::size_t index) { return m_lines[(m_first + index) % m_lines.size()]; }
    [[nodiscard]] const Line& at(std::size_t index) const { return m_lines[(m_first + index) % m_lines.size()]; }
    [[nodiscard]] Line& slotForNewest();
    static void encode(std::span<const Cell> cells, Line& line);

    std::size_t m_linesMax;
    std::vector<Line> m_lines; // grows up to m_linesMax, then a ring
    std::size_t m_first = 0;
    std::size_t m_count = 0;
    std::uint64_t m_evicted = 0;
};

} // namespace fb::terminal
