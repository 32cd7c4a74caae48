// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/MessageQueue.h"
#include "core/runtime/Poller.h"
#include "core/runtime/SystemClock.h"

#include <QtTest>

#include <memory>
#include <vector>

using namespace std::chrono_literals;
using namespace fb::runtime;

class MessageQueueTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isReadableWhileSomethingWaits();
    void refusesAndCountsWhatDoesNotFit();
    void losesNothingBetweenThreads();
};

void MessageQueueTest::isReadableWhileSomethingWaits()
{
    MessageQueue<std::unique_ptr<int>> queue(4);
    Poller poller;
    poller.add(queue.pollDescriptor(), 0, Interest::Read);
    QVERIFY(poller.wait(now()).empty());
    QVERIFY(queue.push(std::make_unique<int>(1)));
    QVERIFY(queue.push(std::make_unique<int>(2)));
    QCOMPARE(poller.wait(now()).size(), 1U);
    QCOMPARE(**queue.pop(), 1);
    QCOMPARE(poller.wait(now()).size(), 1U);
    QCOMPARE(**queue.pop(), 2);
    QVERIFY(poller.wait(now()).empty());
    QVERIFY(!queue.pop());
}

void MessageQueueTest::refusesAndCountsWhatDoesNotFit()
{
    MessageQueue<int> queue(1);
    QVERIFY(queue.push(1));
    QVERIFY(!queue.push(2));
    QCOMPARE(queue.refused(), 1U);
    QCOMPARE(queue.pop(), std::optional(1));
    QVERIFY(queue.push(3));
}

void MessageQueueTest::losesNothingBetweenThreads()
{
    constexpr int kSenders = 3;
    constexpr int kEach = 2000;
    MessageQueue<int> queue(kSenders * kEach);
    std::vector<std::unique_ptr<QThread>> senders;
    for (int sender = 0; sender < kSenders; ++sender) {
        senders.emplace_back(QThread::create([&queue, sender] {
            for (int number = 0; number < kEach; ++number)
                static_cast<void>(queue.push(sender * kEach + number));
        }));
        senders.back()->start();
    }
    Poller poller;
    poller.add(queue.pollDescriptor(), 0, Interest::Read);
    std::vector<int> next(kSenders, 0);
    for (int received = 0; received < kSenders * kEach;) {
        QVERIFY(!poller.wait(now() + 60s).empty());
        while (const auto value = queue.pop()) {
            const auto sender = static_cast<std::size_t>(*value / kEach);
            QCOMPARE(*value % kEach, next[sender]++); // each sender's own order is kept
            ++received;
        }
    }
    for (const auto& sender : senders)
        QVERIFY(sender->wait());
    QCOMPARE(queue.refused(), 0U);
    QVERIFY(poller.wait(now()).empty());
}

QTEST_GUILESS_MAIN(MessageQueueTest)
#include "tst_MessageQueue.moc"
