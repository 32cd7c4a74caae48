// SPDX-License-Identifier: Apache-2.0
// What the users of a simulation want of the ways of their streams, and a plain account of what follows from it: no
// frame of a stream may leave along a way that one of the policies that hold for it avoids.
#pragma once

#include "core/romon/Codec.h"
#include "tests/sim/Traffic.h"

#include <map>
#include <optional>
#include <tuple>
#include <vector>

namespace fb::sim {

/// The policies of one node: a textbook account beside the agent's own.
class PolicyList {
public:
    void set(const agent::PolicyScope& scope, const overlay::PathPolicy& policy);
    void clear(const agent::PolicyScope& scope);
    [[nodiscard]] overlay::PathPolicy effective(std::optional<stream::StreamId> stream, romon::RomonId peer) const;
    [[nodiscard]] const std::vector<agent::ScopedPolicy>& all() const { return m_policies; }

private:
    std::vector<agent::ScopedPolicy> m_policies;
};

/// A link that is gone, or never was, is stale on the map, and a path all the same, for ten rounds.
inline constexpr Duration kForgottenLimit = std::chrono::seconds(300);

class Policies {
public:
    Policies(SimNet& net, Traffic& traffic) : m_net(net), m_traffic(traffic) {}

    /// Once all ports are there.
    void learnPorts();
    /// One thing that a user of this node does: sets or clears something, somewhere, that may make sense or not.
    void drawOne(NodeIndex node);
    /// Whether it was accepted.
    bool set(NodeIndex node, const agent::PolicyScope& scope, const overlay::PathPolicy& policy);
    void clear(NodeIndex node, const agent::PolicyScope& scope);
    void clearAll();
    void nodeRestarted(NodeIndex node);
    [[nodiscard]] const PolicyList& of(NodeIndex node) { return m_lists[node]; }

    [[nodiscard]] agent::PolicyScope drawScope(NodeIndex node);
    /// Nodes and links to avoid, rather those of the path than others.
    [[nodiscard]] overlay::PathPolicy drawAvoidance(const overlay::Path* path);

    /// Strangers, or damage to an answer, may have told a node that a port is another one: until what was told last is
    /// forgotten, what counts is what the node was told.
    void expectLies(Instant until) { m_liesUntil = std::max(m_liesUntil, until); }

    /// Checks a frame of somebody who has policies.
    void sent(const SentFrame& sent);
    /// Whether the answers to this node's streams have had the time to follow them: then they are checked as well.
    enum class WaysBack { Unsettled, Settled };
    void setWaysBack(NodeIndex client, WaysBack waysBack);

private:
    struct PortOf {
        NodeIndex node = 0;
        overlay::PortName name;
    };
    /// By its client, the other node, the client's data port and the service.
    using StreamKey = std::tuple<NodeIndex, romon::RomonId, std::uint16_t, std::uint16_t>;
    void checkRoute(const SentFrame& sent, const romon::DataView& data, const overlay::PathPolicy& policy) const;
    void checkAnswer(const SentFrame& sent, const romon::DataView& data);
    void checkPath(const overlay::Path& path, const romon::DataView& data, const overlay::PathPolicy& policy) const;
    void checkPin(const romon::DataView& data, NodeIndex from, const overlay::PathPolicy& policy) const;

    SimNet& m_net;
    Traffic& m_traffic;
    std::map<NodeIndex, PolicyList> m_lists;
    std::map<MacAddress, PortOf> m_ports;
    std::map<StreamKey, stream::StreamId> m_streamOf;
    std::optional<NodeIndex> m_settled;
    Instant m_liesUntil{};
};

} // namespace fb::sim
