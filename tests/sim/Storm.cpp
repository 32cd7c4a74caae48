// SPDX-License-Identifier: Apache-2.0
// Storms: what can happen to a network, one thing after the other while it is being used.
#include "tests/sim/Scenario.h"

#include <algorithm>

namespace fb::sim {

using namespace std::chrono_literals;

namespace {

/// Shorter than a stream's limit of silence, whatever the clocks do: no stream may be given up because of a storm.
constexpr Duration kStormMin = 5s;
constexpr Duration kStormMax = 60s;
constexpr Duration kBetweenDisturbances = 3s;
constexpr Duration kBetweenUses = 1500ms;

} // namespace

NodeIndex Scenario::anyNode()
{
    return m_net.random().below(static_cast<std::uint32_t>(m_net.nodeCount()));
}

Duration Scenario::upTo(Duration limit)
{
    return Duration(m_net.random().below(static_cast<std::uint32_t>(limit.count())));
}

void Scenario::storm()
{
    ++m_storms;
    m_stormEnd = m_net.now() + kStormMin + upTo(kStormMax - kStormMin);
    m_traffic.stormBegins();
    log("storm");
    drawWeather();
    disturbLater();
    useLater();
    const bool mayGoOn = m_net.runUntil([this] { return m_net.steps() >= m_steps; }, m_stormEnd - m_net.now());
    if (mayGoOn)
        m_stormEnd = m_net.now();
    // What was planned for the storm and has not happened finds that it is over.
}

void Scenario::disturbLater()
{
    m_net.at(m_net.now() + upTo(kBetweenDisturbances), [this, storm = m_storms] {
        if (!isStormy() || storm != m_storms)
            return;
        disturb();
        disturbLater();
    });
}

void Scenario::useLater()
{
    m_net.at(m_net.now() + upTo(kBetweenUses), [this, storm = m_storms] {
        if (!isStormy() || storm != m_storms)
            return;
        use();
        useLater();
    });
}

void Scenario::disturb()
{
    if (m_hasAttackers && m_net.happens(0.4)) {
        log("attack");
        return m_hostile.attack();
    }
    if (m_secrets.isUsed() && m_net.happens(0.1)) {
        log("secrets");
        return m_net.happens(0.7) ? m_secrets.rotate() : m_secrets.disagree(anyNode(), upTo(15s));
    }
    using Disturbance = void (Scenario::*)();
    constexpr Disturbance kDisturbances[] = {&Scenario::cutOne,      &Scenario::impairOne,  &Scenario::partitionSome,
                                             &Scenario::restartOne,  &Scenario::freezeOne,  &Scenario::changeOnePort,
                                             &Scenario::downOnePort, &Scenario::drawWeather};
    (this->*kDisturbances[m_net.random().below(std::size(kDisturbances))])();
}

void Scenario::drawWeather()
{
    Conditions conditions{.delayMin = 50us, .delayMax = 50us};
    if (m_net.happens(0.5))
        conditions.loss = m_net.random().below(30) / 100.0;
    if (m_net.happens(0.3))
        conditions.duplicate = m_net.random().below(20) / 100.0;
    if (m_net.happens(0.3))
        conditions.corrupt = m_net.random().below(10) / 100.0;
    conditions.delayMin += upTo(20ms);
    conditions.delayMax = conditions.delayMin + (m_net.happens(0.5) ? upTo(50ms) : Duration(0));
    if (m_net.happens(0.3))
        conditions.bytesPerSecond = 100'000 + m_net.random().below(10'000'000);
    const auto segment = m_net.random().below(static_cast<std::uint32_t>(m_net.segmentCount()));
    if (conditions.corrupt > 0 && !m_secrets.isAuthenticated())
        m_policies.expectLies(m_stormEnd + kForgottenLimit);
    log("weather: loss " + std::to_string(conditions.loss) + ", damage " + std::to_string(conditions.corrupt));
    if (m_net.happens(0.5))
        m_net.setConditions(conditions);
    else
        m_net.setConditions(segment, conditions);
}

void Scenario::cutOne()
{
    const auto segment = m_net.random().below(static_cast<std::uint32_t>(m_net.segmentCount()));
    log("cut segment " + std::to_string(segment));
    m_net.cut(segment);
    m_net.at(m_net.now() + upTo(20s), [this, segment] { m_net.mend(segment); });
}

void Scenario::impairOne()
{
    const NodeIndex node = anyNode();
    const auto port = m_net.random().below(static_cast<std::uint32_t>(m_net.portCount(node)));
    const bool isMute = m_net.happens(0.5);
    log((isMute ? "mute node " : "deaf node ") + std::to_string(node) + " on port " + std::to_string(port));
    m_net.impair(node, port, isMute ? SimNet::Voice::Mute : SimNet::Voice::Clear,
                 isMute ? SimNet::Ears::Open : SimNet::Ears::Deaf);
    m_net.at(m_net.now() + upTo(20s),
             [this, node, port] { m_net.impair(node, port, SimNet::Voice::Clear, SimNet::Ears::Open); });
}

void Scenario::partitionSome()
{
    std::set<NodeIndex> oneSide;
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        if (m_net.happens(0.5))
            oneSide.insert(node);
    }
    log("partition");
    m_net.partition(std::move(oneSide));
    m_net.at(m_net.now() + upTo(30s), [this] { m_net.heal(); });
}

