// SPDX-License-Identifier: Apache-2.0
#include "core/agent/OwnNode.h"

#include "core/agent/LocalService.h"
#include "core/agent/NodeDefaults.h"
#include "core/agent/Setup.h"
#include "core/link/HelperLink.h"
#include "core/link/NetlinkMonitor.h"
#include "core/link/PcapLink.h"
#include "core/runtime/SystemRandom.h"
#include "core/runtime/UserDirectories.h"

#include <unistd.h>

namespace fb::agent {

Result<std::unique_ptr<Service>, Error> openOwnNode(OwnNode node)
{
    auto monitor = link::NetlinkMonitor::create();
    if (!monitor)
        return failure(monitor.error());
    LocalService::Parts parts;
    parts.config.identity = nodeIdentity();
    if (auto secrets = useUserSecrets(parts.config, runtime::userConfigDirectory()); !secrets)
        return failure(secrets.error());
    for (auto& interface : node.interfaces)
        parts.config.ports.push_back({.interface = std::move(interface)});
    // Whoever has the right to capture does so; everybody else goes through the helper that has it.
    if (::geteuid() == 0)
        parts.links = std::make_unique<link::PcapLinkFactory>();
    else
        parts.links = std::make_unique<link::HelperLinkFactory>(std::move(node.captureHelper));
    parts.monitor = std::move(monitor).value();
    parts.random = std::make_unique<runtime::SystemRandom>();
    parts.log = std::move(node.log);
    return std::unique_ptr<Service>(std::make_unique<LocalService>(std::move(parts)));
}

} // namespace fb::agent
