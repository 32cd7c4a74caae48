// SPDX-License-Identifier: Apache-2.0
// Somebody asks in the name of others: theirs are passed on and answered all the same, and what he causes is bounded.
#include "core/base/SeededRandom.h"
#include "core/overlay/Flood.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QTest>

using namespace fb;
using namespace fb::test;
using namespace std::chrono_literals;

namespace {

/// Who asks in the name of stranger 1: from so many addresses, by so many hop lists, that often.
struct Forger {
    std::uint32_t addresses = 1; ///< 0: a new one each time
    std::uint32_t hopLists = 1;  ///< likewise
    Duration interval = 1s;
    std::uint32_t sent = 0;

    /// The next frame.
    [[nodiscard]] ByteVector frame()
    {
        const std::uint32_t number = sent++;
        const auto turn = [number](std::uint32_t count) { return count == 0 ? number : number % count; };
        const auto address = turn(addresses);
        const MacAddress from{
            {0x0a, 0x66, 0, 0, static_cast<std::uint8_t>(address >> 8U), static_cast<std::uint8_t>(address)}};
        auto question = questionOf(1);
        if (hopLists != 1) {
            question = forwardedQuestion(1, 66);
            question.hops.entries.front().linkId = 1 + turn(hopLists);
        }
        question.routing.outgoing.linkId = 1 + number % 8;
        question.routing.outgoing.mac = from;
        return frameOf(romon::kGroupAddress, from, question);
    }
};

/// The node between the forger's segment, on the left, that of stranger 2, who passes on what stranger 1 asks, and one
/// beyond.
struct Between : Alone {
    static constexpr std::uint8_t kVia = 2;
    static constexpr overlay::PortId kBeyond = 2;

    Between() { net.attach(node, net.addSegment()); }

