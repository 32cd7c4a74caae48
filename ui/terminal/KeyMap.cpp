// SPDX-License-Identifier: Apache-2.0
#include "ui/terminal/KeyMap.h"

#include <QKeyEvent>

#include <algorithm>
#include <array>
#include <utility>

namespace fb::ui {

using terminal::Key;

namespace {

constexpr std::array<std::pair<int, Key>, 15> kKeys{{
    {Qt::Key_Up, Key::Up},
    {Qt::Key_Down, Key::Down},
    {Qt::Key_Right, Key::Right},
    {Qt::Key_Left, Key::Left},
    {Qt::Key_Home, Key::Home},
    {Qt::Key_End, Key::End},
    {Qt::Key_Insert, Key::Insert},
    {Qt::Key_Delete, Key::Delete},
    {Qt::Key_PageUp, Key::PageUp},
    {Qt::Key_PageDown, Key::PageDown},
    {Qt::Key_Return, Key::Enter},
    {Qt::Key_Enter, Key::Enter},
    {Qt::Key_Tab, Key::Tab},
    {Qt::Key_Backtab, Key::Tab},
    {Qt::Key_Backspace, Key::Backspace},
}};

constexpr std::array<std::pair<int, Key>, 9> kKeypad{{
    {Qt::Key_Period, Key::KeypadDecimal},
    {Qt::Key_Comma, Key::KeypadSeparator},
    {Qt::Key_Slash, Key::KeypadDivide},
    {Qt::Key_Asterisk, Key::KeypadMultiply},
    {Qt::Key_Minus, Key::KeypadSubtract},
    {Qt::Key_Plus, Key::KeypadAdd},
    {Qt::Key_Enter, Key::KeypadEnter},
    {Qt::Key_Return, Key::KeypadEnter},
    {Qt::Key_Equal, Key::KeypadEqual},
}};

template <std::size_t count>
std::optional<Key> find(const std::array<std::pair<int, Key>, count>& table, int key)
{
    const auto entry = std::ranges::find(table, key, &std::pair<int, Key>::first);
    return entry == table.end() ? std::nullopt : std::optional(entry->second);
}

/// The enumerator so many places after another; both are in one unbroken run of the enum.
Key plus(Key first, int offset)
{
    return static_cast<Key>(static_cast<int>(first) + offset);
}

std::optional<Key> namedKey(const QKeyEvent& event)
{
    const int key = event.key();
    if ((event.modifiers() & Qt::KeypadModifier) != 0) {
        if (key >= Qt::Key_0 && key <= Qt::Key_9)
            return plus(Key::Keypad0, key - Qt::Key_0);
        if (const auto found = find(kKeypad, key))
            return found;
    }
    if (key >= Qt::Key_F1 && key <= Qt::Key_F20)
        return plus(Key::F1, key - Qt::Key_F1);
    if (key == Qt::Key_Escape)
        return Key::Escape;
    return find(kKeys, key);
}

} // namespace

std::optional<MappedKey> mapped(const QKeyEvent& event)
{
    MappedKey press{.key = Key::Text, .modifiers = mapped(event.modifiers()), .text = {}};
    if (const auto key = namedKey(event)) {
        press.key = *key;
        press.modifiers.shift = press.modifiers.shift || event.key() == Qt::Key_Backtab;
        return press;
    }
    if ((event.modifiers() & Qt::MetaModifier) != 0)
        return std::nullopt;
    // With Control the text may be a control character, the letter or nothing, depending on the platform: go by the
    // key.
    const bool plainControl = press.modifiers.control && !(event.modifiers() & Qt::GroupSwitchModifier);
    if (plainControl && event.key() >= Qt::Key_Space && event.key() <= Qt::Key_AsciiTilde) {
        const auto letter = static_cast<char>(event.key());
        press.text = QByteArray(1, letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter);
        return press;
    }
    press.text = event.text().toUtf8();
    if (press.text.isEmpty())
        return std::nullopt;
    return press;
}

terminal::Modifiers mapped(Qt::KeyboardModifiers modifiers)
{
    return {.shift = (modifiers & Qt::ShiftModifier) != 0,
            .alt = (modifiers & Qt::AltModifier) != 0,
            .control = (modifiers & Qt::ControlModifier) != 0};
}

terminal::MouseButton mapped(Qt::MouseButton button)
{
    switch (button) {
    case Qt::LeftButton:
        return terminal::MouseButton::Left;
    case Qt::MiddleButton:
        return terminal::MouseButton::Middle;
    case Qt::RightButton:
        return terminal::MouseButton::Right;
    default: // Qt knows more buttons than terminals do
        return terminal::MouseButton::None;
    }
}

} // namespace fb::ui
