// SPDX-License-Identifier: Apache-2.0
// Frames with wrong numbers, forged by somebody who knows the ports but not the numbers, or by a peer that lies. Each
// is dropped and counted under its own name, and the stream goes on.
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

/// An open stream and what a frame from the client looks like now.
struct Attack {
    LossyPipe pipe;
    LossyPipe::Pair pair;
    Transmit ports;
    Header right;
    bool hasStamps;

    explicit Attack(bool isFootbridge = true)
        : pipe(1, configOf(isFootbridge)), pair(pipe.open()), ports(pipe.lastSent(kClient)), hasStamps(isFootbridge)
    {
        right = decodeFrame(ports.payload)->header;
        pipe.runFor(1s);
    }

    static PipeConfig configOf(bool isFootbridge)
    {
        PipeConfig config;
        config.isFootbridge = isFootbridge;
        return config;
    }

    void send(FrameType type, std::uint32_t sequence, std::uint32_t acknowledge, fb::Bytes body = {})
    {
        auto payload = encodeHeader({type, sequence, acknowledge}, kStampsBytes + body.size());
        if (hasStamps && (type == FrameType::Data || type == FrameType::Ack))
            appendStamps(payload, {.sent = 1, .echo = 0});
        payload.insert(payload.end(), body.begin(), body.end());
        pipe.inject(kServer, ports.sourcePort, ports.destinationPort, payload);
    }
    [[nodiscard]] bool stillWorks()
    {
        (void)pipe.readAll(kServer, pair.server);
        (void)pipe.engine(kClient).write(pair.client, fb::bytesOf("hello"), pipe.now());
        (void)pipe.engine(kServer).write(pair.server, fb::bytesOf("world"), pipe.now());
        pipe.drain();
        pipe.runFor(1s);
        return fb::textOf(pipe.readAll(kServer, pair.server)) == "hello" &&
               fb::textOf(pipe.readAll(kClient, pair.client)) == "world";
    }
};

const fb::ByteVector kEvil = fb::bytesOf("rm -rf /");

} // namespace

class HostileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acksOfWhatWasNeverSent()
    {
        Attack attack;
        for (const std::uint32_t distance : {1U, 1000U, 0x7fffffffU})
            attack.send(FrameType::Data, attack.right.sequence, attack.right.acknowledge + distance, kEvil);
        QCOMPARE(attack.pipe.counter(kServer, "acks-for-unsent"), std::uint64_t{3});
        QVERIFY(attack.pipe.readAll(kServer, attack.pair.server).empty());
        QVERIFY(attack.stillWorks());
    }

    void acksOfTheDistantPast()
    {
        Attack attack;
        attack.send(FrameType::Data, attack.right.sequence, attack.right.acknowledge - 0x40000000U, kEvil);
        QCOMPARE(attack.pipe.counter(kServer, "acks-too-old"), std::uint64_t{1});
        QVERIFY(attack.pipe.readAll(kServer, attack.pair.server).empty());
        QVERIFY(attack.stillWorks());
    }

    void bytesFarFromWhatIsExpected()
    {
        Attack attack;
        attack.send(FrameType::Data, attack.right.sequence + 0x40000000U, attack.right.acknowledge, kEvil);
        attack.send(FrameType::Data, attack.right.sequence + (1U << 20U), attack.right.acknowledge, kEvil);
        QCOMPARE(attack.pipe.counter(kServer, "bytes-outside-window"), std::uint64_t{2});
        attack.send(FrameType::Data, attack.right.sequence - 0x40000000U, attack.right.acknowledge, kEvil);
        QCOMPARE(attack.pipe.counter(kServer, "segments-stale"), std::uint64_t{1});
        QVERIFY(attack.pipe.readAll(kServer, attack.pair.server).empty());
        QVERIFY(attack.stillWorks());
    }

    void ackBodiesThatAreNone()
    {
        Attack attack;
        attack.send(FrameType::Ack, attack.right.sequence, attack.right.acknowledge, fb::ByteVector(3));
        attack.send(FrameType::Ack, attack.right.sequence, attack.right.acknowledge, fb::ByteVector(4 + 129 * 8, 1));
        QCOMPARE(attack.pipe.counter(kServer, "ack-bodies-malformed"), std::uint64_t{2});
        QVERIFY(attack.stillWorks());
    }

    void framesWithoutTheirStamps()
    {
        Attack attack;
        attack.hasStamps = false;
        attack.send(FrameType::Data, attack.right.sequence, attack.right.acknowledge, fb::bytesOf("rm"));
        attack.send(FrameType::Ack, attack.right.sequence, attack.right.acknowledge);
        QCOMPARE(attack.pipe.counter(kServer, "stamps-missing"), std::uint64_t{2});
        QVERIFY(attack.pipe.readAll(kServer, attack.pair.server).empty());
        QVERIFY(attack.stillWorks());
    }

    void rangesOfWhatWasNeverSent()
    {
        Attack attack;
        fb::ByteVector body;
        const std::uint32_t base = attack.right.acknowledge;
        appendAckBody(body, {.windowBytes = 1000, .ranges = {{base + 100, base + 200}, {base, base - 1}}});
        attack.send(FrameType::Ack, attack.right.sequence, base, body);
        QCOMPARE(attack.pipe.counter(kServer, "acks-for-unsent"), std::uint64_t{2});
        QVERIFY(attack.stillWorks());
    }

    // Each range is a walk through what it covers.
    void rangesThatCoverTheSameAgain()
    {
        for (const bool isAscending : {true, false}) {
            Attack attack;
            attack.pipe.cut();
            (void)attack.pipe.engine(kServer).write(attack.pair.server, fb::ByteVector(5000, 's'), attack.pipe.now());
            attack.pipe.drain();
            const std::uint32_t base = attack.right.acknowledge;
            const WireRange low{base + 1000, base + 2500};
            const WireRange high{base + 2000, base + 3000};
            fb::ByteVector body;
            appendAckBody(
                body, {.windowBytes = 60000, .ranges = isAscending ? std::vector{low, high} : std::vector{high, low}});
            attack.send(FrameType::Ack, attack.right.sequence, base, body);
            QCOMPARE(attack.pipe.counter(kServer, "ack-bodies-malformed"), std::uint64_t{1});
        }
    }

    void aWindowOfAllBytesThereAreIsHarmless()
    {
        Attack attack;
        fb::ByteVector body;
        appendAckBody(body, {.windowBytes = 0xffffffff, .ranges = {}});
        attack.send(FrameType::Ack, attack.right.sequence, attack.right.acknowledge, body);
        const fb::ByteVector much(2U << 20U, 'm');
        QCOMPARE(attack.pipe.engine(kServer).write(attack.pair.server, much, attack.pipe.now()),
                 std::size_t{1U << 20U});
        attack.pipe.drain();
        QVERIFY(attack.pipe.longestDrain() < 64);
    }

    void oneHoleTooMany()
    {
        Attack attack;
        for (std::uint32_t index = 0; index < 1100; ++index)
            attack.send(FrameType::Data, attack.right.sequence + 100 + 10 * index, attack.right.acknowledge,
                        fb::ByteVector{1});
        QCOMPARE(attack.pipe.counter(kServer, "reorder-limit-reached"), std::uint64_t{1100 - 1024});
        auto ack = decodeFrame(attack.pipe.lastSent(kServer).payload);
        QVERIFY(takeStamps(ack->body).has_value());
        QVERIFY(decodeAckBody(ack->body).has_value()); // still one that our own decoder takes
    }

    void twoDifferentEnds()
    {
        Attack attack;
        const fb::ByteVector end{static_cast<std::uint8_t>(CloseReason::End)};
        attack.send(FrameType::Close, attack.right.sequence + 50, attack.right.acknowledge, end);
        attack.send(FrameType::Close, attack.right.sequence + 60, attack.right.acknowledge, end);
        attack.send(FrameType::Data, attack.right.sequence + 49, attack.right.acknowledge, kEvil);
        QCOMPARE(attack.pipe.counter(kServer, "closes-contradictory"), std::uint64_t{2});
        QVERIFY(!attack.pipe.engine(kServer).atEnd(attack.pair.server));
    }

    void replayedFramesChangeNothing()
    {
        Attack attack;
        std::vector<Transmit> seen;
        attack.pipe.setFilter([&seen](std::size_t from, const Transmit& frame) {
            if (from == kClient)
                seen.push_back(frame);
            return true;
        });
        (void)attack.pipe.engine(kClient).write(attack.pair.client, fb::ByteVector(20000, 'r'), attack.pipe.now());
        attack.pipe.drain();
        attack.pipe.runFor(1s);
        QCOMPARE(attack.pipe.readAll(kServer, attack.pair.server).size(), std::size_t{20000});
        const auto recorded = seen;
        for (const Transmit& frame : recorded)
            attack.pipe.inject(kServer, frame.sourcePort, frame.destinationPort, frame.payload);
        QVERIFY(attack.pipe.readAll(kServer, attack.pair.server).empty());
        QVERIFY(attack.pipe.counter(kServer, "segments-repeated") >= 14);
        QVERIFY(attack.stillWorks());
    }

    void framesThatAreNone()
    {
        Attack attack;
        attack.pipe.inject(kServer, attack.ports.sourcePort, attack.ports.destinationPort, fb::ByteVector(9));
        attack.pipe.inject(kServer, attack.ports.sourcePort, attack.ports.destinationPort, fb::ByteVector(10, 99));
        attack.pipe.inject(kServer, attack.ports.sourcePort, attack.ports.destinationPort, {});
        QCOMPARE(attack.pipe.counter(kServer, "frames-truncated"), std::uint64_t{2});
        QCOMPARE(attack.pipe.counter(kServer, "frames-of-unknown-type"), std::uint64_t{1});
        QVERIFY(attack.stillWorks());
    }

    void acceptsNobodyAskedFor()
    {
        Attack attack;
        attack.send(FrameType::Accept, attack.right.sequence, attack.right.acknowledge);
        QCOMPARE(attack.pipe.counter(kServer, "accepts-unexpected"), std::uint64_t{1});
        LossyPipe pipe(1, {});
        pipe.cut();
        const auto client = pipe.engine(kClient).connect(pipe.idOf(kServer), 3, pipe.traits(), pipe.now());
        pipe.drain();
        const Transmit connect = pipe.lastSent(kClient);
        const auto number = decodeFrame(connect.payload)->header.sequence;
        pipe.inject(kClient, connect.destinationPort, connect.sourcePort,
                    encodeHeader({FrameType::Accept, 5, number + 1}, 0));
        pipe.inject(kClient, connect.destinationPort, connect.sourcePort,
                    encodeHeader({FrameType::Close, 5, number + 1}, 0));
        QVERIFY(pipe.eventsOf<Opened>(kClient).empty() && !pipe.ended(kClient, *client));
        QCOMPARE(pipe.counter(kClient, "accepts-unexpected"), std::uint64_t{1});
        QCOMPARE(pipe.counter(kClient, "resets-unexpected"), std::uint64_t{1});
    }

    void optionsThatLieMakeAPlainStream()
    {
        LossyPipe pipe(1, {});
        auto connect = encodeHeader({FrameType::Connect, 5, 0}, 2);
        connect.insert(connect.end(), {2, 200});
        pipe.inject(kServer, 20000, 3, connect);
        QCOMPARE(pipe.counter(kServer, "options-malformed"), std::uint64_t{1});
        QCOMPARE(pipe.lastSent(kServer).payload.size(), kHeaderBytes); // a plain accept
    }

    void oneStreamsTroubleIsNotAnothers()
    {
        Attack attack;
        const auto other = attack.pipe.open();
        auto reset = encodeHeader({FrameType::Close, attack.right.sequence, attack.right.acknowledge}, 1);
        appendReason(reset, CloseReason::Aborted);
        attack.pipe.inject(kServer, attack.ports.sourcePort, attack.ports.destinationPort, reset);
        QVERIFY(attack.pipe.ended(kServer, attack.pair.server));
        (void)attack.pipe.engine(kClient).write(other.client, fb::bytesOf("fine"), attack.pipe.now());
        attack.pipe.drain();
        attack.pipe.runFor(1s);
        QCOMPARE(fb::textOf(attack.pipe.readAll(kServer, other.server)), std::string("fine"));
    }

    void challengesAreLimited()
    {
        Attack attack;
        const auto before = attack.pipe.framesSent(kServer);
        for (std::uint32_t count = 1; count <= 1000; ++count)
            attack.send(FrameType::Connect, count, 0);
        QCOMPARE(attack.pipe.framesSent(kServer), before + 1);
        QCOMPARE(attack.pipe.counter(kServer, "connects-unexpected"), std::uint64_t{1000});
    }
};

QTEST_GUILESS_MAIN(HostileTest)
#include "tst_Hostile.moc"
