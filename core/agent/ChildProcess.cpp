// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ChildProcess.h"

#include "core/runtime/Spawn.h"

#include <sys/syscall.h>
#include <sys/wait.h>

namespace fb::agent {

Result<ChildProcess, Error> ChildProcess::start(const ServiceProgram& program, FileDescriptor socket)
{
    auto spawned = runtime::spawn({.commandLine = program.argv,
                                   .environment = program.environment,
                                   .input = socket.get(),
                                   .output = socket.get(),
                                   .place = runtime::Child::Place::Apart});
    if (!spawned)
        return failure(spawned.error());
    return ChildProcess(spawned->pid, std::move(spawned->end));
}

std::optional<std::string> ChildProcess::reap()
{
    siginfo_t info{};
    if (::waitid(P_PIDFD, static_cast<id_t>(m_descriptor.get()), &info, WEXITED | WNOHANG) != 0)
        return "unknown";
    if (info.si_pid == 0)
        return std::nullopt;
    return (info.si_code == CLD_EXITED ? "exit code " : "signal ") + std::to_string(info.si_status);
}

void ChildProcess::signal(int number)
{
    ::syscall(SYS_pidfd_send_signal, m_descriptor.get(), number, nullptr, 0);
}

} // namespace fb::agent
