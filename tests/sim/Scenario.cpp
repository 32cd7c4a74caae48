// SPDX-License-Identifier: Apache-2.0
// Calms, and the drawing of the network; storms are in Storm.cpp.
#include "tests/sim/Scenario.h"

#include "tests/sim/Truth.h"

#include <algorithm>

namespace fb::sim {

using namespace std::chrono_literals;

namespace {

/// Virtual time from the last mending until every map is the truth, and until all traffic has ended.
constexpr Duration kTruthLimit = 120s;
constexpr Duration kTrafficLimit = 300s;
constexpr std::uint64_t kRoundsForTruth = 2;
/// Paths of streams follow the map so soon.
constexpr Duration kMapIsLookedAt = 200ms;
/// Longer than a stream's limit of silence on the slowest clock.
constexpr Duration kOrphanLimit = 140s;
constexpr Conditions kFair{.delayMin = 100us, .delayMax = 2ms};

/// Every so many seeds the whole network uses secrets.
constexpr std::uint64_t kSeedsPerSecret = 3;

} // namespace

Scenario::Scenario(std::uint64_t seed, std::uint64_t steps)
    : m_net(seed, kFair),
      m_traffic(m_net),
      m_hostile(m_net),
      m_policies(m_net, m_traffic),
      m_secrets(m_net),
      m_drills({.net = m_net,
                .traffic = m_traffic,
                .hostile = m_hostile,
                .policies = m_policies,
                .secrets = m_secrets,
                .differences = [this] { return differences(); },
                .log = [this](const std::string& text) { log(text); }}),
      m_steps(steps),
      m_seed(seed)
{
    m_net.setUser(&m_traffic);
    m_net.setThoroughness(SimNet::Thoroughness::Samples);
}

ScenarioResult Scenario::run()
{
    drawNodes();
    drawLinks();
    m_hasAttackers = m_net.happens(0.5);
    if (m_hasAttackers && !m_secrets.isAuthenticated())
        m_policies.expectLies(Instant::max());
    m_net.setEavesdropper([this](const SentFrame& sent) {
        m_policies.sent(sent);
        if (m_hasAttackers)
            m_hostile.overhear(sent);
    });
    log("network of " + std::to_string(m_net.nodeCount()) + " nodes, " + std::to_string(m_net.segmentCount()) +
        " segments, " + std::to_string(m_watchers.size()) + " watchers" + (m_hasAttackers ? ", strangers" : ""));
    calm();
    while (m_net.steps() < m_steps) {
        storm();
        calm();
    }
    return {.steps = m_net.steps(),
            .traceHash = m_net.traceHash(),
            .virtualTime = m_net.now().time_since_epoch(),
            .nodes = m_net.nodeCount(),
            .cycles = m_storms,
            .hostileFrames = m_hostile.framesSaid(),
            .traffic = m_traffic.totals(),
            .drills = m_drills.totals()};
}

Clock Scenario::drawClock()
{
    if (m_net.happens(0.5))
        return {};
    // Crystals differ by some ten parts in a million; a virtual machine's clock by far more.
    const bool isBad = m_net.happens(0.3);
    const std::uint32_t range = isBad ? 50'000 : 100;
    const auto drift = static_cast<std::int64_t>(m_net.random().below(2 * range)) - range;
    return {.ahead = std::chrono::seconds(m_net.random().below(1'000'000)), .partsPerMillion = drift};
}

void Scenario::drawNodes()
{
    auto& random = m_net.random();
    const std::uint32_t shape = random.below(10);
    const std::size_t count = shape < 3   ? 2 + random.below(4)
                              : shape < 8 ? 4 + random.below(12)
                                          : 12 + random.below(29);
    stream::Config streams;
    if (m_net.happens(0.3)) {
        streams.sendBufferBytes = 16384U << random.below(4);
        streams.receiveBufferBytes = 16384U << random.below(4);
        streams.streamsMax = 256;
    }
    for (NodeIndex node = 0; node < count; ++node) {
        NodeOptions options;
        options.role = m_net.happens(0.2) ? overlay::Role::Leaf : overlay::Role::Transit;
        options.limits.nodesMax = 512;
        options.limits.linksMax = 4096;
        options.clock = drawClock();
        options.streams = streams;
        options.services = {kServiceOpen, kServiceLate};
        m_ids.insert(m_net.id(m_net.addNode(std::move(options))));
    }
    const std::uint32_t watchers = 1 + random.below(std::min<std::uint32_t>(4, static_cast<std::uint32_t>(count)));
    for (std::uint32_t watcher = 0; watcher < watchers; ++watcher) {
        const NodeIndex node = anyNode();
        if (std::ranges::find(m_watchers, node) == m_watchers.end())
            m_watchers.push_back(node);
    }
}

void Scenario::drawLinks()
{
    switch (m_net.random().below(4)) {
    case 0:
        drawTree();
        break;
    case 1:
        drawRing();
        break;
    case 2:
        drawMesh();
        break;
    default:
        drawDense();
    }
    m_policies.learnPorts();
    if (m_seed % kSeedsPerSecret == 0)
        m_secrets.draw();
    for (const NodeIndex watcher : m_watchers)
        m_net.watch(watcher);
}

PortOptions Scenario::drawPort(std::size_t ordinal)
{
    constexpr std::uint16_t kMtus[] = {1500, 1500, 1592, 2000, 9000};
    PortOptions port;
    port.l2Mtu = kMtus[m_net.random().below(5)];
    port.cost = static_cast<std::uint16_t>(1 + m_net.random().below(200));
    port.linkId = static_cast<std::uint32_t>(ordinal) + 1;
    return port;
}

/// The order of the draws is part of the seed's meaning: never leave it to the evaluation of arguments.
void Scenario::connect(NodeIndex first, NodeIndex second)
{
    if (first == second)
        return;
    const PortOptions firstPort = drawPort(m_net.portCount(first));
    const PortOptions secondPort = drawPort(m_net.portCount(second));
    m_net.link(first, second, firstPort, secondPort);
}

void Scenario::drawTree()
{
    for (NodeIndex node = 1; node < m_net.nodeCount(); ++node)
        connect(node, m_net.random().below(static_cast<std::uint32_t>(node)));
}

void Scenario::drawRing()
{
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node)
        connect(node, (node + 1) % m_net.nodeCount());
}

