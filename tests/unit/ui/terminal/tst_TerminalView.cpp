// SPDX-License-Identifier: Apache-2.0
// What a TerminalView shows, and how it follows its size, its scrollback and its palette.
#include "TerminalFixture.h"

#include <QPainter>
#include <QScrollBar>

using namespace fb;
using namespace fb::test;
using fb::ui::TerminalView;

class tst_TerminalView : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void paintsWhatIsFed();
    void repaintsOnlyWhatChangedAndEndsWithTheSamePicture();
    void paintsWideCharactersOverTwoCells();
    void paintsColorsAndAttributes_data();
    void paintsColorsAndAttributes();
    void joinsBoxDrawingLines();
    void hidesTheCursorWhenAsked();
    void showsAHollowCursorWithoutFocus();
    void tellsItsSizeInCells();
    void keepsTheTextWhenResized();
    void sticksToTheBottom();
    void staysWhereTheUserScrolledTo();
    void saysThatThereIsNewOutput();
    void clearsTheScrollback();
    void givesConsumedBytesBack();
    void parsesAFloodInTurns();
    void keepsASynchronizedUpdateBackButNotForEver();
    void tellsTheTitle();
    void flashesForABell();
    void followsThePalette();
    void keepsChosenColors();
    void zooms();
    void laysTheBannerOverThePicture();
    void hasNamesForAScreenReader();
    void rendersALargeScreen();
};

void tst_TerminalView::paintsWhatIsFed()
{
    ShownTerminal terminal;
    QCOMPARE(terminal.view.terminalSize(), (terminal::Size{40, 10}));
    terminal.feed("hello\r\nworld");
    QVERIFY(terminal.view.screenText().startsWith(QLatin1String("hello\nworld\n")));
    QTRY_VERIFY(terminal.inkOf(0, 0) > 5);
    QVERIFY(terminal.inkOf(4, 1) > 5);
    QCOMPARE(terminal.inkOf(20, 0), 0);
    QCOMPARE(terminal.inkOf(0, 5), 0);
}

void tst_TerminalView::repaintsOnlyWhatChangedAndEndsWithTheSamePicture()
{
    // Many small steps (scrolling, overwriting, erasing) must lead to the picture that one big one leads to.
    QByteArray all;
    ShownTerminal steps;
    for (int step = 0; step < 60; ++step) {
        QByteArray piece = "\x1b[3" + QByteArray::number(step % 8) + "mline " + QByteArray::number(step) + "\r\n";
        if (step % 7 == 0)
            piece += "\x1b[2;5Hover\x1b[K\x1b[10;1H";
        if (step % 11 == 0)
            piece += "\x1b[3;6r\x1b[6;1H\n\x1b[r\x1b[10;1H";
        all += piece;
        steps.feed(piece);
        steps.view.repaint();
    }
    ShownTerminal once;
    once.feed(all);
    steps.view.setFocus();
    QCOMPARE(steps.view.screenText(), once.view.screenText());
    steps.view.setInput(TerminalView::Input::Stopped); // no cursor, whose look depends on the focus
    once.view.setInput(TerminalView::Input::Stopped);
    QTRY_COMPARE(steps.picture(), once.picture());
}

void tst_TerminalView::paintsWideCharactersOverTwoCells()
{
    ShownTerminal terminal;
    terminal.feed("\xef\xbc\xa1|e\xcc\x81|"); // fullwidth A, a bar, e with a combining acute, a bar
    QVERIFY(terminal.view.screenText().startsWith(QString::fromUtf8("\xef\xbc\xa1|e\xcc\x81|")));
    QTRY_VERIFY(terminal.inkOf(0, 0) + terminal.inkOf(1, 0) > 5);
    QVERIFY(terminal.inkOf(2, 0) > 3);
    QVERIFY(terminal.inkOf(4, 0) > 3);
    ShownTerminal plain;
    plain.feed("....e");
    terminal.feed("\x1b[2;1H    \xe2\x80\x8b");
    QTRY_VERIFY(terminal.inkOf(3, 0) > plain.inkOf(4, 0)); // the accent is there
}

