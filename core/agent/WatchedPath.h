// SPDX-License-Identifier: Apache-2.0
// One path of a session, as its probes show it: good, suspect, dead, or held until it has proven itself. A value that
// is told what happened; who probes when, and who moves where, is SessionPaths' business. docs/paths.md draws the
// states.
#pragma once

#include "core/agent/PathState.h"

namespace fb::agent {

class WatchedPath {
public:
    /// Fast probing follows the round trip within these bounds.
    static constexpr Duration kSpacingMin = std::chrono::milliseconds(20);
    static constexpr Duration kSpacingMax = std::chrono::milliseconds(50);
    /// Unanswered probes, and the time, after which a suspect path is dead.
    static constexpr std::uint32_t kUnansweredUntilDead = 3;
    static constexpr Duration kSilenceUntilDead = std::chrono::milliseconds(60);
    /// A single probe of a good path unanswered so long is a sign of trouble.
    static constexpr Duration kSilenceUntilSuspect = std::chrono::milliseconds(100);
    /// Answers in a row that a held path owes.
    static constexpr std::uint32_t kProofs = 5;

    WatchedPath(std::uint64_t id, overlay::Path path, PathState state)
        : m_id(id), m_path(std::move(path)), m_state(state)
    {
    }

    [[nodiscard]] std::uint64_t id() const { return m_id; }
    [[nodiscard]] const overlay::Path& path() const { return m_path; }
    [[nodiscard]] PathState state() const { return m_state; }
    [[nodiscard]] const overlay::QualityMeter& meter() const { return m_meter; }
    /// Whether the same ports follow each other: cost and MTU may have changed.
    [[nodiscard]] bool isOver(const overlay::Path& path) const;
    void update(overlay::Path path) { m_path = std::move(path); }

    enum class Role { InUse, Spare };

    /// Somebody says, or silence shows, that something may be wrong.
    void suspect(Instant now);
    /// It cannot work: its port is down, or what was suspected is certain.
    void kill();
    /// What is in use because there is nothing better has nothing to prove.
    void trust() { m_state = PathState::Good; }
    /// Not good by itself any more: was left in trouble, or appeared while a session lives.
    void hold();

    void probeSent(Instant now);
    /// No probe could be sent, for reasons that say nothing about the path.
    void postpone(Instant now) { m_probedAt = now; }
    void answered(Duration rtt, Role role, Instant now);
    /// A probe that was sent then has not come back.
    void lost(Instant sentAt);
    /// Draws the conclusions that time alone allows.
    void advance(Instant now);
    /// When advance() may have something to conclude.
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    [[nodiscard]] std::optional<Instant> probedAt() const { return m_probedAt; }
    [[nodiscard]] Duration fastSpacing() const;
    /// Whether a probe that was sent since then has come back.
    [[nodiscard]] bool hasAnsweredSince(Instant when) const { return m_answeredAt && *m_answeredAt >= when; }
    [[nodiscard]] std::optional<Instant> suspectSince() const { return m_suspectSince; }
    /// Since the first probe that nothing has come back for.
    [[nodiscard]] std::optional<Instant> unansweredSince() const { return m_unansweredSince; }

private:
    [[nodiscard]] Duration patience(Duration least) const;

    std::uint64_t m_id;
    overlay::Path m_path;
    PathState m_state;
    overlay::QualityMeter m_meter;
    std::uint32_t m_proofs = 0;
    std::uint32_t m_unanswered = 0;
    std::optional<Instant> m_probedAt;
    std::optional<Instant> m_answeredAt;
    std::optional<Instant> m_unansweredSince;
    std::optional<Instant> m_suspectSince;
    std::optional<Instant> m_aliveSince; ///< when it answered again after it was dead
};

} // namespace fb::agent
