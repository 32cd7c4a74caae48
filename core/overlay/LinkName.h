// SPDX-License-Identifier: Apache-2.0
// What tells one port, and one link, of the overlay from all others.
#pragma once

#include "core/overlay/Snapshot.h"

#include <compare>
#include <cstdint>

namespace fb::overlay {

/// A port of some node.
struct EndName {
    romon::RomonId node;
    std::uint32_t linkId = 0;

    friend auto operator<=>(const EndName&, const EndName&) = default;
};

struct LinkName {
    EndName a; ///< the lower one
    EndName b;

    friend auto operator<=>(const LinkName&, const LinkName&) = default;
};

[[nodiscard]] inline LinkName linkBetween(const EndName& first, const EndName& second)
{
    return first < second ? LinkName{.a = first, .b = second} : LinkName{.a = second, .b = first};
}

[[nodiscard]] inline LinkName nameOf(const LinkInfo& link)
{
    return linkBetween({.node = link.a, .linkId = link.endA.linkId}, {.node = link.b, .linkId = link.endB.linkId});
}

/// The link that a hop of a path crosses, in either direction.
[[nodiscard]] inline LinkName nameOf(const Hop& hop)
{
    return linkBetween({.node = hop.from, .linkId = hop.out.linkId}, {.node = hop.to, .linkId = hop.in.linkId});
}

} // namespace fb::overlay
