// SPDX-License-Identifier: Apache-2.0
// Lines and blocks (U+2500 to U+259F) drawn by us, so that they meet at the cells' edges whatever the font does.
#pragma once

#include <QSize>

class QPainter;

namespace fb::ui {

[[nodiscard]] constexpr bool isBoxDrawing(char32_t character)
{
    return character >= 0x2500 && character <= 0x259f;
}

/// Draws one such character in white over a cell of so many device pixels. The painter works in device pixels.
void drawBox(QPainter& painter, QSize cell, char32_t character);

/// The thickness of a thin line in a cell of this height, in device pixels.
[[nodiscard]] int thinLine(int cellHeight);

} // namespace fb::ui
