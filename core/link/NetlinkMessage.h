// SPDX-License-Identifier: Apache-2.0
// RTM_NEWLINK messages of rtnetlink(7), bytes to values. Unlike every wire protocol of this program netlink is in the
// machine's own byte order, so it has this reader of its own. It trusts no length.
//
//   | length (4) | type (2) | flags (2) | sequence (4) | port (4) |                    nlmsghdr
//   | family, pad (2) | hardware type (2) | index (4) | flags (4) | change (4) |       ifinfomsg
//   | length (2) | type (2) | value ... padded to 4 | ...                               attributes
#pragma once

#include "core/base/Bytes.h"
#include "core/base/MacAddress.h"

#include <cstdint>
#include <string>
#include <vector>

namespace fb::link {

/// One interface as the kernel describes it.
struct LinkRecord {
    std::uint32_t index = 0;
    std::uint16_t hardwareType = 0; ///< ARPHRD_*
    std::uint32_t flags = 0;        ///< IFF_*
    std::string name;
    MacAddress mac;
    std::uint32_t mtu = 0;
    std::uint32_t masterIndex = 0; ///< 0 if it has none
    std::string kind;              ///< "bridge", "vlan", "veth"; empty for hardware

    friend bool operator==(const LinkRecord&, const LinkRecord&) = default;
};

struct LinkDump {
    std::vector<LinkRecord> records;
    bool isComplete = false;    ///< the kernel said that nothing follows
    bool isInterrupted = false; ///< something changed meanwhile: ask again
    bool isFailed = false;      ///< the kernel refused, or what it said makes no sense
};

/// The request for all links, without their statistics.
[[nodiscard]] ByteVector encodeLinkDumpRequest(std::uint32_t sequence);

/// Adds what one datagram of the answer to request `sequence` says; messages of other requests are passed over.
void decodeLinkDump(Bytes datagram, std::uint32_t sequence, LinkDump& dump);

} // namespace fb::link
