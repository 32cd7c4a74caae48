// SPDX-License-Identifier: Apache-2.0
#include "core/base/TimerTable.h"

#include <QtTest>

using namespace std::chrono_literals;
using fb::Instant;
using fb::TimerTable;

namespace {

enum class Timer { Ask, Expire, Count };

constexpr Instant kStart{1h};

} // namespace

class TimerTableTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasNoDeadlineAtFirst();
    void tellsTheNearestDeadline();
    void isDueFromItsInstantOn();
    void isTakenOnce();
    void canBeSetAnew();
    void canBeStopped();
};

void TimerTableTest::hasNoDeadlineAtFirst()
{
    TimerTable<Timer> timers;
    QVERIFY(!timers.nextDeadline());
    QVERIFY(!timers.isRunning(Timer::Ask));
    QVERIFY(!timers.takeIfDue(Timer::Ask, kStart));
}

void TimerTableTest::tellsTheNearestDeadline()
{
    TimerTable<Timer> timers;
    timers.set(Timer::Ask, kStart + 5s);
    timers.set(Timer::Expire, kStart + 3s);
    QCOMPARE(*timers.nextDeadline(), kStart + 3s);
    QVERIFY(timers.takeIfDue(Timer::Expire, kStart + 3s));
    QCOMPARE(*timers.nextDeadline(), kStart + 5s);
}

void TimerTableTest::isDueFromItsInstantOn()
{
    TimerTable<Timer> timers;
    timers.set(Timer::Ask, kStart + 1s);
    QVERIFY(!timers.takeIfDue(Timer::Ask, kStart + 1s - 1us));
    QVERIFY(timers.isRunning(Timer::Ask));
    QVERIFY(timers.takeIfDue(Timer::Ask, kStart + 1s));
}

void TimerTableTest::isTakenOnce()
{
    TimerTable<Timer> timers;
    timers.set(Timer::Ask, kStart);
    QVERIFY(timers.takeIfDue(Timer::Ask, kStart + 1s));
    QVERIFY(!timers.takeIfDue(Timer::Ask, kStart + 1s));
    QVERIFY(!timers.nextDeadline());
}

void TimerTableTest::canBeSetAnew()
{
    TimerTable<Timer> timers;
    timers.set(Timer::Ask, kStart + 1s);
    timers.set(Timer::Ask, kStart + 9s);
    QVERIFY(!timers.takeIfDue(Timer::Ask, kStart + 8s));
    QCOMPARE(*timers.nextDeadline(), kStart + 9s);
}

void TimerTableTest::canBeStopped()
{
    TimerTable<Timer> timers;
    timers.set(Timer::Ask, kStart);
    timers.stop(Timer::Ask);
    QVERIFY(!timers.takeIfDue(Timer::Ask, kStart + 1s));
    QVERIFY(!timers.nextDeadline());
}

QTEST_GUILESS_MAIN(TimerTableTest)
#include "tst_TimerTable.moc"
