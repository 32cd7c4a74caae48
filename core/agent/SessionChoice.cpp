// SPDX-License-Identifier: Apache-2.0
// What SessionPaths concludes: when to probe which path, and when a session moves. docs/paths.md has the rules in
// words.
#include "core/agent/SessionPaths.h"

#include <algorithm>

namespace fb::agent {

namespace {

using namespace std::chrono_literals;

/// A session is active while it sends; an idle one costs next to nothing.
constexpr Duration kActiveFor = 3s;
constexpr Duration kInUseActive = 1s;
constexpr Duration kSpareActive = 2s;
constexpr Duration kIdle = 10s;
constexpr Duration kHeldInterval = 200ms;
/// In an outage bytes must flow within 100 ms of its end, so each way is tried so often; later more rarely.
constexpr Duration kOutageInterval = 60ms;
constexpr Duration kOutageFast = 300s;
constexpr Duration kOutageLater = 500ms;
/// Fast probing of everything is for finding a way; by then either there is one, or it is an outage.
constexpr Duration kSearchFor = 1s;
/// Probes are waited for so long before they count as lost.
constexpr Duration kProbeTimeout = 1s;
/// How long the path in use may stay silent after its first fast probe while another one answers, at least.
constexpr Duration kGrace = 10ms;

bool isTrouble(PathState state)
{
    return state == PathState::Suspect || state == PathState::Dead;
}

} // namespace

/// The pinned path, then cost, then hops; the rest is the map's order, which a stable sort keeps.
bool SessionPaths::isBetter(const Way& way, const WatchedPath& left, const WatchedPath& right)
{
    const auto isPinned = [&](const WatchedPath& path) {
        return !way.policy.pin.empty() && overlay::pinOf(path.path()) == way.policy.pin;
    };
    if (isPinned(left) != isPinned(right))
        return isPinned(left);
    if (left.path().cost != right.path().cost)
        return left.path().cost < right.path().cost;
    return left.path().hops.size() < right.path().hops.size();
}

void SessionPaths::checkPorts(Way& way)
{
    for (auto& path : way.paths) {
        if (!m_overlay.canLeave(path.path()))
            path.kill();
    }
}

void SessionPaths::noteTrouble(Way& way, Instant now)
{
    if (!isTrouble(inUse(way).state()))
        way.troubleSince.reset();
    else if (!way.troubleSince)
        way.troubleSince = now;
}

/// All that was held ready has failed: one path more, over none of the ports that they use, if the map has one.
void SessionPaths::lookFurther(Way& way)
{
    const bool mayReplacePin = way.policy.pin.empty() || !way.policy.isStrict;
    const auto isDead = [](const WatchedPath& path) { return path.state() == PathState::Dead; };
    if (!way.troubleSince || way.isSearched || !mayReplacePin || way.paths.size() >= kPathsInTrouble ||
        !std::ranges::all_of(way.paths, isDead))
        return;
    overlay::PathPolicy around = way.policy;
    around.pin.clear();
    for (const auto& path : way.paths) {
        for (const auto& hop : path.path().hops) {
            around.avoidLinks.push_back({.node = hop.from, .linkId = hop.out.linkId});
            around.avoidLinks.push_back({.node = hop.to, .linkId = hop.in.linkId});
        }
    }
    auto found = m_overlay.paths(way.peer, 1, around);
    way.isSearched = !found;
    if (found)
        way.paths.emplace_back(++m_lastId, std::move(found->front()), PathState::Held);
}

/// What another node has said shortens the patience, but never below what an answer needs: else whoever makes that up
/// moves sessions to any path that happens to be faster.
Duration SessionPaths::graceOf(const Way& way)
{
    const auto rtt = inUse(way).meter().rtt();
    if (way.refusal && rtt)
        return *rtt * 3 / 2;
    return std::max(kGrace, 2 * rtt.value_or(Duration{}));
}

/// Where to go from a path in trouble; null: stay.
const WatchedPath* SessionPaths::escape(const Way& way, Instant now) const
{
    const WatchedPath& current = inUse(way);
    const auto firstWith = [&](auto&& condition) {
        const auto found = std::ranges::find_if(
            way.paths, [&](const WatchedPath& path) { return path.id() != way.inUse && condition(path); });
        return found == way.paths.end() ? nullptr : &*found;
    };
    const auto answersSince = [&](Instant when) {
        return firstWith([when](const WatchedPath& path) { return path.hasAnsweredSince(when); });
    };
    if (!m_overlay.canLeave(current.path())) {
        // Nothing to lose: the first that was good a moment ago, and what its probes say decides later.
        for (const auto state : {PathState::Good, PathState::Held, PathState::Suspect}) {
            if (const auto* path = firstWith([state](const WatchedPath& other) { return other.state() == state; }))
                return path;
        }
        return nullptr;
    }
    if (current.state() == PathState::Dead)
        return way.troubleSince ? answersSince(*way.troubleSince) : nullptr;
    const auto since = current.suspectSince();
    if (!since || !current.unansweredSince())
        return nullptr;
    if (now - *current.unansweredSince() < graceOf(way))
        return nullptr;
    return answersSince(*since);
}

/// A path that a session without trouble prefers to its own; null: none.
const WatchedPath* SessionPaths::betterThanInUse(const Way& way)
{
    const WatchedPath& current = inUse(way);
    const bool isHeavy = current.meter().isHeavilyLossy();
    for (const auto& path : way.paths) {
        if (path.id() == way.inUse || path.state() != PathState::Good)
            continue;
        const bool isPreferred = isBetter(way, path, current);
        // A lossy path is taken again only when it has proven to be clean.
        if (isPreferred && !path.meter().quality().isLossy && !path.meter().isHeavilyLossy())
            return &path;
        if (!isPreferred && isHeavy && path.meter().isProvenClean())
            return &path;
    }
    return nullptr;
}

MoveReason SessionPaths::reasonToLeave(const Way& way) const
{
    if (!m_overlay.canLeave(inUse(way).path()))
        return MoveReason::PortDown;
    return way.refusal ? MoveReason::Unreachable : MoveReason::Silent;
}

void SessionPaths::choose(Way& way, Instant now)
{
    const PathState state = inUse(way).state();
    if (isTrouble(state)) {
        if (const WatchedPath* to = escape(way, now)) {
            const MoveReason reason = reasonToLeave(way);
            if (reason == MoveReason::Unreachable)
                m_overlay.doubtLink(nameOf(inUse(way).path().hops[way.refusal->index]));
            move(way, to->id(), reason, now);
        }
        return;
    }
    const WatchedPath* to = betterThanInUse(way);
    if (to == nullptr)
        return;
    const bool isLoss = !isBetter(way, *to, inUse(way));
    move(way, to->id(), isLoss ? MoveReason::Lossy : MoveReason::Cheaper, now);
}

void SessionPaths::move(Way& way, std::uint64_t to, MoveReason reason, Instant now)
{
    if (way.inUse != to) {
        way.leftOnWord = reason == MoveReason::Unreachable ? way.inUse : 0;
        way.inUse = to;
        way.refusal.reset();
        ++m_movesMade;
        WatchedPath& path = find(way, to);
        if (!isTrouble(path.state()))
            path.trust();
    }
    way.usedAt = now;
    way.askedAt.reset();
    way.sentUnheard = 0;
    m_moves.push_back({.peer = way.peer,
                       .streams = {way.streams.begin(), way.streams.end()},
                       .path = inUse(way).path(),
                       .reason = reason});
}

/// The spare path that is kept warm: the best of those that share least with the one in use.
const WatchedPath* SessionPaths::backupOf(const Way& way)
{
    const WatchedPath& current = inUse(way);
    const WatchedPath* backup = nullptr;
    std::size_t least = 0;
    for (const auto& path : way.paths) {
        if (path.id() == way.inUse || path.state() == PathState::Dead)
            continue;
        const auto shared = overlay::countShared(current.path(), path.path());
        if (backup == nullptr || shared < least) {
            backup = &path;
            least = shared;
        }
    }
    return backup;
}

/// None: this path is not probed now.
std::optional<Duration> SessionPaths::probeInterval(const Way& way, const WatchedPath& path, Instant now) const
{
    const bool isActive = now - way.usedAt <= kActiveFor;
    const bool isInUse = path.id() == way.inUse;
    if (way.troubleSince) {
        const Duration lasts = now - *way.troubleSince;
        if (lasts < kSearchFor)
            return path.state() == PathState::Dead ? kOutageInterval : path.fastSpacing();
        return lasts < kOutageFast ? kOutageInterval : kOutageLater;
    }
    switch (path.state()) {
    case PathState::Suspect:
        return path.fastSpacing();
    case PathState::Held:
        return isActive || isInUse ? kHeldInterval : kInUseActive;
    case PathState::Dead:
        return isActive ? kInUseActive : kIdle;
    case PathState::Good:
    case PathState::Unwatched:
        break;
    }
    if (isInUse)
        return isActive ? kInUseActive : kIdle;
    if (&path == backupOf(way) || isBetter(way, path, inUse(way)))
        return isActive ? kSpareActive : kIdle;
    return std::nullopt;
}

void SessionPaths::sendProbes(std::uint64_t id, Way& way, Instant now)
{
    for (auto& path : way.paths) {
        const auto interval = probeInterval(way, path, now);
        if (!interval || (path.probedAt() && *path.probedAt() + *interval > now) || !m_overlay.canLeave(path.path()))
            continue;
        const std::uint64_t token = ++m_lastId;
        const bool mayProbe = m_probes.size() < kProbesWaitingMax && m_probeLimit.take(now);
        if (mayProbe && m_overlay.probe(path.path(), token, kProbeTimeout, now)) {
            m_probes.emplace(token, Probe{.way = id, .path = path.id(), .sentAt = now});
            ++m_probesSent;
            path.probeSent(now);
        } else {
            ++m_probesWithheld;
            path.postpone(now);
        }
    }
}

std::optional<Instant> SessionPaths::deadlineOf(const Way& way, Instant now) const
{
    std::optional<Instant> next;
    const auto consider = [&](std::optional<Instant> deadline) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    };
    const WatchedPath& current = inUse(way);
    for (const auto& path : way.paths) {
        consider(path.nextDeadline());
        const auto interval = probeInterval(way, path, now);
        if (interval && path.probedAt() && m_overlay.canLeave(path.path()))
            consider(*path.probedAt() + *interval);
    }
    if (current.state() == PathState::Suspect && current.unansweredSince()) {
        const Instant graceEnds = *current.unansweredSince() + graceOf(way);
        if (graceEnds > now)
            consider(graceEnds);
    }
    return next;
}