void tst_TerminalView::paintsColorsAndAttributes_data()
{
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("styled");
    QTest::newRow("colour") << QByteArray("x") << QByteArray("\x1b[31mx");
    QTest::newRow("background") << QByteArray("x") << QByteArray("\x1b[44mx");
    QTest::newRow("256 colours") << QByteArray("x") << QByteArray("\x1b[38;5;208mx");
    QTest::newRow("24 bits") << QByteArray("x") << QByteArray("\x1b[38;2;1;200;3mx");
    QTest::newRow("bold") << QByteArray("x") << QByteArray("\x1b[1mx");
    QTest::newRow("faint") << QByteArray("x") << QByteArray("\x1b[2mx");
    QTest::newRow("italic") << QByteArray("x") << QByteArray("\x1b[3mx");
    QTest::newRow("underline") << QByteArray("x") << QByteArray("\x1b[4mx");
    QTest::newRow("double underline") << QByteArray("\x1b[4mx") << QByteArray("\x1b[4:2mx");
    QTest::newRow("curly underline") << QByteArray("\x1b[4mx") << QByteArray("\x1b[4:3mx");
    QTest::newRow("dotted underline") << QByteArray("\x1b[4mx") << QByteArray("\x1b[4:4mx");
    QTest::newRow("dashed underline") << QByteArray("\x1b[4:4mxx") << QByteArray("\x1b[4:5mxx");
    QTest::newRow("inverse") << QByteArray("x") << QByteArray("\x1b[7mx");
    QTest::newRow("strike") << QByteArray("x") << QByteArray("\x1b[9mx");
    QTest::newRow("overline") << QByteArray("x") << QByteArray("\x1b[53mx");
    QTest::newRow("conceal") << QByteArray("x") << QByteArray("\x1b[8mx");
    QTest::newRow("reverse video") << QByteArray("x") << QByteArray("\x1b[?5hx");
}

void tst_TerminalView::paintsColorsAndAttributes()
{
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, styled);
    ShownTerminal one;
    ShownTerminal other;
    one.feed("\x1b[?25l" + plain);
    other.feed("\x1b[?25l" + styled);
    QCOMPARE(one.view.screenText(), other.view.screenText());
    QTRY_VERIFY(one.picture() != other.picture());
    if (QByteArray(QTest::currentDataTag()) == "conceal")
        QCOMPARE(other.inkOf(0, 0), 0);
}

void tst_TerminalView::joinsBoxDrawingLines()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?25l\xe2\x94\x80\xe2\x94\xbc\xe2\x94\x80\r\n \xe2\x94\x82");
    terminal.view.repaint();
    const auto image = terminal.picture();
    const auto cross = terminal.view.cellRect(1, 0);
    const int y = cross.top() + cross.height() / 2;
    const int x = cross.left() + cross.width() / 2;
    const auto ink = image.pixel(x, y);
    QVERIFY(ink != image.pixel(cross.topLeft()));
    for (int column = terminal.view.cellRect(0, 0).left(); column <= terminal.view.cellRect(2, 0).right(); ++column)
        QCOMPARE(image.pixel(column, y), ink);
    for (int row = cross.top(); row <= terminal.view.cellRect(1, 1).bottom(); ++row)
        QCOMPARE(image.pixel(x, row), ink);
}

void tst_TerminalView::hidesTheCursorWhenAsked()
{
    ShownTerminal terminal;
    QTRY_VERIFY(terminal.view.hasFocus());
    terminal.feed("a");
    QTRY_COMPARE(terminal.groundOf(1, 0), ui::terminalColorsFor(terminal.view.palette()).cursor);
    terminal.feed("\x1b[?25l");
    QTRY_COMPARE(terminal.groundOf(1, 0), terminal.groundOf(20, 5));
}

void tst_TerminalView::showsAHollowCursorWithoutFocus()
{
    ShownTerminal terminal;
    QTRY_VERIFY(terminal.view.hasFocus());
    QTRY_COMPARE(terminal.inkOf(0, 0), 0); // solid
    terminal.view.clearFocus();
    QTRY_VERIFY(terminal.inkOf(0, 0) > 0);
}

void tst_TerminalView::tellsItsSizeInCells()
{
    ShownTerminal terminal;
    QSignalSpy sizes(&terminal.view, &TerminalView::sizeChanged);
    terminal.resizeTo(66, 17);
    QTRY_VERIFY(!sizes.isEmpty());
    QCOMPARE(sizes.last(), (QVariantList{66, 17}));
    QCOMPARE(terminal.view.terminalSize(), (terminal::Size{66, 17}));
    const auto count = sizes.size();
    terminal.view.resize(terminal.view.width() + 1, terminal.view.height()); // not a whole cell more
    QTRY_COMPARE(terminal.view.terminalSize(), (terminal::Size{66, 17}));
    QCOMPARE(sizes.size(), count);
}

