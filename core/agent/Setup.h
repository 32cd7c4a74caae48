// SPDX-License-Identifier: Apache-2.0
// From a configuration to the parts it describes.
#pragma once

#include "core/agent/Agent.h"
#include "core/agent/Config.h"
#include "core/agent/ControlServer.h"

namespace fb::agent {

/// Without an id, `defaultId` is taken.
[[nodiscard]] AgentConfig agentConfig(const Config& config, romon::RomonId defaultId);

/// For a node inside a user's program: its secrets are in footbridge/secrets.toml of that user's configuration. Fails
/// as readSecrets().
[[nodiscard]] Result<void, Error> useUserSecrets(AgentConfig& config, const std::string& configDirectory);

/// Looks users and groups up. Fails with InvalidArgument if one does not exist.
[[nodiscard]] Result<ControlServer::Config, Error> controlServerConfig(const ControlConfig& config);

} // namespace fb::agent
