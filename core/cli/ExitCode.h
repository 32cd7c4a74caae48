// SPDX-License-Identifier: Apache-2.0
// What footbridgectl's exit codes mean, and the one line on standard error that goes with each failure: what failed,
// for which device, what to try. docs/footbridgectl.md lists the codes.
#pragma once

#include "core/base/Error.h"

#include <string>
#include <string_view>

namespace fb::cli {

enum class ExitCode : int {
    Ok = 0,
    Negative = 1,    ///< the question was asked and the answer is no: nobody answered, nothing is there
    Usage = 2,       ///< the command line makes no sense
    NoAgent = 3,     ///< no agent answers, or it may not be used
    NoSuchNode = 4,  ///< no node fits the name, or several do
    Unreachable = 5, ///< no path, refused, timed out, or the far end went away
    Failed = 6,      ///< anything else: limits, versions, the operating system
    Interrupted = 130,
};

[[nodiscard]] ExitCode exitCodeFor(ErrorCode code);

/// One line without a line break. `subject` is the device or thing it happened to; empty: the error's own context.
[[nodiscard]] std::string explain(const Error& error, std::string_view subject);

} // namespace fb::cli
