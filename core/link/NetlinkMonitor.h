// SPDX-License-Identifier: Apache-2.0
// The Ethernet-like interfaces of this network namespace, by rtnetlink. Any notification, and the loss of some, has the
// whole list read anew: it is short, and a list that is never patched cannot drift. Needs no privilege. One thread.
#pragma once

#include "core/base/FileDescriptor.h"
#include "core/link/Link.h"
#include "core/link/NetlinkMessage.h"

namespace fb::link {

class NetlinkMonitor final : public InterfaceMonitor {
public:
    [[nodiscard]] static Result<std::unique_ptr<NetlinkMonitor>, Error> create();

    [[nodiscard]] int pollDescriptor() const override { return m_events.get(); }
    /// Never waits. When the kernel cannot answer, the list is the last one known, and the next call asks again.
    [[nodiscard]] const std::vector<Interface>& refresh() override;

private:
    NetlinkMonitor(FileDescriptor events, FileDescriptor queries);
    [[nodiscard]] bool takeNotifications();
    [[nodiscard]] LinkDump dump();

    FileDescriptor m_events;  ///< subscribed, so that a query never mixes with notifications
    FileDescriptor m_queries; ///< asks
    ByteVector m_datagram;
    std::uint32_t m_sequence = 0;
    bool m_isStale = true;
    std::vector<Interface> m_interfaces;
};

/// What of the kernel's links the overlay can run on: Ethernet, not the loopback, and no bridge or bond itself, whose
/// members carry the same frames (RouterOS refuses those as ports too). Ascending by name. `isWireless` is left false.
[[nodiscard]] std::vector<Interface> usableInterfaces(const std::vector<LinkRecord>& records);

} // namespace fb::link
