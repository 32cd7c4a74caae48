// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/WaysBack.h"

#include <utility>

namespace fb::overlay {

bool WaysBack::hear(const Stream& stream, const Route& route, Instant now)
{
    if (const Way* confirmed = current(m_confirmed, stream, now)) {
        if (confirmed->route != route)
            return true;
        for (const auto& kept : {Stream{.peer = stream.peer}, stream}) {
            if (m_confirmed.find(kept) != nullptr)
                m_confirmed.use(kept).heardAt = now;
        }
        return false;
    }
    for (const auto& heard : {Stream{.peer = stream.peer}, stream})
        use(m_heard, heard, now).route = route;
    return true;
}

bool WaysBack::confirm(const Stream& stream, const Route& route, Instant now)
{
    move({.peer = stream.peer}, route, now);
    return move(stream, route, now);
}

bool WaysBack::move(const Stream& stream, const Route& route, Instant now)
{
    const Way* known = current(m_confirmed, stream, now);
    if (known == nullptr) {
        Way& way = use(m_confirmed, stream, now);
        way = {.route = route, .left = {}, .heardAt = now, .movedAt = now};
        return false;
    }
    const bool isMove = known->route != route;
    if (isMove && known->left == route.entries && now < known->movedAt + kWayBackSettles)
        return false; // a straggler
    Way& way = use(m_confirmed, stream, now);
    if (!isMove)
        return false;
    way.left = std::exchange(way.route, route).entries;
    way.movedAt = now;
    return true;
}

WaysBack::Way& WaysBack::use(Ways& ways, const Stream& stream, Instant now)
{
    const Way* leaving = ways.find(stream) == nullptr ? ways.leaving() : nullptr;
    if (leaving != nullptr && isCurrent(*leaving, now))
        m_counters.add(Counter::WaysBackEvicted);
    Way& way = ways.use(stream);
    way.heardAt = now;
    return way;
}

const WaysBack::Way* WaysBack::current(const Ways& ways, const Stream& stream, Instant now)
{
    const Way* way = ways.find(stream);
    return way != nullptr && isCurrent(*way, now) ? way : nullptr;
}

const Route* WaysBack::of(const Stream& stream, Instant now) const
{
    const Way* way = current(m_confirmed, stream, now);
    if (way == nullptr)
        way = current(m_heard, stream, now);
    return way == nullptr ? nullptr : &way->route;
}

} // namespace fb::overlay
