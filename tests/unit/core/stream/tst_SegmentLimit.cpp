// SPDX-License-Identifier: Apache-2.0
#include "core/stream/SegmentLimit.h"

#include <QTest>

#include <chrono>

using namespace fb::stream;
using fb::Instant;
using namespace std::chrono_literals;
using Change = SegmentLimit::Change;

namespace {

constexpr std::size_t kPath = 1422;
constexpr std::size_t kStep1280 = segmentBytesFor(1280);
constexpr unsigned kRounds = 5; ///< that make a black hole

struct Fixture {
    SegmentLimit limit{kPath};
    Instant now{100s};

    /// A long segment is sent and lost, a short one sent later arrives.
    Change loseRound()
    {
        limit.lost({.longAt = now, .shortAt = {}, .longest = limit.bytes()});
        limit.arrived({.longAt = {}, .shortAt = now + 1ms, .longest = 64});
        now += 50ms;
        return limit.judge(now);
    }
    void fall()
    {
        for (unsigned round = 1; round < kRounds; ++round)
            QVERIFY(loseRound() == Change::None);
        QVERIFY(loseRound() == Change::Fell);
    }
    /// The next moment at which a longer segment is worth it.
    [[nodiscard]] fb::Duration untilTrial()
    {
        fb::Duration waited{};
        for (; !limit.trialBytes(now); now += 1s)
            waited += 1s;
        return waited;
    }
};

} // namespace

class SegmentLimitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fallsStepByStepToTheSafestLength()
    {
        Fixture fixture;
        QCOMPARE(fixture.limit.bytes(), kPath);
        QCOMPARE(fixture.limit.shortBytes(), kStep1280);
        fixture.fall();
        QCOMPARE(fixture.limit.bytes(), kStep1280);
        fixture.fall();
        QCOMPARE(fixture.limit.bytes(), kSegmentBytesSafest);
        QVERIFY(fixture.limit.shortBytes() > 1'000'000); // there is no further fall
    }

    void aJumboPathFallsToEthernetFirst()
    {
        Fixture fixture;
        fixture.limit = SegmentLimit(8900);
        fixture.fall();
        QCOMPARE(fixture.limit.bytes(), segmentBytesFor(1500));
    }

    void oneLongArrivalTakesAllSuspicionAway()
    {
        Fixture fixture;
        for (unsigned round = 1; round < kRounds; ++round)
            QVERIFY(fixture.loseRound() == Change::None);
        QVERIFY(fixture.limit.isSuspected());
        fixture.limit.arrived({.longAt = fixture.now, .shortAt = {}, .longest = kPath});
        QVERIFY(fixture.limit.judge(fixture.now) == Change::None);
        QVERIFY(!fixture.limit.isSuspected());
        fixture.fall(); // it takes all rounds again
    }

    void thePiecesOfALostSegmentAreNoProofForIt()
    {
        Fixture fixture;
        for (unsigned round = 1; round < kRounds; ++round) {
            QVERIFY(fixture.loseRound() == Change::None);
            fixture.limit.arrived({.longAt = fixture.now, .shortAt = {}, .longest = kPath - 64});
        }
        QVERIFY(fixture.loseRound() == Change::Fell);
    }

    void lostTrialsAreNoBlackHole()
    {
        Fixture fixture;
        fixture.fall();
        for (unsigned round = 0; round < 3 * kRounds; ++round) {
            fixture.limit.lost({.longAt = fixture.now, .shortAt = {}, .longest = kPath});
            fixture.limit.arrived({.longAt = {}, .shortAt = fixture.now + 1ms, .longest = 64});
            fixture.now += 50ms;
            QVERIFY(fixture.limit.judge(fixture.now) == Change::None);
        }
    }

    void aShortArrivalOfBeforeProvesNothing()
    {
        Fixture fixture;
        fixture.limit.arrived({.longAt = {}, .shortAt = fixture.now, .longest = 64});
        fixture.limit.lost({.longAt = fixture.now + 1ms, .shortAt = {}, .longest = kPath});
        QVERIFY(fixture.limit.judge(fixture.now + 10ms) == Change::None);
        QVERIFY(!fixture.limit.isSuspected()); // an outage looks like that
        fixture.limit.arrived({.longAt = {}, .shortAt = fixture.now + 2ms, .longest = 64});
        QVERIFY(fixture.limit.judge(fixture.now + 10ms) == Change::None);
        QVERIFY(fixture.limit.isSuspected());
    }

    void whatWasSentBeforeARoundWasJudgedIsNoRoundOfItsOwn()
    {
        Fixture fixture;
        const Instant sent = fixture.now;
        for (unsigned round = 0; round < 3 * kRounds; ++round) {
            fixture.limit.lost({.longAt = sent, .shortAt = {}, .longest = kPath});
            fixture.now += 1ms;
            fixture.limit.arrived({.longAt = {}, .shortAt = fixture.now, .longest = 64});
            QVERIFY(fixture.limit.judge(fixture.now) == Change::None);
        }
    }

    void triesLongerSegmentsEverLessOften()
    {
        Fixture fixture;
        QVERIFY(!fixture.limit.trialBytes(fixture.now + 1h)); // nothing to gain
        fixture.fall();
        fb::Duration longest{};
        for (const auto expected : {10s, 20s, 40s, 80s, 160s, 320s, 600s, 600s}) {
            longest = fixture.untilTrial();
            QVERIFY2(longest >= expected - 1s && longest <= expected + 1s,
                     qPrintable(QString::number(longest.count())));
            for (int trial = 1; trial <= 3; ++trial) {
                QVERIFY(fixture.limit.trialBytes(fixture.now) == kPath);
                fixture.limit.trialSent(fixture.now);
                QVERIFY(!fixture.limit.trialBytes(fixture.now));
                fixture.now += 1s;
            }
        }
    }

    void risesTheStepsThatItFell()
    {
        Fixture fixture;
        fixture.fall();
        fixture.fall();
        (void)fixture.untilTrial();
        for (const std::size_t step : {kStep1280, kPath}) {
            QVERIFY(fixture.limit.trialBytes(fixture.now) == step);
            fixture.limit.trialSent(fixture.now);
            fixture.limit.arrived({.longAt = fixture.now, .shortAt = {}, .longest = step});
            QVERIFY(fixture.limit.judge(fixture.now) == Change::Rose);
            QCOMPARE(fixture.limit.bytes(), step);
        }
        QVERIFY(!fixture.limit.trialBytes(fixture.now + 1h));
    }

    void aPathThatFallsAgainAndAgainWaitsLonger()
    {
        Fixture fixture;
        fb::Duration before{};
        for (int falls = 0; falls < 5; ++falls) {
            fixture.fall();
            const fb::Duration waited = fixture.untilTrial();
            QVERIFY(waited > before);
            before = waited;
            fixture.limit.arrived({.longAt = fixture.now, .shortAt = {}, .longest = kPath});
            QVERIFY(fixture.limit.judge(fixture.now) == Change::Rose);
        }
    }
};

QTEST_GUILESS_MAIN(SegmentLimitTest)
#include "tst_SegmentLimit.moc"
