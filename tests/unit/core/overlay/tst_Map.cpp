// SPDX-License-Identifier: Apache-2.0
// The map by itself: when it says that paths may have changed, and who keeps a place in a full one.
#include "core/base/SeededRandom.h"
#include "core/overlay/Map.h"

#include <QTest>

using namespace fb;
using namespace fb::overlay;
using namespace std::chrono_literals;

namespace {

romon::RomonId id(std::uint32_t number)
{
    return {{{2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}}};
}

Attachment end(std::uint32_t node, std::uint32_t linkId = 1, std::uint16_t cost = 100)
{
    return {.node = id(node), .end = {.linkId = linkId, .l2Mtu = 1500, .cost = cost, .mac = id(node).value}};
}

Config configWith(const Limits& limits)
{
    Config config;
    config.id = id(0);
    config.limits = limits;
    return config;
}

struct Known {
    explicit Known(Limits limits = {}) : context(configWith(limits), random, now) {}

    NodeEntry* hear(std::uint32_t node, PortId port = 0) { return map.noteAlive(id(node), port, now); }
    [[nodiscard]] bool has(std::uint32_t node) const { return map.find(id(node)) != nullptr; }
    void proveItself(std::uint32_t node, PortId port = 0)
    {
        hear(node, port);
        now += kNodeProvenAfter;
        hear(node, port);
    }

    SeededRandom random{1};
    Instant now{1s};
    NodeContext context;
    Map map{context};
};

} // namespace

class tst_Map : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSignOfLifeChangesNoPath();
    void aFlickeringCostIsMadeKnownNowAndThen();
    void ourOwnLossIsMadeKnownAtOnce();
    void tellsWhatChangedUntilItForgets();
    void strangersOfOnePortDoNotPushEachOtherOut();
    void aFloodOfStrangersLeavesProvenNodes();
    void theFullestPortMakesRoomForAnother();
    void aNodeInUseIsNeverGivenUp();
    void aNodeStaysInUseFromItsLastUse();
    void tooManyNodesInUseAreCounted();
    void aLostNodeMakesRoom();
    void linksOfAFloodMakeRoomForOtherPorts();
};

void tst_Map::aSignOfLifeChangesNoPath()
{
    Known known;
    known.map.noteLink(end(0), end(1), 0);
    known.map.advance(known.now);
    const auto generation = known.map.generation();
    for (int turn = 0; turn < 5; ++turn) {
        known.now += 1s;
        known.map.beginRound();
        known.hear(1);
        known.map.noteLink(end(0), end(1), 0);
        known.map.advance(known.now);
    }
    QCOMPARE(known.map.generation(), generation);
    QVERIFY(!known.map.nextDeadline());
}

void tst_Map::aFlickeringCostIsMadeKnownNowAndThen()
{
    Known known;
    known.map.noteLink(end(0), end(1), 0);
    known.map.advance(known.now);
    known.now += 1s;
    const auto before = known.map.generation();
    for (std::uint16_t frame = 0; frame < 1000; ++frame) {
        known.map.noteLink(end(0), end(1, 1, frame % 2U == 0 ? 1 : 100), 0);
        known.map.advance(known.now);
        if (frame == 0)
            QCOMPARE(known.map.generation(), before + 1);
        known.now += 100us;
    }
    QVERIFY(known.map.generation() - before <= 100ms / kPathChangeSpacing + 1);
    // The last change is not forgotten.
    const auto due = known.map.nextDeadline();
    QVERIFY(due && *due <= known.now + kPathChangeSpacing + 1ms);
    const auto last = known.map.generation();
    known.map.advance(*due);
    QCOMPARE(known.map.generation(), last + 1);
    QVERIFY(!known.map.nextDeadline());
}

void tst_Map::ourOwnLossIsMadeKnownAtOnce()
{
    Known known;
    known.map.noteLink(end(0), end(1), 0);
    known.map.advance(known.now);
    const auto before = known.map.generation();
    known.map.loseEnd(end(0).name());
    QVERIFY(known.map.generation() > before);
}

void tst_Map::tellsWhatChangedUntilItForgets()
{
    Known known;
    known.map.noteLink(end(0), end(1), 0);
    const auto seen = known.map.changeCount();
    known.map.noteLink(end(1, 2), end(2), 0);
    const auto changes = known.map.changesSince(seen);
    QVERIFY(changes && !changes->empty());
    QVERIFY(std::get<LinkName>(changes->front()) == linkBetween(end(1, 2).name(), end(2).name()));
    QVERIFY(known.map.changesSince(known.map.changeCount())->empty());
    for (std::size_t change = 0; change <= kChangesMax; ++change)
        known.map.notePassageChange(id(1));
    QVERIFY(!known.map.changesSince(seen));
    const auto later = known.map.changeCount();
    known.map.noteOwnPortChange();
    QVERIFY(!known.map.changesSince(later));
}

void tst_Map::strangersOfOnePortDoNotPushEachOtherOut()
{
    Known known({.nodesMax = 10});
    for (std::uint32_t node = 1; node < 1000; ++node)
        known.hear(node);
    for (std::uint32_t node = 1; node <= 10; ++node)
        QVERIFY(known.has(node));
    QCOMPARE(known.context.counters.value(Counter::NodesLimit), std::uint64_t{989});
    // Those that did not come back by the next round do.
    known.map.beginRound();
    QVERIFY(known.hear(2000) != nullptr);
    QVERIFY(!known.has(1));
    QCOMPARE(known.context.counters.value(Counter::NodesEvicted), std::uint64_t{1});
}

