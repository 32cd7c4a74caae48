// SPDX-License-Identifier: Apache-2.0
// Data packets: ours out along a source route, others' on to their next hop, and the way back of what reaches us.
//
// The pointer is the entry that the packet travels on right now. Whoever receives it replaces that entry by the reverse
// (its incoming link, the port it came from); a node that is not the target adds one and sends along the next entry. At
// the target, the list read backwards is the way back. This reproduces every captured frame; the rule is inferred.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/overlay/Map.h"
#include "core/overlay/NodeContext.h"
#include "core/overlay/WaysBack.h"
#include "core/romon/Codec.h"

#include <optional>
#include <vector>

namespace fb::overlay {

/// Assumed of the part of a way back that nobody described to us: every Ethernet carries it.
inline constexpr std::uint16_t kL2MtuAssumed = 1500;

/// Data that reached its target: this node. Valid while the frame is.
struct Delivered {
    romon::RomonId from;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    Bytes payload;
    const Route& wayBack;  ///< until the next frame
    bool isNewWay = false; ///< see WaysBack::hear()
};

class Forwarder {
public:
    Forwarder(NodeContext& context, const Map& map)
        : m_context(context), m_map(map), m_waysBack(context.counters), m_sources(context.counters)
    {
    }

    struct Outgoing {
        romon::RomonId target;
        std::uint16_t sourcePort = 0;
        std::uint16_t destinationPort = 0;
        Bytes payload;
        Transmit::Class trafficClass = Transmit::Class::Interactive;
    };
    /// Fails with InvalidArgument if the payload is too large for the route, NoPath if its first port is not Up.
    [[nodiscard]] Result<void, Error> originate(const Route& route, const Outgoing& outgoing);

    /// Delivers to this node, or passes on, or drops.
    [[nodiscard]] std::optional<Delivered> receive(const Heard& heard, const romon::DataView& data);

    /// The way that the stream's, or the node's, last stream frame came, reversed; none if that is unknown, too old, or
    /// its port is not Up.
    [[nodiscard]] const Route* wayBackTo(const WaysBack::Stream& stream, Instant now) const;
    [[nodiscard]] WaysBack& waysBack() { return m_waysBack; }

private:
    [[nodiscard]] Delivered deliver(const Heard& heard, const romon::DataView& data);
    void passOn(const Heard& heard, const romon::DataView& data);
    void refuse(const Heard& heard, const romon::DataView& data, Counter counter, UnreachableReason reason,
                std::uint16_t l2Mtu = 0);
    void tellSource(const Heard& heard, const romon::DataView& data, const Unreachable& report);

    NodeContext& m_context;
    const Map& m_map;
    WaysBack m_waysBack;
    Route m_delivered; ///< the way back of the frame that was delivered last
    UnreachableSources m_sources;
};

} // namespace fb::overlay
