// SPDX-License-Identifier: Apache-2.0
// What the network gives reason to say at once, across the connect window: another device uses our id, frames come that
// our secrets refuse. Shown while it is so, until it is dismissed; a new reason shows it again.
#pragma once

#include "core/agent/Event.h"
#include "ui/bridge/NodeNames.h"

#include <QWidget>

#include <optional>
#include <set>

namespace fb::ui {

class Banner;

class Notices final : public QWidget {
    Q_OBJECT

public:
    explicit Notices(QWidget* parent = nullptr);

    void apply(const overlay::Snapshot& snapshot, const NodeNames& names);
    /// It was heard this moment; the snapshots tell of it for some minutes.
    void warn(const agent::DuplicateIdAlarm& alarm);
    /// Another agent, another story.
    void forget();

Q_SIGNALS:
    void secretsWanted();

private:
    void showDuplicate(const overlay::Snapshot& snapshot);
    void showUnverified(const overlay::Snapshot& snapshot, const NodeNames& names);
    void showIfAny();

    Banner* m_duplicate;
    Banner* m_unverified;
    bool m_isDuplicateListed = false; ///< by the last snapshot
    std::optional<MacAddress> m_duplicateNow;
    std::optional<MacAddress> m_duplicateDismissed;
    std::set<romon::RomonId> m_sendersNow;
    std::set<romon::RomonId> m_sendersDismissed;
};

} // namespace fb::ui
