// SPDX-License-Identifier: Apache-2.0
// A TerminalView's actions: clipboard, scrollback, zoom, and the menu that offers them.
#include "ui/terminal/TerminalView.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace fb::ui {

void TerminalView::makeActions()
{
    const auto add = [this](QLatin1StringView name, const QString& text, const QList<QKeySequence>& keys,
                            void (TerminalView::*slot)()) {
        auto* action = new QAction(text, this);
        action->setObjectName(name);
        action->setShortcuts(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        addAction(action);
    };
    add("terminal.copy"_L1, tr("&Copy"), {QKeySequence(u"Ctrl+Shift+C"_s)}, &TerminalView::copySelection);
    add("terminal.paste"_L1, tr("&Paste"), {QKeySequence(u"Ctrl+Shift+V"_s), QKeySequence(u"Shift+Insert"_s)},
        &TerminalView::pasteClipboard);
    add("terminal.selectAll"_L1, tr("Select &All"), {QKeySequence(u"Ctrl+Shift+A"_s)}, &TerminalView::selectAll);
    add("terminal.clearScrollback"_L1, tr("Clear &Scrollback"), {QKeySequence(u"Ctrl+Shift+K"_s)},
        &TerminalView::clearScrollback);
    add("terminal.zoomIn"_L1, tr("Zoom &In"), {QKeySequence(u"Ctrl++"_s), QKeySequence(u"Ctrl+="_s)},
        &TerminalView::zoomIn);
    add("terminal.zoomOut"_L1, tr("Zoom &Out"), {QKeySequence(u"Ctrl+-"_s)}, &TerminalView::zoomOut);
    add("terminal.resetZoom"_L1, tr("&Normal Size"), {QKeySequence(u"Ctrl+0"_s)}, &TerminalView::resetZoom);
}

void TerminalView::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Mouse && farEndWantsMouse(event->modifiers()))
        return; // it has been told of the button already
    auto* menu = new QMenu(this);
    menu->setObjectName("terminal.menu"_L1);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    for (auto* action : actions()) {
        const auto name = action->objectName();
        if (name == "terminal.copy"_L1)
            action->setEnabled(m_selection.range(m_terminal).has_value());
        else if (name == "terminal.paste"_L1)
            action->setEnabled(m_input == Input::Enabled);
        else if (name == "terminal.selectAll"_L1 || name == "terminal.zoomIn"_L1)
            menu->addSeparator();
        menu->addAction(action);
    }
    connect(menu, &QMenu::aboutToHide, this, [this] { // a disabled action would leave its keys to the far end
        for (auto* action : actions())
            action->setEnabled(true);
    });
    menu->popup(event->globalPos());
}

QString TerminalView::selectedText() const
{
    const auto range = m_selection.range(m_terminal);
    return range ? QString::fromStdString(terminal::textIn(m_terminal, *range)) : QString();
}

void TerminalView::copySelection()
{
    if (const auto text = selectedText(); !text.isEmpty())
        QApplication::clipboard()->setText(text);
}

void TerminalView::pasteClipboard()
{
    paste(QApplication::clipboard()->text());
}

void TerminalView::selectAll()
{
    const auto lines = m_terminal.lines();
    m_selection.start(m_terminal, {.line = lines.first, .column = 0}, terminal::SelectionUnit::Character);
    m_selection.extendTo(m_terminal, {.line = lines.end - 1, .column = m_terminal.size().columns - 1});
    publishSelection();
    scheduleRepaint();
}

void TerminalView::clearScrollback()
{
    m_terminal.write(bytesOf("\x1b[3J")); // what the far end would send; it breaks off a sequence that is just coming
    m_selection.clear();
    m_scrolledTo.reset();
    m_hasNewOutput = false;
    afterLayoutChange();
    scheduleRepaint();
}

} // namespace fb::ui
