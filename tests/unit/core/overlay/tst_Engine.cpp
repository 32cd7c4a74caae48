// SPDX-License-Identifier: Apache-2.0
// One node with its ports, paths, echoes and data, and what strangers may make it do.
#include "core/base/SeededRandom.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QTest>

using namespace fb;
using namespace fb::test;
using namespace std::chrono_literals;

class tst_Engine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void dropsDataByName_data();
    void dropsDataByName();
    void doesNotForwardDataThatDoesNotFit();
    void nothingAgesWhileNobodyAsks();
    void aDownPortTakesItsPathsAtOnce();
    void echoIsLostAfterItsTimeout();
    void theEndOfAnEchoIsNeverDropped();
    void echoesDoNotComeFromPrivatePorts();
    void neverAnswersAnEchoFromAnEchoPort();
    void dataGrowsToTheSmallestMtu();
    void tellsWhatItKnowsOfItself();
    void advancingTwiceChangesNothing();
};

void tst_Engine::dropsDataByName_data()
{
    QTest::addColumn<int>("pointer");
    QTest::addColumn<int>("nextLink");
    QTest::addColumn<int>("nextNode");
    QTest::addColumn<QString>("reason");
    QTest::newRow("path ends here") << 1 << 2 << 4 << "data-path-ends";
    QTest::newRow("pointer at the end") << 2 << 2 << 4 << "data-path-ends";
    QTest::newRow("no such link") << 0 << 77 << 4 << "link-unknown";
    QTest::newRow("next is ourselves") << 0 << 2 << 0 << "next-mac-unusable";
}

void tst_Engine::dropsDataByName()
{
    QFETCH(int, pointer);
    QFETCH(int, nextLink);
    QFETCH(int, nextNode);
    QFETCH(QString, reason);
    Alone alone;
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = strangerId(4)};
    const MacAddress next = nextNode == 0 ? MacAddress{{6, 0, 0, 0, 0, 1}} : mac(4);
    data.hops = {
        .pointer = static_cast<std::uint8_t>(pointer),
        .entries = {{.linkId = 3, .mac = mac(9)}, {.linkId = static_cast<std::uint32_t>(nextLink), .mac = next}}};
    alone.hear(alone.left, mac(1), data);
    QVERIFY(alone.sent.empty());
    QCOMPARE(counted(alone.net, alone.node, reason.toStdString()), std::uint64_t{1});
}

void tst_Engine::doesNotForwardDataThatDoesNotFit()
{
    Alone alone;
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = strangerId(4)};
    data.hops.entries = {{.linkId = 3, .mac = mac(9)}, {.linkId = 2, .mac = mac(4)}};
    data.payload.resize(1500 - 50 - 20);
    alone.hear(alone.left, mac(1), data);
    QCOMPARE(alone.sentOn<romon::Data>(1).size(), std::size_t{1});
    data.payload.resize(1500 - 50 - 20 + 1);
    alone.hear(alone.left, mac(1), data);
    QCOMPARE(alone.sentOn<romon::Data>(1).size(), std::size_t{1});
    QCOMPARE(counted(alone.net, alone.node, "frame-too-large"), std::uint64_t{1});
    alone.net.setPort(alone.node, 1, overlay::PortState::Forbidden);
    data.payload.clear();
    alone.hear(alone.left, mac(1), data);
    QCOMPARE(alone.sentOn<romon::Data>(1).size(), std::size_t{1});
    QCOMPARE(counted(alone.net, alone.node, "port-not-up"), std::uint64_t{1});
}

void tst_Engine::nothingAgesWhileNobodyAsks()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode();
    const auto other = net.addNode();
    net.link(watcher, other);
    net.watch(watcher);
    net.runFor(2s);
    net.engine(watcher).stopWatching(net.now());
    net.settle(watcher);
    net.stop(other);
    net.runFor(1h);
    const auto node = net.snapshot(watcher).nodes.at(0);
    QCOMPARE(node.freshness, overlay::Freshness::Fresh);
    QVERIFY(node.sinceHeard >= 59min);
    net.engine(watcher).startWatching(net.now());
    net.settle(watcher);
    net.runFor(5s);
    QCOMPARE(net.snapshot(watcher).nodes.at(0).freshness, overlay::Freshness::Stale);
}

