// SPDX-License-Identifier: Apache-2.0
#include "core/agent/ControlAddress.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <optional>

namespace fb::agent {

namespace {

constexpr int kBacklog = 32;

std::optional<sockaddr_un> addressOf(const std::string& path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.empty() || path.size() >= sizeof(address.sun_path))
        return std::nullopt;
    path.copy(static_cast<char*>(address.sun_path), path.size());
    return address;
}

FileDescriptor newSocket()
{
    return FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
}

const sockaddr* generic(const sockaddr_un& address)
{
    // The one cast that the sockets interface itself asks for.
    return static_cast<const sockaddr*>(static_cast<const void*>(&address));
}

} // namespace

Result<FileDescriptor, Error> connectControlSocket(const std::string& path)
{
    const auto address = addressOf(path);
    auto socket = newSocket();
    if (!address || !socket.isOpen())
        return failure(Error{ErrorCode::AgentUnavailable, path, address ? errno : ENAMETOOLONG});
    if (::connect(socket.get(), generic(*address), sizeof(*address)) != 0)
        return failure(Error{ErrorCode::AgentUnavailable, path, errno});
    return socket;
}

Result<FileDescriptor, Error> listenOnControlSocket(const std::string& path, unsigned mode)
{
    const auto address = addressOf(path);
    auto socket = newSocket();
    if (!address || !socket.isOpen())
        return failure(Error{ErrorCode::SystemError, path, address ? errno : ENAMETOOLONG});
    std::error_code ignored; // if it could not be made, bind() says why
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    if (connectControlSocket(path))
        return failure(Error{ErrorCode::LimitReached, path + ": another agent is running"});
    struct stat status = {};
    if (::lstat(path.c_str(), &status) == 0 && S_ISSOCK(status.st_mode))
        ::unlink(path.c_str());
    // Made for nobody, so that there is no moment in which the wrong user can connect.
    const auto before = ::umask(0777);
    const int bound = ::bind(socket.get(), generic(*address), sizeof(*address));
    const int problem = errno;
    ::umask(before);
    if (bound != 0)
        return failure(Error{ErrorCode::SystemError, path, problem});
    if (::listen(socket.get(), kBacklog) != 0 || ::chmod(path.c_str(), mode) != 0)
        return failure(Error{ErrorCode::SystemError, path, errno});
    return socket;
}

} // namespace fb::agent
