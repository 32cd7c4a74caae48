// SPDX-License-Identifier: Apache-2.0
// The ways of streams: which there are, what was heard of them. SessionChoice.cpp decides what follows from it.
#include "core/agent/SessionPaths.h"

#include "core/base/Assert.h"

#include <algorithm>

namespace fb::agent {

namespace {

using namespace std::chrono_literals;

/// A changing map of a large network is not worth looking at more often.
constexpr Duration kRefreshInterval = 50ms;
/// So many frames sent, and for so long, without hearing the peer: two acknowledgements may follow a last frame heard.
constexpr std::uint32_t kUnheardFrames = 3;
constexpr Duration kUnheardFor = 50ms;

} // namespace

WatchedPath& SessionPaths::find(Way& way, std::uint64_t path)
{
    const auto found = std::ranges::find(way.paths, path, &WatchedPath::id);
    FB_ASSERT(found != way.paths.end());
    return *found;
}

const WatchedPath& SessionPaths::inUse(const Way& way)
{
    const auto found = std::ranges::find(way.paths, way.inUse, &WatchedPath::id);
    FB_ASSERT(found != way.paths.end());
    return *found;
}

Result<overlay::Path, Error> SessionPaths::pathForNew(romon::RomonId peer) const
{
    const auto policy = m_policies.effective(std::nullopt, peer);
    for (const auto& entry : m_ways) {
        if (entry.second.peer == peer && entry.second.policy == policy)
            return inUse(entry.second).path();
    }
    auto paths = m_overlay.paths(peer, 1, policy);
    if (!paths)
        return failure(paths.error());
    return std::move(paths->front());
}

std::uint64_t SessionPaths::wayFor(romon::RomonId peer, const overlay::PathPolicy& policy, Instant now)
{
    for (const auto& entry : m_ways) {
        if (entry.second.peer == peer && entry.second.policy == policy)
            return entry.first;
    }
    auto paths = m_overlay.sessionPaths(peer, kPathsPerWay - 1, policy);
    if (!paths)
        return 0;
    const std::uint64_t id = ++m_lastId;
    Way& way = m_ways[id];
    way.peer = peer;
    way.policy = policy;
    way.usedAt = now;
    merge(way, std::move(paths).value());
    // Nothing is known against any of them, and the session begins on the best.
    for (auto& path : way.paths)
        path.trust();
    way.inUse = way.paths.front().id();
    return id;
}

void SessionPaths::add(stream::StreamId stream, romon::RomonId peer, Instant now)
{
    const auto id = wayFor(peer, m_policies.effective(stream, peer), now);
    if (id == 0)
        return;
    m_ways.at(id).streams.insert(stream);
    m_wayOf.emplace(stream, id);
    m_isDirty = true;
}

void SessionPaths::remove(stream::StreamId stream)
{
    m_policies.forgetSession(stream);
    const auto found = m_wayOf.find(stream);
    if (found == m_wayOf.end())
        return;
    const auto way = m_ways.find(found->second);
    m_wayOf.erase(found);
    way->second.streams.erase(stream);
    if (way->second.streams.empty())
        m_ways.erase(way);
}

const overlay::Path* SessionPaths::pathOf(stream::StreamId stream) const
{
    const auto found = m_wayOf.find(stream);
    return found == m_wayOf.end() ? nullptr : &inUse(m_ways.at(found->second)).path();
}

void SessionPaths::noteUse(stream::StreamId stream, Instant now)
{
    const auto found = m_wayOf.find(stream);
    if (found == m_wayOf.end())
        return;
    Way& way = m_ways.at(found->second);
    // The first frame after a pause may be due for a probe of its own.
    m_isDirty = m_isDirty || now - way.usedAt > 1s;
    way.usedAt = now;
    if (!way.askedAt)
        way.askedAt = now;
    const Duration patience = std::max(kUnheardFor, 4 * inUse(way).meter().rtt().value_or(Duration{}));
    if (++way.sentUnheard == kUnheardFrames)
        way.sentUnheard = now - *way.askedAt >= patience ? kUnheardFrames : kUnheardFrames - 1;
    if (way.sentUnheard == kUnheardFrames) {
        find(way, way.inUse).suspect(now);
        m_isDirty = true;
    }
}

void SessionPaths::noteHeard(romon::RomonId peer)
{
    for (auto& entry : m_ways) {
        if (entry.second.peer != peer)
            continue;
        entry.second.askedAt.reset();
        entry.second.sentUnheard = 0;
    }
}

std::optional<std::size_t> SessionPaths::payloadBytesMax(romon::RomonId peer) const
{
    std::optional<std::size_t> least;
    for (const auto& entry : m_ways) {
        if (entry.second.peer != peer)
            continue;
        const auto bytes = overlay::Engine::dataBytesMax(inUse(entry.second).path());
        if (bytes && (!least || *bytes < *least))
            least = bytes;
    }
    return least;
}

void SessionPaths::suspect(romon::RomonId peer, Instant now)
{
    for (auto& entry : m_ways) {
        if (entry.second.peer == peer) {
            find(entry.second, entry.second.inUse).suspect(now);
            m_isDirty = true;
        }
    }
}

/// Believed if it comes from the node whose entry failed and names that entry of a path in use. Then it costs a probe
/// of that path and of the next best; what those say decides.
void SessionPaths::refused(const overlay::PathRefused& refusal, Instant now)
{
    const auto& report = refusal.report;
    bool isBelieved = false;
    for (auto& entry : m_ways) {
        Way& way = entry.second;
        const auto& hops = inUse(way).path().hops;
        if (way.peer != report.target || report.index == 0 || report.index >= hops.size())
            continue;
        const overlay::Hop& hop = hops[report.index];
        if (hop.from != refusal.by || hop.out.linkId != report.entry.linkId || hop.in.mac != report.entry.mac)
            continue;
        if (way.noRefusalsUntil && now < *way.noRefusalsUntil)
            continue;
        isBelieved = true;
        // The node announces its MTU in the next round; the stream finds out what fits meanwhile.
        if (report.reason == overlay::UnreachableReason::TooLarge)
            continue;
        if (way.refusedAt && *way.refusedAt + kRefusalsApart > now)
            continue;
        way.refusedAt = now;
        way.refusal = report;
        find(way, way.inUse).suspect(now);
        m_isDirty = true;
    }
    ++(isBelieved ? m_refusalsBelieved : m_refusalsIgnored);
}

void SessionPaths::answered(const overlay::ProbeAnswered& answer, Instant now)
{
    const auto found = m_probes.find(answer.token);
    if (found == m_probes.end())
        return;
    const Probe probe = found->second;
    m_probes.erase(found);
    const auto way = m_ways.find(probe.way);
    if (way == m_ways.end())
        return;
    const auto path = std::ranges::find(way->second.paths, probe.path, &WatchedPath::id);
    if (path == way->second.paths.end())
        return;
    const bool isInUse = probe.path == way->second.inUse;
    if (probe.path == way->second.leftOnWord) {
        // It answers before it counts as dead: late, but it works, and it was a lie, or weather, that it does not.
        if (path->state() == PathState::Suspect)
            way->second.noRefusalsUntil = now + kNoRefusalsFor;
        way->second.leftOnWord = 0;
    }
    path->answered(answer.rtt, isInUse ? WatchedPath::Role::InUse : WatchedPath::Role::Spare, now);
    if (isInUse)
        way->second.refusal.reset();
    m_isDirty = true;
}

void SessionPaths::lost(const overlay::ProbeLost& loss)
{
    const auto found = m_probes.find(loss.token);
    if (found == m_probes.end())
        return;
    const auto way = m_ways.find(found->second.way);
    if (way != m_ways.end()) {
        const auto path = std::ranges::find(way->second.paths, found->second.path, &WatchedPath::id);
        if (path != way->second.paths.end())
            path->lost(found->second.sentAt);
    }
    m_probes.erase(found);
    m_isDirty = true;
}

/// What the map lists now, in its order. Listed or not, a path that a session uses stays until another one is used, and
/// in trouble every path that may still work.
void SessionPaths::merge(Way& way, std::vector<overlay::Path> listed)
{
    std::vector<WatchedPath> merged;
    for (auto& path : listed) {
        const auto known =
            std::ranges::find_if(way.paths, [&](const WatchedPath& watched) { return watched.isOver(path); });
        if (known == way.paths.end()) {
            merged.emplace_back(++m_lastId, std::move(path), PathState::Held);
            continue;
        }
        known->update(std::move(path));
        merged.push_back(std::move(*known));
        way.paths.erase(known);
    }
    for (auto& path : way.paths) {
        const bool isHope = way.troubleSince && path.state() != PathState::Dead && merged.size() < kPathsInTrouble - 1;
        if (path.id() == way.inUse || isHope)
            merged.push_back(std::move(path));
    }
    way.paths = std::move(merged);
    way.isSearched = false;
    std::ranges::stable_sort(
        way.paths, [&](const WatchedPath& left, const WatchedPath& right) { return isBetter(way, left, right); });
}

void SessionPaths::refresh(Way& way, Instant now)
{
    auto listed = m_overlay.sessionPaths(way.peer, kPathsPerWay - 1, way.policy);
    // A map that knows no way at all, as in an outage, is no reason to forget those that were there.
    if (!listed)
        return;
    const overlay::Path before = inUse(way).path();
    merge(way, std::move(listed).value());
    if (inUse(way).path() != before)
        move(way, way.inUse, MoveReason::Changed, now);
}

void SessionPaths::advance(Instant now)
{
    const bool mustRefresh = m_isMapNew && (!m_refreshedAt || *m_refreshedAt + kRefreshInterval <= now);
    if (!mustRefresh && !m_isMapNew && !m_isDirty && !(m_deadline && *m_deadline <= now))
        return;
    m_isDirty = false;
    m_deadline.reset();
    if (mustRefresh) {
        m_isMapNew = false;
        m_refreshedAt = now;
        if (m_isPolicyPending)
            policyChanged(now);
        m_isDirty = false;
    } else if (m_isMapNew) {
        m_deadline = *m_refreshedAt + kRefreshInterval;
    }
    for (auto& [id, way] : m_ways) {
        checkPorts(way);
        if (mustRefresh)
            refresh(way, now);
        for (auto& path : way.paths)
            path.advance(now);
        noteTrouble(way, now);
        lookFurther(way);
        choose(way, now);
        noteTrouble(way, now);
        sendProbes(id, way, now);
        const auto next = deadlineOf(way, now);
        if (next && (!m_deadline || *next < *m_deadline))
            m_deadline = next;
    }
}

std::optional<Instant> SessionPaths::nextDeadline() const
{
    if (m_isDirty || (m_isMapNew && !m_ways.empty() && !m_deadline))
        return m_ways.empty() ? std::nullopt : std::optional(Instant{});
    return m_deadline;
}

std::optional<SessionPaths::Move> SessionPaths::nextMove()
{
    if (m_moves.empty())
        return std::nullopt;
    Move move = std::move(m_moves.front());
    m_moves.pop_front();
    return move;
}

std::vector<PathReport> SessionPaths::reports(romon::RomonId target, const std::vector<overlay::Path>& paths) const
{
    std::vector<PathReport> reports;
    for (const auto& path : paths) {
        PathReport report;
        for (const auto& entry : m_ways) {
            if (entry.second.peer != target)
                continue;
            for (const auto& watched : entry.second.paths) {
                if (!watched.isOver(path))
                    continue;
                const bool isInUse = watched.id() == entry.second.inUse;
                // Sessions under different policies may watch the same path: the one that uses it knows it best.
                if (isInUse || !report.isInUse)
                    report = {.state = watched.state(),
                              .isInUse = isInUse || report.isInUse,
                              .quality = watched.meter().quality()};
            }
        }
        reports.push_back(report);
    }
    return reports;
}

void SessionPaths::describe(SessionInfo& session) const
{
    const auto found = m_wayOf.find(session.session);
    session.policy = m_policies.effective(session.session, session.peer);
    if (found == m_wayOf.end())
        return;
    const Way& way = m_ways.at(found->second);
    const WatchedPath& path = inUse(way);
    session.path = path.path();
    session.state = path.state();
    session.quality = path.meter().quality();
    session.isPinBroken = !session.policy.pin.empty() && overlay::pinOf(path.path()) != session.policy.pin;
}

std::vector<overlay::NamedCounter> SessionPaths::counters() const
{
    return {{"path-moves", m_movesMade},
            {"path-probes-sent", m_probesSent},
            {"path-probes-withheld", m_probesWithheld},
            {"unreachable-believed", m_refusalsBelieved},
            {"unreachable-ignored", m_refusalsIgnored}};
}

} // namespace fb::agent