void tst_Map::aFloodOfStrangersLeavesProvenNodes()
{
    Known known({.nodesMax = 10});
    for (std::uint32_t node = 1; node <= 5; ++node)
        known.proveItself(node);
    for (std::uint32_t round = 0; round < 50; ++round) {
        known.now += 1s;
        known.map.beginRound();
        for (std::uint32_t node = 0; node < 100; ++node)
            known.hear(1000 + 100 * round + node);
        for (std::uint32_t node = 1; node <= 5; ++node)
            known.hear(node);
    }
    for (std::uint32_t node = 1; node <= 5; ++node)
        QVERIFY(known.has(node));
    QCOMPARE(known.map.nodes().size(), std::size_t{10});
}

void tst_Map::theFullestPortMakesRoomForAnother()
{
    Known known({.nodesMax = 10});
    for (std::uint32_t node = 1; node <= 10; ++node)
        known.proveItself(node, 7);
    for (std::uint32_t node = 101; node <= 105; ++node)
        QVERIFY(known.hear(node, 3) != nullptr);
    QVERIFY(known.hear(106, 3) == nullptr);
    // And the other way round nothing is taken back.
    QVERIFY(known.hear(11, 7) == nullptr);
    for (std::uint32_t node = 101; node <= 105; ++node)
        QVERIFY(known.has(node));
    // A node does not change sides because somebody else speaks in its name.
    known.hear(101, 7);
    QVERIFY(known.hear(107, 3) == nullptr);
}

void tst_Map::aNodeInUseIsNeverGivenUp()
{
    Known known({.nodesMax = 10});
    known.hear(1, 7);
    known.map.noteUsed(id(1), known.now);
    known.map.noteUsed(id(99), known.now);
    for (std::uint32_t round = 0; round < 30; ++round) {
        known.now += 1s;
        known.map.beginRound();
        for (std::uint32_t node = 0; node < 20; ++node)
            known.hear(1000 + 100 * round + node, node % 2U == 0 ? 7 : 3);
    }
    QVERIFY(known.has(1));
    QCOMPARE(known.map.find(id(1))->freshness, Freshness::Lost);
    // Nobody need watch for it to be given up in the end.
    known.now += 1s;
    known.map.advance(known.now);
    QCOMPARE(known.map.nextDeadline().value(), Instant{1s} + kNodeInUse);
    known.now += kNodeInUse;
    known.map.advance(known.now);
    known.hear(5000, 3);
    QVERIFY(!known.has(1));
}

void tst_Map::aNodeStaysInUseFromItsLastUse()
{
    Known known({.nodesMax = 2});
    for (std::uint32_t node = 1; node <= 2; ++node) {
        known.hear(node, 7);
        known.map.noteUsed(id(node), known.now);
    }
    known.now += 5min;
    known.map.noteUsed(id(2), known.now);
    known.now += 5min;
    known.map.advance(known.now);
    known.map.beginRound();
    known.hear(3, 3);
    QVERIFY(!known.has(1));
    QVERIFY(known.has(2));
    known.now += 1s;
    known.map.advance(known.now);
    QCOMPARE(known.map.nextDeadline().value(), Instant{1s} + 5min + kNodeInUse);
}

void tst_Map::tooManyNodesInUseAreCounted()
{
    Known known;
    for (std::uint32_t node = 1; node <= kNodesInUseMax; ++node) {
        known.hear(node);
        known.map.noteUsed(id(node), known.now);
        known.map.noteUsed(id(node), known.now);
    }
    QCOMPARE(known.context.counters.value(Counter::NodesInUseLimit), std::uint64_t{0});
    known.hear(5000);
    known.map.noteUsed(id(5000), known.now);
    QCOMPARE(known.context.counters.value(Counter::NodesInUseLimit), std::uint64_t{1});
}

void tst_Map::aLostNodeMakesRoom()
{
    Known known({.nodesMax = 2});
    known.proveItself(1);
    known.proveItself(2);
    for (std::uint32_t round = 0; round <= kRoundsUntilLost; ++round) {
        known.map.beginRound();
        known.hear(2);
    }
    QVERIFY(known.hear(3) != nullptr);
    QVERIFY(!known.has(1) && known.has(2));
}

void tst_Map::linksOfAFloodMakeRoomForOtherPorts()
{
    Known known({.linksMax = 20});
    for (std::uint32_t number = 0; number < 500; ++number)
        known.map.noteLink(end(10, 100 + number), end(11, 100 + number), 7);
    QCOMPARE(known.map.linkCount(), std::size_t{20});
    QVERIFY(known.context.counters.value(Counter::LinksLimit) > 0);
    for (std::uint32_t number = 0; number < 10; ++number)
        known.map.noteLink(end(0, 50 + number), end(20 + number), 3);
    for (std::uint32_t number = 0; number < 10; ++number)
        QVERIFY(known.map.link(linkBetween(end(0, 50 + number).name(), end(20 + number).name())));
    QCOMPARE(known.map.linkCount(), std::size_t{20});
    QVERIFY(known.context.counters.value(Counter::LinksEvicted) >= 10);
}

QTEST_APPLESS_MAIN(tst_Map)
#include "tst_Map.moc"
