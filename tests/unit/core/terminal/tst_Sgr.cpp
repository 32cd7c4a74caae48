// SPDX-License-Identifier: Apache-2.0
// Colours and attributes: what a cell looks like after a select graphic rendition sequence.
#include "ScreenText.h"

#include <QtTest>

using namespace fb::terminal;

Q_DECLARE_METATYPE(fb::terminal::Cell)

class tst_Sgr : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void setsColoursAndAttributes_data();
    void setsColoursAndAttributes();
    void erasingLeavesTheBackgroundOnly();
    void bothHalvesOfAWideCharacterLookAlike();
    void moreParametersThanFitAreCutAndCounted();
    void reportsWhatIsSet_data();
    void reportsWhatIsSet();
};

void tst_Sgr::setsColoursAndAttributes_data()
{
    QTest::addColumn<QByteArray>("sgr");
    QTest::addColumn<Cell>("expected");
    const auto cell = [](Color foreground, Color background, unsigned attributes) {
        Cell made;
        made.glyph = U'x';
        made.foreground = foreground;
        made.background = background;
        made.attributes = static_cast<std::uint16_t>(attributes);
        return made;
    };
    const auto row = [&](const char* sgr, Color foreground, Color background, unsigned attributes) {
        QTest::newRow(sgr) << QByteArray(sgr) << cell(foreground, background, attributes);
    };
    const Color none;
    const auto underline = [](Underline style) { return static_cast<unsigned>(style) << attribute::kUnderlineShift; };
    row("", none, none, 0);
    row("31", Color::indexed(1), none, 0);
    row("97;104", Color::indexed(15), Color::indexed(12), 0);
    row("31;42;39;49", none, none, 0);
    row("38;5;200", Color::indexed(200), none, 0);
    row("48:5:17", none, Color::indexed(17), 0);
    row("38;2;1;2;3", Color::rgb(1, 2, 3), none, 0);
    row("38:2:4:5:6", Color::rgb(4, 5, 6), none, 0);
    row("38:2::4:5:6", Color::rgb(4, 5, 6), none, 0);
    row("48:2:1:4:5:6:0:0", none, Color::rgb(4, 5, 6), 0);
    row("38;2;999;2;3;1", Color::rgb(255, 2, 3), none, attribute::kBold);
    row("38;5;999", Color::indexed(255), none, 0);
    row("38;7;1", none, none, 0);
    row("58:2::1:2:3;4", none, none, underline(Underline::Single));
    row("58;5;1;1", none, none, attribute::kBold);
    row("1;2;3;5;7;8;9;53", none, none,
        attribute::kBold | attribute::kFaint | attribute::kItalic | attribute::kBlink | attribute::kInverse |
            attribute::kConceal | attribute::kStrike | attribute::kOverline);
    row("1;2;3;4;5;7;8;9;53;22;23;24;25;27;28;29;55", none, none, 0);
    row("6", none, none, attribute::kBlink);
    row("4", none, none, underline(Underline::Single));
    row("21", none, none, underline(Underline::Double));
    row("4:3", none, none, underline(Underline::Curly));
    row("4:4;1", none, none, underline(Underline::Dotted) | attribute::kBold);
    row("4:5", none, none, underline(Underline::Dashed));
    row("4:3;4:0", none, none, 0);
    row("4:99", none, none, underline(Underline::Single));
    row("1;31;;4", none, none, underline(Underline::Single));
    row("31;0", none, none, 0);
    row("38", none, none, 0);
    row("38;2", Color::rgb(0, 0, 0), none, 0);
    row("99999999999999999999;1", none, none, attribute::kBold);
}

void tst_Sgr::setsColoursAndAttributes()
{
    QFETCH(QByteArray, sgr);
    QFETCH(Cell, expected);
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "\x1b[" + sgr.toStdString() + "mx");
    QVERIFY(cellAt(terminal, 0, 0) == expected);
}

void tst_Sgr::erasingLeavesTheBackgroundOnly()
{
    Terminal terminal = makeTerminal(4, 2);
    write(terminal, "abcd\x1b[1;31;44m\x1b[1;2H\x1b[K");
    QVERIFY(cellAt(terminal, 0, 1).background == Color::indexed(4));
    QVERIFY(cellAt(terminal, 0, 1).foreground.isDefault());
    QCOMPARE(cellAt(terminal, 0, 1).attributes, std::uint16_t{0});
    QVERIFY(cellAt(terminal, 0, 0).background.isDefault());
}

void tst_Sgr::bothHalvesOfAWideCharacterLookAlike()
{
    Terminal terminal = makeTerminal(4, 2);
    write(terminal, "\x1b[7;31m\xe4\xb8\x96");
    QVERIFY(cellAt(terminal, 0, 1).part == CellPart::Tail);
    QVERIFY(cellAt(terminal, 0, 1).foreground == Color::indexed(1));
    QVERIFY(cellAt(terminal, 0, 1).has(attribute::kInverse));
}

void tst_Sgr::moreParametersThanFitAreCutAndCounted()
{
    for (const int count : {16, 17, 31, 32, 33, 100, 10'000}) {
        Terminal terminal = makeTerminal(10, 2);
        std::string sequence = "\x1b[";
        for (int index = 0; index < count; ++index)
            sequence += "1;";
        write(terminal, sequence + "31mx");
        QCOMPARE(screenText(terminal), QString("x|"));
        QVERIFY(cellAt(terminal, 0, 0).has(attribute::kBold));
        QCOMPARE(cellAt(terminal, 0, 0).foreground == Color::indexed(1), count < 32);
        QCOMPARE(terminal.counters().parametersDropped, static_cast<std::uint64_t>(std::max(0, count + 1 - 32)));
    }
}

void tst_Sgr::reportsWhatIsSet_data()
{
    QTest::addColumn<QByteArray>("sgr");
    QTest::addColumn<QByteArray>("report");
    QTest::newRow("nothing") << QByteArray("0") << QByteArray("0m");
    QTest::newRow("attributes") << QByteArray("9;1;5") << QByteArray("0;1;5;9m");
    QTest::newRow("underline") << QByteArray("4") << QByteArray("0;4m");
    QTest::newRow("curly") << QByteArray("4:3") << QByteArray("0;4:3m");
    QTest::newRow("palette") << QByteArray("31;102") << QByteArray("0;31;102m");
    QTest::newRow("256") << QByteArray("38;5;77") << QByteArray("0;38:5:77m");
    QTest::newRow("rgb") << QByteArray("48;2;1;2;3") << QByteArray("0;48:2:1:2:3m");
}

void tst_Sgr::reportsWhatIsSet()
{
    QFETCH(QByteArray, sgr);
    QFETCH(QByteArray, report);
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "\x1b[" + sgr.toStdString() + "m\x1bP$qm\x1b\\x\r");
    QCOMPARE(repliesOf(terminal), "\x1bP1$r" + report + "\x1b\\");
    const Cell before = cellAt(terminal, 0, 0);
    write(terminal, "\x1b[m\x1b[" + report.toStdString() + "x");
    QVERIFY(cellAt(terminal, 0, 0) == before);
}

QTEST_GUILESS_MAIN(tst_Sgr)
#include "tst_Sgr.moc"
