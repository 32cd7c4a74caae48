// SPDX-License-Identifier: Apache-2.0
#include "core/terminal/Keys.h"

#include <array>
#include <optional>
#include <string>

namespace fb::terminal {

namespace {

/// xterm's modifier parameter: 1 plus a bit each for shift, alt, control.
int modifierCode(const Modifiers& modifiers)
{
    return 1 + (modifiers.shift ? 1 : 0) + (modifiers.alt ? 2 : 0) + (modifiers.control ? 4 : 0);
}

/// Cursor keys and F1-F4: CSI A, SS3 A in application mode, CSI 1;5A with modifiers.
std::string letterKey(char letter, bool isApplication, const Modifiers& modifiers)
{
    const int code = modifierCode(modifiers);
    if (code > 1)
        return std::string("\x1b[1;") + std::to_string(code) + letter;
    return std::string(isApplication ? "\x1bO" : "\x1b[") + letter;
}

/// CSI n ~ and CSI n;5~.
std::string numberKey(int number, const Modifiers& modifiers)
{
    const int code = modifierCode(modifiers);
    std::string text = "\x1b[" + std::to_string(number);
    if (code > 1)
        text.append(";").append(std::to_string(code));
    return text + "~";
}

char cursorLetter(Key key)
{
    switch (key) {
    case Key::Up:
        return 'A';
    case Key::Down:
        return 'B';
    case Key::Right:
        return 'C';
    case Key::Left:
        return 'D';
    case Key::Home:
        return 'H';
    case Key::End:
        return 'F';
    default:
        return 0;
    }
}

int editNumber(Key key)
{
    switch (key) {
    case Key::Insert:
        return 2;
    case Key::Delete:
        return 3;
    case Key::PageUp:
        return 5;
    case Key::PageDown:
        return 6;
    default:
        return 0;
    }
}

std::string functionKey(int number, const Modifiers& modifiers)
{
    // The numbers of a VT220's keyboard, gaps included, for F5 to F20.
    constexpr std::array<int, 16> kNumbers = {15, 17, 18, 19, 20, 21, 23, 24, 25, 26, 28, 29, 31, 32, 33, 34};
    if (number <= 4)
        return letterKey(static_cast<char>('P' + number - 1), true, modifiers);
    return numberKey(kNumbers[static_cast<std::size_t>(number - 5)], modifiers);
}

/// The control character of a key, where it has one: letters, and the few others a terminal knows.
std::optional<char> controlOf(char character)
{
    if (character >= 'a' && character <= 'z')
        return static_cast<char>(character - 'a' + 1);
    if (character >= '@' && character <= '_')
        return static_cast<char>(character - '@');
    if (character == ' ' || character == '2')
        return '\0';
    if (character >= '3' && character <= '7')
        return static_cast<char>(character - '3' + 0x1b);
    if (character == '8' || character == '?')
        return '\x7f';
    if (character == '/')
        return '\x1f';
    return std::nullopt;
}

std::string withAlt(const std::string& text, const Modifiers& modifiers)
{
    if (!modifiers.alt || text.empty())
        return text;
    std::string escaped = "\x1b";
    escaped += text;
    return escaped;
}

std::string textKey(const KeyPress& press)
{
    std::string text(press.text);
    if (press.modifiers.control && text.size() == 1) {
        if (const std::optional<char> control = controlOf(text.front()))
            text = std::string(1, *control);
    }
    return withAlt(text, press.modifiers);
}

std::string editingKey(const KeyPress& press, const Modes& modes)
{
    const Modifiers& modifiers = press.modifiers;
    switch (press.key) {
    case Key::Enter:
        return withAlt(modes.newLine ? "\r\n" : "\r", modifiers);
    case Key::Tab:
        return modifiers.shift ? "\x1b[Z" : withAlt("\t", modifiers);
    case Key::Backspace:
        return withAlt(modifiers.control ? "\x08" : "\x7f", modifiers);
    case Key::Escape:
        return withAlt("\x1b", modifiers);
    default:
        return {};
    }
}

struct KeypadKey {
    char normal;
    char application; // after SS3
};

std::string keypadKey(Key key, const Modes& modes)
{
    constexpr std::array<KeypadKey, 18> kKeys = {{{'0', 'p'},
                                                  {'1', 'q'},
                                                  {'2', 'r'},
                                                  {'3', 's'},
                                                  {'4', 't'},
                                                  {'5', 'u'},
                                                  {'6', 'v'},
                                                  {'7', 'w'},
                                                  {'8', 'x'},
                                                  {'9', 'y'},
                                                  {'.', 'n'},
                                                  {'/', 'o'},
                                                  {'*', 'j'},
                                                  {'-', 'm'},
                                                  {'+', 'k'},
                                                  {'\r', 'M'},
                                                  {'=', 'X'},
                                                  {',', 'l'}}};
    const KeypadKey& found = kKeys[static_cast<std::size_t>(key) - static_cast<std::size_t>(Key::Keypad0)];
    if (modes.applicationKeypad)
        return std::string("\x1bO") + found.application;
    if (key == Key::KeypadEnter && modes.newLine)
        return "\r\n";
    return std::string(1, found.normal);
}

std::string encode(const KeyPress& press, const Modes& modes)
{
    if (press.key == Key::Text)
        return textKey(press);
    if (press.key >= Key::Keypad0)
        return withAlt(keypadKey(press.key, modes), press.modifiers);
    if (press.key >= Key::F1 && press.key <= Key::F20)
        return functionKey(static_cast<int>(press.key) - static_cast<int>(Key::F1) + 1, press.modifiers);
    if (const char letter = cursorLetter(press.key))
        return letterKey(letter, modes.applicationCursor, press.modifiers);
    if (const int number = editNumber(press.key))
        return numberKey(number, press.modifiers);
    return editingKey(press, modes);
}

} // namespace

ByteVector encodeKey(const KeyPress& press, const Modes& modes)
{
    return bytesOf(encode(press, modes));
}

} // namespace fb::terminal
