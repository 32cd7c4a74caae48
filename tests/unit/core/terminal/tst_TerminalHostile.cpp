// SPDX-License-Identifier: Apache-2.0
// A far end that means harm or has lost its mind: memory stays bounded, the screen stays whole, what was cut is
// counted.
#include "ScreenText.h"
#include "core/base/SeededRandom.h"
#include "core/terminal/Clusters.h"
#include "core/terminal/Width.h"

#include <QtTest>

using namespace fb::terminal;

class tst_TerminalHostile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void endlessStringsAreCutAndCounted_data();
    void endlessStringsAreCutAndCounted();
    void tenThousandParametersDoNoHarm_data();
    void tenThousandParametersDoNoHarm();
    void hugeNumbersAreClamped();
    void endlessMarksAreCutAndCounted();
    void tableOfMarkedCharactersIsBoundedAndReused();
    void wideCharactersStayPairedUnderRandomEdits();
    void widthsFollowUnicode_data();
    void widthsFollowUnicode();
};

void tst_TerminalHostile::endlessStringsAreCutAndCounted_data()
{
    QTest::addColumn<QByteArray>("introducer");
    QTest::newRow("OSC") << QByteArray("\x1b]2;");
    QTest::newRow("DCS") << QByteArray("\x1bP$q");
    QTest::newRow("APC") << QByteArray("\x1b_");
    QTest::newRow("SOS") << QByteArray("\x1bX");
    QTest::newRow("PM") << QByteArray("\x1b^");
}

void tst_TerminalHostile::endlessStringsAreCutAndCounted()
{
    QFETCH(QByteArray, introducer);
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, introducer.toStdString());
    const std::string piece(1'000'000, 'x');
    for (int repeat = 0; repeat < 4; ++repeat)
        write(terminal, piece);
    QVERIFY(terminal.counters().stringBytesDropped >= 4'000'000 - 4096);
    write(terminal, "\x1b\\ok");
    QCOMPARE(screenText(terminal), QString("ok|"));
}

void tst_TerminalHostile::tenThousandParametersDoNoHarm_data()
{
    QTest::addColumn<char>("separator");
    QTest::addColumn<QByteArray>("final");
    for (const char separator : {';', ':'}) {
        for (const char* final : {"m", "H", "h", "r", "J", "t", "*y", "$p", " q", "T", "z"})
            QTest::newRow(QByteArray(final).append(separator).constData()) << separator << QByteArray(final);
    }
}

