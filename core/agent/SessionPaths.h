// SPDX-License-Identifier: Apache-2.0
// Which way the streams take that this node has opened. Streams to one peer under one policy share a way: the path in
// use and the others that are held ready. Probes those and no others: slowly while all is well, fast at a sign of
// trouble, at a bounded rate in an outage; moves, and tells of the move. docs/paths.md has the rules. No I/O; told the
// time.
#pragma once

#include "core/agent/PathPolicies.h"
#include "core/agent/WatchedPath.h"
#include "core/base/RateLimit.h"
#include "core/overlay/Engine.h"

#include <deque>
#include <map>
#include <set>

namespace fb::agent {

class SessionPaths {
public:
    /// Ways kept ready for a session, the one in use included.
    static constexpr std::size_t kPathsPerWay = 4;
    /// And those that were looked for when all of these had failed.
    static constexpr std::size_t kPathsInTrouble = 8;
    static constexpr std::size_t kProbesWaitingMax = 512;
    /// A node that cries wolf makes us probe so often and no more.
    static constexpr Duration kRefusalsApart = std::chrono::milliseconds(200);
    /// Whoever cried wolf is not believed for so long; silence shows what has failed all the same.
    static constexpr Duration kNoRefusalsFor = std::chrono::seconds(30);
    static constexpr RateLimit::Rate kProbesInTotal{.perSecond = 500, .burst = 100};

    explicit SessionPaths(overlay::Engine& overlay) : m_overlay(overlay), m_probeLimit(kProbesInTotal) {}

    /// The path that a new stream to this peer would take. Fails with NoSuchNode or NoPath.
    [[nodiscard]] Result<overlay::Path, Error> pathForNew(romon::RomonId peer) const;
    /// A stream was opened; nothing if no path is left since pathForNew() was asked.
    void add(stream::StreamId stream, romon::RomonId peer, Instant now);
    void remove(stream::StreamId stream);
    /// The path of a stream that was added; null for any other.
    [[nodiscard]] const overlay::Path* pathOf(stream::StreamId stream) const;
    /// The stream sends along its path. Many frames without any in return are a sign of trouble that a stream whose
    /// user keeps typing does not see: each new frame starts its probe timer anew.
    void noteUse(stream::StreamId stream, Instant now);
    /// A stream frame of the peer arrived.
    void noteHeard(romon::RomonId peer);
    /// What every path in use to this peer can carry; nothing if none is in use.
    [[nodiscard]] std::optional<std::size_t> payloadBytesMax(romon::RomonId peer) const;

    // Signs of trouble and of change.
    void suspect(romon::RomonId peer, Instant now);
    void refused(const overlay::PathRefused& refusal, Instant now);
    void mapChanged() { m_isMapNew = true; }
    void answered(const overlay::ProbeAnswered& answer, Instant now);
    void lost(const overlay::ProbeLost& loss);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    struct Move {
        romon::RomonId peer;
        std::vector<stream::StreamId> streams;
        overlay::Path path;
        MoveReason reason = MoveReason::Opened;
    };
    [[nodiscard]] std::optional<Move> nextMove();

    /// Fails if the scope or the policy makes no sense, and with NoPath if it leaves a session, or the node, none.
    [[nodiscard]] Result<void, Error> setPolicy(const PolicyScope& scope, const overlay::PathPolicy& policy,
                                                Instant now);
    void clearPolicy(const PolicyScope& scope, Instant now);
    [[nodiscard]] const PathPolicies& policies() const { return m_policies; }

    /// What is known of these paths to a node.
    [[nodiscard]] std::vector<PathReport> reports(romon::RomonId target, const std::vector<overlay::Path>& paths) const;
    /// Fills in what belongs to the way of the session; leaves the rest alone.
    void describe(SessionInfo& session) const;
    [[nodiscard]] std::vector<overlay::NamedCounter> counters() const;

private:
    struct Way {
        romon::RomonId peer;
        overlay::PathPolicy policy;
        std::set<stream::StreamId> streams;
        std::vector<WatchedPath> paths; ///< as good as the policy and their cost make them, best first
        std::uint64_t inUse = 0;        ///< id of one of them
        Instant usedAt{};
        std::optional<Instant> askedAt;              ///< the first frame sent since the peer was heard
        std::uint32_t sentUnheard = 0;               ///< frames since then
        std::optional<Instant> troubleSince;         ///< nothing good is in use
        bool isSearched = false;                     ///< in vain: the map has nothing else
        std::optional<Instant> refusedAt;            ///< when one was believed last
        std::optional<overlay::Unreachable> refusal; ///< told of the path in use, not yet confirmed
        std::uint64_t leftOnWord = 0;                ///< path that was left for a refusal; 0: none, or it has died
        std::optional<Instant> noRefusalsUntil;      ///< one was wrong
    };
    struct Probe {
        std::uint64_t way = 0;
        std::uint64_t path = 0;
        Instant sentAt{};
    };

    [[nodiscard]] static WatchedPath& find(Way& way, std::uint64_t path);
    [[nodiscard]] static const WatchedPath& inUse(const Way& way);
    [[nodiscard]] std::uint64_t wayFor(romon::RomonId peer, const overlay::PathPolicy& policy, Instant now);
    [[nodiscard]] static bool isBetter(const Way& way, const WatchedPath& left, const WatchedPath& right);
    void refresh(Way& way, Instant now);
    void merge(Way& way, std::vector<overlay::Path> listed);
    void checkPorts(Way& way);
    void noteTrouble(Way& way, Instant now);
    void lookFurther(Way& way);
    void choose(Way& way, Instant now);
    [[nodiscard]] static Duration graceOf(const Way& way);
    [[nodiscard]] const WatchedPath* escape(const Way& way, Instant now) const;
    [[nodiscard]] static const WatchedPath* betterThanInUse(const Way& way);
    void move(Way& way, std::uint64_t to, MoveReason reason, Instant now);
    [[nodiscard]] MoveReason reasonToLeave(const Way& way) const;
    void sendProbes(std::uint64_t id, Way& way, Instant now);
    [[nodiscard]] static const WatchedPath* backupOf(const Way& way);
    [[nodiscard]] std::optional<Duration> probeInterval(const Way& way, const WatchedPath& path, Instant now) const;
    [[nodiscard]] std::optional<Instant> deadlineOf(const Way& way, Instant now) const;
    void policyChanged(Instant now);

    overlay::Engine& m_overlay;
    PathPolicies m_policies;
    std::map<std::uint64_t, Way> m_ways;
    std::map<stream::StreamId, std::uint64_t> m_wayOf;
    std::map<std::uint64_t, Probe> m_probes; ///< unanswered, by token
    std::deque<Move> m_moves;                ///< at most a few a way: drained after every input
    RateLimit m_probeLimit;
    std::uint64_t m_lastId = 0; ///< of ways, paths and probes
    bool m_isMapNew = false;
    bool m_isDirty = false;
    bool m_isPolicyPending = false; ///< some stream is still on a way of a policy that holds no more
    std::optional<Instant> m_refreshedAt;
    std::optional<Instant> m_deadline;
    std::uint64_t m_probesSent = 0;
    std::uint64_t m_probesWithheld = 0;
    std::uint64_t m_movesMade = 0;
    std::uint64_t m_refusalsBelieved = 0;
    std::uint64_t m_refusalsIgnored = 0;
};

} // namespace fb::agent
