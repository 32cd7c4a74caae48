// SPDX-License-Identifier: Apache-2.0
// What bytes do to the screen: a table of inputs and the screens they leave, 10 columns by 4 rows.
#include "ScreenText.h"

#include <QtTest>

using namespace fb::terminal;

class tst_TerminalScreen : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsWhatAnXtermShows_data();
    void showsWhatAnXtermShows();
    void cutsDoNotMatter_data() { showsWhatAnXtermShows_data(); }
    void cutsDoNotMatter();
    void scrollsIntoTheScrollback();
    void forgetsTheOldestLineAtTheLimit();
    void deletedLinesAndOtherScreensDoNotReachTheScrollback();
    void alternateScreenComesAndGoes();
    void modesAreSeenOutside();
    void damageNamesTheRowsThatChanged();
    void damageOfAScrollIsAMove();
    void titleIsPlainText();
    void clipboardAndUnknownCommandsAreOnlyCounted();
    void resetForgetsEverything();
};

void tst_TerminalScreen::showsWhatAnXtermShows_data()
{
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<QString>("screen");
    QTest::addColumn<QString>("cursor");
    const auto row = [](const char* name, const char* input, const QString& screen, const char* cursor) {
        QTest::newRow(name) << QByteArray(input) << screen << QString::fromLatin1(cursor);
    };
    // Text and wrapping.
    row("text", "hello\r\nworld", "hello|world||", "1,5");
    row("wrap waits at the last column", "0123456789", "0123456789|||", "0,9");
    row("wrap", "0123456789ab", "0123456789|ab||", "1,2");
    row("carriage return ends a pending wrap", "0123456789\rx", "x123456789|||", "0,1");
    row("no wrap without autowrap", "\x1b[?7l0123456789ab", "012345678b|||", "0,9");
    row("line feed keeps the column", "ab\ncd", "ab|  cd||", "1,4");
    row("line feed in new line mode", "\x1b[20hab\ncd", "ab|cd||", "1,2");
    row("backspace at the edge stays", "a\b\b\bb", "b|||", "0,1");
    row("backspace over a wrap if asked", "\x1b[?45h0123456789a\b\bX", "012345678X|a||", "0,9");
    row("unknown controls change nothing",
        "a\x01\x02\x7f\x05"
        "b",
        "ab|||", "0,2");
    // UTF-8.
    row("two bytes", "\xc3\xa9", "é|||", "0,1");
    row("broken UTF-8", "a\xe4\xb8X\xff\xc0Y", QString("a\uFFFDX\uFFFD\uFFFDY|||"), "0,6");
    row("surrogates and overlong forms", "\xed\xa0\x80\xc0\x80", QString("\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD|||"), "0,5");
    row("C1 controls in UTF-8 are no controls",
        "a\xc2\x9b"
        "5Cb",
        "a5Cb|||", "0,4");
    // Wide and combining characters.
    row("wide", "\xe4\xb8\x96\xe7\x95\x8c!", "世界!|||", "0,5");
    row("wide does not fit at the end", "012345678\xe4\xb8\x96", "012345678|世||", "1,2");
    row("wide without autowrap", "\x1b[?7l012345678\xe4\xb8\x96", "01234567世|||", "0,9");
    row("left half overwritten",
        "\xe4\xb8\x96"
        "b\rx",
        "x b|||", "0,1");
    row("right half overwritten",
        "\xe4\xb8\x96"
        "b\r\x1b[Cx",
        " xb|||", "0,2");
    row("half a wide character deleted",
        "\xe4\xb8\x96"
        "bc\r\x1b[P",
        " bc|||", "0,0");
    row("half a wide character erased",
        "\xe4\xb8\x96"
        "bc\r\x1b[C\x1b[X",
        "  bc|||", "0,1");
    row("insert pushes half a wide character out", "01234567\xe4\xb8\x96\r\x1b[@", " 01234567|||", "0,0");
    row("combining", "e\xcc\x81x", QString("e\u0301x|||"), "0,2");
    row("combining after the last column", "012345678e\xcc\x81", QString("012345678e\u0301|||"), "0,9");
    row("combining on a wide character", "\xe4\xb8\x96\xcc\x81x", QString("世\u0301x|||"), "0,3");
    row("mark without a base", "\xcc\x81x", "x|||", "0,1");
    row("joined emoji keep to their cells", "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9x", QString("👨\u200d👩x|||"),
        "0,5");
    row("variation selector takes no cell", "\xe2\x9c\x94\xef\xb8\x8fx", QString("✔\ufe0fx|||"), "0,2");
    // Cursor movement.
    row("cursor position", "\x1b[2;3Hx", "|  x||", "1,3");
    row("cursor position clamps", "\x1b[999;999Hx", "|||         x", "3,9");
    row("zero means one", "abc\x1b[0;0Hx", "xbc|||", "0,1");
    row("up down left right", "\x1b[2;2H\x1b[A\x1b[2C\x1b[3B\x1b[Dx", "|||  x", "3,3");
    row("next and previous line", "\x1b[2;5H\x1b[Ea\x1b[2Fb", "b||a|", "0,1");
    row("column and row absolute", "\x1b[5Ga\x1b[3db\x1b[2`c", "    a|| c   b|", "2,2");
    row("relative row and column", "\x1b[2e\x1b[3ax", "||   x|", "2,4");
    row("save and restore",
        "\x1b[2;3H\x1b"
        "7\x1b[Hx\x1b"
        "8y",
        "x|  y||", "1,3");
    row("restore without save goes home",
        "\x1b[2;3H\x1b"
        "8y",
        "y|||", "0,1");
    row("save and restore, SCO", "\x1b[2;3H\x1b[s\x1b[Hx\x1b[uy", "x|  y||", "1,3");
    row("index, next line, reverse index",
        "a\x1b"
        "Db\x1b"
        "Ec\x1bM\x1bMd",
        "ad| b|c|", "0,2");
    // Tabs.
    row("tab", "a\tb", "a       b|||", "0,9");
    row("tab stops at the last column", "\t\t\tx", "         x|||", "0,9");
    row("own tab stop", "\x1b[4G\x1bH\r\tx", "   x|||", "0,4");
    row("clear all tab stops", "\x1b[3g\tx", "         x|||", "0,9");
    row("clear one tab stop", "\x1b[9G\x1b[g\r\tx", "         x|||", "0,9");
    row("back tab", "\x1b[10G\x1b[Zx", "        x|||", "0,9");
    row("default tab stops again", "\x1b[3g\x1b[?5W\tx", "        x|||", "0,9");
    // Erasing and editing.
    row("erase to end of line", "abcdef\x1b[3G\x1b[K", "ab|||", "0,2");
    row("erase to beginning of line", "abcdef\x1b[3G\x1b[1K", "   def|||", "0,2");
    row("erase line", "abcdef\x1b[2K", "|||", "0,6");
    row("erase below", "a\r\nb\r\nc\x1b[2;1H\x1b[J", "a|||", "1,0");
    row("erase above", "a\r\nb\r\ncd\x1b[3;1H\x1b[1J", "|| d|", "2,0");
    row("erase display", "a\r\nb\x1b[2J", "|||", "1,1");
    row("insert characters", "abc\x1b[2G\x1b[2@", "a  bc|||", "0,1");
    row("delete characters", "abcdef\x1b[2G\x1b[2P", "adef|||", "0,1");
    row("erase characters", "abcdef\x1b[2G\x1b[2X", "a  def|||", "0,1");
    row("insert lines", "a\r\nb\r\nc\x1b[2;2H\x1b[L", "a||b|c", "1,0");
    row("delete lines", "a\r\nb\r\nc\x1b[1;2H\x1b[2M", "c|||", "0,0");
    row("insert mode", "abc\r\x1b[4hX\x1b[4lY", "XYbc|||", "0,2");
    row("repeat", "ab\x1b[3b", "abbbb|||", "0,5");
    row("repeat with nothing before", "\x1b[3bx", "x|||", "0,1");
    row("repeat is bounded by the screen", "a\x1b[65535b\x1b[2J\x1b[Hx", "x|||", "0,1");
    row("alignment pattern", "\x1b#8", "EEEEEEEEEE|EEEEEEEEEE|EEEEEEEEEE|EEEEEEEEEE", "0,0");
    // Scrolling.
    row("scroll at the bottom", "1\r\n2\r\n3\r\n4\r\n5", "2|3|4|5", "3,1");
    row("scroll up and down", "1\r\n2\r\n3\r\n4\x1b[2S\x1b[T", "|3|4|", "3,1");
    row("region", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[3;1H\n\nx", "1||x|4", "2,1");
    row("region, reverse", "1\r\n2\r\n3\r\n4\x1b[2;3r\x1b[2;1H\x1bMx", "1|x|2|4", "1,1");
    row("region homes the cursor", "\x1b[3;3Hx\x1b[2;3ry", "y||  x|", "0,1");
    row("bad region is ignored", "1\r\n2\x1b[3;2r\x1b[9;2rx", "1|2x||", "1,2");
    row("lines beyond the region stay", "1\r\n2\r\n3\r\n4\x1b[1;2r\x1b[1;1H\x1b[M", "2||3|4", "0,0");
    row("insert line outside the region", "1\r\n2\r\n3\x1b[1;2r\x1b[3;1H\x1b[L", "1|2|3|", "2,0");
    row("origin mode", "\x1b[2;3r\x1b[?6h\x1b[2;2Hx\x1b[9;1Hy", "||yx|", "2,1");
    row("origin mode off", "\x1b[2;3r\x1b[?6h\x1b[?6lx", "x|||", "0,1");
    row("up stops at the top margin", "\x1b[2;3r\x1b[3;1H\x1b[9Ax", "|x||", "1,1");
    row("down stops at the bottom margin", "\x1b[2;3r\x1b[2;1H\x1b[9Bx", "||x|", "2,1");
    row("soft reset ends the region", "\x1b[2;3r\x1b[?6h\x1b[!p\x1b[4;1Hx", "|||x", "3,1");
    // Character sets.
    row("line drawing", "\x1b(0lqk\x1b(Bq", "┌─┐q|||", "0,4");
    row("line drawing in G1", "\x1b)0a\x0eq\x0fq", "a─q|||", "0,3");
    row("British", "\x1b(A#\x1b(B#", "£#|||", "0,2");
    row("character set is saved with the cursor",
        "\x1b(0\x1b"
        "7\x1b(B\x1b"
        "8q",
        "─|||", "0,1");
    // Strings leave no trace.
    row("hyperlink", "\x1b]8;;http://example.net\x1b\\link\x1b]8;;\x07.", "link.|||", "0,5");
    row("device control, privacy message, application command", "a\x1bPzz\x1b\\\x1b^q\x1b\\\x1b_w\x1b\\\x1bXe\x1b\\b",
        "ab|||", "0,2");
    row("cancel ends a string",
        "a\x1b]0;zz\x18"
        "b",
        "ab|||", "0,2");
    row("escape ends a string", "a\x1b]0;zz\x1b[Cb", "a b|||", "0,3");
    row("cancel ends a sequence",
        "a\x1b[12\x18"
        "b",
        "ab|||", "0,2");
    row("text ends a sequence", "a\x1b[1\xc3\xa9", "aé|||", "0,2");
    row("controls within a sequence act", "a\x1b[\r2Cb", "a b|||", "0,3");
    row("unknown sequences change nothing", "a\x1b[?99z\x1b[5 x\x1b%G\x1b[1:2Hb", "ab|||", "0,2");
}

void tst_TerminalScreen::showsWhatAnXtermShows()
{
    QFETCH(QByteArray, input);
    Terminal terminal = makeTerminal(10, 4);
    write(terminal, input.toStdString());
    QTEST(screenText(terminal), "screen");
    QTEST(cursorText(terminal), "cursor");
}

void tst_TerminalScreen::cutsDoNotMatter()
{
    QFETCH(QByteArray, input);
    for (qsizetype cut = 0; cut <= input.size(); ++cut) {
        Terminal terminal = makeTerminal(10, 4);
        write(terminal, input.left(cut).toStdString());
        write(terminal, input.mid(cut).toStdString());
        QTEST(screenText(terminal), "screen");
        QTEST(cursorText(terminal), "cursor");
    }
}

void tst_TerminalScreen::scrollsIntoTheScrollback()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "one\r\n\x1b[31mtwo\x1b[m \xe4\xb8\x96\r\nthree\r\nfour");
    QCOMPARE(scrollbackText(terminal), QString("one|two 世"));
    QCOMPARE(screenText(terminal), QString("three|four"));
    QCOMPARE(terminal.lines().screenTop, 2);
    std::vector<Cell> scratch;
    QVERIFY(terminal.row(1, scratch)[0].foreground == Color::indexed(1));
    QVERIFY(terminal.row(1, scratch)[3].foreground.isDefault());
    QVERIFY(terminal.row(1, scratch)[4].part == CellPart::Wide);
    write(terminal, "\x1b[3J");
    QCOMPARE(scrollbackText(terminal), QString());
    QCOMPARE(terminal.lines().first, 2);
}

