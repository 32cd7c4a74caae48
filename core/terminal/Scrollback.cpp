// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Scrollback.h"

#include "core/base/Assert.h"
#include "core/terminal/Clusters.h"

#include <algorithm>

namespace fb::terminal {

namespace {

constexpr unsigned kPartShift = 24;
constexpr char32_t kGlyphMask = 0xffffff;

// The bits of a cell that one byte cannot hold, and those that have nothing to do with its look.
constexpr CellWords kBeyondByte =
    wordsOf({.glyph = 0xffffff00, .foreground = {}, .background = {}, .part = static_cast<CellPart>(0xff)});
constexpr CellWords kNotLook = wordsOf(
    {.glyph = 0xffffffff, .foreground = {}, .background = {}, .part = static_cast<CellPart>(0xff), .reserved = 0xff});
constexpr CellWords kLook = {~kNotLook[0], ~kNotLook[1]};

constexpr bool hasAny(const CellWords& seen, const CellWords& mask)
{
    return ((seen[0] & mask[0]) | (seen[1] & mask[1])) != 0;
}

bool haveSameLook(const Cell& left, const Cell& right)
{
    const CellWords one = wordsOf(left);
    const CellWords other = wordsOf(right);
    return !hasAny({one[0] ^ other[0], one[1] ^ other[1]}, kLook);
}

/// A ring slot keeps its memory for the next row, unless a far longer one has left it oversized.
template <class Container>
void reuse(Container& container, std::size_t needed)
{
    constexpr std::size_t kWorthGivingBack = 64;
    container.clear();
    if (container.capacity() > kWorthGivingBack && container.capacity() > 4 * needed)
        container.shrink_to_fit();
}

} // namespace

void Scrollback::push(std::span<const Cell> cells, bool isWrapped)
{
    if (m_linesMax == 0) {
        ++m_evicted;
        return;
    }
    while (!isWrapped && !cells.empty() && cells.back().isUntouched())
        cells = cells.first(cells.size() - 1);
    Line& line = slotForNewest();
    line.isWrapped = isWrapped;
    encode(cells, line);
}

Scrollback::Line& Scrollback::slotForNewest()
{
    if (m_count < m_lines.size()) {
        ++m_count;
    } else if (m_lines.size() < m_linesMax) {
        FB_ASSERT(m_first == 0); // the beginning moves only once all slots exist
        m_lines.emplace_back();
        ++m_count;
    } else {
        m_first = (m_first + 1) % m_lines.size();
        ++m_evicted;
    }
    return at(m_count - 1);
}

void Scrollback::encode(std::span<const Cell> cells, Line& line)
{
    CellWords seen{};
    for (const Cell& cell : cells) {
        const CellWords words = wordsOf(cell);
        seen[0] |= words[0];
        seen[1] |= words[1];
    }
    const bool fitsBytes = !hasAny(seen, kBeyondByte);
    reuse(line.bytes, fitsBytes ? cells.size() : 0);
    reuse(line.glyphs, fitsBytes ? 0 : cells.size());
    reuse(line.styles, line.styles.size());
    if (fitsBytes) {
        line.bytes.resize(cells.size());
        std::ranges::transform(cells, line.bytes.begin(), [](const Cell& cell) {
            return static_cast<char>(static_cast<unsigned char>(cell.glyph));
        });
    } else {
        for (const Cell& cell : cells)
            line.glyphs.push_back(cell.glyph | (static_cast<char32_t>(cell.part) << kPartShift));
    }
    if (!hasAny(seen, kLook))
        return;
    for (std::size_t begin = 0; begin < cells.size();) {
        std::size_t end = begin + 1;
        while (end < cells.size() && haveSameLook(cells[end], cells[begin]))
            ++end;
        const Cell& first = cells[begin];
        line.styles.push_back(
            {first.foreground, first.background, first.attributes, static_cast<std::uint16_t>(end - begin)});
        begin = end;
    }
}

void Scrollback::read(std::size_t index, std::vector<Cell>& cells) const
{
    FB_ASSERT(index < m_count);
    const Line& line = at(index);
    cells.assign(std::max(line.bytes.size(), line.glyphs.size()), Cell{});
    std::size_t position = 0;
    for (const StyleRun& run : line.styles) {
        Cell style;
        style.foreground = run.foreground;
        style.background = run.background;
        style.attributes = run.attributes;
        std::fill_n(cells.begin() + static_cast<std::ptrdiff_t>(position), run.length, style);
        position += run.length;
    }
    for (std::size_t column = 0; column < line.bytes.size(); ++column)
        cells[column].glyph = static_cast<unsigned char>(line.bytes[column]);
    for (std::size_t column = 0; column < line.glyphs.size(); ++column) {
        cells[column].glyph = line.glyphs[column] & kGlyphMask;
        cells[column].part = static_cast<CellPart>(line.glyphs[column] >> kPartShift);
    }
}

void Scrollback::popNewest(std::vector<Cell>& cells, bool& isWrapped)
{
    FB_ASSERT(m_count > 0);
    read(m_count - 1, cells);
    isWrapped = at(m_count - 1).isWrapped;
    --m_count;
}

void Scrollback::clear()
{
    m_lines.clear();
    m_lines.shrink_to_fit();
    m_first = 0;
    m_count = 0;
}

void Scrollback::markClusters(std::vector<bool>& used) const
{
    for (std::size_t index = 0; index < m_count; ++index) {
        for (const char32_t packed : at(index).glyphs) {
            const char32_t glyph = packed & kGlyphMask;
            if (Clusters::isCluster(glyph))
                used[static_cast<std::size_t>(glyph - Cell::kClusterBase)] = true;
        }
    }
}

} // namespace fb::terminal