void tst_TerminalView::keepsTheTextWhenResized()
{
    ShownTerminal terminal;
    terminal.feed("some words that are longer than twenty columns");
    terminal.resizeTo(20, 10);
    QTRY_COMPARE(terminal.view.terminalSize().columns, 20);
    QVERIFY(
        terminal.view.screenText().startsWith(QLatin1String("some words that are\nlonger than twenty c\nolumns\n")));
}

void tst_TerminalView::sticksToTheBottom()
{
    ShownTerminal terminal;
    auto* bar = terminal.view.verticalScrollBar();
    QCOMPARE(bar->maximum(), 0);
    for (int line = 0; line < 50; ++line)
        terminal.feed("line " + QByteArray::number(line) + "\r\n");
    QVERIFY(bar->maximum() > 30);
    QCOMPARE(bar->value(), bar->maximum());
    QVERIFY(!terminal.view.isScrolledUp());
}

void tst_TerminalView::staysWhereTheUserScrolledTo()
{
    ShownTerminal terminal;
    for (int line = 0; line < 50; ++line)
        terminal.feed("line " + QByteArray::number(line) + "\r\n");
    auto* bar = terminal.view.verticalScrollBar();
    bar->setValue(7);
    QVERIFY(terminal.view.isScrolledUp());
    terminal.feed("more\r\nmore\r\n");
    QCOMPARE(bar->value(), 7);
    QTest::keyClick(&terminal.view, Qt::Key_A); // typing goes back to where it is read
    QCOMPARE(bar->value(), bar->maximum());
    QTest::keyClick(&terminal.view, Qt::Key_PageUp, Qt::ShiftModifier);
    QCOMPARE(bar->value(), bar->maximum() - 10);
    QTest::keyClick(&terminal.view, Qt::Key_Home, Qt::ShiftModifier);
    QCOMPARE(bar->value(), 0);
    QTest::keyClick(&terminal.view, Qt::Key_End, Qt::ShiftModifier);
    QVERIFY(!terminal.view.isScrolledUp());
    QCOMPARE(terminal.takeSent(), QByteArray("a"));
}

void tst_TerminalView::saysThatThereIsNewOutput()
{
    ShownTerminal terminal;
    for (int line = 0; line < 50; ++line)
        terminal.feed("\r\n");
    terminal.view.verticalScrollBar()->setValue(0);
    QTRY_VERIFY(terminal.picture().pixel(4, 4) != 0);
    const auto before = terminal.picture();
    terminal.feed("\r\nnews");
    QTRY_VERIFY(terminal.picture() != before); // the lines looked at are blank and unchanged: it is the notice
    const auto notice = terminal.view.viewport()->rect().bottomRight() - QPoint(40, 20);
    QTest::mouseClick(terminal.view.viewport(), Qt::LeftButton, {}, notice);
    QVERIFY(!terminal.view.isScrolledUp());
}

void tst_TerminalView::clearsTheScrollback()
{
    ShownTerminal terminal;
    for (int line = 0; line < 50; ++line)
        terminal.feed("line\r\n");
    terminal.view.verticalScrollBar()->setValue(3);
    terminal.view.clearScrollback();
    QCOMPARE(terminal.view.verticalScrollBar()->maximum(), 0);
    QVERIFY(terminal.view.screenText().startsWith(QLatin1String("line\n")));
}

void tst_TerminalView::givesConsumedBytesBack()
{
    ShownTerminal terminal;
    QSignalSpy consumed(&terminal.view, &TerminalView::consumed);
    terminal.view.feed("abc");
    terminal.view.feed("defg");
    QCOMPARE(terminal.view.pendingBytes(), qsizetype{7}); // nothing is parsed inside feed()
    QTRY_COMPARE(terminal.view.pendingBytes(), qsizetype{0});
    qsizetype sum = 0;
    for (const auto& call : consumed)
        sum += call.at(0).value<qsizetype>();
    QCOMPARE(sum, qsizetype{7});
}

void tst_TerminalView::parsesAFloodInTurns()
{
    ShownTerminal terminal;
    QSignalSpy consumed(&terminal.view, &TerminalView::consumed);
    const QByteArray flood = QByteArray("some words in a line\r\n").repeated(500'000);
    terminal.view.feed(flood);
    QVERIFY(terminal.view.pendingBytes() <= 4 << 20); // bounded, whoever feeds
    terminal.view.feed("\r\nend");
    QTRY_VERIFY_WITH_TIMEOUT(terminal.view.screenText().contains(QLatin1String("end")), 30000);
    QVERIFY(consumed.size() > 1);
}

void tst_TerminalView::keepsASynchronizedUpdateBackButNotForEver()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?25l");
    const auto before = terminal.picture();
    terminal.feed("\x1b[?2026hhalf");
    QTRY_VERIFY(terminal.picture() != before);
    terminal.feed(" done\x1b[?2026l");
    QTRY_VERIFY(terminal.inkOf(7, 0) > 3);
}

