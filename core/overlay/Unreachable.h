// SPDX-License-Identifier: Apache-2.0
// "Unreachable" (ours), private port 0xfb03: what a node that cannot pass a Data frame on tells the frame's source, so
// that a session moves at once instead of finding out by silence. Says which entry of the source route failed and why.
// Only sources known as Footbridge are told, and only so often; a RouterOS node never gets one.
#pragma once

#include "core/base/RateLimit.h"
#include "core/base/Result.h"
#include "core/overlay/Counters.h"
#include "core/overlay/RecentMap.h"
#include "core/romon/Messages.h"

#include <optional>

namespace fb::overlay {

inline constexpr std::uint16_t kUnreachablePort = 0xfb03;
/// Data ports that RouterOS never uses (inferred: none was ever captured or named): a frame from or to one of them is
/// the work of a Footbridge node.
inline constexpr std::uint16_t kPrivatePortMin = 0xfb00;
inline constexpr std::uint16_t kPrivatePortMax = 0xfbff;

[[nodiscard]] constexpr bool isPrivatePort(std::uint16_t port)
{
    return port >= kPrivatePortMin && port <= kPrivatePortMax;
}

enum class UnreachableReason : std::uint8_t {
    PortDown = 1,    ///< the port that the entry names is not Up
    LinkUnknown = 2, ///< no port has that link id
    TooLarge = 3,    ///< the frame does not fit the port; `l2Mtu` is what does
    NotAllowed = 4,  ///< a leaf, or both ports are of one kernel bridge
    NextUnusable = 5 ///< the entry names an address that nothing is sent to
};

struct Unreachable {
    UnreachableReason reason = UnreachableReason::PortDown;
    std::uint8_t index = 0; ///< of the entry that failed
    romon::HopEntry entry;
    std::uint16_t l2Mtu = 0; ///< of the port that the entry names; 0: not known
    romon::RomonId target;   ///< where the frame was to go

    friend bool operator==(const Unreachable&, const Unreachable&) = default;
};

[[nodiscard]] ByteVector encodeUnreachable(const Unreachable& report);
enum class UnreachableError { Malformed };
/// Unknown reasons and longer bodies of later versions are read as far as they are understood.
[[nodiscard]] Result<Unreachable, UnreachableError> decodeUnreachable(Bytes payload);

/// Which sources may be told, and whether one may be told now.
class UnreachableSources {
public:
    static constexpr std::size_t kSourcesMax = 1024;
    /// A source proves what it is with every probe of a path in use, at least every ten seconds.
    static constexpr Duration kBelieved = std::chrono::minutes(2);
    static constexpr RateLimit::Rate kReportsInTotal{.perSecond = 100, .burst = 50};
    static constexpr RateLimit::Rate kReportsToSource{.perSecond = 10, .burst = 5};

    explicit UnreachableSources(Counters& counters) : m_counters(counters), m_total(kReportsInTotal) {}

    /// A frame of this source with a private port was passed on.
    void noteFootbridge(romon::RomonId source, Instant now);
    [[nodiscard]] bool isFootbridge(romon::RomonId source, Instant now) const;
    /// Takes one report from the source's allowance and from everybody's.
    [[nodiscard]] bool mayTell(romon::RomonId source, Instant now);

private:
    struct Source {
        std::optional<Instant> provedAt;
        RateLimit reports{kReportsToSource};
    };
    static bool isBelieved(const Source& source, Instant now)
    {
        return source.provedAt && *source.provedAt + kBelieved >= now;
    }
    Source& sourceOf(romon::RomonId id, Instant now);

    Counters& m_counters;
    RateLimit m_total;
    RecentMap<romon::RomonId, Source> m_sources{kSourcesMax};
};

} // namespace fb::overlay