void Scenario::restartOne()
{
    const NodeIndex node = anyNode();
    if (!m_net.isRunning(node))
        return;
    log("stop node " + std::to_string(node));
    m_net.stop(node);
    m_traffic.nodeRestarted(node);
    m_policies.nodeRestarted(node);
    if (m_net.happens(0.2))
        m_net.setRole(node, m_net.happens(0.5) ? overlay::Role::Leaf : overlay::Role::Transit);
    m_net.at(m_net.now() + upTo(10s), [this, node] {
        if (m_net.isRunning(node))
            return;
        log("start node " + std::to_string(node));
        start(node);
    });
}

void Scenario::freezeOne()
{
    const NodeIndex node = anyNode();
    if (!m_net.isRunning(node) || m_net.isFrozen(node))
        return;
    log("freeze node " + std::to_string(node));
    m_net.freeze(node);
    m_net.at(m_net.now() + upTo(15s), [this, node] {
        if (m_net.isFrozen(node))
            m_net.thaw(node);
    });
}

void Scenario::changeOnePort()
{
    const NodeIndex node = anyNode();
    const auto port = m_net.random().below(static_cast<std::uint32_t>(m_net.portCount(node)));
    const auto cost = static_cast<std::uint16_t>(1 + m_net.random().below(400));
    const auto l2Mtu = static_cast<std::uint16_t>(1500 + m_net.random().below(500));
    log("node " + std::to_string(node) + " port " + std::to_string(port) + " costs " + std::to_string(cost));
    m_net.changePort(node, port, cost, l2Mtu);
}

void Scenario::downOnePort()
{
    const NodeIndex node = anyNode();
    const auto port = m_net.random().below(static_cast<std::uint32_t>(m_net.portCount(node)));
    log("node " + std::to_string(node) + " port " + std::to_string(port) + " down");
    m_net.setPort(node, port, overlay::PortState::Down);
    m_net.at(m_net.now() + upTo(15s), [this, node, port] { m_net.setPort(node, port, overlay::PortState::Up); });
}

SessionPlan Scenario::drawSession()
{
    auto& random = m_net.random();
    const auto size = [&]() -> std::uint64_t {
        const auto draw = random.below(100);
        return draw < 60 ? random.below(2000) : draw < 93 ? random.below(64'000) : random.below(500'000);
    };
    SessionPlan plan;
    plan.client = m_watchers[random.below(static_cast<std::uint32_t>(m_watchers.size()))];
    plan.server = anyNode();
    constexpr Service kServices[] = {kServiceOpen, kServiceOpen, kServiceOpen, kServiceOpen,   kServiceOpen,
                                     kServiceOpen, kServiceLate, kServiceLate, kServiceAbsent, kServiceNotYours};
    plan.service = kServices[random.below(std::size(kServices))];
    plan.bytesUp = size();
    plan.bytesDown = size();
    if (m_net.happens(0.2)) {
        plan.typesEvery = 50ms + upTo(2s);
        plan.bytesUp = 200 + random.below(2000);
    }
    if (m_net.happens(0.1))
        plan.clientAbortsAfter = upTo(5s);
    if (m_net.happens(0.1))
        plan.serverAbortsAfter = upTo(5s);
    if (m_net.happens(0.2)) {
        plan.isReadSlowly = true;
        plan.bytesUp = std::min<std::uint64_t>(plan.bytesUp, 40'000);
        plan.bytesDown = std::min<std::uint64_t>(plan.bytesDown, 40'000);
    }
    return plan;
}

/// What users do: mostly streams, some echoes and questions about paths.
void Scenario::use()
{
    const NodeIndex watcher = m_watchers[m_net.random().below(static_cast<std::uint32_t>(m_watchers.size()))];
    const NodeIndex other = anyNode();
    m_traffic.askPaths(watcher, other);
    if (m_net.happens(0.3))
        m_policies.drawOne(watcher);
    if (other != watcher && m_net.happens(0.4))
        m_traffic.ping(watcher, other, 8 + m_net.random().below(1000));
    const SessionPlan plan = drawSession();
    if (plan.client != plan.server)
        (void)m_traffic.openSession(plan);
}

} // namespace fb::sim
