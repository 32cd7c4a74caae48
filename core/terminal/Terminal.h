// SPDX-License-Identifier: Apache-2.0
// The terminal without its window: bytes from the far end go in; cells, damage and answers come out. It does what a
// current xterm does for what people run in shells; whatever the bytes are, memory stays within the limits below and
// nothing but the counters remembers what was refused. One thread at a time; owns everything; no callback, no clock.
//
// Lines are numbered from the first one ever printed and keep their number while they scroll: the scrollback holds
// [lines().first, lines().screenTop), the screen [lines().screenTop, lines().end). Columns and rows count from 0.
#pragma once

#include "core/base/Bytes.h"
#include "core/terminal/Cell.h"
#include "core/terminal/Counters.h"
#include "core/terminal/Modes.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fb::terminal {

inline constexpr int kColumnsMax = 1000;
inline constexpr int kRowsMax = 1000;
inline constexpr int kScrollbackLinesLimit = 1'000'000;

struct Size {
    int columns = 80;
    int rows = 24;

    friend bool operator==(const Size&, const Size&) = default;
};

/// What the window side knows and programs ask for. Colours are 0xRRGGBB.
struct Display {
    int cellWidthPixels = 8;
    int cellHeightPixels = 16;
    std::uint32_t foreground = 0xd0d0d0;
    std::uint32_t background = 0x101010;
};

/// DECRQCRA lets the far end read the screen back. Conformance tests need it; nobody else does.
enum class ChecksumReports { Refused, Answered };

struct Options {
    Size size;                       ///< clamped to 1..kColumnsMax, 1..kRowsMax
    int scrollbackLinesMax = 10'000; ///< clamped to 0..kScrollbackLinesLimit
    Display display;
    ChecksumReports checksumReports = ChecksumReports::Refused;
};

struct Cursor {
    int column = 0;
    int row = 0; ///< on the screen, 0 is the top
    CursorShape shape = CursorShape::Block;
};

/// A half-open range of line numbers, divided into scrollback and screen.
struct Lines {
    std::int64_t first = 0;
    std::int64_t screenTop = 0;
    std::int64_t end = 0;
};

/// What a painter must do to bring its picture of the screen up to date: first move it up by `scrolledUp` rows, then
/// paint the rows whose flag is set (indices after the move).
struct Damage {
    int scrolledUp = 0;                  ///< less than the number of rows
    std::vector<std::uint8_t> dirtyRows; ///< one flag a row of the screen
    [[nodiscard]] bool any() const;
};

class Terminal {
public:
    explicit Terminal(const Options& options);
    ~Terminal();
    Terminal(Terminal&& other) noexcept;
    Terminal& operator=(Terminal&& other) noexcept;

    /// Interprets what the far end sent. Where the bytes are cut into calls makes no difference.
    void write(Bytes bytes);

    /// Clamped as in Options. A new width rewraps screen and scrollback and renumbers lines (see layoutEpoch()); the
    /// alternate screen is cut or padded instead.
    void resize(Size size);

    /// Cell size and default colours, for the programs that ask.
    void setDisplay(const Display& display);

    /// Answers for the far end since the last call; at most kReplyBytesMax wait here.
    [[nodiscard]] ByteVector takeReplies();
    static constexpr std::size_t kReplyBytesMax = 64 * 1024;

    /// What changed on the screen since the last call. The cursor is not part of it: compare cursor() yourself.
    [[nodiscard]] Damage takeDamage();

    [[nodiscard]] Size size() const;
    [[nodiscard]] Cursor cursor() const;
    [[nodiscard]] const Modes& modes() const;
    /// Plain text without control characters, at most 256 bytes of UTF-8; empty until the far end sets one.
    [[nodiscard]] const std::string& title() const;
    [[nodiscard]] Counters counters() const;

    [[nodiscard]] Lines lines() const;
    /// The cells of a line, at most size().columns (a line of the scrollback ends with its last touched cell); empty
    /// for a line that is gone. The view is into the screen or into `scratch`, and good until either changes.
    [[nodiscard]] std::span<const Cell> row(std::int64_t line, std::vector<Cell>& scratch) const;
    /// True if the text of this line goes on in the next because it did not fit.
    [[nodiscard]] bool isWrapped(std::int64_t line) const;
    /// The code points of a cell: a base and its combining marks; empty for an untouched cell or a Tail. The view is
    /// into the cell or into the terminal, and good until either changes.
    [[nodiscard]] std::u32string_view textOf(const Cell& cell) const;
    /// Changes when line numbers or screens no longer mean what they did (rewrapping, alternate screen, reset).
    [[nodiscard]] std::uint64_t layoutEpoch() const;

private:
    class Core;
    std::unique_ptr<Core> m_core;
};

} // namespace fb::terminal
