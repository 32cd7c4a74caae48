// SPDX-License-Identifier: Apache-2.0
#include "core/cli/ChildProgram.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

namespace fb::cli {

namespace {

constexpr int kSignalBase = 128; ///< as shells count

sigset_t watchedSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT})
        sigaddset(&set, signal);
    return set;
}

/// The child starts as if from a shell: nothing is blocked.
int spawn(const Words& commandLine, pid_t& child)
{
    std::vector<char*> arguments;
    for (const auto& word : commandLine)
        arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawnp(3) does not write to them
    arguments.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t ours; // what this program ignores; all else is as it was inherited
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ours);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    const int problem = posix_spawnp(&child, arguments[0], nullptr, &attributes, arguments.data(), environ);
    posix_spawnattr_destroy(&attributes);
    return problem;
}

int waitFor(pid_t child, const sigset_t& watched)
{
    for (;;) {
        int status = 0;
        if (waitpid(child, &status, WNOHANG) == child)
            return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
        siginfo_t info{};
        const int signal = sigwaitinfo(&watched, &info);
        if (signal == SIGTERM || signal == SIGHUP)
            kill(child, signal);
    }
}

} // namespace

Result<int, Error> runChild(const Words& commandLine)
{
    // Blocked signals wait in the kernel, so none is lost between the question whether the child has ended and the
    // wait.
    const sigset_t watched = watchedSignals();
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, &watched, &before);
    pid_t child = 0;
    const int problem = spawn(commandLine, child);
    const int exitCode = problem == 0 ? waitFor(child, watched) : 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (problem != 0)
        return failure(Error{ErrorCode::SystemError, "running " + commandLine.front(), problem});
    return exitCode;
}

} // namespace fb::cli