    /// So many rounds of stranger 1, with the forger at work all the time.
    void run(Forger& forger, sim::SegmentIndex asker, int rounds)
    {
        SeededRandom random(7);
        Instant nextForged = net.now();
        for (int round = 0; round < rounds; ++round) {
            const Instant next = net.now() + 1s + std::chrono::microseconds(random.below(50'000));
            for (; nextForged < next; nextForged += forger.interval) {
                net.runFor(std::max(Duration{}, std::chrono::duration_cast<Duration>(nextForged - net.now())));
                net.inject(left, forger.frame());
            }
            net.runFor(std::max(Duration{}, std::chrono::duration_cast<Duration>(next - net.now())));
            hear(asker, mac(kVia), forwardedQuestion(1, kVia));
        }
        net.runFor(200ms);
    }

    /// Questions that went to the segment beyond, the real ones or the others.
    enum class Kind { Real, Forged };
    [[nodiscard]] std::size_t passedOn(Kind kind) const
    {
        const auto questions = sentOn<romon::Discover>(kBeyond);
        return static_cast<std::size_t>(std::ranges::count_if(questions, [&](const romon::Discover& question) {
            return (question.hops.entries.back().mac == mac(kVia)) == (kind == Kind::Real);
        }));
    }

    [[nodiscard]] std::size_t answered(overlay::PortId on) const
    {
        const auto answers = sentOn<romon::DiscoverResp>(on);
        return static_cast<std::size_t>(
            std::ranges::count_if(answers, [](const auto& answer) { return answer.parent.node == strangerId(kVia); }));
    }
};

} // namespace

class tst_ForgedQuestions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passesOnWhatTheRealOneAsks_data();
    void passesOnWhatTheRealOneAsks();
    void tellsTwoNeighborsOfOneSegmentApart();
    void aNodeFindsTheOthersWhileItIsImitated();
    void asksAtTimesThatNobodyCanTellWhileImitated();
    void lateCopiesStayCopies();
    void repeatedQuestionsTakeNothingFromOthers();
    void oneSenderDoesNotTakeAllAnswers();
    void oneSenderDoesNotPassForACrowd();
    void inventedOriginsPushOutTheirOwnKindOnly();
};

void tst_ForgedQuestions::passesOnWhatTheRealOneAsks_data()
{
    QTest::addColumn<int>("addresses");
    QTest::addColumn<int>("hopLists");
    QTest::addColumn<int>("everyMs");
    QTest::addColumn<int>("atLeast"); ///< of 60 rounds
    QTest::newRow("flood") << 1 << 1 << 2 << 50;
    QTest::newRow("flood from ever new addresses") << 0 << 1 << 2 << 50;
    QTest::newRow("flood of ever new hop lists") << 1 << 0 << 2 << 50;
    QTest::newRow("flood by two hop lists") << 1 << 2 << 2 << 30;
    QTest::newRow("flood from four addresses") << 4 << 1 << 2 << 12;
    QTest::newRow("flood by many hop lists from many addresses") << 16 << 16 << 2 << 12;
    QTest::newRow("ten a second") << 1 << 1 << 100 << 30;
    QTest::newRow("each 700 ms") << 1 << 1 << 700 << 30;
    QTest::newRow("each 800 ms") << 1 << 1 << 800 << 30;
}

void tst_ForgedQuestions::passesOnWhatTheRealOneAsks()
{
    QFETCH(int, addresses);
    QFETCH(int, hopLists);
    QFETCH(int, everyMs);
    QFETCH(int, atLeast);
    Between between;
    Forger forger{.addresses = static_cast<std::uint32_t>(addresses),
                  .hopLists = static_cast<std::uint32_t>(hopLists),
                  .interval = std::chrono::milliseconds(everyMs)};
    constexpr int kRounds = 60;
    between.run(forger, between.right, kRounds);
    const auto passed = between.passedOn(Between::Kind::Real);
    const auto forged = between.passedOn(Between::Kind::Forged);
    qInfo() << "passed on" << passed << "of" << kRounds << "and forged" << forged;
    QVERIFY(passed >= static_cast<std::size_t>(atLeast));
    QVERIFY(between.answered(1) >= passed);
    // A port brings at most one round each 700 ms for every way remembered of it, however much it says.
    const auto windows = static_cast<std::size_t>(kRounds * 1050 / 700 + 1);
    QVERIFY(forged <= windows * overlay::kWaysPerPort);
}

void tst_ForgedQuestions::tellsTwoNeighborsOfOneSegmentApart()
{
    Between between;
    Forger forger{.interval = 2ms};
    between.run(forger, between.left, 60);
    const auto passed = between.passedOn(Between::Kind::Real);
    qInfo() << "passed on" << passed;
    QVERIFY(passed >= 30);
    QVERIFY(between.answered(0) >= passed);
}

/// A chain of five, the forger beside the second, who has begun before the first one asks.
void tst_ForgedQuestions::aNodeFindsTheOthersWhileItIsImitated()
{
    sim::SimNet net(1);
    std::vector<sim::NodeIndex> nodes;
    for (int number = 0; number < 5; ++number) {
        nodes.push_back(net.addNode());
        if (number > 0)
            net.link(nodes[nodes.size() - 2], nodes.back());
    }
    const auto beside = net.addSegment();
    net.attach(nodes[1], beside);
    std::uint32_t sent = 0;
    const auto attackFor = [&](Duration time) {
        for (const Instant end = net.now() + time; net.now() < end; net.runFor(5ms)) {
            auto question = questionOf(66);
            question.header.source = question.routing.node = net.id(nodes[0]);
            question.routing.outgoing.linkId = 1 + sent++ % 8;
            net.inject(beside, frameOf(romon::kGroupAddress, mac(66), question));
        }
    };
    attackFor(3s);
    net.watch(nodes[0]);
    attackFor(15s);
    for (int second = 0; second < 60; ++second) {
        const auto known = net.snapshot(nodes[0]).nodes;
        QCOMPARE(known.size(), std::size_t{4});
        for (const auto& node : known) {
            QVERIFY(node.freshness != overlay::Freshness::Lost);
            QVERIFY(node.path.has_value());
        }
        attackFor(1s);
    }
    QVERIFY(counted(net, nodes[0], "duplicate-id") > 50);
}

void tst_ForgedQuestions::asksAtTimesThatNobodyCanTellWhileImitated()
{
    Alone alone;
    auto question = questionOf(1);
    question.header.source = question.routing.node = alone.net.id(alone.node);
    alone.hear(alone.left, mac(1), question);
    alone.net.watch(alone.node);
    for (int second = 0; second < 60; ++second) {
        alone.net.runFor(1s);
        alone.hear(alone.left, mac(1), question);
    }
    std::vector<Duration> pauses;
    std::optional<Instant> before;
    for (const auto& frame : alone.sent) {
        if (frame.port != 0)
            continue;
        if (before)
            pauses.push_back(std::chrono::duration_cast<Duration>(frame.when - *before));
        before = frame.when;
    }
    QVERIFY(pauses.size() >= 40);
    const auto [shortest, longest] = std::ranges::minmax(pauses);
    QVERIFY(shortest >= 1s && longest <= 1500ms);
    QVERIFY(longest - shortest > 300ms);
}

/// A slow way round, as by a satellite, brings no second question.
void tst_ForgedQuestions::lateCopiesStayCopies()
{
    Alone alone;
    constexpr int kRounds = 30;
    for (int round = 0; round < kRounds; ++round) {
        alone.hear(alone.left, mac(2), forwardedQuestion(1, 2));
        alone.net.runFor(280ms + std::chrono::milliseconds(round % 3 * 4));
        alone.hear(alone.right, mac(3), forwardedQuestion(1, 3));
        alone.net.runFor(1s);
    }
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{kRounds});
    QCOMPARE(alone.sentOn<romon::Discover>(0).size(), std::size_t{0});
    QCOMPARE(counted(alone.net, alone.node, "discover-amid-round"), std::uint64_t{0});
}

