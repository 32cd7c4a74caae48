// SPDX-License-Identifier: Apache-2.0
#include "core/base/BoundedQueue.h"

#include <QtTest>

#include <memory>

using fb::BoundedQueue;

class BoundedQueueTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOrder();
    void refusesAndCountsWhatDoesNotFit();
    void takesAgainAfterAPop();
    void keepsTheOrderRoundAndRound();
    void holdsWhatCannotBeCopied();
};

void BoundedQueueTest::keepsTheOrder()
{
    BoundedQueue<int> queue(3);
    QVERIFY(queue.empty());
    QVERIFY(queue.push(1) && queue.push(2) && queue.push(3));
    QCOMPARE(queue.size(), 3U);
    QCOMPARE(queue.pop(), std::optional(1));
    QCOMPARE(queue.pop(), std::optional(2));
    QCOMPARE(queue.pop(), std::optional(3));
    QVERIFY(!queue.pop());
}

void BoundedQueueTest::refusesAndCountsWhatDoesNotFit()
{
    BoundedQueue<int> queue(2);
    QVERIFY(queue.push(1) && queue.push(2));
    QVERIFY(queue.full());
    QVERIFY(!queue.push(3));
    QVERIFY(!queue.push(4));
    QCOMPARE(queue.refused(), 2U);
    QCOMPARE(queue.size(), queue.limit());
    QCOMPARE(queue.pop(), std::optional(1));
    QCOMPARE(queue.pop(), std::optional(2));
    QVERIFY(queue.empty());
}

void BoundedQueueTest::takesAgainAfterAPop()
{
    BoundedQueue<int> queue(1);
    QVERIFY(queue.push(1));
    QVERIFY(!queue.push(2));
    QCOMPARE(queue.pop(), std::optional(1));
    QVERIFY(queue.push(3));
    QCOMPARE(queue.pop(), std::optional(3));
}

void BoundedQueueTest::keepsTheOrderRoundAndRound()
{
    BoundedQueue<int> queue(100);
    int pushed = 0;
    int popped = 0;
    // Three in, two out: it grows while its first value lies anywhere.
    while (!queue.full()) {
        for (int i = 0; i < 3 && !queue.full(); ++i)
            QVERIFY(queue.push(pushed++));
        for (int i = 0; i < 2 && !queue.full(); ++i)
            QCOMPARE(queue.pop(), std::optional(popped++));
    }
    for (std::size_t index = 0; index < queue.size(); ++index)
        QCOMPARE(queue[index], popped + static_cast<int>(index));
    while (!queue.empty())
        QCOMPARE(queue.pop(), std::optional(popped++));
    QCOMPARE(popped, pushed);
}

void BoundedQueueTest::holdsWhatCannotBeCopied()
{
    BoundedQueue<std::unique_ptr<int>> queue(1);
    QVERIFY(queue.push(std::make_unique<int>(5)));
    const auto value = queue.pop();
    QCOMPARE(**value, 5);
}

QTEST_GUILESS_MAIN(BoundedQueueTest)
#include "tst_BoundedQueue.moc"