void tst_TerminalScreen::forgetsTheOldestLineAtTheLimit()
{
    Terminal terminal = makeTerminal(10, 1, 3);
    write(terminal, "1\r\n2\r\n3\r\n4\r\n5\r\n6");
    QCOMPARE(scrollbackText(terminal), QString("3|4|5"));
    QCOMPARE(terminal.lines().first, 2);
    QCOMPARE(terminal.counters().linesEvicted, std::uint64_t{2});
    std::vector<Cell> scratch;
    QVERIFY(terminal.row(1, scratch).empty());
}

void tst_TerminalScreen::deletedLinesAndOtherScreensDoNotReachTheScrollback()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "1\r\n2\x1b[H\x1b[M");
    write(terminal, "\x1b[?1049ha\r\nb\r\nc\x1b[?1049l");
    QCOMPARE(scrollbackText(terminal), QString());
}

void tst_TerminalScreen::alternateScreenComesAndGoes()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "shell");
    const auto epoch = terminal.layoutEpoch();
    write(terminal, "\x1b[?1049h\x1b[Hvi");
    QCOMPARE(screenText(terminal), QString("vi|"));
    QVERIFY(terminal.modes().alternateScreen);
    QVERIFY(terminal.layoutEpoch() != epoch);
    write(terminal, "\x1b[?1049l$");
    QCOMPARE(screenText(terminal), QString("shell$|"));
    write(terminal, "\x1b[?47h");
    QCOMPARE(screenText(terminal), QString("vi|"));
    write(terminal, "\x1b[?1047l\x1b[?47h");
    QCOMPARE(screenText(terminal), QString("|"));
    write(terminal, "\x1b[?47l\x1b[?1048h\x1b[H\x1b[?1048lx");
    QCOMPARE(screenText(terminal), QString("shell$x|"));
}

