// SPDX-License-Identifier: Apache-2.0
// Who wants in, and how long each step of getting in may take. Plain values, given to a Session once.
#pragma once

#include "core/base/Instant.h"
#include "core/base/Secret.h"

#include <chrono>
#include <string>
#include <vector>

namespace fb::ssh {

struct Login {
    enum class Keys { TryAgentAndFiles, Skip };

    std::string user;
    Secret password; ///< tried once, before the user is asked; empty: ask at once
    Keys keys = Keys::TryAgentAndFiles;
    /// Private keys tried in this order, after the agent's. One that cannot be read or wants a passphrase is passed
    /// over: such keys belong into the agent.
    std::vector<std::string> keyFiles;
    std::string agentSocket; ///< path of the agent's socket ($SSH_AUTH_SOCK); empty: no agent
};

/// A Login for `user` with the agent of this environment and the usual key files of ~/.ssh that exist.
[[nodiscard]] Login defaultLogin(std::string user);

/// How long a stage may last without its end; afterwards the session fails with TimedOut and the stage's name.
struct TimeLimits {
    Duration keyExchange = std::chrono::seconds(30);
    Duration hostKeyAnswer = std::chrono::minutes(10);  ///< a person is reading a fingerprint
    Duration authentication = std::chrono::seconds(60); ///< every exchange with the far end, not the person's time
    Duration passwordAnswer = std::chrono::minutes(10); ///< a person is typing
    Duration channelOpening = std::chrono::seconds(30);
};

} // namespace fb::ssh
