// SPDX-License-Identifier: Apache-2.0
// Pictures of a colourful screen for eyes to judge, in shots/ of the build folder; and that both schemes can be read.
#include "TerminalFixture.h"

#include <QDir>

#include <algorithm>
#include <cmath>

using namespace fb;
using namespace fb::test;

class tst_TerminalViewShots : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesPictures_data();
    void takesPictures();
    void everyColorCanBeRead_data();
    void everyColorCanBeRead();
};

namespace {

QByteArray colorfulScreen()
{
    QByteArray text("\x1b[1;32madmin@tower-7\x1b[0m:\x1b[1;34m~\x1b[0m$ ls --color\r\n");
    text += "\x1b[34;1mbackups\x1b[0m  \x1b[32;1mupgrade.sh\x1b[0m  notes.txt  \x1b[31marchive.tar\x1b[0m  "
            "\x1b[36;1mlink\x1b[0m -> target  \x1b[40;33;1mtty0\x1b[0m\r\n\r\n";
    for (const int base : {30, 90}) {
        for (int color = 0; color < 8; ++color)
            text += "\x1b[" + QByteArray::number(base + color) + "m color" + QByteArray::number(color) + " \x1b[0m";
        text += "\r\n";
    }
    for (const int base : {40, 100}) {
        for (int color = 0; color < 8; ++color)
            text += "\x1b[" + QByteArray::number(base + color) + "m color" + QByteArray::number(color) + " \x1b[0m";
        text += "\r\n";
    }
    for (int color = 0; color < 72; ++color)
        text += "\x1b[48;2;" + QByteArray::number(255 - color * 3) + ";" + QByteArray::number(color * 3) + ";120m ";
    text += "\x1b[0m\r\n\r\n\x1b[1mbold\x1b[0m \x1b[2mfaint\x1b[0m \x1b[3mitalic\x1b[0m \x1b[1;3mboth\x1b[0m "
            "\x1b[4msingle\x1b[0m \x1b[4:2mdouble\x1b[0m \x1b[4:3mcurly\x1b[0m \x1b[4:4mdotted\x1b[0m "
            "\x1b[4:5mdashed\x1b[0m \x1b[7minverse\x1b[0m \x1b[9mstrike\x1b[0m \x1b[53moverline\x1b[0m\r\n\r\n";
    text +=
        QString::fromUtf8("┌────┬────┐ ╔════╦════╗ ┏━━━━┳━━━━┓ ╭────╮ ┍━┯━┑ ╒══╤══╕ ╓──╥──╖ ▁▂▃▄▅▆▇█ ░▒▓█\r\n"
                          "│ ab │ cd │ ║ ab ║ cd ║ ┃ ab ┃ cd ┃ │ ef │ ├─┼─┤ ╞══╪══╡ ╟──╫──╢ ▏▎▍▌▋▊▉█ ▖▗▘▙▚▛▜▝▞▟\r\n"
                          "├────┼────┤ ╠════╬════╣ ┣━━━━╋━━━━┫ │ gh │ └─┴─┘ ╘══╧══╛ ╙──╨──╜ ┄┄┄┄ ┅┅┅┅ ┈┈┈┈ ╌╌╌╌\r\n"
                          "└────┴────┘ ╚════╩════╝ ┗━━━━┻━━━━┛ ╰────╯ ╱╲╳ ╴╵╶╷ ╼╽╾╿ ▀▄▌▐ ▔▕\r\n\r\n"
                          "naïve façade — “quotes” … Ελληνικά Русский ½ µ ± → ⇒ ✓ ✗ e\u0301a\u0308o\u0302 ＡＢＣ\r\n")
            .toUtf8();
    text += "\r\n\x1b[33m[admin@MikroTik]\x1b[0m > \x1b[35m/interface\x1b[0m print";
    return text;
}

double luminance(QRgb color)
{
    const auto linear = [](int value) {
        const double share = value / 255.0;
        return share <= 0.04045 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(qRed(color)) + 0.7152 * linear(qGreen(color)) + 0.0722 * linear(qBlue(color));
}

/// WCAG 2.1, contrast ratio.
double contrast(QRgb one, QRgb other)
{
    const double first = luminance(one);
    const double second = luminance(other);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

} // namespace

void tst_TerminalViewShots::takesPictures_data()
{
    QTest::addColumn<bool>("isDark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void tst_TerminalViewShots::takesPictures()
{
    QFETCH(bool, isDark);
    ShownTerminal terminal(92, 24);
    terminal.view.setColors(isDark ? ui::darkTerminalColors() : ui::lightTerminalColors());
    terminal.feed(colorfulScreen());
    terminal.drag(terminal.middleOf(0, 15), terminal.middleOf(20, 16));
    terminal.view.setFocus();
    QTRY_VERIFY(terminal.inkOf(0, 0) > 0);
    QDir directory(QCoreApplication::applicationDirPath());
    QVERIFY(directory.mkpath(QStringLiteral("../shots")));
    const auto name = QStringLiteral("../shots/terminal-") + QString::fromLatin1(QTest::currentDataTag());
    QVERIFY(terminal.view.grab().save(directory.filePath(name + QStringLiteral(".png"))));
    terminal.view.setInput(ui::TerminalView::Input::Stopped);
    terminal.view.setBanner(QStringLiteral("Session ended: tower-7 closed the connection."));
    QVERIFY(terminal.view.grab().save(directory.filePath(name + QStringLiteral("-ended.png"))));
}

void tst_TerminalViewShots::everyColorCanBeRead_data()
{
    takesPictures_data();
}

void tst_TerminalViewShots::everyColorCanBeRead()
{
    QFETCH(bool, isDark);
    const auto colors = isDark ? ui::darkTerminalColors() : ui::lightTerminalColors();
    QVERIFY(contrast(colors.foreground, colors.background) >= 7);
    QVERIFY(contrast(colors.foreground, colors.selection) >= 4.5);
    QVERIFY(contrast(colors.foreground, colors.banner) >= 4.5);
    for (std::size_t index = 0; index < 16; ++index) {
        const bool isPaper = isDark && index == 0; // black on black paper is what a program asks for
        QVERIFY2(isPaper || contrast(colors.palette[index], colors.background) >= 4.5,
                 qPrintable(QString::number(index)));
        QVERIFY2(contrast(colors.textOn(colors.palette[index]), colors.palette[index]) >= 3,
                 qPrintable(QString::number(index)));
    }
}

QTEST_MAIN(tst_TerminalViewShots)
#include "tst_TerminalViewShots.moc"
