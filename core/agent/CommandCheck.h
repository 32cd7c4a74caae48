// SPDX-License-Identifier: Apache-2.0
// Whether a command makes sense by itself, before anything is done about it: the ranges that Command.h promises.
#pragma once

#include "core/agent/Command.h"
#include "core/base/Error.h"
#include "core/base/Result.h"

namespace fb::agent {

/// Fails with InvalidArgument; the context names the member and what is allowed.
[[nodiscard]] Result<void, Error> checkCommand(const Command& command);

} // namespace fb::agent