void tst_TerminalScreen::modesAreSeenOutside()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "\x1b[?1;25;1000;1006;1004;2004;2026l\x1b[?1;5;1002;1006;1004;2004;2026h\x1b[?25l\x1b=\x1b[3 q");
    const Modes& modes = terminal.modes();
    QVERIFY(modes.applicationCursor && modes.applicationKeypad && modes.reverseVideo && !modes.cursorVisible);
    QVERIFY(modes.focusReporting && modes.bracketedPaste && modes.synchronizedOutput && modes.cursorBlinks);
    QVERIFY(modes.mouseTracking == MouseTracking::Drag && modes.mouseEncoding == MouseEncoding::Sgr);
    QVERIFY(terminal.cursor().shape == CursorShape::Underline);
    write(terminal, "\x1b[?1003h\x1b[6 q");
    QVERIFY(modes.mouseTracking == MouseTracking::AnyMotion);
    QVERIFY(terminal.cursor().shape == CursorShape::Bar && !modes.cursorBlinks);
    write(terminal, "\x1b[?1003l\x1b[!p");
    QVERIFY(modes.mouseTracking == MouseTracking::None && modes.cursorVisible && !modes.applicationCursor);
}

void tst_TerminalScreen::damageNamesTheRowsThatChanged()
{
    Terminal terminal = makeTerminal(10, 3);
    QCOMPARE(terminal.takeDamage().dirtyRows, (std::vector<std::uint8_t>{1, 1, 1}));
    QVERIFY(!terminal.takeDamage().any());
    write(terminal, "\x1b[2;1Hx\x1b[3;1H");
    QCOMPARE(terminal.takeDamage().dirtyRows, (std::vector<std::uint8_t>{0, 1, 0}));
    write(terminal, "\x1b[H\x1b[?5h");
    QCOMPARE(terminal.takeDamage().dirtyRows, (std::vector<std::uint8_t>{1, 1, 1}));
}

