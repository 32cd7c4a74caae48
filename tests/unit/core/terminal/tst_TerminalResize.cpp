// SPDX-License-Identifier: Apache-2.0
// What another size does: lines rewrap with their scrollback, the cursor stays on its character.
#include "ScreenText.h"

#include <QtTest>

using namespace fb::terminal;

class tst_TerminalResize : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void rewraps_data();
    void rewraps();
    void widthThereAndBackIsTheSameText();
    void scrollbackRewrapsWithTheScreen();
    void heightKeepsLineNumbers();
    void rowsComeBackFromTheScrollback();
    void blankRowsBelowThePromptStayBelow();
    void rowsBelowTheCursorThatDoNotFitAreCounted();
    void alternateScreenIsCutAndThePrimaryRewrapped();
    void sizesAreClamped();
    void oneByOneAndBack();
};

void tst_TerminalResize::rewraps_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("columns");
    QTest::addColumn<QString>("screen");
    QTest::addColumn<QString>("cursor");
    const auto row = [](const char* name, const char* input, int columns, const char* screen, const char* cursor) {
        QTest::newRow(name) << QByteArray(input) << columns << QString::fromUtf8(screen) << QString::fromLatin1(cursor);
    };
    // From 10 columns and 4 rows.
    row("narrower", "abcdefgh\r\nx", 4, "abcd|efgh|x|", "2,1");
    row("wider joins", "0123456789abc", 20, "0123456789abc|||", "0,13");
    row("lines that ended stay apart", "0123456789\r\nabc", 20, "0123456789|abc||", "1,3");
    row("cursor in the middle", "abcdefgh\x1b[1;7H", 4, "abcd|efgh||", "1,2");
    row("cursor beyond the text", "ab\x1b[1;7H", 4, "ab|||", "1,2");
    row("pending wrap becomes a place", "0123456789", 20, "0123456789|||", "0,10");
    row("pending wrap stays pending", "0123456789", 5, "01234|56789||", "1,4");
    row("wide at the new edge",
        "abc\xe4\xb8\x96"
        "d",
        4, "abc|世d||", "1,3");
    row("filler goes when it is not needed", "012345678\xe4\xb8\x96x", 20, "012345678世x|||", "0,12");
    row("wide in one column", "\xe4\xb8\x96x", 1, "\xef\xbf\xbd|x||", "2,0");
    row("erased line ends are no wraps", "0123456789ab\x1b[1;5H\x1b[K", 20, "0123|ab||", "0,4");
}

void tst_TerminalResize::rewraps()
{
    QFETCH(QByteArray, input);
    QFETCH(int, columns);
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, input.toStdString());
    terminal.resize({columns, 4});
    QTEST(screenText(terminal), "screen");
    QTEST(cursorText(terminal), "cursor");
}

void tst_TerminalResize::widthThereAndBackIsTheSameText()
{
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, "first line that wraps\r\n\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96 wide\r\n$ ");
    const QString screen = screenText(terminal);
    const QString history = scrollbackText(terminal);
    for (int columns = 2; columns < 40; ++columns) {
        terminal.resize({columns, 4});
        terminal.resize({10, 4});
        QCOMPARE(screenText(terminal), screen);
        QCOMPARE(scrollbackText(terminal), history);
        QCOMPARE(cursorText(terminal), QString("3,2"));
    }
}

void tst_TerminalResize::scrollbackRewrapsWithTheScreen()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "0123456789abcdefghij0123\r\nend");
    QCOMPARE(scrollbackText(terminal), QString("0123456789|abcdefghij"));
    const auto epoch = terminal.layoutEpoch();
    terminal.resize({12, 2});
    QCOMPARE(scrollbackText(terminal), QString("0123456789ab"));
    QCOMPARE(screenText(terminal), QString("cdefghij0123|end"));
    QVERIFY(terminal.isWrapped(terminal.lines().first));
    QVERIFY(terminal.layoutEpoch() != epoch);
    terminal.resize({40, 2});
    QCOMPARE(scrollbackText(terminal), QString());
    QCOMPARE(screenText(terminal), QString("0123456789abcdefghij0123|end"));
}

