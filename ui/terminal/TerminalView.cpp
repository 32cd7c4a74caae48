// SPDX-License-Identifier: Apache-2.0
// Making a TerminalView, what the far end says to it, and its timers.
#include "ui/terminal/TerminalView.h"

#include "ui/terminal/FeedQueue.h"
#include "ui/terminal/ScreenPainter.h"

#include <QFontDatabase>
#include <QScrollBar>
#include <QTimerEvent>

using namespace Qt::StringLiterals;

namespace fb::ui {
namespace {

constexpr qint64 kParseMsMax = 8;               // of one turn of the event loop; a frame has 16
constexpr qsizetype kParsePieceBytes = 16384;   // well under a millisecond of work
constexpr qsizetype kPendingBytesMax = 4 << 20; // who feeds more than that without waiting, waits in feed()
constexpr int kFrameMs = 16;
constexpr int kBellMs = 120;
constexpr int kScrollbackLines = 10'000;

} // namespace

TerminalView::TerminalView(QWidget* parent)
    : QAbstractScrollArea(parent),
      m_terminal({.size = {}, .scrollbackLinesMax = kScrollbackLines, .display = {}}),
      m_pending(std::make_unique<FeedQueue>()),
      m_font(QFontDatabase::systemFont(QFontDatabase::FixedFont))
{
    setObjectName("terminal.view"_L1);
    setAccessibleName(tr("Terminal"));
    setAccessibleDescription(tr("The screen of a program on the device. What is typed here is sent to the device."));
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_InputMethodEnabled);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // its coming and going would change the number of columns
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    verticalScrollBar()->setObjectName("terminal.scrollbar"_L1);
    verticalScrollBar()->setAccessibleName(tr("Earlier lines"));
    verticalScrollBar()->setCursor(Qt::ArrowCursor);
    viewport()->setCursor(Qt::IBeamCursor);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    viewport()->setMouseTracking(true);
    if (m_font.pointSizeF() <= 0)
        m_font.setPointSizeF(10);
    m_fontPointSize = m_font.pointSizeF();
    m_painter = std::make_unique<ScreenPainter>(m_font, devicePixelRatioF(), terminalColorsFor(palette()));
    m_layoutEpoch = m_terminal.layoutEpoch();
    makeActions();
    applyFont();
}

TerminalView::~TerminalView() = default;

QString TerminalView::title() const
{
    return m_title;
}

qsizetype TerminalView::pendingBytes() const
{
    return m_pending->sizeBytes();
}

QString TerminalView::screenText() const
{
    const auto lines = m_terminal.lines();
    std::vector<terminal::Cell> scratch;
    QString text;
    for (auto line = lines.screenTop; line < lines.end; ++line) {
        QString row;
        for (const auto& cell : m_terminal.row(line, scratch)) {
            const auto glyph = m_terminal.textOf(cell);
            if (!glyph.empty())
                row += QString::fromUcs4(glyph.data(), static_cast<qsizetype>(glyph.size()));
            else if (cell.part == terminal::CellPart::Narrow)
                row += u' ';
        }
        while (row.endsWith(u' '))
            row.chop(1);
        text += row + u'\n';
    }
    return text;
}

void TerminalView::setInput(Input input)
{
    m_input = input;
    restartBlinking();
    scheduleRepaint();
}

void TerminalView::setBanner(const QString& text)
{
    m_banner = text;
    setAccessibleDescription(text.isEmpty() ? tr("The screen of a program on the device. What is typed here is sent to "
                                                 "the device.")
                                            : text);
    viewport()->update();
}

void TerminalView::feed(const QByteArray& bytes)
{
    m_pending->push(bytes);
    while (m_pending->sizeBytes() > kPendingBytesMax)
        parseSome();
    if (!m_pending->isEmpty() && !m_parseTimer.isActive())
        m_parseTimer.start(0, this);
}

