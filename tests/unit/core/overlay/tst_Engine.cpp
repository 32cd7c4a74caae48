// SPDX-License-Identifier: Apache-2.0
// One node and what a stranger, or nobody, may make it do: rounds, leaf and transit, drops by name, ports that go,
// echo, data, node information.
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/sim/SimNet.h"

#include <QTest>

#include <algorithm>

using namespace fb;
using namespace std::chrono_literals;

namespace {

MacAddress mac(std::uint8_t node, std::uint8_t port = 1)
{
    return {{0x0a, 0, 0, 0, node, port}};
}

romon::RomonId strangerId(std::uint8_t node)
{
    return {mac(node, 0)};
}

ByteVector frameOf(const MacAddress& to, const MacAddress& from, const romon::Message& message)
{
    ByteVector frame;
    wire::encodeEthernet({.destination = to, .source = from, .etherType = romon::kEtherType}, frame);
    const ByteVector packet = romon::encode(message);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
}

/// A question as stranger number `node` would ask it itself.
romon::Discover questionOf(std::uint8_t node)
{
    romon::Discover question;
    question.header = {.auth = {}, .source = strangerId(node), .destination = romon::kEveryNode};
    question.routing = {.node = strangerId(node),
                        .incoming = {},
                        .outgoing = {.linkId = 5, .l2Mtu = 1500, .cost = 100, .mac = mac(node)}};
    return question;
}

/// The same question after stranger `via` passed it on.
romon::Discover forwardedQuestion(std::uint8_t node, std::uint8_t via)
{
    romon::Discover question = questionOf(node);
    question.hops = {.pointer = 1, .entries = {{.linkId = 9, .mac = mac(node)}}};
    question.routing = {.node = strangerId(via),
                        .incoming = {.linkId = 9, .l2Mtu = 1500, .cost = 100, .mac = mac(via, 2)},
                        .outgoing = {.linkId = 8, .l2Mtu = 1500, .cost = 100, .mac = mac(via)}};
    return question;
}

std::uint64_t counted(const sim::SimNet& net, sim::NodeIndex node, std::string_view name)
{
    const auto counters = net.snapshot(node).counters;
    const auto found = std::ranges::find(counters, name, &overlay::NamedCounter::name);
    return found == counters.end() ? 0 : found->value;
}

/// A node with two ports, and everything it sends.
struct Alone {
    explicit Alone(overlay::Role role = overlay::Role::Transit) : node(net.addNode({.role = role}))
    {
        net.attach(node, left);
        net.attach(node, right);
        net.setObserver([this](const sim::SentFrame& frame) { sent.push_back(frame); });
    }

    void hear(sim::SegmentIndex segment, const MacAddress& from, const romon::Message& message)
    {
        const bool isQuestion = std::holds_alternative<romon::Discover>(message);
        const MacAddress own{{6, 0, 0, 0, 0, static_cast<std::uint8_t>(segment)}};
        net.inject(segment, frameOf(isQuestion ? romon::kGroupAddress : own, from, message));
        net.runFor(200us);
    }

    template <class Message>
    [[nodiscard]] std::vector<Message> sentOn(overlay::PortId port) const
    {
        std::vector<Message> messages;
        for (const auto& frame : sent) {
            const auto message = romon::decode(Bytes(frame.frame).subspan(wire::kEthernetHeaderBytes));
            if (frame.port == port && std::holds_alternative<Message>(*message))
                messages.push_back(std::get<Message>(*message));
        }
        return messages;
    }

    sim::SimNet net{1};
    sim::SegmentIndex left = net.addSegment();
    sim::SegmentIndex right = net.addSegment();
    sim::NodeIndex node;
    std::vector<sim::SentFrame> sent;
};

} // namespace

