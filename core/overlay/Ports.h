// SPDX-License-Identifier: Apache-2.0
// The ports of this node: what they announce, which may be used, who shares a segment with whom.
#pragma once

#include "core/base/RateLimit.h"
#include "core/overlay/Engine.h"
#include "core/overlay/FrameSignature.h"
#include "core/romon/Messages.h"

#include <map>

namespace fb::overlay {

/// Discovers taken from one port (ours): hundreds of nodes may ask once a second, a flood gone mad may not pass.
inline constexpr RateLimit::Rate kDiscoversPerPort{.perSecond = 512, .burst = 1024};
/// Answers taken from one port, for us or on their way to others (ours).
inline constexpr RateLimit::Rate kResponsesPerPort{.perSecond = 4096, .burst = 16384};

/// Challenges, and answers to them, sent by one port (ours): a switch full of nodes may start at once, and whoever
/// replays what it recorded makes us send no more than this.
inline constexpr RateLimit::Rate kChallengesPerPort{.perSecond = 256, .burst = 512};

struct Port {
    PortId id = 0;
    PortConfig config;
    std::uint32_t linkId = 0; ///< as announced; unique in this node, never 0
    PortState state = PortState::Down;
    PortCounters counters;
    RateLimit discovers{kDiscoversPerPort};
    RateLimit responses{kResponsesPerPort};
    std::size_t copiesPerRound = 0; ///< of others' questions, heard here in earlier rounds
    std::optional<Instant> lastAsked;
    PortSecrets secrets;
    SendingSession session; ///< of the frames it signs
    RateLimit challenges{kChallengesPerPort};
    RateLimit challengeAnswers{kChallengesPerPort};

    [[nodiscard]] bool isUp() const { return state == PortState::Up; }
    [[nodiscard]] LinkEnd end() const;
    [[nodiscard]] romon::LinkRecord record() const;
};

[[nodiscard]] LinkEnd endOf(const romon::LinkRecord& record);
/// Whether a record can be one end of a link: it has an id, a station's address, and room for at least a header.
[[nodiscard]] bool isUsable(const romon::LinkRecord& record);
/// Whether a frame may be sent to, or have come from, this address: neither zero nor a group.
[[nodiscard]] bool isStation(const MacAddress& mac);

class Ports {
public:
    /// The port must not exist. Its link id is the configured one if it is free, else the next free one from id + 1 on.
    Port& add(PortId id, PortConfig config);
    void remove(PortId id) { m_ports.erase(id); }

    [[nodiscard]] Port* find(PortId id);
    [[nodiscard]] Port* findByLink(std::uint32_t linkId);
    [[nodiscard]] const Port* findByLink(std::uint32_t linkId) const;

    /// Whether the address is that of one of our ports, whatever its state.
    [[nodiscard]] bool owns(const MacAddress& mac) const;
    /// Whether a unicast frame for this address, heard on this port, is for us: a kernel bridge may hand a frame for
    /// one of its members to another.
    [[nodiscard]] bool accepts(const Port& port, const MacAddress& destination) const;
    [[nodiscard]] static bool shareSegment(const Port& first, const Port& second);

    [[nodiscard]] std::map<PortId, Port>& all() { return m_ports; }
    [[nodiscard]] const std::map<PortId, Port>& all() const { return m_ports; }

private:
    std::map<PortId, Port> m_ports;
};

} // namespace fb::overlay
