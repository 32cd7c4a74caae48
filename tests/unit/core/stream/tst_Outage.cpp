// SPDX-License-Identifier: Apache-2.0
// Silence: how soon bytes flow again after it, when it is too long, and how an idle stream notices.
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <vector>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kClient = LossyPipe::kClient;
constexpr std::size_t kServer = LossyPipe::kServer;

PipeConfig link(bool isFootbridge)
{
    PipeConfig config;
    config.isFootbridge = isFootbridge;
    config.delay = 20ms;
    return config;
}

void addKinds()
{
    QTest::addColumn<bool>("isFootbridge");
    QTest::newRow("options") << true;
    QTest::newRow("plain") << false;
}

/// Keeps the client's send buffer full and the server's reader hungry; counts what arrives.
class Bulk {
public:
    Bulk(LossyPipe& pipe, LossyPipe::Pair pair) : m_pipe(pipe), m_pair(pair), m_chunk(64 * 1024, 'x') {}

    bool push()
    {
        (void)m_pipe.engine(kClient).write(m_pair.client, m_chunk, m_pipe.now());
        m_arrived += m_pipe.readAll(kServer, m_pair.server).size();
        return false;
    }
    void runFor(fb::Duration time)
    {
        (void)m_pipe.runUntil([this] { return push(); }, time);
    }
    [[nodiscard]] std::size_t arrived() const { return m_arrived; }

private:
    LossyPipe& m_pipe;
    LossyPipe::Pair m_pair;
    fb::ByteVector m_chunk;
    std::size_t m_arrived = 0;
};

} // namespace

class OutageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anUnansweredProbeMakesThePeerSuspectOnceASilence_data() { addKinds(); }
    void anUnansweredProbeMakesThePeerSuspectOnceASilence()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(8, link(isFootbridge));
        const auto pair = pipe.open();
        const auto type = [&] {
            const fb::ByteVector key{'k'};
            QCOMPARE(pipe.engine(kClient).write(pair.client, key, pipe.now()), std::size_t{1});
            pipe.drain();
        };
        type();
        pipe.runFor(1s);
        QCOMPARE(pipe.eventsOf<Suspect>(kClient).size(), std::size_t{0});
        for (std::size_t silences = 1; silences <= 2; ++silences) {
            pipe.cut();
            type();
            pipe.runFor(300ms);
            QCOMPARE(pipe.eventsOf<Suspect>(kClient).size(), silences);
            pipe.mend();
            pipe.runFor(1s);
        }
        QCOMPARE(pipe.eventsOf<Suspect>(kClient).back().peer, pipe.idOf(kServer));
        QCOMPARE(pipe.eventsOf<Suspect>(kClient).size(), std::size_t{2});
    }

    void bulkFlowsSoonAfterAnOutage_data()
    {
        QTest::addColumn<bool>("isFootbridge");
        QTest::addColumn<int>("outageMs");
        for (const int outage : {300, 1600, 2500, 9000, 60000}) {
            QTest::newRow(qPrintable(QString("options, %1 ms").arg(outage))) << true << outage;
            QTest::newRow(qPrintable(QString("plain, %1 ms").arg(outage))) << false << outage;
        }
    }
    void bulkFlowsSoonAfterAnOutage()
    {
        QFETCH(bool, isFootbridge);
        QFETCH(int, outageMs);
        PipeConfig config = link(isFootbridge);
        config.streams.sendBufferBytes = 256 * 1024;
        LossyPipe pipe(1, config);
        Bulk bulk(pipe, pipe.open());
        bulk.runFor(2s);
        pipe.cut();
        bulk.runFor(std::chrono::milliseconds(outageMs));
        pipe.mend();
        const std::size_t before = bulk.arrived();
        // One probe interval and a way there; a round trip more if all bytes had arrived and only acks were lost.
        const bool flows = pipe.runUntil(
            [&] {
                bulk.push();
                return bulk.arrived() > before;
            },
            isFootbridge ? 100ms : 130ms);
        QVERIFY(flows);
        // And at full speed again soon: more than a window in the following seconds.
        bulk.runFor(3s);
        QVERIFY2(bulk.arrived() - before > (isFootbridge ? 3'000'000 : 1'000'000),
                 qPrintable(QString::number(bulk.arrived() - before)));
        QVERIFY(!pipe.sawStaleDeadline());
    }

    void silenceBeyondTheLimitEndsTheStream_data() { addKinds(); }
    void silenceBeyondTheLimitEndsTheStream()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        pipe.runFor(1s);
        pipe.cut();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("?"), pipe.now());
        pipe.drain();
        pipe.runFor(119s);
        QVERIFY(!pipe.ended(kClient, pair.client));
        const auto status = pipe.engine(kClient).status(pipe.now());
        QVERIFY(status.front().silentFor >= 118s);
        QVERIFY(status.front().segmentsRetransmitted > 100);
        pipe.runFor(2s);
        const auto ended = pipe.ended(kClient, pair.client);
        QVERIFY(ended && ended->error && ended->error->code == fb::ErrorCode::PeerSilent);
        QVERIFY(!pipe.engine(kClient).nextDeadline().has_value());
    }

    // Often enough that bytes flow 100 ms after an outage, for as long as somebody may wait; then seldom, then never.
    void probesEverySixtyMillisecondsForTwoMinutes()
    {
        PipeConfig config = link(true);
        config.streams.silenceLimit = 5min;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        pipe.runFor(1s);
        std::vector<fb::Instant> probes;
        pipe.setFilter([&](std::size_t from, const Transmit&) {
            if (from == kClient)
                probes.push_back(pipe.now());
            return false;
        });
        const fb::Instant start = pipe.now();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("?"), pipe.now());
        pipe.drain();
        const auto probesBetween = [&](fb::Duration from, fb::Duration to) {
            return std::ranges::count_if(probes,
                                         [&](fb::Instant when) { return when > start + from && when <= start + to; });
        };
        pipe.runFor(299s);
        QVERIFY2(probesBetween(5s, 65s) >= 990 && probesBetween(5s, 65s) <= 1010,
                 qPrintable(QString::number(probesBetween(5s, 65s))));
        QVERIFY(probesBetween(65s, 115s) >= 825);
        const auto late = probesBetween(130s, 230s);
        QVERIFY2(late >= 195 && late <= 205, qPrintable(QString::number(late)));
        QVERIFY(!pipe.ended(kClient, pair.client));
        pipe.runFor(2s);
        QVERIFY(pipe.ended(kClient, pair.client).has_value());
        const auto before = probes.size();
        pipe.runFor(10min);
        QCOMPARE(probes.size(), before);
    }

    void aChangeOfPathRetransmitsAtOnce_data() { addKinds(); }
    void aChangeOfPathRetransmitsAtOnce()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        pipe.runFor(1s);
        pipe.cut();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("still here"), pipe.now());
        pipe.drain();
        pipe.runFor(30s);
        pipe.mend();
        pipe.engine(kClient).pathChanged(pipe.idOf(kServer), pipe.traits(), pipe.now());
        pipe.drain();
        pipe.runFor(20ms);
        QCOMPARE(fb::textOf(pipe.readAll(kServer, pair.server)), std::string("still here"));
    }

    // Who only receives has nothing to say that would show the sender the way.
    void aChangeOfPathShowsThePeerTheWay_data() { addKinds(); }
    void aChangeOfPathShowsThePeerTheWay()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        pipe.runFor(1s);
        const auto before = pipe.framesSent(kClient);
        pipe.engine(kClient).pathChanged(pair.client, pipe.traits(), pipe.now());
        pipe.drain();
        QCOMPARE(pipe.framesSent(kClient), before + 1);
        QCOMPARE(decodeFrame(pipe.lastSent(kClient).payload)->header.type, FrameType::Ack);
    }

    void segmentsShrinkWithANarrowerPath_data() { addKinds(); }
    void segmentsShrinkWithANarrowerPath()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, link(isFootbridge));
        const auto pair = pipe.open();
        const fb::ByteVector bytes(20000, 'y');
        QCOMPARE(pipe.engine(kClient).write(pair.client, bytes, pipe.now()), bytes.size());
        pipe.drain(); // large segments are under way and will not arrive
        pipe.setFilter([](std::size_t, const Transmit& frame) { return frame.payload.size() <= 500; });
        PeerTraits narrow = pipe.traits();
        narrow.payloadBytesMax = 500;
        pipe.engine(kClient).pathChanged(pipe.idOf(kServer), narrow, pipe.now());
        pipe.drain();
        pipe.runFor(3s);
        QCOMPARE(pipe.readAll(kServer, pair.server), bytes);
    }

    void anIdleStreamAsksNowAndThenAndNoticesADeadPeer()
    {
        LossyPipe pipe(1, link(true));
        const auto pair = pipe.open();
        pipe.runFor(10min);
        QVERIFY(!pipe.ended(kClient, pair.client));
        QVERIFY(pipe.counter(kClient, "keepalives-sent") >= 20);
        QVERIFY(pipe.framesSent(kClient) < 200);
        pipe.cut();
        pipe.runFor(135s);
        const auto ended = pipe.ended(kClient, pair.client);
        QVERIFY(ended && ended->error && ended->error->code == fb::ErrorCode::PeerSilent);
    }

    void anIdleStreamToAPlainPeerSendsNothing()
    {
        LossyPipe pipe(1, link(false));
        (void)pipe.open();
        pipe.runFor(1s);
        const auto before = pipe.framesSent(kClient) + pipe.framesSent(kServer);
        pipe.runFor(10min);
        QCOMPARE(pipe.framesSent(kClient) + pipe.framesSent(kServer), before);
    }

    void aStreamThatIsAnsweredSlowlyIsNotSilent()
    {
        PipeConfig config = link(true);
        config.delay = 3s;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(50000, 'z'), pipe.now());
        pipe.drain();
        pipe.runFor(200s);
        QCOMPARE(pipe.readAll(kServer, pair.server).size(), std::size_t{50000});
    }
};

QTEST_GUILESS_MAIN(OutageTest)
#include "tst_Outage.moc"
