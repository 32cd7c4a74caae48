// SPDX-License-Identifier: Apache-2.0
// When what arrives is acknowledged, and what an ack says of holes. A peer made by hand sends one segment at a time;
// time stands still unless a test says otherwise.
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <chrono>
#include <optional>
#include <vector>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kServer = LossyPipe::kServer;
constexpr std::uint16_t kPort = 30000;
constexpr std::uint16_t kService = 3;
constexpr std::uint32_t kFirstNumber = 0xfffff000; // wraps soon
constexpr std::size_t kSegmentBytes = 1400 - kHeaderBytes - kStampsBytes;
/// Read while it comes, a buffer of this size grows once, early, and tells of its window no sooner than of 16 segments.
constexpr std::size_t kReceiveBytes = 128 * 1024;

PipeConfig quiet()
{
    PipeConfig config;
    config.streams.receiveBufferBytes = kReceiveBytes;
    return config;
}

class Peer {
public:
    explicit Peer(std::uint8_t version) : m_version(version)
    {
        // What the server says is looked at here and goes no further.
        m_pipe.setFilter([this](std::size_t from, const Transmit& frame) {
            if (from != kServer)
                return false;
            const auto decoded = decodeFrame(frame.payload);
            if (decoded && decoded->header.type == FrameType::Ack)
                m_acks.push_back(frame.payload);
            if (decoded && decoded->header.type == FrameType::Accept)
                m_theirNumber = decoded->header.sequence;
            return false;
        });
        fb::ByteVector connect = encodeHeader({FrameType::Connect, kFirstNumber, 0}, 0);
        appendOptions(connect, {.version = version, .windowBytes = 65536});
        m_pipe.inject(kServer, kPort, kService, connect);
        send(FrameType::Ack, 0, {});
        m_acks.clear();
    }

    /// Stream bytes from this offset on; read at once. Returns the acks that came.
    std::size_t bytes(std::uint64_t offset, std::size_t count)
    {
        send(FrameType::Data, offset, fb::ByteVector(count, 'x'));
        const auto stream = m_pipe.eventsOf<ConnectRequested>(kServer).back().stream;
        (void)m_pipe.readAll(kServer, stream);
        return takeAcks();
    }
    /// The next full segment in order.
    std::size_t segment()
    {
        m_sent += kSegmentBytes;
        return bytes(m_sent - kSegmentBytes, kSegmentBytes);
    }
    void close(std::uint64_t offset)
    {
        fb::ByteVector frame = header(FrameType::Close, offset);
        appendReason(frame, CloseReason::End);
        m_pipe.inject(kServer, kPort, kService, frame);
    }
    std::size_t takeAcks()
    {
        const std::size_t count = m_acks.size();
        if (count > 0)
            m_last = m_acks.back();
        m_acks.clear();
        return count;
    }
    /// What the last ack said of holes.
    [[nodiscard]] std::vector<WireRange> ranges() const
    {
        auto body = decodeFrame(m_last)->body;
        if (m_version >= kStampsVersion)
            (void)takeStamps(body);
        return decodeAckBody(body)->ranges;
    }
    [[nodiscard]] std::uint64_t sent() const { return m_sent; }
    LossyPipe& pipe() { return m_pipe; }

private:
    [[nodiscard]] fb::ByteVector header(FrameType type, std::uint64_t offset) const
    {
        return encodeHeader({type, kFirstNumber + static_cast<std::uint32_t>(offset), m_theirNumber}, 0);
    }
    void send(FrameType type, std::uint64_t offset, const fb::ByteVector& bytes)
    {
        fb::ByteVector frame = header(type, offset);
        if (m_version >= kStampsVersion)
            appendStamps(frame, {.sent = 1, .echo = 0});
        if (type == FrameType::Ack)
            appendAckBody(frame, {.windowBytes = 65536, .ranges = {}});
        frame.insert(frame.end(), bytes.begin(), bytes.end());
        m_pipe.inject(kServer, kPort, kService, frame);
    }

    LossyPipe m_pipe{1, quiet()};
    std::uint8_t m_version;
    std::uint32_t m_theirNumber = 0;
    std::uint64_t m_sent = 0;
    std::vector<fb::ByteVector> m_acks;
    fb::ByteVector m_last;
};

/// Past the first bytes, with the ack of everything so far just sent.
void settle(Peer& peer)
{
    while (peer.sent() < 2 * kReceiveBytes || peer.segment() == 0) {
        if (peer.sent() < 2 * kReceiveBytes)
            (void)peer.segment();
    }
}

} // namespace

class AcksTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theFirstBytesAreAcknowledgedInPairs()
    {
        Peer peer(2);
        for (int pair = 0; pair < 10; ++pair) {
            QCOMPARE(peer.segment(), std::size_t{0});
            QCOMPARE(peer.segment(), std::size_t{1});
        }
    }

    void laterEverySixteenthSegmentIs()
    {
        Peer peer(2);
        settle(peer);
        for (int round = 0; round < 10; ++round) {
            for (int segment = 1; segment < 16; ++segment)
                QCOMPARE(peer.segment(), std::size_t{0});
            QCOMPARE(peer.segment(), std::size_t{1});
            QVERIFY(peer.ranges().empty());
        }
    }

    void aPeerOfVersionOneKeepsItsPairs()
    {
        Peer peer(1);
        settle(peer);
        for (int pair = 0; pair < 10; ++pair) {
            QCOMPARE(peer.segment(), std::size_t{0});
            QCOMPARE(peer.segment(), std::size_t{1});
        }
    }

    void aLoneSegmentIsAcknowledgedSoon()
    {
        Peer peer(2);
        settle(peer);
        QCOMPARE(peer.segment(), std::size_t{0});
        peer.pipe().runFor(2ms);
        QCOMPARE(peer.takeAcks(), std::size_t{1});
        peer.pipe().runFor(1s);
        QCOMPARE(peer.takeAcks(), std::size_t{0});
    }

    void smallSegmentsAndClosesAreAcknowledgedAtOnce()
    {
        Peer peer(2);
        settle(peer);
        QCOMPARE(peer.bytes(peer.sent(), 1), std::size_t{1});
        QCOMPARE(peer.bytes(peer.sent() + 1, 100), std::size_t{1});
        peer.close(peer.sent() + 101);
        QCOMPARE(peer.takeAcks(), std::size_t{1});
    }

    void holesAndRepeatsAreAcknowledgedAtOnce()
    {
        Peer peer(2);
        settle(peer);
        const std::uint64_t hole = peer.sent();
        QCOMPARE(peer.bytes(hole + kSegmentBytes, kSegmentBytes), std::size_t{1});
        QCOMPARE(peer.ranges().size(), std::size_t{1});
        QCOMPARE(peer.bytes(hole - kSegmentBytes, kSegmentBytes), std::size_t{1}); // a repeat
        QCOMPARE(peer.bytes(hole, kSegmentBytes), std::size_t{1});                 // it is mended
        QVERIFY(peer.ranges().empty());
    }

    // Later segments behind a hole that the sender knows of are bulk like any other.
    void moreBehindAKnownHoleIsNoNews()
    {
        Peer peer(2);
        settle(peer);
        std::uint64_t next = peer.sent() + kSegmentBytes;
        QCOMPARE(peer.bytes(next, kSegmentBytes), std::size_t{1});
        for (int segment = 1; segment < 16; ++segment)
            QCOMPARE(peer.bytes(next += kSegmentBytes, kSegmentBytes), std::size_t{0});
        QCOMPARE(peer.bytes(next + kSegmentBytes, kSegmentBytes), std::size_t{1});
    }

    void anAckNamesSoManyHolesAndNoMore_data()
    {
        QTest::addColumn<int>("version");
        QTest::addColumn<std::size_t>("most");
        QTest::newRow("version 1") << 1 << std::size_t{32};
        QTest::newRow("version 2") << 2 << std::size_t{128};
    }
    void anAckNamesSoManyHolesAndNoMore()
    {
        QFETCH(int, version);
        QFETCH(std::size_t, most);
        Peer peer(static_cast<std::uint8_t>(version));
        const auto numberOf = [](std::uint64_t offset) { return kFirstNumber + static_cast<std::uint32_t>(offset); };
        for (std::size_t run = 1; run <= most + 10; ++run) {
            QCOMPARE(peer.bytes(2 * run, 1), std::size_t{1});
            const auto ranges = peer.ranges();
            QCOMPARE(ranges.size(), std::min(run, most));
            // All, ascending; or the lowest, and the newest with those just before it.
            const std::size_t latest = run <= most ? 0 : most / 4;
            for (std::size_t at = 0; at < ranges.size(); ++at) {
                const bool isLow = at < ranges.size() - latest;
                const std::size_t told = isLow ? at + 1 : run - (ranges.size() - 1 - at);
                QCOMPARE(ranges[at].begin, numberOf(2 * told));
                QCOMPARE(ranges[at].end, numberOf(2 * told + 1));
            }
        }
    }
};

QTEST_GUILESS_MAIN(AcksTest)
#include "tst_Acks.moc"