void Scenario::drawMesh()
{
    drawTree();
    for (std::uint32_t extra = 1 + m_net.random().below(static_cast<std::uint32_t>(m_net.nodeCount())); extra > 0;
         --extra) {
        const NodeIndex first = anyNode();
        connect(first, anyNode());
    }
}

/// Segments of several nodes, hung together by nodes that are on two; now and then a node with two ports on one.
void Scenario::drawDense()
{
    SegmentIndex segment = m_net.addSegment();
    std::size_t members = 0;
    const std::size_t size = 3 + m_net.random().below(8);
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        m_net.attach(node, segment, drawPort(m_net.portCount(node)));
        if (m_net.happens(0.1)) {
            auto twin = drawPort(m_net.portCount(node));
            if (m_net.happens(0.5))
                twin.bridge = "br0";
            m_net.attach(node, segment, twin);
        }
        if (++members >= size && node + 1 < m_net.nodeCount()) {
            segment = m_net.addSegment();
            members = 1;
            m_net.attach(node, segment, drawPort(m_net.portCount(node)));
        }
    }
    if (m_net.happens(0.5)) {
        const NodeIndex first = anyNode();
        connect(first, anyNode());
    }
}

void Scenario::start(NodeIndex node)
{
    m_net.setClock(node, drawClock());
    m_net.start(node);
}

void Scenario::mendAll()
{
    m_net.setConditions(kFair);
    m_net.heal();
    m_secrets.endDisagreement();
    for (SegmentIndex segment = 0; segment < m_net.segmentCount(); ++segment)
        m_net.mend(segment);
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        if (m_net.isFrozen(node))
            m_net.thaw(node);
        if (!m_net.isRunning(node))
            start(node);
        for (overlay::PortId port = 0; port < m_net.portCount(node); ++port) {
            m_net.impair(node, port, SimNet::Voice::Clear, SimNet::Ears::Open);
            m_net.setPort(node, port, overlay::PortState::Up);
        }
    }
}

std::string Scenario::differences()
{
    const Truth truth(m_net);
    for (const NodeIndex watcher : m_watchers) {
        // What was missed in the storm may not count before the next question: until then a map is true by luck.
        if (m_net.snapshot(watcher).roundsAsked < m_roundsBefore[watcher] + kRoundsForTruth)
            return "node " + std::to_string(watcher) + " has not asked often enough";
        const auto difference = differenceFromTruth(m_net, truth, watcher);
        if (!difference.empty())
            return difference;
    }
    return {};
}

