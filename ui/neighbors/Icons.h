// SPDX-License-Identifier: Apache-2.0
// Our icons by name, painted in the colour of the application's text at the moment of painting: they follow a change of
// theme, a selected row and a disabled button without anybody's help.
#pragma once

#include <QColor>
#include <QIcon>
#include <QString>

namespace fb::ui {

/// ":/icons/<name>.svg" in the text's colour.
[[nodiscard]] QIcon icon(const QString& name);

/// The same in a colour of its own, which selected rows replace by theirs.
[[nodiscard]] QIcon coloredIcon(const QString& name, const QColor& color);

/// The program's icon.
[[nodiscard]] QIcon applicationIcon();

} // namespace fb::ui
