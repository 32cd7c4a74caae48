// SPDX-License-Identifier: Apache-2.0
// Keeps a picture of the rows that are looked at, and repaints only those that changed: cells are blended from a glyph
// cache into an image, which the widget then shows with one call. GUI thread.
#pragma once

#include "core/terminal/Selection.h"
#include "core/terminal/Terminal.h"
#include "ui/terminal/GlyphCache.h"
#include "ui/terminal/TerminalColors.h"

#include <QFont>
#include <QImage>
#include <QSizeF>

#include <memory>
#include <optional>
#include <vector>

namespace fb::ui {

struct CursorLook {
    enum class Fill { Solid, Hollow }; ///< hollow: keys go elsewhere

    std::int64_t line = 0;
    int column = 0;
    terminal::CursorShape shape = terminal::CursorShape::Block;
    Fill fill = Fill::Solid;

    friend bool operator==(const CursorLook&, const CursorLook&) = default;
};

/// What is to be seen.
struct ScreenLook {
    std::int64_t topLine = 0;
    std::uint64_t layoutEpoch = 0;
    terminal::Size size;
    std::optional<terminal::SelectedRange> selection;
    std::optional<CursorLook> cursor;
    bool reverseVideo = false;
};

class ScreenPainter {
public:
    ScreenPainter(const QFont& font, qreal devicePixelRatio, const TerminalColors& colors);

    void setFont(const QFont& font, qreal devicePixelRatio);
    void setColors(const TerminalColors& colors);
    [[nodiscard]] const TerminalColors& colors() const { return m_colors; }
    [[nodiscard]] qreal devicePixelRatio() const { return m_glyphs->devicePixelRatio(); }
    /// In logical pixels.
    [[nodiscard]] QSizeF cellSize() const;

    /// Brings the picture up to date; the rows of it that changed, ascending.
    [[nodiscard]] std::vector<int> render(const terminal::Terminal& terminal, const terminal::Damage& damage,
                                          const ScreenLook& look);

    /// Has its device pixel ratio set.
    [[nodiscard]] const QImage& image() const { return m_image; }

private:
    struct CellColors {
        QRgb foreground = 0;
        QRgb background = 0;
    };

    [[nodiscard]] std::vector<bool> changedRows(const terminal::Terminal& terminal, const terminal::Damage& damage,
                                                const ScreenLook& look);
    void scrollUp(int rows);
    void paintRow(const terminal::Terminal& terminal, const ScreenLook& look, int row);
    void paintCell(const terminal::Terminal& terminal, const terminal::Cell& cell, CellColors colors, QPoint at);
    [[nodiscard]] CellColors colorsOf(const terminal::Cell& cell, const ScreenLook& look,
                                      terminal::Position position) const;
    void paintLines(const terminal::Cell& cell, QRgb color, QRect area);
    void paintUnderline(terminal::Underline style, QRgb color, QRect area);
    void paintCursor(const CursorLook& cursor, int row, int cells);
    void fill(QRect area, QRgb color);
    void blend(const Glyph& glyph, QPoint at, QRgb color);

    std::unique_ptr<GlyphCache> m_glyphs;
    TerminalColors m_colors;
    QImage m_image;
    bool m_isValid = false; ///< the image shows m_look
    ScreenLook m_look;
    std::vector<terminal::Cell> m_scratch;
};

} // namespace fb::ui
