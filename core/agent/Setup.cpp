// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Setup.h"

#include "core/agent/NodeDefaults.h"
#include "core/agent/SecretFile.h"
#include "core/agent/Sshd.h"
#include "core/romon/Messages.h"

#include <grp.h>
#include <pwd.h>

namespace fb::agent {

AgentConfig agentConfig(const Config& config, romon::RomonId defaultId)
{
    AgentConfig agent;
    agent.id = config.id.value_or(defaultId);
    agent.identity = config.identity.empty() ? nodeIdentity() : config.identity;
    agent.role = config.role;
    agent.ports = config.ports;
    agent.silenceLimit = config.silenceLimit;
    if (config.ssh.use == SshConfig::Use::Yes)
        agent.services.emplace(romon::kSshPort, sshdProgram(config.ssh));
    return agent;
}

Result<void, Error> useUserSecrets(AgentConfig& config, const std::string& configDirectory)
{
    config.secretsFile = configDirectory + "/footbridge/secrets.toml";
    auto secrets = readSecrets(config.secretsFile);
    if (!secrets)
        return failure(secrets.error().front());
    config.secrets = std::move(secrets).value();
    return {};
}

Result<ControlServer::Config, Error> controlServerConfig(const ControlConfig& config)
{
    ControlServer::Config server;
    server.path = config.socket;
    for (const auto& name : config.users) {
        const auto* user = ::getpwnam(name.c_str());
        if (!user)
            return failure(Error{ErrorCode::InvalidArgument, "[control] users: there is no user \"" + name + "\""});
        server.access.users.push_back(user->pw_uid);
    }
    for (const auto& name : config.groups) {
        const auto* group = ::getgrnam(name.c_str());
        if (!group)
            return failure(Error{ErrorCode::InvalidArgument, "[control] groups: there is no group \"" + name + "\""});
        server.access.groups.push_back(group->gr_gid);
    }
    // With users or groups, anybody may knock and the kernel's word about who it is decides.
    const bool anyoneKnocks = !server.access.users.empty() || !server.access.groups.empty();
    server.mode = config.mode.value_or(anyoneKnocks ? 0666U : 0600U);
    return server;
}

} // namespace fb::agent
