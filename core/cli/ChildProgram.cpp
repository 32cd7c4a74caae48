// SPDX-License-Identifier: Apache-2.0
#include "core/cli/ChildProgram.h"

#include "core/runtime/Spawn.h"

#include <sys/wait.h>

#include <csignal>

namespace fb::cli {

namespace {

sigset_t watchedSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGCHLD, SIGTERM, SIGHUP, SIGINT, SIGQUIT})
        sigaddset(&set, signal);
    return set;
}

int waitFor(pid_t child, const sigset_t& watched)
{
    for (;;) {
        int status = 0;
        if (waitpid(child, &status, WNOHANG) == child)
            return runtime::exitCodeOf(status);
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
    const auto child = runtime::spawn({.commandLine = commandLine, .environment = {}});
    const int exitCode = child ? waitFor(child->pid, watched) : 0;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    if (!child)
        return failure(child.error());
    return exitCode;
}

} // namespace fb::cli
