// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the desktop has it. The style is Fusion in each, so that the program looks the same everywhere.
#pragma once

#include <QObject>
#include <QPalette>
#include <QString>

#include <optional>

class QActionGroup;
class QMenu;
class QSettings;

namespace fb::ui {

enum class ThemeChoice { System, Light, Dark };

/// "light", "dark", "system"; none for anything else.
[[nodiscard]] std::optional<ThemeChoice> themeFromName(const QString& name);
[[nodiscard]] QString nameOf(ThemeChoice choice);

[[nodiscard]] QPalette lightPalette();
[[nodiscard]] QPalette darkPalette();

/// Applies the choice to the whole application and remembers it.
class Theme final : public QObject {
    Q_OBJECT

public:
    /// Takes what the settings say; `settings` must outlive it.
    explicit Theme(QSettings& settings, QObject* parent = nullptr);

    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    void choose(ThemeChoice choice);
    /// Applies without remembering: for one run.
    void apply(ThemeChoice choice);

    /// Adds the three choices to a menu; they follow changes made elsewhere.
    void addActionsTo(QMenu& menu);

Q_SIGNALS:
    void changed(fb::ui::ThemeChoice choice);

private:
    QSettings& m_settings;
    QPalette m_systemPalette;
    ThemeChoice m_choice = ThemeChoice::System;
};

} // namespace fb::ui
