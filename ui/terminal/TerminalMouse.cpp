// SPDX-License-Identifier: Apache-2.0
// A TerminalView's mouse: marking text, or telling the far end if it asked and Shift is up.
#include "ui/terminal/KeyMap.h"
#include "ui/terminal/TerminalView.h"

#include <QApplication>
#include <QClipboard>
#include <QMouseEvent>
#include <QScrollBar>
#include <QWheelEvent>

namespace fb::ui {
namespace {

constexpr int kWheelStep = 120; // eighths of a degree, by Qt's definition
constexpr int kLinesPerStep = 3;
constexpr int kAutoScrollMs = 40;

} // namespace

bool TerminalView::farEndWantsMouse(Qt::KeyboardModifiers modifiers) const
{
    return m_input == Input::Enabled && m_terminal.modes().mouseTracking != terminal::MouseTracking::None &&
           (modifiers & Qt::ShiftModifier) == 0;
}

bool TerminalView::reportMouse(terminal::MouseAction action, terminal::MouseButton button, QPointF at,
                               Qt::KeyboardModifiers modifiers)
{
    if (!farEndWantsMouse(modifiers))
        return false;
    auto cell = positionAt(at);
    cell.line -= topLine();
    if (action == terminal::MouseAction::Move && cell == m_reportedCell)
        return true; // once a cell
    m_reportedCell = cell;
    const auto bytes = terminal::encodeMouse({.action = action,
                                              .button = button,
                                              .column = cell.column,
                                              .row = static_cast<int>(cell.line),
                                              .modifiers = mapped(modifiers)},
                                             m_terminal.modes());
    send(QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size())), Scroll::Keep);
    return true;
}

void TerminalView::mousePressEvent(QMouseEvent* event)
{
    m_mouse = event->position();
    if (m_hasNewOutput && newOutputRect().contains(event->position().toPoint()))
        return verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    m_reportedButton = mapped(event->button());
    if (reportMouse(terminal::MouseAction::Press, m_reportedButton, event->position(), event->modifiers()))
        return;
    m_reportedButton = terminal::MouseButton::None;
    if (event->button() == Qt::LeftButton) {
        const bool isThird =
            m_sinceDoubleClick.isValid() && m_sinceDoubleClick.elapsed() < QApplication::doubleClickInterval();
        startSelection(event->position(), isThird ? terminal::SelectionUnit::Line : terminal::SelectionUnit::Character,
                       event->modifiers());
    } else if (event->button() == Qt::MiddleButton) {
        const auto* clipboard = QApplication::clipboard();
        paste(clipboard->text(clipboard->supportsSelection() ? QClipboard::Selection : QClipboard::Clipboard));
    }
}

void TerminalView::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton || farEndWantsMouse(event->modifiers()))
        return mousePressEvent(event);
    m_sinceDoubleClick.start();
    m_mouse = event->position();
    startSelection(event->position(), terminal::SelectionUnit::Word, event->modifiers());
}

void TerminalView::mouseMoveEvent(QMouseEvent* event)
{
    m_mouse = event->position();
    if (m_selects) {
        const bool isOutside = m_mouse.y() < 0 || m_mouse.y() >= viewport()->height();
        if (isOutside && !m_autoScrollTimer.isActive())
            m_autoScrollTimer.start(kAutoScrollMs, this);
        else if (!isOutside)
            m_autoScrollTimer.stop();
        return extendSelection(m_mouse);
    }
    (void)reportMouse(terminal::MouseAction::Move, m_reportedButton, event->position(), event->modifiers());
}

void TerminalView::mouseReleaseEvent(QMouseEvent* event)
{
    if (m_selects && event->button() == Qt::LeftButton) {
        m_selects = false;
        m_autoScrollTimer.stop();
        return publishSelection();
    }
    if (m_reportedButton == terminal::MouseButton::None)
        return;
    // Even if Shift went down meanwhile: a far end that saw the press must see the release.
    (void)reportMouse(terminal::MouseAction::Release, mapped(event->button()), event->position(),
                      event->modifiers() & ~Qt::KeyboardModifiers(Qt::ShiftModifier));
    m_reportedButton = terminal::MouseButton::None;
}

void TerminalView::wheelEvent(QWheelEvent* event)
{
    m_wheelRest += event->angleDelta().y();
    const int steps = m_wheelRest / kWheelStep;
    m_wheelRest -= steps * kWheelStep;
    event->accept();
    if ((event->modifiers() & Qt::ControlModifier) != 0) {
        for (int step = 0; step < std::abs(steps); ++step)
            steps > 0 ? zoomIn() : zoomOut();
        return;
    }
    const auto button = steps > 0 ? terminal::MouseButton::WheelUp : terminal::MouseButton::WheelDown;
    if (farEndWantsMouse(event->modifiers())) {
        for (int step = 0; step < std::abs(steps); ++step)
            (void)reportMouse(terminal::MouseAction::Press, button, event->position(), event->modifiers());
        return;
    }
    if (m_terminal.modes().alternateScreen) { // nothing to scroll there: move the program's own text
        const auto arrow = terminal::encodeKey(
            {.key = steps > 0 ? terminal::Key::Up : terminal::Key::Down, .modifiers = {}, .text = {}},
            m_terminal.modes());
        const QByteArray once(reinterpret_cast<const char*>(arrow.data()), static_cast<qsizetype>(arrow.size()));
        return send(once.repeated(std::abs(steps) * kLinesPerStep), Scroll::Keep);
    }
    verticalScrollBar()->setValue(verticalScrollBar()->value() - steps * kLinesPerStep);
}

void TerminalView::startSelection(QPointF at, terminal::SelectionUnit unit, Qt::KeyboardModifiers modifiers)
{
    m_selects = true;
    const bool extends = unit == terminal::SelectionUnit::Character && (modifiers & Qt::ShiftModifier) != 0 &&
                         m_selection.range(m_terminal).has_value();
    if (extends)
        return extendSelection(at);
    m_selection.clear();
    m_pressedAt = at;
    m_selectsCharacters = unit == terminal::SelectionUnit::Character;
    if (!m_selectsCharacters) // a single click marks nothing before the mouse has moved
        m_selection.start(m_terminal, positionAt(at), unit);
    scheduleRepaint();
}

void TerminalView::extendSelection(QPointF at)
{
    if (!m_selection.range(m_terminal) && m_selectsCharacters) {
        if ((at - m_pressedAt).manhattanLength() < QApplication::startDragDistance() / 2)
            return;
        m_selection.start(m_terminal, positionAt(m_pressedAt), terminal::SelectionUnit::Character);
    }
    m_selection.extendTo(m_terminal, positionAt(at));
    scheduleRepaint();
}

void TerminalView::publishSelection()
{
    auto* clipboard = QApplication::clipboard();
    if (const auto text = selectedText(); !text.isEmpty() && clipboard->supportsSelection())
        clipboard->setText(text, QClipboard::Selection);
}

} // namespace fb::ui
