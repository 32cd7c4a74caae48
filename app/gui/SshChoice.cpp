// SPDX-License-Identifier: Apache-2.0
#include "app/gui/SshChoice.h"

#include "core/ssh/KnownHosts.h"
#include "ui/bridge/SshBridge.h"

namespace fb::app {

ui::SshConnection* connectSsh(const romon::RomonId& device, FileDescriptor socket, const QString& user,
                              const Secret& password, QObject* parent)
{
    ssh::Login login = ssh::defaultLogin(user.toStdString());
    login.password = password;
    return new ui::SshBridge(device, std::move(socket), std::move(login), ssh::KnownHosts::ofThisUser(), parent);
}

} // namespace fb::app
