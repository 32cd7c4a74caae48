// SPDX-License-Identifier: Apache-2.0
#include "app/gui/AgentChoice.h"

#include "core/agent/ControlAddress.h"
#include "core/agent/OwnNode.h"
#include "core/agent/RemoteService.h"

#include <QCoreApplication>

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
    agent::OwnNode node;
    for (const QString& interface : interfaces)
        node.interfaces.push_back(interface.toStdString());
    node.captureHelper = helperPath().toStdString();
    node.log = [](agent::LogLevel level, const std::string& line) {
        if (level <= agent::LogLevel::Warning)
            std::fputs(("footbridge: " + line + '\n').c_str(), stderr);
    };
    auto service = agent::openOwnNode(std::move(node));
    if (!service)
        return failure(service.error());
    return ui::OpenedService{std::move(service).value(), ui::AgentPlace::InProcess, translated("in-process agent")};
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
