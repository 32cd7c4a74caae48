// SPDX-License-Identifier: Apache-2.0
// The terminal under arbitrary bytes. The input is a list of steps (write, resize, select, fetch); two terminals live
// through the same steps, but one gets each write in a single piece and the other in small ones: they must agree in
// everything, and the invariants of the room must hold after each step.
#include "core/base/Assert.h"
#include "core/terminal/Keys.h"
#include "core/terminal/Mouse.h"
#include "core/terminal/Paste.h"
#include "core/terminal/Selection.h"
#include "core/terminal/Terminal.h"
#include "tests/fuzz/Script.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace {

using namespace fb::terminal;
using fb::fuzz::Script;

void checkRow(const Terminal& terminal, std::int64_t line, std::vector<Cell>& scratch)
{
    const std::span<const Cell> cells = terminal.row(line, scratch);
    FB_ASSERT(cells.size() <= static_cast<std::size_t>(terminal.size().columns));
    for (std::size_t column = 0; column < cells.size(); ++column) {
        const Cell& cell = cells[column];
        const bool isTailNext = column + 1 < cells.size() && cells[column + 1].part == CellPart::Tail;
        FB_ASSERT((cell.part == CellPart::Wide) == isTailNext);
        FB_ASSERT(column > 0 || cell.part != CellPart::Tail);
        FB_ASSERT(cell.part == CellPart::Wide || cell.part == CellPart::Narrow || cell.glyph == 0);
        FB_ASSERT(terminal.textOf(cell).size() <= 8);
        FB_ASSERT(cell.reserved == 0);
    }
}

void check(const Terminal& terminal)
{
    const Size size = terminal.size();
    const Cursor cursor = terminal.cursor();
    const Lines lines = terminal.lines();
    FB_ASSERT(cursor.row >= 0 && cursor.row < size.rows && cursor.column >= 0 && cursor.column < size.columns);
    FB_ASSERT(lines.first <= lines.screenTop && lines.end == lines.screenTop + size.rows);
    FB_ASSERT(lines.screenTop - lines.first <= 50);
    FB_ASSERT(terminal.title().size() <= 256);
    FB_ASSERT(std::ranges::none_of(terminal.title(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }));
    std::vector<Cell> scratch;
    for (std::int64_t line = lines.first; line < lines.end; ++line)
        checkRow(terminal, line, scratch);
}

void checkSame(Terminal& whole, Terminal& pieces)
{
    const Lines lines = whole.lines();
    FB_ASSERT(lines.first == pieces.lines().first && lines.screenTop == pieces.lines().screenTop);
    FB_ASSERT(whole.cursor().row == pieces.cursor().row && whole.cursor().column == pieces.cursor().column);
    FB_ASSERT(whole.modes() == pieces.modes());
    FB_ASSERT(whole.title() == pieces.title());
    FB_ASSERT(whole.counters() == pieces.counters());
    std::vector<Cell> scratch;
    std::vector<Cell> otherScratch;
    for (std::int64_t line = lines.first; line < lines.end; ++line) {
        FB_ASSERT(std::ranges::equal(whole.row(line, scratch), pieces.row(line, otherScratch)));
        FB_ASSERT(whole.isWrapped(line) == pieces.isWrapped(line));
    }
}

void select(const Terminal& terminal, Script& script)
{
    Selection selection;
    const Lines lines = terminal.lines();
    const auto position = [&] {
        const auto line = lines.first - 2 + static_cast<std::int64_t>(script.byte());
        return Position{line, static_cast<int>(script.byte()) - 2};
    };
    selection.start(terminal, position(), static_cast<SelectionUnit>(script.byte() % 3));
    selection.extendTo(terminal, position());
    const auto range = selection.range(terminal);
    FB_ASSERT(range && range->first <= range->last);
    FB_ASSERT(range->first.line >= lines.first && range->last.line < lines.end);
    FB_ASSERT(range->first.column >= 0 && range->last.column < terminal.size().columns);
    (void)textIn(terminal, *range);
}

void send(const Terminal& terminal, Script& script)
{
    const Modifiers modifiers{script.byte() % 2 == 1, script.byte() % 2 == 1, script.byte() % 2 == 1};
    constexpr unsigned kKeys = static_cast<unsigned>(Key::KeypadSeparator) + 1;
    (void)encodeKey({static_cast<Key>(script.byte() % kKeys), modifiers, "a"}, terminal.modes());
    const MouseEvent event{static_cast<MouseAction>(script.byte() % 3), static_cast<MouseButton>(script.byte() % 8),
                           static_cast<int>(script.byte()) * 2, static_cast<int>(script.byte()), modifiers};
    (void)encodeMouse(event, terminal.modes());
    const fb::Bytes pasted = script.bytes(script.byte());
    Modes bracketed = terminal.modes();
    bracketed.bracketedPaste = true;
    const Paste paste = preparePaste(fb::textOf(pasted), bracketed);
    constexpr std::size_t kBracket = 6;
    if (!paste.bytes.empty()) {
        const fb::Bytes inside = fb::Bytes(paste.bytes).subspan(kBracket, paste.bytes.size() - 2 * kBracket);
        FB_ASSERT(std::ranges::none_of(inside, [](auto b) { return b < 0x20 && b != '\t' && b != '\r'; }));
    }
}

void write(Terminal& whole, Terminal& pieces, Script& script)
{
    const std::size_t piece = 1 + script.byte() % 7;
    const fb::Bytes bytes = script.bytes(script.byte());
    whole.write(bytes);
    for (std::size_t begin = 0; begin < bytes.size(); begin += piece)
        pieces.write(bytes.subspan(begin, std::min(piece, bytes.size() - begin)));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Script script(fb::Bytes(data, size));
    const Options options{.size = {static_cast<int>(1 + script.byte() % 40), static_cast<int>(1 + script.byte() % 12)},
                          .scrollbackLinesMax = static_cast<int>(script.byte() % 51),
                          .display = {},
                          .checksumReports = ChecksumReports::Answered};
    Terminal whole(options);
    Terminal pieces(options);
    constexpr int kStepsMax = 200;
    for (int step = 0; step < kStepsMax && !script.isOver(); ++step) {
        const unsigned action = script.byte() % 8;
        if (action == 0) {
            const Size next{static_cast<int>(script.byte() % 48), static_cast<int>(script.byte() % 16)};
            whole.resize(next);
            pieces.resize(next);
        } else if (action == 1) {
            select(whole, script);
        } else if (action == 2) {
            const fb::ByteVector replies = whole.takeReplies();
            FB_ASSERT(replies.size() <= Terminal::kReplyBytesMax && replies == pieces.takeReplies());
            const Damage damage = whole.takeDamage();
            FB_ASSERT(damage.scrolledUp < whole.size().rows);
            FB_ASSERT(damage.dirtyRows.size() == static_cast<std::size_t>(whole.size().rows));
        } else if (action == 3) {
            send(whole, script);
        } else {
            write(whole, pieces, script);
        }
        check(whole);
        checkSame(whole, pieces);
    }
    return 0;
}
