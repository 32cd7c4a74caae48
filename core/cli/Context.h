// SPDX-License-Identifier: Apache-2.0
// What every command gets: its talk with the agent, where to write, and the options that hold for all commands.
#pragma once

#include "core/agent/Json.h"
#include "core/base/Error.h"
#include "core/cli/Console.h"
#include "core/cli/Conversation.h"
#include "core/cli/ExitCode.h"
#include "core/cli/Invocation.h"

#include <string_view>

namespace fb::cli {

struct Context {
    Conversation& talk;
    Console& console;
    const GlobalOptions& global;
    /// Where the service runs: in an agent of its own, or in this process and no longer than it.
    enum class Host { Agent, ThisProcess } host = Host::Agent;
};

/// One JSON object on a line of its own, written through at once.
void printJson(Console& console, const agent::Json& json);

/// Says what went wrong, in words to the messages and, with --json, as an object to the output as well.
[[nodiscard]] ExitCode fail(Console& console, Format format, const Error& error, std::string_view subject);
[[nodiscard]] ExitCode fail(Context& context, const Error& error, std::string_view subject);

} // namespace fb::cli
