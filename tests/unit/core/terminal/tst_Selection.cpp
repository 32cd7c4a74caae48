// SPDX-License-Identifier: Apache-2.0
// Marking text with the mouse: units, scrolling, wrapped lines, what is copied.
#include "ScreenText.h"
#include "core/terminal/Selection.h"

#include <QtTest>

using namespace fb::terminal;

class tst_Selection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void copies_data();
    void copies();
    void staysOnItsTextWhileThatScrolls();
    void losesWhatLeavesTheScrollback();
    void endsWithItsLayout();
    void doesNotCrossIntoTheAlternateScreen();
    void nothingIsSelectedBeforeStart();
};

namespace {

QString copied(const Terminal& terminal, const Selection& selection)
{
    const auto range = selection.range(terminal);
    return range ? QString::fromStdString(textIn(terminal, *range)) : QString();
}

} // namespace

void tst_Selection::copies_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<int>("unit");
    QTest::addColumn<QList<int>>("ends"); // line and column of the start, then of the end
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const char* input, SelectionUnit unit, const QList<int>& ends,
                        const char* text) {
        QTest::newRow(name) << QByteArray(input) << static_cast<int>(unit) << ends << QString::fromUtf8(text);
    };
    constexpr auto kCharacter = SelectionUnit::Character;
    constexpr auto kWord = SelectionUnit::Word;
    constexpr auto kLine = SelectionUnit::Line;
    // 10 columns, 4 rows, nothing scrolled.
    row("characters", "hello", kCharacter, {0, 1, 0, 3}, "ell");
    row("backwards", "hello", kCharacter, {0, 3, 0, 1}, "ell");
    row("one", "hello", kCharacter, {0, 1, 0, 1}, "e");
    row("trailing blanks are left out", "ab  \r\ncd", kCharacter, {0, 0, 1, 9}, "ab\ncd");
    row("blanks in the middle stay", "a  b", kCharacter, {0, 0, 0, 9}, "a  b");
    row("skipped cells are blanks", "a\x1b[1;5Hb", kCharacter, {0, 0, 0, 9}, "a   b");
    row("empty lines stay", "a\r\n\r\nb", kCharacter, {0, 0, 2, 5}, "a\n\nb");
    row("wrapped rows are joined", "0123456789abc\r\nx", kCharacter, {0, 8, 2, 0}, "89abc\nx");
    row("blanks at a wrap stay", "12345678  abc", kCharacter, {0, 6, 1, 1}, "78  ab");
    row("right half of a wide character", "\xe4\xb8\x96x", kCharacter, {0, 1, 0, 1}, "\xe4\xb8\x96");
    row("left half of a wide character", "\xe4\xb8\x96x", kCharacter, {0, 0, 0, 0}, "\xe4\xb8\x96");
    row("filler is no blank", "012345678\xe4\xb8\x96", kCharacter, {0, 7, 1, 1}, "78\xe4\xb8\x96");
    row("combining", "e\xcc\x81x", kCharacter, {0, 0, 0, 0}, "e\xcc\x81");
    row("word", "ab /ip/addr", kWord, {0, 5, 0, 5}, "/ip/addr");
    row("word across a wrap", "abc defghijkl mn", kWord, {1, 1, 1, 1}, "defghijkl");
    row("word does not cross a line end", "0123456789\r\nabc", kWord, {1, 0, 1, 0}, "abc");
    row("words", "ab cd ef", kWord, {0, 3, 0, 6}, "cd ef");
    row("words backwards", "ab cd ef", kWord, {0, 4, 0, 1}, "ab cd");
    row("no word", "ab  cd", kWord, {0, 2, 0, 2}, "");
    row("wide word", "a \xe4\xb8\x96\xe7\x95\x8c b", kWord, {0, 5, 0, 5}, "\xe4\xb8\x96\xe7\x95\x8c");
    row("word across a filler", "012345678\xe4\xb8\x96", kWord, {1, 1, 1, 1}, "012345678\xe4\xb8\x96");
    row("line", "ab cd\r\nef", kLine, {0, 3, 0, 3}, "ab cd");
    row("wrapped line", "0123456789abc\r\nx", kLine, {1, 0, 1, 0}, "0123456789abc");
    row("lines", "ab\r\ncd\r\nef", kLine, {1, 0, 0, 1}, "ab\ncd");
    row("beyond the screen", "ab", kCharacter, {-5, -5, 99, 99}, "ab\n\n\n");
}

void tst_Selection::copies()
{
    QFETCH(QByteArray, input);
    QFETCH(int, unit);
    QFETCH(QList<int>, ends);
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, input.toStdString());
    Selection selection;
    selection.start(terminal, {ends[0], ends[1]}, static_cast<SelectionUnit>(unit));
    selection.extendTo(terminal, {ends[2], ends[3]});
    QTEST(copied(terminal, selection), "text");
}

void tst_Selection::staysOnItsTextWhileThatScrolls()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "one\r\ntwo");
    Selection selection;
    selection.start(terminal, {1, 0}, SelectionUnit::Word);
    write(terminal, "\r\n3\r\n4\r\n5\r\n6");
    QCOMPARE(copied(terminal, selection), QString("two"));
    selection.extendTo(terminal, {2, 0});
    QCOMPARE(copied(terminal, selection), QString("two\n3"));
    QVERIFY(selection.range(terminal)->contains({1, 9}));
    QVERIFY(!selection.range(terminal)->contains({2, 1}));
}

void tst_Selection::losesWhatLeavesTheScrollback()
{
    Terminal terminal = makeTerminal(10, 1, 2);
    write(terminal, "one\r\ntwo");
    Selection selection;
    selection.start(terminal, {0, 1}, SelectionUnit::Character);
    selection.extendTo(terminal, {1, 1});
    write(terminal, "\r\n3\r\n4");
    QCOMPARE(copied(terminal, selection), QString("tw"));
    write(terminal, "\r\n5");
    QVERIFY(!selection.range(terminal));
}

void tst_Selection::endsWithItsLayout()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "one");
    Selection selection;
    selection.start(terminal, {0, 0}, SelectionUnit::Word);
    terminal.resize({10, 3});
    QCOMPARE(copied(terminal, selection), QString("one"));
    write(terminal, "\x1b[?1049h");
    QVERIFY(!selection.range(terminal));
    selection.start(terminal, {0, 0}, SelectionUnit::Word);
    terminal.resize({11, 3});
    QVERIFY(!selection.range(terminal));
}

void tst_Selection::doesNotCrossIntoTheAlternateScreen()
{
    Terminal terminal = makeTerminal(4, 2);
    write(terminal, "abcdefghijkl");
    QVERIFY(terminal.isWrapped(0));
    write(terminal, "\x1b[?1049h\x1b[Hvi");
    Selection selection;
    selection.start(terminal, {1, 0}, SelectionUnit::Word);
    QCOMPARE(copied(terminal, selection), QString("vi"));
}

void tst_Selection::nothingIsSelectedBeforeStart()
{
    Terminal terminal = makeTerminal(10, 2);
    Selection selection;
    selection.extendTo(terminal, {0, 3});
    QVERIFY(!selection.range(terminal));
    selection.start(terminal, {0, 0}, SelectionUnit::Line);
    selection.clear();
    QVERIFY(!selection.range(terminal));
}

QTEST_GUILESS_MAIN(tst_Selection)
#include "tst_Selection.moc"
