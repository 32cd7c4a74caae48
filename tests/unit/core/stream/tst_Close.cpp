// SPDX-License-Identifier: Apache-2.0
// Ending streams: half-close, both at once, lost last acks, aborts, and resets that are or are not to be believed.
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

FrameType typeOf(const Transmit& frame)
{
    return static_cast<FrameType>(frame.payload.at(0));
}

PipeConfig peers(bool isFootbridge)
{
    PipeConfig config;
    config.isFootbridge = isFootbridge;
    return config;
}

void addKinds()
{
    QTest::addColumn<bool>("isFootbridge");
    QTest::newRow("options") << true;
    QTest::newRow("plain") << false;
}

bool endedWell(const LossyPipe& pipe, const LossyPipe::Pair& pair)
{
    const auto client = pipe.ended(kClient, pair.client);
    const auto server = pipe.ended(kServer, pair.server);
    return client && server && !client->error && !server->error;
}

std::optional<fb::ErrorCode> errorOf(const std::optional<Ended>& ended)
{
    return ended && ended->error ? std::optional(ended->error->code) : std::nullopt;
}

} // namespace

class CloseTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatEndedBeforeItsRequestWasHeardOfIsNotRefusedAgain()
    {
        LossyPipe pipe(1, {});
        auto& server = pipe.engine(kServer);
        const auto peer = pipe.idOf(kClient);
        // Both before any event is drained, as when a layer below has held them back.
        server.receive(peer, 20000, 7, encodeHeader({FrameType::Connect, 77, 0}, 0), pipe.now());
        const fb::ByteVector reset = encodeHeader({.type = FrameType::Close, .sequence = 77, .acknowledge = 0}, 0);
        server.receive(peer, 20000, 7, reset, pipe.now());
        const auto request = server.nextEvent();
        QVERIFY(request && std::holds_alternative<ConnectRequested>(*request));
        const auto stream = std::get<ConnectRequested>(*request).stream;
        QVERIFY(!server.contains(stream));
        server.refuse(stream, Refusal::NoSuchService, pipe.now());
        const auto ended = server.nextEvent();
        QVERIFY(ended && std::holds_alternative<Ended>(*ended) && std::get<Ended>(*ended).stream == stream);
        QVERIFY(!server.nextEvent() && !server.nextTransmit());
    }

    void halfClosedStreamsGoOnTheOtherWay_data() { addKinds(); }
    void halfClosedStreamsGoOnTheOtherWay()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, peers(isFootbridge));
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("last words"), pipe.now());
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        QCOMPARE(pipe.engine(kClient).write(pair.client, fb::bytesOf("more"), pipe.now()), std::size_t{0});
        pipe.drain();
        pipe.runFor(30s);
        QVERIFY(!pipe.engine(kServer).atEnd(pair.server));
        QCOMPARE(fb::textOf(pipe.readAll(kServer, pair.server)), std::string("last words"));
        QVERIFY(pipe.engine(kServer).atEnd(pair.server));
        QVERIFY(!pipe.ended(kServer, pair.server));
        (void)pipe.engine(kServer).write(pair.server, fb::bytesOf("and the answer"), pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        QCOMPARE(fb::textOf(pipe.readAll(kClient, pair.client)), std::string("and the answer"));
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        QVERIFY(endedWell(pipe, pair));
        QVERIFY(pipe.engine(kClient).status(pipe.now()).empty());
    }

    void bothMayCloseAtOnce_data() { addKinds(); }
    void bothMayCloseAtOnce()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, peers(isFootbridge));
        const auto pair = pipe.open();
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        QVERIFY(endedWell(pipe, pair));
    }

    void theEndIsNewsForTheReader()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        QCOMPARE(pipe.eventsOf<Readable>(kServer).size(), std::size_t{1});
        QVERIFY(pipe.engine(kServer).atEnd(pair.server));
    }

    void staysUntilTheLastByteIsRead()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("unread"), pipe.now());
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(10min);
        QVERIFY(pipe.ended(kClient, pair.client) && !pipe.ended(kServer, pair.server));
        QCOMPARE(fb::textOf(pipe.readAll(kServer, pair.server)), std::string("unread"));
        QVERIFY(endedWell(pipe, pair));
    }

    void survivesTheLossOfTheLastAck_data() { addKinds(); }
    void survivesTheLossOfTheLastAck()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, peers(isFootbridge));
        const auto pair = pipe.open();
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        int acksLost = 0;
        pipe.setFilter([&acksLost](std::size_t from, const Transmit& frame) {
            return from != kClient || typeOf(frame) != FrameType::Ack || ++acksLost > 5;
        });
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(5s);
        QVERIFY(acksLost > 5);
        QVERIFY(endedWell(pipe, pair));
    }

    void bytesWhoseAcksWereLostForAMinuteStillCount_data() { addKinds(); }
    void bytesWhoseAcksWereLostForAMinuteStillCount()
    {
        QFETCH(bool, isFootbridge);
        LossyPipe pipe(1, peers(isFootbridge));
        const auto pair = pipe.open();
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        pipe.setFilter([](std::size_t from, const Transmit&) { return from != kClient; });
        (void)pipe.engine(kServer).write(pair.server, fb::bytesOf("last words"), pipe.now());
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        QCOMPARE(fb::textOf(pipe.readAll(kClient, pair.client)), std::string("last words"));
        pipe.runFor(60s);
        QVERIFY(pipe.ended(kClient, pair.client) && !pipe.ended(kServer, pair.server));
        pipe.setFilter({});
        pipe.runFor(1s);
        QVERIFY(endedWell(pipe, pair));
    }

    void endsWellEvenIfThePeerHasForgottenAllBeforeItsAckArrived()
    {
        PipeConfig config;
        config.streams.streamsMax = 2; // as many ended streams are remembered
        LossyPipe pipe(1, config);
        const auto pair = pipe.open();
        const auto port = pipe.lastSent(kClient).sourcePort;
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        pipe.setFilter(
            [port](std::size_t from, const Transmit& frame) { return from != kClient || frame.sourcePort != port; });
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        for (int count = 0; count < 2; ++count) {
            const auto other = pipe.open();
            pipe.engine(kClient).closeWriting(other.client, pipe.now());
            pipe.engine(kServer).closeWriting(other.server, pipe.now());
            pipe.drain();
            pipe.runFor(1s);
            QVERIFY(endedWell(pipe, other));
        }
        QVERIFY(pipe.ended(kClient, pair.client) && !pipe.ended(kServer, pair.server));
        pipe.setFilter({});
        pipe.runFor(1s);
        QVERIFY(endedWell(pipe, pair));
    }

    void endsTowardsAPlainPeerThatNeverConfirmsTheClose()
    {
        LossyPipe pipe(1, peers(false));
        const auto pair = pipe.open();
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        // The peer counts a close as nothing, as it counts a connect as nothing.
        pipe.setFilter([](std::size_t from, const Transmit&) { return from != kServer; });
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.drain();
        pipe.runFor(6s);
        const auto ended = pipe.ended(kClient, pair.client);
        QVERIFY(ended && !ended->error);
    }

    void abortResetsThePeer()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        pipe.engine(kClient).abort(pair.client, pipe.now());
        pipe.drain();
        QVERIFY(errorOf(pipe.ended(kClient, pair.client)) == fb::ErrorCode::Cancelled);
        pipe.runFor(10ms);
        QVERIFY(errorOf(pipe.ended(kServer, pair.server)) == fb::ErrorCode::ConnectionReset);
    }

    void abortIsUnderstoodEvenIfItsFrameIsLost()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        pipe.cut();
        pipe.engine(kClient).abort(pair.client, pipe.now());
        pipe.drain();
        pipe.mend();
        (void)pipe.engine(kServer).write(pair.server, fb::bytesOf("anybody there?"), pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        QVERIFY(errorOf(pipe.ended(kServer, pair.server)) == fb::ErrorCode::ConnectionReset);
    }

    void abortAllLeavesNothing()
    {
        LossyPipe pipe(1, {});
        for (int count = 0; count < 20; ++count)
            (void)pipe.open();
        pipe.engine(kClient).abortAll(pipe.now());
        pipe.drain();
        pipe.runFor(100ms);
        QVERIFY(pipe.engine(kClient).status(pipe.now()).empty());
        QVERIFY(pipe.engine(kServer).status(pipe.now()).empty());
        QVERIFY(!pipe.engine(kServer).nextDeadline().has_value());
    }

    void aStreamTheOtherEndDoesNotKnowIsReset()
    {
        LossyPipe pipe(1, {});
        const auto bytes = encodeHeader({FrameType::Data, 1000, 2000}, 0);
        pipe.inject(kServer, 20000, 3, bytes);
        const auto answer = decodeFrame(pipe.lastSent(kServer).payload);
        QVERIFY(answer->header == (Header{FrameType::Close, 2000, 1000}));
        QCOMPARE(pipe.lastSent(kServer).payload.size(), kHeaderBytes);
        QCOMPARE(pipe.lastSent(kServer).destinationPort, std::uint16_t{20000});
    }

    void resetsAreNeverAnswered()
    {
        LossyPipe pipe(1, {});
        pipe.inject(kServer, 20000, 3, encodeHeader({FrameType::Close, 1000, 2000}, 0));
        auto withReason = encodeHeader({FrameType::Close, 1000, 2000}, 1);
        appendReason(withReason, CloseReason::Aborted);
        pipe.inject(kServer, 20000, 3, withReason);
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{0});
    }

    void strangersAreAnsweredAtALimitedRate()
    {
        LossyPipe pipe(1, {});
        for (std::uint32_t count = 0; count < 1000; ++count)
            pipe.inject(kServer, 20000, 3, encodeHeader({FrameType::Data, count, 2000}, 0));
        QCOMPARE(pipe.framesSent(kServer), std::uint64_t{64});
        QCOMPARE(pipe.counter(kServer, "resets-withheld"), std::uint64_t{936});
    }

    void blindResetsAreNotBelieved()
    {
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        const auto last = pipe.lastSent(kClient);
        const auto right = decodeFrame(last.payload)->header;
        pipe.runFor(10ms);
        for (const std::uint32_t distance : {1U, 100U, 5000U, 0x40000000U, 0x80000000U, 0xffffffffU}) {
            auto reset = encodeHeader({FrameType::Close, right.sequence + distance, right.acknowledge}, 1);
            appendReason(reset, CloseReason::Aborted);
            pipe.inject(kServer, last.sourcePort, last.destinationPort, reset);
            reset = encodeHeader({FrameType::Close, right.sequence, right.acknowledge + distance}, 1);
            appendReason(reset, CloseReason::Aborted);
            pipe.inject(kServer, last.sourcePort, last.destinationPort, reset);
        }
        QVERIFY(!pipe.ended(kServer, pair.server));
        QVERIFY(pipe.counter(kServer, "resets-unexpected") > 0);
        auto exact = encodeHeader({FrameType::Close, right.sequence, right.acknowledge}, 1);
        appendReason(exact, CloseReason::Aborted);
        pipe.inject(kServer, last.sourcePort, last.destinationPort, exact);
        QVERIFY(errorOf(pipe.ended(kServer, pair.server)) == fb::ErrorCode::ConnectionReset);
    }

    void aTruncatedStreamNeverLooksComplete()
    {
        // The peer lost its memory in the middle: the reader must see an error, not an orderly end.
        LossyPipe pipe(1, {});
        const auto pair = pipe.open();
        const auto last = pipe.lastSent(kClient);
        const auto numbers = decodeFrame(last.payload)->header;
        const auto unknown = encodeHeader({FrameType::Close, numbers.sequence, numbers.acknowledge}, 0);
        pipe.inject(kServer, last.sourcePort, last.destinationPort, unknown);
        QVERIFY(errorOf(pipe.ended(kServer, pair.server)) == fb::ErrorCode::ConnectionReset);
    }

    void aPlainPeerThatOnlyRepeatsItsCloseHasGone()
    {
        LossyPipe pipe(1, peers(false));
        const auto pair = pipe.open();
        const auto last = pipe.lastSent(kServer);
        const auto numbers = decodeFrame(last.payload)->header;
        pipe.cut();
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("to nobody"), pipe.now());
        pipe.drain();
        const auto close = encodeHeader({FrameType::Close, numbers.sequence, numbers.acknowledge}, 0);
        for (int seconds = 0; seconds < 121; ++seconds) {
            pipe.runFor(1s);
            pipe.inject(kClient, last.sourcePort, last.destinationPort, close);
        }
        QVERIFY(errorOf(pipe.ended(kClient, pair.client)) == fb::ErrorCode::PeerSilent);
    }

    void bytesToAPlainPeerThatLostItsMemoryAreNotCalledDelivered()
    {
        // The new peer answers each frame by a close with the frame's own numbers; none of them is an acknowledgement.
        LossyPipe pipe(1, peers(false));
        const auto pair = pipe.open();
        const auto last = pipe.lastSent(kServer);
        pipe.runFor(100ms);
        (void)pipe.engine(kClient).write(pair.client, fb::ByteVector(5000, 'd'), pipe.now());
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        std::vector<fb::ByteVector> answers;
        for (int round = 0; round < 5; ++round) {
            while (const auto frame = pipe.engine(kClient).nextTransmit()) {
                const auto header = decodeFrame(frame->payload)->header;
                if (header.type != FrameType::Close)
                    answers.push_back(encodeHeader({FrameType::Close, header.acknowledge, header.sequence}, 0));
            }
            for (const auto& answer : answers)
                pipe.engine(kClient).receive(pipe.idOf(kServer), last.sourcePort, last.destinationPort, answer,
                                             pipe.now());
            answers.clear();
        }
        pipe.drain();
        QVERIFY(errorOf(pipe.ended(kClient, pair.client)) == fb::ErrorCode::ConnectionReset);
    }

    void lateFramesOfAnEndedStreamOpenNothing()
    {
        LossyPipe pipe(1, {});
        std::optional<Transmit> connect;
        pipe.setFilter([&connect](std::size_t from, const Transmit& frame) {
            if (from == kClient && typeOf(frame) == FrameType::Connect)
                connect = frame;
            return true;
        });
        const auto pair = pipe.open();
        pipe.engine(kClient).closeWriting(pair.client, pipe.now());
        pipe.engine(kServer).closeWriting(pair.server, pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        QVERIFY(endedWell(pipe, pair));
        pipe.inject(kServer, connect->sourcePort, connect->destinationPort, connect->payload);
        QCOMPARE(pipe.eventsOf<ConnectRequested>(kServer).size(), std::size_t{1});
        QVERIFY(pipe.counter(kServer, "segments-stale") > 0);
    }
};

QTEST_GUILESS_MAIN(CloseTest)
#include "tst_Close.moc"
