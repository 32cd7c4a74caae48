// SPDX-License-Identifier: Apache-2.0
#include "core/link/InterfaceFacts.h"

#include "core/base/FileDescriptor.h"

#include <net/if.h>
#include <net/if_arp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <iterator>
#include <span>

namespace fb::link {

Result<InterfaceFacts, Error> readInterfaceFacts(const std::string& interface)
{
    const auto failed = [&interface](ErrorCode code, int systemErrno) {
        return failure(Error{.code = code, .context = interface, .systemErrno = systemErrno});
    };
    ifreq request{};
    if (interface.empty() || interface.size() >= sizeof(request.ifr_name))
        return failed(ErrorCode::NoSuchInterface, 0);
    const FileDescriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    if (!socket.isOpen())
        return failed(ErrorCode::SystemError, errno);

    InterfaceFacts facts;
    std::ranges::copy(interface, std::begin(request.ifr_name));
    if (::ioctl(socket.get(), SIOCGIFHWADDR, &request) != 0)
        return failed(errno == ENODEV ? ErrorCode::NoSuchInterface : ErrorCode::SystemError, errno);
    if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER)
        return failed(ErrorCode::InvalidArgument, 0);
    std::ranges::transform(std::span(request.ifr_hwaddr.sa_data).first<6>(), facts.mac.octets.begin(),
                           [](char octet) { return static_cast<std::uint8_t>(octet); });
    if (::ioctl(socket.get(), SIOCGIFMTU, &request) != 0)
        return failed(errno == ENODEV ? ErrorCode::NoSuchInterface : ErrorCode::SystemError, errno);
    facts.mtu = static_cast<std::uint16_t>(std::clamp(request.ifr_mtu, 0, 0xffff));
    return facts;
}

} // namespace fb::link
