// SPDX-License-Identifier: Apache-2.0
#include "core/agent/PeerAccess.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>

namespace fb::agent {

namespace {

/// As many as the kernel allows a process (NGROUPS_MAX).
constexpr std::size_t kGroupsMax = 65536;

std::vector<gid_t> groupsOf(int socket, gid_t primary)
{
    std::vector<gid_t> groups(64);
    for (;;) {
        auto bytes = static_cast<socklen_t>(groups.size() * sizeof(gid_t));
        if (::getsockopt(socket, SOL_SOCKET, SO_PEERGROUPS, groups.data(), &bytes) == 0) {
            groups.resize(bytes / sizeof(gid_t));
            break;
        }
        if (errno != ERANGE || groups.size() >= kGroupsMax) {
            groups.clear();
            break;
        }
        groups.resize(groups.size() * 4);
    }
    groups.push_back(primary);
    return groups;
}

} // namespace

Result<void, Error> checkPeer(int socket, const PeerAccess& access)
{
    ucred peer{};
    socklen_t bytes = sizeof(peer);
    if (::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &bytes) != 0)
        return failure(Error{ErrorCode::NotPermitted, "the other side of the control socket is unknown", errno});
    if (peer.uid == 0 || peer.uid == ::geteuid() || std::ranges::find(access.users, peer.uid) != access.users.end())
        return {};
    if (!access.groups.empty()) {
        const auto groups = groupsOf(socket, peer.gid);
        if (std::ranges::find_first_of(groups, access.groups) != groups.end())
            return {};
    }
    return failure(Error{ErrorCode::NotPermitted,
                         "user " + std::to_string(peer.uid) + " may not use this agent ([control] users)"});
}

} // namespace fb::agent
