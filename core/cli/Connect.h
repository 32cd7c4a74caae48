// SPDX-License-Identifier: Apache-2.0
// footbridgectl connect: joins standard input and output to a stream, or hands the stream's socket to the program at
// the other end of standard output (OpenSSH's ProxyUseFdpass).
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/cli/Context.h"

namespace fb::cli {

/// The descriptors of the program that started us.
struct StandardStreams {
    int in = 0;
    int out = 1;
    int interrupts = -1; ///< readable once the user wants to stop; -1: never
};

[[nodiscard]] ExitCode runConnect(Context& context, const ConnectCommand& command, const StandardStreams& streams);

/// One byte with the descriptor beside it (SCM_RIGHTS), as OpenSSH expects it. Fails with SystemError, such as
/// ENOTSOCK.
[[nodiscard]] Result<void, Error> passDescriptor(int socket, int descriptor);

} // namespace fb::cli