void tst_TerminalHostile::tenThousandParametersDoNoHarm()
{
    QFETCH(char, separator);
    QFETCH(QByteArray, final);
    Terminal terminal = makeTerminal(10, 2);
    std::string sequence = "\x1b[";
    for (int index = 0; index < 10'000; ++index)
        sequence += std::string("38") + separator;
    write(terminal, sequence + final.toStdString() + "\x1b[m\x1b[Hok");
    QCOMPARE(lineText(terminal, 0), QString("ok"));
    QVERIFY(terminal.counters().parametersDropped >= 9'900);
}

void tst_TerminalHostile::hugeNumbersAreClamped()
{
    Terminal terminal = makeTerminal(10, 3);
    const std::string huge = "99999999999999999999";
    for (const char final : std::string_view("ABCDEFGHIJKLMPSTXZ`abdefgr@"))
        write(terminal, "\x1b[" + huge + ";" + huge + final + "\x1b[" + huge + final);
    write(terminal, "\x1b[?" + huge + "h\x1b[" + huge + "t\x1b[!p\x1b[2J\x1b[Hok");
    QCOMPARE(screenText(terminal), QString("ok||"));
    QVERIFY(terminal.lines().screenTop - terminal.lines().first <= 100);
}

void tst_TerminalHostile::endlessMarksAreCutAndCounted()
{
    Terminal terminal = makeTerminal(10, 2);
    std::string text = "e";
    for (int repeat = 0; repeat < 1000; ++repeat)
        text += "\xcc\x81";
    write(terminal, text + "x");
    QCOMPARE(terminal.textOf(cellAt(terminal, 0, 0)).size(), Clusters::kCodePointsMax);
    QCOMPARE(terminal.counters().marksDropped, std::uint64_t{1000 - 7});
    QVERIFY(cellAt(terminal, 0, 1).glyph == U'x');
}

void tst_TerminalHostile::tableOfMarkedCharactersIsBoundedAndReused()
{
    Terminal terminal = makeTerminal(10, 2, 5);
    // Far more different characters than the table has entries; those that are gone from the screen make room.
    for (char32_t base = 0x4e00; base < 0x4e00 + 20'000; ++base) {
        std::string text = "\r";
        appendUtf8(text, base);
        appendUtf8(text, 0x301);
        write(terminal, text);
    }
    QCOMPARE(terminal.counters().marksDropped, std::uint64_t{0});
    const std::u32string last{0x4e00 + 19'999, 0x301};
    QVERIFY(terminal.textOf(cellAt(terminal, 0, 0)) == last);
    // With more of them in sight than the table holds, the marks of some are lost, never the characters.
    Terminal big = makeTerminal(200, 100, 0);
    for (char32_t base = 0x4e00; base < 0x4e00 + 9'000; ++base) {
        std::string text;
        appendUtf8(text, base);
        appendUtf8(text, 0x301);
        write(big, text);
    }
    QCOMPARE(big.counters().marksDropped, std::uint64_t{9'000 - Clusters::kEntriesMax});
    QVERIFY(cellAt(big, 89, 198).glyph == 0x4e00 + 8'999);
}

void tst_TerminalHostile::wideCharactersStayPairedUnderRandomEdits()
{
    fb::SeededRandom random(7);
    Terminal terminal = makeTerminal(7, 3, 10);
    const char* const kPieces[] = {"\xe4\xb8\x96", "x",      "\xcc\x81", "\x1b[@",  "\x1b[2P",   "\x1b[X",   "\x1b[1K",
                                   "\x1b[K",       "\r",     "\b",       "\t",      "\x1b[?7l",  "\x1b[?7h", "\x1b[4h",
                                   "\x1b[4l",      "\x1b[C", "\n",       "\x1b[2b", "\x1b[2;4H", "\x1b[M",   "\x1b[L"};
    for (int step = 0; step < 20'000; ++step) {
        write(terminal, kPieces[random.below(std::size(kPieces))]);
        if (random.below(50) == 0)
            terminal.resize({static_cast<int>(1 + random.below(9)), static_cast<int>(1 + random.below(4))});
        for (int row = 0; row < terminal.size().rows; ++row) {
            for (int column = 0; column < terminal.size().columns; ++column) {
                const bool isWide = cellAt(terminal, row, column).part == CellPart::Wide;
                const bool isTailNext =
                    column + 1 < terminal.size().columns && cellAt(terminal, row, column + 1).part == CellPart::Tail;
                QCOMPARE(isWide, isTailNext);
            }
            QVERIFY(cellAt(terminal, row, 0).part != CellPart::Tail);
        }
    }
}

void tst_TerminalHostile::widthsFollowUnicode_data()
{
    QTest::addColumn<uint>("codePoint");
    QTest::addColumn<int>("width");
    const auto row = [](const char* name, uint codePoint, int width) { QTest::newRow(name) << codePoint << width; };
    row("letter", 'a', 1);
    row("e acute", 0xe9, 1);
    row("soft hyphen", 0xad, 1);
    row("combining acute", 0x301, 0);
    row("Hebrew point", 0x5b0, 0);
    row("Devanagari vowel sign", 0x941, 0);
    row("Hangul leading consonant", 0x1100, 2);
    row("Hangul vowel", 0x1161, 0);
    row("zero width joiner", 0x200d, 0);
    row("box drawing", 0x2500, 1);
    row("watch emoji", 0x231a, 2);
    row("ideographic space", 0x3000, 2);
    row("hiragana", 0x3042, 2);
    row("combining voiced mark", 0x3099, 0);
    row("ideograph", 0x4e16, 2);
    row("Hangul syllable", 0xd55c, 2);
    row("variation selector 16", 0xfe0f, 0);
    row("full width letter", 0xff21, 2);
    row("half width katakana", 0xff71, 1);
    row("replacement", 0xfffd, 1);
    row("emoji", 0x1f600, 2);
    row("ideograph of plane 2", 0x20000, 2);
    row("tag", 0xe0041, 0);
    row("last code point", 0x10ffff, 1);
}

void tst_TerminalHostile::widthsFollowUnicode()
{
    QFETCH(uint, codePoint);
    QTEST(static_cast<int>(widthOf(codePoint)), "width");
}

QTEST_GUILESS_MAIN(tst_TerminalHostile)
#include "tst_TerminalHostile.moc"
