// SPDX-License-Identifier: Apache-2.0
// What the terminal answers, and what it refuses to.
#include "ScreenText.h"

#include <QtTest>

using namespace fb::terminal;

class tst_TerminalReplies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answers_data();
    void answers();
    void tellsItsSizeToWhoMovesTheCursorFar();
    void readsTheScreenBackOnlyIfAllowed();
    void neverReportsTheTitle();
    void unfetchedAnswersAreBounded();
};

void tst_TerminalReplies::answers_data()
{
    QTest::addColumn<QByteArray>("question");
    QTest::addColumn<QByteArray>("answer");
    const auto row = [](const char* name, const char* question, const char* answer) {
        QTest::newRow(name) << QByteArray(question) << QByteArray(answer);
    };
    row("primary attributes", "\x1b[c", "\x1b[?62;22c");
    row("primary attributes, zero", "\x1b[0c", "\x1b[?62;22c");
    row("identify", "\x1bZ", "\x1b[?62;22c");
    row("secondary attributes", "\x1b[>c", "\x1b[>1;300;0c");
    row("tertiary attributes", "\x1b[=c", "\x1bP!|00000000\x1b\\");
    row("version", "\x1b[>0q", "\x1bP>|Footbridge(1)\x1b\\");
    row("status", "\x1b[5n", "\x1b[0n");
    row("cursor", "\x1b[3;5H\x1b[6n", "\x1b[3;5R");
    row("cursor, extended", "\x1b[3;5H\x1b[?6n", "\x1b[?3;5R");
    row("cursor in origin mode", "\x1b[2;4r\x1b[?6h\x1b[2;5H\x1b[6n", "\x1b[2;5R");
    row("cursor with a pending wrap", "\x1b[1;80Hx\x1b[6n", "\x1b[1;80R");
    row("size in cells", "\x1b[18t", "\x1b[8;24;80t");
    row("screen in cells", "\x1b[19t", "\x1b[9;24;80t");
    row("size in pixels", "\x1b[14t", "\x1b[4;480;720t");
    row("cell in pixels", "\x1b[16t", "\x1b[6;20;9t");
    row("mode that is set", "\x1b[?2004h\x1b[?2004$p", "\x1b[?2004;1$y");
    row("mode that is reset", "\x1b[?2026$p", "\x1b[?2026;2$y");
    row("mode nobody knows", "\x1b[?4711$p", "\x1b[?4711;0$y");
    row("ANSI mode", "\x1b[4h\x1b[4$p", "\x1b[4;1$y");
    row("mouse", "\x1b[?1002h\x1b[?1002$p\x1b[?1000$p", "\x1b[?1002;1$y\x1b[?1000;2$y");
    row("alternate screen", "\x1b[?1049h\x1b[?1049$p", "\x1b[?1049;1$y");
    row("margins", "\x1b[3;7r\x1bP$qr\x1b\\", "\x1bP1$r3;7r\x1b\\");
    row("cursor style", "\x1b[3 q\x1bP$q q\x1b\\", "\x1bP1$r3 q\x1b\\");
    row("cursor style at first", "\x1bP$q q\x1b\\", "\x1bP1$r2 q\x1b\\");
    row("setting nobody knows", "\x1bP$qz\x1b\\", "\x1bP0$r\x1b\\");
    row("terminfo", "\x1bP+q544e\x1b\\", "\x1bP0+r\x1b\\");
    row("foreground", "\x1b]10;?\x07", "\x1b]10;rgb:1212/3434/5656\x1b\\");
    row("background", "\x1b]11;?\x1b\\", "\x1b]11;rgb:FFFF/0000/0101\x1b\\");
    row("an answer to nobody's question", "\x1b[1;1R\x1b[?62c", "");
}

void tst_TerminalReplies::answers()
{
    QFETCH(QByteArray, question);
    Terminal terminal = makeTerminal(80, 24);
    terminal.setDisplay({.cellWidthPixels = 9, .cellHeightPixels = 20, .foreground = 0x123456, .background = 0xff0001});
    write(terminal, question.toStdString());
    QTEST(repliesOf(terminal), "answer");
    QVERIFY(terminal.takeReplies().empty());
}

/// The probe of RouterOS's console (measured by a third party): far down and right, each followed by a question.
void tst_TerminalReplies::tellsItsSizeToWhoMovesTheCursorFar()
{
    Terminal terminal = makeTerminal(132, 43);
    write(terminal, "\x1b[9999B\x1b[6n\x1b[9999C\x1b[6n\x1bZ");
    QCOMPARE(repliesOf(terminal), QByteArray("\x1b[43;1R\x1b[43;132R\x1b[?62;22c"));
}

void tst_TerminalReplies::readsTheScreenBackOnlyIfAllowed()
{
    Terminal refusing = makeTerminal(10, 2);
    write(refusing, "AB\x1b[7;1;1;1;1;3*y");
    QVERIFY(refusing.takeReplies().empty());
    QCOMPARE(refusing.counters().reportsRefused, std::uint64_t{1});
    Terminal answering(
        {.size = {10, 2}, .scrollbackLinesMax = 0, .display = {}, .checksumReports = ChecksumReports::Answered});
    write(answering, "AB\x1b[7;1;1;1;1;3*y");
    QCOMPARE(repliesOf(answering), QByteArray("\x1bP7!~00A3\x1b\\")); // 0x41 + 0x42 + 0x20
}

void tst_TerminalReplies::neverReportsTheTitle()
{
    Terminal terminal = makeTerminal(10, 2);
    write(terminal, "\x1b]2;rm -rf /\x07\x1b[21t\x1b[20t");
    QVERIFY(terminal.takeReplies().empty());
    QCOMPARE(terminal.counters().reportsRefused, std::uint64_t{2});
}

void tst_TerminalReplies::unfetchedAnswersAreBounded()
{
    Terminal terminal = makeTerminal(10, 2);
    for (int asked = 0; asked < 50'000; ++asked)
        write(terminal, "\x1b[6n");
    QVERIFY(terminal.counters().replyBytesDropped > 0);
    const QByteArray replies = repliesOf(terminal);
    QVERIFY(replies.size() <= qsizetype{Terminal::kReplyBytesMax});
    QVERIFY(replies.endsWith("\x1b[1;1R"));
    write(terminal, "\x1b[5n");
    QCOMPARE(repliesOf(terminal), QByteArray("\x1b[0n"));
}

QTEST_GUILESS_MAIN(tst_TerminalReplies)
#include "tst_TerminalReplies.moc"
