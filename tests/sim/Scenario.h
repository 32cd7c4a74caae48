// SPDX-License-Identifier: Apache-2.0
// One run of the simulator. The seed draws a network, then storms and calms take turns until enough steps are done: in
// a storm everything happens that can happen to a network; in a calm everything is mended, and then the maps must
// become the truth and all traffic must come to its end, within a limit of virtual time.
#pragma once

#include "tests/sim/Drills.h"
#include "tests/sim/Hostile.h"
#include "tests/sim/Policies.h"
#include "tests/sim/SecretPlan.h"
#include "tests/sim/SimNet.h"
#include "tests/sim/Traffic.h"

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace fb::sim {

struct ScenarioResult {
    std::uint64_t steps = 0;
    std::uint64_t traceHash = 0;
    Duration virtualTime{};
    std::size_t nodes = 0;
    std::size_t cycles = 0;
    std::uint64_t hostileFrames = 0;
    Traffic::Totals traffic;
    Drills::Totals drills;
};

class Scenario {
public:
    Scenario(std::uint64_t seed, std::uint64_t steps);

    /// Throws Violation. Told first what is in the network.
    ScenarioResult run();

    [[nodiscard]] SimNet& net() { return m_net; }
    /// Called for what the scenario does and finds, in words.
    void setLog(std::function<void(const std::string&)> log) { m_log = std::move(log); }

private:
    // Drawing the network.
    void drawNodes();
    void drawLinks();
    void connect(NodeIndex first, NodeIndex second);
    void drawTree();
    void drawRing();
    void drawMesh();
    void drawDense();
    [[nodiscard]] PortOptions drawPort(std::size_t ordinal);
    [[nodiscard]] Clock drawClock();

    // Storms.
    void storm();
    void disturb();
    void disturbLater();
    void cutOne();
    void impairOne();
    void partitionSome();
    void restartOne();
    void freezeOne();
    void changeOnePort();
    void downOnePort();
    void drawWeather();
    void useLater();
    void use();
    [[nodiscard]] SessionPlan drawSession();
    [[nodiscard]] NodeIndex anyNode();
    [[nodiscard]] Duration upTo(Duration limit);

    // Calms.
    void calm();
    void mendAll();
    void start(NodeIndex node);
    void waitForTruth();
    void proveWithSessions();
    void waitForQuiet(Instant begin);
    void checkWaysOfStreams();
    void checkNothingForged();
    [[nodiscard]] std::string differences();

    [[nodiscard]] bool isStormy() const { return m_net.now() < m_stormEnd; }
    void log(const std::string& text)
    {
        if (m_log)
            m_log(text);
    }

    SimNet m_net;
    Traffic m_traffic;
    Hostile m_hostile;
    Policies m_policies;
    SecretPlan m_secrets;
    Drills m_drills;
    std::uint64_t m_steps;
    std::uint64_t m_seed;
    bool m_hasAttackers = false;
    std::vector<NodeIndex> m_watchers;
    std::set<romon::RomonId> m_ids;
    std::map<NodeIndex, std::uint64_t> m_roundsBefore; ///< of each watcher, when the calm began
    Instant m_stormEnd{};
    std::uint64_t m_storms = 0;
    std::function<void(const std::string&)> m_log;
};

} // namespace fb::sim
