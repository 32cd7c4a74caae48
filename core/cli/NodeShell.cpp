// SPDX-License-Identifier: Apache-2.0
#include "core/cli/NodeShell.h"

#include "core/base/FileDescriptor.h"
#include "core/runtime/Spawn.h"
#include "core/runtime/SystemClock.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace fb::cli {

namespace {

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

/// Fails with TimedOut, Cancelled, or SystemError.
Result<void, Error> awaitReadable(int descriptor, int interrupt, Instant end)
{
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - runtime::now());
        if (left.count() <= 0)
            return failure(Error{ErrorCode::TimedOut, "the node's answer"});
        std::array<pollfd, 2> waited{pollfd{descriptor, POLLIN, 0}, pollfd{interrupt, POLLIN, 0}};
        if (::poll(waited.data(), waited.size(), static_cast<int>(left.count())) < 0 && errno != EINTR)
            return failure(Error{ErrorCode::SystemError, "waiting for the node's answer", errno});
        if (waited[1].revents != 0)
            return failure(Error{ErrorCode::Cancelled, "interrupted"});
        if (waited[0].revents != 0)
            return {};
    }
}

/// Until the child closes its output. What it does not read of its input stays in the pipe, which has room for it.
Result<std::string, Error> readAll(int out, int interrupt, Instant end)
{
    std::string text;
    for (;;) {
        if (const auto waited = awaitReadable(out, interrupt, end); !waited)
            return failure(waited.error());
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

/// A child that closed its output may run on: its end is waited for as well.
Result<std::string, Error> answerOf(int out, const FileDescriptor& childEnd, int interrupt, Instant end)
{
    auto text = readAll(out, interrupt, end);
    if (!text)
        return text;
    const auto ended = awaitReadable(childEnd.get(), interrupt, end);
    return ended ? std::move(text) : failure(ended.error());
}

void endChild(const runtime::Spawned& child)
{
    constexpr int kNoInterrupt = -1;
    ::kill(child.pid, SIGTERM);
    if (!awaitReadable(child.end.get(), kNoInterrupt, runtime::now() + SystemNodeShell::kGrace))
        ::kill(child.pid, SIGKILL);
}

int exitCodeOf(pid_t child)
{
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    return runtime::exitCodeOf(status);
}

} // namespace

Result<ShellRun, Error> SystemNodeShell::run(const Words& commandLine, const Secret& input, Duration limit)
{
    auto in = makePipe();
    auto out = makePipe();
    if (!in || !out)
        return failure(in ? out.error() : in.error());
    const auto child = runtime::spawn(
        {.commandLine = commandLine, .environment = {}, .input = in->read.get(), .output = out->write.get()});
    if (!child)
        return failure(child.error());
    in->read.reset();
    out->write.reset();
    // A secret and its line end: far less than a pipe holds, so this never waits.
    const auto& text = input.reveal();
    [[maybe_unused]] const auto written = ::write(in->write.get(), text.data(), text.size());
    in->write.reset();
    auto answer = answerOf(out->read.get(), child->end, m_interrupt, runtime::now() + limit);
    if (!answer)
        endChild(*child);
    const int exitCode = exitCodeOf(child->pid);
    if (!answer)
        return failure(answer.error());
    return ShellRun{exitCode, std::move(answer).value()};
}

} // namespace fb::cli
