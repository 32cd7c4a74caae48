// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Table.h"

#include "core/base/Assert.h"

#include <algorithm>
#include <string_view>

namespace fb::cli {

namespace {

std::vector<std::string_view> linesOf(std::string_view cell)
{
    std::vector<std::string_view> lines;
    for (;;) {
        const auto end = cell.find('\n');
        lines.push_back(cell.substr(0, end));
        if (end == std::string_view::npos)
            return lines;
        cell.remove_prefix(end + 1);
    }
}

} // namespace

std::size_t widthOf(std::string_view text)
{
    const auto startsCodePoint = [](char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) != 0x80U; };
    return static_cast<std::size_t>(std::ranges::count_if(text, startsCodePoint));
}

void Table::addRow(std::vector<std::string> cells)
{
    FB_ASSERT(cells.size() == m_columns.size());
    m_rows.push_back(std::move(cells));
}

std::string Table::toString() const
{
    std::vector<std::size_t> widths;
    for (const auto& column : m_columns)
        widths.push_back(widthOf(column.title));
    for (const auto& row : m_rows) {
        for (std::size_t column = 0; column < row.size(); ++column) {
            for (const auto line : linesOf(row[column]))
                widths[column] = std::max(widths[column], widthOf(line));
        }
    }

    std::string text;
    const auto addLine = [&](const std::vector<std::string_view>& cells) {
        std::string line;
        for (std::size_t column = 0; column < cells.size(); ++column) {
            const std::string padding(widths[column] - widthOf(cells[column]), ' ');
            const bool isRight = m_columns[column].align == Align::Right;
            line += (column == 0 ? "" : "  ") + (isRight ? padding : std::string()) + std::string(cells[column]) +
                    (isRight ? std::string() : padding);
        }
        line.erase(line.find_last_not_of(' ') + 1);
        text += line + '\n';
    };

    std::vector<std::string_view> titles;
    for (const auto& column : m_columns)
        titles.push_back(column.title);
    addLine(titles);
    for (const auto& row : m_rows) {
        std::size_t height = 1;
        for (const auto& cell : row)
            height = std::max(height, linesOf(cell).size());
        for (std::size_t at = 0; at < height; ++at) {
            std::vector<std::string_view> cells;
            for (const auto& cell : row) {
                const auto lines = linesOf(cell);
                cells.push_back(at < lines.size() ? lines[at] : std::string_view());
            }
            addLine(cells);
        }
    }
    return text;
}

} // namespace fb::cli
