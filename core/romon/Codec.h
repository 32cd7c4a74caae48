// SPDX-License-Identifier: Apache-2.0
// RoMON packets (what follows the Ethernet header) to messages and back. Stateless. Every length is checked against
// what is there and against a limit; every failure has a name. Layouts: Fields.h and docs/wire-format.md.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"
#include "core/romon/Fields.h"
#include "core/romon/Messages.h"
#include "core/romon/WireError.h"

#include <cstddef>

namespace fb::romon {

inline constexpr std::size_t kHopsMax = 255; ///< the count is one byte
inline constexpr std::size_t kTlvsMax = 64;  ///< ours: the richest known packet has five
/// Bytes of a Data packet besides its payload and hop entries: header, hop preamble, two ports.
inline constexpr std::size_t kDataOverheadBytes = 50;
/// Largest packet: the length field counts the Ethernet header too.
inline constexpr std::size_t kPacketBytesMax = 65535 - 14;

/// Reads one packet. Link padding after it is cut: up to the Ethernet minimum whatever it holds, else zeros only.
[[nodiscard]] Result<Message, WireError> decode(Bytes packet);

/// A Data packet where it lies: checked as decode() does, nothing copied. For those who pass packets on. Views into the
/// packet.
struct DataView {
    Header header;
    std::uint8_t pointer = 0;
    Bytes entries; ///< a whole number of them
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    Bytes payload;
    Bytes packet; ///< all of it, without link padding

    [[nodiscard]] std::size_t hopCount() const { return entries.size() / kHopEntryBytes; }
    /// The entry must exist.
    [[nodiscard]] HopEntry hop(std::size_t index) const;
};

/// Whether the packet says that it is Data; whether it is one, viewData() tells.
[[nodiscard]] bool looksLikeData(Bytes packet);
[[nodiscard]] Result<DataView, WireError> viewData(Bytes packet);

/// What a Data packet is made of, without owning it.
struct DataParts {
    Header header;
    std::uint8_t pointer = 0;
    std::span<const HopEntry> entries;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    Bytes payload;
};

/// Appends the packet, which must fit its limits as with encode().
void appendData(const DataParts& parts, ByteVector& out);

/// The bytes of a message: exact length field, zero reserved bytes, TLVs in the captured order, kept ones last.
/// The message must fit its limits (255 hops, 255 bytes a TLV, kPacketBytesMax): a violation is a bug in the caller.
[[nodiscard]] ByteVector encode(const Message& message);

/// The packet without link padding; for those who pass it on. The packet must have been decoded with success.
[[nodiscard]] Bytes withoutPadding(Bytes packet);

/// Replaces the auth field of a packet in place. The packet must hold a whole header.
void setAuthField(std::span<std::uint8_t> packet, const AuthField& auth);
/// Sets the hop pointer of a packet of type 1, 2 or 3 in place and leaves every other byte as it came.
void setHopPointer(std::span<std::uint8_t> packet, std::uint8_t pointer);
/// Replaces one hop entry of a Data packet in place. The entry must exist.
void setDataHop(std::span<std::uint8_t> packet, std::size_t index, const HopEntry& entry);

} // namespace fb::romon
