// SPDX-License-Identifier: Apache-2.0
// A TerminalView of a known font and size, shown, with what it sends.
#pragma once

#include "ui/terminal/TerminalView.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

namespace fb::test {

class ShownTerminal {
public:
    explicit ShownTerminal(int columns = 40, int rows = 10) : sent(&view, &ui::TerminalView::bytesToSend)
    {
        view.setTerminalFont(QFont(QStringLiteral("DejaVu Sans Mono"), 10));
        view.show();
        (void)QTest::qWaitForWindowExposed(&view);
        resizeTo(columns, rows); // the scroll bar has its place now
        view.setFocus();
    }

    void resizeTo(int columns, int rows)
    {
        const auto cell = view.cellRect(0, 0);
        const auto last = view.cellRect(columns, rows);
        const int scrollBar = view.width() - view.viewport()->width();
        view.resize(last.left() + cell.left() + 1 + scrollBar, last.top() + cell.top() + 1);
    }

    /// Feeds, and waits until it is on the screen.
    void feed(const QByteArray& bytes)
    {
        view.feed(bytes);
        QTRY_COMPARE(view.pendingBytes(), qsizetype{0});
    }

    /// All bytes sent since the last call.
    [[nodiscard]] QByteArray takeSent()
    {
        QByteArray bytes;
        while (!sent.isEmpty())
            bytes += sent.takeFirst().at(0).toByteArray();
        return bytes;
    }

    [[nodiscard]] QImage picture() { return view.viewport()->grab().toImage(); }
    /// How many pixels of a cell differ from its first one.
    [[nodiscard]] int inkOf(int column, int row)
    {
        const auto image = picture();
        const auto cell = view.cellRect(column, row);
        const auto ground = image.pixel(cell.topLeft());
        int ink = 0;
        for (int y = cell.top(); y <= cell.bottom(); ++y) {
            for (int x = cell.left(); x <= cell.right(); ++x)
                ink += image.pixel(x, y) != ground ? 1 : 0;
        }
        return ink;
    }
    [[nodiscard]] QRgb groundOf(int column, int row) { return picture().pixel(view.cellRect(column, row).topLeft()); }
    [[nodiscard]] QPoint middleOf(int column, int row) const { return view.cellRect(column, row).center(); }

    void drag(QPoint from, QPoint to)
    {
        QTest::mousePress(view.viewport(), Qt::LeftButton, {}, from);
        QTest::mouseMove(view.viewport(), to);
        QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, to);
    }

    ui::TerminalView view;
    QSignalSpy sent;
};

} // namespace fb::test
