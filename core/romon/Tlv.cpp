// SPDX-License-Identifier: Apache-2.0
#include "core/romon/Tlv.h"

#include "core/base/Assert.h"
#include "core/romon/Codec.h"
#include "core/romon/Fields.h"
#include "core/wire/Decoder.h"

#include <algorithm>

namespace fb::romon {

namespace {

// Captured: 01, 03, 04, 05. Tag 02 was never seen; the tag of the uptime is not public.
constexpr std::uint8_t kRoutingTag = 0x01;
constexpr std::uint8_t kIdentityTag = 0x03;
constexpr std::uint8_t kVersionTag = 0x04;
constexpr std::uint8_t kBoardTag = 0x05;
constexpr std::size_t kTlvValueBytesMax = 255;

using Read = Result<void, WireError>;

/// One tag that a message type knows: how to read its value into the message.
template <class Message>
struct Row {
    std::uint8_t tag;
    Read (*read)(Bytes value, Message& message, std::size_t seenBefore);
};

template <class Value>
Read readFixed(Bytes value, Value& into)
{
    wire::Decoder decoder(value);
    fields(decoder, into);
    if (!decoder.ok() || decoder.remaining() != 0)
        return failure(WireError::TlvBadSize);
    return {};
}

Read readText(Bytes value, std::optional<std::string>& into, std::size_t seenBefore)
{
    if (seenBefore != 0)
        return failure(WireError::TlvDuplicate);
    into = textOf(value);
    return {};
}

Read readDiscoverRouting(Bytes value, Discover& message, std::size_t seenBefore)
{
    if (seenBefore != 0)
        return failure(WireError::TlvDuplicate);
    return readFixed(value, message.routing);
}

Read readResponseRouting(Bytes value, DiscoverResp& message, std::size_t seenBefore)
{
    if (seenBefore > 1)
        return failure(WireError::TlvDuplicate);
    return readFixed(value, seenBefore == 0 ? message.parent : message.own);
}

Read readIdentity(Bytes value, DiscoverResp& message, std::size_t seenBefore)
{
    return readText(value, message.identity, seenBefore);
}

Read readVersion(Bytes value, DiscoverResp& message, std::size_t seenBefore)
{
    if (seenBefore != 0)
        return failure(WireError::TlvDuplicate);
    return readFixed(value, message.version.emplace());
}

Read readBoard(Bytes value, DiscoverResp& message, std::size_t seenBefore)
{
    return readText(value, message.board, seenBefore);
}

constexpr std::array kDiscoverRows{Row<Discover>{kRoutingTag, readDiscoverRouting}};
constexpr std::array kResponseRows{
    Row<DiscoverResp>{kRoutingTag, readResponseRouting},
    Row<DiscoverResp>{kIdentityTag, readIdentity},
    Row<DiscoverResp>{kVersionTag, readVersion},
    Row<DiscoverResp>{kBoardTag, readBoard},
};

/// Reads every TLV by its row and returns how often the row of the routing tag, which is the first, was met.
template <class Message, std::size_t rowCount>
Result<std::size_t, WireError> readRows(Bytes body, Message& message, const std::array<Row<Message>, rowCount>& rows)
{
    std::array<std::size_t, rowCount> seen{};
    wire::Decoder decoder(body);
    for (std::size_t count = 0; decoder.remaining() > 0; ++count) {
        if (count == kTlvsMax)
            return failure(WireError::TlvTooMany);
        std::uint8_t tag = 0;
        std::uint8_t length = 0;
        decoder.integer(tag);
        decoder.integer(length);
        const Bytes value = decoder.take(length);
        if (!decoder.ok())
            return failure(WireError::TlvOverrun);
        const auto row = std::ranges::find(rows, tag, &Row<Message>::tag);
        if (row == rows.end()) {
            message.others.push_back({.tag = tag, .value = ByteVector(value.begin(), value.end())});
            continue;
        }
        auto& seenBefore = seen[static_cast<std::size_t>(row - rows.begin())];
        if (const auto read = row->read(value, message, seenBefore++); !read)
            return failure(read.error());
    }
    return seen[0];
}

void writeTlv(wire::Encoder& encoder, std::uint8_t tag, Bytes value)
{
    FB_ASSERT(value.size() <= kTlvValueBytesMax);
    encoder.integer(tag);
    encoder.integer(static_cast<std::uint8_t>(value.size()));
    encoder.bytes(value);
}

template <class Value>
void writeFixed(wire::Encoder& encoder, std::uint8_t tag, const Value& value)
{
    ByteVector bytes;
    bytes.reserve(kTlvValueBytesMax);
    wire::Encoder inner(bytes);
    fields(inner, value);
    writeTlv(encoder, tag, bytes);
}

void writeOthers(wire::Encoder& encoder, const std::vector<RawTlv>& others)
{
    for (const auto& other : others)
        writeTlv(encoder, other.tag, other.value);
}

} // namespace

Result<void, WireError> readTlvs(Bytes body, Discover& message)
{
    const auto routings = readRows(body, message, kDiscoverRows);
    if (!routings)
        return failure(routings.error());
    if (*routings != 1)
        return failure(WireError::RoutingMissing);
    return {};
}

Result<void, WireError> readTlvs(Bytes body, DiscoverResp& message)
{
    const auto routings = readRows(body, message, kResponseRows);
    if (!routings)
        return failure(routings.error());
    if (*routings != 2)
        return failure(WireError::RoutingMissing);
    return {};
}

void writeTlvs(wire::Encoder& encoder, const Discover& message)
{
    writeFixed(encoder, kRoutingTag, message.routing);
    writeOthers(encoder, message.others);
}

void writeTlvs(wire::Encoder& encoder, const DiscoverResp& message)
{
    writeFixed(encoder, kRoutingTag, message.parent);
    writeFixed(encoder, kRoutingTag, message.own);
    if (message.identity)
        writeTlv(encoder, kIdentityTag, bytesOf(*message.identity));
    if (message.version)
        writeFixed(encoder, kVersionTag, *message.version);
    if (message.board)
        writeTlv(encoder, kBoardTag, bytesOf(*message.board));
    writeOthers(encoder, message.others);
}

} // namespace fb::romon
