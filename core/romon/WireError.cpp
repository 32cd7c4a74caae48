// SPDX-License-Identifier: Apache-2.0
#include "core/romon/WireError.h"

#include "core/base/Assert.h"

namespace fb::romon {

std::string_view nameOf(WireError error)
{
    switch (error) {
    case WireError::Truncated:
        return "truncated";
    case WireError::LengthTooSmall:
        return "length-too-small";
    case WireError::LengthBeyondFrame:
        return "length-beyond-frame";
    case WireError::TrailingBytes:
        return "trailing-bytes";
    case WireError::UnknownType:
        return "unknown-type";
    case WireError::ReservedNotZero:
        return "reserved-not-zero";
    case WireError::HopsOverrun:
        return "hops-overrun";
    case WireError::HopPointerOutOfRange:
        return "hop-pointer-out-of-range";
    case WireError::TlvOverrun:
        return "tlv-overrun";
    case WireError::TlvBadSize:
        return "tlv-bad-size";
    case WireError::TlvTooMany:
        return "tlv-too-many";
    case WireError::TlvDuplicate:
        return "tlv-duplicate";
    case WireError::RoutingMissing:
        return "routing-missing";
    case WireError::Count:
        break;
    }
    FB_ASSERT(false);
}

} // namespace fb::romon
