// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/EmptyState.h"

#include "ui/neighbors/Icons.h"

#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

struct Explanation {
    QString picture;
    QString title;
    QString text;
    QString remedy;
};

Explanation explanationOf(Emptiness reason)
{
    switch (reason) {
    case Emptiness::None:
        break;
    case Emptiness::NoAgent:
        return {u"agent"_s, EmptyState::tr("The agent does not answer"),
                EmptyState::tr("Footbridge reaches the network through its agent.\nStart it with: "
                               "systemctl start footbridged"),
                EmptyState::tr("&Try again")};
    case Emptiness::NoInterface:
        return {u"interfaces"_s, EmptyState::tr("No interface chosen yet"),
                EmptyState::tr("Nothing is sent on an interface until you say so.\nChoose the one whose cable leads to "
                               "your devices."),
                EmptyState::tr("Choose &interfaces…")};
    case Emptiness::NothingHeard:
        return {u"waiting"_s, EmptyState::tr("No device heard yet"),
                EmptyState::tr("Check that the cable is plugged in, that RoMON is enabled on the devices\n"
                               "(/tool romon set enabled=yes), that the port is not forbidden there,\n"
                               "and that switches between pass EtherType 0x88bf."),
                EmptyState::tr("Choose &interfaces…")};
    case Emptiness::FilteredOut:
        return {u"search"_s, EmptyState::tr("No device matches"),
                EmptyState::tr("The filter hides every device in the list."), EmptyState::tr("&Clear the filter")};
    }
    return {};
}

} // namespace

EmptyState::EmptyState(QWidget* parent)
    : QFrame(parent),
      m_picture(new QLabel(this)),
      m_title(new QLabel(this)),
      m_text(new QLabel(this)),
      m_remedy(new QPushButton(this))
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    setFrameShape(QFrame::StyledPanel);
    QFont large = font();
    large.setPointSizeF(large.pointSizeF() * 1.35);
    large.setBold(true);
    m_title->setFont(large);
    for (QLabel* label : {m_picture, m_title, m_text}) {
        label->setAlignment(Qt::AlignCenter);
        label->setTextFormat(Qt::PlainText);
    }
    m_title->setWordWrap(true);
    m_text->setWordWrap(true);
    m_remedy->setObjectName(u"neighbors.remedy"_s);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(24, 8, 24, 8);
    layout->setSpacing(8);
    layout->addStretch(1);
    layout->addWidget(m_picture);
    layout->addWidget(m_title);
    layout->addWidget(m_text);
    layout->addSpacing(4);
    layout->addWidget(m_remedy, 0, Qt::AlignHCenter);
    layout->addStretch(1);

    connect(m_remedy, &QPushButton::clicked, this, [this] { Q_EMIT remedyChosen(m_reason); });
}

void EmptyState::explain(Emptiness reason, const QString& detail)
{
    m_reason = reason;
    const Explanation explanation = explanationOf(reason);
    m_picture->setPixmap(icon(explanation.picture).pixmap(QSize(40, 40), QIcon::Disabled));
    m_title->setText(explanation.title);
    m_text->setText(detail.isEmpty() ? explanation.text : detail + u'\n' + explanation.text);
    m_remedy->setText(explanation.remedy);
}

} // namespace fb::ui
