// SPDX-License-Identifier: Apache-2.0
// The ways that streams of others came, reversed: where their answers go. One for each stream, so that streams of one
// peer may take different paths, and one for the peer. Only frames on ports of streams count: a probe over another
// path must not take the answers with it. And anybody on a segment of ours can write a frame in the name of a peer:
// the answers of a stream follow only what the stream itself has found to be its own.
#pragma once

#include "core/base/Instant.h"
#include "core/overlay/Counters.h"
#include "core/overlay/RecentMap.h"
#include "core/overlay/Route.h"

#include <compare>
#include <vector>

namespace fb::overlay {

/// Of each kind: those that streams have confirmed, and those only heard.
inline constexpr std::size_t kWaysBackMax = 2048;
/// A way back that was not used for so long says nothing about the network any more.
inline constexpr Duration kWayBackLifetime = std::chrono::minutes(10);
/// Frames that were still under way when the peer moved do not move the answers back (ours).
inline constexpr Duration kWayBackSettles = std::chrono::milliseconds(50);

class WaysBack {
public:
    struct Stream {
        romon::RomonId peer;
        std::uint16_t theirPort = 0;
        std::uint16_t ourPort = 0;

        friend auto operator<=>(const Stream&, const Stream&) = default;
    };

    explicit WaysBack(Counters& counters) : m_counters(counters) {}

    /// A frame in the name of the stream's peer came this way. True unless that is the stream's confirmed way already:
    /// whoever finds the frame to be the stream's own then says so with confirm(). Until the first one, the answers
    /// go where the last frame came from.
    [[nodiscard]] bool hear(const Stream& stream, const Route& route, Instant now);
    /// The frame that came this way was the stream's own. True if its answers go another way from now on.
    bool confirm(const Stream& stream, const Route& route, Instant now);
    /// The stream has ended.
    void forget(const Stream& stream) { m_confirmed.erase(stream); }

    [[nodiscard]] const Route* of(const Stream& stream, Instant now) const;
    /// Whether the stream itself has said so.
    [[nodiscard]] bool isConfirmed(const Stream& stream, Instant now) const
    {
        return current(m_confirmed, stream, now) != nullptr;
    }
    [[nodiscard]] const Route* of(romon::RomonId peer, Instant now) const { return of({.peer = peer}, now); }

private:
    struct Way {
        Route route;
        std::vector<romon::HopEntry> left; ///< the way before
        Instant heardAt{};
        Instant movedAt{};
    };
    using Ways = RecentMap<Stream, Way>; ///< ports 0: the peer's own
    static bool isCurrent(const Way& way, Instant now) { return way.heardAt + kWayBackLifetime >= now; }
    static const Way* current(const Ways& ways, const Stream& stream, Instant now);
    Way& use(Ways& ways, const Stream& stream, Instant now);
    bool move(const Stream& stream, const Route& route, Instant now);

    Counters& m_counters;
    Ways m_confirmed{kWaysBackMax};
    Ways m_heard{kWaysBackMax};
};

} // namespace fb::overlay
