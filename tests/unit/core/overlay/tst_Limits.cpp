// SPDX-License-Identifier: Apache-2.0
// What a node does when it has enough: it stops, it counts by name, and everything else goes on.
#include "core/overlay/Flood.h"
#include "core/overlay/NodeAnswer.h"
#include "core/overlay/Unreachable.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QTest>

using namespace fb;
using namespace fb::test;
using namespace std::chrono_literals;

namespace {

/// Data of stranger number 1 for the node, which hears it on its left port.
romon::Data dataFor(const Alone& alone, std::uint16_t sourcePort, std::uint16_t destinationPort, ByteVector payload)
{
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = alone.net.id(alone.node)};
    data.hops.entries = {{.linkId = 3, .mac = {{6, 0, 0, 0, 0, 0}}}};
    data.sourcePort = sourcePort;
    data.destinationPort = destinationPort;
    data.payload = std::move(payload);
    return data;
}

/// One of thousands that ask.
MacAddress askerMac(std::size_t number)
{
    return {{0x0a, 1, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number), 1}};
}

ByteVector questionFrom(std::size_t asker)
{
    romon::Discover question = questionOf(1);
    question.header.source = question.routing.node = {askerMac(asker)};
    question.routing.outgoing.mac = askerMac(asker);
    return frameOf(romon::kGroupAddress, askerMac(asker), question);
}

/// The same question, passed on by stranger `via`.
ByteVector copyFrom(std::size_t asker, std::uint8_t via)
{
    romon::Discover copy = forwardedQuestion(1, via);
    copy.header.source = {askerMac(asker)};
    copy.hops.entries.front().mac = askerMac(asker);
    return frameOf(romon::kGroupAddress, mac(via), copy);
}

} // namespace

