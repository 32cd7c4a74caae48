// SPDX-License-Identifier: Apache-2.0
// What an engine says of its streams: each number of StreamStatus, on a path whose numbers are known.
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <chrono>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kClient = LossyPipe::kClient;
constexpr std::size_t kServer = LossyPipe::kServer;
constexpr std::uint16_t kService = 22;

PipeConfig tenMilliseconds()
{
    PipeConfig config;
    config.delay = 5ms;
    return config;
}

struct Line {
    explicit Line(const PipeConfig& config = tenMilliseconds()) : pipe(1, config), pair(pipe.open(kService))
    {
        pipe.runFor(1s);
    }
    [[nodiscard]] StreamStatus at(std::size_t end) { return pipe.engine(end).status(pipe.now()).front(); }
    void write(std::size_t bytes)
    {
        QCOMPARE(pipe.engine(kClient).write(pair.client, fb::ByteVector(bytes, 's'), pipe.now()), bytes);
        pipe.drain();
    }
    /// The server reads whatever comes.
    void runFor(fb::Duration time)
    {
        (void)pipe.runUntil(
            [this] {
                (void)pipe.readAll(kServer, pair.server);
                return false;
            },
            time);
    }

    LossyPipe pipe;
    LossyPipe::Pair pair;
};

} // namespace

class StatusTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesTheStreamItsPeerAndTheService()
    {
        Line line;
        QCOMPARE(line.at(kClient).stream, line.pair.client);
        QCOMPARE(line.at(kClient).peer, line.pipe.idOf(kServer));
        QCOMPARE(line.at(kClient).service, kService);
        QCOMPARE(line.at(kServer).stream, line.pair.server);
        QCOMPARE(line.at(kServer).peer, line.pipe.idOf(kClient));
        QCOMPARE(line.at(kServer).service, kService); // not the port it comes from
    }

    void countsBytesAndNotTheClose()
    {
        Line line;
        QCOMPARE(line.at(kClient).bytesSent, std::uint64_t{0});
        line.write(10000);
        line.runFor(1s);
        line.pipe.engine(kClient).closeWriting(line.pair.client, line.pipe.now());
        line.pipe.drain();
        line.runFor(1s);
        QCOMPARE(line.at(kClient).bytesSent, std::uint64_t{10000});
        QCOMPARE(line.at(kClient).bytesReceived, std::uint64_t{0});
        QCOMPARE(line.at(kServer).bytesReceived, std::uint64_t{10000});
        QCOMPARE(line.at(kServer).bytesSent, std::uint64_t{0});
    }

    void countsWhatArrivedInOrderOnly()
    {
        Line line;
        int frames = 0;
        line.pipe.setFilter([&](std::size_t from, const Transmit& frame) {
            return from != kClient || frame.payload.size() < 1000 || ++frames != 2; // the second segment is lost
        });
        line.write(5 * (1400 - kHeaderBytes - kStampsBytes));
        line.pipe.runFor(5ms);
        QCOMPARE(line.at(kServer).bytesReceived, std::uint64_t{1400 - kHeaderBytes - kStampsBytes});
    }

    void measuresTheRoundTrip()
    {
        Line line;
        line.write(100);
        line.runFor(1s);
        for (const auto& rtt : {line.at(kClient).rtt, line.at(kClient).rttMinimum}) {
            QVERIFY(rtt.has_value());
            QVERIFY2(*rtt >= 10ms && *rtt <= 13ms, qPrintable(QString::number(rtt->count())));
        }
        auto slower = tenMilliseconds();
        slower.delay = 20ms;
        line.pipe.set(slower);
        for (int key = 0; key < 30; ++key) {
            line.write(1);
            line.runFor(100ms);
        }
        QVERIFY(*line.at(kClient).rtt > 35ms);
        QVERIFY(*line.at(kClient).rttMinimum <= 13ms);
    }

    void hasNoRoundTripBeforeTheFirstAnswer()
    {
        LossyPipe pipe(1, {});
        pipe.cut();
        QVERIFY(pipe.engine(kClient).connect(pipe.idOf(kServer), kService, pipe.traits(), pipe.now()).has_value());
        pipe.drain();
        const auto status = pipe.engine(kClient).status(pipe.now()).front();
        QVERIFY(!status.rtt);
        QVERIFY(!status.rttMinimum);
        QCOMPARE(status.deliveryBytesPerSecond, std::uint64_t{0});
    }

    void countsWhatIsUnderWay()
    {
        Line line;
        QCOMPARE(line.at(kClient).bytesInFlight, std::size_t{0});
        line.write(3000);
        QCOMPARE(line.at(kClient).bytesInFlight, std::size_t{3000});
        QVERIFY(line.at(kClient).windowBytes >= 3000);
        line.runFor(1s);
        QCOMPARE(line.at(kClient).bytesInFlight, std::size_t{0});
    }

    void theWindowBoundsWhatIsUnderWay()
    {
        auto config = tenMilliseconds();
        config.delay = 50ms;
        Line line(config);
        line.write(800'000);
        for (int moment = 0; moment < 50; ++moment) {
            line.runFor(5ms);
            const auto status = line.at(kClient);
            QVERIFY(status.bytesInFlight <= status.windowBytes);
        }
        QVERIFY(line.at(kClient).deliveryBytesPerSecond > 0);
    }

    void countsWhatWasSentAgainAndTheShareThatWasLost()
    {
        Line line;
        QCOMPARE(line.at(kClient).segmentsRetransmitted, std::uint64_t{0});
        QCOMPARE(line.at(kClient).lossShare, 0.0);
        int segments = 0;
        line.pipe.setFilter([&](std::size_t from, const Transmit& frame) {
            return from != kClient || frame.payload.size() < 1000 || ++segments % 10 != 0;
        });
        line.write(600'000);
        line.runFor(20s);
        QCOMPARE(line.at(kServer).bytesReceived, std::uint64_t{600'000});
        const auto status = line.at(kClient);
        QVERIFY(status.segmentsRetransmitted >= 40);
        QVERIFY2(status.lossShare > 0.07 && status.lossShare < 0.13, qPrintable(QString::number(status.lossShare)));
        QCOMPARE(line.at(kServer).lossShare, 0.0);
    }

    void segmentsFitThePath()
    {
        Line line;
        QCOMPARE(line.at(kClient).segmentBytes, std::size_t{1400 - kHeaderBytes - kStampsBytes});
        auto traits = line.pipe.traits();
        traits.payloadBytesMax = 500;
        line.pipe.engine(kClient).pathChanged(line.pipe.idOf(kServer), traits, line.pipe.now());
        QCOMPARE(line.at(kClient).segmentBytes, std::size_t{500 - kHeaderBytes - kStampsBytes});

        auto plain = tenMilliseconds();
        plain.isFootbridge = false;
        QCOMPARE(Line(plain).at(kClient).segmentBytes, std::size_t{1400 - kHeaderBytes});
    }

    void aCopyIsBulkAndTypingIsNot()
    {
        Line line;
        line.pipe.cut();
        line.write(4096);
        QCOMPARE(line.at(kClient).trafficClass, Transmit::Class::Interactive);
        line.write(1);
        QCOMPARE(line.at(kClient).trafficClass, Transmit::Class::Bulk);
        line.pipe.mend();
        line.runFor(2s);
        QCOMPARE(line.at(kClient).trafficClass, Transmit::Class::Interactive);
    }

    void isSilentSinceTheOldestUnansweredQuestion()
    {
        Line line;
        QVERIFY(line.at(kClient).silentFor == 0us);
        line.pipe.cut();
        line.write(1);
        line.runFor(3s);
        line.write(1);
        line.runFor(2s);
        QVERIFY2(line.at(kClient).silentFor == 5s, qPrintable(QString::number(line.at(kClient).silentFor.count())));
        line.pipe.mend();
        line.runFor(1s);
        QVERIFY(line.at(kClient).silentFor == 0us);
    }
};

QTEST_GUILESS_MAIN(StatusTest)
#include "tst_Status.moc"