void tst_TerminalResize::heightKeepsLineNumbers()
{
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, "1\r\n2\r\n3\r\n4\r\n5");
    const auto epoch = terminal.layoutEpoch();
    terminal.resize({10, 2});
    QCOMPARE(screenText(terminal), QString("4|5"));
    QCOMPARE(scrollbackText(terminal), QString("1|2|3"));
    QCOMPARE(lineText(terminal, 2), QString("3"));
    QCOMPARE(terminal.layoutEpoch(), epoch);
    QCOMPARE(cursorText(terminal), QString("1,1"));
}

void tst_TerminalResize::rowsComeBackFromTheScrollback()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "1\r\n2\r\n3\r\n4");
    terminal.resize({10, 3});
    QCOMPARE(screenText(terminal), QString("2|3|4"));
    QCOMPARE(scrollbackText(terminal), QString("1"));
    QCOMPARE(lineText(terminal, 1), QString("2"));
    terminal.resize({10, 8});
    QCOMPARE(screenText(terminal), QString("1|2|3|4||||"));
    QCOMPARE(cursorText(terminal), QString("3,1"));
}

void tst_TerminalResize::blankRowsBelowThePromptStayBelow()
{
    Terminal terminal = makeTerminal(10, 3);
    write(terminal, "1\r\n2\r\n3\r\n4\x1b[2J\x1b[H$ ");
    const QString history = scrollbackText(terminal);
    terminal.resize({12, 5});
    QCOMPARE(screenText(terminal), QString("$||||"));
    QCOMPARE(scrollbackText(terminal), history);
}

void tst_TerminalResize::rowsBelowTheCursorThatDoNotFitAreCounted()
{
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, "1\r\n2\r\n3\r\n4\x1b[H");
    terminal.resize({10, 2});
    QCOMPARE(screenText(terminal), QString("1|2"));
    QCOMPARE(terminal.counters().rowsCut, std::uint64_t{2});
}

void tst_TerminalResize::alternateScreenIsCutAndThePrimaryRewrapped()
{
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, "0123456789ab\x1b[?1049h\x1b[Htop line\x1b[4;1H\xe4\xb8\x96\xe4\xb8\x96\xe4\xb8\x96");
    terminal.resize({5, 3});
    QCOMPARE(screenText(terminal), QString("||世世"));
    QCOMPARE(cursorText(terminal), QString("2,4"));
    terminal.resize({20, 3});
    write(terminal, "\x1b[?1049l!");
    QCOMPARE(screenText(terminal), QString("0123456789ab!||"));
}

void tst_TerminalResize::sizesAreClamped()
{
    Terminal terminal = makeTerminal(-3, 100'000);
    QVERIFY((terminal.size() == Size{1, kRowsMax}));
    terminal.resize({100'000, 0});
    QVERIFY((terminal.size() == Size{kColumnsMax, 1}));
}

void tst_TerminalResize::oneByOneAndBack()
{
    Terminal terminal = makeTerminal(20, 5);
    write(terminal, "some text\r\nand more of it, wrapped around\r\n$ ");
    terminal.resize({1, 1});
    QCOMPARE(cursorText(terminal), QString("0,0"));
    write(terminal, "x\xe4\xb8\x96\tz\x1b[9;9Hq\x1b[3b");
    QVERIFY(terminal.lines().screenTop > 40);
    terminal.resize({20, 5});
    QVERIFY((terminal.size() == Size{20, 5}));
    QVERIFY((scrollbackText(terminal) + screenText(terminal)).startsWith("some text"));
}

QTEST_GUILESS_MAIN(tst_TerminalResize)
#include "tst_TerminalResize.moc"
