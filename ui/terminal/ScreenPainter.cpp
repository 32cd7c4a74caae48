// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal/ScreenPainter.h"

#include <algorithm>
#include <cstring>

namespace fb::ui {

using terminal::Cell;
using terminal::CellPart;
using terminal::Position;
namespace attribute = terminal::attribute;

ScreenPainter::ScreenPainter(const QFont& font, qreal devicePixelRatio, const TerminalColors& colors)
    : m_glyphs(std::make_unique<GlyphCache>(font, devicePixelRatio)), m_colors(colors)
{
}

void ScreenPainter::setFont(const QFont& font, qreal devicePixelRatio)
{
    m_glyphs = std::make_unique<GlyphCache>(font, devicePixelRatio);
    m_isValid = false;
}

void ScreenPainter::setColors(const TerminalColors& colors)
{
    m_colors = colors;
    m_isValid = false;
}

QSizeF ScreenPainter::cellSize() const
{
    return QSizeF(m_glyphs->cellPixels()) / m_glyphs->devicePixelRatio();
}

std::vector<int> ScreenPainter::render(const terminal::Terminal& terminal, const terminal::Damage& damage,
                                       const ScreenLook& look)
{
    const auto cell = m_glyphs->cellPixels();
    const QSize pixels(cell.width() * look.size.columns, cell.height() * look.size.rows);
    if (m_image.size() != pixels) {
        m_image = QImage(pixels, QImage::Format_RGB32);
        m_isValid = false;
    }
    m_image.setDevicePixelRatio(m_glyphs->devicePixelRatio());
    const auto changed = changedRows(terminal, damage, look);
    m_look = look;
    m_isValid = true;
    std::vector<int> rows;
    for (int row = 0; row < look.size.rows; ++row) {
        if (!changed[static_cast<std::size_t>(row)])
            continue;
        paintRow(terminal, look, row);
        rows.push_back(row);
    }
    return rows;
}

/// Which rows must be painted afresh; what has only moved is moved here.
std::vector<bool> ScreenPainter::changedRows(const terminal::Terminal& terminal, const terminal::Damage& damage,
                                             const ScreenLook& look)
{
    const auto count = static_cast<std::size_t>(look.size.rows);
    const bool showsScreen = look.topLine == terminal.lines().screenTop;
    const bool showedScreen = m_look.topLine + damage.scrolledUp == look.topLine;
    if (!m_isValid || look.size != m_look.size || look.layoutEpoch != m_look.layoutEpoch ||
        look.reverseVideo != m_look.reverseVideo || damage.dirtyRows.size() != count)
        return std::vector<bool>(count, true);
    std::vector<bool> changed(count, false);
    if (showsScreen && showedScreen) {
        scrollUp(damage.scrolledUp);
        for (std::size_t row = 0; row < count; ++row)
            changed[row] = damage.dirtyRows[row] != 0;
    } else if (damage.any() || look.topLine != m_look.topLine) {
        return std::vector<bool>(count, true); // looking at earlier lines, where a frame now and then is cheap enough
    }
    const auto mark = [&](std::int64_t line) {
        const auto row = line - look.topLine;
        if (row >= 0 && row < static_cast<std::int64_t>(count))
            changed[static_cast<std::size_t>(row)] = true;
    };
    if (look.cursor != m_look.cursor) {
        if (look.cursor)
            mark(look.cursor->line);
        if (m_look.cursor)
            mark(m_look.cursor->line);
    }
    if (look.selection != m_look.selection) {
        for (const auto& selection : {look.selection, m_look.selection}) {
            for (std::int64_t row = 0; selection && row < static_cast<std::int64_t>(count); ++row) {
                const auto line = look.topLine + row;
                if (line >= selection->first.line && line <= selection->last.line)
                    mark(line);
            }
        }
    }
    return changed;
}

void ScreenPainter::scrollUp(int rows)
{
    const int pixels = std::min(rows * m_glyphs->cellPixels().height(), m_image.height());
    if (pixels <= 0)
        return;
    const auto stride = m_image.bytesPerLine();
    std::memmove(m_image.bits(), m_image.constBits() + stride * pixels,
                 static_cast<std::size_t>(stride * (m_image.height() - pixels)));
}

void ScreenPainter::paintRow(const terminal::Terminal& terminal, const ScreenLook& look, int row)
{
    const auto line = look.topLine + row;
    const auto cells = terminal.row(line, m_scratch);
    const auto pixels = m_glyphs->cellPixels();
    const auto cellAt = [&cells](int column) {
        return static_cast<std::size_t>(column) < cells.size() ? cells[static_cast<std::size_t>(column)] : Cell{};
    };
    for (int column = 0; column < look.size.columns; ++column) { // grounds first: a wide character spans two of them
        const auto colors = colorsOf(cellAt(column), look, {line, column});
        fill(QRect(QPoint(column * pixels.width(), row * pixels.height()), pixels), colors.background);
    }
    for (int column = 0; column < look.size.columns; ++column) {
        const Cell cell = cellAt(column);
        if (cell.isUntouched() || cell.part == CellPart::Tail)
            continue;
        paintCell(terminal, cell, colorsOf(cell, look, {line, column}),
                  QPoint(column * pixels.width(), row * pixels.height()));
    }
    if (look.cursor && look.cursor->line == line && look.cursor->column < look.size.columns)
        paintCursor(*look.cursor, row, cellAt(look.cursor->column).part == CellPart::Wide ? 2 : 1);
}

ScreenPainter::CellColors ScreenPainter::colorsOf(const Cell& cell, const ScreenLook& look, Position position) const
{
    CellColors colors{.foreground = m_colors.foregroundOf(cell.foreground),
                      .background = m_colors.backgroundOf(cell.background)};
    if (look.reverseVideo) {
        if (cell.foreground.isDefault())
            colors.foreground = m_colors.background;
        if (cell.background.isDefault())
            colors.background = m_colors.foreground;
    }
    if (cell.foreground.isDefault() && !cell.background.isDefault())
        colors.foreground = m_colors.textOn(colors.background);
    if (cell.has(attribute::kInverse))
        std::swap(colors.foreground, colors.background);
    if (cell.has(attribute::kFaint))
        colors.foreground = blended(colors.background, colors.foreground, 150);
    const bool isTail = cell.part == CellPart::Tail;
    if (look.selection && look.selection->contains({position.line, position.column - (isTail ? 1 : 0)}))
        colors.background = m_colors.selection;
    if (cell.has(attribute::kConceal))
        colors.foreground = colors.background;
    if (look.cursor && look.cursor->fill == CursorLook::Fill::Solid &&
        look.cursor->shape == terminal::CursorShape::Block && look.cursor->line == position.line &&
        look.cursor->column == position.column - (isTail ? 1 : 0)) {
        colors.foreground = colors.background;
        colors.background = m_colors.cursor;
        if (look.reverseVideo)
            colors = {.foreground = m_colors.cursor, .background = m_colors.background};
    }
    return colors;
}

void ScreenPainter::paintCell(const terminal::Terminal& terminal, const Cell& cell, CellColors colors, QPoint at)
{
    const bool isWide = cell.part == CellPart::Wide;
    const GlyphStyle style{.bold = cell.has(attribute::kBold), .italic = cell.has(attribute::kItalic), .wide = isWide};
    if (cell.glyph != 0 && !cell.has(attribute::kConceal))
        blend(m_glyphs->glyph(terminal.textOf(cell), style), at, colors.foreground);
    const auto pixels = m_glyphs->cellPixels();
    paintLines(cell, colors.foreground, QRect(at, QSize(pixels.width() * (isWide ? 2 : 1), pixels.height())));
}

void ScreenPainter::fill(QRect area, QRgb color)
{
    area = area.intersected(m_image.rect());
    for (int y = area.top(); y <= area.bottom(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(y)); // Qt's way to a 32-bit image's pixels
        std::fill(line + area.left(), line + area.left() + area.width(), color);
    }
}

void ScreenPainter::blend(const Glyph& glyph, QPoint at, QRgb color)
{
    if (glyph.coverage.empty())
        return;
    const int width = std::min(glyph.widthPixels, m_image.width() - at.x());
    const int height = m_glyphs->cellPixels().height();
    const std::uint8_t* coverage = glyph.coverage.data();
    for (int y = 0; y < height; ++y, coverage += glyph.widthPixels) {
        auto* line = reinterpret_cast<QRgb*>(m_image.scanLine(at.y() + y)) + at.x();
        for (int x = 0; x < width; ++x) {
            if (coverage[x] == 255)
                line[x] = color;
            else if (coverage[x] != 0)
                line[x] = blended(line[x], color, coverage[x] + 1);
        }
    }
}

} // namespace fb::ui
