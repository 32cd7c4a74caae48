// SPDX-License-Identifier: Apache-2.0
// Which users of this machine may command the agent. The kernel says who they are (SO_PEERCRED); the socket file's mode
// is the first fence, this is the second.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"

#include <sys/types.h>

#include <vector>

namespace fb::agent {

struct PeerAccess {
    std::vector<uid_t> users;
    std::vector<gid_t> groups; ///< primary or supplementary
};

/// Root and the agent's own user always may. Fails with NotPermitted; the context names the user.
[[nodiscard]] Result<void, Error> checkPeer(int socket, const PeerAccess& access);

} // namespace fb::agent
