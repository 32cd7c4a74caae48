// SPDX-License-Identifier: Apache-2.0
#include "app/agent/Notify.h"

#include "core/base/FileDescriptor.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <cstddef>
#include <cstdlib>
#include <string>

void notifyServiceManager(std::string_view state)
{
    const char* path = std::getenv("NOTIFY_SOCKET");
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string name = path ? path : "";
    if (name.size() < 2 || name.size() >= sizeof(address.sun_path))
        return;
    name.copy(static_cast<char*>(address.sun_path), name.size());
    if (name.front() == '@')
        address.sun_path[0] = '\0'; // the abstract namespace
    const fb::FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const auto bytes = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL,
             static_cast<const sockaddr*>(static_cast<const void*>(&address)), bytes);
}
