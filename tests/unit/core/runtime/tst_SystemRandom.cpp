// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/SystemRandom.h"

#include <QtTest>

#include <set>

using fb::runtime::SystemRandom;

class SystemRandomTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void neverRepeatsItsPool();
};

// A pool that is not refilled repeats after 64 numbers. Among 1000 honest ones even three repetitions come up less than
// once in 10^12 runs.
void SystemRandomTest::neverRepeatsItsPool()
{
    SystemRandom first;
    SystemRandom second;
    std::set<std::uint32_t> numbers;
    for (int draw = 0; draw < 500; ++draw) {
        numbers.insert(first.next32());
        numbers.insert(second.next32());
    }
    QVERIFY(numbers.size() > 997);
}

QTEST_GUILESS_MAIN(SystemRandomTest)
#include "tst_SystemRandom.moc"
