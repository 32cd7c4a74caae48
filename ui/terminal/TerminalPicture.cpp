// SPDX-License-Identifier: Apache-2.0
// How a TerminalView looks: its picture, what lies over it, its font and its size in cells.
#include "ui/terminal/ScreenPainter.h"
#include "ui/terminal/TerminalView.h"

#include <QFontMetricsF>
#include <QPaintEvent>
#include <QPainter>
#include <QResizeEvent>
#include <QScrollBar>
#include <QStyle>

#include <algorithm>
#include <cmath>

namespace fb::ui {
namespace {

constexpr int kMargin = 4; // between the edge and the first cell, in logical pixels
constexpr int kBlinkMs = 530;
constexpr qint64 kHoldBackMsMax = 150; // a program that began a synchronized update and never ends it is not waited for
constexpr qreal kPointSizeMin = 5;
constexpr qreal kPointSizeMax = 48;

} // namespace

void TerminalView::renewPicture()
{
    if (m_terminal.modes().synchronizedOutput) {
        if (!m_heldBack.isValid())
            m_heldBack.start();
        if (m_heldBack.elapsed() < kHoldBackMsMax)
            return; // m_pictureIsOld stays: the next frame asks again
    }
    m_heldBack.invalidate();
    m_pictureIsOld = false;
    if (m_painter->devicePixelRatio() != devicePixelRatioF()) { // moved to another screen
        m_painter->setFont(m_font, devicePixelRatioF());
        fitToViewport();
    }
    ScreenLook look{.topLine = topLine(),
                    .layoutEpoch = m_terminal.layoutEpoch(),
                    .size = m_terminal.size(),
                    .selection = m_selection.range(m_terminal),
                    .cursor = std::nullopt,
                    .reverseVideo = m_terminal.modes().reverseVideo};
    if (cursorIsShown()) {
        const auto cursor = m_terminal.cursor();
        const bool typesHere = hasFocus() && m_input == Input::Enabled;
        look.cursor = CursorLook{.line = m_terminal.lines().screenTop + cursor.row,
                                 .column = cursor.column,
                                 .shape = cursor.shape,
                                 .fill = typesHere ? CursorLook::Fill::Solid : CursorLook::Fill::Hollow};
    }
    const auto rows = m_painter->render(m_terminal, m_terminal.takeDamage(), look);
    const bool scrolled = static_cast<int>(rows.size()) * 2 > look.size.rows;
    if (scrolled || !m_preedit.isEmpty() || !m_banner.isEmpty() || m_hasNewOutput)
        return viewport()->update();
    QRegion region;
    for (const int row : rows)
        region += QRect(0, cellRect(0, row).top() - 1, viewport()->width(), cellRect(0, row).height() + 2);
    viewport()->update(region);
}

bool TerminalView::cursorIsShown() const
{
    return m_terminal.modes().cursorVisible && m_input == Input::Enabled && (m_blinkIsOn || !hasFocus());
}

void TerminalView::restartBlinking()
{
    m_blinkIsOn = true;
    const bool blinks = m_terminal.modes().cursorBlinks && hasFocus() && m_input == Input::Enabled;
    if (!blinks)
        m_blinkTimer.stop();
    else if (!m_blinkTimer.isActive())
        m_blinkTimer.start(kBlinkMs, this);
}

void TerminalView::paintEvent(QPaintEvent* event)
{
    if (m_pictureIsOld || m_painter->image().isNull() || m_painter->devicePixelRatio() != devicePixelRatioF())
        renewPicture(); // asks for what it changed outside of this event's region
    QPainter painter(viewport());
    const auto& colors = m_painter->colors();
    const QColor ground(m_terminal.modes().reverseVideo ? colors.foreground : colors.background);
    for (const auto& rectangle : event->region())
        painter.fillRect(rectangle, ground);
    painter.drawImage(QPointF(kMargin, kMargin), m_painter->image());
    paintOverlays(painter);
}

void TerminalView::paintOverlays(QPainter& painter)
{
    const auto& colors = m_painter->colors();
    if (!m_preedit.isEmpty()) {
        const auto cursor = m_terminal.cursor();
        painter.setFont(m_font);
        auto place = QRectF(cellRect(cursor.column, cursor.row));
        place.setWidth(QFontMetricsF(m_font).horizontalAdvance(m_preedit));
        painter.fillRect(place, QColor(colors.selection));
        painter.setPen(QColor(colors.foreground));
        painter.drawText(place, Qt::AlignVCenter, m_preedit);
        painter.drawLine(place.bottomLeft(), place.bottomRight());
    }
    painter.setFont(font());
    if (m_hasNewOutput) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(palette().brush(QPalette::Highlight));
        const auto place = newOutputRect();
        painter.drawRoundedRect(place, place.height() / 2.0, place.height() / 2.0);
        painter.setPen(palette().color(QPalette::HighlightedText));
        painter.drawText(place, Qt::AlignCenter, newOutputText());
    }
    if (!m_banner.isEmpty()) {
        const int height = fontMetrics().height() + 12;
        const QRect place(0, viewport()->height() - height, viewport()->width(), height);
        painter.fillRect(place, QColor(colors.banner));
        painter.setPen(QColor(colors.foreground));
        painter.drawText(place.adjusted(10, 0, -10, 0), Qt::AlignVCenter,
                         fontMetrics().elidedText(m_banner, Qt::ElideRight, place.width() - 20));
    }
    if (m_bellTimer.isActive()) {
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.setPen(QPen(palette().color(QPalette::Highlight), 3));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(1, 1, -2, -2));
    }
}