class tst_Engine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isSilentUntilSomebodyWatches();
    void asksOnceASecondWhileWatched();
    void doesNotAskFasterWhenWatchersComeAndGo();
    void asksAtOnceOnAPortThatComesUp();
    void asksSlowerInALargeNetwork();
    void answersEachDistinctCopyOnce();
    void forwardsTheFirstCopyOfARound();
    void leafForwardsNothing();
    void doesNotForwardWithinABridge();
    void dropsWhatWouldLoop();
    void dropsTooManyHops();
    void limitsDiscoversPerPort();
    void sendsAnAnswerBackAlongItsList();
    void alarmsAboutItsOwnIdFromElsewhere();
    void countsFramesItCannotVerify();
    void dropsDataByName_data();
    void dropsDataByName();
    void doesNotForwardDataThatDoesNotFit();
    void ignoresAnswersItDidNotAskFor();
    void nothingAgesWhileNobodyAsks();
    void aDownPortTakesItsPathsAtOnce();
    void echoIsLostAfterItsTimeout();
    void neverAnswersAnEchoFromAnEchoPort();
    void dataGrowsToTheSmallestMtu();
    void tellsWhatItKnowsOfItself();
    void advancingTwiceChangesNothing();
};

void tst_Engine::isSilentUntilSomebodyWatches()
{
    Alone alone;
    alone.net.runFor(1h);
    QVERIFY(alone.sent.empty());
    QVERIFY(!alone.net.engine(alone.node).nextDeadline());
}

void tst_Engine::asksOnceASecondWhileWatched()
{
    Alone alone;
    alone.net.watch(alone.node);
    QCOMPARE(alone.sent.size(), std::size_t{2});
    alone.net.runFor(10s);
    const auto questions = alone.sentOn<romon::Discover>(0).size();
    QVERIFY(questions == 10 || questions == 11);
    alone.net.engine(alone.node).stopWatching(alone.net.now());
    alone.sent.clear();
    alone.net.settle(alone.node);
    alone.net.runFor(10s);
    QVERIFY(alone.sent.empty());
}

void tst_Engine::doesNotAskFasterWhenWatchersComeAndGo()
{
    Alone alone;
    for (int turn = 0; turn < 49; ++turn) {
        alone.net.watch(alone.node);
        alone.net.runFor(20ms);
        alone.net.engine(alone.node).stopWatching(alone.net.now());
        alone.net.settle(alone.node);
    }
    QCOMPARE(alone.sentOn<romon::Discover>(0).size(), std::size_t{1});
}

void tst_Engine::asksAtOnceOnAPortThatComesUp()
{
    Alone alone;
    alone.net.setPort(alone.node, 1, overlay::PortState::Down);
    alone.net.watch(alone.node);
    alone.net.runFor(500ms);
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{0});
    alone.net.setPort(alone.node, 1, overlay::PortState::Up);
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{1});
    alone.net.setPort(alone.node, 1, overlay::PortState::Forbidden);
    alone.net.setPort(alone.node, 1, overlay::PortState::Up);
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{1});
}

void tst_Engine::asksSlowerInALargeNetwork()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode();
    const auto segment = net.addSegment();
    net.attach(watcher, segment);
    for (std::uint16_t number = 0; number < 1000; ++number) {
        auto question = questionOf(0);
        const MacAddress from{
            {0x0a, 1, 1, 1, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}};
        question.header.source = {from};
        question.routing.node = {from};
        question.routing.outgoing.mac = from;
        net.inject(segment, frameOf(romon::kGroupAddress, from, question));
        net.runFor(3ms);
    }
    QCOMPARE(net.snapshot(watcher).nodes.size(), std::size_t{1000});
    net.watch(watcher);
    net.runFor(20s);
    QVERIFY(net.snapshot(watcher).roundsAsked <= 5);
}

void tst_Engine::answersEachDistinctCopyOnce()
{
    Alone alone(overlay::Role::Leaf);
    alone.hear(alone.left, mac(2), forwardedQuestion(1, 2));
    alone.hear(alone.left, mac(3), forwardedQuestion(1, 3));
    alone.hear(alone.left, mac(3), forwardedQuestion(1, 3));
    alone.hear(alone.right, mac(3), forwardedQuestion(1, 3));
    alone.net.runFor(300ms);
    QCOMPARE(alone.sentOn<romon::DiscoverResp>(0).size(), std::size_t{2});
    QCOMPARE(alone.sentOn<romon::DiscoverResp>(1).size(), std::size_t{1});
    QCOMPARE(counted(alone.net, alone.node, "discover-repeated"), std::uint64_t{1});
    // The next round is answered again.
    alone.net.runFor(700ms);
    alone.hear(alone.left, mac(3), forwardedQuestion(1, 3));
    alone.net.runFor(300ms);
    QCOMPARE(alone.sentOn<romon::DiscoverResp>(0).size(), std::size_t{3});
}

