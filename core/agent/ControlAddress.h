// SPDX-License-Identifier: Apache-2.0
// Opening both ends of the control socket.
#pragma once

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"

#include <string>

namespace fb::agent {

inline constexpr const char* kControlSocketPath = "/run/footbridge/agent.sock";

/// A connected socket that does not block. Fails with AgentUnavailable and the errno.
[[nodiscard]] Result<FileDescriptor, Error> connectControlSocket(const std::string& path);

/// A listening socket that does not block, with the given mode. A socket that a dead agent has left is replaced.
/// Fails with SystemError; LimitReached if another agent listens there.
[[nodiscard]] Result<FileDescriptor, Error> listenOnControlSocket(const std::string& path, unsigned mode);

} // namespace fb::agent