Result<void, Error> SessionPaths::setPolicy(const PolicyScope& scope, const overlay::PathPolicy& policy, Instant now)
{
    if (scope.session && !m_wayOf.contains(*scope.session))
        return failure(Error{ErrorCode::InvalidArgument, "no session of this agent has that number"});
    PathPolicies changed = m_policies;
    if (const auto set = changed.set(scope, policy); !set)
        return failure(set.error());
    const auto check = [&](std::optional<stream::StreamId> session, romon::RomonId peer) -> Result<void, Error> {
        const auto wanted = changed.effective(session, peer);
        // What may be waived is not demanded now either, but the user should hear that it cannot be had.
        auto paths = m_overlay.paths(peer, 1, wanted);
        if (!paths)
            return failure(paths.error());
        if (!wanted.pin.empty() && overlay::pinOf(paths->front()) != wanted.pin)
            return failure(Error{ErrorCode::NoPath, peer.toString() + " (the pinned path is not there)"});
        return {};
    };
    if (scope.node) {
        if (auto checked = check(std::nullopt, *scope.node); !checked)
            return checked;
    }
    for (const auto& [stream, way] : m_wayOf) {
        const auto peer = m_ways.at(way).peer;
        const bool concerns = scope.session ? *scope.session == stream : !scope.node || *scope.node == peer;
        if (!concerns)
            continue;
        if (auto checked = check(stream, peer); !checked)
            return checked;
    }
    m_policies = std::move(changed);
    policyChanged(now);
    return {};
}

