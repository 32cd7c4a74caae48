// SPDX-License-Identifier: Apache-2.0
// What a node knows of the overlay, as plain values for display: nodes, links, ports, counters. A snapshot is a copy;
// nothing in it refers to the engine, and it may cross threads.
#pragma once

#include "core/base/Instant.h"
#include "core/base/MacAddress.h"
#include "core/romon/RomonId.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace fb::overlay {

/// A port of this node, numbered by whoever added it; never on the wire.
using PortId = std::uint32_t;

enum class Freshness {
    Fresh, ///< answered one of the last rounds
    Stale, ///< missed several rounds; may be back at any moment
    Lost,  ///< missed so many that it counts as gone; kept in the list, no path leads over it
};

/// One end of a link, as its node announces it (link record: captured).
struct LinkEnd {
    std::uint32_t linkId = 0; ///< local to the node, never 0 for a real end
    std::uint16_t l2Mtu = 0;  ///< bytes after the Ethernet header, as RouterOS counts its L2 MTU (inferred)
    std::uint16_t cost = 0;
    MacAddress mac;

    friend auto operator<=>(const LinkEnd&, const LinkEnd&) = default;
};

/// One hop of a path: out of `from`, into `to`.
struct Hop {
    romon::RomonId from;
    romon::RomonId to;
    LinkEnd out;
    LinkEnd in;

    /// Cost of the hop: outgoing plus incoming port (official documentation's example; formula inferred).
    [[nodiscard]] std::uint32_t cost() const { return std::uint32_t{out.cost} + in.cost; }
    friend bool operator==(const Hop&, const Hop&) = default;
};

/// A way to a node, first hop first. Never empty.
struct Path {
    std::vector<Hop> hops;
    std::uint32_t cost = 0;
    std::uint16_t l2Mtu = 0; ///< the smallest on the way

    friend bool operator==(const Path&, const Path&) = default;
};

/// A node heard of, this one excluded.
struct NodeInfo {
    romon::RomonId id;
    std::string identity;                       ///< printable UTF-8, bounded; empty if never announced
    std::string version;                        ///< such as "7.13"; empty if never announced
    std::string board;                          ///< such as "RB750Gr3"
    std::optional<std::chrono::seconds> uptime; ///< only nodes that answer the node-information question tell it
    std::vector<std::uint16_t> services;        ///< data ports it offers, ascending; same source
    bool isFootbridge = false;
    Freshness freshness = Freshness::Fresh;
    Duration sinceHeard{};       ///< how long ago, when the snapshot was taken
    std::optional<Duration> rtt; ///< last echo, if any
    std::optional<Path> path;    ///< the best one now; absent if none leads there

    friend bool operator==(const NodeInfo&, const NodeInfo&) = default;
};

/// A link between two nodes, `a` being the one with the lower id.
struct LinkInfo {
    romon::RomonId a;
    romon::RomonId b;
    LinkEnd endA;
    LinkEnd endB;
    Freshness freshness = Freshness::Fresh;

    friend bool operator==(const LinkInfo&, const LinkInfo&) = default;
};

enum class PortState {
    Up,
    Down,      ///< the interface exists and is down
    Missing,   ///< the interface is gone, or was never there
    Forbidden, ///< configured not to be used: nothing is sent, nothing accepted
    Failed,    ///< could not be opened; PortInfo::problem says why
};

struct PortCounters {
    std::uint64_t framesReceived = 0;
    std::uint64_t framesSent = 0;
    std::uint64_t bytesReceived = 0;
    std::uint64_t bytesSent = 0;
    std::uint64_t framesDropped = 0; ///< received and not understood, or not sendable
    std::uint64_t neighbors = 0;     ///< nodes heard directly on it now

    friend bool operator==(const PortCounters&, const PortCounters&) = default;
};

/// A port of this node.
struct PortInfo {
    PortId id = 0;
    std::string interface;
    MacAddress mac;
    std::uint16_t l2Mtu = 0;
    std::uint16_t cost = 100;
    PortState state = PortState::Down;
    std::string problem; ///< why it is not Up, in words; empty if it is
    std::string bridge;  ///< the kernel bridge it is a member of; empty if none
    PortCounters counters;

    friend bool operator==(const PortInfo&, const PortInfo&) = default;
};

/// A named count of something that happened: dropped frames by reason, limits that were reached.
struct NamedCounter {
    std::string name; ///< lower case, with '-' between words; stable, part of the JSON schema
    std::uint64_t value = 0;

    friend bool operator==(const NamedCounter&, const NamedCounter&) = default;
};

/// A node in whose name frames came that we refused because of secrets.
struct UnverifiedSender {
    romon::RomonId id;
    std::uint64_t frames = 0;   ///< signed with a secret that is none of ours
    std::uint64_t replayed = 0; ///< signed with one of ours, and heard before
    std::uint64_t unhashed = 0; ///< not signed, where our secrets demand it

    friend bool operator==(const UnverifiedSender&, const UnverifiedSender&) = default;
};

/// Another node that uses this node's id, heard not long ago.
struct DuplicateId {
    MacAddress mac;
    std::string interface; ///< where it was heard last
    Duration sinceHeard{};

    friend bool operator==(const DuplicateId&, const DuplicateId&) = default;
};

enum class Role {
    Leaf,    ///< answers, never forwards: a workstation
    Transit, ///< forwards for others: a router
};

struct Snapshot {
    romon::RomonId self;
    std::string identity;
    Role role = Role::Leaf;
    std::uint64_t roundsAsked = 0;            ///< discovery rounds this node has started
    std::vector<NodeInfo> nodes;              ///< ascending by id
    std::vector<LinkInfo> links;              ///< ascending by (a, b, endA)
    std::vector<PortInfo> ports;              ///< ascending by id
    std::vector<NamedCounter> counters;       ///< ascending by name, zeros left out
    std::vector<UnverifiedSender> unverified; ///< ascending by id, bounded
    std::optional<DuplicateId> duplicateId;   ///< put in by the agent, which knows the interface

    friend bool operator==(const Snapshot&, const Snapshot&) = default;
};

} // namespace fb::overlay
