// SPDX-License-Identifier: Apache-2.0
// Our icons by name, painted in the colour of the application's text at the moment of painting: they follow a change of
// theme, a selected row and a disabled button without anybody's help.
#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <QString>

namespace fb::ui {

/// ":/icons/<name>.svg" in the text's colour.
[[nodiscard]] QIcon icon(const QString& name);

/// The same in a colour of its own, which selected rows replace by theirs.
[[nodiscard]] QIcon coloredIcon(const QString& name, const QColor& color);

enum class Tone { Good, Quiet, Warning, Bad };

/// An icon in the two shades of a tone: one stands out from a light ground, one from a dark one.
struct Sign {
    QIcon onLight;
    QIcon onDark;

    [[nodiscard]] const QIcon& on(const QPalette& palette) const;
};
[[nodiscard]] Sign signOf(const QString& name, Tone tone);

/// The program's icon.
[[nodiscard]] QIcon applicationIcon();

} // namespace fb::ui
