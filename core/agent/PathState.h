// SPDX-License-Identifier: Apache-2.0
// What is known of a path that a session uses or could use, for display and for the choice between them.
#pragma once

#include "core/overlay/PathPolicy.h"
#include "core/overlay/PathQuality.h"
#include "core/stream/Engine.h"

#include <optional>
#include <vector>

namespace fb::agent {

enum class PathState {
    Unwatched, ///< no session uses it or holds it ready: nothing is probed
    Good,
    Suspect, ///< a sign of trouble; being probed fast
    Dead,    ///< its port is down, or probes stay unanswered
    Held,    ///< answers again, or is new: has to prove itself before a session returns to it
};

/// Why a session goes another way.
enum class MoveReason {
    Opened,      ///< its first path
    Silent,      ///< probes of the old path stay unanswered
    Unreachable, ///< a node on the old path said so, and probes agree
    PortDown,    ///< our own port of the old path is down
    Lossy,       ///< the old path loses much, the new one does not
    Cheaper,     ///< a cheaper path has proven itself
    Policy,      ///< the user wants it so
    Changed,     ///< the same way, with another cost or MTU
};

/// Beside a path that was found.
struct PathReport {
    PathState state = PathState::Unwatched;
    bool isInUse = false; ///< by a session
    overlay::PathQuality quality;

    friend bool operator==(const PathReport&, const PathReport&) = default;
};

/// Whom a policy is for: one session, all sessions to a node, or all.
struct PolicyScope {
    std::optional<stream::StreamId> session;
    std::optional<romon::RomonId> node;

    friend bool operator==(const PolicyScope&, const PolicyScope&) = default;
};

struct ScopedPolicy {
    PolicyScope scope;
    overlay::PathPolicy policy;

    friend bool operator==(const ScopedPolicy&, const ScopedPolicy&) = default;
};

/// One stream that is open, with the way it takes.
struct SessionInfo {
    enum class Direction { Opened, Accepted };
    stream::StreamId session = 0;
    romon::RomonId peer;
    std::uint16_t service = 0;
    Direction direction = Direction::Opened;
    std::optional<overlay::Path> path; ///< none: it answers along the way its peer chose
    PathState state = PathState::Unwatched;
    overlay::PathQuality quality;
    overlay::PathPolicy policy; ///< what holds for it, of all scopes together
    bool isPinBroken = false;   ///< a path is pinned, and another one is used because that cannot be
    std::uint64_t bytesSent = 0;
    std::uint64_t bytesReceived = 0;
    std::optional<Duration> rtt; ///< of the stream
    Duration silentFor{};

    friend bool operator==(const SessionInfo&, const SessionInfo&) = default;
};

} // namespace fb::agent