void tst_TerminalScreen::damageOfAScrollIsAMove()
{
    Terminal terminal = makeTerminal(10, 3);
    write(terminal, "\x1b[3;1H");
    (void)terminal.takeDamage();
    write(terminal, "a\nb");
    const Damage damage = terminal.takeDamage();
    QCOMPARE(damage.scrolledUp, 1);
    QCOMPARE(damage.dirtyRows, (std::vector<std::uint8_t>{0, 1, 1}));
    write(terminal, "\n\n\n\n\n");
    const Damage everything = terminal.takeDamage();
    QCOMPARE(everything.scrolledUp, 0);
    QCOMPARE(everything.dirtyRows, (std::vector<std::uint8_t>{1, 1, 1}));
}

void tst_TerminalScreen::titleIsPlainText()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "\x1b]0;router\xc3\xa9\x07");
    QCOMPARE(QString::fromStdString(terminal.title()), QString("routeré"));
    write(terminal, "\x1b]2;a\x01\x0a\x7f\xc2\x9b\xe2\x80\xae\xff"
                    "b\x1b\\");
    QCOMPARE(QString::fromStdString(terminal.title()), QString("ab"));
    write(terminal, "\x1b]2;" + std::string(100'000, 'x') + "\x1b\\");
    QVERIFY(terminal.title().size() <= 256 && terminal.title().size() > 200);
    QVERIFY(terminal.counters().stringBytesDropped > 90'000);
    write(terminal, "\x1b]2;first\x07\x1b[22t\x1b]2;second\x07\x1b[23t");
    QCOMPARE(QString::fromStdString(terminal.title()), QString("first"));
}

void tst_TerminalScreen::clipboardAndUnknownCommandsAreOnlyCounted()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "\x1b]52;c;cm0gLXJm\x07\x1b]52;c;?\x07\x07");
    QCOMPARE(terminal.counters().clipboardRefused, std::uint64_t{2});
    QCOMPARE(terminal.counters().bells, std::uint64_t{1});
    write(terminal, "\x1b]777;x\x07\x1b[8;50;200t");
    QCOMPARE(terminal.counters().unknownSequences, std::uint64_t{2});
    QVERIFY((terminal.size() == Size{10, 2}));
    QVERIFY(terminal.takeReplies().empty());
}

void tst_TerminalScreen::resetForgetsEverything()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "1\r\n2\r\n3\x1b[31m\x1b[?2004h\x1b(0\x1b[?1049h\x1b"
                    "c\x1b[2bq");
    QCOMPARE(screenText(terminal), QString("q|"));
    QCOMPARE(scrollbackText(terminal), QString());
    QVERIFY(terminal.modes() == Modes{});
    QVERIFY(cellAt(terminal, 0, 0).foreground.isDefault());
}

QTEST_GUILESS_MAIN(tst_TerminalScreen)
#include "tst_TerminalScreen.moc"