void tst_Engine::forwardsTheFirstCopyOfARound()
{
    Alone alone;
    alone.hear(alone.left, mac(2), forwardedQuestion(1, 2));
    alone.hear(alone.left, mac(3), forwardedQuestion(1, 3));
    alone.hear(alone.right, mac(3), forwardedQuestion(1, 3));
    QCOMPARE(alone.sentOn<romon::Discover>(0).size(), std::size_t{0});
    const auto forwarded = alone.sentOn<romon::Discover>(1);
    QCOMPARE(forwarded.size(), std::size_t{1});
    QCOMPARE(forwarded[0].header.source, strangerId(1));
    QCOMPARE(forwarded[0].routing.node, alone.net.id(alone.node));
    QCOMPARE(forwarded[0].hops.entries.back(), (romon::HopEntry{.linkId = 1, .mac = mac(2)}));
    QCOMPARE(int{forwarded[0].hops.pointer}, 2);
    alone.net.runFor(1s);
    alone.hear(alone.left, mac(2), forwardedQuestion(1, 2));
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{2});
}

void tst_Engine::leafForwardsNothing()
{
    Alone alone(overlay::Role::Leaf);
    alone.hear(alone.left, mac(2), forwardedQuestion(1, 2));
    romon::DiscoverResp response;
    response.header = {.auth = {}, .source = strangerId(1), .destination = strangerId(4)};
    response.hops = {.pointer = 1, .entries = {{.linkId = 1, .mac = mac(1)}}};
    response.own.node = strangerId(4);
    alone.hear(alone.right, mac(4), response);
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = strangerId(4)};
    data.hops.entries = {{.linkId = 1, .mac = mac(9)}, {.linkId = 2, .mac = mac(4)}};
    alone.hear(alone.left, mac(1), data);
    alone.net.runFor(1s);
    QVERIFY(alone.sentOn<romon::Discover>(1).empty());
    QVERIFY(alone.sentOn<romon::Data>(1).empty());
    QCOMPARE(alone.sentOn<romon::DiscoverResp>(0).size(), std::size_t{1}); // its own
    QCOMPARE(counted(alone.net, alone.node, "leaf-does-not-forward"), std::uint64_t{1});
    QCOMPARE(counted(alone.net, alone.node, "response-not-forwarded"), std::uint64_t{1});
}

void tst_Engine::doesNotForwardWithinABridge()
{
    sim::SimNet net(1);
    const auto node = net.addNode();
    const auto left = net.addSegment();
    for (const auto* bridge : {"br0", "br0", ""})
        net.attach(node,
                   bridge == std::string_view("br0") && net.snapshot(node).ports.empty() ? left : net.addSegment(),
                   {.bridge = bridge});
    std::vector<overlay::PortId> asked;
    net.setObserver([&](const sim::SentFrame& sent) {
        if (sent.frame[14] == 1)
            asked.push_back(sent.port);
    });
    net.inject(left, frameOf(romon::kGroupAddress, mac(1), questionOf(1)));
    net.runFor(1s);
    QCOMPARE(asked, std::vector<overlay::PortId>{2});
}

void tst_Engine::dropsWhatWouldLoop()
{
    Alone alone;
    auto returned = forwardedQuestion(1, 2);
    returned.hops.entries.front().mac = {{6, 0, 0, 0, 0, 1}}; // our own right port
    alone.hear(alone.left, mac(2), returned);
    auto own = forwardedQuestion(1, 2);
    own.header.source = alone.net.id(alone.node);
    own.hops.entries.front().mac = {{6, 0, 0, 0, 0, 1}};
    alone.hear(alone.left, mac(2), own);
    alone.net.runFor(1s);
    QVERIFY(alone.sent.empty());
    QCOMPARE(counted(alone.net, alone.node, "discover-loop"), std::uint64_t{1});
    QCOMPARE(counted(alone.net, alone.node, "discover-own"), std::uint64_t{1});
    QCOMPARE(counted(alone.net, alone.node, "duplicate-id"), std::uint64_t{0});
}

void tst_Engine::dropsTooManyHops()
{
    Alone alone;
    auto far = forwardedQuestion(1, 2);
    far.hops.entries.assign(33, {.linkId = 9, .mac = mac(1)});
    far.hops.pointer = 33;
    alone.hear(alone.left, mac(2), far);
    alone.net.runFor(1s);
    QVERIFY(alone.sent.empty());
    QCOMPARE(counted(alone.net, alone.node, "discover-too-many-hops"), std::uint64_t{1});
}

