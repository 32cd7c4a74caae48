// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ChildProcess.h"

#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace fb::agent {

namespace {

std::vector<char*> pointersTo(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (auto& text : texts)
        pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// posix_spawn with the socket as descriptors 0 and 1, none above 2, default signals, a session of its own (a Ctrl-C
/// at the agent's terminal is not for it).
int spawn(pid_t& pid, const ServiceProgram& program, int socket)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, socket, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID);
    auto arguments = program.argv;
    auto environment = program.environment;
    const int problem = posix_spawn(&pid, program.argv.front().c_str(), &actions, &attributes,
                                    pointersTo(arguments).data(), pointersTo(environment).data());
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

/// The C library's own declaration cannot be linked from C++ in Debian 12 (no extern "C"). Close-on-exec by nature.
int openPidfd(pid_t pid)
{
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

} // namespace

Result<ChildProcess, Error> ChildProcess::start(const ServiceProgram& program, FileDescriptor socket)
{
    pid_t pid = 0;
    if (const int problem = spawn(pid, program, socket.get()))
        return failure(Error{ErrorCode::SystemError, "starting " + program.argv.front(), problem});
    FileDescriptor descriptor(openPidfd(pid));
    if (!descriptor.isOpen()) {
        const int problem = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return failure(Error{ErrorCode::SystemError, "watching " + program.argv.front(), problem});
    }
    return ChildProcess(pid, std::move(descriptor));
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
