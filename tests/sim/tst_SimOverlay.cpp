// SPDX-License-Identifier: Apache-2.0
// Whole networks of nodes: the map that one of them learns is the truth, its paths are those of brute force, and both
// survive loss, reordering, damage, partitions and restarts. FB_SIM_SEED=n replays another seed.
#include "tests/sim/RandomTopology.h"
#include "tests/sim/SimNet.h"

#include <QTest>

#include <algorithm>

using namespace fb;
using namespace fb::sim;
using namespace std::chrono_literals;

namespace {

const overlay::NodeInfo* infoOf(const overlay::Snapshot& snapshot, romon::RomonId id)
{
    const auto found = std::ranges::find(snapshot.nodes, id, &overlay::NodeInfo::id);
    return found == snapshot.nodes.end() ? nullptr : &*found;
}

/// Damaged ids make nodes that never were; they are lost soon and do not count here.
bool knowsAll(SimNet& net, NodeIndex watcher)
{
    const auto snapshot = net.snapshot(watcher);
    for (NodeIndex node = 0; node < net.nodeCount(); ++node) {
        const auto* info = node == watcher ? nullptr : infoOf(snapshot, net.id(node));
        const bool isKnown =
            info != nullptr && info->freshness == overlay::Freshness::Fresh && !info->identity.empty() && info->path;
        if (node != watcher && !isKnown)
            return false;
    }
    return true;
}

bool equalsTruth(SimNet& net, NodeIndex watcher)
{
    auto known = net.snapshot(watcher).links;
    std::erase_if(known, [](const auto& link) { return link.freshness != overlay::Freshness::Fresh; });
    return known == net.trueLinks();
}

/// An echo to every other node comes back.
bool reachesAll(SimNet& net, NodeIndex from)
{
    net.events(from).clear();
    std::size_t sent = 0;
    for (NodeIndex node = 0; node < net.nodeCount(); ++node) {
        sent += net.engine(from).ping(net.id(node), sent, 100, 2s, net.now()).has_value() ? 1 : 0;
        net.settle(from);
    }
    net.runFor(2s);
    const auto isAnswer = [](const auto& event) { return std::holds_alternative<overlay::PingAnswered>(event); };
    return sent + 1 == net.nodeCount() && std::ranges::count_if(net.events(from), isAnswer) == static_cast<long>(sent);
}

constexpr Conditions kRough{.loss = 0.1, .duplicate = 0.05, .corrupt = 0.02, .delayMin = 50us, .delayMax = 20ms};

} // namespace

class tst_SimOverlay : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void learnsTheWholeGraph_data();
    void learnsTheWholeGraph();
    void pathsEqualBruteForce_data();
    void pathsEqualBruteForce();
    void isCompleteInTwoSeconds();
    void survivesRoughWeather_data();
    void survivesRoughWeather();
    void healsAfterPartition();
    void noticesAStoppedNodeAndItsReturn();
    void neverLeadsThroughALeaf();
    void boundsItsTablesInALargeNetwork();
    void aSeedIsAHistory();
};

void tst_SimOverlay::learnsTheWholeGraph_data()
{
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = seedFromEnvironmentOr(1), end = seed + 20; seed < end; ++seed)
        QTest::addRow("seed %llu", seed) << seed;
}

void tst_SimOverlay::learnsTheWholeGraph()
{
    QFETCH(quint64, seed);
    SimNet net(seed);
    makeRandomTopology(net, {.nodes = 12, .extraLinks = 6, .sharedSegments = 3});
    net.watch(0);
    QVERIFY(net.runUntil([&] { return equalsTruth(net, 0); }, 5s));
    // Not by luck of one moment: a second look, rounds later, finds the same.
    net.runFor(20s);
    QVERIFY(equalsTruth(net, 0));
}

void tst_SimOverlay::pathsEqualBruteForce_data()
{
    learnsTheWholeGraph_data();
}

void tst_SimOverlay::pathsEqualBruteForce()
{
    QFETCH(quint64, seed);
    SimNet net(seed);
    makeRandomTopology(net, {.nodes = 9, .extraLinks = 5, .sharedSegments = 1});
    net.watch(0);
    net.runFor(3s);
    const auto links = net.trueLinks();
    for (const auto& node : net.snapshot(0).nodes) {
        const auto expected = allPaths(links, net.id(0), node.id);
        QVERIFY(!expected.empty());
        QCOMPARE(node.path.value(), expected.front());
        const auto known = net.engine(0).paths(node.id, 4);
        QVERIFY(known.has_value());
        QVERIFY(*known == std::vector(expected.begin(),
                                      expected.begin() + static_cast<long>(std::min<std::size_t>(4, expected.size()))));
    }
}

void tst_SimOverlay::isCompleteInTwoSeconds()
{
    SimNet net(3, {.loss = 0, .delayMin = 100us, .delayMax = 2ms});
    makeRandomTopology(net, {.nodes = 40, .extraLinks = 20, .sharedSegments = 2});
    net.watch(0);
    const Instant start = net.now();
    QVERIFY(net.runUntil([&] { return knowsAll(net, 0); }, 2s));
    QVERIFY(net.now() - start < 500ms);
    QVERIFY(reachesAll(net, 0));
    for (const auto& node : net.snapshot(0).nodes)
        QVERIFY(node.uptime.has_value() && node.rtt.has_value());
}

void tst_SimOverlay::survivesRoughWeather_data()
{
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = seedFromEnvironmentOr(100), end = seed + 8; seed < end; ++seed)
        QTest::addRow("seed %llu", seed) << seed;
}

