// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal/GlyphCache.h"

#include "ui/terminal/BoxDrawing.h"

#include <QFontMetricsF>
#include <QImage>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace fb::ui {

GlyphCache::GlyphCache(const QFont& font, qreal devicePixelRatio) : m_ratio(devicePixelRatio)
{
    for (std::size_t index = 0; index < kStyles; ++index) {
        auto& styled = m_fonts[index];
        styled = font;
        styled.setStyleStrategy(QFont::StyleStrategy(QFont::PreferAntialias | QFont::NoSubpixelAntialias));
        styled.setBold((index & 1U) != 0);
        styled.setItalic((index & 2U) != 0);
        styled.setKerning(false);
    }
    const QFontMetricsF metrics(m_fonts[0]);
    m_cell = {std::max(1, qRound(metrics.horizontalAdvance(QLatin1Char('M')) * m_ratio)),
              std::max(1, qCeil((metrics.ascent() + metrics.descent()) * m_ratio))};
    m_baseline = qRound(metrics.ascent() * m_ratio);
}

const Glyph& GlyphCache::glyph(std::u32string_view text, GlyphStyle style)
{
    const auto index = style.index();
    if (text.size() == 1 && text.front() < kAsciiMax) {
        auto& glyph = m_ascii[index][text.front()];
        if (!std::exchange(m_asciiIsDrawn[index][text.front()], true))
            glyph = draw(text, style);
        return glyph;
    }
    if (m_count >= kGlyphsMax) {
        for (auto& glyphs : m_glyphs)
            glyphs.clear();
        m_count = 0;
    }
    const auto [entry, isNew] = m_glyphs[index].try_emplace(std::u32string(text));
    if (isNew) {
        ++m_count;
        entry->second = draw(text, style);
    }
    return entry->second;
}

Glyph GlyphCache::draw(std::u32string_view text, GlyphStyle style) const
{
    const int width = m_cell.width() * (style.wide ? 2 : 1);
    if (text.empty() || text == U" ")
        return {};
    QImage image(width, m_cell.height(), QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    QPainter painter(&image);
    if (text.size() == 1 && isBoxDrawing(text.front())) {
        drawBox(painter, QSize(width, m_cell.height()), text.front());
    } else {
        const auto string = QString::fromUcs4(text.data(), static_cast<qsizetype>(text.size()));
        const auto& font = m_fonts[style.index()];
        painter.setFont(font);
        painter.setPen(Qt::white);
        // The font's size is in logical pixels. A fallback font's character that is too broad is narrowed to its cells.
        const qreal advance = QFontMetricsF(font).horizontalAdvance(string) * m_ratio;
        const qreal narrowed = advance > width + 1 ? width / advance : 1.0;
        const qreal left = style.wide && advance < width ? (width - advance) / 2 : 0;
        painter.scale(m_ratio * narrowed, m_ratio);
        painter.drawText(QPointF(left / m_ratio, m_baseline / m_ratio), string);
    }
    painter.end();

    Glyph glyph{.widthPixels = width, .coverage = {}};
    glyph.coverage.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(m_cell.height()));
    auto* out = glyph.coverage.data();
    bool hasInk = false;
    for (int y = 0; y < m_cell.height(); ++y) {
        const auto* line = reinterpret_cast<const QRgb*>(image.constScanLine(y)); // Qt's way to a 32-bit image's pixels
        for (int x = 0; x < width; ++x) {
            *out = static_cast<std::uint8_t>(qAlpha(line[x]));
            hasInk = hasInk || *out != 0;
            ++out;
        }
    }
    return hasInk ? glyph : Glyph{};
}

} // namespace fb::ui
