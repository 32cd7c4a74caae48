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

/// Asks the server in a name that nobody has. The answer comes to the client, which knows of nothing.
void connectOfNobody(LossyPipe& pipe, std::uint32_t number)
{
    const fb::romon::RomonId peer{{{0x02, 9, 0, static_cast<std::uint8_t>(number >> 16U),
                                    static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}}};
    pipe.engine(kServer).receive(peer, 20000, 3, connectFrame(number), pipe.now());
    pipe.drain();
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

    void thePeerOfAnAcceptedStreamIsProvenOnceItHasHeardUs_data() { bothWaysCarryBytesOnceOpen_data(); }
    void thePeerOfAnAcceptedStreamIsProvenOnceItHasHeardUs()
    {
        QFETCH(bool, isFootbridge);
        PipeConfig config;
        config.isFootbridge = isFootbridge;
        LossyPipe pipe(1, config);
        bool isDeaf = true;
        pipe.setFilter([&isDeaf](std::size_t from, const Transmit&) { return from != kServer || !isDeaf; });
        QVERIFY(pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now()).has_value());
        pipe.drain();
        pipe.runFor(2s);
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{1});
        QVERIFY(pipe.eventsOf<PeerProven>(kServer).empty());
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), std::size_t{1});
        isDeaf = false;
        pipe.runFor(20s);
        const auto proofs = pipe.eventsOf<PeerProven>(kServer);
        QCOMPARE(proofs.size(), std::size_t{1});
        QCOMPARE(proofs.front().request.stream, pipe.eventsOf<ConnectRequested>(kServer).front().stream);
        QVERIFY(proofs.front().request.peer == pipe.idOf(kClient));
        QCOMPARE(proofs.front().request.service, std::uint16_t{3});
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), std::size_t{0});
        QVERIFY(pipe.eventsOf<Ended>(kServer).empty() && !pipe.sawStaleDeadline());
    }

    /// The client, in whose name it is, answers the accept by a reset: that it hears us proves that it never asked.
    void aConnectInTheNameOfAnotherProvesNobody_data()
    {
        QTest::addColumn<fb::ByteVector>("connect");
        auto withOptions = connectFrame(77);
        appendOptions(withOptions, {.windowBytes = 1U << 20U});
        QTest::newRow("options") << withOptions;
        QTest::newRow("plain") << connectFrame(77);
    }
    void aConnectInTheNameOfAnotherProvesNobody()
    {
        QFETCH(fb::ByteVector, connect);
        LossyPipe pipe(1, {});
        pipe.inject(kServer, 20000, 3, connect);
        const auto stream = pipe.eventsOf<ConnectRequested>(kServer).at(0).stream;
        pipe.runFor(100ms);
        QVERIFY(errorOf(pipe.ended(kServer, stream)) == fb::ErrorCode::ConnectionReset);
        QVERIFY(pipe.eventsOf<PeerProven>(kServer).empty());
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), std::size_t{0});
    }

    void nobodyIsAnsweredAFewTimesAndForgotten()
    {
        LossyPipe pipe(1, {});
        pipe.cut();
        pipe.inject(kServer, 20000, 3, connectFrame(77));
        const auto stream = pipe.eventsOf<ConnectRequested>(kServer).at(0).stream;
        pipe.runFor(4900ms);
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{5});
        QVERIFY(!pipe.ended(kServer, stream));
        pipe.runFor(200ms);
        QVERIFY(errorOf(pipe.ended(kServer, stream)) == fb::ErrorCode::TimedOut);
        pipe.runFor(20s);
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{5});
        QVERIFY(pipe.eventsOf<PeerProven>(kServer).empty() && pipe.eventsOf<Suspect>(kServer).empty());
        QVERIFY(!pipe.engine(kServer).nextDeadline().has_value());
    }

    void aRepeatedConnectIsAnsweredOnceAndNoNewPathMakesItMore()
    {
        LossyPipe pipe(1, {});
        pipe.cut();
        for (int count = 0; count < 50; ++count) {
            pipe.inject(kServer, 20000, 3, connectFrame(77));
            pipe.engine(kServer).pathChanged(pipe.idOf(kClient), pipe.traits(), pipe.now());
            pipe.drain();
            pipe.runFor(100ms);
        }
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{1});
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{50});
        pipe.runFor(4800ms); // counted from the last connect
        QVERIFY(pipe.eventsOf<Ended>(kServer).empty());
    }

    void whoProvesItselfAndFallsSilentIsNotKept()
    {
        LossyPipe pipe(1, {});
        pipe.cut();
        auto connect = connectFrame(77);
        appendOptions(connect, {.windowBytes = 1U << 20U});
        pipe.inject(kServer, 20000, 3, connect);
        const auto number = decodeFrame(pipe.lastSent(kServer).payload)->header.sequence;
        pipe.inject(kServer, 20000, 3, encodeHeader({FrameType::Ack, 77, number}, 0)); // without its stamps
        QCOMPARE(pipe.eventsOf<PeerProven>(kServer).size(), std::size_t{1});
        const auto stream = pipe.eventsOf<PeerProven>(kServer).front().request.stream;
        pipe.runFor(140s);
        QVERIFY(errorOf(pipe.ended(kServer, stream)) == fb::ErrorCode::PeerSilent);
    }

    void theOldestHalfOpenStreamGivesWay()
    {
        PipeConfig config;
        config.streams.halfOpenMax = 4;
        LossyPipe pipe(1, config);
        const auto earlier = pipe.open();
        pipe.runFor(100ms);
        for (std::uint8_t peer = 0; peer < 50; ++peer)
            connectOfNobody(pipe, peer);
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), std::size_t{4});
        QCOMPARE(pipe.counter(kServer, "half-open-limit-reached"), std::uint64_t{46});
        const auto requests = pipe.eventsOf<ConnectRequested>(kServer);
        const auto ends = pipe.eventsOf<Ended>(kServer);
        QCOMPARE(ends.size(), std::size_t{46});
        for (std::size_t at = 0; at < ends.size(); ++at) { // the first request is the client's
            QCOMPARE(ends[at].stream, requests[at + 1].stream);
            QVERIFY(errorOf(ends[at]) == fb::ErrorCode::LimitReached);
        }
        QCOMPARE(pipe.counter(kServer, "resets-sent"), std::uint64_t{0});
        QVERIFY(pipe.engine(kServer).contains(earlier.server));
        QCOMPARE(pipe.engine(kServer).status(pipe.now()).size(), std::size_t{1});
    }

    void thousandsOfForgedConnectsKeepNobodyOut()
    {
        LossyPipe pipe(1, {});
        std::uint32_t forged = 0;
        const auto flood = [&](int count) {
            for (; count > 0; --count)
                connectOfNobody(pipe, ++forged);
        };
        flood(5000);
        for (int sessions = 0; sessions < 10; ++sessions) {
            QVERIFY(pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now()).has_value());
            pipe.drain();
            for (int step = 0; step < 5; ++step) { // a round trip is two steps
                pipe.runFor(1ms);
                flood(200);
            }
        }
        QCOMPARE(pipe.eventsOf<Opened>(kClient).size(), std::size_t{10});
        QCOMPARE(pipe.eventsOf<PeerProven>(kServer).size(), std::size_t{10});
        QVERIFY(pipe.eventsOf<Ended>(kClient).empty());
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), Config{}.halfOpenMax);
        pipe.runFor(6s);
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), std::size_t{0});
        QCOMPARE(pipe.engine(kServer).status(pipe.now()).size(), std::size_t{10});
    }

    void halfOpenStreamsTakeNoPlaceOfOthers()
    {
        PipeConfig config;
        config.streams.streamsMax = 2;
        LossyPipe pipe(1, config);
        for (std::uint32_t peer = 0; peer < 20; ++peer)
            connectOfNobody(pipe, peer);
        (void)pipe.open();
        const auto ours = pipe.engine(kServer).connect(pipe.idOf(kClient), 3, pipe.traits(), pipe.now());
        QVERIFY(ours.has_value());
        pipe.drain();
        pipe.runFor(100ms);
        QCOMPARE(pipe.eventsOf<Opened>(kServer).size(), std::size_t{1});
    }

    void noMoreAreProvenThanThereIsRoomFor()
    {
        PipeConfig config;
        config.streams.streamsMax = 1;
        LossyPipe pipe(1, config);
        std::vector<fb::ByteVector> acks;
        for (std::uint16_t port = 20000; port < 20003; ++port) {
            pipe.engine(kServer).receive(fb::romon::RomonId{{{0x02, 9, 9, 9, 9, 9}}}, port, 3, connectFrame(77),
                                         pipe.now());
            pipe.cut();
            pipe.drain();
            const auto number = decodeFrame(pipe.lastSent(kServer).payload)->header.sequence;
            acks.push_back(encodeHeader({FrameType::Ack, 77, number}, 0));
        }
        for (std::uint16_t at = 0; at < 3; ++at)
            pipe.engine(kServer).receive(fb::romon::RomonId{{{0x02, 9, 9, 9, 9, 9}}},
                                         static_cast<std::uint16_t>(20000 + at), 3, acks[at], pipe.now());
        pipe.drain();
        QCOMPARE(pipe.eventsOf<PeerProven>(kServer).size(), std::size_t{1});
        QCOMPARE(pipe.eventsOf<Ended>(kServer).size(), std::size_t{2});
        QCOMPARE(pipe.counter(kServer, "streams-limit-reached"), std::uint64_t{2});
        QCOMPARE(pipe.counter(kServer, "resets-sent"), std::uint64_t{2});
        QCOMPARE(pipe.engine(kServer).status(pipe.now()).size(), std::size_t{1});
        QCOMPARE(pipe.engine(kServer).halfOpenStreams(), std::size_t{0});
    }

    void whatIsRefusedAfterAllSaysWhy()
    {
        LossyPipe pipe(1, {});
        pipe.setHandler([&](std::size_t end, const Event& event) {
            if (const auto* proof = std::get_if<PeerProven>(&event))
                pipe.engine(end).refuse(proof->request.stream, Refusal::NotAllowed, pipe.now());
        });
        const auto pair = pipe.open();
        pipe.runFor(100ms);
        QVERIFY(errorOf(pipe.ended(kClient, pair.client)) == fb::ErrorCode::NotAllowed);
        QVERIFY(pipe.eventsOf<Ended>(kServer).empty() && !pipe.engine(kServer).contains(pair.server));
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
        pipe.runFor(10ms); // until the second has proved itself
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