void tst_ForgedQuestions::repeatedQuestionsTakeNothingFromOthers()
{
    Alone alone;
    for (int count = 0; count < 3000; ++count)
        alone.net.inject(alone.left, frameOf(romon::kGroupAddress, mac(1), questionOf(1)));
    alone.net.runFor(1ms);
    QCOMPARE(counted(alone.net, alone.node, "discover-repeated"), std::uint64_t{2999});
    auto own = questionOf(3);
    own.header.source = own.routing.node = alone.net.id(alone.node);
    for (int count = 0; count < 3000; ++count)
        alone.net.inject(alone.left, frameOf(romon::kGroupAddress, mac(3), own));
    alone.net.runFor(1ms);
    alone.hear(alone.left, mac(2), questionOf(2));
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{2});
    QCOMPARE(counted(alone.net, alone.node, "discover-rate-limited"), std::uint64_t{0});
}

void tst_ForgedQuestions::oneSenderDoesNotTakeAllAnswers()
{
    Alone alone;
    auto question = questionOf(1);
    for (std::uint32_t link = 1; link <= 100; ++link) {
        question.routing.outgoing.linkId = link;
        alone.net.inject(alone.left, frameOf(romon::kGroupAddress, mac(1), question));
    }
    alone.net.runFor(1ms);
    alone.hear(alone.left, mac(2), forwardedQuestion(1, 2));
    alone.net.runFor(300ms);
    QCOMPARE(alone.sentOn<romon::DiscoverResp>(0).size(), overlay::kAnswersPerSenderMax + 1);
    QCOMPARE(counted(alone.net, alone.node, "answers-per-round-limit"),
             std::uint64_t{100 - overlay::kAnswersPerSenderMax});
}

/// Many copies on the right segment, all from one address: nobody there has heard the question from others.
void tst_ForgedQuestions::oneSenderDoesNotPassForACrowd()
{
    Alone alone;
    for (int round = 0; round < 10; ++round) {
        alone.hear(alone.left, mac(1), questionOf(1));
        for (std::uint32_t link = 1; link <= 8; ++link) {
            auto copy = forwardedQuestion(1, 66);
            copy.routing.outgoing.linkId = link;
            alone.net.inject(alone.right, frameOf(romon::kGroupAddress, mac(66), copy));
        }
        alone.net.runFor(1s);
    }
    QCOMPARE(alone.sentOn<romon::Discover>(1).size(), std::size_t{10});
    QCOMPARE(counted(alone.net, alone.node, "discover-suppressed"), std::uint64_t{0});
}

/// That an asker is slow is remembered while more origins are invented on another segment than there is room for.
void tst_ForgedQuestions::inventedOriginsPushOutTheirOwnKindOnly()
{
    SeededRandom random(1);
    Instant now{1h};
    overlay::Config config;
    config.id = strangerId(200);
    overlay::Engine engine(config, random, now);
    for (overlay::PortId port = 0; port < 2; ++port) {
        engine.addPort(port, {.interface = "port", .mac = mac(200, static_cast<std::uint8_t>(port))}, now);
        engine.portChanged(port, overlay::PortState::Up, now);
    }
    const auto answersUntil = [&](Instant end) {
        std::size_t answers = 0;
        now = end;
        engine.advance(now);
        while (const auto sent = engine.nextTransmit())
            answers += sent->port == 1 ? 1 : 0;
        while (engine.nextEvent()) {
        }
        return answers;
    };
    std::size_t early = 0;
    std::uint32_t invented = 0;
    for (int round = 0; round < 12; ++round) {
        engine.receive(1, frameOf(romon::kGroupAddress, mac(1), questionOf(1)), now);
        early += answersUntil(now + 3s);
        for (std::size_t count = 0; count < overlay::kOriginsMax + 100; ++count, ++invented) {
            auto question = questionOf(0);
            question.header.source = {
                {{0x0a, 0x66, static_cast<std::uint8_t>(invented >> 16U), static_cast<std::uint8_t>(invented >> 8U),
                  static_cast<std::uint8_t>(invented), 0}}};
            question.routing.node = question.header.source;
            engine.receive(0, frameOf(romon::kGroupAddress, mac(66), question), now);
            (void)answersUntil(now + 3ms);
        }
        (void)answersUntil(now + 40s);
    }
    // The first two rounds tell nothing; later answers are spread over some 25 seconds.
    QVERIFY(early >= 2 && early <= 6);
}

QTEST_GUILESS_MAIN(tst_ForgedQuestions)
#include "tst_ForgedQuestions.moc"
