// SPDX-License-Identifier: Apache-2.0
#include "app/gui/AgentChoice.h"

#include "core/agent/ControlAddress.h"
#include "core/agent/LocalService.h"
#include "core/agent/NodeDefaults.h"
#include "core/agent/RemoteService.h"
#include "core/agent/Setup.h"
#include "core/link/HelperLink.h"
#include "core/link/NetlinkMonitor.h"
#include "core/link/PcapLink.h"
#include "core/runtime/SystemRandom.h"
#include "core/runtime/UserDirectories.h"

#include <QCoreApplication>

#include <unistd.h>

#include <cstdio>

namespace fb::app {

namespace {

QString translated(const char* text)
{
    return QCoreApplication::translate("fb::app::AgentChoice", text);
}

/// The helper stands beside this program, built or installed.
QString helperPath()
{
    return QCoreApplication::applicationDirPath() + QStringLiteral("/footbridge-capture");
}

Result<ui::OpenedService, Error> openRemote(const QString& path)
{
    auto service = agent::RemoteService::connect(path.toStdString());
    if (!service)
        return failure(service.error());
    return ui::OpenedService{std::move(service).value(), ui::AgentPlace::Socket, translated("agent at %1").arg(path)};
}

Result<ui::OpenedService, Error> openLocal(const QStringList& interfaces)
{
    auto monitor = link::NetlinkMonitor::create();
    if (!monitor)
        return failure(monitor.error());
    agent::LocalService::Parts parts;
    parts.config.identity = agent::nodeIdentity();
    if (auto secrets = agent::useUserSecrets(parts.config, runtime::userConfigDirectory()); !secrets)
        return failure(secrets.error());
    for (const QString& interface : interfaces)
        parts.config.ports.push_back({.interface = interface.toStdString()});
    // Whoever has the right to capture does so; everybody else goes through the helper that has it.
    if (geteuid() == 0)
        parts.links = std::make_unique<link::PcapLinkFactory>();
    else
        parts.links = std::make_unique<link::HelperLinkFactory>(helperPath().toStdString());
    parts.monitor = std::move(monitor).value();
    parts.random = std::make_unique<runtime::SystemRandom>();
    parts.log = [](agent::LogLevel level, const std::string& line) {
        if (level <= agent::LogLevel::Warning)
            std::fputs(("footbridge: " + line + '\n').c_str(), stderr);
    };
    return ui::OpenedService{std::make_unique<agent::LocalService>(std::move(parts)), ui::AgentPlace::InProcess,
                             translated("in-process agent")};
}

} // namespace

ui::ServiceOpener agentOpener(AgentWish wish)
{
    return [wish = std::move(wish)]() -> Result<ui::OpenedService, Error> {
        if (!wish.socket.isEmpty())
            return openRemote(wish.socket);
        if (!wish.interfaces.isEmpty())
            return openLocal(wish.interfaces);
        auto running = openRemote(QString::fromUtf8(agent::kControlSocketPath));
        return running ? std::move(running) : openLocal({});
    };
}

} // namespace fb::app
