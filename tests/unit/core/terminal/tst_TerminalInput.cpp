// SPDX-License-Identifier: Apache-2.0
// What keys, mouse, focus and pastes become on their way to the far end.
#include "ScreenText.h"
#include "core/terminal/Keys.h"
#include "core/terminal/Mouse.h"
#include "core/terminal/Paste.h"

#include <QtTest>

using namespace fb::terminal;

Q_DECLARE_METATYPE(fb::terminal::MouseEvent)
Q_DECLARE_METATYPE(fb::terminal::Modes)

namespace {

QByteArray bytesFrom(const fb::ByteVector& bytes)
{
    return QByteArray::fromStdString(fb::textOf(bytes));
}

constexpr Modifiers kNone{};
constexpr Modifiers kShift{.shift = true, .alt = false, .control = false};
constexpr Modifiers kAlt{.shift = false, .alt = true, .control = false};
constexpr Modifiers kControl{.shift = false, .alt = false, .control = true};

} // namespace

class tst_TerminalInput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keys_data();
    void keys();
    void mouse_data();
    void mouse();
    void focus();
    void pastes_data();
    void pastes();
};

void tst_TerminalInput::keys_data()
{
    QTest::addColumn<int>("key");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("modifiers"); // bits: shift, alt, control
    QTest::addColumn<bool>("application");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, Key key, const Modifiers& modifiers, bool application,
                        const QByteArray& expected, const char* text = "") {
        const int bits = (modifiers.shift ? 1 : 0) + (modifiers.alt ? 2 : 0) + (modifiers.control ? 4 : 0);
        QTest::newRow(name) << static_cast<int>(key) << QByteArray(text) << bits << application << expected;
    };
    row("letter", Key::Text, kNone, false, "a", "a");
    row("beyond ASCII", Key::Text, kNone, false, "é", "é");
    row("alt letter", Key::Text, kAlt, false,
        "\x1b"
        "a",
        "a");
    row("control c", Key::Text, kControl, false, "\x03", "c");
    row("control C", Key::Text, kControl, false, "\x03", "C");
    row("control as the toolkit gives it", Key::Text, kControl, false, "\x03", "\x03");
    row("control space", Key::Text, kControl, false, QByteArray(1, '\0'), " ");
    row("control [", Key::Text, kControl, false, "\x1b", "[");
    row("control backslash", Key::Text, kControl, false, "\x1c", "\\");
    row("control _", Key::Text, kControl, false, "\x1f", "_");
    row("control /", Key::Text, kControl, false, "\x1f", "/");
    row("control ?", Key::Text, kControl, false, "\x7f", "?");
    row("control 3", Key::Text, kControl, false, "\x1b", "3");
    row("control 1 is 1", Key::Text, kControl, false, "1", "1");
    row("control é is é", Key::Text, kControl, false, "é", "é");
    row("control alt c", Key::Text, {.shift = false, .alt = true, .control = true}, false, "\x1b\x03", "c");
    row("nothing", Key::Text, kAlt, false, "", "");
    row("up", Key::Up, kNone, false, "\x1b[A");
    row("up, application", Key::Up, kNone, true, "\x1bOA");
    row("control up", Key::Up, kControl, true, "\x1b[1;5A");
    row("shift alt left", Key::Left, {.shift = true, .alt = true, .control = false}, false, "\x1b[1;4D");
    row("down", Key::Down, kNone, false, "\x1b[B");
    row("right", Key::Right, kNone, false, "\x1b[C");
    row("home", Key::Home, kNone, false, "\x1b[H");
    row("end, application", Key::End, kNone, true, "\x1bOF");
    row("insert", Key::Insert, kNone, false, "\x1b[2~");
    row("delete", Key::Delete, kNone, false, "\x1b[3~");
    row("page up", Key::PageUp, kNone, true, "\x1b[5~");
    row("control page down", Key::PageDown, kControl, false, "\x1b[6;5~");
    row("F1", Key::F1, kNone, false, "\x1bOP");
    row("F4", Key::F4, kNone, false, "\x1bOS");
    row("shift F1", Key::F1, kShift, false, "\x1b[1;2P");
    row("F5", Key::F5, kNone, false, "\x1b[15~");
    row("F6", Key::F6, kNone, false, "\x1b[17~");
    row("F11", Key::F11, kNone, false, "\x1b[23~");
    row("control F12", Key::F12, kControl, false, "\x1b[24;5~");
    row("F20", Key::F20, kNone, false, "\x1b[34~");
    row("enter", Key::Enter, kNone, false, "\r");
    row("alt enter", Key::Enter, kAlt, false, "\x1b\r");
    row("tab", Key::Tab, kNone, false, "\t");
    row("back tab", Key::Tab, kShift, false, "\x1b[Z");
    row("backspace", Key::Backspace, kNone, false, "\x7f");
    row("control backspace", Key::Backspace, kControl, false, "\b");
    row("alt backspace", Key::Backspace, kAlt, false, "\x1b\x7f");
    row("escape", Key::Escape, kNone, false, "\x1b");
    row("keypad 5", Key::Keypad5, kNone, false, "5");
    row("keypad 0, application", Key::Keypad0, kNone, true, "\x1bOp");
    row("keypad 9, application", Key::Keypad9, kNone, true, "\x1bOy");
    row("keypad enter", Key::KeypadEnter, kNone, false, "\r");
    row("keypad enter, application", Key::KeypadEnter, kNone, true, "\x1bOM");
    row("keypad +, application", Key::KeypadAdd, kNone, true, "\x1bOk");
    row("keypad separator", Key::KeypadSeparator, kNone, false, ",");
}

