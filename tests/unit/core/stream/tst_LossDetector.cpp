// SPDX-License-Identifier: Apache-2.0
#include "core/stream/LossDetector.h"

#include <QTest>

#include <array>
#include <chrono>

using namespace fb::stream;
using fb::Instant;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{100s};

/// Ten segments of 100 bytes sent a millisecond apart, on a path with a round trip of 20 ms.
struct Fixture {
    LossDetector losses;
    RttEstimator rtt;
    Instant now = kStart;
    std::optional<Instant> echoed;

    Fixture()
    {
        rtt.sample(20ms);
        for (std::uint64_t index = 0; index < 10; ++index, now += 1ms)
            losses.sent({index * 100, index * 100 + 100}, now);
    }
    LossDetector::Delivered acknowledge(std::uint64_t upTo, std::vector<Range> ranges = {})
    {
        return losses.acknowledged({.upTo = upTo, .ranges = ranges, .echoed = echoed}, rtt, now);
    }
};

} // namespace

class LossDetectorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void threeLaterArrivalsMakeALoss()
    {
        Fixture fixture;
        (void)fixture.acknowledge(0, {{100, 300}});
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now).bytes, std::size_t{0});
        (void)fixture.acknowledge(0, {{100, 400}});
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now).bytes, std::size_t{100});
        QVERIFY(fixture.losses.resendLost(1000, fixture.now) == (Range{0, 100}));
        QVERIFY(!fixture.losses.hasLost());
    }

    void timeMakesALossOfOneOvertaken()
    {
        Fixture fixture;
        (void)fixture.acknowledge(0, {{100, 200}});
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now).bytes, std::size_t{0});
        const auto deadline = fixture.losses.lossDeadline();
        QVERIFY(deadline == kStart + 22500us); // nine eighths of a round trip after it was sent
        QCOMPARE(fixture.losses.detect(fixture.rtt, *deadline).bytes, std::size_t{100});
    }

    void nothingIsLostThatNothingOvertook()
    {
        Fixture fixture;
        (void)fixture.acknowledge(500);
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now + 10s).bytes, std::size_t{0});
        QVERIFY(!fixture.losses.lossDeadline().has_value());
    }

    void anEchoTellsTheRetransmissionFromTheOriginal()
    {
        Fixture fixture;
        (void)fixture.acknowledge(0, {{100, 400}});
        (void)fixture.losses.detect(fixture.rtt, fixture.now);
        const Instant resentAt = fixture.now;
        QVERIFY(fixture.losses.resendLost(1000, resentAt) == (Range{0, 100}));
        fixture.now += 25ms; // long enough for an ack of either
        fixture.echoed = kStart + 3ms;
        QVERIFY(fixture.acknowledge(100).rtt == fixture.now - *fixture.echoed);
        // The original came late: nothing is known of what went out after it.
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now).bytes, std::size_t{0});
        fixture.echoed = resentAt;
        const auto delivered = fixture.acknowledge(500);
        QVERIFY(delivered.rtt == 25ms);
    }

    void aLostRetransmissionIsFoundByTime()
    {
        Fixture fixture;
        (void)fixture.acknowledge(0, {{100, 400}});
        (void)fixture.losses.detect(fixture.rtt, fixture.now);
        (void)fixture.losses.resendLost(1000, fixture.now);
        const Instant resentAt = fixture.now;
        fixture.now += 1ms;
        fixture.losses.sent({1000, 1100}, fixture.now);
        fixture.now += 20ms;
        (void)fixture.acknowledge(0, {{100, 1100}});
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now).bytes, std::size_t{0});
        QCOMPARE(fixture.losses.detect(fixture.rtt, resentAt + 23ms).bytes, std::size_t{100});
    }

    void anAckOfTheOriginalProvesNothingAboutLaterOnes()
    {
        Fixture fixture;
        fixture.now += 5ms;
        QVERIFY(fixture.losses.resendOldest(1000, fixture.now) == (Range{0, 100}));
        fixture.now += 1ms; // far less than a round trip: this answers the original
        const auto delivered = fixture.acknowledge(100);
        QVERIFY(!delivered.rtt.has_value());
        QCOMPARE(fixture.losses.detect(fixture.rtt, fixture.now + 1s).bytes, std::size_t{0});
    }

    void samplesOnlySegmentsThatWereSentOnce()
    {
        Fixture fixture;
        QVERIFY(fixture.acknowledge(200).rtt == fixture.now - (kStart + 1ms));
        (void)fixture.losses.resendOldest(1000, fixture.now);
        QVERIFY(!fixture.acknowledge(400).rtt.has_value());
        QVERIFY(fixture.acknowledge(500).rtt.has_value());
    }

    void bytesUnderWayAddUp()
    {
        Fixture fixture;
        QCOMPARE(fixture.losses.bytesInFlight(), std::size_t{1000});
        (void)fixture.acknowledge(150, {{500, 600}, {500, 600}});
        QCOMPARE(fixture.losses.bytesInFlight(), std::size_t{750});
        fixture.losses.declareAllLost();
        QCOMPARE(fixture.losses.bytesInFlight(), std::size_t{0});
        QVERIFY(fixture.losses.resendLost(30, fixture.now) == (Range{150, 180}));
        QVERIFY(fixture.losses.resendLost(1000, fixture.now) == (Range{180, 200}));
        QCOMPARE(fixture.losses.bytesInFlight(), std::size_t{50});
        QCOMPARE(fixture.acknowledge(1000).bytes, std::size_t{750});
        QCOMPARE(fixture.losses.bytesInFlight(), std::size_t{0});
        QVERIFY(fixture.losses.isEmpty() && !fixture.losses.hasLost());
    }
};

QTEST_GUILESS_MAIN(LossDetectorTest)
#include "tst_LossDetector.moc"
