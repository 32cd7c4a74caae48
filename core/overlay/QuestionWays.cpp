// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/QuestionWays.h"

#include <utility>

namespace fb::overlay {

const QuestionWays::Way* QuestionWays::find(const Heard& heard, const romon::Discover& discover) const
{
    const auto found = std::ranges::find_if(m_ways, [&](const Way& way) {
        return way.port == heard.port.id && way.from == heard.from && way.hops == discover.hops.entries;
    });
    return found == m_ways.end() ? nullptr : &*found;
}

QuestionWays::Verdict QuestionWays::judge(const Heard& heard, const romon::Discover& discover,
                                          Instant roundStartedAt) const
{
    const Duration late = heard.now - roundStartedAt;
    if (late < kCopiesSpread)
        return Verdict::Copy;
    const Way* way = find(heard, discover);
    const bool mayAsk = way != nullptr && way->isProven(heard.now) &&
                        (!way->broughtQuestionAt || *way->broughtQuestionAt + kRoundWindow <= heard.now);
    return mayAsk && !way->isLateAsEver(late) ? Verdict::OwnQuestion : Verdict::Copy;
}

bool QuestionWays::note(const Heard& heard, const romon::Discover& discover, Instant roundStartedAt, Part part)
{
    const Duration late = heard.now - roundStartedAt;
    Way* way = findOrAdd(heard, discover, late);
    if (way == nullptr)
        return false;
    way->heardAt = heard.now;
    // What this way itself began, or what is over, it does not come late to.
    if (way->broughtQuestionAt != roundStartedAt && late < kRoundWindow)
        way->latenessBefore = std::exchange(way->lateness, late);
    if (part == Part::BeginsRound)
        way->broughtQuestionAt = heard.now;
    return true;
}

QuestionWays::Way* QuestionWays::findOrAdd(const Heard& heard, const romon::Discover& discover, Duration late)
{
    if (const Way* known = find(heard, discover); known != nullptr)
        return &m_ways[static_cast<std::size_t>(known - m_ways.data())];
    Way* way = roomFor(heard.port.id, heard.now);
    if (way != nullptr)
        *way = {.port = heard.port.id,
                .from = heard.from,
                .hops = discover.hops.entries,
                .firstHeardAt = heard.now,
                .heardAt = heard.now,
                .broughtQuestionAt = {},
                .lateness = late,
                .latenessBefore = late};
    return way;
}

/// A port that has its share gives up one of its own ways, a full table any: the one not heard for longest. What has
/// proven itself and is in use stays, so a flood of ever new ways takes no place from a steady one.
QuestionWays::Way* QuestionWays::roomFor(PortId port, Instant now)
{
    const auto onPort = static_cast<std::size_t>(std::ranges::count(m_ways, port, &Way::port));
    const bool hasShare = onPort >= kWaysPerPort;
    if (!hasShare && m_ways.size() < kWaysMax)
        return &m_ways.emplace_back();
    Way* victim = nullptr;
    for (Way& way : m_ways) {
        const bool isKept = way.isProven(now) && way.heardAt + kWayKept > now;
        const bool mayGo = !isKept && (!hasShare || way.port == port);
        if (mayGo && (victim == nullptr || way.heardAt < victim->heardAt))
            victim = &way;
    }
    return victim;
}

} // namespace fb::overlay
