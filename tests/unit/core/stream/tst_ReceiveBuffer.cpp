// SPDX-License-Identifier: Apache-2.0
#include "core/base/SeededRandom.h"
#include "core/stream/ReceiveBuffer.h"

#include <QTest>

#include <algorithm>
#include <array>

using fb::stream::Range;
using fb::stream::ReceiveBuffer;
using Outcome = fb::stream::ReceiveBuffer::Outcome;

namespace {

fb::ByteVector pattern(std::uint64_t begin, std::size_t count)
{
    fb::ByteVector bytes(count);
    for (std::size_t at = 0; at < count; ++at)
        bytes[at] = static_cast<std::uint8_t>((begin + at) * 37U);
    return bytes;
}

fb::ByteVector readAll(ReceiveBuffer& buffer)
{
    fb::ByteVector bytes(buffer.readable());
    bytes.resize(buffer.read(bytes));
    return bytes;
}

} // namespace

class ReceiveBufferTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesBytesOnlyInOrder()
    {
        ReceiveBuffer buffer(1000);
        QVERIFY(buffer.insert(10, pattern(10, 10)) == Outcome::OutOfOrder);
        QCOMPARE(buffer.readable(), std::size_t{0});
        QVERIFY(buffer.insert(0, pattern(0, 10)) == Outcome::InOrder);
        QCOMPARE(readAll(buffer), pattern(0, 20));
        QVERIFY(buffer.ranges().empty());
    }

    void overlapsAndRepeatsAreHarmless()
    {
        ReceiveBuffer buffer(1000);
        QVERIFY(buffer.insert(0, pattern(0, 10)) == Outcome::InOrder);
        QVERIFY(buffer.insert(0, pattern(0, 10)) == Outcome::Repeated);
        QVERIFY(buffer.insert(5, pattern(5, 20)) == Outcome::InOrder);
        QVERIFY(buffer.insert(30, pattern(30, 10)) == Outcome::OutOfOrder);
        QVERIFY(buffer.insert(28, pattern(28, 5)) == Outcome::OutOfOrder);
        QVERIFY(buffer.insert(20, pattern(20, 30)) == Outcome::InOrder);
        QCOMPARE(readAll(buffer), pattern(0, 50));
    }

    void keepsNothingBeyondItsWindow()
    {
        ReceiveBuffer buffer(100);
        QVERIFY(buffer.insert(50, pattern(50, 51)) == Outcome::OutsideWindow);
        QVERIFY(buffer.insert(0, pattern(0, 100)) == Outcome::InOrder);
        QVERIFY(buffer.insert(100, pattern(100, 1)) == Outcome::OutsideWindow);
        QCOMPARE(readAll(buffer).size(), std::size_t{100});
        QCOMPARE(buffer.windowEnd(), std::uint64_t{200});
        QVERIFY(buffer.insert(100, pattern(100, 100)) == Outcome::InOrder);
    }

    void boundsTheNumberOfHoles()
    {
        ReceiveBuffer buffer(100000);
        for (std::uint64_t index = 0; index < ReceiveBuffer::kRangesMax; ++index)
            QVERIFY(buffer.insert(10 + index * 10, pattern(10 + index * 10, 5)) == Outcome::OutOfOrder);
        QVERIFY(buffer.insert(50000, pattern(50000, 5)) == Outcome::TooManyRanges);
        QVERIFY(buffer.insertClose(60000) == Outcome::TooManyRanges);
        QVERIFY(buffer.insert(15, pattern(15, 5)) == Outcome::OutOfOrder); // makes one hole less
        QVERIFY(buffer.insert(50000, pattern(50000, 5)) == Outcome::OutOfOrder);
    }

    void theCloseWaitsForTheBytesBeforeIt()
    {
        ReceiveBuffer buffer(1000);
        QVERIFY(buffer.insertClose(20) == Outcome::OutOfOrder);
        QVERIFY(buffer.insert(0, pattern(0, 10)) == Outcome::InOrder);
        QVERIFY(!buffer.isComplete());
        QVERIFY(buffer.insert(10, pattern(10, 10)) == Outcome::InOrder);
        QVERIFY(buffer.isComplete());
        QCOMPARE(buffer.next(), std::uint64_t{21});
        QCOMPARE(readAll(buffer), pattern(0, 20));
    }

    void aSecondDifferentEndIsAContradiction()
    {
        ReceiveBuffer buffer(1000);
        QVERIFY(buffer.insert(0, pattern(0, 10)) == Outcome::InOrder);
        QVERIFY(buffer.insertClose(5) == Outcome::Contradiction);
        QVERIFY(buffer.insertClose(10) == Outcome::InOrder);
        QVERIFY(buffer.insertClose(10) == Outcome::Repeated);
        QVERIFY(buffer.insertClose(11) == Outcome::Contradiction);
        QVERIFY(buffer.insert(10, pattern(10, 5)) == Outcome::Contradiction);
    }

    void ownsNoMemoryWhenNothingIsKept()
    {
        ReceiveBuffer buffer(1U << 20U);
        QVERIFY(buffer.insert(0, pattern(0, 5000)) == Outcome::InOrder);
        QCOMPARE(readAll(buffer), pattern(0, 5000));
        buffer.releaseIfEmpty();
        QVERIFY(buffer.insert(5000, pattern(5000, 5000)) == Outcome::InOrder);
        QCOMPARE(readAll(buffer), pattern(5000, 5000));
    }

    void randomSegmentsAddUp()
    {
        fb::SeededRandom random(7);
        for (int round = 0; round < 50; ++round) {
            ReceiveBuffer buffer(700);
            fb::ByteVector read;
            while (read.size() < 20000) {
                const std::uint64_t begin =
                    buffer.next() - std::min<std::uint64_t>(buffer.next(), random.below(50)) + random.below(300);
                (void)buffer.insert(begin, pattern(begin, 1 + random.below(120)));
                if (random.below(3) == 0) {
                    const auto more = readAll(buffer);
                    read.insert(read.end(), more.begin(), more.end());
                }
            }
            QCOMPARE(read, pattern(0, read.size()));
        }
    }
};

QTEST_GUILESS_MAIN(ReceiveBufferTest)
#include "tst_ReceiveBuffer.moc"
