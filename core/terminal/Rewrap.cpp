// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Rewrap.h"

#include "core/terminal/Utf8.h"

#include <algorithm>

namespace fb::terminal {

void Rewrap::add(std::span<const Cell> row, bool isWrapped, std::span<const Mark> marks)
{
    if (!row.empty() && row.back().part == CellPart::Filler)
        row = row.first(row.size() - 1);
    if (!isWrapped) {
        while (!row.empty() && row.back().isUntouched())
            row = row.first(row.size() - 1);
    }
    const std::size_t start = m_line.size();
    m_line.insert(m_line.end(), row.begin(), row.end());
    m_hasRows = true;
    for (const Mark& mark : marks)
        m_marks.push_back({start + mark.column, mark.place});
    if (!isWrapped || m_line.size() >= kLineCellsMax)
        flush();
}

void Rewrap::finish()
{
    if (m_hasRows)
        flush();
}

std::size_t Rewrap::lengthOfNextRow(std::size_t begin)
{
    const std::size_t length = std::min(m_columns, m_line.size() - begin);
    if (length == 0 || m_line[begin + length - 1].part != CellPart::Wide)
        return length;
    if (length > 1)
        return length - 1;
    // One column has no room for a wide character.
    m_line[begin].glyph = Utf8Decoder::kReplacement;
    m_line[begin].part = CellPart::Narrow;
    if (begin + 1 < m_line.size())
        m_line.erase(m_line.begin() + static_cast<std::ptrdiff_t>(begin) + 1);
    return 1;
}

void Rewrap::flush()
{
    for (const PendingMark& mark : m_marks)
        m_line.resize(std::max(m_line.size(), mark.offset + 1));
    std::size_t begin = 0;
    do {
        const std::size_t length = lengthOfNextRow(begin);
        const std::size_t end = begin + length;
        const bool isWrapped = end < m_line.size();
        const std::span<const Cell> cells = std::span<const Cell>(m_line).subspan(begin, length);
        for (const PendingMark& mark : m_marks) {
            if (mark.offset >= begin && (mark.offset < end || !isWrapped))
                *mark.place = Place{m_rows, static_cast<int>(std::min(mark.offset - begin, m_columns - 1))};
        }
        if (isWrapped && length < m_columns) {
            m_padded.assign(cells.begin(), cells.end());
            m_padded.resize(m_columns);
            m_padded.back().part = CellPart::Filler;
            m_emit(m_padded, isWrapped);
        } else {
            m_emit(cells, isWrapped);
        }
        ++m_rows;
        begin = end;
    } while (begin < m_line.size());
    m_line.clear();
    m_marks.clear();
    m_hasRows = false;
}

} // namespace fb::terminal
