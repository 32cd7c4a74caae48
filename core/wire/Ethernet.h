// SPDX-License-Identifier: Apache-2.0
// The Ethernet II header (IEEE 802.3-2018, 3.1) and the 802.1Q tag that may stand in it.
//
//   0            6            12        14
//   | destination | source    | type    | payload ...
//   | destination | source    | 81 00   | tag (2) | type (2) | payload ...        with a VLAN tag
#pragma once

#include "core/base/Bytes.h"
#include "core/base/MacAddress.h"
#include "core/base/Result.h"

#include <cstddef>
#include <cstdint>

namespace fb::wire {

inline constexpr std::size_t kEthernetHeaderBytes = 14;
inline constexpr std::size_t kVlanTagBytes = 4;
inline constexpr std::uint16_t kEtherTypeVlan = 0x8100;        ///< IEEE 802.1Q C-tag
inline constexpr std::uint16_t kEtherTypeServiceVlan = 0x88a8; ///< IEEE 802.1ad S-tag

struct EthernetHeader {
    MacAddress destination;
    MacAddress source;
    std::uint16_t etherType = 0;

    friend bool operator==(const EthernetHeader&, const EthernetHeader&) = default;
};

enum class EthernetError {
    Truncated, ///< fewer bytes than a header
    Tagged,    ///< carries a VLAN tag: it belongs to another interface, not to this one
};

struct EthernetFrame {
    EthernetHeader header;
    Bytes payload; ///< everything after the header, link padding included; a view into the frame
};

/// Splits a frame. A frame with a priority tag (VLAN id 0) is taken as untagged (IEEE 802.1Q-2018, 9.6 note); one with
/// a real VLAN id, or with an S-tag, is EthernetError::Tagged.
[[nodiscard]] Result<EthernetFrame, EthernetError> decodeEthernet(Bytes frame);

/// Appends the 14 header bytes.
void encodeEthernet(const EthernetHeader& header, ByteVector& out);

} // namespace fb::wire
