// SPDX-License-Identifier: Apache-2.0
// The secrets of a simulated network: one for all, a common list in different orders, one for each segment by lists of
// its ports, one node that knows none of them, or none at first. Changes them while the network is being used, by the
// documented way: every list takes the new one, then signs with it, then knows no other.
#pragma once

#include "tests/sim/SimNet.h"

#include <optional>
#include <string>
#include <vector>

namespace fb::sim {

class SecretPlan {
public:
    explicit SecretPlan(SimNet& net) : m_net(net) {}

    /// Once all ports are there.
    void draw();
    [[nodiscard]] bool isUsed() const { return !m_domains.empty(); }
    /// Nothing that a stranger made up was ever to be believed anywhere.
    [[nodiscard]] bool isAuthenticated() const { return m_isAuthenticated; }

    /// Whether some node shares no secret with any other.
    [[nodiscard]] bool hasOutcast() const { return m_hasOutcast; }

    /// Begins a rotation, which goes on by itself; nothing while one is under way.
    void rotate();
    [[nodiscard]] bool isRotating() const { return m_isRotating; }
    [[nodiscard]] std::uint64_t rotations() const { return m_rotations; }
    /// A node has the wrong secret for a while; not while a rotation is under way.
    void disagree(NodeIndex node, Duration time);
    void endDisagreement();

private:
    using Texts = std::vector<std::string>;
    struct Place {
        NodeIndex node = 0;
        std::optional<overlay::PortId> port; ///< none: the node's own list
        Texts texts;
    };
    /// Places that must understand each other.
    struct Domain {
        std::vector<Place> places;
    };
    enum class Pass { Accept, Send, Demand };

    void drawForSegments();
    void apply(const Place& place);
    void passOn(std::size_t domain, Pass pass, std::size_t done, const std::string& next);

    SimNet& m_net;
    std::vector<Domain> m_domains;
    bool m_isAuthenticated = false;
    bool m_hasOutcast = false;
    bool m_isRotating = false;
    std::optional<NodeIndex> m_disagreeing;
    std::uint64_t m_rotations = 0;
};

} // namespace fb::sim
