// SPDX-License-Identifier: Apache-2.0
#include "core/romon/Codec.h"

#include "core/base/Assert.h"
#include "core/romon/Fields.h"
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

/// The hop list in front of the body; `reservedBytes` lie between its pointer and its entries.
Result<HopList, WireError> decodeHops(wire::Decoder& decoder, std::size_t reservedBytes)
{
    std::uint8_t count = 0;
    HopList hops;
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
    hops.entries.resize(count);
    for (auto& entry : hops.entries)
        fields(decoder, entry);
    return hops;
}

void encodeHops(wire::Encoder& encoder, const HopList& hops, std::size_t reservedBytes)
{
    FB_ASSERT(hops.entries.size() <= kHopsMax && hops.pointer <= hops.entries.size());
    encoder.integer(static_cast<std::uint8_t>(hops.entries.size()));
    encoder.integer(hops.pointer);
    encoder.zeros(reservedBytes);
    for (const auto& entry : hops.entries)
        fields(encoder, entry);
}

/// Discover and DiscoverResp: hop list, then TLVs.
template <class Tlvd>
Result<Message, WireError> decodeTlvd(const Header& header, wire::Decoder& decoder)
{
    auto hops = decodeHops(decoder, kHopPreambleBytes - 2);
    if (!hops)
        return failure(hops.error());
    Tlvd message;
    message.header = header;
    message.hops = std::move(*hops);
    if (const auto read = readTlvs(decoder.rest(), message); !read)
        return failure(read.error());
    return Message(std::move(message));
}

Result<Message, WireError> decodeData(const Header& header, wire::Decoder& decoder)
{
    auto hops = decodeHops(decoder, kDataHopPreambleBytes - 2);
    if (!hops)
        return failure(hops.error());
    Data data;
    data.header = header;
    data.hops = std::move(*hops);
    decoder.integer(data.sourcePort);
    decoder.integer(data.destinationPort);
    if (!decoder.ok())
        return failure(WireError::Truncated);
    data.payload.assign(decoder.rest().begin(), decoder.rest().end());
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

void encodeBody(wire::Encoder& encoder, const Data& data)
{
    encodeHops(encoder, data.hops, kDataHopPreambleBytes - 2);
    encoder.integer(data.sourcePort);
    encoder.integer(data.destinationPort);
    encoder.bytes(data.payload);
}

void encodeBody(wire::Encoder& encoder, const Discover& discover)
{
    encodeHops(encoder, discover.hops, kHopPreambleBytes - 2);
    writeTlvs(encoder, discover);
}

void encodeBody(wire::Encoder& encoder, const DiscoverResp& response)
{
    encodeHops(encoder, response.hops, kHopPreambleBytes - 2);
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

} // namespace

Result<Message, WireError> decode(Bytes packet)
{
    wire::Decoder start(packet);
    Preamble preamble;
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

    wire::Decoder body(packet.first(packetBytes).subspan(kHeaderBytes));
    switch (MessageType{preamble.type}) {
    case MessageType::Discover:
        return decodeTlvd<Discover>(preamble.header, body);
    case MessageType::DiscoverResp:
        return decodeTlvd<DiscoverResp>(preamble.header, body);
    case MessageType::Data:
        return decodeData(preamble.header, body);
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
    wire::Encoder encoder(packet);
    Preamble preamble;
    preamble.type = std::visit([](const auto& typed) { return static_cast<std::uint8_t>(typeOf(typed)); }, message);
    preamble.header = headerOf(message);
    fields(encoder, preamble);
    std::visit([&encoder](const auto& typed) { encodeBody(encoder, typed); }, message);
    FB_ASSERT(packet.size() <= kPacketBytesMax);
    encoder.patch16(kLengthAt, static_cast<std::uint16_t>(packet.size() + wire::kEthernetHeaderBytes));
    return packet;
}

Bytes withoutPadding(Bytes packet)
{
    wire::Decoder decoder(packet);
    Preamble preamble;
    fields(decoder, preamble);
    FB_ASSERT(decoder.ok() && preamble.length >= wire::kEthernetHeaderBytes);
    return packet.first(preamble.length - wire::kEthernetHeaderBytes);
}

void setHopPointer(ByteVector& packet, std::uint8_t pointer)
{
    packet.at(kHopPointerAt) = pointer;
}

void setDataHop(ByteVector& packet, std::size_t index, const HopEntry& entry)
{
    const std::size_t at = kHeaderBytes + kDataHopPreambleBytes + index * kHopEntryBytes;
    FB_ASSERT(at + kHopEntryBytes <= packet.size());
    ByteVector bytes;
    wire::Encoder encoder(bytes);
    fields(encoder, entry);
    std::ranges::copy(bytes, packet.begin() + static_cast<std::ptrdiff_t>(at));
}

} // namespace fb::romon
