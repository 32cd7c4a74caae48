// SPDX-License-Identifier: Apache-2.0
// What a Data frame carries of a path: the entries of its source route.
#pragma once

#include "core/overlay/Snapshot.h"
#include "core/romon/Messages.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace fb::overlay {

/// A source route, first hop first, and the smallest L2 MTU on it.
struct Route {
    std::vector<romon::HopEntry> entries;
    std::uint16_t l2Mtu = 0;

    friend bool operator==(const Route&, const Route&) = default;
    /// Payload bytes of a Data frame that fits; none if not even an empty one does.
    [[nodiscard]] std::optional<std::size_t> dataBytesMax() const;
};

[[nodiscard]] Route routeAlong(const Path& path);

} // namespace fb::overlay
