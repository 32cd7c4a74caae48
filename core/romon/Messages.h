// SPDX-License-Identifier: Apache-2.0
// The RoMON messages as values. Layouts are those of published captures; what the captures do not show is marked.
// Lengths, reserved bytes and counts are not kept: the codec checks and makes them.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/MacAddress.h"
#include "core/romon/RomonId.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fb::romon {

inline constexpr std::uint16_t kEtherType = 0x88bf;                              ///< official documentation
inline constexpr MacAddress kGroupAddress{{0x01, 0x80, 0xc2, 0x00, 0x88, 0xbf}}; ///< official documentation
inline constexpr RomonId kEveryNode{{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}}};     ///< destination of a Discover

/// Data ports with a known meaning (captured).
inline constexpr std::uint16_t kPingPort = 1;
inline constexpr std::uint16_t kSshPort = 3;
inline constexpr std::uint16_t kWinboxPort = 4;

enum class MessageType : std::uint8_t {
    Discover = 1,
    DiscoverResp = 2,
    Data = 3,
    SeqErr = 4, ///< name from strings of the original; no frame was ever published
    Hello = 5,  ///< likewise
};

/// All zero when the sender uses no secret (captured). What it holds otherwise is not public.
using AuthField = std::array<std::uint8_t, 24>;

struct Header {
    AuthField auth{};
    RomonId source;      ///< Discover: the originator, not the last forwarder
    RomonId destination; ///< Discover: kEveryNode

    friend bool operator==(const Header&, const Header&) = default;
};

/// One step of a source route: which of its links a node uses, and the port it reaches there.
struct HopEntry {
    std::uint32_t linkId = 0; ///< local to the node that uses it
    MacAddress mac;

    friend bool operator==(const HopEntry&, const HopEntry&) = default;
};

struct HopList {
    std::uint8_t pointer = 0;      ///< at most entries.size()
    std::vector<HopEntry> entries; ///< at most 255

    friend bool operator==(const HopList&, const HopList&) = default;
};

/// One port of a node, as it announces it.
struct LinkRecord {
    std::uint32_t linkId = 0; ///< 0: no link here
    std::uint16_t l2Mtu = 0;
    std::uint16_t cost = 0;
    MacAddress mac;

    friend bool operator==(const LinkRecord&, const LinkRecord&) = default;
};

/// Tag 0x01: a node, the port it heard a Discover on and the port it sent it out of.
struct Routing {
    RomonId node;
    LinkRecord incoming; ///< zero in the originator's
    LinkRecord outgoing; ///< zero in the responder's

    friend bool operator==(const Routing&, const Routing&) = default;
};

/// Tag 0x04. The bytes are captured; the meaning of the last two is inferred.
struct Version {
    std::uint8_t major = 0;
    std::uint8_t minor = 0;
    std::uint8_t kind = 'f'; ///< 'f' for a final release; other letters are not documented
    std::uint8_t revision = 0;

    /// "7.13", "7.13.2"; a letter nobody documented is shown as '?': "7.13?2".
    [[nodiscard]] std::string toString() const;
    friend bool operator==(const Version&, const Version&) = default;
};

/// A TLV whose tag has no meaning here; kept as it came.
struct RawTlv {
    std::uint8_t tag = 0;
    ByteVector value; ///< at most 255 bytes

    friend bool operator==(const RawTlv&, const RawTlv&) = default;
};

struct Discover {
    Header header;
    HopList hops;    ///< the way back to the originator; grows by one entry at each forwarder
    Routing routing; ///< of the node this copy was heard from
    std::vector<RawTlv> others;

    friend bool operator==(const Discover&, const Discover&) = default;
};

struct DiscoverResp {
    Header header; ///< source: the asker, destination: the responder (one captured sample)
    HopList hops;
    Routing parent;                      ///< as in the Discover that is answered
    Routing own;                         ///< the responder's; its id is to be taken from here
    std::optional<std::string> identity; ///< raw bytes, at most 255: pass through displayText() before showing
    std::optional<Version> version;
    std::optional<std::string> board; ///< as identity
    std::vector<RawTlv> others;

    friend bool operator==(const DiscoverResp&, const DiscoverResp&) = default;
};

struct Data {
    Header header;
    HopList hops; ///< entries up to the pointer have become the way back
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    ByteVector payload;

    friend bool operator==(const Data&, const Data&) = default;
};

/// Recognised, never sent: their bodies are not public.
struct Hello {
    Header header;
    ByteVector body;

    friend bool operator==(const Hello&, const Hello&) = default;
};
struct SeqErr {
    Header header;
    ByteVector body;

    friend bool operator==(const SeqErr&, const SeqErr&) = default;
};

using Message = std::variant<Discover, DiscoverResp, Data, SeqErr, Hello>;

[[nodiscard]] const Header& headerOf(const Message& message);

} // namespace fb::romon
