// SPDX-License-Identifier: Apache-2.0
// footbridgectl ssh, scp, sftp and ssh-config: finds the node, then hands over to OpenSSH.
#pragma once

#include "core/cli/Context.h"
#include "core/cli/OpenSsh.h"

#include <string>
#include <variant>

namespace fb::cli {

/// What of this process's surroundings the commands need.
struct Surroundings {
    std::string program;                                                             ///< absolute path of footbridgectl
    std::string configDirectory;                                                     ///< $XDG_CONFIG_HOME or ~/.config
    enum class Questions { NobodyThere, CanAsk } questions = Questions::NobodyThere; ///< CanAsk: there is a terminal
};

/// A program to become, or the exit code that says why not.
using Handoff = std::variant<ExitCode, Words>;

[[nodiscard]] Handoff runOpenSsh(Context& context, const OpenSshCommand& command, const Surroundings& surroundings);
[[nodiscard]] ExitCode runSshConfig(Context& context, const SshConfigCommand& command,
                                    const Surroundings& surroundings);

} // namespace fb::cli
