// SPDX-License-Identifier: Apache-2.0
// Puts rows of one width into rows of another: rows that were wrapped are joined to the line they came from, and the
// line is cut anew. A marked cell can be followed to its new place.
#pragma once

#include "core/terminal/Cell.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace fb::terminal {

class Rewrap {
public:
    using Emit = std::function<void(std::span<const Cell> cells, bool isWrapped)>;

    struct Place {
        std::size_t row = 0; ///< counted from the last call of countRowsFromHere()
        int column = 0;
    };

    /// A line longer than this is cut, as if it had ended there.
    static constexpr std::size_t kLineCellsMax = 1'000'000;

    Rewrap(int columns, Emit emit) : m_columns(static_cast<std::size_t>(columns)), m_emit(std::move(emit)) {}

    /// The next row. If `mark` is a column of it, `place` is set when the row comes out; until then it must exist.
    struct Mark {
        std::size_t column = 0;
        std::optional<Place>* place = nullptr;
    };
    void add(std::span<const Cell> row, bool isWrapped, std::span<const Mark> marks = {});
    /// Ends a line that was wrapped but has no more rows.
    void finish();
    void countRowsFromHere() { m_rows = 0; }

private:
    struct PendingMark {
        std::size_t offset = 0;
        std::optional<Place>* place = nullptr;
    };

    void flush();
    [[nodiscard]] std::size_t lengthOfNextRow(std::size_t begin);

    std::size_t m_columns;
    Emit m_emit;
    std::vector<Cell> m_line;
    std::vector<Cell> m_padded;
    std::vector<PendingMark> m_marks;
    std::size_t m_rows = 0;
    bool m_hasRows = false;
};

} // namespace fb::terminal
