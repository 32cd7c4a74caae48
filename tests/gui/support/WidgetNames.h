// SPDX-License-Identifier: Apache-2.0
// Walks a window as a keyboard and a screen reader do.
#pragma once

#include <QAbstractButton>
#include <QAbstractScrollArea>
#include <QAbstractSpinBox>
#include <QLineEdit>
#include <QStringList>
#include <QTabBar>
#include <QWidget>

namespace fb::test {

/// Widgets of ours that can have the keyboard's focus. Qt's own parts inside them do not count.
inline bool takesFocus(const QWidget& widget)
{
    const bool isQtsOwn = widget.objectName().startsWith(QLatin1String("qt_")) || widget.inherits("QMenuBar") ||
                          widget.inherits("QMenu") || widget.inherits("QHeaderView") ||
                          widget.inherits("QSplitterHandle") || widget.inherits("QComboBoxListView");
    return !isQtsOwn && (widget.focusPolicy() & Qt::TabFocus) != 0;
}

/// What has no object name, or nothing to say, parts that are hidden by themselves left out: buttons say their text,
/// everything else needs an accessible name.
inline QStringList namelessWidgets(const QWidget& window)
{
    QStringList nameless;
    for (const QWidget* widget : window.findChildren<QWidget*>()) {
        if (!takesFocus(*widget) || widget->isHidden())
            continue;
        const auto* button = qobject_cast<const QAbstractButton*>(widget);
        const bool speaks = !widget->accessibleName().isEmpty() || (button && !button->text().isEmpty());
        if (widget->objectName().isEmpty() || !speaks)
            nameless << QString::fromLatin1(widget->metaObject()->className()) + QLatin1Char(' ') +
                            widget->objectName();
    }
    return nameless;
}

/// Object names in the order in which Tab reaches them, once round.
inline QStringList tabOrderFrom(QWidget& first)
{
    QStringList names;
    QWidget* widget = &first;
    do {
        if (takesFocus(*widget) && widget->isVisible() && widget->isEnabled())
            names << widget->objectName();
        widget = widget->nextInFocusChain();
    } while (widget != &first);
    return names;
}

} // namespace fb::test