void Scenario::waitForTruth()
{
    const Instant limit = m_net.now() + kTruthLimit;
    std::string difference = differences();
    while (!difference.empty()) {
        if (m_net.now() >= limit)
            m_net.demand(false, ("a map does not become the truth: " + difference).c_str());
        m_net.runFor(500ms);
        difference = differences();
    }
}

/// In calm weather every watcher reaches everybody, and a stream to anybody ends well.
void Scenario::proveWithSessions()
{
    const auto costs = Truth(m_net);
    for (const NodeIndex watcher : m_watchers) {
        const auto reachable = costs.costsFrom(watcher);
        for (int session = 0; session < 2; ++session) {
            SessionPlan plan = drawSession();
            plan.client = watcher;
            if (plan.server == watcher || !reachable[plan.server])
                continue;
            plan.service = kServiceOpen;
            plan.clientAbortsAfter.reset();
            plan.serverAbortsAfter.reset();
            plan.mustEndWell = true;
            m_net.demand(m_traffic.openSession(plan).has_value(),
                         "a node that can be reached can be opened a stream to");
        }
        for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
            if (reachable[node]) {
                m_traffic.askPaths(watcher, node);
                m_traffic.ping(watcher, node, 64);
            }
        }
    }
}

/// Streams that have gone through a storm may still be on a dearer path, but none has lost sight of the cheapest.
void Scenario::checkWaysOfStreams()
{
    for (const NodeIndex watcher : m_watchers) {
        for (const auto& opened : m_traffic.openedBy(watcher)) {
            const auto* path = m_net.stack(watcher).pathOf(opened.stream);
            const auto best = m_net.engine(watcher).paths(m_net.id(opened.server), 1);
            if (path == nullptr || !best || path->cost <= best->front().cost)
                continue;
            const auto reports = m_net.stack(watcher).paths().reports(m_net.id(opened.server), *best);
            m_net.demand(reports.front().state != agent::PathState::Unwatched,
                         "a stream that no policy binds watches the cheapest path");
        }
    }
}

void Scenario::checkNothingForged()
{
    if (!m_secrets.isAuthenticated())
        return;
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        for (const auto& info : m_net.snapshot(node).nodes)
            m_net.demand(m_ids.contains(info.id), "what nobody has signed is on no map");
    }
}

void Scenario::waitForQuiet(Instant begin)
{
    bool hasGivenUp = false;
    while (!m_traffic.isQuiet()) {
        if (!hasGivenUp && m_net.now() - begin > kOrphanLimit) {
            hasGivenUp = true;
            m_traffic.giveUpOrphans();
        }
        if (m_net.now() - begin > kTrafficLimit)
            m_net.demand(false, ("traffic does not come to its end:\n" + m_traffic.describeLive()).c_str());
        m_net.runFor(250ms);
    }
    m_traffic.checkEnds();
    log("all traffic has ended");
}

void Scenario::calm()
{
    mendAll();
    m_traffic.stormEnds();
    m_policies.clearAll();
    m_traffic.excuseUnreachable([truth = Truth(m_net)](NodeIndex client, NodeIndex server) {
        return truth.costsFrom(client)[server].has_value();
    });
    for (const NodeIndex watcher : m_watchers)
        m_roundsBefore[watcher] = m_net.snapshot(watcher).roundsAsked;
    log("calm");
    const Instant begin = m_net.now();
    waitForTruth();
    log("every map is the truth");
    m_net.beginCopyCount();
    m_net.runFor(kMapIsLookedAt);
    checkWaysOfStreams();
    checkNothingForged();
    proveWithSessions();
    waitForQuiet(begin);
    if (m_net.happens(0.6)) {
        m_drills.run(m_watchers[m_net.random().below(static_cast<std::uint32_t>(m_watchers.size()))]);
        waitForQuiet(m_net.now());
    }
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node)
        m_net.checkNode(node);
    m_net.checkCopies();
    // An answer may wait half a minute for its turn, and then tells what a port cost when it was asked.
    waitForTruth();
}

} // namespace fb::sim
