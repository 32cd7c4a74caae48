// SPDX-License-Identifier: Apache-2.0
// Why a RoMON packet was not understood. Every reason has a stable name, so that drops can be counted by it.
#pragma once

#include <string_view>

namespace fb::romon {

enum class WireError {
    Truncated,            ///< fewer bytes than the header, or a field that ends past the packet
    LengthTooSmall,       ///< the length field does not even cover the header
    LengthBeyondFrame,    ///< the length field promises more bytes than the frame has
    TrailingBytes,        ///< more bytes after the packet than link padding explains
    UnknownType,          ///< a message type outside 1..5
    ReservedNotZero,      ///< a byte that is zero in every known frame is not
    HopsOverrun,          ///< the hop list ends past the packet
    HopPointerOutOfRange, ///< the hop pointer is larger than the number of hops
    TlvOverrun,           ///< a TLV ends past the packet
    TlvBadSize,           ///< a TLV of fixed size has another one
    TlvTooMany,           ///< more TLVs than any sensible packet has
    TlvDuplicate,         ///< a TLV that may stand once stands twice
    RoutingMissing,       ///< Discover without, or DiscoverResp without both, of its routing TLVs
    Count,
};

/// Lower case, words joined by '-', such as "hops-overrun".
[[nodiscard]] std::string_view nameOf(WireError error);

} // namespace fb::romon