QString TerminalView::newOutputText() const
{
    return tr("New output below");
}

QRect TerminalView::newOutputRect() const
{
    const QSize size(fontMetrics().horizontalAdvance(newOutputText()) + 28, fontMetrics().height() + 8);
    return {QPoint(viewport()->width() - size.width() - 12, viewport()->height() - size.height() - 12), size};
}

QRect TerminalView::cellRect(int column, int row) const
{
    const auto cell = m_painter->cellSize();
    return QRectF(QPointF(kMargin + column * cell.width(), kMargin + row * cell.height()), cell).toRect();
}

terminal::Position TerminalView::positionAt(QPointF at) const
{
    const auto cell = m_painter->cellSize();
    const auto size = m_terminal.size();
    const auto column = static_cast<int>(std::floor((at.x() - kMargin) / cell.width()));
    const auto row = static_cast<int>(std::floor((at.y() - kMargin) / cell.height()));
    return {.line = topLine() + std::clamp(row, 0, size.rows - 1), .column = std::clamp(column, 0, size.columns - 1)};
}

QSize TerminalView::sizeHint() const
{
    const auto cell = m_painter->cellSize();
    return {qCeil(80 * cell.width()) + 2 * kMargin + verticalScrollBar()->sizeHint().width(),
            qCeil(24 * cell.height()) + 2 * kMargin};
}

void TerminalView::fitToViewport()
{
    const auto cell = m_painter->cellSize();
    const auto columns = static_cast<int>((viewport()->width() - 2 * kMargin) / cell.width());
    const auto rows = static_cast<int>((viewport()->height() - 2 * kMargin) / cell.height());
    const terminal::Size size{.columns = std::clamp(columns, 2, terminal::kColumnsMax),
                              .rows = std::clamp(rows, 1, terminal::kRowsMax)};
    if (size == m_terminal.size())
        return;
    m_terminal.resize(size);
    afterLayoutChange();
    Q_EMIT sizeChanged(size.columns, size.rows);
}

void TerminalView::resizeEvent(QResizeEvent* event)
{
    QAbstractScrollArea::resizeEvent(event);
    fitToViewport();
    updateScrollBar();
    renewPicture(); // not with the next frame: the old picture has the wrong size
}

void TerminalView::setColors(const TerminalColors& colors)
{
    m_colorsAreChosen = true;
    applyColors(colors);
}

void TerminalView::applyColors(const TerminalColors& colors)
{
    m_painter->setColors(colors);
    tellDisplay();
    scheduleRepaint();
    viewport()->update();
}

void TerminalView::tellDisplay()
{
    const auto cell = m_painter->cellSize();
    m_terminal.setDisplay({.cellWidthPixels = qRound(cell.width()),
                           .cellHeightPixels = qRound(cell.height()),
                           .foreground = m_painter->colors().foreground & 0xffffffU,
                           .background = m_painter->colors().background & 0xffffffU});
}

void TerminalView::changeEvent(QEvent* event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !m_colorsAreChosen)
        applyColors(terminalColorsFor(palette()));
}

void TerminalView::setTerminalFont(const QFont& font)
{
    m_font = font;
    m_fontPointSize = font.pointSizeF() > 0 ? font.pointSizeF() : 10;
    m_font.setPointSizeF(m_fontPointSize);
    applyFont();
}

void TerminalView::applyFont()
{
    m_painter->setFont(m_font, devicePixelRatioF());
    tellDisplay();
    fitToViewport();
    scheduleRepaint();
    viewport()->update();
}

void TerminalView::zoomTo(qreal pointSize)
{
    const auto size = std::clamp(pointSize, kPointSizeMin, kPointSizeMax);
    if (size == m_font.pointSizeF())
        return;
    m_font.setPointSizeF(size);
    applyFont();
}

void TerminalView::zoomIn()
{
    zoomTo(m_font.pointSizeF() + 1);
}

void TerminalView::zoomOut()
{
    zoomTo(m_font.pointSizeF() - 1);
}

void TerminalView::resetZoom()
{
    zoomTo(m_fontPointSize);
}

} // namespace fb::ui
