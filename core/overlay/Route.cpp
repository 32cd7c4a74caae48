// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Route.h"

#include "core/romon/Codec.h"

#include <algorithm>

namespace fb::overlay {

std::optional<std::size_t> Route::dataBytesMax() const
{
    const std::size_t overhead = romon::kDataOverheadBytes + romon::kHopEntryBytes * entries.size();
    const std::size_t packet = std::min<std::size_t>(l2Mtu, romon::kPacketBytesMax);
    if (entries.empty() || entries.size() > romon::kHopsMax || packet < overhead)
        return std::nullopt;
    return packet - overhead;
}

Route routeAlong(const Path& path)
{
    Route route{.entries = {}, .l2Mtu = path.l2Mtu};
    route.entries.reserve(path.hops.size());
    for (const auto& hop : path.hops)
        route.entries.push_back({.linkId = hop.out.linkId, .mac = hop.in.mac});
    return route;
}

} // namespace fb::overlay
