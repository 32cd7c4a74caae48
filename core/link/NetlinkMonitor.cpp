// SPDX-License-Identifier: Apache-2.0
#include "core/link/NetlinkMonitor.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace fb::link {

namespace {

// The kernel fills datagrams of at most 32 KB (netlink(7)).
constexpr std::size_t kDatagramBytes = 32 * 1024;

// How often a list that changed while it was read is read again at once; after that the next refresh() does it.
constexpr int kDumpsMax = 4;

Result<FileDescriptor, Error> openNetlink(std::uint32_t groups)
{
    const auto failed = [] {
        return failure(Error{.code = ErrorCode::SystemError, .context = "rtnetlink", .systemErrno = errno});
    };
    FileDescriptor socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, NETLINK_ROUTE));
    if (!socket.isOpen())
        return failed();
    sockaddr_nl address{};
    address.nl_family = AF_NETLINK;
    address.nl_groups = groups;
    // sockets take every kind of address through the one generic type
    if (::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return failed();
    return socket;
}

// The kernel's list of links does not tell; every wireless driver of cfg80211 has this entry.
bool isWireless(const std::string& interface)
{
    return ::access(("/sys/class/net/" + interface + "/phy80211").c_str(), F_OK) == 0;
}

const LinkRecord* findIndex(const std::vector<LinkRecord>& records, std::uint32_t index)
{
    const auto found = std::ranges::find(records, index, &LinkRecord::index);
    return found == records.end() ? nullptr : &*found;
}

bool isUsable(const LinkRecord& record)
{
    const bool gathersOthers = record.kind == "bridge" || (record.flags & IFF_MASTER) != 0;
    return record.hardwareType == ARPHRD_ETHER && (record.flags & IFF_LOOPBACK) == 0 && !gathersOthers &&
           !record.name.empty();
}

} // namespace

std::vector<Interface> usableInterfaces(const std::vector<LinkRecord>& records)
{
    std::vector<Interface> usable;
    for (const LinkRecord& record : records) {
        if (!isUsable(record))
            continue;
        const LinkRecord* const master = findIndex(records, record.masterIndex);
        // IFF_RUNNING is the carrier and whatever else keeps the interface from passing frames, such as 802.1X
        // (RFC 2863 operational state).
        const bool isUp = (record.flags & IFF_UP) != 0 && (record.flags & IFF_RUNNING) != 0;
        usable.push_back({.name = record.name,
                          .mac = record.mac,
                          .mtu = static_cast<std::uint16_t>(std::min(record.mtu, 0xffffU)),
                          .isUp = isUp,
                          .isWireless = false,
                          .bridge = master != nullptr && master->kind == "bridge" ? master->name : std::string()});
    }
    std::ranges::sort(usable, {}, &Interface::name);
    return usable;
}

NetlinkMonitor::NetlinkMonitor(FileDescriptor events, FileDescriptor queries)
    : m_events(std::move(events)), m_queries(std::move(queries)), m_datagram(kDatagramBytes)
{
}

Result<std::unique_ptr<NetlinkMonitor>, Error> NetlinkMonitor::create()
{
    auto events = openNetlink(RTMGRP_LINK);
    if (!events)
        return failure(events.error());
    auto queries = openNetlink(0);
    if (!queries)
        return failure(queries.error());
    return std::unique_ptr<NetlinkMonitor>(new NetlinkMonitor(std::move(*events), std::move(*queries)));
}

// Whether anything may have changed. ENOBUFS says that notifications were lost, which is one too.
bool NetlinkMonitor::takeNotifications()
{
    bool any = false;
    for (;;) {
        const ssize_t got = ::recv(m_events.get(), m_datagram.data(), m_datagram.size(), 0);
        if (got < 0 && errno != ENOBUFS && errno != EINTR)
            return any;
        any = true;
    }
}

// The kernel writes each part of the answer while the request is sent or the part before is read, so every part is
// there when it is asked for.
LinkDump NetlinkMonitor::dump()
{
    LinkDump dump;
    const ByteVector request = encodeLinkDumpRequest(++m_sequence);
    if (::send(m_queries.get(), request.data(), request.size(), 0) < 0) {
        dump.isFailed = true;
        return dump;
    }
    while (!dump.isComplete && !dump.isFailed) {
        const ssize_t got = ::recv(m_queries.get(), m_datagram.data(), m_datagram.size(), 0);
        if (got > 0)
            decodeLinkDump(Bytes(m_datagram).first(static_cast<std::size_t>(got)), m_sequence, dump);
        else if (errno != EINTR)
            dump.isFailed = true;
    }
    return dump;
}

const std::vector<Interface>& NetlinkMonitor::refresh()
{
    m_isStale = takeNotifications() || m_isStale;
    for (int dumps = 0; m_isStale && dumps < kDumpsMax; ++dumps) {
        const LinkDump answer = dump();
        if (answer.isFailed)
            break;
        m_isStale = answer.isInterrupted;
        m_interfaces = usableInterfaces(answer.records);
        for (Interface& interface : m_interfaces)
            interface.isWireless = isWireless(interface.name);
    }
    return m_interfaces;
}

} // namespace fb::link
