// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/WaysBack.h"

#include <utility>

namespace fb::overlay {

WaysBack::Change WaysBack::remember(const Stream& stream, const Route& route, Instant now)
{
    set({.peer = stream.peer}, route, now);
    return set(stream, route, now);
}

WaysBack::Change WaysBack::set(const Stream& stream, const Route& route, Instant now)
{
    const Way* known = m_ways.find(stream);
    if (known == nullptr) {
        if (const Way* oldest = m_ways.leaving(); oldest != nullptr && isBelieved(*oldest, now))
            m_counters.add(Counter::WaysBackEvicted);
        m_ways.use(stream) = Way{.route = route, .left = {}, .heardAt = now, .movedAt = now};
        return Change::None;
    }
    const bool isMove = known->route != route;
    if (isMove && known->left == route.entries && now < known->movedAt + kWayBackSettles)
        return Change::None; // a straggler
    Way& way = m_ways.use(stream);
    way.heardAt = now;
    if (!isMove)
        return Change::None;
    way.left = std::exchange(way.route, route).entries;
    way.movedAt = now;
    return Change::Moved;
}

const Route* WaysBack::of(const Stream& stream, Instant now) const
{
    const Way* way = m_ways.find(stream);
    return way != nullptr && isBelieved(*way, now) ? &way->route : nullptr;
}

} // namespace fb::overlay