void tst_Engine::aDownPortTakesItsPathsAtOnce()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode();
    const auto other = net.addNode();
    net.link(watcher, other);
    net.link(watcher, other, {.cost = 500});
    net.watch(watcher);
    net.runFor(2s);
    QCOMPARE(net.snapshot(watcher).nodes.at(0).path.value().cost, 200U);
    QCOMPARE(net.snapshot(watcher).ports.at(0).counters.neighbors, std::uint64_t{1});
    net.setPort(watcher, 0, overlay::PortState::Missing);
    QCOMPARE(net.snapshot(watcher).nodes.at(0).path.value().cost, 600U);
    QCOMPARE(net.snapshot(watcher).ports.at(0).counters.neighbors, std::uint64_t{0});
    net.setPort(watcher, 1, overlay::PortState::Down);
    QVERIFY(!net.snapshot(watcher).nodes.at(0).path);
    const auto sent = net.engine(watcher).ping(net.id(other), 1, 32, 1s, net.now());
    QCOMPARE(sent.error().code, ErrorCode::NoPath);
    net.setPort(watcher, 0, overlay::PortState::Up);
    QVERIFY(net.runUntil([&] { return net.snapshot(watcher).nodes.at(0).path.has_value(); }, 100ms));
}

void tst_Engine::echoIsLostAfterItsTimeout()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode({.limits = {.pingsMax = 2}});
    const auto other = net.addNode();
    net.link(watcher, other);
    net.watch(watcher);
    net.runFor(2s);
    net.stop(other);
    net.events(watcher).clear();
    auto& engine = net.engine(watcher);
    QVERIFY(engine.ping(net.id(other), 41, 32, 300ms, net.now()).has_value());
    QVERIFY(engine.ping(net.id(other), 42, 32, 200ms, net.now()).has_value());
    QCOMPARE(engine.ping(net.id(other), 43, 32, 200ms, net.now()).error().code, ErrorCode::LimitReached);
    QCOMPARE(engine.ping(net.id(other), 43, 3, 200ms, net.now()).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(engine.ping(strangerId(1), 43, 32, 200ms, net.now()).error().code, ErrorCode::NoSuchNode);
    net.settle(watcher);
    net.runFor(299ms);
    QCOMPARE(std::get<overlay::PingLost>(net.events(watcher).at(0)).token, std::uint64_t{42});
    net.runFor(1ms);
    QCOMPARE(std::get<overlay::PingLost>(net.events(watcher).at(1)).token, std::uint64_t{41});
}

/// Who asked waits for it, however much else happens: else its echo would count as waiting for ever.
void tst_Engine::theEndOfAnEchoIsNeverDropped()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode({.limits = {.eventsMax = 1, .pingsMax = 3}});
    const auto other = net.addNode();
    net.link(watcher, other);
    net.watch(watcher);
    net.runFor(2s);
    net.stop(other);
    net.events(watcher).clear();
    auto& engine = net.engine(watcher);
    for (std::uint64_t token = 1; token <= 3; ++token)
        QVERIFY(engine.ping(net.id(other), token, 32, 100ms, net.now()).has_value());
    const Instant later = net.now() + 100ms;
    engine.advance(later);
    QCOMPARE(engine.ping(net.id(other), 4, 32, 100ms, later).error().code, ErrorCode::LimitReached);
    std::vector<std::uint64_t> lost;
    while (const auto event = engine.nextEvent()) {
        if (const auto* loss = std::get_if<overlay::PingLost>(&*event))
            lost.push_back(loss->token);
    }
    QCOMPARE(lost, (std::vector<std::uint64_t>{1, 2, 3}));
    QVERIFY(engine.ping(net.id(other), 4, 32, 100ms, later).has_value());
    const auto counters = engine.snapshot(later).counters;
    const auto refused = std::ranges::find(counters, "echoes-limit", &overlay::NamedCounter::name);
    QVERIFY(refused != counters.end());
    QCOMPARE(refused->value, std::uint64_t{1});
}

