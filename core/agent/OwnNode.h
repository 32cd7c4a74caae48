// SPDX-License-Identifier: Apache-2.0
// A node inside a user's program, for where no agent runs: on this machine's interfaces, with that user's secrets.
#pragma once

#include "core/agent/Log.h"
#include "core/agent/Service.h"
#include "core/base/Error.h"
#include "core/base/Result.h"

#include <memory>
#include <string>
#include <vector>

namespace fb::agent {

struct OwnNode {
    std::vector<std::string> interfaces{}; ///< its ports at first
    std::string captureHelper;             ///< the program that opens interfaces for a user without the right to
    LogSink log;
};

/// Fails as readSecrets() and NetlinkMonitor::create().
[[nodiscard]] Result<std::unique_ptr<Service>, Error> openOwnNode(OwnNode node);

} // namespace fb::agent
