// SPDX-License-Identifier: Apache-2.0
// Paths on which long frames vanish without a word, and paths that only look like them.
#include "core/stream/SegmentLimit.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <array>
#include <chrono>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kClient = LossyPipe::kClient;
constexpr std::size_t kServer = LossyPipe::kServer;
constexpr std::size_t kFullPayload = 1440;

PipeConfig link(bool isFootbridge, double loss = 0)
{
    PipeConfig config;
    config.isFootbridge = isFootbridge;
    config.payloadBytesMax = kFullPayload;
    config.delay = 10ms;
    config.loss = loss;
    config.streams.sendBufferBytes = 32 * 1024; // keeps minutes short
    return config;
}

std::size_t fullSegment(bool isFootbridge)
{
    return kFullPayload - kHeaderBytes - (isFootbridge ? kStampsBytes : 0);
}

/// Bytes of a known sequence, both ways at once, as long as the test wants.
class Copy {
public:
    Copy(LossyPipe& pipe, LossyPipe::Pair pair) : m_pipe(pipe), m_streams{pair.client, pair.server} {}

    void push()
    {
        for (const std::size_t from : {kClient, kServer}) {
            write(from);
            read(1 - from);
        }
        m_pipe.drain();
    }
    /// False if they have not arrived when the time is over.
    bool run(std::size_t bytes, fb::Duration limit)
    {
        m_total += bytes;
        return m_pipe.runUntil(
            [this] {
                push();
                return m_read[kClient] == m_total && m_read[kServer] == m_total;
            },
            limit);
    }
    void runFor(fb::Duration time)
    {
        m_total = SIZE_MAX;
        (void)m_pipe.runUntil(
            [this] {
                push();
                return false;
            },
            time);
    }
    [[nodiscard]] bool isExact() const { return m_isExact; }

private:
    static std::uint8_t byteAt(std::size_t end, std::size_t at)
    {
        return static_cast<std::uint8_t>((at * 2654435761U) >> 11U ^ at ^ (end * 91U));
    }
    void write(std::size_t end)
    {
        std::array<std::uint8_t, 8192> chunk{};
        while (m_written[end] < m_total) {
            const std::size_t wanted = std::min(chunk.size(), m_total - m_written[end]);
            for (std::size_t at = 0; at < wanted; ++at)
                chunk[at] = byteAt(end, m_written[end] + at);
            const auto taken = m_pipe.engine(end).write(m_streams[end], std::span(chunk).first(wanted), m_pipe.now());
            m_written[end] += taken;
            if (taken < wanted)
                return;
        }
    }
    void read(std::size_t end)
    {
        for (const std::uint8_t byte : m_pipe.readAll(end, m_streams[end]))
            m_isExact = m_isExact && byte == byteAt(1 - end, m_read[end]++);
    }

    LossyPipe& m_pipe;
    std::array<StreamId, 2> m_streams;
    std::array<std::size_t, 2> m_written{};
    std::array<std::size_t, 2> m_read{};
    std::size_t m_total = 0;
    bool m_isExact = true;
};

std::size_t segmentBytes(LossyPipe& pipe, std::size_t end)
{
    return pipe.engine(end).status(pipe.now()).front().segmentBytes;
}

LossyPipe::Filter passesUpTo(std::size_t payloadBytes)
{
    return [payloadBytes](std::size_t, const Transmit& frame) { return frame.payload.size() <= payloadBytes; };
}

void addKinds()
{
    QTest::addColumn<bool>("isFootbridge");
    QTest::newRow("options") << true;
    QTest::newRow("plain") << false;
}

} // namespace

class BlackHoleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aCopyEachWayArrivesExactlyWhereLongFramesVanish_data()
    {
        QTest::addColumn<bool>("isFootbridge");
        QTest::addColumn<bool>("beginsInTheMiddle");
        QTest::addColumn<int>("passes");
        QTest::addColumn<int>("falls");
        QTest::addColumn<double>("loss");
        for (const bool isFootbridge : {true, false}) {
            for (const bool isLate : {true, false}) {
                const char* const kind = isFootbridge ? "options" : "plain";
                const char* const when = isLate ? "in the middle" : "from the start";
                for (const double loss : {0.0, 0.05, 0.2}) {
                    const auto name = [&](int passes) {
                        return QString("%1, %2, %3, loss %4").arg(kind, when).arg(passes).arg(loss);
                    };
                    QTest::newRow(qPrintable(name(1340))) << isFootbridge << isLate << 1340 << 1 << loss;
                    QTest::newRow(qPrintable(name(600))) << isFootbridge << isLate << 600 << 2 << loss;
                }
            }
        }
    }
    void aCopyEachWayArrivesExactlyWhereLongFramesVanish()
    {
        QFETCH(bool, isFootbridge);
        QFETCH(bool, beginsInTheMiddle);
        QFETCH(int, passes);
        QFETCH(int, falls);
        QFETCH(double, loss);
        LossyPipe pipe(3, link(isFootbridge, loss));
        const auto pair = pipe.open();
        Copy copy(pipe, pair);
        if (beginsInTheMiddle)
            QVERIFY(copy.run(200'000, 30s));
        pipe.setFilter(passesUpTo(static_cast<std::size_t>(passes)));
        QVERIFY(copy.run(300'000, loss > 0 ? 60s : 6s));
        QVERIFY(copy.isExact());
        for (const std::size_t end : {kClient, kServer}) {
            QVERIFY(segmentBytes(pipe, end) < static_cast<std::size_t>(passes));
            QCOMPARE(pipe.counter(end, "black-holes"), static_cast<std::uint64_t>(falls));
            QCOMPARE(pipe.counter(end, "segment-limit-raised"), std::uint64_t{0});
        }
        QVERIFY(!pipe.sawStaleDeadline());
    }

    void isNoticedWithinASecond_data() { addKinds(); }
    void isNoticedWithinASecond()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        Copy copy(pipe, pair);
        copy.runFor(1s);
        pipe.setFilter(passesUpTo(1340));
        copy.runFor(1s);
        QCOMPARE(segmentBytes(pipe, kClient), segmentBytesFor(1280));
        QCOMPARE(segmentBytes(pipe, kServer), segmentBytesFor(1280));
    }

    void theLimitStaysDownAndTrialsAreFew_data() { addKinds(); }
    void theLimitStaysDownAndTrialsAreFew()
    {
        QFETCH(bool, isFootbridge);
        PipeConfig config = link(isFootbridge);
        config.delay = 100ms;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        std::size_t vanished = 0;
        pipe.setFilter([&vanished](std::size_t, const Transmit& frame) {
            vanished += frame.payload.size() > 1340 ? 1 : 0;
            return frame.payload.size() <= 1340;
        });
        Copy copy(pipe, pair);
        copy.runFor(5s);
        QCOMPARE(pipe.counter(kClient, "black-holes"), std::uint64_t{1});
        vanished = 0;
        copy.runFor(90s);
        // After 10, 20 and 40 s, three each, from both ends.
        QVERIFY2(vanished <= std::size_t{2} * 4 * 3 && vanished >= std::size_t{2} * 2 * 3,
                 qPrintable(QString::number(vanished)));
        for (const std::size_t end : {kClient, kServer}) {
            QCOMPARE(pipe.counter(end, "black-holes"), std::uint64_t{1});
            QCOMPARE(segmentBytes(pipe, end), segmentBytesFor(1280));
        }
        QVERIFY(copy.isExact());
    }

    void theLimitRisesOnceLongFramesPassAgain_data() { addKinds(); }
    void theLimitRisesOnceLongFramesPassAgain()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        Copy copy(pipe, pair);
        pipe.setFilter(passesUpTo(600));
        copy.runFor(4s);
        QCOMPARE(segmentBytes(pipe, kClient), kSegmentBytesSafest);
        pipe.setFilter({});
        copy.runFor(25s);
        for (const std::size_t end : {kClient, kServer}) {
            QCOMPARE(segmentBytes(pipe, end), fullSegment(isFootbridge));
            QCOMPARE(pipe.counter(end, "segment-limit-raised"), std::uint64_t{2});
        }
        QVERIFY(copy.isExact());
    }

    void anotherPathBeginsWithWhatItIsSaidToCarry_data() { addKinds(); }
    void anotherPathBeginsWithWhatItIsSaidToCarry()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        Copy copy(pipe, pair);
        pipe.setFilter(passesUpTo(1340));
        copy.runFor(2s);
        QCOMPARE(segmentBytes(pipe, kClient), segmentBytesFor(1280));
        pipe.setFilter({});
        pipe.engine(kClient).pathChanged(pipe.idOf(kServer), pipe.traits(), pipe.now());
        pipe.drain();
        QCOMPARE(segmentBytes(pipe, kClient), fullSegment(isFootbridge));
        copy.runFor(1s);
        QCOMPARE(segmentBytes(pipe, kClient), fullSegment(isFootbridge));
        QVERIFY(copy.isExact());
    }

    void randomLossIsNoBlackHole_data() { addKinds(); }
    void randomLossIsNoBlackHole()
    {
        QFETCH(bool, isFootbridge);
        for (std::uint64_t seed = 1; seed <= 20; ++seed) {
            PipeConfig config = link(isFootbridge, 0.2);
            config.jitter = seed % 2 == 0 ? 4ms : 0ms;
            LossyPipe pipe(seed, config);
            const auto pair = pipe.open();
            Copy copy(pipe, pair);
            QVERIFY(copy.run(400'000, 60s));
            for (const std::size_t end : {kClient, kServer}) {
                QCOMPARE(pipe.counter(end, "black-holes"), std::uint64_t{0});
                QCOMPARE(segmentBytes(pipe, end), fullSegment(isFootbridge));
            }
        }
    }

    void keysBesideLongMessagesOnALossyPathAreNoBlackHole()
    {
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            LossyPipe pipe(seed, link(true, 0.2));
            const auto pair = pipe.open();
            const fb::ByteVector message(1300, 'm');
            for (int turn = 0; turn < 200; ++turn) {
                (void)pipe.engine(kClient).write(pair.client, turn % 5 == 0 ? message : fb::ByteVector(1, 'k'),
                                                 pipe.now());
                pipe.drain();
                pipe.runFor(20ms);
                (void)pipe.readAll(kServer, pair.server);
            }
            QVERIFY2(pipe.counter(kClient, "black-holes") == 0, qPrintable(QString::number(seed)));
        }
    }

    void outagesAreNoBlackHole_data() { addKinds(); }
    void outagesAreNoBlackHole()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        Copy copy(pipe, pair);
        for (const auto outage : {30ms, 100ms, 300ms, 1000ms, 3000ms, 300ms, 300ms, 300ms}) {
            pipe.cut();
            copy.runFor(outage);
            pipe.mend();
            copy.runFor(100ms);
        }
        QCOMPARE(pipe.counter(kClient, "black-holes"), std::uint64_t{0});
        QCOMPARE(segmentBytes(pipe, kClient), fullSegment(isFootbridge));
        QVERIFY(copy.isExact());
    }

    void whoAcceptsBeginsWithWhatTheOpenerKnowsOfThePath()
    {
        LossyPipe pipe(1, link(true));
        pipe.setAutoAccept(false);
        PeerTraits narrow = pipe.traits();
        narrow.payloadBytesMax = 900;
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, narrow, pipe.now());
        pipe.drain();
        pipe.runFor(20ms);
        const auto server = pipe.eventsOf<ConnectRequested>(kServer).front().stream;
        pipe.engine(kServer).accept(server, pipe.traits(), pipe.now());
        pipe.setFilter(passesUpTo(900));
        pipe.drain();
        pipe.runFor(100ms);
        QCOMPARE(segmentBytes(pipe, kServer), 900 - kHeaderBytes - kStampsBytes);
        Copy copy(pipe, {*client, server});
        QVERIFY(copy.run(100'000, 2s));
        QCOMPARE(pipe.counter(kServer, "black-holes"), std::uint64_t{0});
    }

    /// Acks that tell of many holes are long, and whoever only receives never learns that they vanish.
    void acksThatVanishAreRepeatedShorter()
    {
        PipeConfig config = link(true);
        config.streams = {};
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        const auto warm = [&] {
            (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(600'000, 'w'), pipe.now());
            (void)pipe.runUntil(
                [&] {
                    (void)pipe.readAll(kServer, pair.server);
                    return false;
                },
                1s);
        };
        for (int times = 0; times < 3; ++times)
            warm();
        bool isEven = false;
        std::size_t holes = 0;
        pipe.setFilter([&](std::size_t from, const Transmit& frame) {
            if (from == kServer)
                return frame.payload.size() <= 500;
            isEven = !isEven;
            holes += isEven ? 1 : 0;
            return !isEven || holes > 400;
        });
        const fb::ByteVector bytes(1'000'000, 'x');
        std::size_t written = 0;
        std::size_t read = 0;
        const bool isDone = pipe.runUntil(
            [&] {
                written += pipe.engine(kClient).write(pair.client, fb::Bytes(bytes).subspan(written), pipe.now());
                pipe.drain();
                read += pipe.readAll(kServer, pair.server).size();
                return read >= bytes.size();
            },
            5s);
        QVERIFY2(isDone, qPrintable(QString::number(read)));
    }
};

QTEST_GUILESS_MAIN(BlackHoleTest)
#include "tst_BlackHole.moc"
