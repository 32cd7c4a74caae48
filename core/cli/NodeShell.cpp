// SPDX-License-Identifier: Apache-2.0
#include "core/cli/NodeShell.h"

#include "core/base/FileDescriptor.h"
#include "core/runtime/SystemClock.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <string_view>

namespace fb::cli {

namespace {

constexpr int kSignalBase = 128; ///< as shells count

struct Pipe {
    FileDescriptor read;
    FileDescriptor write;
};

Result<Pipe, Error> makePipe()
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return failure(Error{ErrorCode::SystemError, "a pipe", errno});
    return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// The child starts as if from a shell: nothing is blocked, nothing ignored.
int spawn(const Words& commandLine, const Pipe& in, const Pipe& out, pid_t& child)
{
    std::vector<char*> arguments;
    for (const auto& word : commandLine)
        arguments.push_back(const_cast<char*>(word.c_str())); // posix_spawnp(3) does not write to them
    arguments.push_back(nullptr);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    sigset_t ours;
    sigemptyset(&ours);
    sigaddset(&ours, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &ours);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, in.read.get(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out.write.get(), STDOUT_FILENO);
    const int problem = posix_spawnp(&child, arguments[0], &actions, &attributes, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    return problem;
}

int exitCodeOf(pid_t child)
{
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalBase + WTERMSIG(status);
}

/// Until the child closes its output. What it does not read of its input stays in the pipe, which has room for it.
Result<std::string, Error> readAll(int out, int interrupt, Instant end)
{
    std::string text;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - runtime::now());
        if (left.count() <= 0)
            return failure(Error{ErrorCode::TimedOut, "the node's answer"});
        std::array<pollfd, 2> waited{pollfd{out, POLLIN, 0}, pollfd{interrupt, POLLIN, 0}};
        if (::poll(waited.data(), waited.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
            return failure(Error{ErrorCode::SystemError, "waiting for the node's answer", errno});
        if (waited[1].revents != 0)
            return failure(Error{ErrorCode::Cancelled, "interrupted"});
        if (waited[0].revents == 0)
            continue;
        std::array<char, 4096> buffer{};
        const auto got = ::read(out, buffer.data(), buffer.size());
        if (got == 0)
            return text;
        if (got > 0)
            text.append(buffer.data(), static_cast<std::size_t>(got));
        else if (errno != EINTR)
            return failure(Error{ErrorCode::SystemError, "reading the node's answer", errno});
        if (text.size() > SystemNodeShell::kOutputBytesMax)
            return failure(Error{ErrorCode::LimitReached, "bytes of the node's answer"});
    }
}

} // namespace

Result<ShellRun, Error> SystemNodeShell::run(const Words& commandLine, const Secret& input, Duration limit)
{
    auto in = makePipe();
    auto out = makePipe();
    if (!in || !out)
        return failure(in ? out.error() : in.error());
    pid_t child = 0;
    if (const int problem = spawn(commandLine, *in, *out, child); problem != 0)
        return failure(Error{ErrorCode::SystemError, "running " + commandLine.front(), problem});
    in->read.reset();
    out->write.reset();
    // A secret and its line end: far less than a pipe holds, so this never waits.
    const auto& text = input.reveal();
    [[maybe_unused]] const auto written = ::write(in->write.get(), text.data(), text.size());
    in->write.reset();
    auto answer = readAll(out->read.get(), m_interrupt, runtime::now() + limit);
    if (!answer) {
        ::kill(child, SIGTERM);
        std::ignore = exitCodeOf(child);
        return failure(answer.error());
    }
    return ShellRun{exitCodeOf(child), std::move(answer).value()};
}

} // namespace fb::cli
