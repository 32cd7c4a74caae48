// SPDX-License-Identifier: Apache-2.0
// What an agent tells: answers to commands, and what happened by itself. Plain values, one descriptor excepted.
#pragma once

#include "core/agent/Command.h"
#include "core/agent/PathState.h"
#include "core/agent/Statistics.h"
#include "core/base/Error.h"
#include "core/base/FileDescriptor.h"
#include "core/base/Instant.h"
#include "core/overlay/Snapshot.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace fb::agent {

struct SnapshotChanged {
    std::shared_ptr<const overlay::Snapshot> snapshot;
};

struct PathsFound {
    romon::RomonId target;
    std::vector<overlay::Path> paths;  ///< best first
    std::vector<PathReport> reports{}; ///< one for each path
};

struct PingResult {
    std::uint32_t sequence = 0;  ///< from 0
    std::optional<Duration> rtt; ///< none: lost
    std::uint32_t sizeBytes = 0;
};

struct StreamOpened {
    FileDescriptor socket;     ///< a connected stream socket: read, write, shut down
    overlay::Path path;        ///< the way it goes now
    std::uint64_t session = 0; ///< names it in path policies and in the list of sessions
};

/// The way of an open stream changed.
struct StreamRerouted {
    overlay::Path path;
    MoveReason reason = MoveReason::Cheaper;
};

/// An open stream waits for its peer: nothing has come back for so long. Sent about once a second while it lasts, and
/// once with zero when the peer is heard again.
struct StreamSilent {
    Duration silentFor{};
    Duration limit{}; ///< when silentFor reaches this the stream ends
};

struct StreamEnded {
    std::optional<Error> error; ///< none: closed by both sides, every byte delivered
};

struct InterfaceState {
    std::string name;
    MacAddress mac;
    bool isUp = false;
    bool isPort = false;
    std::uint16_t cost = 100;
    std::string bridge;
    std::string problem;

    friend bool operator==(const InterfaceState&, const InterfaceState&) = default;
};

struct InterfacesListed {
    std::vector<InterfaceState> interfaces;
};

struct StatisticsTaken {
    Statistics statistics;
};

struct SecretsListed {
    std::vector<SecretScope> scopes;
    bool hasChanged = false;             ///< by the command that this answers
    std::optional<Duration> confirmLeft; ///< a change waits so long for its confirmation
    bool isKept = false;                 ///< they are in a file and survive the agent
};

struct SessionsListed {
    std::vector<SessionInfo> sessions;
};

struct PathPoliciesListed {
    std::vector<ScopedPolicy> policies;
};

struct CommandDone {};

struct CommandFailed {
    Error error;
};

/// The agent is gone: its process ended or the socket broke. Every command has ended with it. The request is 0.
struct ServiceLost {
    Error error;
};

/// Another node uses this node's id. The request is 0.
struct DuplicateIdAlarm {
    MacAddress mac;
    std::string interface;
};

using EventBody = std::variant<SnapshotChanged, PathsFound, PingResult, StreamOpened, StreamRerouted, StreamSilent,
                               StreamEnded, InterfacesListed, SessionsListed, PathPoliciesListed, StatisticsTaken,
                               SecretsListed, CommandDone, CommandFailed, ServiceLost, DuplicateIdAlarm>;

struct Event {
    RequestId request = 0;
    EventBody body;
};

} // namespace fb::agent
