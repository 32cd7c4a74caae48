// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Frame.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

#include <concepts>
#include <type_traits>

namespace fb::stream {

namespace {

constexpr std::uint8_t kVersionOption = 1;
constexpr std::uint8_t kWindowOption = 2;
constexpr std::uint8_t kPayloadOption = 3;
constexpr std::size_t kRangeBytes = 8;

/// The ten bytes as they are on the wire.
struct RawHeader {
    std::uint8_t type = 0;
    std::uint8_t flag = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledge = 0;
};

template <class Codec, class Message>
    requires std::same_as<std::remove_const_t<Message>, RawHeader>
void fields(Codec& codec, Message& header)
{
    codec.integer(header.type);
    codec.integer(header.flag);
    codec.integer(header.sequence);
    codec.integer(header.acknowledge);
}

template <class Codec, class Message>
    requires std::same_as<std::remove_const_t<Message>, WireRange>
void fields(Codec& codec, Message& range)
{
    codec.integer(range.begin);
    codec.integer(range.end);
}

} // namespace

Result<Frame, FrameError> decodeFrame(Bytes payload)
{
    wire::Decoder decoder(payload);
    RawHeader raw;
    fields(decoder, raw);
    if (!decoder.ok())
        return failure(FrameError::Truncated);
    if (raw.type > static_cast<std::uint8_t>(FrameType::Close))
        return failure(FrameError::UnknownType);
    return Frame{Header{static_cast<FrameType>(raw.type), raw.sequence, raw.acknowledge}, decoder.rest()};
}

std::optional<Options> decodeOptions(Bytes body)
{
    wire::Decoder decoder(body);
    Options options{.version = 0};
    bool hasWindow = false;
    while (decoder.ok() && decoder.remaining() > 0) {
        std::uint8_t type = 0;
        std::uint8_t length = 0;
        decoder.integer(type);
        decoder.integer(length);
        const Bytes bytes = decoder.take(length);
        if (!decoder.ok())
            return std::nullopt;
        wire::Decoder value(bytes);
        if (type == kVersionOption) {
            value.integer(options.version);
        } else if (type == kWindowOption) {
            value.integer(options.windowBytes);
            hasWindow = true;
        } else if (type == kPayloadOption) {
            value.integer(options.payloadBytes);
        } else {
            continue;
        }
        if (!value.ok() || value.remaining() > 0)
            return std::nullopt;
    }
    if (!decoder.ok() || options.version == 0 || !hasWindow)
        return std::nullopt;
    return options;
}

std::optional<Stamps> takeStamps(Bytes& body)
{
    wire::Decoder decoder(body);
    Stamps stamps;
    decoder.integer(stamps.sent);
    decoder.integer(stamps.echo);
    if (!decoder.ok())
        return std::nullopt;
    body = decoder.rest();
    return stamps;
}

std::optional<AckBody> decodeAckBody(Bytes body)
{
    wire::Decoder decoder(body);
    AckBody ack;
    decoder.integer(ack.windowBytes);
    if (!decoder.ok() || decoder.remaining() % kRangeBytes != 0 || decoder.remaining() / kRangeBytes > kAckRangesMax)
        return std::nullopt;
    ack.ranges.resize(decoder.remaining() / kRangeBytes);
    for (WireRange& range : ack.ranges) {
        fields(decoder, range);
        if (range.begin == range.end)
            return std::nullopt;
    }
    return ack;
}

ByteVector encodeHeader(const Header& header, std::size_t bodyBytes)
{
    ByteVector frame;
    frame.reserve(kHeaderBytes + bodyBytes);
    wire::Encoder encoder(frame);
    const RawHeader raw{.type = static_cast<std::uint8_t>(header.type),
                        .flag = 0,
                        .sequence = header.sequence,
                        .acknowledge = header.acknowledge};
    fields(encoder, raw);
    return frame;
}

void appendOptions(ByteVector& frame, const Options& options)
{
    wire::Encoder encoder(frame);
    encoder.integer(kVersionOption);
    encoder.integer(std::uint8_t{sizeof(options.version)});
    encoder.integer(options.version);
    encoder.integer(kWindowOption);
    encoder.integer(std::uint8_t{sizeof(options.windowBytes)});
    encoder.integer(options.windowBytes);
    if (options.payloadBytes == 0)
        return;
    encoder.integer(kPayloadOption);
    encoder.integer(std::uint8_t{sizeof(options.payloadBytes)});
    encoder.integer(options.payloadBytes);
}

void appendStamps(ByteVector& frame, const Stamps& stamps)
{
    wire::Encoder encoder(frame);
    encoder.integer(stamps.sent);
    encoder.integer(stamps.echo);
}

void appendAckBody(ByteVector& frame, const AckBody& body)
{
    wire::Encoder encoder(frame);
    encoder.integer(body.windowBytes);
    for (const WireRange& range : body.ranges)
        fields(encoder, range);
}

void appendReason(ByteVector& frame, CloseReason reason)
{
    frame.push_back(static_cast<std::uint8_t>(reason));
}

} // namespace fb::stream
