// SPDX-License-Identifier: Apache-2.0
// What probes tell of a path: the share of the last 64 that was lost, when a path is called lossy, the smoothed round
// trip.
#include "core/overlay/PathQuality.h"

#include <QtTest>

using namespace fb;
using namespace fb::overlay;
using namespace std::chrono_literals;

namespace {

/// So many probes that were lost, then so many that were answered.
void feed(QualityMeter& meter, int lost, int answered)
{
    for (int probe = 0; probe < lost; ++probe)
        meter.lost();
    for (int probe = 0; probe < answered; ++probe)
        meter.answered(10ms);
}

} // namespace

class tst_PathQuality : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsNothingAtFirst()
    {
        const QualityMeter meter;
        QVERIFY(meter.quality() == PathQuality{});
        QVERIFY(!meter.rtt());
        QVERIFY(!meter.isProvenClean());
        QVERIFY(!meter.isHeavilyLossy());
    }

    void smoothsTheRoundTripByAnEighth()
    {
        QualityMeter meter;
        meter.answered(80ms);
        QVERIFY(meter.rtt() == 80ms);
        meter.answered(160ms);
        QVERIFY(meter.rtt() == 90ms);
        meter.answered(10ms);
        QVERIFY(meter.rtt() == 80ms);
        meter.lost();
        QVERIFY(meter.quality().rtt == 80ms);
        for (int probe = 0; probe < 200; ++probe)
            meter.answered(20ms);
        QVERIFY(*meter.rtt() >= 20ms && *meter.rtt() < 20100us);
    }

    void countsTheShareOfWhatWasProbed()
    {
        QualityMeter meter;
        feed(meter, 1, 0);
        QCOMPARE(meter.quality().lossPermille, 1000U);
        QCOMPARE(meter.quality().samples, 1U);
        feed(meter, 0, 7);
        QCOMPARE(meter.quality().lossPermille, 125U);
        QCOMPARE(meter.quality().samples, 8U);
    }

    void forgetsAProbeAfterSixtyFourMore()
    {
        QualityMeter meter;
        feed(meter, 1, QualityMeter::kWindow - 1);
        QCOMPARE(meter.quality().lossPermille, 1000U / QualityMeter::kWindow);
        QCOMPARE(meter.quality().samples, QualityMeter::kWindow);
        feed(meter, 0, 1);
        QCOMPARE(meter.quality().lossPermille, 0U);
        QCOMPARE(meter.quality().samples, QualityMeter::kWindow);
    }

    void judgesNothingByLessThanTwentyProbes()
    {
        QualityMeter lossy;
        feed(lossy, 19, 0);
        QVERIFY(!lossy.quality().isLossy);
        QVERIFY(!lossy.isHeavilyLossy());
        feed(lossy, 1, 0);
        QVERIFY(lossy.quality().isLossy);
        QVERIFY(lossy.isHeavilyLossy());

        QualityMeter clean;
        feed(clean, 0, 19);
        QVERIFY(!clean.isProvenClean());
        feed(clean, 0, 1);
        QVERIFY(clean.isProvenClean());
    }

    void oneInTwentyIsLossy()
    {
        QualityMeter meter;
        feed(meter, 1, 19); // 50 permille
        QVERIFY(meter.quality().isLossy);
        QVERIFY(!meter.isProvenClean());
        QVERIFY(!meter.isHeavilyLossy());

        QualityMeter better;
        feed(better, 0, 20);
        feed(better, 1, 0); // 47 permille
        QVERIFY(!better.quality().isLossy);
        QVERIFY(better.isProvenClean());
    }

    // Between one in fifty and one in twenty the flag stays as it is.
    void theFlagDoesNotFlicker()
    {
        QualityMeter meter;
        feed(meter, 2, 38);
        QCOMPARE(meter.quality().lossPermille, 50U);
        QVERIFY(meter.quality().isLossy);
        feed(meter, 0, 24); // 2 of 64: 31 permille
        QVERIFY(meter.quality().isLossy);
        feed(meter, 0, 1); // 1 of 64: 15 permille
        QVERIFY(!meter.quality().isLossy);
        QVERIFY(meter.isProvenClean());
        feed(meter, 2, 0); // 2 of 64 again, the one before has left the window
        QCOMPARE(meter.quality().lossPermille, 31U);
        QVERIFY(!meter.quality().isLossy);
        feed(meter, 2, 0);
        QVERIFY(meter.quality().isLossy);
    }

    void fifteenInAHundredIsHeavy()
    {
        QualityMeter meter;
        feed(meter, 3, 17);
        QVERIFY(meter.isHeavilyLossy());
        feed(meter, 0, 1); // 142 permille
        QVERIFY(!meter.isHeavilyLossy());
        QVERIFY(meter.quality().isLossy);
    }

    void aPathThatWasDeadBeginsAnewButKeepsItsRoundTrip()
    {
        QualityMeter meter;
        feed(meter, 30, 10);
        meter.forgetLoss();
        QVERIFY(meter.quality() == (PathQuality{.rtt = 10ms, .lossPermille = 0, .samples = 0, .isLossy = false}));
        QVERIFY(!meter.isProvenClean());
        feed(meter, 0, 20);
        QVERIFY(meter.isProvenClean());
        QCOMPARE(meter.quality().samples, 20U);
    }
};

QTEST_GUILESS_MAIN(tst_PathQuality)
#include "tst_PathQuality.moc"
