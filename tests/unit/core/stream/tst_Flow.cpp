// SPDX-License-Identifier: Apache-2.0
// Windows, turns and limits: slow readers, plain peers, many streams, wrapping numbers.
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <numeric>
#include <optional>
#include <set>
#include <utility>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kClient = LossyPipe::kClient;
constexpr std::size_t kServer = LossyPipe::kServer;

FrameType typeOf(const Transmit& frame)
{
    return static_cast<FrameType>(frame.payload.at(0));
}

/// Writes so many bytes at one end and reads them at the other; how many arrived.
std::size_t copied(LossyPipe& pipe, const LossyPipe::Pair& pair, std::size_t bytes)
{
    const fb::ByteVector chunk(64 * 1024, 'c');
    std::size_t written = 0;
    std::size_t read = 0;
    (void)pipe.runUntil(
        [&] {
            const auto next = fb::Bytes(chunk).first(std::min(chunk.size(), bytes - written));
            written += pipe.engine(kClient).write(pair.client, next, pipe.now());
            pipe.drain();
            read += pipe.readAll(kServer, pair.server).size();
            return read == bytes;
        },
        60s);
    return read;
}

/// Loses one segment of the client, however often it is sent: the first one it sends from now on.
void makeHole(LossyPipe& pipe)
{
    pipe.setFilter([hole = std::optional<std::uint32_t>()](std::size_t from, const Transmit& frame) mutable {
        const auto parsed = decodeFrame(frame.payload);
        if (from != kClient || !parsed || parsed->header.type != FrameType::Data)
            return true;
        hole = hole.value_or(parsed->header.sequence);
        return parsed->header.sequence != *hole;
    });
}

} // namespace

class FlowTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aSlowReaderStopsTheWriterAndNothingIsLost()
    {
        PipeConfig config;
        config.streams.receiveBufferBytes = 10000;
        config.streams.sendBufferBytes = 5000;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        fb::ByteVector bytes(40000);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
        std::size_t written = 0;
        const auto write = [&] {
            written += pipe.engine(kClient).write(pair.client, fb::Bytes(bytes).subspan(written), pipe.now());
            pipe.drain();
            return false;
        };
        (void)pipe.runUntil(write, 10s);
        QVERIFY(written <= 15000);
        const auto stalled = pipe.framesSent(kClient);
        pipe.runFor(60s); // window probes keep it alive and stay few
        QVERIFY(pipe.framesSent(kClient) - stalled < 300);
        QVERIFY(pipe.framesSent(kClient) - stalled > 50);
        fb::ByteVector read;
        (void)pipe.runUntil(
            [&] {
                write();
                const auto more = pipe.readAll(kServer, pair.server);
                read.insert(read.end(), more.begin(), more.end());
                return read.size() == bytes.size();
            },
            10s);
        QCOMPARE(read, bytes);
        QVERIFY(!pipe.eventsOf<Writable>(kClient).empty());
        QCOMPARE(pipe.counter(kServer, "bytes-outside-window"), std::uint64_t{0});
        QVERIFY(!pipe.sawStaleDeadline());
    }

    void aLostWindowUpdateDoesNotStopTheStream()
    {
        PipeConfig config;
        config.streams.receiveBufferBytes = 8000;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(16000, 'w'), pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        pipe.cut();
        QCOMPARE(pipe.readAll(kServer, pair.server).size(), std::size_t{8000});
        pipe.mend();
        QVERIFY(pipe.runUntil([&] { return pipe.engine(kServer).status(pipe.now()).front().bytesReceived == 16000; },
                              600ms));
    }

    void aPlainPeerNeverGetsMoreThanTheFixedWindow()
    {
        PipeConfig config;
        config.isFootbridge = false;
        config.delay = 50ms;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        pipe.runFor(1s);
        std::size_t unanswered = 0;
        std::size_t most = 0;
        pipe.setFilter([&](std::size_t from, const Transmit& frame) {
            if (from == kClient)
                unanswered += frame.payload.size() - kHeaderBytes;
            most = std::max(most, unanswered);
            return from == kClient; // no ack comes back
        });
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(500000, 'p'), pipe.now());
        pipe.drain();
        pipe.runFor(60ms);
        QVERIFY(most > 0 && most <= 32768);
    }

    void plainPeersSeeOnlyPlainFrames()
    {
        PipeConfig config;
        config.isFootbridge = false;
        config.loss = 0.1;
        config.jitter = 5ms;
        LossyPipe pipe(3, config);
        bool isPlain = true;
        pipe.setFilter([&isPlain](std::size_t, const Transmit& frame) {
            const bool carriesBytes = typeOf(frame) == FrameType::Data;
            isPlain = isPlain && frame.payload.at(1) == 0;
            isPlain =
                isPlain && (carriesBytes ? frame.payload.size() > kHeaderBytes : frame.payload.size() == kHeaderBytes);
            return true;
        });
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(100000, 'p'), pipe.now());
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        std::size_t read = 0;
        (void)pipe.runUntil([&] { return (read += pipe.readAll(kServer, pair.server).size()) == 100000; }, 60s);
        QCOMPARE(read, std::size_t{100000});
        pipe.engine(kServer).abort(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(60s);
        QVERIFY(isPlain);
    }

    void flagBytesStayZeroBetweenFootbridgePeers()
    {
        LossyPipe pipe(1, {});
        bool isZero = true;
        pipe.setFilter([&isZero](std::size_t, const Transmit& frame) {
            isZero = isZero && frame.payload.at(1) == 0;
            return true;
        });
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(50000, 'f'), pipe.now());
        pipe.drain();
        pipe.runFor(60s);
        QVERIFY(isZero);
    }

    void numbersWrapWithoutANotice_data()
    {
        QTest::addColumn<bool>("isFootbridge");
        QTest::newRow("options") << true;
        QTest::newRow("plain") << false;
    }
    void numbersWrapWithoutANotice()
    {
        QFETCH(bool, isFootbridge);
        PipeConfig config;
        config.isFootbridge = isFootbridge;
        config.fixedRandom = 0xffff8000; // wraps after 32 KiB each way
        config.loss = 0.05;
        config.jitter = 2ms;
        LossyPipe pipe(11, config);
        const auto pair = pipe.open();
        fb::ByteVector bytes(200000);
        std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
        QCOMPARE(pipe.engine(kClient).write(pair.client, bytes, pipe.now()), bytes.size());
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        fb::ByteVector read;
        (void)pipe.runUntil(
            [&] {
                const auto more = pipe.readAll(kServer, pair.server);
                read.insert(read.end(), more.begin(), more.end());
                return pipe.engine(kServer).atEnd(pair.server);
            },
            60s);
        QCOMPARE(read, bytes);
    }

    void copiesTakeTurns()
    {
        LossyPipe pipe(1, {});
        std::vector<LossyPipe::Pair> pairs;
        for (int count = 0; count < 4; ++count)
            pairs.push_back(pipe.open());
        pipe.runFor(1s);
        for (const auto& pair : pairs)
            (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(100000, 'c'), pipe.now());
        std::map<std::uint16_t, int> segments;
        for (int count = 0; count < 20; ++count) {
            const auto frame = pipe.engine(kClient).nextTransmit();
            QVERIFY(frame.has_value());
            ++segments[frame->sourcePort];
        }
        QCOMPARE(segments.size(), std::size_t{4});
        for (const auto& [port, count] : segments)
            QCOMPARE(count, 5);
    }

    void aThousandStreamsAtOnce()
    {
        PipeConfig config;
        config.loss = 0.02;
        config.jitter = 3ms;
        LossyPipe pipe(5, config);
        std::set<StreamId> readable; // not looked at yet
        std::size_t ended = 0;
        pipe.setHandler([&](std::size_t end, const Event& event) {
            if (end == kServer && std::holds_alternative<Readable>(event))
                readable.insert(std::get<Readable>(event).stream);
            ended += end == kClient && std::holds_alternative<Ended>(event) ? 1U : 0U;
        });
        std::vector<StreamId> clients;
        for (int count = 0; count < 1000; ++count) {
            const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
            QVERIFY(client.has_value());
            clients.push_back(*client);
            (void)pipe.engine(kClient).write(*client, fb::ByteVector(3000, 'k'), pipe.now());
            pipe.engine(kClient).closeWriting(*client, pipe.now());
        }
        pipe.drain();
        const bool isDone = pipe.runUntil(
            [&] {
                for (const StreamId stream : std::exchange(readable, {})) {
                    fb::ByteVector bytes(4000);
                    (void)pipe.engine(kServer).read(stream, bytes, pipe.now());
                    if (pipe.engine(kServer).atEnd(stream))
                        pipe.engine(kServer).closeWriting(stream, pipe.now());
                }
                pipe.drain();
                return ended == clients.size();
            },
            120s);
        QVERIFY(isDone);
        for (const auto& event : pipe.eventsOf<Ended>(kClient))
            QVERIFY(!event.error);
        QVERIFY(!pipe.sawStaleDeadline());
    }

    void oneDrainIsBounded()
    {
        PipeConfig config;
        config.delay = 50ms;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        pipe.runFor(1s);
        (void)pipe.runUntil(
            [&] {
                (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(1U << 20U, 'b'), pipe.now());
                (void)pipe.readAll(kServer, pair.server);
                return false;
            },
            5s);
        QVERIFY2(pipe.longestDrain() <= 97, qPrintable(QString::number(pipe.longestDrain())));
        QVERIFY(!pipe.sawStaleDeadline());
    }

    void readersThatTakeLittleAreToldAgain()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("abcdef"), pipe.now());
        pipe.drain();
        pipe.runFor(50ms);
        fb::ByteVector two(2);
        for (std::size_t times = 1; times <= 3; ++times) {
            QCOMPARE(pipe.eventsOf<Readable>(kServer).size(), times);
            QCOMPARE(pipe.engine(kServer).read(pair.server, two, pipe.now()), std::size_t{2});
            pipe.drain();
        }
        QCOMPARE(pipe.eventsOf<Readable>(kServer).size(), std::size_t{3});
    }

    /// Five per cent of a long path is more holes than an ack can tell of.
    void whatHasArrivedIsNotSentAgain()
    {
        PipeConfig config;
        config.delay = 20ms;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        std::uint64_t sent = 0;
        std::uint64_t lost = 0;
        pipe.setFilter([&](std::size_t from, const Transmit& frame) {
            const bool isLost = from == kClient && typeOf(frame) == FrameType::Data && ++sent % 20 == 0;
            lost += isLost ? 1 : 0;
            return !isLost;
        });
        constexpr std::size_t kBytes = 24U << 20U;
        QCOMPARE(copied(pipe, pair, kBytes), kBytes);
        QVERIFY(lost > 500);
        const auto resent = pipe.engine(kClient).status(pipe.now()).front().segmentsRetransmitted;
        QVERIFY2(resent < lost + lost / 5, qPrintable(QStringLiteral("%1 for %2").arg(resent).arg(lost)));
    }

    void theReceiveBufferGrowsWhileALostSegmentIsAwaited()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        QCOMPARE(copied(pipe, pair, 20000), std::size_t{20000});
        makeHole(pipe);
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(kBufferBytesMin * 8, 'w'), pipe.now());
        pipe.drain();
        QVERIFY(pipe.runUntil(
            [&] { return pipe.engine(kClient).status(pipe.now()).front().bytesSent == 20000 + kBufferBytesMin * 8; },
            5s));
        pipe.setFilter({});
        std::size_t read = 0;
        QVERIFY(pipe.runUntil(
            [&] { return (read += pipe.readAll(kServer, pair.server).size()) == kBufferBytesMin * 8; }, 5s));
    }

    void theReceiveBufferDoesNotGrowForAReaderThatDoesNotRead()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(20000, 'w'), pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        makeHole(pipe);
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(kBufferBytesMin * 8, 'w'), pipe.now());
        pipe.drain();
        pipe.runFor(5s);
        const auto sent = pipe.engine(kClient).status(pipe.now()).front().bytesSent;
        QVERIFY(sent > 20000 && sent <= kBufferBytesMin);
    }

    void advancingEarlyOrTwiceChangesNothing()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        pipe.runFor(50ms);
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("x"), pipe.now());
        QVERIFY(pipe.engine(kClient).nextTransmit().has_value());
        const auto deadline = pipe.engine(kClient).nextDeadline();
        QVERIFY(deadline && *deadline > pipe.now());
        for (int times = 0; times < 3; ++times) {
            pipe.engine(kClient).advance(pipe.now());
            QVERIFY(!pipe.engine(kClient).nextTransmit().has_value());
            QVERIFY(pipe.engine(kClient).nextDeadline() == deadline);
        }
    }
};

QTEST_GUILESS_MAIN(FlowTest)
#include "tst_Flow.moc"
