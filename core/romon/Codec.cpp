// SPDX-License-Identifier: Apache-2.0
#include "core/romon/Codec.h"

#include "core/base/Assert.h"
#include "core/romon/Tlv.h"
#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"
#include "core/wire/Ethernet.h"

#include <algorithm>

namespace fb::romon {

namespace {

constexpr std::size_t kLengthAt = 2;
constexpr std::size_t kHopPointerAt = 41;
/// The Ethernet minimum payload of 46 bytes, and the 4 that a bridge adds when it takes a tag off without trimming.
constexpr std::size_t kPaddedPacketBytesMax = 50;
constexpr std::size_t kZeroPaddingBytesMax = 46;

bool isPadding(Bytes rest, std::size_t frameBytes)
{
    return frameBytes <= kPaddedPacketBytesMax ||
           (rest.size() <= kZeroPaddingBytesMax && std::ranges::all_of(rest, [](auto octet) { return octet == 0; }));
}

struct HopsView {
    std::uint8_t pointer = 0;
    Bytes entries;
};

/// The hop list in front of the body; `reservedBytes` lie between its pointer and its entries.
Result<HopsView, WireError> viewHops(wire::Decoder& decoder, std::size_t reservedBytes)
{
    std::uint8_t count = 0;
    HopsView hops;
    decoder.integer(count);
    decoder.integer(hops.pointer);
    const Bytes reserved = decoder.take(reservedBytes);
    if (!decoder.ok())
        return failure(WireError::Truncated);
    if (std::ranges::any_of(reserved, [](auto octet) { return octet != 0; }))
        return failure(WireError::ReservedNotZero);
    if (count * kHopEntryBytes > decoder.remaining())
        return failure(WireError::HopsOverrun);
    if (hops.pointer > count)
        return failure(WireError::HopPointerOutOfRange);
    hops.entries = decoder.take(count * kHopEntryBytes);
    return hops;
}

HopList hopList(std::uint8_t pointer, Bytes entries)
{
    HopList hops{.pointer = pointer, .entries = std::vector<HopEntry>(entries.size() / kHopEntryBytes)};
    wire::Decoder decoder(entries);
    for (auto& entry : hops.entries)
        fields(decoder, entry);
    return hops;
}

void encodeHops(wire::Encoder& encoder, std::uint8_t pointer, std::span<const HopEntry> entries,
                std::size_t reservedBytes)
{
    FB_ASSERT(entries.size() <= kHopsMax && pointer <= entries.size());
    encoder.integer(static_cast<std::uint8_t>(entries.size()));
    encoder.integer(pointer);
    encoder.zeros(reservedBytes);
    for (const auto& entry : entries)
        fields(encoder, entry);
}

/// Discover and DiscoverResp: hop list, then TLVs.
template <class Tlvd>
Result<Message, WireError> decodeTlvd(const Header& header, wire::Decoder& decoder)
{
    const auto hops = viewHops(decoder, kHopPreambleBytes - 2);
    if (!hops)
        return failure(hops.error());
    Tlvd message;
    message.header = header;
    message.hops = hopList(hops->pointer, hops->entries);
    if (const auto read = readTlvs(decoder.rest(), message); !read)
        return failure(read.error());
    return Message(std::move(message));
}

Message dataMessage(const DataView& view)
{
    Data data;
    data.header = view.header;
    data.hops = hopList(view.pointer, view.entries);
    data.sourcePort = view.sourcePort;
    data.destinationPort = view.destinationPort;
    data.payload.assign(view.payload.begin(), view.payload.end());
    return Message(std::move(data));
}

/// Types without a public layout: the body as it is.
template <class Opaque>
Result<Message, WireError> decodeOpaque(const Header& header, wire::Decoder& decoder)
{
    Opaque message;
    message.header = header;
    message.body.assign(decoder.rest().begin(), decoder.rest().end());
    return Message(std::move(message));
}

MessageType typeOf(const Discover&)
{
    return MessageType::Discover;
}
MessageType typeOf(const DiscoverResp&)
{
    return MessageType::DiscoverResp;
}
MessageType typeOf(const Data&)
{
    return MessageType::Data;
}
MessageType typeOf(const SeqErr&)
{
    return MessageType::SeqErr;
}
MessageType typeOf(const Hello&)
{
    return MessageType::Hello;
}

void encodeBody(wire::Encoder& encoder, const DataParts& data)
{
    encodeHops(encoder, data.pointer, data.entries, kDataHopPreambleBytes - 2);
    encoder.integer(data.sourcePort);
    encoder.integer(data.destinationPort);
    encoder.bytes(data.payload);
}

void encodeBody(wire::Encoder& encoder, const Data& data)
{
    encodeBody(encoder, DataParts{.header = data.header,
                                  .pointer = data.hops.pointer,
                                  .entries = data.hops.entries,
                                  .sourcePort = data.sourcePort,
                                  .destinationPort = data.destinationPort,
                                  .payload = data.payload});
}

void encodeBody(wire::Encoder& encoder, const Discover& discover)
{
    encodeHops(encoder, discover.hops.pointer, discover.hops.entries, kHopPreambleBytes - 2);
    writeTlvs(encoder, discover);
}

void encodeBody(wire::Encoder& encoder, const DiscoverResp& response)
{
    encodeHops(encoder, response.hops.pointer, response.hops.entries, kHopPreambleBytes - 2);
    writeTlvs(encoder, response);
}

void encodeBody(wire::Encoder& encoder, const SeqErr& message)
{
    encoder.bytes(message.body);
}
void encodeBody(wire::Encoder& encoder, const Hello& message)
{
    encoder.bytes(message.body);
}

struct Opened {
    Preamble preamble;
    Bytes packet; ///< without link padding
};

/// What all types share: the header, a length that fits, no more after it than padding.
Result<Opened, WireError> openPacket(Bytes packet)
{
    Opened opened;
    auto& preamble = opened.preamble;
    wire::Decoder start(packet);
    fields(start, preamble);
    if (!start.ok())
        return failure(WireError::Truncated);
    if (preamble.length < wire::kEthernetHeaderBytes + kHeaderBytes)
        return failure(WireError::LengthTooSmall);
    const std::size_t packetBytes = preamble.length - wire::kEthernetHeaderBytes;
    if (packetBytes > packet.size())
        return failure(WireError::LengthBeyondFrame);
    if (!isPadding(packet.subspan(packetBytes), packet.size()))
        return failure(WireError::TrailingBytes);
    if (preamble.reserved != 0)
        return failure(WireError::ReservedNotZero);
    opened.packet = packet.first(packetBytes);
    return opened;
}

Result<DataView, WireError> viewOpened(const Opened& opened)
{
    wire::Decoder decoder(opened.packet.subspan(kHeaderBytes));
    const auto hops = viewHops(decoder, kDataHopPreambleBytes - 2);
    if (!hops)
        return failure(hops.error());
    DataView data{.header = opened.preamble.header,
                  .pointer = hops->pointer,
                  .entries = hops->entries,
                  .payload = {},
                  .packet = opened.packet};
    decoder.integer(data.sourcePort);
    decoder.integer(data.destinationPort);
    if (!decoder.ok())
        return failure(WireError::Truncated);
    data.payload = decoder.rest();
    return data;
}

/// Appends header and body, and the length once it is known.
template <class Body>
void append(MessageType type, const Header& header, const Body& body, ByteVector& out)
{
    const std::size_t start = out.size();
    wire::Encoder encoder(out);
    const Preamble preamble{.type = static_cast<std::uint8_t>(type), .header = header};
    fields(encoder, preamble);
    encodeBody(encoder, body);
    const std::size_t packetBytes = out.size() - start;
    FB_ASSERT(packetBytes <= kPacketBytesMax);
    encoder.patch16(start + kLengthAt, static_cast<std::uint16_t>(packetBytes + wire::kEthernetHeaderBytes));
}

} // namespace

HopEntry DataView::hop(std::size_t index) const
{
    FB_ASSERT(index < hopCount());
    HopEntry entry;
    wire::Decoder decoder(entries.subspan(index * kHopEntryBytes, kHopEntryBytes));
    fields(decoder, entry);
    return entry;
}

bool looksLikeData(Bytes packet)
{
    return !packet.empty() && packet.front() == static_cast<std::uint8_t>(MessageType::Data);
}

Result<DataView, WireError> viewData(Bytes packet)
{
    const auto opened = openPacket(packet);
    if (!opened)
        return failure(opened.error());
    if (!looksLikeData(packet))
        return failure(WireError::UnknownType);
    return viewOpened(*opened);
}

Result<Message, WireError> decode(Bytes packet)
{
    const auto opened = openPacket(packet);
    if (!opened)
        return failure(opened.error());
    const auto& preamble = opened->preamble;
    wire::Decoder body(opened->packet.subspan(kHeaderBytes));
    switch (MessageType{preamble.type}) {
    case MessageType::Discover:
        return decodeTlvd<Discover>(preamble.header, body);
    case MessageType::DiscoverResp:
        return decodeTlvd<DiscoverResp>(preamble.header, body);
    case MessageType::Data:
        return viewOpened(*opened).transform(dataMessage);
    case MessageType::SeqErr:
        return decodeOpaque<SeqErr>(preamble.header, body);
    case MessageType::Hello:
        return decodeOpaque<Hello>(preamble.header, body);
    }
    return failure(WireError::UnknownType);
}

ByteVector encode(const Message& message)
{
    ByteVector packet;
    std::visit([&packet](const auto& typed) { append(typeOf(typed), typed.header, typed, packet); }, message);
    return packet;
}

void appendData(const DataParts& parts, ByteVector& out)
{
    append(MessageType::Data, parts.header, parts, out);
}

Bytes withoutPadding(Bytes packet)
{
    wire::Decoder decoder(packet);
    Preamble preamble;
    fields(decoder, preamble);
    FB_ASSERT(decoder.ok() && preamble.length >= wire::kEthernetHeaderBytes);
    return packet.first(preamble.length - wire::kEthernetHeaderBytes);
}

void setAuthField(std::span<std::uint8_t> packet, const AuthField& auth)
{
    FB_ASSERT(packet.size() >= kHeaderBytes);
    std::ranges::copy(auth, packet.begin() + kAuthFieldAt);
}

void setHopPointer(std::span<std::uint8_t> packet, std::uint8_t pointer)
{
    FB_ASSERT(packet.size() > kHopPointerAt);
    packet[kHopPointerAt] = pointer;
}

void setDataHop(std::span<std::uint8_t> packet, std::size_t index, const HopEntry& entry)
{
    const std::size_t at = kHeaderBytes + kDataHopPreambleBytes + index * kHopEntryBytes;
    FB_ASSERT(at + kHopEntryBytes <= packet.size());
    wire::Overwriter overwriter(packet.subspan(at, kHopEntryBytes));
    fields(overwriter, entry);
}

} // namespace fb::romon
