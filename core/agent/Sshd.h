// SPDX-License-Identifier: Apache-2.0
// The SSH service of a Linux node: the system's own sshd in inetd mode, with real accounts, keys and PAM.
#pragma once

#include "core/agent/Config.h"
#include "core/agent/ServiceTable.h"

namespace fb::agent {

/// What to start for each stream to data port 3.
[[nodiscard]] ServiceProgram sshdProgram(const SshConfig& config);

} // namespace fb::agent
