// SPDX-License-Identifier: Apache-2.0
// What a user interface may ask of an agent. Plain values: they cross a thread or a Unix socket unchanged.
#pragma once

#include "core/agent/PathState.h"
#include "core/agent/SecretLists.h"
#include "core/base/Instant.h"
#include "core/romon/RomonId.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

namespace fb::agent {

/// Names a command and every event that answers it. Chosen by the Service, ascending, never 0.
using RequestId = std::uint64_t;

/// Keeps the map up to date and sends SnapshotChanged, at most ten a second, until cancelled.
struct WatchNeighbors {
    friend bool operator==(const WatchNeighbors&, const WatchNeighbors&) = default;
};

/// One SnapshotChanged now, without asking the network anything.
struct GetSnapshot {
    friend bool operator==(const GetSnapshot&, const GetSnapshot&) = default;
};

/// Answered by PathsFound or CommandFailed.
struct FindPaths {
    romon::RomonId target;
    std::uint32_t count = 4; ///< 1 to 16, the best included
    /// Besides what the policies say; may be left out.
    std::vector<romon::RomonId> avoidNodes{};
    std::vector<overlay::PortName> avoidLinks{};

    friend bool operator==(const FindPaths&, const FindPaths&) = default;
};

/// `count` echoes, one PingResult each, then CommandDone; CommandFailed if none can be sent.
struct PingNode {
    romon::RomonId target;
    std::uint32_t count = 4;                     ///< 0: until cancelled
    Duration interval = std::chrono::seconds(1); ///< 10 ms to 60 s
    Duration timeout = std::chrono::seconds(1);  ///< 1 ms to 60 s
    std::uint32_t sizeBytes = 32;                ///< echo payload, 8 to what the path carries

    friend bool operator==(const PingNode&, const PingNode&) = default;
};

/// Opens a stream to a service of a node. StreamOpened hands over a socket whose bytes are the stream's; StreamEnded
/// follows when it is over, CommandFailed if it never opened. Cancelling resets it.
struct OpenStream {
    /// What a stream lives as long as. `Socket` is for a helper that hands the socket to another program and leaves:
    /// the stream stays until that program closes it.
    enum class Lifetime { Request, Socket };
    romon::RomonId target;
    std::uint16_t service = 3;
    Lifetime lifetime = Lifetime::Request;

    friend bool operator==(const OpenStream&, const OpenStream&) = default;
};

/// The interfaces of the agent's machine and which of them are ports; answered by InterfacesListed.
struct ListInterfaces {
    friend bool operator==(const ListInterfaces&, const ListInterfaces&) = default;
};

/// Makes an interface a port of the overlay, or ends that. Only now is anything sent on it. Answered by CommandDone.
struct SetPort {
    enum class Use { Yes, No };
    std::string interface;
    Use use = Use::Yes;
    std::uint16_t cost = 100;

    friend bool operator==(const SetPort&, const SetPort&) = default;
};

/// Everything the agent counts and holds; answered by StatisticsTaken.
struct GetStatistics {
    friend bool operator==(const GetStatistics&, const GetStatistics&) = default;
};

/// Which secrets the node has, by fingerprint; answered by SecretsListed.
struct ListSecrets {
    friend bool operator==(const ListSecrets&, const ListSecrets&) = default;
};

/// Takes effect at once and is answered by SecretsListed. Without `confirmWithin` it is on disk by then. With it the
/// change is put back unless ConfirmSecrets comes in time, and it is on disk only then: a node that restarts meanwhile
/// has its old secrets.
struct ChangeSecrets {
    SecretChange change;
    std::optional<Duration> confirmWithin; ///< 5 s to 10 min

    friend bool operator==(const ChangeSecrets&, const ChangeSecrets&) = default;
};

/// Keeps the change that waits for its confirmation, or puts it back at once; answered by SecretsListed.
struct ConfirmSecrets {
    enum class Keep { Yes, No } keep = Keep::Yes;

    friend bool operator==(const ConfirmSecrets&, const ConfirmSecrets&) = default;
};

/// Which ways sessions may take: replaces what was set for the scope. Answered by CommandDone, or by CommandFailed with
/// NoPath if a session, or the node, would have no path left.
struct SetPathPolicy {
    PolicyScope scope;
    overlay::PathPolicy policy;

    friend bool operator==(const SetPathPolicy&, const SetPathPolicy&) = default;
};

/// What was set for the scope holds no more. Answered by CommandDone, whether or not anything was set.
struct ClearPathPolicy {
    PolicyScope scope;

    friend bool operator==(const ClearPathPolicy&, const ClearPathPolicy&) = default;
};

/// Answered by PathPoliciesListed.
struct GetPathPolicies {
    friend bool operator==(const GetPathPolicies&, const GetPathPolicies&) = default;
};

/// The streams that are open, with their ways. Answered by SessionsListed.
struct GetSessions {
    friend bool operator==(const GetSessions&, const GetSessions&) = default;
};

/// Ends what an earlier command started. Answered, for that command, by CommandFailed with Cancelled.
struct Cancel {
    RequestId request = 0;

    friend bool operator==(const Cancel&, const Cancel&) = default;
};

using Command = std::variant<WatchNeighbors, GetSnapshot, FindPaths, PingNode, OpenStream, ListInterfaces, SetPort,
                             GetStatistics, SetPathPolicy, ClearPathPolicy, GetPathPolicies, GetSessions, ListSecrets,
                             ChangeSecrets, ConfirmSecrets, Cancel>;

} // namespace fb::agent