void tst_TerminalInput::keys()
{
    QFETCH(int, key);
    QFETCH(QByteArray, text);
    QFETCH(int, modifiers);
    QFETCH(bool, application);
    const KeyPress press{static_cast<Key>(key),
                         {.shift = (modifiers & 1) != 0, .alt = (modifiers & 2) != 0, .control = (modifiers & 4) != 0},
                         std::string_view(text.constData(), static_cast<std::size_t>(text.size()))};
    Modes modes;
    modes.applicationCursor = application;
    modes.applicationKeypad = application;
    QTEST(bytesFrom(encodeKey(press, modes)), "expected");
}

void tst_TerminalInput::mouse_data()
{
    QTest::addColumn<MouseEvent>("event");
    QTest::addColumn<Modes>("modes");
    QTest::addColumn<QByteArray>("expected");
    const auto row = [](const char* name, MouseTracking tracking, MouseEncoding encoding, const MouseEvent& event,
                        const char* expected) {
        Modes modes;
        modes.mouseTracking = tracking;
        modes.mouseEncoding = encoding;
        QTest::newRow(name) << event << modes << QByteArray(expected);
    };
    using enum MouseTracking;
    constexpr auto kSgr = MouseEncoding::Sgr;
    constexpr auto kLegacy = MouseEncoding::Legacy;
    const MouseEvent press{MouseAction::Press, MouseButton::Left, 4, 9, kNone};
    const MouseEvent release{MouseAction::Release, MouseButton::Right, 4, 9, kNone};
    const MouseEvent drag{MouseAction::Move, MouseButton::Left, 4, 9, kControl};
    const MouseEvent hover{MouseAction::Move, MouseButton::None, 4, 9, kNone};
    const MouseEvent wheel{MouseAction::Press, MouseButton::WheelDown, 4, 9, kShift};
    const MouseEvent far{MouseAction::Press, MouseButton::Left, 300, 9, kNone};
    row("nobody asked", None, kSgr, press, "");
    row("press", Click, kSgr, press, "\x1b[<0;5;10M");
    row("release", Click, kSgr, release, "\x1b[<2;5;10m");
    row("drag", Drag, kSgr, drag, "\x1b[<48;5;10M");
    row("drag, not asked", Click, kSgr, drag, "");
    row("hover", AnyMotion, kSgr, hover, "\x1b[<35;5;10M");
    row("hover, not asked", Drag, kSgr, hover, "");
    row("wheel", Click, kSgr, wheel, "\x1b[<69;5;10M");
    row("far", Click, kSgr, far, "\x1b[<0;301;10M");
    row("legacy press", Click, kLegacy, press, "\x1b[M %*");
    row("legacy release", Click, kLegacy, release, "\x1b[M#%*");
    row("legacy cannot reach far", Click, kLegacy, far, "");
    row("press only", Press, kLegacy, press, "\x1b[M %*");
    row("press only, no release", Press, kLegacy, release, "");
    row("no button", AnyMotion, kSgr, {MouseAction::Press, MouseButton::None, 1, 1, kNone}, "");
    row("outside", AnyMotion, kSgr, {MouseAction::Press, MouseButton::Left, -1, 1, kNone}, "");
}