void tst_SimOverlay::survivesRoughWeather()
{
    QFETCH(quint64, seed);
    SimNet net(seed, kRough);
    makeRandomTopology(net, {.nodes = 16, .extraLinks = 10, .sharedSegments = 2});
    net.watch(0);
    net.watch(5);
    for (int turn = 0; turn < 30; ++turn) {
        const NodeIndex victim = 1 + net.random().below(15);
        net.stop(victim);
        net.runFor(std::chrono::milliseconds(net.random().below(4000)));
        net.start(victim);
        net.runFor(std::chrono::milliseconds(net.random().below(4000)));
    }
    net.setConditions({});
    QVERIFY(net.runUntil([&] { return knowsAll(net, 0); }, 60s));
    // What damaged frames invented is gone, or lost, once enough rounds have not seen it.
    QVERIFY(net.runUntil([&] { return equalsTruth(net, 0); }, 60s));
    QVERIFY(reachesAll(net, 0));
}

void tst_SimOverlay::healsAfterPartition()
{
    SimNet net(seedFromEnvironmentOr(42), {.loss = 0.2, .duplicate = 0.05, .delayMax = 5ms});
    makeRandomTopology(net, {.nodes = 12, .extraLinks = 8, .sharedSegments = 1});
    net.watch(0);
    net.partition({0, 1, 2, 3, 4, 5});
    net.runFor(5min);
    net.heal();
    QVERIFY(net.runUntil([&] { return knowsAll(net, 0); }, 2min));
}

void tst_SimOverlay::noticesAStoppedNodeAndItsReturn()
{
    SimNet net(7);
    const auto watcher = net.addNode({.role = overlay::Role::Leaf});
    const auto near = net.addNode();
    const auto spare = net.addNode();
    const auto far = net.addNode();
    net.link(watcher, near);
    net.link(watcher, spare, {.cost = 500});
    net.link(near, far);
    net.link(spare, far);
    net.watch(watcher);
    net.runFor(2s);
    const auto far1 = *infoOf(net.snapshot(watcher), net.id(far));
    QCOMPARE(far1.path.value().hops.front().to, net.id(near));

    net.stop(near);
    QVERIFY(net.runUntil(
        [&] {
            const auto snapshot = net.snapshot(watcher);
            return infoOf(snapshot, net.id(near))->freshness == overlay::Freshness::Stale &&
                   infoOf(snapshot, net.id(far))->path.value().hops.front().to == net.id(spare);
        },
        6s));
    QVERIFY(net.runUntil(
        [&] { return infoOf(net.snapshot(watcher), net.id(near))->freshness == overlay::Freshness::Lost; }, 10s));
    QVERIFY(!infoOf(net.snapshot(watcher), net.id(near))->path);

    net.start(near);
    QVERIFY(net.runUntil(
        [&] {
            const auto snapshot = net.snapshot(watcher);
            return infoOf(snapshot, net.id(near))->freshness == overlay::Freshness::Fresh &&
                   infoOf(snapshot, net.id(far))->path.value().hops.front().to == net.id(near);
        },
        3s));
}

void tst_SimOverlay::neverLeadsThroughALeaf()
{
    SimNet net(11);
    const auto watcher = net.addNode({.role = overlay::Role::Leaf});
    const auto leaf = net.addNode({.role = overlay::Role::Leaf});
    const auto router = net.addNode();
    const auto far = net.addNode();
    net.link(watcher, leaf, {.cost = 1}, {.cost = 1});
    net.link(leaf, far, {.cost = 1}, {.cost = 1});
    net.link(watcher, router);
    net.link(router, far);
    net.watch(watcher);
    net.runFor(3s);
    const auto snapshot = net.snapshot(watcher);
    QCOMPARE(infoOf(snapshot, net.id(far))->path.value().hops.front().to, net.id(router));
    QCOMPARE(infoOf(snapshot, net.id(leaf))->path.value().cost, 2U);
    const auto ways = net.engine(watcher).paths(net.id(far), 5);
    QCOMPARE(ways->size(), std::size_t{1});
    QCOMPARE(net.engine(watcher).paths(net.id(leaf), 5)->size(), std::size_t{2});
}

void tst_SimOverlay::boundsItsTablesInALargeNetwork()
{
    SimNet net(13);
    const auto watcher = net.addNode({.role = overlay::Role::Leaf, .limits = {.nodesMax = 20, .linksMax = 30}});
    const auto segment = net.addSegment();
    net.attach(watcher, segment);
    for (int node = 0; node < 60; ++node)
        net.attach(net.addNode(), segment);
    net.watch(watcher);
    net.runFor(10s);
    const auto snapshot = net.snapshot(watcher);
    QCOMPARE(snapshot.nodes.size(), std::size_t{20});
    QCOMPARE(snapshot.links.size(), std::size_t{30});
    const auto counts = [&](const char* name) {
        return std::ranges::any_of(snapshot.counters, [&](const auto& counter) { return counter.name == name; });
    };
    QVERIFY(counts("nodes-limit"));
    QVERIFY(counts("links-limit"));
}

void tst_SimOverlay::aSeedIsAHistory()
{
    const auto hashOf = [](std::uint64_t seed) {
        SimNet net(seed, kRough);
        makeRandomTopology(net, {.nodes = 10, .extraLinks = 5, .sharedSegments = 1});
        net.watch(0);
        net.runFor(20s);
        return net.traceHash();
    };
    QCOMPARE(hashOf(5), hashOf(5));
    QVERIFY(hashOf(5) != hashOf(6));
}

QTEST_GUILESS_MAIN(tst_SimOverlay)
#include "tst_SimOverlay.moc"
