// SPDX-License-Identifier: Apache-2.0
// Rows of text in aligned columns, two spaces apart, a header on top. A cell may have several lines, as RouterOS shows
// the hops of a path.
#pragma once

#include <string>
#include <vector>

namespace fb::cli {

class Table {
public:
    enum class Align { Left, Right };
    struct Column {
        std::string title;
        Align align = Align::Left;
    };

    explicit Table(std::vector<Column> columns) : m_columns(std::move(columns)) {}

    /// As many cells as there are columns; lines inside a cell end with '\n'.
    void addRow(std::vector<std::string> cells);

    /// Header and rows, each line ended, no spaces at its end.
    [[nodiscard]] std::string toString() const;

private:
    std::vector<Column> m_columns;
    std::vector<std::vector<std::string>> m_rows;
};

/// How many columns of a terminal a UTF-8 text takes, every code point counted as one.
[[nodiscard]] std::size_t widthOf(std::string_view text);

} // namespace fb::cli
