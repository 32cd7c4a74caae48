// SPDX-License-Identifier: Apache-2.0
#include "core/base/SeededRandom.h"

#include <QtTest>

#include <array>

using fb::SeededRandom;

class SeededRandomTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void repeatsItselfBySeed();
    void staysBelowItsBound();
    void reachesEveryNumberBelowItsBound();
};

void SeededRandomTest::repeatsItselfBySeed()
{
    SeededRandom first(42);
    SeededRandom second(42);
    SeededRandom other(43);
    int differences = 0;
    for (int draw = 0; draw < 100; ++draw) {
        const auto number = first.next32();
        QCOMPARE(second.next32(), number);
        differences += other.next32() != number ? 1 : 0;
    }
    QVERIFY(differences > 90);
}

void SeededRandomTest::staysBelowItsBound()
{
    SeededRandom random(1);
    for (const std::uint32_t bound : {1U, 2U, 3U, 1000U, 0x80000001U, 0xffffffffU}) {
        for (int draw = 0; draw < 1000; ++draw)
            QVERIFY(random.below(bound) < bound);
    }
}

void SeededRandomTest::reachesEveryNumberBelowItsBound()
{
    SeededRandom random(7);
    std::array<int, 10> counts{};
    for (int draw = 0; draw < 10'000; ++draw)
        ++counts.at(random.below(10));
    for (const int count : counts)
        QVERIFY(count > 800 && count < 1200);
}

QTEST_GUILESS_MAIN(SeededRandomTest)
#include "tst_SeededRandom.moc"
