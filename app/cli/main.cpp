// SPDX-License-Identifier: Apache-2.0
// footbridgectl: the overlay from the command line. This file joins the parts; what they do is in core/cli.
#include "core/agent/OwnNode.h"
#include "core/agent/RemoteService.h"
#include "core/cli/ChildProgram.h"
#include "core/cli/CommandLine.h"
#include "core/cli/Program.h"
#include "core/runtime/UserDirectories.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <iostream>

using namespace fb;

namespace {

std::filesystem::path ownPath()
{
    std::error_code problem;
    return std::filesystem::read_symlink("/proc/self/exe", problem);
}

class SystemServices final : public cli::ServiceSource {
public:
    [[nodiscard]] Result<std::unique_ptr<agent::Service>, Error> connect(const std::string& socket) override
    {
        return agent::RemoteService::connect(socket);
    }

    [[nodiscard]] Result<std::unique_ptr<agent::Service>, Error> makeOwn() override
    {
        return agent::openOwnNode({.captureHelper = ownPath().replace_filename("footbridge-capture"),
                                   .log = [](agent::LogLevel level, const std::string& line) {
                                       if (level <= agent::LogLevel::Warning)
                                           std::cerr << "footbridgectl: " + line + '\n';
                                   }});
    }
};

cli::Console consoleOf(std::ostream& out, std::ostream& messages)
{
    cli::Console console{out, messages};
    if (isatty(STDOUT_FILENO) == 0)
        return console;
    console.outKind = cli::Console::Kind::Terminal;
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0) {
        console.rows = size.ws_row;
        console.columns = size.ws_col;
    }
    return console;
}

int run(const cli::Invocation& invocation)
{
    cli::SystemWaiter waiter; // before the service's thread, which must not take the signals
    SystemServices services;
    cli::Console console = consoleOf(std::cout, std::cerr);
    const auto questions =
        isatty(STDIN_FILENO) != 0 ? cli::Surroundings::Questions::CanAsk : cli::Surroundings::Questions::NobodyThere;
    cli::SystemSecretInput secretInput(STDIN_FILENO, STDERR_FILENO, waiter.interruptDescriptor());
    cli::SystemNodeShell shell(waiter.interruptDescriptor());
    cli::Program program(
        {.services = services,
         .waiter = waiter,
         .console = console,
         .streams = {STDIN_FILENO, STDOUT_FILENO, waiter.interruptDescriptor()},
         .surroundings = {ownPath(), runtime::userConfigDirectory(), questions, runtime::userStateDirectory()},
         .secretInput = secretInput,
         .shell = shell});
    const auto outcome = program.run(invocation);
    if (const auto* exitCode = std::get_if<cli::ExitCode>(&outcome))
        return static_cast<int>(*exitCode);
    const auto& session = std::get<cli::Session>(outcome);
    const auto exitCode = cli::runChild(session.commandLine);
    if (!exitCode) {
        std::cerr << "footbridgectl: " << cli::explain(exitCode.error(), "") << "; is OpenSSH's client installed?\n";
        return static_cast<int>(cli::ExitCode::Failed);
    }
    if (*exitCode == cli::kOpenSshFailed)
        program.sessionFailed(invocation.global, session);
    return *exitCode;
}

} // namespace

int main(int argc, char** argv)
{
    std::signal(SIGCHLD, SIG_DFL); // children are waited for, whatever was inherited
    std::signal(SIGPIPE, SIG_IGN); // a closed pipe is an error of the write that meets it
    const std::vector<std::string> arguments(argv + 1, argv + std::max(argc, 1));
    const auto parsed = cli::parseCommandLine(arguments);
    if (const auto* notice = std::get_if<cli::Notice>(&parsed)) {
        (notice->exitCode == cli::ExitCode::Ok ? std::cout : std::cerr) << notice->text << std::flush;
        return static_cast<int>(notice->exitCode);
    }
    return run(std::get<cli::Invocation>(parsed));
}
