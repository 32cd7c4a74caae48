// SPDX-License-Identifier: Apache-2.0
// Data packets: ours out along a source route, others' on to their next hop, and the way back of what reaches us.
//
// The pointer is the entry that the packet travels on right now. Whoever receives it replaces that entry by the reverse
// (its incoming link, the port it came from); a node that is not the target adds one and sends along the next entry. At
// the target, the list read backwards is the way back. This reproduces every captured frame; the rule is inferred.
#pragma once

#include "core/base/Error.h"
#include "core/base/Result.h"
#include "core/overlay/NodeContext.h"
#include "core/romon/Codec.h"

#include <map>
#include <optional>
#include <vector>

namespace fb::overlay {

inline constexpr std::size_t kWaysBackMax = 2048;
/// A way back that was not used for so long says nothing about the network any more.
inline constexpr Duration kWayBackLifetime = std::chrono::minutes(10);
/// Assumed of the part of a way back that nobody described to us: every Ethernet carries it.
inline constexpr std::uint16_t kL2MtuAssumed = 1500;

/// A source route, first hop first, and the smallest L2 MTU on it.
struct Route {
    std::vector<romon::HopEntry> entries;
    std::uint16_t l2Mtu = 0;

    /// Payload bytes of a Data frame that fits; none if not even an empty one does.
    [[nodiscard]] std::optional<std::size_t> dataBytesMax() const;
};

[[nodiscard]] Route routeAlong(const Path& path);

/// Data that reached its target: this node. Valid while the frame is.
struct Delivered {
    romon::RomonId from;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    Bytes payload;
    const Route& wayBack; ///< until the next frame
};

class Forwarder {
public:
    explicit Forwarder(NodeContext& context) : m_context(context) {}

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

    /// The way that the node's last Data came, reversed; none if that is unknown, too old, or its port is not Up.
    [[nodiscard]] std::optional<Route> wayBackTo(romon::RomonId node, Instant now) const;

private:
    struct WayBack {
        Route route;
        Instant heardAt{};
    };

    [[nodiscard]] Delivered deliver(const Heard& heard, const romon::DataView& data);
    void passOn(const Heard& heard, const romon::DataView& data);
    [[nodiscard]] WayBack& wayBackFrom(romon::RomonId from);

    NodeContext& m_context;
    std::map<romon::RomonId, WayBack> m_waysBack;
};

} // namespace fb::overlay
