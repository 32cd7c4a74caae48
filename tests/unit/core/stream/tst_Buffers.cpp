// SPDX-License-Identifier: Apache-2.0
// How far the buffers of streams grow: each has a little, all share one budget, and who is idle gives back.
#include "core/stream/BufferBudget.h"
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <array>
#include <chrono>
#include <limits>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kClient = LossyPipe::kClient;
constexpr std::size_t kServer = LossyPipe::kServer;
constexpr std::size_t kMany = 32U << 20U; ///< more than any buffer takes

PipeConfig withBudget(std::size_t bytes)
{
    PipeConfig config;
    config.streams.bufferBytesTotal = bytes;
    return config;
}

std::size_t write(LossyPipe& pipe, StreamId stream, std::size_t bytes)
{
    const std::size_t taken = pipe.engine(kClient).write(stream, fb::ByteVector(bytes, 'b'), pipe.now());
    pipe.drain();
    return taken;
}

std::uint64_t receivedBy(LossyPipe& pipe, std::size_t end)
{
    return pipe.engine(end).status(pipe.now()).front().bytesReceived;
}

} // namespace

class BuffersTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBudgetLendsWhatItHas()
    {
        BufferBudget budget(100);
        QVERIFY(budget.take(60));
        QVERIFY(!budget.take(41));
        QVERIFY(!budget.take(std::numeric_limits<std::size_t>::max()));
        QCOMPARE(budget.taken(), std::size_t{60});
        QVERIFY(budget.take(40));
        QVERIFY(!budget.take(1));
        budget.give(30);
        QCOMPARE(budget.taken(), std::size_t{70});
        QVERIFY(budget.take(30));
        budget.give(100);
        QVERIFY(budget.take(100));
    }

    void theLimitsAreThoseThatAreDocumented()
    {
        const Config config;
        QCOMPARE(kBufferBytesMin, std::size_t{64 * 1024});
        QCOMPARE(config.sendBufferBytes, std::size_t{16 * 1024 * 1024});
        QCOMPARE(config.receiveBufferBytes, std::size_t{16 * 1024 * 1024});
        QCOMPARE(config.bufferBytesTotal, std::size_t{64 * 1024 * 1024});
    }

    void whatAStreamHasOfItsOwnIsNotOfTheBudget()
    {
        LossyPipe pipe(1, withBudget(0));
        const auto pair = pipe.open();
        pipe.cut();
        QCOMPARE(write(pipe, pair.client, kMany), kBufferBytesMin);
        QVERIFY(pipe.counter(kClient, "buffers-limit-reached") > 0);
    }

    void aSmallLimitIsNotExceededByTheFirstBuffer()
    {
        PipeConfig config;
        config.streams.sendBufferBytes = 1000;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        pipe.cut();
        QCOMPARE(write(pipe, pair.client, kMany), std::size_t{1000});
        QCOMPARE(pipe.counter(kClient, "buffers-limit-reached"), std::uint64_t{0});
    }

    void nothingUnderWayMakesNoLargeBuffer()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        pipe.cut();
        QCOMPARE(write(pipe, pair.client, kMany), std::size_t{1U << 20U});
        QCOMPARE(pipe.counter(kClient, "buffers-limit-reached"), std::uint64_t{0});
    }

    void theSendBufferGrowsToItsLimitOnALongFastPath()
    {
        PipeConfig config;
        config.delay = 100ms;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        std::size_t written = 0;
        (void)pipe.runUntil(
            [&] {
                written += write(pipe, pair.client, 256 * 1024);
                (void)pipe.readAll(kServer, pair.server);
                return false;
            },
            6s);
        pipe.cut();
        written += write(pipe, pair.client, kMany);
        // What is acknowledged may lag behind what has arrived, by what was under way when the path was cut.
        const std::size_t held = written - receivedBy(pipe, kServer);
        const std::size_t limit = config.streams.sendBufferBytes;
        QVERIFY2(held <= limit && held > limit / 4, qPrintable(QString::number(held)));
    }

    void theReceiveBufferStaysSmallForWhoDoesNotRead()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        (void)write(pipe, pair.client, 1U << 20U);
        pipe.runFor(5s);
        QCOMPARE(receivedBy(pipe, kServer), std::uint64_t{kBufferBytesMin});
    }

    void theReceiveBufferDoublesWithWhatIsReadUpToItsLimit()
    {
        PipeConfig config;
        config.streams.receiveBufferBytes = 512 * 1024;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        std::size_t read = 0;
        (void)pipe.runUntil(
            [&] {
                (void)write(pipe, pair.client, 256 * 1024);
                read += pipe.readAll(kServer, pair.server).size();
                return read >= (8U << 20U);
            },
            20s);
        (void)pipe.runUntil(
            [&] {
                (void)write(pipe, pair.client, 256 * 1024);
                return false;
            },
            5s);
        QCOMPARE(receivedBy(pipe, kServer) - read, std::uint64_t{512 * 1024});
        QCOMPARE(pipe.counter(kServer, "bytes-outside-window"), std::uint64_t{0});
    }

    void theBudgetIsForAllStreamsTogether()
    {
        LossyPipe pipe(1, withBudget(100'000));
        const auto first = pipe.open();
        const auto second = pipe.open();
        pipe.cut();
        QCOMPARE(write(pipe, first.client, kMany), 2 * kBufferBytesMin);
        const auto refused = pipe.counter(kClient, "buffers-limit-reached");
        QVERIFY(refused > 0);
        QCOMPARE(write(pipe, second.client, kMany), kBufferBytesMin);
        QVERIFY(pipe.counter(kClient, "buffers-limit-reached") > refused);
    }

    void whoEndsGivesBack()
    {
        LossyPipe pipe(1, withBudget(kBufferBytesMin));
        const auto first = pipe.open();
        const auto second = pipe.open();
        pipe.cut();
        QCOMPARE(write(pipe, first.client, kMany), 2 * kBufferBytesMin);
        QCOMPARE(write(pipe, second.client, kMany), kBufferBytesMin);
        pipe.engine(kClient).abort(first.client, pipe.now());
        pipe.drain();
        QCOMPARE(write(pipe, second.client, kMany), kBufferBytesMin);
    }

    void whoIsIdleGivesBack()
    {
        PipeConfig config = withBudget(kBufferBytesMin);
        config.streams.receiveBufferBytes = kBufferBytesMin; // only send buffers borrow
        LossyPipe pipe(1, config);
        const auto first = pipe.open();
        const auto second = pipe.open();
        QCOMPARE(write(pipe, first.client, 2 * kBufferBytesMin), 2 * kBufferBytesMin);
        std::size_t read = 0;
        QVERIFY(pipe.runUntil(
            [&] { return (read += pipe.readAll(kServer, first.server).size()) == 2 * kBufferBytesMin; }, 10s));
        pipe.runFor(30s);
        pipe.cut();
        QCOMPARE(write(pipe, second.client, kMany), 2 * kBufferBytesMin);
        QCOMPARE(write(pipe, first.client, kMany), kBufferBytesMin);
    }

    // A window that was offered once stays offered; the memory behind it is asked for when bytes come.
    void whatAnIdleStreamWasPromisedTakesNoMoreThanThereIs()
    {
        constexpr std::size_t kBudget = 8 * kBufferBytesMin;
        LossyPipe pipe(1, withBudget(kBudget));
        const std::array pairs{pipe.open(), pipe.open(), pipe.open()};
        std::array<std::size_t, 3> read{};
        for (std::size_t at = 0; at < pairs.size(); ++at) {
            std::size_t written = 0;
            QVERIFY(pipe.runUntil(
                [&] {
                    if (written < (4U << 20U))
                        written += write(pipe, pairs[at].client, 64 * 1024);
                    read[at] += pipe.readAll(kServer, pairs[at].server).size();
                    return written >= (4U << 20U) && read[at] == written;
                },
                60s));
            pipe.runFor(30s);
        }
        for (int turn = 0; turn < 100; ++turn) { // nobody reads any more
            for (const auto& pair : pairs)
                (void)write(pipe, pair.client, 64 * 1024);
            pipe.runFor(50ms);
        }
        std::size_t held = 0;
        for (const auto& pair : pairs)
            held += pipe.readAll(kServer, pair.server).size();
        QVERIFY2(held > kBudget && held <= kBudget + 3 * kBufferBytesMin, qPrintable(QString::number(held)));
    }

    void whatWaitsBehindAHoleKeepsItsMemory()
    {
        PipeConfig config = withBudget(kBufferBytesMin);
        LossyPipe pipe(1, config);
        const auto first = pipe.open();
        std::size_t written = 0;
        std::size_t read = 0;
        QVERIFY(pipe.runUntil(
            [&] {
                if (written < (1U << 20U))
                    written += write(pipe, first.client, 16 * 1024);
                read += pipe.readAll(kServer, first.server).size();
                return written >= (1U << 20U) && read == written;
            },
            60s));
        // The first segment from here on is lost again and again.
        std::optional<std::uint32_t> lost;
        pipe.setFilter([&lost](std::size_t from, const Transmit& frame) {
            const auto decoded = decodeFrame(frame.payload);
            if (from != kClient || decoded->header.type != FrameType::Data || decoded->body.size() <= kStampsBytes)
                return true;
            lost = lost.value_or(decoded->header.sequence);
            return decoded->header.sequence != *lost;
        });
        (void)write(pipe, first.client, 32 * 1024);
        pipe.runFor(30s); // longer than a stream that idles waits
        const auto second = pipe.open(4);
        pipe.setFilter({});
        pipe.cut();
        QCOMPARE(pipe.engine(kServer).write(second.server, fb::ByteVector(kMany, 'b'), pipe.now()), kBufferBytesMin);
    }

    void whoHasBytesWaitingKeepsThem()
    {
        LossyPipe pipe(1, withBudget(kBufferBytesMin));
        const auto first = pipe.open();
        const auto second = pipe.open();
        // The reader takes nothing: half of it stays in the sender's buffer, however long.
        QCOMPARE(write(pipe, first.client, 2 * kBufferBytesMin), 2 * kBufferBytesMin);
        pipe.runFor(60s);
        pipe.cut();
        QCOMPARE(write(pipe, second.client, kMany), kBufferBytesMin);
    }
};

QTEST_GUILESS_MAIN(BuffersTest)
#include "tst_Buffers.moc"
