// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/Notices.h"

#include "ui/bridge/NoticeText.h"
#include "ui/neighbors/Banner.h"

#include <QVBoxLayout>

#include <algorithm>

namespace fb::ui {

using namespace Qt::StringLiterals;

Notices::Notices(QWidget* parent)
    : QWidget(parent),
      m_duplicate(new Banner(u"shell.duplicate"_s, this)),
      m_unverified(new Banner(u"shell.unverified"_s, this))
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_duplicate);
    layout->addWidget(m_unverified);
    connect(m_duplicate, &Banner::actionChosen, this, [this] {
        m_duplicateDismissed = m_duplicateNow;
        m_duplicate->hide();
        showIfAny();
    });
    connect(m_unverified, &Banner::actionChosen, this, &Notices::secretsWanted);
    connect(m_unverified, &Banner::otherChosen, this, [this] {
        m_sendersDismissed = m_sendersNow;
        m_unverified->hide();
        showIfAny();
    });
    showIfAny();
}

void Notices::apply(const overlay::Snapshot& snapshot, const NodeNames& names)
{
    showDuplicate(snapshot);
    showUnverified(snapshot, names);
    showIfAny();
}

void Notices::showDuplicate(const overlay::Snapshot& snapshot)
{
    const auto& duplicate = snapshot.duplicateId;
    const bool wasListed = std::exchange(m_isDuplicateListed, duplicate.has_value());
    if (!duplicate) {
        // An alarm that no snapshot has told of yet stays.
        if (wasListed) {
            m_duplicateDismissed.reset();
            m_duplicate->hide();
        }
        return;
    }
    m_duplicateNow = duplicate->mac;
    if (m_duplicateDismissed != m_duplicateNow)
        m_duplicate->say(Banner::Kind::Problem,
                         duplicateIdText(duplicate->mac, duplicate->interface, duplicate->sinceHeard), tr("&Dismiss"));
}

void Notices::showUnverified(const overlay::Snapshot& snapshot, const NodeNames& names)
{
    m_sendersNow.clear();
    for (const auto& sender : snapshot.unverified)
        m_sendersNow.insert(sender.id);
    const QString text = unverifiedText(snapshot.unverified, names);
    if (text.isEmpty() || std::ranges::includes(m_sendersDismissed, m_sendersNow))
        m_unverified->hide();
    else
        m_unverified->say(Banner::Kind::Warning, text, tr("&Secrets…"), tr("Dis&miss"));
}

void Notices::warn(const agent::DuplicateIdAlarm& alarm)
{
    m_duplicateNow = alarm.mac;
    if (m_duplicateDismissed == m_duplicateNow)
        return;
    m_duplicate->say(Banner::Kind::Problem, duplicateIdText(alarm.mac, alarm.interface), tr("&Dismiss"));
    showIfAny();
}

void Notices::forget()
{
    m_isDuplicateListed = false;
    m_duplicateDismissed.reset();
    m_sendersDismissed.clear();
    m_duplicate->hide();
    m_unverified->hide();
    showIfAny();
}

void Notices::showIfAny()
{
    setVisible(!m_duplicate->isHidden() || !m_unverified->isHidden());
}

} // namespace fb::ui
