// SPDX-License-Identifier: Apache-2.0
#include "core/agent/SocketPair.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>

namespace fb::agent {

Result<SocketPair, Error> makeSocketPair()
{
    int ends[2] = {-1, -1};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return failure(Error{ErrorCode::SystemError, "socket pair", errno});
    SocketPair pair{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
    if (::fcntl(pair.ours.get(), F_SETFL, O_NONBLOCK) != 0)
        return failure(Error{ErrorCode::SystemError, "socket pair", errno});
    return pair;
}

} // namespace fb::agent