void TerminalView::parseSome()
{
    QElapsedTimer time;
    time.start();
    qsizetype parsed = 0;
    while (!m_pending->isEmpty() && time.elapsed() < kParseMsMax) {
        const auto piece = m_pending->front(kParsePieceBytes);
        const auto* first = reinterpret_cast<const std::uint8_t*>(piece.data()); // Qt's bytes are chars
        m_terminal.write(Bytes(first, static_cast<std::size_t>(piece.size())));
        parsed += piece.size();
        m_pending->drop(piece.size());
    }
    if (m_pending->isEmpty())
        m_parseTimer.stop();
    afterOutput();
    Q_EMIT consumed(parsed);
}

void TerminalView::afterOutput()
{
    const auto replies =
        m_terminal.takeReplies(); // dropped when input has stopped: nobody may answer for the user then
    if (!replies.empty()) {
        send(QByteArray(reinterpret_cast<const char*>(replies.data()), static_cast<qsizetype>(replies.size())),
             Scroll::Keep);
    }
    if (const auto title = QString::fromStdString(m_terminal.title()); title != m_title) {
        m_title = title;
        Q_EMIT titleChanged(m_title);
    }
    if (const auto bells = m_terminal.counters().bells; bells != m_bells) {
        m_bells = bells;
        if (!m_bellTimer.isActive()) {
            m_bellTimer.start(kBellMs, this);
            viewport()->update();
        }
    }
    m_hasNewOutput = m_hasNewOutput || isScrolledUp();
    afterLayoutChange();
    restartBlinking();
    scheduleRepaint();
}

void TerminalView::afterLayoutChange()
{
    if (m_terminal.layoutEpoch() != m_layoutEpoch) { // the line looked at no longer has its number
        m_layoutEpoch = m_terminal.layoutEpoch();
        m_scrolledTo.reset();
        m_hasNewOutput = false;
    }
    updateScrollBar();
}

void TerminalView::timerEvent(QTimerEvent* event)
{
    const int id = event->timerId();
    if (id == m_parseTimer.timerId()) {
        parseSome();
    } else if (id == m_frameTimer.timerId()) {
        m_frameTimer.stop();
        if (m_pictureIsOld)
            scheduleRepaint();
    } else if (id == m_blinkTimer.timerId()) {
        m_blinkIsOn = !m_blinkIsOn;
        scheduleRepaint();
    } else if (id == m_bellTimer.timerId()) {
        m_bellTimer.stop();
        viewport()->update();
    } else if (id == m_autoScrollTimer.timerId()) {
        const int row = m_mouse.y() < 0 ? -1 : 1;
        verticalScrollBar()->setValue(verticalScrollBar()->value() + row);
        extendSelection(m_mouse);
    } else {
        QAbstractScrollArea::timerEvent(event);
    }
}

/// Paints now, unless a frame was painted a moment ago: then with the next one.
void TerminalView::scheduleRepaint()
{
    m_pictureIsOld = true;
    if (m_frameTimer.isActive())
        return;
    m_frameTimer.start(kFrameMs, this);
    renewPicture();
}

bool TerminalView::isScrolledUp() const
{
    return m_scrolledTo.has_value();
}

std::int64_t TerminalView::topLine() const
{
    const auto lines = m_terminal.lines();
    return m_scrolledTo ? std::clamp(*m_scrolledTo, lines.first, lines.screenTop) : lines.screenTop;
}

void TerminalView::updateScrollBar()
{
    const auto lines = m_terminal.lines();
    if (m_scrolledTo && *m_scrolledTo >= lines.screenTop)
        m_scrolledTo.reset();
    m_movesScrollBar = true;
    verticalScrollBar()->setRange(0, static_cast<int>(lines.screenTop - lines.first));
    verticalScrollBar()->setPageStep(m_terminal.size().rows);
    verticalScrollBar()->setSingleStep(1);
    verticalScrollBar()->setValue(static_cast<int>(topLine() - lines.first));
    m_movesScrollBar = false;
}

void TerminalView::scrollContentsBy(int, int)
{
    if (m_movesScrollBar)
        return;
    const auto lines = m_terminal.lines();
    const auto line = lines.first + verticalScrollBar()->value();
    m_scrolledTo = line < lines.screenTop ? std::optional(line) : std::nullopt;
    m_hasNewOutput = m_hasNewOutput && isScrolledUp();
    scheduleRepaint();
}

} // namespace fb::ui
