// SPDX-License-Identifier: Apache-2.0
// Opening streams: by loss, twice, refused, given up, both ways at once, and too many.
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <set>

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

std::optional<fb::ErrorCode> errorOf(const std::optional<Ended>& ended)
{
    return ended && ended->error ? std::optional(ended->error->code) : std::nullopt;
}

fb::ByteVector connectFrame(std::uint32_t number)
{
    return encodeHeader({FrameType::Connect, number, 0}, 0);
}

} // namespace

class HandshakeTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void bothWaysCarryBytesOnceOpen_data()
    {
        QTest::addColumn<bool>("isFootbridge");
        QTest::newRow("options") << true;
        QTest::newRow("plain") << false;
    }
    void bothWaysCarryBytesOnceOpen()
    {
        QFETCH(bool, isFootbridge);
        PipeConfig config;
        config.isFootbridge = isFootbridge;
        LossyPipe pipe(1, config);
        const auto pair = pipe.open(4);
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).front().service, std::uint16_t{4});
        QVERIFY(pipe.eventsOf<ConnectRequested>(kServer).front().peer == pipe.idOf(kClient));
        QCOMPARE(pipe.engine(kClient).write(pair.client, fb::bytesOf("question"), pipe.now()), std::size_t{8});
        QCOMPARE(pipe.engine(kServer).write(pair.server, fb::bytesOf("answer"), pipe.now()), std::size_t{6});
        pipe.drain();
        pipe.runFor(50ms);
        QCOMPARE(fb::textOf(pipe.readAll(kServer, pair.server)), std::string("question"));
        QCOMPARE(fb::textOf(pipe.readAll(kClient, pair.client)), std::string("answer"));
        QCOMPARE(pipe.eventsOf<Readable>(kServer).size(), std::size_t{1});
    }

    void bytesMayBeWrittenBeforeTheAccept()
    {
        LossyPipe pipe(1, {});
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        QCOMPARE(pipe.engine(kClient).write(*client, fb::bytesOf("early"), pipe.now()), std::size_t{5});
        pipe.drain();
        pipe.runFor(50ms);
        const auto server = pipe.eventsOf<ConnectRequested>(kServer).front().stream;
        QCOMPARE(fb::textOf(pipe.readAll(kServer, server)), std::string("early"));
    }

    void survivesTheLossOfAnyOneHandshakeFrame_data()
    {
        QTest::addColumn<int>("lost");
        QTest::newRow("connect") << 0;
        QTest::newRow("accept") << 1;
        QTest::newRow("first ack") << 3;
    }
    void survivesTheLossOfAnyOneHandshakeFrame()
    {
        QFETCH(int, lost);
        LossyPipe pipe(1, {});
        int losses = 0;
        pipe.setFilter([&losses, lost](std::size_t, const Transmit& frame) {
            return typeOf(frame) != static_cast<FrameType>(lost) || ++losses > 1;
        });
        const auto pair = pipe.open();
        QCOMPARE(pipe.engine(kServer).write(pair.server, fb::bytesOf("hello"), pipe.now()), std::size_t{5});
        pipe.drain();
        QVERIFY(pipe.runUntil([&] { return !pipe.eventsOf<Readable>(kClient).empty(); }, 600ms));
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{1});
        QCOMPARE(pipe.eventsOf<Opened>(kClient).size(), std::size_t{1});
    }

    void repeatedConnectsAreOneStream()
    {
        PipeConfig config;
        config.duplicate = 1.0;
        LossyPipe pipe(1, config);
        (void)pipe.open();
        pipe.runFor(1s);
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{1});
        QCOMPARE(pipe.engine(kServer).status(pipe.now()).size(), std::size_t{1});
        QVERIFY(pipe.counter(kServer, "connects-repeated") > 0);
    }

    void refusalsSayWhyBetweenFootbridgePeers_data()
    {
        QTest::addColumn<bool>("isNoSuchService");
        QTest::newRow("no such service") << true;
        QTest::newRow("not allowed") << false;
    }
    void refusalsSayWhyBetweenFootbridgePeers()
    {
        QFETCH(bool, isNoSuchService);
        LossyPipe pipe(1, {});
        pipe.setAutoAccept(false);
        pipe.setHandler([&](std::size_t end, const Event& event) {
            if (const auto* request = std::get_if<ConnectRequested>(&event))
                pipe.engine(end).refuse(request->stream, isNoSuchService ? Refusal::NoSuchService : Refusal::NotAllowed,
                                        pipe.now());
        });
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 9, pipe.traits(), pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        QVERIFY(errorOf(pipe.ended(kClient, *client)) ==
                (isNoSuchService ? fb::ErrorCode::NoSuchService : fb::ErrorCode::NotAllowed));
        QVERIFY(pipe.engine(kServer).status(pipe.now()).empty());
    }

    void refusesAPlainPeerWithABareClose()
    {
        PipeConfig config;
        config.isFootbridge = false;
        LossyPipe pipe(1, config);
        pipe.setAutoAccept(false);
        pipe.setHandler([&](std::size_t end, const Event& event) {
            if (const auto* request = std::get_if<ConnectRequested>(&event))
                pipe.engine(end).refuse(request->stream, Refusal::NotAllowed, pipe.now());
        });
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 9, pipe.traits(), pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        QCOMPARE(pipe.lastSent(kServer).payload.size(), kHeaderBytes);
        QVERIFY(typeOf(pipe.lastSent(kServer)) == FrameType::Close);
        QVERIFY(errorOf(pipe.ended(kClient, *client)) == fb::ErrorCode::NoSuchService);
    }

    void aConnectNobodyAnswersTimesOut()
    {
        LossyPipe pipe(1, {});
        pipe.cut();
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        pipe.drain();
        pipe.runFor(9900ms);
        QVERIFY(!pipe.ended(kClient, *client));
        QVERIFY(pipe.framesSent(kClient) >= 15); // asked often enough to be answered soon after an outage
        pipe.runFor(200ms);
        QVERIFY(errorOf(pipe.ended(kClient, *client)) == fb::ErrorCode::TimedOut);
        QVERIFY(!pipe.engine(kClient).nextDeadline().has_value());
    }

    void aConnectTheUserNeverAnswersIsForgotten()
    {
        LossyPipe pipe(1, {});
        pipe.setAutoAccept(false);
        pipe.inject(kServer, 20000, 3, connectFrame(77));
        const auto request = pipe.eventsOf<ConnectRequested>(kServer).front();
        pipe.runFor(11s);
        QVERIFY(errorOf(pipe.ended(kServer, request.stream)) == fb::ErrorCode::TimedOut);
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{0});
    }

    void aConnectGivenUpTakesTheQuestionBack()
    {
        LossyPipe pipe(1, {});
        pipe.setAutoAccept(false);
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        pipe.drain();
        pipe.runFor(10ms);
        const auto request = pipe.eventsOf<ConnectRequested>(kServer).front();
        pipe.engine(kClient).abort(*client, pipe.now());
        pipe.drain();
        pipe.runFor(10ms);
        QVERIFY(errorOf(pipe.ended(kServer, request.stream)) == fb::ErrorCode::ConnectionReset);
    }

    void bothEndsMayConnectAtOnceWithEqualPortsAndNumbers()
    {
        PipeConfig config;
        config.fixedRandom = 0x59cc0000; // the same client port and the same initial numbers on both sides
        LossyPipe pipe(1, config);
        const auto fromClient = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        const auto fromServer = pipe.engine(kServer).connect(pipe.idOf(kClient), 3, pipe.traits(), pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        QCOMPARE(pipe.eventsOf<Opened>(kClient).size(), std::size_t{1});
        QCOMPARE(pipe.eventsOf<Opened>(kServer).size(), std::size_t{1});
        QCOMPARE(pipe.engine(kClient).write(*fromClient, fb::bytesOf("c"), pipe.now()), std::size_t{1});
        QCOMPARE(pipe.engine(kServer).write(*fromServer, fb::bytesOf("s"), pipe.now()), std::size_t{1});
        pipe.drain();
        pipe.runFor(100ms);
        const auto atServer = pipe.eventsOf<ConnectRequested>(kServer).front().stream;
        const auto atClient = pipe.eventsOf<ConnectRequested>(kClient).front().stream;
        QCOMPARE(fb::textOf(pipe.readAll(kServer, atServer)), std::string("c"));
        QCOMPARE(fb::textOf(pipe.readAll(kClient, atClient)), std::string("s"));
    }

    void clientPortsDifferBetweenStreamsOfOnePeer()
    {
        LossyPipe pipe(1, {});
        std::set<std::uint16_t> ports;
        pipe.setFilter([&ports](std::size_t from, const Transmit& frame) {
            if (from == kClient && typeOf(frame) == FrameType::Connect)
                ports.insert(frame.sourcePort);
            return true;
        });
        for (int count = 0; count < 200; ++count)
            (void)pipe.open();
        QCOMPARE(ports.size(), std::size_t{200});
        QVERIFY(*ports.begin() >= 16384);
    }

    void clientPortsKeepClearOfThoseOfPrivateMessages()
    {
        PipeConfig config;
        config.fixedRandom = 0xffffffff; // draws the highest port
        LossyPipe pipe(1, config);
        (void)pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        pipe.drain();
        QVERIFY(pipe.lastSent(kClient).sourcePort < 0xfb00);
    }

    void aFloodOfConnectsFillsNoMoreThanItsShare()
    {
        PipeConfig config;
        config.streams.halfOpenMax = 40;
        LossyPipe pipe(1, config);
        pipe.setAutoAccept(false);
        for (std::uint16_t port = 0; port < 500; ++port)
            pipe.inject(kServer, static_cast<std::uint16_t>(20000 + port), 3, connectFrame(port));
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{10}); // a quarter for one peer
        QCOMPARE(pipe.counter(kServer, "half-open-limit-reached"), std::uint64_t{490});
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{0});
    }

    void streamsAreLimitedBothWays()
    {
        PipeConfig config;
        config.streams.streamsMax = 2;
        LossyPipe pipe(1, config);
        (void)pipe.open();
        (void)pipe.open();
        const auto third = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        QVERIFY(!third.has_value() && third.error().code == fb::ErrorCode::LimitReached);
        pipe.inject(kServer, 20000, 3, connectFrame(1));
        QCOMPARE(pipe.counter(kServer, "streams-limit-reached"), std::uint64_t{1});
    }

    void aPeerThatRestartedGetsItsNewConnectThrough()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        pipe.runFor(10ms);
        const Transmit ack = pipe.lastSent(kClient);
        const fb::ByteVector fresh = connectFrame(0x12345678); // the restarted peer draws the same port
        pipe.setAutoAccept(false);
        pipe.inject(kServer, ack.sourcePort, ack.destinationPort, fresh);
        QVERIFY(typeOf(pipe.lastSent(kServer)) == FrameType::Ack); // a proof of life, nothing else
        QVERIFY(!pipe.ended(kServer, pair.server));
        // The restarted peer does not know that ack's stream and resets it with the ack's own numbers.
        const auto proof = decodeFrame(pipe.lastSent(kServer).payload);
        const auto reset = encodeHeader({FrameType::Close, proof->header.acknowledge, proof->header.sequence}, 0);
        pipe.inject(kServer, ack.sourcePort, ack.destinationPort, reset);
        QVERIFY(errorOf(pipe.ended(kServer, pair.server)) == fb::ErrorCode::ConnectionReset);
        pipe.inject(kServer, ack.sourcePort, ack.destinationPort, fresh);
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{2});
    }

    void servicePortsAreChecked()
    {
        LossyPipe pipe(1, {});
        for (const std::uint16_t service : {std::uint16_t{0}, std::uint16_t{16384}, std::uint16_t{65535}}) {
            const auto refused = pipe.engine(kClient).connect(pipe.idOf(kServer), service, pipe.traits(), pipe.now());
            QVERIFY(!refused.has_value() && refused.error().code == fb::ErrorCode::InvalidArgument);
        }
        pipe.inject(kServer, 3, 20000, connectFrame(1));
        QCOMPARE(pipe.counter(kServer, "connects-to-client-ports"), std::uint64_t{1});
        QVERIFY(pipe.events(kServer).empty());
    }
};

QTEST_GUILESS_MAIN(HandshakeTest)
#include "tst_Handshake.moc"