void tst_Engine::echoesDoNotComeFromPrivatePorts()
{
    for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
        SeededRandom random(seed);
        const Instant now{1s};
        overlay::Config config;
        config.id = strangerId(2);
        overlay::Engine engine(config, random, now);
        engine.addPort(1, {.interface = "eth0", .mac = mac(2)}, now);
        engine.portChanged(1, overlay::PortState::Up, now);
        engine.receive(1, frameOf(romon::kGroupAddress, mac(1), questionOf(1)), now);
        while (engine.nextTransmit())
            ;
        QVERIFY(engine.ping(strangerId(1), 1, 32, 1s, now).has_value());
        const auto echo = romon::decode(Bytes(engine.nextTransmit().value().frame).subspan(14));
        const auto port = std::get<romon::Data>(*echo).sourcePort;
        QVERIFY2(port >= 1024 && port < 0xfb00, qPrintable(QString::number(port)));
    }
}

void tst_Engine::neverAnswersAnEchoFromAnEchoPort()
{
    Alone alone;
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = alone.net.id(alone.node)};
    data.hops.entries = {{.linkId = 3, .mac = {{6, 0, 0, 0, 0, 0}}}};
    data.sourcePort = 1;
    data.destinationPort = 1;
    data.payload.resize(32);
    alone.hear(alone.left, mac(1), data);
    QVERIFY(alone.sent.empty());
    data.sourcePort = 2000;
    alone.hear(alone.left, mac(1), data);
    QCOMPARE(alone.sentOn<romon::Data>(0).size(), std::size_t{1});
}

void tst_Engine::dataGrowsToTheSmallestMtu()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode();
    const auto middle = net.addNode();
    const auto far = net.addNode();
    net.link(watcher, middle, {.l2Mtu = 1600}, {.l2Mtu = 1598});
    net.link(middle, far, {.l2Mtu = 1400}, {.l2Mtu = 1500});
    net.watch(watcher);
    net.runFor(2s);
    const auto bytesMax = net.engine(watcher).dataBytesMax(net.id(far));
    QCOMPARE(bytesMax.value(), std::size_t{1400 - 50 - 20});
    QVERIFY(!net.engine(watcher).dataBytesMax(strangerId(1)));
    const auto send = [&](std::size_t size) {
        const ByteVector payload(size, 0x55);
        const auto sent =
            net.engine(watcher).sendData(net.id(far), 9, 10, payload, overlay::Transmit::Class::Bulk, net.now());
        net.settle(watcher);
        net.runFor(10ms);
        return sent;
    };
    QVERIFY(send(*bytesMax).has_value());
    const auto& received = std::get<overlay::DataReceived>(net.events(far).back());
    QCOMPARE(received.payload.size(), *bytesMax);
    QCOMPARE(received.from, net.id(watcher));
    QCOMPARE(send(*bytesMax + 1).error().code, ErrorCode::InvalidArgument);
}

void tst_Engine::tellsWhatItKnowsOfItself()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode({.role = overlay::Role::Leaf});
    const auto other = net.addNode({.identity = "router-7", .services = {22, 3}, .board = "Footbridge x86_64"});
    net.link(watcher, other);
    net.watch(watcher);
    QVERIFY(net.runUntil([&] { return !net.snapshot(watcher).nodes.empty(); }, 1s));
    QVERIFY(net.runUntil([&] { return net.snapshot(watcher).nodes.at(0).uptime.has_value(); }, 200ms));
    net.runFor(100s);
    const auto node = net.snapshot(watcher).nodes.at(0);
    QCOMPARE(QString::fromStdString(node.identity), QString("router-7"));
    QCOMPARE(QString::fromStdString(node.version), QString("0.1"));
    QVERIFY(node.isFootbridge);
    QCOMPARE(node.services, (std::vector<std::uint16_t>{3, 22}));
    QVERIFY(node.uptime >= 99s && node.uptime <= 101s);
    net.stop(other);
    net.start(other);
    net.runFor(40s);
    QVERIFY(net.snapshot(watcher).nodes.at(0).uptime <= 41s);
}

void tst_Engine::advancingTwiceChangesNothing()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode();
    net.link(watcher, net.addNode());
    net.watch(watcher);
    net.runFor(2500ms);
    const auto before = net.snapshot(watcher);
    const auto deadline = net.engine(watcher).nextDeadline();
    net.engine(watcher).advance(net.now());
    net.engine(watcher).advance(net.now());
    QVERIFY(!net.engine(watcher).nextTransmit());
    QVERIFY(!net.engine(watcher).nextEvent());
    QVERIFY(net.engine(watcher).nextDeadline() == deadline);
    QVERIFY(net.snapshot(watcher) == before);
}

QTEST_GUILESS_MAIN(tst_Engine)
#include "tst_Engine.moc"
