// SPDX-License-Identifier: Apache-2.0
// What a ScreenPainter draws beside glyphs: underlines of every kind, strikes, overlines and the cursor.
#include "ui/terminal/BoxDrawing.h"
#include "ui/terminal/ScreenPainter.h"

#include <algorithm>
#include <array>

namespace fb::ui {

using terminal::Cell;
using terminal::Underline;
namespace attribute = terminal::attribute;

void ScreenPainter::paintLines(const Cell& cell, QRgb color, QRect area)
{
    if (cell.has(attribute::kConceal))
        return;
    const int thin = thinLine(area.height());
    if (cell.underline() != Underline::None)
        paintUnderline(cell.underline(), color, area);
    if (cell.has(attribute::kStrike))
        fill(QRect(area.left(), area.top() + m_glyphs->baseline() * 2 / 3, area.width(), thin), color);
    if (cell.has(attribute::kOverline))
        fill(QRect(area.left(), area.top(), area.width(), thin), color);
}

void ScreenPainter::paintUnderline(Underline style, QRgb color, QRect area)
{
    const int thin = thinLine(area.height());
    const int bottom = area.top() + area.height();
    const int y = std::min(area.top() + m_glyphs->baseline() + std::max(1, thin), bottom - thin);
    // Patterns go by the pixel's place in the picture, so that they run on from cell to cell.
    const auto pattern = [&](int on, int period) {
        for (int x = area.left(); x < area.left() + area.width(); ++x) {
            if (x % period < on)
                fill(QRect(x, y, 1, thin), color);
        }
    };
    switch (style) {
    case Underline::None:
        return;
    case Underline::Single:
        return fill(QRect(area.left(), y, area.width(), thin), color);
    case Underline::Double: {
        const int second = std::min(y + 2 * thin, bottom - thin);
        fill(QRect(area.left(), std::min(y, second - 2 * thin), area.width(), thin), color);
        return fill(QRect(area.left(), second, area.width(), thin), color);
    }
    case Underline::Curly: {
        constexpr std::array<int, 4> kWave{0, 1, 2, 1};
        const int top = std::min(y, bottom - 3 * thin);
        for (int x = area.left(); x < area.left() + area.width(); ++x) {
            const int step = kWave[static_cast<std::size_t>(x / (thin + (thin > 1 ? 0 : 1)) % 4)];
            fill(QRect(x, top + step * thin, 1, thin), color);
        }
        return;
    }
    case Underline::Dotted:
        return pattern(thin, 2 * thin + (thin > 1 ? 0 : 1));
    case Underline::Dashed:
        return pattern(4 * thin, 6 * thin);
    }
}

void ScreenPainter::paintCursor(const CursorLook& cursor, int row, int cells)
{
    const auto pixels = m_glyphs->cellPixels();
    const QRect area(cursor.column * pixels.width(), row * pixels.height(), pixels.width() * cells, pixels.height());
    const int thin = thinLine(area.height());
    const int thick = 2 * thin;
    const auto color = m_look.reverseVideo ? m_colors.background : m_colors.cursor;
    switch (cursor.shape) {
    case terminal::CursorShape::Block:
        if (cursor.fill == CursorLook::Fill::Solid)
            return; // painted as the cell's ground
        fill(QRect(area.left(), area.top(), area.width(), thin), color);
        fill(QRect(area.left(), area.bottom() + 1 - thin, area.width(), thin), color);
        fill(QRect(area.left(), area.top(), thin, area.height()), color);
        return fill(QRect(area.right() + 1 - thin, area.top(), thin, area.height()), color);
    case terminal::CursorShape::Underline:
        return fill(QRect(area.left(), area.bottom() + 1 - thick, area.width(), thick), color);
    case terminal::CursorShape::Bar:
        return fill(
            QRect(area.left(), area.top(), cursor.fill == CursorLook::Fill::Solid ? thick : thin, area.height()),
            color);
    }
}

} // namespace fb::ui