void tst_TerminalInput::mouse()
{
    QFETCH(MouseEvent, event);
    QFETCH(Modes, modes);
    QTEST(bytesFrom(encodeMouse(event, modes)), "expected");
}

void tst_TerminalInput::focus()
{
    Modes modes;
    QVERIFY(encodeFocus(Focus::Gained, modes).empty());
    modes.focusReporting = true;
    QCOMPARE(bytesFrom(encodeFocus(Focus::Gained, modes)), QByteArray("\x1b[I"));
    QCOMPARE(bytesFrom(encodeFocus(Focus::Lost, modes)), QByteArray("\x1b[O"));
}

void tst_TerminalInput::pastes_data()
{
    QTest::addColumn<QByteArray>("clipboard");
    QTest::addColumn<bool>("bracketed");
    QTest::addColumn<QByteArray>("expected");
    QTest::addColumn<int>("lines");
    QTest::addColumn<int>("removed");
    QTest::addColumn<bool>("endsWithLineEnd");
    const auto row = [](const char* name, const char* clipboard, bool bracketed, const char* expected, int lines,
                        int removed, bool endsWithLineEnd) {
        QTest::newRow(name) << QByteArray(clipboard) << bracketed << QByteArray(expected) << lines << removed
                            << endsWithLineEnd;
    };
    row("nothing", "", true, "", 0, 0, false);
    row("one line", "abc", false, "abc", 1, 0, false);
    row("tab and umlaut", "a\t\xc3\xa4", false, "a\t\xc3\xa4", 1, 0, false);
    row("line ends", "a\nb\r\nc\rd", false, "a\rb\rc\rd", 4, 0, false);
    row("trailing line end", "a\nb\n", false, "a\rb\r", 2, 0, true);
    row("empty lines", "\n\n", false, "\r\r", 2, 0, true);
    row("bracketed", "abc", true, "\x1b[200~abc\x1b[201~", 1, 0, false);
    row("cannot leave the bracket", "a\x1b[201~rm\n", true, "\x1b[200~a[201~rm\r\x1b[201~", 1, 1, true);
    row("C1 cannot either",
        "a\xc2\x9b"
        "201~",
        true, "\x1b[200~a201~\x1b[201~", 1, 1, false);
    row("raw C1 and bad UTF-8",
        "a\x9b\xe4\xb8"
        "b\xe4",
        false, "ab", 1, 3, false);
    row("control characters",
        "a\x03\x04\x7f\b"
        "b",
        false, "ab", 1, 4, false);
    row("control characters only", "\x03\x04", true, "", 0, 2, false);
}

void tst_TerminalInput::pastes()
{
    QFETCH(QByteArray, clipboard);
    QFETCH(bool, bracketed);
    Modes modes;
    modes.bracketedPaste = bracketed;
    const Paste paste = preparePaste(clipboard.toStdString(), modes);
    QTEST(bytesFrom(paste.bytes), "expected");
    QTEST(paste.lines, "lines");
    QTEST(static_cast<int>(paste.removed), "removed");
    QTEST(paste.endsWithLineEnd, "endsWithLineEnd");
}

QTEST_GUILESS_MAIN(tst_TerminalInput)
#include "tst_TerminalInput.moc"
