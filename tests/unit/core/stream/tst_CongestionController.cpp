// SPDX-License-Identifier: Apache-2.0
#include "core/stream/CongestionController.h"
#include "core/stream/Pacer.h"
#include "core/stream/RttEstimator.h"
#include "core/stream/SequenceNumber.h"

#include <QTest>

#include <chrono>

using namespace fb::stream;
using fb::Instant;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kSegment = 1000;
constexpr Instant kStart{100s};

/// A path of one rate and one round-trip time, seen by the controller one round trip after the other.
struct Path {
    CongestionController control{kSegment, 100000 * kSegment};
    Instant now = kStart;
    std::uint64_t delivered = 0;
    double bytesPerMicrosecond = 100;
    fb::Duration rtt = 10ms;

    [[nodiscard]] std::size_t product() const
    {
        return static_cast<std::size_t>(bytesPerMicrosecond * static_cast<double>(rtt.count()));
    }
    void round(bool isLimited = false, fb::Duration extraRtt = {})
    {
        const std::uint64_t before = delivered;
        std::size_t inFlight = std::min(control.window(), product());
        if (control.pacingRate() > 0)
            inFlight = std::min(inFlight, static_cast<std::size_t>(control.pacingRate() * double(rtt.count())));
        const double rate = static_cast<double>(inFlight) / static_cast<double>(rtt.count());
        for (std::size_t acked = 0; acked < inFlight; acked += inFlight / 10) {
            now += rtt / 10;
            delivered += inFlight / 10;
            control.acknowledged(
                {.bytes = inFlight / 10,
                 .delivered = delivered,
                 .bytesInFlight = inFlight,
                 .rate = RateSample{.bytesPerMicrosecond = rate, .deliveredBefore = before, .isLimited = isLimited},
                 .rtt = rtt + extraRtt},
                now);
        }
    }
    void rounds(int count)
    {
        while (count-- > 0)
            round();
    }
};

} // namespace

class CongestionControllerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheRateOfThePathAndKeepsNearOneProduct()
    {
        Path path;
        QCOMPARE(path.control.window(), 10 * kSegment);
        path.rounds(30);
        QVERIFY(!path.control.isInStartup());
        QVERIFY(qAbs(path.control.bandwidth() - 100) < 1);
        QVERIFY2(path.control.window() >= path.product() * 5 / 4 && path.control.window() <= path.product() * 17 / 10,
                 qPrintable(QString::number(path.control.window())));
        QVERIFY(path.control.pacingRate() >= 74 && path.control.pacingRate() <= 126);
    }

    void yieldingItKeepsOneProductAndLittleMore()
    {
        Path path;
        path.rounds(30);
        const std::size_t alone = path.control.window();
        path.control.setYielding(true);
        path.rounds(8);
        QVERIFY2(path.control.window() < alone && path.control.window() >= path.product() * 5 / 4,
                 qPrintable(QString::number(path.control.window())));
        QVERIFY(qAbs(path.control.bandwidth() - 100) < 1);
        path.control.setYielding(false);
        path.rounds(8);
        QCOMPARE(path.control.window(), alone);
    }

    void lossesThatAreNoCongestionChangeNothing()
    {
        Path path;
        path.rounds(30);
        const std::size_t window = path.control.window();
        for (int count = 0; count < 20; ++count) {
            path.control.lost(path.product() / 20);
            path.round();
        }
        QVERIFY(path.control.window() >= window);
    }

    void aRoundThatLosesALotSlowsDownAndDoesNotStop()
    {
        Path path;
        path.rounds(30);
        const double before = path.control.bandwidth();
        path.control.lost(path.product());
        path.bytesPerMicrosecond = 20;
        path.rounds(2);
        const double after = path.control.bandwidth();
        QVERIFY2(after < 0.75 * before && after >= 20, qPrintable(QString::number(after)));
    }

    // What arrived over an earlier path is no part of the first round on this one.
    void theFirstRoundOfANewPathIsJudgedByItself()
    {
        Path path;
        path.rounds(300);
        path.control.restart(kSegment, path.delivered);
        path.control.lost(200 * kSegment);
        path.round();
        path.round();
        QVERIFY(!path.control.isInStartup());
    }

    void afterPersistentCongestionTheRateIsFoundAgainSoon()
    {
        Path path;
        path.rounds(30);
        path.control.persistentCongestion();
        QCOMPARE(path.control.window(), 4 * kSegment);
        path.rounds(8);
        QVERIFY2(path.control.window() >= path.product(), qPrintable(QString::number(path.control.window())));
    }

    void aPathWithMuchMoreRoomIsFilledSoon()
    {
        Path path;
        path.rounds(30);
        path.bytesPerMicrosecond = 3000;
        int count = 0;
        for (; count < 60 && path.control.bandwidth() < 2900; ++count)
            path.round();
        QVERIFY2(count < 25, qPrintable(QString::number(count)));
        path.rounds(30);
        QVERIFY(!path.control.isInStartup());
    }

    void aShortPathIsNotStartedAgain()
    {
        Path path;
        path.rtt = 1ms;
        path.rounds(30);
        path.bytesPerMicrosecond = 3000;
        for (int count = 0; count < 60; ++count) {
            path.round();
            QVERIFY(!path.control.isInStartup());
        }
    }

    void aSlowerPathIsBelievedAfterTenRounds()
    {
        Path path;
        path.rounds(30);
        path.bytesPerMicrosecond = 20;
        path.rounds(5);
        QVERIFY(path.control.bandwidth() > 90);
        path.rounds(10);
        QVERIFY(path.control.bandwidth() < 25);
    }

    void aGrowingRoundTripEndsStartup()
    {
        Path path;
        path.bytesPerMicrosecond = 10000;
        path.rounds(3);
        QVERIFY(path.control.isInStartup());
        path.round(false, 10ms);
        path.round(false, 10ms);
        QVERIFY(!path.control.isInStartup());
    }

    void roundsThatTheApplicationHeldBackTeachNothing()
    {
        Path path;
        path.rounds(30);
        path.bytesPerMicrosecond = 1;
        for (int count = 0; count < 100; ++count)
            path.round(true);
        QVERIFY(path.control.bandwidth() > 90);
    }

    void afterALongSilenceItStartsSmallAndIsSoonBack()
    {
        Path path;
        path.rounds(30);
        const std::size_t window = path.control.window();
        path.control.persistentCongestion();
        QCOMPARE(path.control.window(), 4 * kSegment);
        int count = 0;
        for (; count < 20 && path.control.window() < window; ++count)
            path.round();
        QVERIFY2(count > 2 && count < 12, qPrintable(QString::number(count)));
    }

    void theRoundTripIsMeasuredAgainWithAnEmptyQueue()
    {
        Path path;
        path.rounds(30);
        const std::size_t window = path.control.window();
        std::size_t smallest = window;
        for (int count = 0; count < 1200; ++count) { // twelve seconds
            path.round(false, 1ms);
            smallest = std::min(smallest, path.control.window());
        }
        QVERIFY(smallest < window / 2);
        QVERIFY(path.control.window() > window / 2);
    }

    void deliveryRateIsWhatArrivedOverTheLongerTime()
    {
        DeliveryRate rate;
        Instant now = kStart;
        const auto first = rate.sent(DeliveryRate::InFlight::Nothing, now);
        const auto second = rate.sent(DeliveryRate::InFlight::Something, now + 1ms);
        rate.arrived(first, now, 1000, now + 10ms);
        rate.arrived(second, now + 1ms, 1000, now + 11ms);
        const auto sample = rate.take(5ms);
        QVERIFY(sample && !sample->isLimited);
        QCOMPARE(sample->bytesPerMicrosecond, 2000.0 / 11000.0);
        QVERIFY(!rate.take(5ms)); // nothing arrived since
        // Less than a round trip: the original's ack, not this one's.
        const auto third = rate.sent(DeliveryRate::InFlight::Nothing, now + 20ms);
        rate.arrived(third, now + 20ms, 1000, now + 21ms);
        QVERIFY(!rate.take(5ms));
        rate.limited(0);
        const auto fourth = rate.sent(DeliveryRate::InFlight::Nothing, now + 30ms);
        rate.arrived(fourth, now + 30ms, 1000, now + 40ms);
        const auto limited = rate.take(5ms);
        QVERIFY(limited && limited->isLimited);
    }

    void whatWasSentAlongAnotherPathSaysNothingOfItsRate()
    {
        DeliveryRate rate;
        const auto before = rate.sent(DeliveryRate::InFlight::Nothing, kStart);
        rate.restart(kStart + 5ms);
        const auto after = rate.sent(DeliveryRate::InFlight::Something, kStart + 5ms);
        rate.arrived(before, kStart, 100'000, kStart + 10ms);
        QVERIFY(!rate.take(1ms));
        QCOMPARE(rate.delivered(), std::uint64_t{100'000});
        rate.arrived(after, kStart + 5ms, 1000, kStart + 15ms);
        QVERIFY(rate.take(1ms));
    }

    void roundTripsAreSmoothed()
    {
        RttEstimator rtt;
        QVERIFY(rtt.probeInterval() == 250ms);
        rtt.sample(100ms);
        QVERIFY(rtt.smoothed() == 100ms && rtt.probeInterval() == 302ms);
        rtt.sample(20ms);
        QVERIFY(rtt.smoothed() == 90ms && rtt.minimum() == 20ms && rtt.conservative() == 90ms);
        for (int count = 0; count < 100; ++count)
            rtt.sample(1ms);
        QVERIFY(rtt.probeInterval() == 10ms); // never less
    }

    void thePacerLetsBurstsThroughAndThenKeepsTheRate()
    {
        Pacer pacer;
        const Pacer::Rate rate{.bytesPerMicrosecond = 1.25, .segmentBytes = kSegment};
        Instant now = kStart;
        pacer.refill(rate, now);
        std::size_t sent = 0;
        while (pacer.allows(kSegment)) {
            pacer.spend(kSegment);
            ++sent;
        }
        QCOMPARE(sent, std::size_t{32});
        for (int times = 0; times < 100; ++times) {
            const Instant ready = pacer.readyAt(now);
            QVERIFY(ready > now);
            now = ready;
            pacer.refill(rate, now);
            for (; pacer.allows(kSegment); ++sent)
                pacer.spend(kSegment);
        }
        const double seconds = std::chrono::duration<double>(now - kStart).count();
        const double perSecond = static_cast<double>(sent - 32) / seconds;
        QVERIFY2(perSecond > 1200 && perSecond < 1300, qPrintable(QString::number(perSecond)));
    }

    void numbersWrapAndMeanTheNearestOffset()
    {
        const SequenceNumber number(0xfffffff0);
        QCOMPARE(number.at(0), 0xfffffff0U);
        QCOMPARE(number.at(0x20), 0x10U);
        QCOMPARE(number.offsetNear(0x10, 0), std::int64_t{0x20});
        QCOMPARE(number.offsetNear(0xfffffff0, 0x30), std::int64_t{0});
        QCOMPARE(number.offsetNear(0xffffffef, 0), std::int64_t{-1});
        const std::uint64_t far = 5'000'000'000;
        QCOMPARE(number.offsetNear(number.at(far + 1000), far), static_cast<std::int64_t>(far + 1000));
        QCOMPARE(number.offsetNear(number.at(far - 1000), far), static_cast<std::int64_t>(far - 1000));
    }
};

QTEST_GUILESS_MAIN(CongestionControllerTest)
#include "tst_CongestionController.moc"
