// SPDX-License-Identifier: Apache-2.0
// Two connected stream sockets: one for the agent, one for the program that is to read and write a stream.
#pragma once

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"

namespace fb::agent {

struct SocketPair {
    FileDescriptor ours;   ///< does not block
    FileDescriptor theirs; ///< blocks, as programs expect of their standard input
};

/// Fails with SystemError: the process or the system has no descriptors left.
[[nodiscard]] Result<SocketPair, Error> makeSocketPair();

} // namespace fb::agent
