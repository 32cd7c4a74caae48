// SPDX-License-Identifier: Apache-2.0
// Characters as coverage, one byte a device pixel, each drawn by QPainter once (so that font fallback and shaping are
// Qt's) and then blended by whoever paints cells. Belongs to one font and one device pixel ratio. GUI thread.
#pragma once

#include <QFont>
#include <QSize>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace fb::ui {

/// Rows of `widthPixels` bytes; as high as a cell. Empty: nothing to see.
struct Glyph {
    int widthPixels = 0;
    std::vector<std::uint8_t> coverage;
};

struct GlyphStyle {
    bool bold = false;
    bool italic = false;
    bool wide = false; ///< two cells

    [[nodiscard]] std::size_t index() const { return (bold ? 1U : 0U) | (italic ? 2U : 0U) | (wide ? 4U : 0U); }
};

class GlyphCache {
public:
    GlyphCache(const QFont& font, qreal devicePixelRatio);

    /// Of one cell, in device pixels.
    [[nodiscard]] QSize cellPixels() const { return m_cell; }
    [[nodiscard]] qreal devicePixelRatio() const { return m_ratio; }
    /// From the top of a cell, in device pixels.
    [[nodiscard]] int baseline() const { return m_baseline; }

    /// Good until the next call.
    [[nodiscard]] const Glyph& glyph(std::u32string_view text, GlyphStyle style);

    static constexpr std::size_t kGlyphsMax = 16384; ///< then it starts afresh

private:
    static constexpr std::size_t kStyles = 8;
    static constexpr char32_t kAsciiMax = 128;

    [[nodiscard]] Glyph draw(std::u32string_view text, GlyphStyle style) const;

    std::array<QFont, kStyles> m_fonts;
    qreal m_ratio;
    QSize m_cell;
    int m_baseline = 0;
    std::array<std::array<Glyph, kAsciiMax>, kStyles> m_ascii;
    std::array<std::array<bool, kAsciiMax>, kStyles> m_asciiIsDrawn{};
    std::array<std::unordered_map<std::u32string, Glyph>, kStyles> m_glyphs;
    std::size_t m_count = 0;
};

} // namespace fb::ui
