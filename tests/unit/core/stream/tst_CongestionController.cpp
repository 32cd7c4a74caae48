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

CongestionController::Acknowledged ackOf(std::size_t bytes, std::uint64_t upTo, fb::Duration rtt)
{
    return {.bytes = bytes,
            .upTo = upTo,
            .sentUpTo = upTo + 10 * bytes,
            .rtt = rtt,
            .smoothedRtt = rtt,
            .wasWindowLimited = true};
}

} // namespace

class CongestionControllerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void slowStartDoublesAndALossCutsToSeventyPercent()
    {
        CongestionController control(kSegment, 1000 * kSegment);
        QCOMPARE(control.window(), 10 * kSegment);
        control.acknowledged(ackOf(10 * kSegment, 10 * kSegment, 20ms), kStart);
        QCOMPARE(control.window(), 20 * kSegment);
        control.lost(kStart, kStart + 20ms);
        QCOMPARE(control.window(), 14 * kSegment);
        control.lost(kStart + 1ms, kStart + 21ms); // sent before the reduction: the same event
        QCOMPARE(control.window(), 14 * kSegment);
        control.lost(kStart + 21ms, kStart + 40ms);
        QVERIFY(control.window() < 10 * kSegment);
    }

    void aGrowingRoundTripEndsSlowStart()
    {
        CongestionController control(kSegment, 10000 * kSegment);
        std::uint64_t upTo = 0;
        const auto round = [&](fb::Duration rtt) {
            for (int count = 0; count < 10; ++count)
                control.acknowledged(ackOf(kSegment, upTo += kSegment, rtt), kStart);
        };
        round(20ms);
        round(20ms);
        QVERIFY(control.isInSlowStart());
        round(30ms);
        round(30ms);
        QVERIFY(!control.isInSlowStart());
    }

    void windowsThatAreNotUsedDoNotGrow()
    {
        CongestionController control(kSegment, 1000 * kSegment);
        auto acknowledged = ackOf(kSegment, kSegment, 20ms);
        acknowledged.wasWindowLimited = false;
        control.acknowledged(acknowledged, kStart);
        QCOMPARE(control.window(), 10 * kSegment);
    }

    void cubicComesBackToItsOldWindowAndGoesOn()
    {
        CongestionController control(kSegment, 10000 * kSegment);
        std::uint64_t upTo = 0;
        for (int count = 0; count < 190; ++count)
            control.acknowledged(ackOf(kSegment, upTo += kSegment, 50ms), kStart);
        const std::size_t before = control.window();
        control.lost(kStart, kStart);
        Instant now = kStart;
        std::size_t smallest = before;
        while (now < kStart + 20s && control.window() <= before) {
            now += 50ms;
            for (std::size_t acked = 0; acked < control.window(); acked += kSegment)
                control.acknowledged(ackOf(kSegment, upTo += kSegment, 50ms), now);
            smallest = std::min(smallest, control.window());
        }
        QVERIFY(smallest < before * 3 / 4 + kSegment);
        // K of RFC 9438: the cube root of 0.3 * 200 / 0.4, a little over five seconds.
        QVERIFY2(now - kStart > 4s && now - kStart < 7s, qPrintable(QString::number((now - kStart).count())));
    }

    void persistentCongestionLeavesTwoSegments()
    {
        CongestionController control(kSegment, 1000 * kSegment);
        control.persistentCongestion();
        QCOMPARE(control.window(), 2 * kSegment);
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
        const Pacer::Rate rate{.windowBytes = 100 * kSegment, .rtt = 100ms, .segmentBytes = kSegment, .gain = 1.25};
        Instant now = kStart;
        pacer.refill(rate, now);
        std::size_t sent = 0;
        while (pacer.allows(kSegment)) {
            pacer.spend(kSegment);
            ++sent;
        }
        QCOMPARE(sent, std::size_t{16});
        for (int times = 0; times < 100; ++times) {
            const Instant ready = pacer.readyAt(now);
            QVERIFY(ready > now);
            now = ready;
            pacer.refill(rate, now);
            for (; pacer.allows(kSegment); ++sent)
                pacer.spend(kSegment);
        }
        const double seconds = std::chrono::duration<double>(now - kStart).count();
        const double perSecond = static_cast<double>(sent - 16) / seconds;
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
