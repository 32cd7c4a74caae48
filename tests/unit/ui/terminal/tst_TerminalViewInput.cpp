// SPDX-License-Identifier: Apache-2.0
// What a TerminalView sends, and what it marks and copies.
#include "TerminalFixture.h"

#include <QClipboard>
#include <QInputMethodEvent>
#include <QMenu>
#include <QScrollBar>

using namespace fb;
using namespace fb::test;
using fb::ui::TerminalView;

class tst_TerminalViewInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsKeys_data();
    void sendsKeys();
    void sendsTypedText();
    void sendsApplicationCursorKeys();
    void leavesItsOwnShortcutsOut();
    void sendsComposedText();
    void answersQueries();
    void sendsNothingWhenStopped();
    void marksByDraggingAndCopies();
    void marksWordsAndLines();
    void extendsWithShift();
    void marksNothingByAClick();
    void marksAll();
    void scrollsWhileMarkingBeyondTheEdge();
    void pastesOneLineAtOnce();
    void asksBeforePastingManyLines();
    void bracketsAPaste();
    void pastesThePrimarySelection();
    void reportsTheMouse();
    void doesNotReportTheMouseWithShift();
    void reportsTheWheelOrScrolls();
    void movesAPagersTextByTheWheel();
    void reportsFocus();
    void offersAMenu();
};

void tst_TerminalViewInput::sendsKeys_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<int>("modifiers");
    QTest::addColumn<QByteArray>("bytes");
    const auto row = [](const char* name, Qt::Key key, Qt::KeyboardModifiers modifiers, const QByteArray& bytes) {
        QTest::newRow(name) << static_cast<int>(key) << static_cast<int>(modifiers) << bytes;
    };
    row("letter", Qt::Key_A, Qt::NoModifier, "a");
    row("space", Qt::Key_Space, Qt::NoModifier, " ");
    row("return", Qt::Key_Return, Qt::NoModifier, "\r");
    row("tab", Qt::Key_Tab, Qt::NoModifier, "\t");
    row("back tab", Qt::Key_Backtab, Qt::ShiftModifier, "\x1b[Z");
    row("backspace", Qt::Key_Backspace, Qt::NoModifier, "\x7f");
    row("escape", Qt::Key_Escape, Qt::NoModifier, "\x1b");
    row("control c", Qt::Key_C, Qt::ControlModifier, "\x03");
    row("control d", Qt::Key_D, Qt::ControlModifier, "\x04");
    row("control space", Qt::Key_Space, Qt::ControlModifier, QByteArray(1, '\0'));
    row("control bracket", Qt::Key_BracketLeft, Qt::ControlModifier, "\x1b");
    row("alt b", Qt::Key_B, Qt::AltModifier,
        "\x1b"
        "b");
    row("up", Qt::Key_Up, Qt::NoModifier, "\x1b[A");
    row("control right", Qt::Key_Right, Qt::ControlModifier, "\x1b[1;5C");
    row("home", Qt::Key_Home, Qt::NoModifier, "\x1b[H");
    row("delete", Qt::Key_Delete, Qt::NoModifier, "\x1b[3~");
    row("page up", Qt::Key_PageUp, Qt::NoModifier, "\x1b[5~");
    row("f1", Qt::Key_F1, Qt::NoModifier, "\x1bOP");
    row("f12", Qt::Key_F12, Qt::NoModifier, "\x1b[24~");
    row("keypad digit", Qt::Key_5, Qt::KeypadModifier, "5");
    row("keypad enter", Qt::Key_Enter, Qt::KeypadModifier, "\r");
    row("shift alone", Qt::Key_Shift, Qt::ShiftModifier, "");
}

void tst_TerminalViewInput::sendsKeys()
{
    QFETCH(int, key);
    QFETCH(int, modifiers);
    QFETCH(QByteArray, bytes);
    ShownTerminal terminal;
    QTest::keyClick(&terminal.view, static_cast<Qt::Key>(key), Qt::KeyboardModifiers(modifiers));
    QCOMPARE(terminal.takeSent(), bytes);
}

void tst_TerminalViewInput::sendsTypedText()
{
    ShownTerminal terminal;
    QTest::keyClicks(&terminal.view, QStringLiteral("/Interface print"));
    QCOMPARE(terminal.takeSent(), QByteArray("/Interface print"));
}

