// SPDX-License-Identifier: Apache-2.0
// The stream header inside a Data payload, after the two ports (layout captured, see docs/wire-format.md), and what
// Footbridge peers carry behind it once both have shown options in connect and accept (ours):
//
//   0      1      2          6          10
//   +------+------+----------+----------+--------------------------------------------------------------+
//   | type | flag | sequence | acknowl. | connect, accept: options   data: stamps, stream bytes         |
//   |      |  0   |  (BE 32) |  (BE 32) | ack: stamps, window, ranges   close: reason                    |
//   +------+------+----------+----------+--------------------------------------------------------------+
//
// A codec without state. The flag byte is sent as zero and not looked at: captures show different values in it.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Result.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace fb::stream {

inline constexpr std::size_t kHeaderBytes = 10;
/// Most ranges in one ack; a longer list makes the ack malformed.
inline constexpr std::size_t kAckRangesMax = 128;
/// What peers of version 1 take.
inline constexpr std::size_t kAckRangesMaxVersion1 = 32;
/// Our version of the options. From 2 on acks carry more ranges and come for every 16th segment of a
/// copy, and frames carry stamps.
inline constexpr std::uint8_t kOptionsVersion = 2;

/// Values captured, except Close (inferred by the publisher of the captures).
enum class FrameType : std::uint8_t { Connect, Accept, Data, Ack, Close };

struct Header {
    FrameType type = FrameType::Data;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledge = 0;

    friend bool operator==(const Header&, const Header&) = default;
};

/// A received frame; the body points into what was decoded.
struct Frame {
    Header header;
    Bytes body;
};

enum class FrameError { Truncated, UnknownType };

/// Why a close was sent, in its one-byte body (ours). A close without a body is what a RouterOS peer gets.
enum class CloseReason : std::uint8_t {
    End,           ///< no more bytes in this direction: a half-close
    NoSuchService, ///< the connect is refused: nothing listens there
    NotAllowed,    ///< the connect is refused: not for you
    UnknownStream, ///< the sender does not know the stream (any more)
    Aborted,       ///< the sender gave the stream up
};

/// Options of connect and accept: TLVs of type u8, length u8, value. Unknown types are skipped.
struct Options {
    std::uint8_t version = kOptionsVersion;
    std::uint32_t windowBytes = 0;  ///< what the sender will buffer beyond the first byte
    std::uint16_t payloadBytes = 0; ///< what the path carries, as the connecting side knows it; 0: not told

    friend bool operator==(const Options&, const Options&) = default;
};

/// In front of all else in data and ack between peers of version 2. The clocks of the two sides have nothing in common:
/// an echo means something only to whoever sent it.
struct Stamps {
    std::uint32_t sent = 0; ///< microseconds of the sender's clock; wraps; never 0
    std::uint32_t echo = 0; ///< `sent` of the newest frame the sender took from its peer; 0: of none

    friend bool operator==(const Stamps&, const Stamps&) = default;
};
inline constexpr std::size_t kStampsBytes = 8;
inline constexpr std::uint8_t kStampsVersion = 2;

/// A range of wire numbers that arrived out of order, end excluded.
struct WireRange {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    friend bool operator==(const WireRange&, const WireRange&) = default;
};

/// The body of an ack between Footbridge peers.
struct AckBody {
    std::uint32_t windowBytes = 0; ///< what the sender will buffer beyond the acknowledged number
    std::vector<WireRange> ranges;

    friend bool operator==(const AckBody&, const AckBody&) = default;
};

[[nodiscard]] Result<Frame, FrameError> decodeFrame(Bytes payload);
/// The options of a connect or accept; nothing if a TLV runs over the end, lies about its length, or one of ours is
/// missing.
[[nodiscard]] std::optional<Options> decodeOptions(Bytes body);
/// The stamps, and the body shrinks to what follows them. Nothing if it is too short.
[[nodiscard]] std::optional<Stamps> takeStamps(Bytes& body);
/// Nothing if the body is not one window and whole, non-empty ranges, at most kAckRangesMax of them.
[[nodiscard]] std::optional<AckBody> decodeAckBody(Bytes body);

/// The header alone, with room reserved for a body of this size.
[[nodiscard]] ByteVector encodeHeader(const Header& header, std::size_t bodyBytes);
void appendOptions(ByteVector& frame, const Options& options);
void appendStamps(ByteVector& frame, const Stamps& stamps);
void appendAckBody(ByteVector& frame, const AckBody& body);
void appendReason(ByteVector& frame, CloseReason reason);

} // namespace fb::stream
