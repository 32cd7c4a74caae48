// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/Spawn.h"

#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <utility>

namespace fb::runtime {

namespace {

std::vector<char*> pointersTo(const std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    pointers.reserve(texts.size() + 1);
    for (const auto& text : texts)
        pointers.push_back(const_cast<char*>(text.c_str())); // posix_spawnp(3) does not write to them
    pointers.push_back(nullptr);
    return pointers;
}

class Attributes {
public:
    explicit Attributes(Child::Place place)
    {
        posix_spawnattr_init(&m_attributes);
        sigset_t none;
        sigset_t defaults;
        sigemptyset(&none);
        sigemptyset(&defaults);
        if (place == Child::Place::Apart)
            sigfillset(&defaults);
        else
            sigaddset(&defaults, SIGPIPE); // ignored by our programs; all else is as it was inherited
        posix_spawnattr_setsigmask(&m_attributes, &none);
        posix_spawnattr_setsigdefault(&m_attributes, &defaults);
        const int session = place == Child::Place::Apart ? POSIX_SPAWN_SETSID : 0;
        posix_spawnattr_setflags(&m_attributes,
                                 static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | session));
    }
    ~Attributes() { posix_spawnattr_destroy(&m_attributes); }
    Attributes(const Attributes&) = delete;
    Attributes& operator=(const Attributes&) = delete;

    [[nodiscard]] const posix_spawnattr_t* get() const { return &m_attributes; }

private:
    posix_spawnattr_t m_attributes{};
};

class Actions {
public:
    explicit Actions(const Child& child)
    {
        posix_spawn_file_actions_init(&m_actions);
        if (child.input != STDIN_FILENO)
            posix_spawn_file_actions_adddup2(&m_actions, child.input, STDIN_FILENO);
        if (child.output != STDOUT_FILENO)
            posix_spawn_file_actions_adddup2(&m_actions, child.output, STDOUT_FILENO);
        if (child.place == Child::Place::Apart)
            posix_spawn_file_actions_addclosefrom_np(&m_actions, STDERR_FILENO + 1);
    }
    ~Actions() { posix_spawn_file_actions_destroy(&m_actions); }
    Actions(const Actions&) = delete;
    Actions& operator=(const Actions&) = delete;

    [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &m_actions; }

private:
    posix_spawn_file_actions_t m_actions{};
};

/// The C library's own declaration cannot be linked from C++ in Debian 12 (no extern "C"). Close-on-exec by nature.
int openPidfd(pid_t pid)
{
    return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0));
}

} // namespace

Result<Spawned, Error> spawn(const Child& child)
{
    const Attributes attributes(child.place);
    const Actions actions(child);
    const auto arguments = pointersTo(child.commandLine);
    const auto environment = child.environment ? pointersTo(*child.environment) : std::vector<char*>();
    pid_t pid = 0;
    const int problem = posix_spawnp(&pid, arguments.front(), actions.get(), attributes.get(), arguments.data(),
                                     child.environment ? environment.data() : environ);
    if (problem != 0)
        return failure(Error{ErrorCode::SystemError, "starting " + child.commandLine.front(), problem});
    FileDescriptor end(openPidfd(pid));
    if (!end.isOpen()) {
        const int refused = errno;
        ::kill(pid, SIGKILL);
        ::waitpid(pid, nullptr, 0);
        return failure(Error{ErrorCode::SystemError, "watching " + child.commandLine.front(), refused});
    }
    return Spawned{pid, std::move(end)};
}

int exitCodeOf(int waitStatus)
{
    constexpr int kSignalBase = 128;
    return WIFEXITED(waitStatus) ? WEXITSTATUS(waitStatus) : kSignalBase + WTERMSIG(waitStatus);
}

} // namespace fb::runtime