class tst_Limits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void framesThatNobodyDrains()
    {
        Alone alone(overlay::Role::Transit, {.transmitsMax = 1});
        alone.net.watch(alone.node); // one question a port, at once
        QCOMPARE(alone.sent.size(), std::size_t{1});
        QCOMPARE(counted(alone.net, alone.node, "transmits-limit"), std::uint64_t{1});
        alone.net.setPort(alone.node, 0, overlay::PortState::Down);
        alone.net.runFor(2s);
        QVERIFY(alone.sent.size() > 1);
    }

    void eventsThatNobodyDrains()
    {
        Alone alone(overlay::Role::Transit, {.eventsMax = 1});
        alone.net.watch(alone.node);
        romon::DiscoverResp answer; // makes two nodes known: its sender and the parent
        answer.header = {.auth = {}, .source = alone.net.id(alone.node), .destination = strangerId(4)};
        answer.hops = {.pointer = 0, .entries = {{.linkId = 1, .mac = {{6, 0, 0, 0, 0, 0}}}}};
        answer.parent = {.node = strangerId(2),
                         .incoming = {},
                         .outgoing = {.linkId = 8, .l2Mtu = 1500, .cost = 100, .mac = mac(2)}};
        answer.own = {.node = strangerId(4),
                      .incoming = {.linkId = 4, .l2Mtu = 1500, .cost = 100, .mac = mac(4)},
                      .outgoing = {}};
        alone.hear(alone.left, mac(2), answer);
        QCOMPARE(alone.net.snapshot(alone.node).nodes.size(), std::size_t{2});
        QCOMPARE(counted(alone.net, alone.node, "events-limit"), std::uint64_t{1});
    }

    void answersToAFlood_data()
    {
        QTest::addColumn<int>("sourcePort");
        QTest::addColumn<int>("destinationPort");
        QTest::addColumn<ByteVector>("payload");
        QTest::addColumn<int>("burst");
        QTest::addColumn<QString>("counter");
        QTest::newRow("echoes") << 5000 << 1 << ByteVector(32) << 2000 << "echo-rate-limited";
        QTest::newRow("node questions") << 0xfb01 << 0xfb01 << overlay::encodeNodeQuestion({.nonce = 1}) << 500
                                        << "node-question-rate-limited";
    }
    void answersToAFlood()
    {
        QFETCH(int, sourcePort);
        QFETCH(int, destinationPort);
        QFETCH(ByteVector, payload);
        QFETCH(int, burst);
        QFETCH(QString, counter);
        Alone alone;
        const auto data = dataFor(alone, static_cast<std::uint16_t>(sourcePort),
                                  static_cast<std::uint16_t>(destinationPort), payload);
        const auto frame = frameOf({{6, 0, 0, 0, 0, 0}}, mac(1), data);
        for (int count = 0; count < burst + 10; ++count)
            alone.net.inject(alone.left, frame);
        alone.net.runFor(100us);
        QCOMPARE(alone.sentOn<romon::Data>(0).size(), static_cast<std::size_t>(burst));
        QCOMPARE(counted(alone.net, alone.node, counter.toStdString()), std::uint64_t{10});
        alone.net.runFor(1s);
        alone.hear(alone.left, mac(1), data);
        QCOMPARE(alone.sentOn<romon::Data>(0).size(), static_cast<std::size_t>(burst) + 1);
    }

    void askersOfOneRound()
    {
        constexpr std::size_t kPerPort = overlay::kDiscoversPerPort.burst;
        Alone alone;
        std::vector<sim::SegmentIndex> segments{alone.left, alone.right};
        while (segments.size() * kPerPort < overlay::kOriginsMax) {
            segments.push_back(alone.net.addSegment());
            alone.net.attach(alone.node, segments.back());
        }
        for (std::size_t asker = 0; asker < overlay::kOriginsMax; ++asker)
            alone.net.inject(segments[asker / kPerPort], questionFrom(asker));
        alone.net.runFor(100ms);
        QCOMPARE(counted(alone.net, alone.node, "discover-origins-limit"), std::uint64_t{0});
        // Its port has the most of all and none of them is old: nobody else has to go.
        for (std::size_t asker = overlay::kOriginsMax; asker < overlay::kOriginsMax + 20; ++asker)
            alone.net.inject(alone.left, questionFrom(asker));
        alone.net.runFor(100ms);
        QCOMPARE(counted(alone.net, alone.node, "discover-origins-limit"), std::uint64_t{20});
        alone.net.runFor(1s);
        alone.net.inject(alone.left, questionFrom(9999));
        alone.net.runFor(100ms);
        QCOMPARE(counted(alone.net, alone.node, "discover-origins-limit"), std::uint64_t{20});
    }

    /// A large network asks once in a while, and so are its answers spread: they wait.
    void answersThatWait()
    {
        constexpr std::size_t kAskers = overlay::kDiscoversPerPort.burst;
        Alone alone;
        const auto askAll = [&alone](std::uint8_t copies, Duration pause) {
            for (std::size_t asker = 0; asker < 2 * kAskers; asker += 2) {
                for (const std::size_t side : {0U, 1U}) {
                    const auto segment = side == 0 ? alone.left : alone.right;
                    alone.net.inject(segment, questionFrom(asker + side));
                    for (std::uint8_t via = 1; via <= copies; ++via)
                        alone.net.inject(segment, copyFrom(asker + side, via));
                }
                alone.net.runFor(pause);
            }
            alone.net.runFor(70s);
        };
        askAll(0, {});
        askAll(0, {});
        QCOMPARE(counted(alone.net, alone.node, "answers-waiting-limit"), std::uint64_t{0});
        alone.sent.clear();
        askAll(3, 8ms);
        QVERIFY(counted(alone.net, alone.node, "answers-waiting-limit") > 0);
        QVERIFY(alone.sentOn<romon::DiscoverResp>(0).size() > kAskers);
    }

    /// On a segment that was crowded, questions are passed on a little later, so many at once.
    void questionsThatWait()
    {
        Alone alone;
        const auto other = alone.net.addSegment();
        alone.net.attach(alone.node, other);
        for (int round = 0; round < 2; ++round) {
            for (std::uint8_t via = 2; via < 8; ++via)
                alone.net.inject(alone.right, copyFrom(1, via));
            alone.net.runFor(1s);
        }
        for (std::size_t asker = 0; asker < overlay::kForwardsWaitingMax; ++asker)
            alone.net.inject(alone.left, questionFrom(100 + asker));
        for (std::size_t asker = 0; asker < 10; ++asker)
            alone.net.inject(other, questionFrom(5000 + asker));
        alone.sent.clear();
        alone.net.runFor(100us);
        QCOMPARE(counted(alone.net, alone.node, "discovers-waiting-limit"), std::uint64_t{10});
        const auto atOnce = alone.sentOn<romon::Discover>(1).size(); // a few of the others were due
        QVERIFY2(atOnce >= 10 && atOnce < 100, qPrintable(QString::number(atOnce)));
        alone.net.runFor(1s);
        QCOMPARE(alone.sentOn<romon::Discover>(1).size(), overlay::kForwardsWaitingMax + 10);
    }

    void messagesThatMeanNothingYet()
    {
        Alone alone;
        alone.hear(alone.left, mac(1),
                   romon::Hello{.header = {.auth = {}, .source = strangerId(1), .destination = {}}, .body = {}});
        alone.hear(alone.left, mac(1),
                   romon::SeqErr{.header = {.auth = {}, .source = strangerId(1), .destination = {}}, .body = {}});
        QCOMPARE(counted(alone.net, alone.node, "hello-ignored"), std::uint64_t{1});
        QCOMPARE(counted(alone.net, alone.node, "sequence-error-ignored"), std::uint64_t{1});
        QVERIFY(alone.sent.empty());
        QVERIFY(alone.net.snapshot(alone.node).nodes.empty());
    }

    /// A Footbridge source learns why its frame got no further, ten times a second at most.
    void reportsToASource()
    {
        Alone alone;
        auto data = dataFor(alone, overlay::kUnreachablePort, romon::kPingPort, ByteVector(32));
        data.header.destination = strangerId(4);
        data.hops.entries.push_back({.linkId = 77, .mac = mac(4)}); // no link of the node
        for (int count = 0; count < 7; ++count)
            alone.hear(alone.left, mac(1), data);
        QCOMPARE(alone.sentOn<romon::Data>(0).size(), std::size_t{5});
        QCOMPARE(counted(alone.net, alone.node, "unreachable-told"), std::uint64_t{5});
        QCOMPARE(counted(alone.net, alone.node, "unreachable-withheld"), std::uint64_t{2});
    }
};

QTEST_GUILESS_MAIN(tst_Limits)
#include "tst_Limits.moc"
