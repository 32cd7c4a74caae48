// SPDX-License-Identifier: Apache-2.0
// What is done on purpose in a calm, one thing at a time, while somebody types: policies set and cleared, a pinned path
// cut and mended, lies about paths, secrets changed. In fair weather it can be told exactly what has to follow.
#pragma once

#include "tests/sim/Hostile.h"
#include "tests/sim/Policies.h"
#include "tests/sim/SecretPlan.h"

#include <functional>
#include <string>

namespace fb::sim {

class Drills {
public:
    struct Parts {
        SimNet& net;
        Traffic& traffic;
        Hostile& hostile;
        Policies& policies;
        SecretPlan& secrets;
        std::function<std::string()> differences; ///< between the maps and the truth; empty: none
        std::function<void(const std::string&)> log;
    };
    explicit Drills(Parts parts) : m(std::move(parts)) {}

    /// One of them, for streams of this node. Nothing if it reaches nobody. The streams end soon after.
    void run(NodeIndex client);

    struct Totals {
        std::uint64_t policies = 0; ///< that were set
        std::uint64_t refused = 0;  ///< rightly
        std::uint64_t pinsCut = 0;
        std::uint64_t lies = 0;
        std::uint64_t movesByLies = 0;
        std::uint64_t rotations = 0;
    };
    [[nodiscard]] const Totals& totals() const { return m_totals; }

private:
    struct Typing {
        stream::StreamId stream = 0;
        NodeIndex server = 0;
    };
    bool openStreams();
    void closeStreams();
    [[nodiscard]] const overlay::Path& pathOf(const Typing& typing) const;
    [[nodiscard]] overlay::PathPolicy policyOf(const Typing& typing) const;
    void waitForCheapest();
    void waitForForgotten();
    void expectProgress(Duration time);

    void drillPolicies();
    void setOnePolicy();
    [[nodiscard]] bool leavesPaths(const agent::PolicyScope& scope, const overlay::PathPolicy& policy) const;
    void drillPins();
    [[nodiscard]] bool isHeldReady(romon::RomonId peer, const overlay::Path& path) const;
    void drillLies();
    void drillRotation();
    [[nodiscard]] std::uint64_t refusedFrames() const;
    [[nodiscard]] std::uint32_t below(std::size_t limit) const;

    Parts m;
    NodeIndex m_client = 0;
    std::vector<Typing> m_typing;
    Totals m_totals;
};

} // namespace fb::sim
