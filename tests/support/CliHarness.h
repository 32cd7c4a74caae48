// SPDX-License-Identifier: Apache-2.0
// Runs footbridgectl's logic in a test: words in, exit code and output out, on an agent that the test plays.
#pragma once

#include "core/cli/CommandLine.h"
#include "core/cli/Program.h"
#include "tests/support/FakeService.h"
#include "tests/support/FakeWaiter.h"

#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace fb::test {

/// Hands out one FakeService, or says why there is none.
class FakeServices final : public cli::ServiceSource {
public:
    [[nodiscard]] Result<std::unique_ptr<agent::Service>, Error> connect(const std::string& socket) override
    {
        sockets.push_back(socket);
        if (problem)
            return failure(*problem);
        return make();
    }
    [[nodiscard]] Result<std::unique_ptr<agent::Service>, Error> makeOwn() override
    {
        ++ownMade;
        return make();
    }

    FakeService::Script script;
    std::optional<Error> problem;   ///< of connect()
    FakeService* service = nullptr; ///< the last one made; lives as long as the command
    std::vector<std::string> sockets;
    int ownMade = 0;
    std::vector<agent::Command> submitted; ///< kept beyond the service

private:
    std::unique_ptr<agent::Service> make()
    {
        auto made = std::make_unique<FakeService>(
            [this](FakeService& fake, agent::RequestId request, const agent::Command& command) {
                submitted.push_back(command);
                if (script)
                    script(fake, request, command);
            });
        service = made.get();
        return made;
    }
};

/// Secrets that the test types, in order.
class FakeSecretInput final : public cli::SecretInput {
public:
    [[nodiscard]] bool isTerminal() const override { return terminal; }
    [[nodiscard]] Result<Secret, Error> next(const std::string& prompt) override
    {
        prompts.push_back(prompt);
        if (lines.empty())
            return failure(Error{ErrorCode::Cancelled, "there is no secret on standard input"});
        Secret secret(lines.front());
        lines.erase(lines.begin());
        return secret;
    }

    bool terminal = false;
    std::vector<std::string> lines;
    std::vector<std::string> prompts;
};

/// Programs that the test plays.
class FakeNodeShell final : public cli::NodeShell {
public:
    using Script = std::function<Result<cli::ShellRun, Error>(const cli::Words& commandLine, const Secret& input)>;

    [[nodiscard]] Result<cli::ShellRun, Error> run(const cli::Words& commandLine, const Secret& input,
                                                   Duration) override
    {
        return script(commandLine, input);
    }

    Script script;
};

struct CliRun {
    int exitCode = 0; ///< of a command; 0 if a session is to be started
    std::string out;
    std::string messages;
    cli::Words commandLine; ///< of the program that the session runs

    /// The only line of the output.
    [[nodiscard]] std::string json() const { return out.substr(0, out.find('\n')); }
};

class CliHarness {
public:
    FakeServices services;
    FakeWaiter waiter;
    cli::StandardStreams streams;
    FakeSecretInput secretInput;
    FakeNodeShell shell;
    cli::Surroundings surroundings{"/usr/bin/footbridgectl", "", cli::Surroundings::Questions::NobodyThere};
    cli::Console::Kind outKind = cli::Console::Kind::File;

    [[nodiscard]] CliRun run(const std::vector<std::string>& words)
    {
        CliRun result;
        const auto parsed = cli::parseCommandLine(words);
        if (const auto* notice = std::get_if<cli::Notice>(&parsed)) {
            result.exitCode = static_cast<int>(notice->exitCode);
            (notice->exitCode == cli::ExitCode::Ok ? result.out : result.messages) = notice->text;
            return result;
        }
        std::ostringstream out;
        std::ostringstream messages;
        cli::Console console{out, messages, outKind};
        cli::Program program({services, waiter, console, streams, surroundings, secretInput, shell});
        const auto outcome = program.run(std::get<cli::Invocation>(parsed));
        if (const auto* exitCode = std::get_if<cli::ExitCode>(&outcome))
            result.exitCode = static_cast<int>(*exitCode);
        else
            result.commandLine = std::get<cli::Session>(outcome).commandLine;
        result.out = out.str();
        result.messages = messages.str();
        return result;
    }
};

} // namespace fb::test