void SessionPaths::clearPolicy(const PolicyScope& scope, Instant now)
{
    if (m_policies.clear(scope))
        policyChanged(now);
}

/// Streams whose policy is another one get another way, and are told if that is another path.
void SessionPaths::policyChanged(Instant now)
{
    m_isPolicyPending = false;
    const auto streams = m_wayOf;
    for (const auto& [stream, id] : streams) {
        const Way& old = m_ways.at(id);
        const auto peer = old.peer;
        const auto policy = m_policies.effective(stream, peer);
        if (old.policy == policy)
            continue;
        const auto to = wayFor(peer, policy, now);
        if (to == 0) {
            // The map knows no way at all now: the old one is as good as any until it does.
            m_isPolicyPending = true;
            continue;
        }
        const overlay::Path before = inUse(m_ways.at(id)).path();
        m_ways.at(id).streams.erase(stream);
        m_ways.at(to).streams.insert(stream);
        m_wayOf[stream] = to;
        const overlay::Path after = inUse(m_ways.at(to)).path();
        if (after != before) {
            ++m_movesMade;
            m_moves.push_back({.peer = peer, .streams = {stream}, .path = after, .reason = MoveReason::Policy});
        }
    }
    std::erase_if(m_ways, [](const auto& entry) { return entry.second.streams.empty(); });
    m_isDirty = true;
}

} // namespace fb::agent
