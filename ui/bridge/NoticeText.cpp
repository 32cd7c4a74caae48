// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/NoticeText.h"

#include "ui/bridge/Format.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t kSendersNamed = 3;

class Words {
    Q_DECLARE_TR_FUNCTIONS(fb::ui::NoticeText)

public:
    static QString oneSender(const overlay::UnverifiedSender& sender, const NodeNames& names)
    {
        QStringList sentences;
        const QString name = nameOf(sender.id, names);
        if (sender.frames != 0)
            sentences << tr("Heard %1 from %2, none match your secrets.").arg(framesText(sender.frames), name);
        if (sender.unhashed != 0)
            sentences << tr("Heard %1 from %2 without a secret, which yours do not accept.")
                             .arg(framesText(sender.unhashed), name);
        if (sender.replayed != 0)
            sentences << tr("Heard %1 from %2 that were recorded and replayed.").arg(framesText(sender.replayed), name);
        return sentences.join(u' ');
    }

    static QString manySenders(const std::vector<overlay::UnverifiedSender>& senders, const NodeNames& names)
    {
        QStringList named;
        const auto count = std::min(senders.size(), kSendersNamed);
        for (std::size_t at = 0; at < count; ++at)
            named << tr("%1 (%2)").arg(nameOf(senders[at].id, names), framesText(framesOf(senders[at])));
        if (senders.size() > count)
            named << tr("%1 more").arg(senders.size() - count);
        return tr("Heard frames from %1 devices, none match your secrets: %2.")
            .arg(QString::number(senders.size()), named.join(u", "_s));
    }

    static QString duplicateId(const MacAddress& mac, const std::string& interface, std::optional<Duration> sinceHeard)
    {
        const QString where = tr("%1 on %2").arg(fromCore(mac.toString()), fromCore(interface));
        const QString heard = sinceHeard ? tr("heard from %1 %2 ago").arg(where, durationText(*sinceHeard))
                                         : tr("heard from %1").arg(where);
        return tr("Another device uses the RoMON id of this computer: %1. One of the two must change it.").arg(heard);
    }

    static std::uint64_t framesOf(const overlay::UnverifiedSender& sender)
    {
        return sender.frames + sender.unhashed + sender.replayed;
    }

private:
    static QString nameOf(const romon::RomonId& id, const NodeNames& names)
    {
        const QString name = names.node(id);
        return name == idText(id) ? name : u"%1 (%2)"_s.arg(name, idText(id));
    }

    static QString framesText(std::uint64_t count) { return count == 1 ? tr("1 frame") : tr("%1 frames").arg(count); }
};

} // namespace

QString unverifiedText(std::vector<overlay::UnverifiedSender> senders, const NodeNames& names)
{
    std::erase_if(senders, [](const auto& sender) { return Words::framesOf(sender) == 0; });
    std::ranges::stable_sort(senders, std::ranges::greater{}, Words::framesOf);
    if (senders.empty())
        return {};
    return senders.size() == 1 ? Words::oneSender(senders.front(), names) : Words::manySenders(senders, names);
}

QString duplicateIdText(const MacAddress& mac, const std::string& interface, std::optional<Duration> sinceHeard)
{
    return Words::duplicateId(mac, interface, sinceHeard);
}

} // namespace fb::ui
