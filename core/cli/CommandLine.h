// SPDX-License-Identifier: Apache-2.0
// From the words of the command line to an Invocation. CLI11 reads all but what belongs to OpenSSH.
#pragma once

#include "core/cli/ExitCode.h"
#include "core/cli/Invocation.h"

#include <span>
#include <string>
#include <variant>

namespace fb::cli {

/// Nothing to run: a help text or the version (Ok), or what is wrong with the words (Usage).
struct Notice {
    ExitCode exitCode = ExitCode::Ok;
    std::string text;
};

/// `arguments` without the program's name. Reads the environment variable FOOTBRIDGE_SOCKET.
[[nodiscard]] std::variant<Invocation, Notice> parseCommandLine(std::span<const std::string> arguments);

} // namespace fb::cli
