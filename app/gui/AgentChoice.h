// SPDX-License-Identifier: Apache-2.0
// Which agent the client uses: the one behind a control socket if it answers, else one on a thread of this program.
#pragma once

#include "ui/bridge/ServiceBridge.h"

#include <QStringList>

namespace fb::app {

struct AgentWish {
    QString socket;         ///< only this one; empty: the usual one if it answers
    QStringList interfaces; ///< not empty: an agent in this program, on these
};

[[nodiscard]] ui::ServiceOpener agentOpener(AgentWish wish);

} // namespace fb::app
