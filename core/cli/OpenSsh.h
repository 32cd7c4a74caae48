// SPDX-License-Identifier: Apache-2.0
// The command lines that run OpenSSH over the overlay: pure functions from words to words. What decides where a session
// ends up and whose host key it must have comes first, because OpenSSH keeps the first value it reads; the user's
// options come next, our defaults last.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/cli/Invocation.h"
#include "core/romon/RomonId.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fb::cli {

using Words = std::vector<std::string>;

/// How this program is run again as ProxyCommand, and what is fixed about the session.
struct SshRoute {
    std::string program; ///< absolute path of footbridgectl
    GlobalOptions global;
    romon::RomonId node;
    std::string knownHostsFile;
    /// PassDescriptor needs an agent: the stream must outlive the helper.
    ConnectCommand::Handover handover = ConnectCommand::Handover::PassDescriptor;
    /// For a host key that has never been seen; a changed one is refused by both.
    enum class NewHostKey { Ask, Accept } newHostKey = NewHostKey::Ask;
};

/// "Name value" of ssh_config(5), in order, without the defaults that a user may change.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> sshSettings(const SshRoute& route);

/// A name that OpenSSH takes as a host name for a node: what the user typed if that is one, else the id with dashes.
[[nodiscard]] std::string hostNameFor(std::string_view typed, romon::RomonId node);

/// Words of ssh, scp and sftp, taken apart.
struct OpenSshWords {
    Words options; ///< before the first word
    Words words;   ///< destination and command, or files
    Words extras;  ///< after "--": further options
};
[[nodiscard]] OpenSshWords splitWords(OpenSshCommand::Tool tool, std::span<const std::string> arguments);

/// "[user@]node:path", "[user@][id]:path"; with sftp and ssh the path may be missing.
struct RemoteName {
    std::string user; ///< empty: none was given
    std::string node;
    std::optional<std::string> path;

    friend bool operator==(const RemoteName&, const RemoteName&) = default;
};
/// None: the word is a local file, by scp's rule: no colon before the first slash.
[[nodiscard]] std::optional<RemoteName> remoteFileIn(std::string_view word);
[[nodiscard]] RemoteName destinationIn(std::string_view word);

/// The one node that the words are about. Fails with InvalidArgument if there is none, or more than one.
[[nodiscard]] Result<std::string, Error> nodeNamedIn(OpenSshCommand::Tool tool, const OpenSshWords& words);

/// The whole command line, program name first.
[[nodiscard]] Words openSshCommandLine(OpenSshCommand::Tool tool, const OpenSshWords& words, const SshRoute& route);

/// The block of ssh_config(5) for a node.
[[nodiscard]] std::string sshConfigBlock(std::string_view name, const SshRoute& route);

} // namespace fb::cli
