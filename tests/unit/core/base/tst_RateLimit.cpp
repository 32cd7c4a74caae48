// SPDX-License-Identifier: Apache-2.0
#include "core/base/RateLimit.h"

#include <QtTest>

using namespace std::chrono_literals;
using fb::Instant;
using fb::RateLimit;

namespace {

constexpr Instant kStart{1h};

int takenAtOnce(RateLimit& limit, Instant now)
{
    int taken = 0;
    while (limit.take(now))
        ++taken;
    return taken;
}

} // namespace

class RateLimitTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesABurstAtOnce();
    void takesOneMoreEachInterval();
    void savesNoMoreThanTheBurst();
    void aRefusalCostsNothing();
};

void RateLimitTest::takesABurstAtOnce()
{
    RateLimit limit({.perSecond = 200, .burst = 64});
    QCOMPARE(takenAtOnce(limit, kStart), 64);
    RateLimit single({.perSecond = 1, .burst = 1});
    QCOMPARE(takenAtOnce(single, Instant{}), 1);
}

void RateLimitTest::takesOneMoreEachInterval()
{
    RateLimit limit({.perSecond = 200, .burst = 64});
    std::ignore = takenAtOnce(limit, kStart);
    QVERIFY(!limit.take(kStart + 5ms - 1us));
    QVERIFY(limit.take(kStart + 5ms));
    QVERIFY(!limit.take(kStart + 10ms - 1us));
    QCOMPARE(takenAtOnce(limit, kStart + 20ms), 3);
}

void RateLimitTest::savesNoMoreThanTheBurst()
{
    RateLimit limit({.perSecond = 1000, .burst = 3});
    std::ignore = takenAtOnce(limit, kStart);
    QCOMPARE(takenAtOnce(limit, kStart + 24h), 3);
}

void RateLimitTest::aRefusalCostsNothing()
{
    RateLimit limit({.perSecond = 10, .burst = 1});
    QVERIFY(limit.take(kStart));
    for (int i = 0; i < 1000; ++i)
        QVERIFY(!limit.take(kStart + 1ms));
    QVERIFY(limit.take(kStart + 100ms));
}

QTEST_APPLESS_MAIN(RateLimitTest)
#include "tst_RateLimit.moc"
