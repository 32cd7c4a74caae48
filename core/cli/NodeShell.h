// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end with something on its standard input, and gives back what it wrote. Standard error is the
// user's: OpenSSH asks for passwords and says what is wrong there.
#pragma once

#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/cli/OpenSsh.h"

#include <string>

namespace fb::cli {

struct ShellRun {
    int exitCode = 0;
    std::string out;
};

class NodeShell {
public:
    virtual ~NodeShell() = default;
    /// Fails with SystemError if it cannot be started, TimedOut if it took longer than `limit`, LimitReached if it
    /// wrote too much, and Cancelled if the user interrupts; it is then ended.
    [[nodiscard]] virtual Result<ShellRun, Error> run(const Words& commandLine, const Secret& input,
                                                      Duration limit) = 0;
};

class SystemNodeShell final : public NodeShell {
public:
    static constexpr std::size_t kOutputBytesMax = 1U << 20U;
    /// For a program that is told to end; then it is killed.
    static constexpr Duration kGrace = std::chrono::seconds(1);

    explicit SystemNodeShell(int interrupt) : m_interrupt(interrupt) {}
    [[nodiscard]] Result<ShellRun, Error> run(const Words& commandLine, const Secret& input, Duration limit) override;

private:
    int m_interrupt; ///< readable once the user wants to stop
};

} // namespace fb::cli
