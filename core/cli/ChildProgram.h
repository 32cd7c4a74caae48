// SPDX-License-Identifier: Apache-2.0
// Runs another program in the foreground and waits for it, as a shell does: the terminal and its signals are the
// child's until it ends.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/cli/OpenSsh.h"

namespace fb::cli {

/// The child's exit code, or 128 plus the signal that ended it. Ctrl-C and Ctrl-Backslash are for the child alone;
/// SIGTERM and SIGHUP are passed on to it. Looks the program up in PATH. Fails with SystemError if it cannot be
/// started.
[[nodiscard]] Result<int, Error> runChild(const Words& commandLine);

} // namespace fb::cli
