// SPDX-License-Identifier: Apache-2.0
// footbridged.toml as values. installer/footbridged.toml is a commented example, footbridged.conf(5) the reference.
#pragma once

#include "core/agent/ControlAddress.h"
#include "core/agent/PortRules.h"
#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/Result.h"
#include "core/overlay/Snapshot.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fb::agent {

struct SshConfig {
    enum class Use { Yes, No };
    Use use = Use::Yes;
    std::string command = "/usr/sbin/sshd"; ///< an absolute path
    std::string configFile;                 ///< empty: sshd's own default
    std::vector<std::string> hostKeys;      ///< empty: as sshd's configuration says
    std::vector<std::string> options;       ///< each "Keyword value", as for sshd -o
    std::uint32_t sessionsMax = 64;
};

struct ControlConfig {
    std::string socket = kControlSocketPath;
    std::optional<unsigned> mode; ///< of the socket file; none: the widest that users and groups ask for
    std::vector<std::string> users;
    std::vector<std::string> groups;
};

struct Config {
    std::optional<romon::RomonId> id;
    std::string identity; ///< empty: the host name
    overlay::Role role = overlay::Role::Transit;
    std::vector<PortRule> ports;
    SshConfig ssh;
    ControlConfig control;
    Duration silenceLimit = std::chrono::seconds(120);
    std::string secretsFile; ///< an absolute path; empty: secrets.toml beside this file
};

/// Where the secrets are, for a configuration that was read from `file`.
[[nodiscard]] std::string secretsFileOf(const Config& config, const std::string& file);

/// Every mistake of the file is in the list, with its line; `file` is only its name for messages.
[[nodiscard]] Result<Config, std::vector<Error>> parseConfig(std::string_view text, const std::string& file);

/// Reads the file first: SystemError if that fails, and a file of more than 1 MB is none.
[[nodiscard]] Result<Config, std::vector<Error>> readConfig(const std::string& file);

} // namespace fb::agent
