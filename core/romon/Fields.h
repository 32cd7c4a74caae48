// SPDX-License-Identifier: Apache-2.0
// The layout of the fixed parts, once for both directions: wire::Decoder and wire::Encoder run the same functions.
//
// Header, 40 bytes (offsets after the Ethernet header; captured):
//   0    1        2       4            28             34                  40
//   |type|reserved| length| auth field | source id    | destination id    |
// Hop list:
//   40    41      42                           48 (Data: 46)
//   |count|pointer| reserved 6 (Data: 4) bytes | count x { link id 4 | MAC 6 } |
// Routing value, 34 bytes:
//   | node id 6 | incoming: link id 4, L2 MTU 2, cost 2, MAC 6 | outgoing: the same |
#pragma once

#include "core/romon/Messages.h"

#include <concepts>
#include <type_traits>

namespace fb::romon {

inline constexpr std::size_t kHeaderBytes = 40;
inline constexpr std::size_t kAuthFieldAt = 4;
inline constexpr std::size_t kHopEntryBytes = 10;
inline constexpr std::size_t kHopPreambleBytes = 8;     ///< of Discover and DiscoverResp
inline constexpr std::size_t kDataHopPreambleBytes = 6; ///< of Data
inline constexpr std::size_t kRoutingBytes = 34;
inline constexpr std::size_t kVersionBytes = 4;

template <class Given, class Wanted>
concept Like = std::same_as<std::remove_const_t<Given>, Wanted>;

/// The first 40 bytes with what Header leaves to the codec.
struct Preamble {
    std::uint8_t type = 0;
    std::uint8_t reserved = 0;
    std::uint16_t length = 0; ///< of the whole frame, Ethernet header included
    Header header;
};

template <class Codec, Like<Preamble> Message>
void fields(Codec& codec, Message& preamble)
{
    codec.integer(preamble.type);
    codec.integer(preamble.reserved);
    codec.integer(preamble.length);
    codec.bytes(preamble.header.auth);
    codec.mac(preamble.header.source.value);
    codec.mac(preamble.header.destination.value);
}

template <class Codec, Like<HopEntry> Message>
void fields(Codec& codec, Message& entry)
{
    codec.integer(entry.linkId);
    codec.mac(entry.mac);
}

template <class Codec, Like<LinkRecord> Message>
void fields(Codec& codec, Message& record)
{
    codec.integer(record.linkId);
    codec.integer(record.l2Mtu);
    codec.integer(record.cost);
    codec.mac(record.mac);
}

template <class Codec, Like<Routing> Message>
void fields(Codec& codec, Message& routing)
{
    codec.mac(routing.node.value);
    fields(codec, routing.incoming);
    fields(codec, routing.outgoing);
}

template <class Codec, Like<Version> Message>
void fields(Codec& codec, Message& version)
{
    codec.integer(version.major);
    codec.integer(version.minor);
    codec.integer(version.kind);
    codec.integer(version.revision);
}

} // namespace fb::romon
