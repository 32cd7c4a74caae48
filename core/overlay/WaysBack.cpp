// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/WaysBack.h"

#include <algorithm>
#include <utility>

namespace fb::overlay {

WaysBack::Change WaysBack::remember(const Stream& stream, const Route& route, Instant now)
{
    set({.peer = stream.peer}, route, now);
    return set(stream, route, now);
}

WaysBack::Change WaysBack::set(const Stream& stream, const Route& route, Instant now)
{
    const auto found = m_ways.find(stream);
    if (found == m_ways.end()) {
        if (m_ways.size() >= kWaysBackMax)
            m_ways.erase(std::ranges::min_element(m_ways, {}, [](const auto& entry) { return entry.second.heardAt; }));
        m_ways.emplace(stream, Way{.route = route, .left = {}, .heardAt = now, .movedAt = now});
        return Change::None;
    }
    Way& way = found->second;
    if (way.route.entries != route.entries) {
        const bool isStraggler = way.left == route.entries && now < way.movedAt + kWayBackSettles;
        if (isStraggler)
            return Change::None;
        way.left = std::exchange(way.route, route).entries;
        way.movedAt = now;
        way.heardAt = now;
        return Change::Moved;
    }
    way.heardAt = now;
    return Change::None;
}

const Route* WaysBack::of(const Stream& stream, Instant now) const
{
    const auto found = m_ways.find(stream);
    return found == m_ways.end() || found->second.heardAt + kWayBackLifetime < now ? nullptr : &found->second.route;
}

} // namespace fb::overlay
