// SPDX-License-Identifier: Apache-2.0
// The ways that streams of others came, reversed: where their answers go. One for each stream, so that streams of one
// peer may take different paths, and one for the peer. Only frames on ports of streams count: a probe over another
// path must not take the answers with it.
#pragma once

#include "core/base/Instant.h"
#include "core/overlay/Counters.h"
#include "core/overlay/RecentMap.h"
#include "core/romon/Messages.h"

#include <compare>
#include <optional>
#include <vector>

namespace fb::overlay {

inline constexpr std::size_t kWaysBackMax = 2048;
/// A way back that was not used for so long says nothing about the network any more.
inline constexpr Duration kWayBackLifetime = std::chrono::minutes(10);
/// Frames that were still under way when the peer moved do not move the answers back (ours).
inline constexpr Duration kWayBackSettles = std::chrono::milliseconds(50);

/// A source route, first hop first, and the smallest L2 MTU on it.
struct Route {
    std::vector<romon::HopEntry> entries;
    std::uint16_t l2Mtu = 0;

    friend bool operator==(const Route&, const Route&) = default;
    /// Payload bytes of a Data frame that fits; none if not even an empty one does.
    [[nodiscard]] std::optional<std::size_t> dataBytesMax() const;
};

class WaysBack {
public:
    struct Stream {
        romon::RomonId peer;
        std::uint16_t theirPort = 0;
        std::uint16_t ourPort = 0;

        friend auto operator<=>(const Stream&, const Stream&) = default;
    };

    explicit WaysBack(Counters& counters) : m_counters(counters) {}

    enum class Change { None, Moved };
    /// Moved: the stream's answers go another way from now on.
    Change remember(const Stream& stream, const Route& route, Instant now);

    [[nodiscard]] const Route* of(const Stream& stream, Instant now) const;
    [[nodiscard]] const Route* of(romon::RomonId peer, Instant now) const { return of({.peer = peer}, now); }

private:
    struct Way {
        Route route;
        std::vector<romon::HopEntry> left; ///< the way before
        Instant heardAt{};
        Instant movedAt{};
    };
    static bool isBelieved(const Way& way, Instant now) { return way.heardAt + kWayBackLifetime >= now; }
    Change set(const Stream& stream, const Route& route, Instant now);

    Counters& m_counters;
    RecentMap<Stream, Way> m_ways{kWaysBackMax}; ///< ports 0: the peer's own
};

} // namespace fb::overlay
