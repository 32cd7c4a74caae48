// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Terminal.h"

#include "core/terminal/Interpreter.h"

#include <algorithm>

namespace fb::terminal {

namespace {

Size clamped(Size size)
{
    return {std::clamp(size.columns, 1, kColumnsMax), std::clamp(size.rows, 1, kRowsMax)};
}

} // namespace

bool Damage::any() const
{
    return scrolledUp > 0 || std::ranges::any_of(dirtyRows, [](std::uint8_t flag) { return flag != 0; });
}

class Terminal::Core {
public:
    explicit Core(const Options& options)
        : display(options.display),
          screen(clamped(options.size), std::clamp(options.scrollbackLinesMax, 0, kScrollbackLinesLimit)),
          replies(kReplyBytesMax, counters),
          interpreter({screen, replies, counters, title, display, options.checksumReports}),
          parser(interpreter, counters)
    {
    }

    Counters counters;
    Display display;
    Title title;
    Screen screen;
    Replies replies;
    Interpreter interpreter;
    Parser parser;
};

Terminal::Terminal(const Options& options) : m_core(std::make_unique<Core>(options)) {}
Terminal::~Terminal() = default;
Terminal::Terminal(Terminal&& other) noexcept = default;
Terminal& Terminal::operator=(Terminal&& other) noexcept = default;

void Terminal::write(Bytes bytes)
{
    m_core->parser.write(bytes);
}

void Terminal::resize(Size size)
{
    m_core->screen.resize(clamped(size));
}

void Terminal::setDisplay(const Display& display)
{
    m_core->display = display;
}

ByteVector Terminal::takeReplies()
{
    return m_core->replies.take();
}

Damage Terminal::takeDamage()
{
    return m_core->screen.grid().takeDamage();
}

Size Terminal::size() const
{
    return m_core->screen.size();
}

Cursor Terminal::cursor() const
{
    const Screen& screen = m_core->screen;
    return {screen.cursor.column, screen.cursor.row, screen.cursorShape};
}

const Modes& Terminal::modes() const
{
    return m_core->screen.modes;
}

const std::string& Terminal::title() const
{
    return m_core->title.text();
}

Counters Terminal::counters() const
{
    Counters counters = m_core->counters;
    counters.linesEvicted = m_core->screen.linesEvicted();
    counters.rowsCut = m_core->screen.rowsCut();
    return counters;
}

Lines Terminal::lines() const
{
    return m_core->screen.lines();
}

std::span<const Cell> Terminal::row(std::int64_t line, std::vector<Cell>& scratch) const
{
    const Lines lines = m_core->screen.lines();
    if (line < lines.first || line >= lines.end)
        return {};
    if (line >= lines.screenTop)
        return m_core->screen.grid().row(static_cast<int>(line - lines.screenTop));
    m_core->screen.scrollback().read(static_cast<std::size_t>(line - lines.first), scratch);
    return scratch;
}

bool Terminal::isWrapped(std::int64_t line) const
{
    const Lines lines = m_core->screen.lines();
    if (line < lines.first || line >= lines.end)
        return false;
    if (line >= lines.screenTop)
        return m_core->screen.grid().isWrapped(static_cast<int>(line - lines.screenTop));
    if (line + 1 == lines.screenTop && m_core->screen.modes.alternateScreen)
        return false; // the next row belongs to another screen
    return m_core->screen.scrollback().isWrapped(static_cast<std::size_t>(line - lines.first));
}

std::u32string_view Terminal::textOf(const Cell& cell) const
{
    if (cell.glyph == 0)
        return {};
    if (Clusters::isCluster(cell.glyph))
        return m_core->screen.clusters().textOf(cell.glyph);
    return {&cell.glyph, 1};
}

std::uint64_t Terminal::layoutEpoch() const
{
    return m_core->screen.layoutEpoch();
}

} // namespace fb::terminal
