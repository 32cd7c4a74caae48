// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/Banner.h"

#include "ui/neighbors/Icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

QString signOf(Banner::Kind kind)
{
    switch (kind) {
    case Banner::Kind::Information:
        return u"information"_s;
    case Banner::Kind::Warning:
        return u"warning"_s;
    case Banner::Kind::Problem:
        return u"error"_s;
    }
    return {};
}

QColor colorOf(Banner::Kind kind)
{
    switch (kind) {
    case Banner::Kind::Information:
        return QColor(0x2a6f97);
    case Banner::Kind::Warning:
        return QColor(0xb7791f);
    case Banner::Kind::Problem:
        return QColor(0xc53030);
    }
    return {};
}

/// `part` of 256 of the color over the ground.
QColor mixed(const QColor& ground, const QColor& color, int part)
{
    const auto mix = [part](int a, int b) { return (a * (256 - part) + b * part) / 256; };
    return {mix(ground.red(), color.red()), mix(ground.green(), color.green()), mix(ground.blue(), color.blue())};
}

} // namespace

Banner::Banner(const QString& room, QWidget* parent)
    : QFrame(parent),
      m_sign(new QLabel(this)),
      m_text(new QLabel(this)),
      m_action(new QPushButton(this)),
      m_other(new QPushButton(this))
{
    setObjectName(room + u".banner"_s);
    setFrameShape(QFrame::StyledPanel);
    setAutoFillBackground(true);
    m_text->setObjectName(room + u".banner.text"_s);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_action->setObjectName(room + u".banner.action"_s);
    m_other->setObjectName(room + u".banner.other"_s);
    for (QPushButton* button : {m_action, m_other}) {
        button->setAutoDefault(false);
        button->hide();
    }
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(10, 6, 10, 6);
    layout->setSpacing(10);
    layout->addWidget(m_sign, 0, Qt::AlignTop);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action, 0, Qt::AlignVCenter);
    layout->addWidget(m_other, 0, Qt::AlignVCenter);
    connect(m_action, &QPushButton::clicked, this, &Banner::actionChosen);
    connect(m_other, &QPushButton::clicked, this, &Banner::otherChosen);
    hide();
}

void Banner::say(Kind kind, const QString& text, const QString& action, const QString& other)
{
    m_text->setText(text);
    m_action->setText(action);
    m_action->setVisible(!action.isEmpty());
    m_other->setText(other);
    m_other->setVisible(!other.isEmpty());
    if (kind != m_kind || isHidden()) {
        m_kind = kind;
        paintKind();
    }
    show();
}

QString Banner::text() const
{
    return m_text->text();
}

void Banner::changeEvent(QEvent* event)
{
    // Our own setPalette() changes this widget's palette too: only the application's change is news.
    if (event->type() == QEvent::ApplicationPaletteChange)
        paintKind();
    QFrame::changeEvent(event);
}

void Banner::paintKind()
{
    QPalette palette;
    palette.setColor(QPalette::Window, mixed(palette.color(QPalette::Window), colorOf(m_kind), 56));
    setPalette(palette);
    const bool isDark = palette.color(QPalette::Window).lightness() < 128;
    const QColor sign = isDark ? colorOf(m_kind).lighter(150) : colorOf(m_kind);
    m_sign->setPixmap(coloredIcon(signOf(m_kind), sign).pixmap(QSize(20, 20)));
}

} // namespace fb::ui
