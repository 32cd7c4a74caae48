// SPDX-License-Identifier: Apache-2.0
// Which frames a link carries, as the kernel filter, the capture helper and the virtual segment have to know it. What
// is in them is the business of core/romon.
#pragma once

#include "core/base/MacAddress.h"
#include "core/wire/Ethernet.h"

#include <cstddef>
#include <cstdint>

namespace fb::link {

/// RoMON's EtherType and group address (captured, and in the official documentation).
inline constexpr std::uint16_t kCarriedEtherType = 0x88bf;
inline constexpr MacAddress kCarriedGroup{{0x01, 0x80, 0xc2, 0x00, 0x88, 0xbf}};

/// No interface of Linux has a larger MTU, so no untagged frame is longer.
inline constexpr std::size_t kFrameBytesMax = 0xffff + wire::kEthernetHeaderBytes;

/// The longest untagged frame that an interface with this MTU sends.
[[nodiscard]] constexpr std::size_t frameBytesMax(std::uint16_t mtu)
{
    return mtu + wire::kEthernetHeaderBytes;
}

} // namespace fb::link
