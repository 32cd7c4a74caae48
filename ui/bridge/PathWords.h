// SPDX-License-Identifier: Apache-2.0
// The ways of sessions in words: what state a path is in, what is pinned and avoided, why a session moved, why a wish
// was refused.
#pragma once

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/NodeNames.h"
#include "ui/bridge/PathWish.h"

namespace fb::ui {

/// "in use, lossy"; empty for a path that nobody watches.
[[nodiscard]] QString stateText(const agent::PathReport& report);

/// "pinned", "pinned strictly", "pinned for session 4"; empty for a path that nobody pinned.
[[nodiscard]] QString pinText(const DeviceWays& ways, const overlay::Path& path);

/// What is pinned and avoided on the way to the device, by scope; empty if nothing is.
[[nodiscard]] QString rulesText(const DeviceWays& ways, const NodeNames& names);

/// "session 12 (SSH)".
[[nodiscard]] QString sessionText(const agent::SessionInfo& session);

/// "moved to the path via core2: enp3s0 is down"; empty if the session goes the same way as before.
[[nodiscard]] QString moveText(const agent::StreamRerouted& move, const overlay::Path& before, const NodeNames& names);

/// Why the agent refused.
[[nodiscard]] ErrorText refusalText(const PathWish& wish, const Error& error, const QString& device,
                                    const NodeNames& names);

} // namespace fb::ui
