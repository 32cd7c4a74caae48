// SPDX-License-Identifier: Apache-2.0
// Questions and answers of discovery, ours and those of strangers: when, to whom, how often, and what is dropped.
#include "core/overlay/Asker.h"
#include "core/overlay/Flood.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QTest>

using namespace fb;
using namespace fb::test;
using namespace std::chrono_literals;

class tst_Discovery : public QObject {
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
    void ignoresAnswersItDidNotAskFor();
    void makesRoomWhileItConcludesLinks();
    void keepsQuietWhereEnoughOthersForward();
    void forwardsWhereTooFewOthersDo();
    void spreadsAnswersToASlowAsker();
    void limitsAnswersPerPort();
    void oneAnswerRepeatedSlowsNoQuestions();
    void limitsItsOwnAnswers();
    void slowsDownWhereNothingChanges();
};

void tst_Discovery::isSilentUntilSomebodyWatches()
{
    Alone alone;
    alone.net.runFor(1h);
    QVERIFY(alone.sent.empty());
    QVERIFY(!alone.net.engine(alone.node).nextDeadline());
}

void tst_Discovery::asksOnceASecondWhileWatched()
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

void tst_Discovery::doesNotAskFasterWhenWatchersComeAndGo()
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

void tst_Discovery::asksAtOnceOnAPortThatComesUp()
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

void tst_Discovery::asksSlowerInALargeNetwork()
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

void tst_Discovery::answersEachDistinctCopyOnce()
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

void tst_Discovery::forwardsTheFirstCopyOfARound()
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

void tst_Discovery::leafForwardsNothing()
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

void tst_Discovery::doesNotForwardWithinABridge()
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

void tst_Discovery::dropsWhatWouldLoop()
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

void tst_Discovery::dropsTooManyHops()
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

void tst_Discovery::limitsDiscoversPerPort()
{
    Alone alone;
    for (std::uint32_t count = 0; count < 3000; ++count) {
        auto question = questionOf(1);
        question.header.source = {
            {{0x0a, 1, static_cast<std::uint8_t>(count >> 8U), static_cast<std::uint8_t>(count), 1, 0}}};
        question.routing.node = question.header.source;
        alone.net.inject(alone.left, frameOf(romon::kGroupAddress, mac(1), question));
    }
    alone.net.runFor(1ms);
    QCOMPARE(counted(alone.net, alone.node, "discover-rate-limited"),
             std::uint64_t{3000 - overlay::kDiscoversPerPort.burst});
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{overlay::kDiscoversPerPort.burst});
}

void tst_Discovery::sendsAnAnswerBackAlongItsList()
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

void tst_Discovery::alarmsAboutItsOwnIdFromElsewhere()
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

void tst_Discovery::countsFramesItCannotVerify()
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

namespace {

/// A direct answer of stranger number 4 to a question that went out of the left port.
romon::DiscoverResp answerTo(const Alone& alone)
{
    romon::DiscoverResp response;
    response.header = {.auth = {}, .source = alone.net.id(alone.node), .destination = strangerId(4)};
    response.parent = {.node = alone.net.id(alone.node),
                       .incoming = {},
                       .outgoing = {.linkId = 1, .l2Mtu = 1500, .cost = 100, .mac = {{6, 0, 0, 0, 0, 0}}}};
    response.own = {
        .node = strangerId(4), .incoming = {.linkId = 4, .l2Mtu = 1500, .cost = 100, .mac = mac(4)}, .outgoing = {}};
    return response;
}

} // namespace

void tst_Discovery::ignoresAnswersItDidNotAskFor()
{
    Alone alone;
    auto response = answerTo(alone);
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

/// With a full table the link of one sibling is given up for that of another, in the middle of concluding.
void tst_Discovery::makesRoomWhileItConcludesLinks()
{
    Alone alone(overlay::Role::Transit, {.linksMax = 3});
    alone.net.watch(alone.node);
    const auto answersBehindStranger1 = [&alone](std::uint8_t node) {
        romon::DiscoverResp response;
        response.header = {.auth = {}, .source = alone.net.id(alone.node), .destination = strangerId(node)};
        response.hops = {.pointer = 0, .entries = {{.linkId = 1, .mac = mac(1)}}};
        response.parent = questionOf(1).routing;
        response.own = {.node = strangerId(node),
                        .incoming = {.linkId = 1, .l2Mtu = 1500, .cost = 100, .mac = mac(node)},
                        .outgoing = {}};
        alone.hear(alone.left, mac(1), response);
    };
    answersBehindStranger1(9);
    alone.net.runFor(15s);
    QVERIFY(alone.net.snapshot(alone.node).links.front().freshness == overlay::Freshness::Lost);
    answersBehindStranger1(2);
    answersBehindStranger1(3);
    const auto links = alone.net.snapshot(alone.node).links;
    QCOMPARE(links.size(), std::size_t{3});
    QVERIFY(std::ranges::all_of(links, [](const auto& link) { return link.freshness == overlay::Freshness::Fresh; }));
    QVERIFY(links.back().a == strangerId(2) && links.back().b == strangerId(3));
}

namespace {

/// A round that `copies` others forward to the right segment, of which the node hears them before its own turn.
void hearRound(Alone& alone, std::uint8_t copies)
{
    alone.net.runFor(1s);
    alone.sent.clear();
    alone.hear(alone.left, mac(1), questionOf(1));
    for (std::uint8_t other = 0; other < copies; ++other) {
        const auto via = static_cast<std::uint8_t>(100 + other);
        alone.net.inject(alone.right, frameOf(romon::kGroupAddress, mac(via), forwardedQuestion(1, via)));
    }
    alone.net.runFor(200ms);
}

} // namespace

void tst_Discovery::keepsQuietWhereEnoughOthersForward()
{
    Alone alone;
    hearRound(alone, 30);
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{1});
    std::size_t forwarded = 0;
    for (int round = 0; round < 20; ++round) {
        hearRound(alone, 30);
        forwarded += alone.sentOn<romon::Discover>(1).size();
        // Every copy is answered all the same, so whoever asks learns of all links.
        QCOMPARE(alone.sentOn<romon::DiscoverResp>(1).size(), std::size_t{30});
    }
    QVERIFY(forwarded <= 4);
    QVERIFY(counted(alone.net, alone.node, "discover-suppressed") >= 16);
}