void tst_TerminalViewInput::sendsApplicationCursorKeys()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?1h");
    QTest::keyClick(&terminal.view, Qt::Key_Up);
    QCOMPARE(terminal.takeSent(), QByteArray("\x1bOA"));
}

void tst_TerminalViewInput::leavesItsOwnShortcutsOut()
{
    ShownTerminal terminal;
    QApplication::clipboard()->setText(QStringLiteral("p"));
    QTest::keyClick(&terminal.view, Qt::Key_V, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(terminal.takeSent(), QByteArray("p"));
    QTest::keyClick(&terminal.view, Qt::Key_V, Qt::ControlModifier);
    QCOMPARE(terminal.takeSent(), QByteArray("\x16"));
}

void tst_TerminalViewInput::sendsComposedText()
{
    ShownTerminal terminal;
    QInputMethodEvent composing(QStringLiteral("ni"), {});
    QApplication::sendEvent(&terminal.view, &composing);
    QCOMPARE(terminal.takeSent(), QByteArray());
    QInputMethodEvent done;
    done.setCommitString(QString::fromUtf8("\xe4\xbd\xa0"));
    QApplication::sendEvent(&terminal.view, &done);
    QCOMPARE(terminal.takeSent(), QByteArray("\xe4\xbd\xa0"));
    terminal.feed("ab");
    const auto place = terminal.view.inputMethodQuery(Qt::ImCursorRectangle).toRect();
    QCOMPARE(place.topLeft(), terminal.view.cellRect(2, 0).topLeft() + terminal.view.viewport()->pos());
}

void tst_TerminalViewInput::answersQueries()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[3;4H\x1b[6n");
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[3;4R"));
}

void tst_TerminalViewInput::sendsNothingWhenStopped()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?1000;1004h");
    terminal.view.setInput(TerminalView::Input::Stopped);
    QTest::keyClick(&terminal.view, Qt::Key_A);
    terminal.view.pasteText(QStringLiteral("x"));
    QApplication::clipboard()->setText(QStringLiteral("a\nb"));
    QSignalSpy asked(&terminal.view, &TerminalView::pasteNeedsConfirmation);
    terminal.view.pasteClipboard();
    QTest::mouseClick(terminal.view.viewport(), Qt::LeftButton, {}, terminal.middleOf(2, 2));
    terminal.view.clearFocus();
    terminal.feed("\x1b[6n");
    QCOMPARE(terminal.takeSent(), QByteArray());
    QVERIFY(asked.isEmpty());
    terminal.view.setInput(TerminalView::Input::Enabled);
    QTest::keyClick(&terminal.view, Qt::Key_B);
    QCOMPARE(terminal.takeSent(), QByteArray("b"));
}

void tst_TerminalViewInput::marksByDraggingAndCopies()
{
    ShownTerminal terminal;
    terminal.feed("hello big world\r\nsecond line");
    const auto before = terminal.picture();
    terminal.drag(terminal.middleOf(6, 0), terminal.middleOf(5, 1));
    QCOMPARE(terminal.view.selectedText(), QStringLiteral("big world\nsecond"));
    QTRY_VERIFY(terminal.picture() != before);
    QTest::keyClick(&terminal.view, Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("big world\nsecond"));
    QCOMPARE(terminal.takeSent(), QByteArray());
    terminal.feed("\x1b[20;1H\r\n\r\n\r\n"); // it stays on its text while that scrolls
    QCOMPARE(terminal.view.selectedText(), QStringLiteral("big world\nsecond"));
}

void tst_TerminalViewInput::marksWordsAndLines()
{
    ShownTerminal terminal;
    terminal.feed("hello big world\r\nnext");
    const auto at = terminal.middleOf(7, 0);
    QTest::mouseClick(terminal.view.viewport(), Qt::LeftButton, {}, at);
    QTest::mouseDClick(terminal.view.viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(terminal.view.selectedText(), QStringLiteral("big"));
    QTest::mousePress(terminal.view.viewport(), Qt::LeftButton, {}, at);
    QTest::mouseRelease(terminal.view.viewport(), Qt::LeftButton, {}, at);
    QCOMPARE(terminal.view.selectedText().trimmed(), QStringLiteral("hello big world"));
}

void tst_TerminalViewInput::extendsWithShift()
{
    ShownTerminal terminal;
    terminal.feed("hello big world");
    terminal.drag(terminal.middleOf(0, 0), terminal.middleOf(4, 0));
    QCOMPARE(terminal.view.selectedText(), QStringLiteral("hello"));
    QTest::mouseClick(terminal.view.viewport(), Qt::LeftButton, Qt::ShiftModifier, terminal.middleOf(8, 0));
    QCOMPARE(terminal.view.selectedText(), QStringLiteral("hello big"));
}

void tst_TerminalViewInput::marksNothingByAClick()
{
    ShownTerminal terminal;
    terminal.feed("hello");
    QTest::mouseClick(terminal.view.viewport(), Qt::LeftButton, {}, terminal.middleOf(1, 0));
    QCOMPARE(terminal.view.selectedText(), QString());
}

void tst_TerminalViewInput::marksAll()
{
    ShownTerminal terminal;
    for (int line = 0; line < 20; ++line)
        terminal.feed(QByteArray::number(line) + "\r\n");
    terminal.view.selectAll();
    QVERIFY(terminal.view.selectedText().startsWith(QLatin1String("0\n1\n2\n")));
    QVERIFY(terminal.view.selectedText().contains(QLatin1String("\n19")));
}

void tst_TerminalViewInput::scrollsWhileMarkingBeyondTheEdge()
{
    ShownTerminal terminal;
    for (int line = 0; line < 40; ++line)
        terminal.feed(QByteArray::number(line) + "\r\n");
    QTest::mousePress(terminal.view.viewport(), Qt::LeftButton, {}, terminal.middleOf(0, 5));
    QTest::mouseMove(terminal.view.viewport(), QPoint(5, -10));
    QTRY_COMPARE(terminal.view.verticalScrollBar()->value(), 0);
    QTest::mouseRelease(terminal.view.viewport(), Qt::LeftButton, {}, QPoint(5, -10));
    QVERIFY(terminal.view.selectedText().startsWith(QLatin1String("0\n1\n")));
}

void tst_TerminalViewInput::pastesOneLineAtOnce()
{
    ShownTerminal terminal;
    QApplication::clipboard()->setText(QStringLiteral("one line\x1b[201~"));
    terminal.view.pasteClipboard();
    QCOMPARE(terminal.takeSent(), QByteArray("one line[201~"));
}

void tst_TerminalViewInput::asksBeforePastingManyLines()
{
    ShownTerminal terminal;
    QSignalSpy asked(&terminal.view, &TerminalView::pasteNeedsConfirmation);
    QApplication::clipboard()->setText(QStringLiteral("one\ntwo\nthree"));
    terminal.view.pasteClipboard();
    QCOMPARE(terminal.takeSent(), QByteArray());
    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.first().at(1).toInt(), 3);
    terminal.view.pasteText(asked.first().at(0).toString());
    QCOMPARE(terminal.takeSent(), QByteArray("one\rtwo\rthree"));
}

void tst_TerminalViewInput::bracketsAPaste()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?2004h");
    terminal.view.pasteText(QStringLiteral("a\nb"));
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[200~a\rb\x1b[201~"));
}

void tst_TerminalViewInput::pastesThePrimarySelection()
{
    ShownTerminal terminal;
    auto* clipboard = QApplication::clipboard();
    clipboard->setText(QStringLiteral("marked"),
                       clipboard->supportsSelection() ? QClipboard::Selection : QClipboard::Clipboard);
    QTest::mouseClick(terminal.view.viewport(), Qt::MiddleButton, {}, terminal.middleOf(3, 3));
    QCOMPARE(terminal.takeSent(), QByteArray("marked"));
}

void tst_TerminalViewInput::reportsTheMouse()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?1002h\x1b[?1006h");
    auto* viewport = terminal.view.viewport();
    QTest::mousePress(viewport, Qt::LeftButton, {}, terminal.middleOf(4, 2));
    QTest::mouseMove(viewport, terminal.middleOf(5, 2));
    QTest::mouseMove(viewport, terminal.middleOf(5, 2) + QPoint(1, 1)); // the same cell
    QTest::mouseRelease(viewport, Qt::LeftButton, {}, terminal.middleOf(5, 2));
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[<0;5;3M\x1b[<32;6;3M\x1b[<0;6;3m"));
    QCOMPARE(terminal.view.selectedText(), QString());
}

void tst_TerminalViewInput::doesNotReportTheMouseWithShift()
{
    ShownTerminal terminal;
    terminal.feed("hello\x1b[?1002h\x1b[?1006h");
    auto* viewport = terminal.view.viewport();
    QTest::mousePress(viewport, Qt::LeftButton, Qt::ShiftModifier, terminal.middleOf(0, 0));
    QTest::mouseMove(viewport, terminal.middleOf(4, 0));
    QTest::mouseRelease(viewport, Qt::LeftButton, Qt::ShiftModifier, terminal.middleOf(4, 0));
    QCOMPARE(terminal.takeSent(), QByteArray());
    QCOMPARE(terminal.view.selectedText(), QStringLiteral("hello"));
}

namespace {

void wheel(ShownTerminal& terminal, int steps, Qt::KeyboardModifiers modifiers = {})
{
    const auto at = QPointF(terminal.middleOf(2, 1));
    QWheelEvent event(at, terminal.view.viewport()->mapToGlobal(at), {}, {0, steps * 120}, Qt::NoButton, modifiers,
                      Qt::NoScrollPhase, false);
    QApplication::sendEvent(terminal.view.viewport(), &event);
}

} // namespace

void tst_TerminalViewInput::reportsTheWheelOrScrolls()
{
    ShownTerminal terminal;
    for (int line = 0; line < 40; ++line)
        terminal.feed("\r\n");
    auto* bar = terminal.view.verticalScrollBar();
    wheel(terminal, 2);
    QCOMPARE(bar->value(), bar->maximum() - 6);
    QCOMPARE(terminal.takeSent(), QByteArray());
    terminal.feed("\x1b[?1000h\x1b[?1006h");
    wheel(terminal, -1);
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[<65;3;2M"));
    const auto columns = terminal.view.terminalSize().columns;
    wheel(terminal, 3, Qt::ControlModifier);
    QVERIFY(terminal.view.terminalSize().columns < columns);
}

void tst_TerminalViewInput::movesAPagersTextByTheWheel()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?1049h");
    wheel(terminal, -1);
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[B\x1b[B\x1b[B"));
}

void tst_TerminalViewInput::reportsFocus()
{
    ShownTerminal terminal;
    QTRY_VERIFY(terminal.view.hasFocus());
    terminal.feed("\x1b[?1004h");
    terminal.view.clearFocus();
    QTRY_VERIFY(!terminal.sent.isEmpty());
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[O"));
    terminal.view.setFocus();
    QTRY_VERIFY(!terminal.sent.isEmpty());
    QCOMPARE(terminal.takeSent(), QByteArray("\x1b[I"));
}

void tst_TerminalViewInput::offersAMenu()
{
    ShownTerminal terminal;
    QContextMenuEvent event(QContextMenuEvent::Mouse, terminal.middleOf(1, 1),
                            terminal.view.mapToGlobal(terminal.middleOf(1, 1)));
    QApplication::sendEvent(terminal.view.viewport(), &event);
    auto* menu = terminal.view.findChild<QMenu*>(QStringLiteral("terminal.menu"));
    QVERIFY(menu != nullptr);
    QStringList names;
    for (const auto* action : menu->actions()) {
        if (!action->isSeparator())
            names += action->objectName();
    }
    QVERIFY(names.contains(QStringLiteral("terminal.copy")) && names.contains(QStringLiteral("terminal.paste")) &&
            names.contains(QStringLiteral("terminal.selectAll")) &&
            names.contains(QStringLiteral("terminal.clearScrollback")));
    QVERIFY(!menu->actions().first()->isEnabled()); // nothing to copy
    menu->close();
    QTRY_VERIFY(terminal.view.actions().first()->isEnabled());
}

QTEST_MAIN(tst_TerminalViewInput)
#include "tst_TerminalViewInput.moc"
