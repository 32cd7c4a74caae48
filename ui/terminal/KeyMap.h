// SPDX-License-Identifier: Apache-2.0
// From Qt's keys and buttons to the terminal core's. Plain functions, no state.
#pragma once

#include "core/terminal/Keys.h"
#include "core/terminal/Mouse.h"

#include <QByteArray>

#include <optional>

class QKeyEvent;

namespace fb::ui {

/// A key press for terminal::encodeKey(); `text` is where its view points into.
struct MappedKey {
    terminal::Key key = terminal::Key::Text;
    terminal::Modifiers modifiers;
    QByteArray text;
};

/// Nothing for keys that send nothing alone (Shift, Caps Lock) and for those of the desktop (Meta).
[[nodiscard]] std::optional<MappedKey> mapped(const QKeyEvent& event);

[[nodiscard]] terminal::Modifiers mapped(Qt::KeyboardModifiers modifiers);
[[nodiscard]] terminal::MouseButton mapped(Qt::MouseButton button);

} // namespace fb::ui