void tst_Discovery::forwardsWhereTooFewOthersDo()
{
    Alone alone;
    hearRound(alone, 30);
    for (int round = 0; round < 20; ++round) {
        hearRound(alone, overlay::kCopiesEnough - 1);
        QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{1});
    }
    QCOMPARE(counted(alone.net, alone.node, "discover-suppressed"), std::uint64_t{0});
}

void tst_Discovery::spreadsAnswersToASlowAsker()
{
    Alone alone(overlay::Role::Leaf);
    const auto answeredWithin = [&](Duration time) {
        alone.sent.clear();
        alone.hear(alone.left, mac(1), questionOf(1));
        alone.net.runFor(time);
        return !alone.sentOn<romon::DiscoverResp>(0).empty();
    };
    // One long pause says nothing.
    QVERIFY(answeredWithin(20ms));
    alone.net.runFor(60s);
    QVERIFY(answeredWithin(20ms));
    alone.net.runFor(60s);
    int early = 0;
    for (int round = 0; round < 20; ++round) {
        early += answeredWithin(3s) ? 1 : 0;
        alone.net.runFor(30s);
        QCOMPARE(alone.sentOn<romon::DiscoverResp>(0).size(), std::size_t{1});
        alone.net.runFor(27s);
    }
    QVERIFY(early < 12);
    // Once a second again, and every answer comes at once.
    alone.net.runFor(1s);
    (void)answeredWithin(1s);
    QVERIFY(answeredWithin(20ms));
}

void tst_Discovery::limitsAnswersPerPort()
{
    Alone alone;
    alone.net.watch(alone.node);
    auto response = answerTo(alone);
    const MacAddress own{{6, 0, 0, 0, 0, 0}};
    const auto frame = frameOf(own, mac(4), response);
    for (int count = 0; count < 20000; ++count)
        alone.net.inject(alone.left, frame);
    alone.net.runFor(1ms);
    QCOMPARE(counted(alone.net, alone.node, "response-rate-limited"),
             std::uint64_t{20000 - overlay::kResponsesPerPort.burst});
    // The other port is not the worse for it.
    response.parent.outgoing = alone.sentOn<romon::Discover>(1).at(0).routing.outgoing;
    response.own.node = strangerId(10);
    response.header.destination = strangerId(10);
    alone.hear(alone.right, mac(10), response);
    QVERIFY(alone.net.engine(alone.node).hasAnswered(strangerId(10)));
}

void tst_Discovery::oneAnswerRepeatedSlowsNoQuestions()
{
    Alone alone;
    alone.net.watch(alone.node);
    const auto answer = answerTo(alone);
    for (int repeat = 0; repeat < 10'000; ++repeat)
        alone.hear(alone.left, mac(4), answer);
    const auto before = alone.net.snapshot(alone.node).roundsAsked;
    alone.net.runFor(10s);
    QVERIFY(alone.net.snapshot(alone.node).roundsAsked >= before + 9);
}

void tst_Discovery::limitsItsOwnAnswers()
{
    sim::SimNet net(1);
    const auto node = net.addNode({.role = overlay::Role::Leaf});
    constexpr std::uint32_t kPorts = 4;
    std::size_t answers = 0;
    net.setObserver([&](const sim::SentFrame&) { ++answers; });
    for (std::uint32_t port = 0; port < kPorts; ++port) {
        const auto segment = net.addSegment();
        net.attach(node, segment);
        for (std::uint16_t number = 0; number < 1000; ++number) {
            auto question = questionOf(0);
            const MacAddress from{{0x0a, 1, 1, static_cast<std::uint8_t>(port), static_cast<std::uint8_t>(number >> 8U),
                                   static_cast<std::uint8_t>(number)}};
            question.header.source = {from};
            question.routing.node = {from};
            question.routing.outgoing.mac = from;
            net.inject(segment, frameOf(romon::kGroupAddress, from, question));
        }
    }
    net.runFor(1s);
    QCOMPARE(answers, std::size_t{overlay::kAnswersPerNode.burst});
    QCOMPARE(counted(net, node, "answers-rate-limited"), std::uint64_t{4000 - overlay::kAnswersPerNode.burst});
}

void tst_Discovery::slowsDownWhereNothingChanges()
{
    sim::SimNet net(1);
    const auto watcher = net.addNode();
    const auto segment = net.addSegment();
    net.attach(watcher, segment);
    for (int number = 0; number < 400; ++number)
        net.attach(net.addNode({.role = overlay::Role::Leaf}), segment);
    net.watch(watcher);
    net.runFor(10s);
    const auto early = net.snapshot(watcher).roundsAsked;
    QVERIFY(early >= 4);
    net.runFor(200s);
    const auto before = net.snapshot(watcher).roundsAsked;
    net.runFor(80s);
    const auto quiet = net.snapshot(watcher).roundsAsked - before;
    QVERIFY(quiet >= 9 && quiet <= 11);
    net.stop(7);
    net.runFor(80s);
    QVERIFY(net.snapshot(watcher).roundsAsked - before - quiet > quiet + 2);
}

QTEST_GUILESS_MAIN(tst_Discovery)
#include "tst_Discovery.moc"