void tst_TerminalView::tellsTheTitle()
{
    ShownTerminal terminal;
    QSignalSpy titles(&terminal.view, &TerminalView::titleChanged);
    terminal.feed("\x1b]2;router one\x07\x1b]2;router one\x07");
    QCOMPARE(titles.size(), 1);
    QCOMPARE(titles.first().at(0).toString(), QStringLiteral("router one"));
    QCOMPARE(terminal.view.title(), QStringLiteral("router one"));
}

void tst_TerminalView::flashesForABell()
{
    ShownTerminal terminal;
    terminal.feed("\x1b[?25l");
    const auto before = terminal.picture();
    terminal.view.feed("\x07");
    QTRY_VERIFY(terminal.picture() != before);
    QTRY_COMPARE(terminal.picture(), before);
}

void tst_TerminalView::followsThePalette()
{
    ShownTerminal terminal;
    QPalette dark;
    dark.setColor(QPalette::Base, Qt::black);
    terminal.view.setPalette(dark);
    QTRY_COMPARE(terminal.groundOf(20, 5), ui::darkTerminalColors().background);
    QPalette light;
    light.setColor(QPalette::Base, Qt::white);
    terminal.view.setPalette(light);
    QTRY_COMPARE(terminal.groundOf(20, 5), ui::lightTerminalColors().background);
}

void tst_TerminalView::keepsChosenColors()
{
    ShownTerminal terminal;
    terminal.view.setColors(ui::darkTerminalColors());
    QPalette light;
    light.setColor(QPalette::Base, Qt::white);
    terminal.view.setPalette(light);
    QTRY_COMPARE(terminal.groundOf(20, 5), ui::darkTerminalColors().background);
}

void tst_TerminalView::zooms()
{
    ShownTerminal terminal;
    const auto before = terminal.view.terminalSize();
    terminal.view.zoomIn();
    terminal.view.zoomIn();
    QVERIFY(terminal.view.terminalSize().columns < before.columns);
    terminal.view.resetZoom();
    QCOMPARE(terminal.view.terminalSize(), before);
    QTest::keyClick(&terminal.view, Qt::Key_Minus, Qt::ControlModifier);
    QVERIFY(terminal.view.terminalSize().columns > before.columns);
    QCOMPARE(terminal.takeSent(), QByteArray());
}

void tst_TerminalView::laysTheBannerOverThePicture()
{
    ShownTerminal terminal;
    terminal.feed("text");
    const auto text = terminal.view.screenText();
    const auto at = terminal.view.viewport()->rect().bottomLeft() + QPoint(2, -2);
    terminal.view.setBanner(QStringLiteral("Session ended: the device restarted"));
    QCOMPARE(terminal.picture().pixel(at), ui::terminalColorsFor(terminal.view.palette()).banner);
    QCOMPARE(terminal.view.screenText(), text);
    QVERIFY(terminal.view.accessibleDescription().contains(QLatin1String("the device restarted")));
    terminal.view.setBanner({});
    QVERIFY(terminal.picture().pixel(at) != ui::terminalColorsFor(terminal.view.palette()).banner);
}

void tst_TerminalView::hasNamesForAScreenReader()
{
    const ShownTerminal terminal;
    QCOMPARE(terminal.view.objectName(), QStringLiteral("terminal.view"));
    QVERIFY(!terminal.view.accessibleName().isEmpty());
    QVERIFY(!terminal.view.accessibleDescription().isEmpty());
    QVERIFY(!terminal.view.verticalScrollBar()->accessibleName().isEmpty());
}

void tst_TerminalView::rendersALargeScreen()
{
    ShownTerminal terminal(200, 50);
    QCOMPARE(terminal.view.terminalSize(), (terminal::Size{200, 50}));
    QByteArray screen;
    for (int cell = 0; cell < 200 * 50 - 1; ++cell)
        screen += "\x1b[38;5;" + QByteArray::number(cell % 256) + "m" + static_cast<char>('!' + cell % 90);
    terminal.feed(screen);
    QTRY_VERIFY(terminal.inkOf(198, 49) > 0);
    QVERIFY(terminal.inkOf(0, 0) > 0);
}

QTEST_MAIN(tst_TerminalView)
#include "tst_TerminalView.moc"
