// SPDX-License-Identifier: Apache-2.0
// footbridgectl ssh, scp, sftp and ssh-config: finds the node, then lets OpenSSH do the rest.
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
    std::string stateDirectory{}; ///< $XDG_STATE_HOME or ~/.local/state
};

/// A program of OpenSSH to run, and the node it goes to.
struct Session {
    Words commandLine;
    romon::RomonId node;
    std::string label; ///< "barn (02:00:00:00:00:04)"
};
/// What is left to be done, or the exit code if nothing is.
using Handoff = std::variant<ExitCode, Session>;

/// OpenSSH's exit code for anything that went wrong with the connection itself: ssh(1).
inline constexpr int kOpenSshFailed = 255;

/// How OpenSSH gets to a node.
[[nodiscard]] SshRoute routeTo(romon::RomonId node, const Context& context, const Surroundings& surroundings);
/// The folder of known_hosts: ssh makes the file, not the folder.
[[nodiscard]] Result<void, Error> makeOwnDirectory(const Surroundings& surroundings);

[[nodiscard]] Handoff runOpenSsh(Context& context, const OpenSshCommand& command, const Surroundings& surroundings);
/// After OpenSSH has failed: OpenSSH cannot know of the overlay, so this says which device it was and whether that one
/// still answers.
void explainFailure(Context& context, const Session& session);

[[nodiscard]] ExitCode runSshConfig(Context& context, const SshConfigCommand& command,
                                    const Surroundings& surroundings);

} // namespace fb::cli
