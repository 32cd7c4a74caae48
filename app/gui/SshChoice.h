// SPDX-License-Identifier: Apache-2.0
// How the client speaks SSH: core/ssh over the stream's socket, with this user's keys and pinned host keys.
#pragma once

#include "ui/bridge/SshConnection.h"

namespace fb::app {

/// A ui::SshConnector. The connection belongs to `parent`.
[[nodiscard]] ui::SshConnection* connectSsh(const romon::RomonId& device, FileDescriptor socket, const QString& user,
                                            const Secret& password, QObject* parent);

} // namespace fb::app
