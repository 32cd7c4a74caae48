// SPDX-License-Identifier: Apache-2.0
#include "core/cli/NodeLookup.h"

#include "core/cli/Text.h"
#include "core/overlay/Engine.h"

#include <algorithm>
#include <functional>
#include <utility>

namespace fb::cli {

namespace {

/// What makes a list different for whoever waits for it to be complete.
std::vector<std::pair<romon::RomonId, bool>> outlineOf(const overlay::Snapshot& snapshot)
{
    std::vector<std::pair<romon::RomonId, bool>> outline;
    for (const auto& node : snapshot.nodes)
        outline.emplace_back(node.id, node.path.has_value());
    return outline;
}

struct Collecting {
    Duration settleTime = kSettleTime;
    Duration atMost = kCollectMax;
    /// Stops before the list has settled.
    std::function<bool(const overlay::Snapshot&)> isEnough;
    /// Once the list has settled: whether it is worth waiting on. None: no.
    std::function<bool(const overlay::Snapshot&)> isTooLittle;
};

Result<SnapshotPointer, Error> collect(Conversation& talk, agent::RequestId watch, const Collecting& how)
{
    const Instant start = talk.now();
    const Instant end = start + how.atMost;
    SnapshotPointer latest;
    Instant lastChange = start;
    for (;;) {
        const bool waitsOn = !latest || latest->nodes.empty() || (how.isTooLittle && how.isTooLittle(*latest));
        const Instant deadline = waitsOn ? end : std::min(end, lastChange + how.settleTime);
        const auto body = talk.answer(watch, deadline);
        if (!body && body.error().code == ErrorCode::TimedOut && latest)
            return latest;
        if (!body)
            return failure(body.error());
        const auto* changed = std::get_if<agent::SnapshotChanged>(&*body);
        if (changed == nullptr || changed->snapshot == nullptr)
            continue;
        if (!latest || outlineOf(*latest) != outlineOf(*changed->snapshot))
            lastChange = talk.now();
        latest = changed->snapshot;
        if (how.isEnough && how.isEnough(*latest))
            return latest;
    }
}

const overlay::NodeInfo* nodeIn(const overlay::Snapshot& snapshot, romon::RomonId id)
{
    const auto found = std::ranges::find(snapshot.nodes, id, &overlay::NodeInfo::id);
    return found == snapshot.nodes.end() ? nullptr : &*found;
}

/// The name means one node, and that one was heard within this time and has a way to it.
bool isReadyToUse(const overlay::Snapshot& snapshot, const std::string& text, Duration heardWithin)
{
    const auto id = overlay::resolveNode(snapshot, text);
    const auto* node = id ? nodeIn(snapshot, *id) : nullptr;
    return node != nullptr && node->path && node->freshness == overlay::Freshness::Fresh &&
           node->sinceHeard <= heardWithin;
}

bool isWorthWaiting(const overlay::Snapshot& snapshot, const std::string& text)
{
    const auto id = overlay::resolveNode(snapshot, text);
    return id ? !isReadyToUse(snapshot, text, Duration::max()) : id.error().code == ErrorCode::NoSuchNode;
}

Result<FoundNode, Error> resolveIn(const SnapshotPointer& snapshot, const std::string& text)
{
    const auto id = overlay::resolveNode(*snapshot, text);
    if (!id)
        return failure(id.error());
    return FoundNode{*id, nameAndIdOf(*snapshot, *id), snapshot};
}

} // namespace

Result<SnapshotPointer, Error> collectUntilSettled(Conversation& talk, Duration atMost)
{
    return collect(talk, talk.submit(agent::WatchNeighbors{}), {kSettleTime, atMost, {}, {}});
}

Result<SnapshotPointer, Error> collectFor(Conversation& talk, Duration time)
{
    return collect(talk, talk.submit(agent::WatchNeighbors{}), {time, time, {}, {}});
}

Result<FoundNode, Error> findNode(Conversation& talk, const std::string& text, Certainty certainty, Duration atMost)
{
    const auto known = talk.snapshot();
    if (!known)
        return failure(known.error());
    const Instant start = talk.now();
    const auto watch = talk.submit(agent::WatchNeighbors{});
    // An agent that has asked the network before knows the list that the user has seen; an id needs no list.
    constexpr std::uint64_t kRoundsOfAKnownList = 2;
    constexpr Duration kJustNow = std::chrono::seconds(5);
    const bool isCertain = (*known)->roundsAsked >= kRoundsOfAKnownList || romon::RomonId::parse(text);
    const bool mayHurry = certainty == Certainty::Heard && isCertain;
    if (mayHurry && isReadyToUse(**known, text, kJustNow))
        return resolveIn(*known, text);

    Collecting how{kSettleTime, atMost, {}, {}};
    if (mayHurry) {
        how.isEnough = [&](const overlay::Snapshot& snapshot) {
            return isReadyToUse(snapshot, text, talk.now() - start);
        };
    }
    how.isTooLittle = [&](const overlay::Snapshot& snapshot) { return isWorthWaiting(snapshot, text); };
    const auto collected = collect(talk, watch, how);
    if (!collected)
        return failure(collected.error());
    return resolveIn(*collected, text);
}

} // namespace fb::cli
