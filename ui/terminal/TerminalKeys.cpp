// SPDX-License-Identifier: Apache-2.0
// What a TerminalView sends: keys, composed text, pastes, focus.
#include "core/terminal/Paste.h"
#include "ui/terminal/KeyMap.h"
#include "ui/terminal/ScreenPainter.h"
#include "ui/terminal/TerminalView.h"

#include <QAction>
#include <QInputMethodEvent>
#include <QKeyEvent>
#include <QScrollBar>

#include <algorithm>

namespace fb::ui {
namespace {

QByteArray byteArrayOf(const ByteVector& bytes)
{
    return QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()));
}

} // namespace

void TerminalView::send(const QByteArray& bytes, Scroll scroll)
{
    if (bytes.isEmpty() || m_input == Input::Stopped)
        return;
    if (scroll == Scroll::ToBottom)
        verticalScrollBar()->setValue(verticalScrollBar()->maximum());
    Q_EMIT bytesToSend(bytes);
}

bool TerminalView::event(QEvent* event)
{
    if (event->type() == QEvent::ShortcutOverride && m_input == Input::Enabled) {
        // The program at the far end gets every key that is not one of our own actions; Control with Shift is left to
        // the window's menus.
        const auto& key = static_cast<const QKeyEvent&>(*event);
        const QKeySequence sequence(key.keyCombination());
        const bool isOurs = std::ranges::any_of(actions(), [&](const QAction* action) {
            return action->isEnabled() && action->shortcuts().contains(sequence);
        });
        const auto modifiers = key.modifiers() & (Qt::ControlModifier | Qt::ShiftModifier);
        if (!isOurs && modifiers != (Qt::ControlModifier | Qt::ShiftModifier)) {
            event->accept();
            return true;
        }
    }
    return QAbstractScrollArea::event(event);
}

void TerminalView::keyPressEvent(QKeyEvent* event)
{
    if (event->modifiers() == Qt::ShiftModifier && scrollByKey(event->key()))
        return;
    const auto key = mapped(*event);
    if (!key || m_input == Input::Stopped)
        return QWidget::keyPressEvent(event); // the scroll area's own keys are the far end's here
    const std::string_view text(key->text.constData(), static_cast<std::size_t>(key->text.size()));
    m_selection.clear();
    send(byteArrayOf(
        terminal::encodeKey({.key = key->key, .modifiers = key->modifiers, .text = text}, m_terminal.modes())));
    restartBlinking();
    scheduleRepaint();
    event->accept();
}

/// Shift with the paging keys moves through earlier lines.
bool TerminalView::scrollByKey(int key)
{
    if (m_terminal.modes().alternateScreen)
        return false;
    auto* bar = verticalScrollBar();
    switch (key) {
    case Qt::Key_PageUp:
        bar->setValue(bar->value() - bar->pageStep());
        return true;
    case Qt::Key_PageDown:
        bar->setValue(bar->value() + bar->pageStep());
        return true;
    case Qt::Key_Home:
        bar->setValue(bar->minimum());
        return true;
    case Qt::Key_End:
        bar->setValue(bar->maximum());
        return true;
    default: // of Qt's hundreds of keys
        return false;
    }
}

bool TerminalView::focusNextPrevChild(bool next)
{
    // Tab is the far end's key while it takes keys.
    return m_input == Input::Stopped && QAbstractScrollArea::focusNextPrevChild(next);
}

void TerminalView::inputMethodEvent(QInputMethodEvent* event)
{
    m_preedit = m_input == Input::Enabled ? event->preeditString() : QString();
    if (!event->commitString().isEmpty())
        send(event->commitString().toUtf8());
    event->accept();
    viewport()->update();
}

QVariant TerminalView::inputMethodQuery(Qt::InputMethodQuery query) const
{
    if (query == Qt::ImCursorRectangle) {
        const auto cursor = m_terminal.cursor();
        return cellRect(cursor.column, cursor.row).translated(viewport()->pos());
    }
    if (query == Qt::ImEnabled)
        return m_input == Input::Enabled;
    if (query == Qt::ImHints)
        return static_cast<int>(Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    return QAbstractScrollArea::inputMethodQuery(query);
}

void TerminalView::focusInEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusInEvent(event);
    send(byteArrayOf(terminal::encodeFocus(terminal::Focus::Gained, m_terminal.modes())), Scroll::Keep);
    restartBlinking();
    scheduleRepaint();
}

void TerminalView::focusOutEvent(QFocusEvent* event)
{
    QAbstractScrollArea::focusOutEvent(event);
    send(byteArrayOf(terminal::encodeFocus(terminal::Focus::Lost, m_terminal.modes())), Scroll::Keep);
    restartBlinking();
    scheduleRepaint();
}

void TerminalView::paste(const QString& text)
{
    if (m_input == Input::Stopped || text.isEmpty())
        return;
    const auto utf8 = text.toUtf8();
    const auto prepared =
        terminal::preparePaste({utf8.constData(), static_cast<std::size_t>(utf8.size())}, m_terminal.modes());
    if (prepared.lines > kPasteLinesUnasked)
        Q_EMIT pasteNeedsConfirmation(text, prepared.lines);
    else
        send(byteArrayOf(prepared.bytes));
}

void TerminalView::pasteText(const QString& text)
{
    const auto utf8 = text.toUtf8();
    send(byteArrayOf(
        terminal::preparePaste({utf8.constData(), static_cast<std::size_t>(utf8.size())}, m_terminal.modes()).bytes));
}

} // namespace fb::ui
