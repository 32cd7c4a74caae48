// SPDX-License-Identifier: Apache-2.0
// A terminal as a widget: paints what core/terminal holds, turns keys, mouse and pastes into bytes for the far end. It
// knows no session: bytes come by feed(), leave by bytesToSend(). GUI thread. Parsing takes a few milliseconds of a
// turn of the event loop at most, and the picture is renewed at most 60 times a second.
#pragma once

#include "core/terminal/Mouse.h"
#include "core/terminal/Selection.h"
#include "core/terminal/Terminal.h"
#include "ui/terminal/TerminalColors.h"

#include <QAbstractScrollArea>
#include <QBasicTimer>
#include <QByteArray>
#include <QElapsedTimer>
#include <QString>

#include <memory>
#include <optional>

namespace fb::ui {

class FeedQueue;
class ScreenPainter;

class TerminalView : public QAbstractScrollArea {
    Q_OBJECT

public:
    /// Stopped: nothing typed, pasted or clicked is sent any more, nor are answers of the terminal itself.
    enum class Input { Enabled, Stopped };

    explicit TerminalView(QWidget* parent = nullptr);
    ~TerminalView() override;

    [[nodiscard]] terminal::Size terminalSize() const { return m_terminal.size(); }
    [[nodiscard]] QString title() const;
    /// The text of the screen itself (not of what is scrolled to), rows ended by '\n', blanks at their ends left out.
    [[nodiscard]] QString screenText() const;
    [[nodiscard]] QString selectedText() const;
    [[nodiscard]] Input input() const { return m_input; }
    /// Of a cell of what is shown now, in the coordinates of viewport().
    [[nodiscard]] QRect cellRect(int column, int row) const;
    /// Whether the user looks at earlier lines; then new output does not move them.
    [[nodiscard]] bool isScrolledUp() const;
    /// Bytes that wait to be parsed; for whoever must not run ahead. See consumed().
    [[nodiscard]] qsizetype pendingBytes() const;

    void setInput(Input input);
    /// A line over the bottom of the picture ("Session ended: ..."), not part of the terminal; empty: none.
    void setBanner(const QString& text);
    [[nodiscard]] const QString& banner() const { return m_banner; }
    /// Until this is called the colours follow the palette.
    void setColors(const TerminalColors& colors);
    /// A fixed-pitch font; its size is changed by zooming.
    void setTerminalFont(const QFont& font);

    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QVariant inputMethodQuery(Qt::InputMethodQuery query) const override;

    static constexpr int kPasteLinesUnasked = 1; ///< more are asked about, see pasteNeedsConfirmation()

public Q_SLOTS:
    /// Output of the far end.
    void feed(const QByteArray& bytes);
    /// Sends a text as a paste, without asking.
    void pasteText(const QString& text);
    void copySelection();
    void pasteClipboard();
    void selectAll();
    void clearScrollback();
    void zoomIn();
    void zoomOut();
    void resetZoom();

Q_SIGNALS:
    void bytesToSend(const QByteArray& bytes);
    void sizeChanged(int columns, int rows);
    void titleChanged(const QString& title);
    /// So many bytes given to feed() have been parsed: time for more.
    void consumed(qsizetype sizeBytes);
    /// Somebody wants to paste several lines; who agrees calls pasteText(text).
    void pasteNeedsConfirmation(const QString& text, int lineCount);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void scrollContentsBy(int dx, int dy) override;
    void changeEvent(QEvent* event) override;
    void timerEvent(QTimerEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void inputMethodEvent(QInputMethodEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    bool focusNextPrevChild(bool next) override;

private:
    enum class Scroll { Keep, ToBottom };

    void makeActions();
    // Output
    void parseSome();
    void afterOutput();
    void afterLayoutChange();
    void renewPicture();
    void scheduleRepaint();
    void updateScrollBar();
    void fitToViewport();
    void applyFont();
    void applyColors(const TerminalColors& colors);
    void tellDisplay();
    void paintOverlays(QPainter& painter);
    [[nodiscard]] QString newOutputText() const;
    [[nodiscard]] QRect newOutputRect() const;
    void zoomTo(qreal pointSize);
    [[nodiscard]] std::int64_t topLine() const;
    [[nodiscard]] bool cursorIsShown() const;
    void restartBlinking();
    // Input
    void send(const QByteArray& bytes, Scroll scroll = Scroll::ToBottom);
    void paste(const QString& text);
    [[nodiscard]] bool scrollByKey(int key);
    [[nodiscard]] bool reportMouse(terminal::MouseAction action, terminal::MouseButton button, QPointF at,
                                   Qt::KeyboardModifiers modifiers);
    [[nodiscard]] bool farEndWantsMouse(Qt::KeyboardModifiers modifiers) const;
    [[nodiscard]] terminal::Position positionAt(QPointF at) const;
    void startSelection(QPointF at, terminal::SelectionUnit unit, Qt::KeyboardModifiers modifiers);
    void extendSelection(QPointF at);
    void publishSelection();

    terminal::Terminal m_terminal;
    terminal::Selection m_selection;
    std::unique_ptr<FeedQueue> m_pending;
    std::unique_ptr<ScreenPainter> m_painter;
    Input m_input = Input::Enabled;
    QString m_banner;
    QString m_title;
    QString m_preedit; ///< what an input method is composing
    bool m_colorsAreChosen = false;
    QFont m_font;
    qreal m_fontPointSize = 0; ///< unzoomed

    std::optional<std::int64_t> m_scrolledTo; ///< the line at the top; none: the screen itself
    bool m_hasNewOutput = false;              ///< below what is looked at
    bool m_movesScrollBar = false;            ///< we do, not the user
    std::uint64_t m_layoutEpoch = 0;
    std::uint64_t m_bells = 0;
    bool m_blinkIsOn = true;

    bool m_selects = false; ///< the left button is down and marks
    bool m_selectsCharacters = false;
    QPointF m_pressedAt;
    QPointF m_mouse;
    QElapsedTimer m_sinceDoubleClick;
    terminal::MouseButton m_reportedButton = terminal::MouseButton::None;
    terminal::Position m_reportedCell;
    int m_wheelRest = 0; ///< eighths of a degree that made no whole step yet

    bool m_pictureIsOld = false;
    QElapsedTimer m_heldBack; ///< since when a synchronized update keeps the picture as it is
    QBasicTimer m_parseTimer;
    QBasicTimer m_frameTimer;
    QBasicTimer m_blinkTimer;
    QBasicTimer m_bellTimer;
    QBasicTimer m_autoScrollTimer;
};

} // namespace fb::ui
