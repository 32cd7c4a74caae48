// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/Theme.h"

#include <QActionGroup>
#include <QApplication>
#include <QMenu>
#include <QSettings>
#include <QStyleFactory>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

struct Colors {
    QColor window;
    QColor base;
    QColor alternate;
    QColor text;
    QColor faint;
    QColor button;
    QColor highlight;
    QColor highlightedText;
    QColor link;
    QColor toolTip;
    QColor light;
    QColor mid;
    QColor dark;
};

QPalette paletteOf(const Colors& colors)
{
    QPalette palette(colors.text, colors.button, colors.light, colors.dark, colors.mid, colors.text, Qt::white,
                     colors.base, colors.window);
    palette.setColor(QPalette::AlternateBase, colors.alternate);
    palette.setColor(QPalette::ButtonText, colors.text);
    palette.setColor(QPalette::Highlight, colors.highlight);
    palette.setColor(QPalette::HighlightedText, colors.highlightedText);
    palette.setColor(QPalette::Inactive, QPalette::Highlight, colors.highlight);
    palette.setColor(QPalette::Link, colors.link);
    palette.setColor(QPalette::PlaceholderText, colors.faint);
    palette.setColor(QPalette::ToolTipBase, colors.toolTip);
    palette.setColor(QPalette::ToolTipText, colors.text);
    palette.setColor(QPalette::Shadow, colors.dark);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, colors.faint);
    palette.setColor(QPalette::Disabled, QPalette::Highlight, colors.mid);
    return palette;
}

} // namespace

std::optional<ThemeChoice> themeFromName(const QString& name)
{
    for (const ThemeChoice choice : {ThemeChoice::System, ThemeChoice::Light, ThemeChoice::Dark}) {
        if (name == nameOf(choice))
            return choice;
    }
    return std::nullopt;
}

QString nameOf(ThemeChoice choice)
{
    switch (choice) {
    case ThemeChoice::System:
        return u"system"_s;
    case ThemeChoice::Light:
        return u"light"_s;
    case ThemeChoice::Dark:
        return u"dark"_s;
    }
    return {};
}

QPalette lightPalette()
{
    return paletteOf({.window = QColor(0xf3f4f6),
                      .base = QColor(0xffffff),
                      .alternate = QColor(0xf6f8fa),
                      .text = QColor(0x1b2128),
                      .faint = QColor(0x6a737d),
                      .button = QColor(0xeceef1),
                      .highlight = QColor(0x17618a),
                      .highlightedText = QColor(0xffffff),
                      .link = QColor(0x0b5cad),
                      .toolTip = QColor(0xfffbe6),
                      .light = QColor(0xffffff),
                      .mid = QColor(0xc3c9d0),
                      .dark = QColor(0x9aa3ad)});
}

QPalette darkPalette()
{
    return paletteOf({.window = QColor(0x2a2e34),
                      .base = QColor(0x191c20),
                      .alternate = QColor(0x1f2329),
                      .text = QColor(0xe4e7eb),
                      .faint = QColor(0x8b949e),
                      .button = QColor(0x363c45),
                      .highlight = QColor(0x2a6f97),
                      .highlightedText = QColor(0xffffff),
                      .link = QColor(0x79c0ff),
                      .toolTip = QColor(0x2d333b),
                      .light = QColor(0x3a414a),
                      .mid = QColor(0x3d444d),
                      .dark = QColor(0x14171a)});
}

Theme::Theme(QSettings& settings, QObject* parent)
    : QObject(parent), m_settings(settings), m_systemPalette(QApplication::palette())
{
    QApplication::setStyle(QStyleFactory::create(u"Fusion"_s));
    apply(themeFromName(settings.value("view/theme"_L1).toString()).value_or(ThemeChoice::System));
}

void Theme::choose(ThemeChoice choice)
{
    m_settings.setValue("view/theme"_L1, nameOf(choice));
    apply(choice);
}

void Theme::apply(ThemeChoice choice)
{
    m_choice = choice;
    switch (choice) {
    case ThemeChoice::System:
        QApplication::setPalette(m_systemPalette);
        break;
    case ThemeChoice::Light:
        QApplication::setPalette(lightPalette());
        break;
    case ThemeChoice::Dark:
        QApplication::setPalette(darkPalette());
        break;
    }
    Q_EMIT changed(choice);
}

void Theme::addActionsTo(QMenu& menu)
{
    auto* group = new QActionGroup(&menu);
    const auto add = [&](ThemeChoice choice, const QString& text) {
        QAction* action = menu.addAction(text, this, [this, choice] { choose(choice); });
        action->setObjectName(u"shell.theme.%1"_s.arg(nameOf(choice)));
        action->setCheckable(true);
        action->setChecked(m_choice == choice);
        group->addAction(action);
        connect(this, &Theme::changed, action,
                [action, choice](ThemeChoice now) { action->setChecked(now == choice); });
    };
    add(ThemeChoice::Light, tr("&Light"));
    add(ThemeChoice::Dark, tr("&Dark"));
    add(ThemeChoice::System, tr("&As the system"));
}

} // namespace fb::ui
