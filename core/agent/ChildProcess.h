// SPDX-License-Identifier: Apache-2.0
// One program started by the agent, with a socket as its standard input and output. It is watched by a pidfd, so that
// no signal handler is needed and no foreign process can be meant. Whoever owns it ends it. One thread.
#pragma once

#include "core/agent/ServiceTable.h"
#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Result.h"

#include <sys/types.h>

#include <optional>

namespace fb::agent {

class ChildProcess {
public:
    /// Standard error stays the agent's. Fails with SystemError, the context naming the program.
    [[nodiscard]] static Result<ChildProcess, Error> start(const ServiceProgram& program, FileDescriptor socket);

    ChildProcess(ChildProcess&&) = default;
    ChildProcess& operator=(ChildProcess&&) = default;

    [[nodiscard]] pid_t pid() const { return m_pid; }
    /// Readable once the program has ended.
    [[nodiscard]] int pollDescriptor() const { return m_descriptor.get(); }
    /// How the program ended, such as "exit code 1"; none while it runs. Frees its entry in the process table.
    [[nodiscard]] std::optional<std::string> reap();
    void signal(int number);

private:
    ChildProcess(pid_t pid, FileDescriptor descriptor) : m_pid(pid), m_descriptor(std::move(descriptor)) {}

    pid_t m_pid;
    FileDescriptor m_descriptor;
};

} // namespace fb::agent
