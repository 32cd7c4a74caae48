// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/chain/PacketSocket.h"

#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

namespace fb::bench {

namespace {

constexpr int kReceiveBufferBytes = 1024 * 1024;

void check(int result, const std::string& what)
{
    if (result < 0)
        throw std::system_error(errno, std::generic_category(), what);
}

} // namespace

FileDescriptor openPacketSocket(const std::string& interface, std::uint16_t etherType)
{
    // Without a protocol until it is bound: nothing of another interface gets in.
    FileDescriptor socket(::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
    check(socket.get(), "packet socket");
    const int on = 1;
    check(::setsockopt(socket.get(), SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on), "PACKET_IGNORE_OUTGOING");
    check(::setsockopt(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, &kReceiveBufferBytes, sizeof kReceiveBufferBytes),
          "SO_RCVBUFFORCE");
    sockaddr_ll address{};
    address.sll_family = AF_PACKET;
    address.sll_protocol = htons(etherType);
    address.sll_ifindex = static_cast<int>(::if_nametoindex(interface.c_str()));
    check(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), interface);
    packet_mreq request{};
    request.mr_ifindex = address.sll_ifindex;
    request.mr_type = PACKET_MR_PROMISC;
    check(::setsockopt(socket.get(), SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, sizeof request), interface);
    return socket;
}

} // namespace fb::bench
