// SPDX-License-Identifier: Apache-2.0
#include "core/agent/WatchedPath.h"

#include <algorithm>

namespace fb::agent {

bool WatchedPath::isOver(const overlay::Path& path) const
{
    return std::ranges::equal(m_path.hops, path.hops, [](const overlay::Hop& mine, const overlay::Hop& other) {
        return mine.from == other.from && mine.to == other.to && mine.out.linkId == other.out.linkId &&
               mine.in.mac == other.in.mac;
    });
}

void WatchedPath::suspect(Instant now)
{
    if (m_state != PathState::Good && m_state != PathState::Held)
        return;
    m_state = PathState::Suspect;
    m_suspectSince = now;
    // What was asked before may have been answered after it: only questions from now on count.
    m_unanswered = 0;
    m_unansweredSince.reset();
    m_probedAt.reset();
}

void WatchedPath::kill()
{
    if (m_state == PathState::Dead)
        return;
    m_state = PathState::Dead;
    m_proofs = 0;
    m_meter.forgetLoss();
}

void WatchedPath::hold()
{
    m_state = PathState::Held;
    m_proofs = 0;
}

void WatchedPath::probeSent(Instant now)
{
    m_probedAt = now;
    ++m_unanswered;
    if (!m_unansweredSince)
        m_unansweredSince = now;
}

void WatchedPath::answered(Duration rtt, Role role, Instant now)
{
    if (m_state == PathState::Dead)
        m_aliveSince = now;
    m_answeredAt = now;
    m_unanswered = 0;
    m_unansweredSince.reset();
    m_meter.answered(rtt);
    if (role == Role::InUse) {
        m_state = PathState::Good;
        m_suspectSince.reset();
        return;
    }
    if (m_state == PathState::Dead || m_state == PathState::Suspect)
        hold();
    m_suspectSince.reset();
    if (m_state == PathState::Held && ++m_proofs >= kProofs)
        m_state = PathState::Good;
}

/// What an outage took says nothing about the path that is back, even if its probes are given up only then.
void WatchedPath::lost(Instant sentAt)
{
    if (m_state == PathState::Dead || (m_aliveSince && sentAt < *m_aliveSince))
        return;
    m_meter.lost();
    m_proofs = 0;
}

Duration WatchedPath::fastSpacing() const
{
    return std::clamp(2 * m_meter.rtt().value_or(kSpacingMin / 2), kSpacingMin, kSpacingMax);
}

Duration WatchedPath::patience(Duration least) const
{
    return std::max(least, 4 * m_meter.rtt().value_or(Duration{}));
}

void WatchedPath::advance(Instant now)
{
    if (!m_unansweredSince)
        return;
    const Duration silence = now - *m_unansweredSince;
    if (m_state == PathState::Good && silence >= patience(kSilenceUntilSuspect))
        suspect(now);
    else if ((m_state == PathState::Suspect || m_state == PathState::Held) && m_unanswered >= kUnansweredUntilDead &&
             silence >= patience(kSilenceUntilDead))
        kill();
}

std::optional<Instant> WatchedPath::nextDeadline() const
{
    if (!m_unansweredSince || m_state == PathState::Dead)
        return std::nullopt;
    if (m_state == PathState::Good)
        return *m_unansweredSince + patience(kSilenceUntilSuspect);
    if (m_unanswered >= kUnansweredUntilDead)
        return *m_unansweredSince + patience(kSilenceUntilDead);
    return std::nullopt;
}

} // namespace fb::agent
