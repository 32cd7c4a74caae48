// SPDX-License-Identifier: Apache-2.0
// Starts other programs. One place decides what they inherit: no signal stays blocked, and of the descriptors only
// those they are meant to have.
#pragma once

#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"

#include <sys/types.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <vector>

namespace fb::runtime {

struct Child {
    std::vector<std::string> commandLine;                ///< the program first; without a slash PATH is searched
    std::optional<std::vector<std::string>> environment; ///< none: ours
    int input = STDIN_FILENO;                            ///< of ours: its standard input
    int output = STDOUT_FILENO;                          ///< likewise; standard error is ours
    enum class Place {
        /// As from a shell: on our terminal, in our session. What whoever started us had ignored stays ignored, what we
        /// ignore does not.
        Here,
        /// A session of its own (a Ctrl-C at our terminal is not for it), default signals, no descriptor above 2.
        Apart
    } place = Place::Here;
};

struct Spawned {
    pid_t pid = 0;
    /// A pidfd, readable once the child has ended: no signal handler is needed, and no other process can be meant.
    FileDescriptor end;
};

/// Whoever gets it waits for it. Fails with SystemError, the context naming the program.
[[nodiscard]] Result<Spawned, Error> spawn(const Child& child);

/// As shells count: the program's own, or 128 and the signal that ended it.
[[nodiscard]] int exitCodeOf(int waitStatus);

} // namespace fb::runtime