void tst_Engine::limitsDiscoversPerPort()
{
    Alone alone;
    for (int count = 0; count < 3000; ++count)
        alone.net.inject(alone.left, frameOf(romon::kGroupAddress, mac(1), questionOf(1)));
    alone.net.runFor(1ms);
    QVERIFY(counted(alone.net, alone.node, "discover-rate-limited") > 1900);
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{1});
}

void tst_Engine::sendsAnAnswerBackAlongItsList()
{
    Alone alone;
    romon::DiscoverResp response;
    response.header = {.auth = {}, .source = strangerId(1), .destination = strangerId(4)};
    response.hops = {.pointer = 2, .entries = {{.linkId = 77, .mac = mac(1)}, {.linkId = 1, .mac = mac(3)}}};
    response.own.node = strangerId(4);
    response.others = {{.tag = 0x2a, .value = {1, 2}}};
    alone.hear(alone.right, mac(4), response);
    const auto passed = alone.sentOn<romon::DiscoverResp>(0);
    QCOMPARE(passed.size(), std::size_t{1});
    response.hops.pointer = 1;
    QVERIFY(passed[0] == response);
    QCOMPARE(wire::decodeEthernet(alone.sent.back().frame)->header.destination, mac(3));
}

void tst_Engine::alarmsAboutItsOwnIdFromElsewhere()
{
    Alone alone;
    alone.net.events(alone.node).clear();
    auto question = questionOf(1);
    question.header.source = alone.net.id(alone.node);
    question.routing.node = alone.net.id(alone.node);
    alone.hear(alone.left, mac(1), question);
    alone.hear(alone.left, mac(1), question);
    QCOMPARE(alone.net.events(alone.node).size(), std::size_t{1});
    const auto& alarm = std::get<overlay::DuplicateIdSeen>(alone.net.events(alone.node).front());
    QCOMPARE(alarm.mac, mac(1));
    QCOMPARE(counted(alone.net, alone.node, "duplicate-id"), std::uint64_t{2});
    QVERIFY(alone.sent.empty());
}

void tst_Engine::countsFramesItCannotVerify()
{
    Alone alone;
    auto question = questionOf(1);
    question.header.auth[3] = 1;
    for (int count = 0; count < 14; ++count)
        alone.hear(alone.left, mac(1), question);
    alone.net.runFor(1s);
    QVERIFY(alone.sent.empty());
    const auto snapshot = alone.net.snapshot(alone.node);
    QCOMPARE(snapshot.unverified.size(), std::size_t{1});
    QCOMPARE(snapshot.unverified[0].id, strangerId(1));
    QCOMPARE(snapshot.unverified[0].frames, std::uint64_t{14});
    QVERIFY(snapshot.nodes.empty());
}

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

void tst_Engine::ignoresAnswersItDidNotAskFor()
{
    Alone alone;
    romon::DiscoverResp response;
    response.header = {.auth = {}, .source = alone.net.id(alone.node), .destination = strangerId(4)};
    response.parent = {.node = alone.net.id(alone.node),
                       .incoming = {},
                       .outgoing = {.linkId = 1, .l2Mtu = 1500, .cost = 100, .mac = {{6, 0, 0, 0, 0, 0}}}};
    response.own = {
        .node = strangerId(4), .incoming = {.linkId = 4, .l2Mtu = 1500, .cost = 100, .mac = mac(4)}, .outgoing = {}};
    response.identity = "far\x1b[2J";
    alone.hear(alone.left, mac(4), response);
    QVERIFY(alone.net.snapshot(alone.node).nodes.empty());
    QCOMPARE(counted(alone.net, alone.node, "response-not-asked"), std::uint64_t{1});
    alone.net.watch(alone.node);
    // Both orders of the ids are taken, and the name is fit to be shown.
    std::swap(response.header.source, response.header.destination);
    alone.hear(alone.left, mac(4), response);
    const auto nodes = alone.net.snapshot(alone.node).nodes;
    QCOMPARE(nodes.size(), std::size_t{1});
    QCOMPARE(QString::fromStdString(nodes[0].identity), QString("far[2J"));
    QCOMPARE(nodes[0].path.value().cost, 200U);
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
