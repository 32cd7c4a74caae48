// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Selection.h"

#include "core/terminal/Utf8.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace fb::terminal {

namespace {

/// Reads cells by position across lines; keeps the last line read, because neighbors are asked for one by one.
class Reader {
public:
    explicit Reader(const Terminal& terminal) : m_terminal(terminal), m_lines(terminal.lines()) {}

    [[nodiscard]] const Lines& lines() const { return m_lines; }
    [[nodiscard]] int lastColumn() const { return m_terminal.size().columns - 1; }
    [[nodiscard]] bool continues(std::int64_t line) const
    {
        return line + 1 < m_lines.end && m_terminal.isWrapped(line);
    }

    [[nodiscard]] Cell cell(Position at)
    {
        if (at.line != m_line) {
            m_cells = m_terminal.row(at.line, m_scratch);
            m_line = at.line;
        }
        const auto column = static_cast<std::size_t>(at.column);
        return column < m_cells.size() ? m_cells[column] : Cell{};
    }

    /// What a double click takes as one: letters, digits and what addresses, paths and names are written with.
    [[nodiscard]] bool isWord(Position at)
    {
        constexpr std::string_view kWordMarks = "_-./:~?&=%+#@,*";
        Cell here = cell(at);
        if (here.part == CellPart::Tail && at.column > 0)
            here = cell({at.line, at.column - 1});
        const std::u32string_view text = m_terminal.textOf(here);
        if (text.empty())
            return false;
        const char32_t first = text.front();
        const bool isAlphanumeric =
            (first >= '0' && first <= '9') || (first >= 'a' && first <= 'z') || (first >= 'A' && first <= 'Z');
        if (first < 0x80)
            return isAlphanumeric || kWordMarks.find(static_cast<char>(first)) != std::string_view::npos;
        const bool isSpace = first == 0xa0 || (first >= 0x2000 && first <= 0x200b) || first == 0x3000;
        const bool isBoxDrawing = first >= 0x2500 && first <= 0x259f;
        return !isSpace && !isBoxDrawing;
    }

private:
    const Terminal& m_terminal;
    Lines m_lines;
    std::int64_t m_line = -1;
    std::span<const Cell> m_cells;
    std::vector<Cell> m_scratch;
};

Position clampedTo(const Terminal& terminal, Position at)
{
    const Lines lines = terminal.lines();
    if (at.line < lines.first)
        return {lines.first, 0};
    if (at.line >= lines.end)
        return {lines.end - 1, terminal.size().columns - 1};
    return {at.line, std::clamp(at.column, 0, terminal.size().columns - 1)};
}

Position wordBegin(Reader& reader, Position at)
{
    if (!reader.isWord(at))
        return at;
    for (;;) {
        Position before{at.line, at.column - 1};
        if (at.column == 0) {
            if (at.line == reader.lines().first || !reader.continues(at.line - 1))
                return at;
            before = {at.line - 1, reader.lastColumn()};
            if (reader.cell(before).part == CellPart::Filler)
                --before.column;
        }
        if (before.column < 0 || !reader.isWord(before))
            return at;
        at = before;
    }
}

Position wordEnd(Reader& reader, Position at)
{
    if (!reader.isWord(at))
        return at;
    for (;;) {
        Position after{at.line, at.column + 1};
        const bool isAtEdge = at.column == reader.lastColumn() || reader.cell(after).part == CellPart::Filler;
        if (isAtEdge) {
            if (!reader.continues(at.line))
                return at;
            after = {at.line + 1, 0};
        }
        if (!reader.isWord(after))
            return at;
        at = after;
    }
}

SelectedRange grown(Reader& reader, SelectedRange range, SelectionUnit unit)
{
    switch (unit) {
    case SelectionUnit::Character:
        break;
    case SelectionUnit::Word:
        range = {wordBegin(reader, range.first), wordEnd(reader, range.last)};
        break;
    case SelectionUnit::Line:
        while (range.first.line > reader.lines().first && reader.continues(range.first.line - 1))
            --range.first.line;
        while (reader.continues(range.last.line))
            ++range.last.line;
        range = {{range.first.line, 0}, {range.last.line, reader.lastColumn()}};
        break;
    }
    if (reader.cell(range.first).part == CellPart::Tail)
        --range.first.column;
    if (reader.cell(range.last).part == CellPart::Wide)
        ++range.last.column;
    return range;
}

} // namespace

void Selection::start(const Terminal& terminal, Position at, SelectionUnit unit)
{
    m_anchor = clampedTo(terminal, at);
    m_head = *m_anchor;
    m_unit = unit;
    m_epoch = terminal.layoutEpoch();
}

void Selection::extendTo(const Terminal& terminal, Position at)
{
    if (m_anchor)
        m_head = clampedTo(terminal, at);
}

std::optional<SelectedRange> Selection::range(const Terminal& terminal) const
{
    if (!m_anchor || m_epoch != terminal.layoutEpoch())
        return std::nullopt;
    SelectedRange range{std::min(*m_anchor, m_head), std::max(*m_anchor, m_head)};
    if (range.last.line < terminal.lines().first || range.first.line >= terminal.lines().end)
        return std::nullopt;
    range.first = clampedTo(terminal, range.first);
    range.last = clampedTo(terminal, range.last);
    Reader reader(terminal);
    return grown(reader, range, m_unit);
}

std::string textIn(const Terminal& terminal, const SelectedRange& range)
{
    std::string text;
    std::vector<Cell> scratch;
    const Lines lines = terminal.lines();
    const std::int64_t last = std::min(range.last.line, lines.end - 1);
    for (std::int64_t line = std::max(range.first.line, lines.first); line <= last; ++line) {
        const std::span<const Cell> cells = terminal.row(line, scratch);
        const auto begin = line == range.first.line ? static_cast<std::size_t>(std::max(range.first.column, 0)) : 0U;
        const auto end = line == range.last.line
                             ? std::min(static_cast<std::size_t>(std::max(range.last.column + 1, 0)), cells.size())
                             : cells.size();
        const std::size_t lineStart = text.size();
        for (std::size_t column = begin; column < end; ++column) {
            const Cell& cell = cells[column];
            if (cell.part == CellPart::Tail || cell.part == CellPart::Filler)
                continue;
            if (cell.glyph == 0)
                text.push_back(' ');
            for (const char32_t codePoint : terminal.textOf(cell))
                appendUtf8(text, codePoint);
        }
        if (terminal.isWrapped(line) && line < last)
            continue;
        while (text.size() > lineStart && text.back() == ' ')
            text.pop_back();
        if (line < last)
            text.push_back('\n');
    }
    return text;
}

} // namespace fb::terminal
