// SPDX-License-Identifier: Apache-2.0
// Streams over whole networks: many hops, rough weather, a path that dies under a copy, a partition of a minute.
#include "tests/sim/SimNet.h"
#include "tests/sim/SimStreams.h"

#include <QTest>

#include <algorithm>

using namespace fb;
using namespace fb::sim;
using namespace std::chrono_literals;

namespace {

ByteVector pattern(std::size_t count, std::uint64_t seed)
{
    SeededRandom random(seed);
    ByteVector bytes(count);
    for (auto& byte : bytes)
        byte = static_cast<std::uint8_t>(random.next32());
    return bytes;
}

/// A client and an echoing server at the two ends of a network, and the copy between them.
class Copy {
public:
    Copy(SimNet& net, NodeIndex client, NodeIndex server) : m_net(net), m_client(client), m_server(server)
    {
        auto up = std::make_unique<SimStreams>(100 + client, SimStreams::Service::Keep, net.now());
        auto down = std::make_unique<SimStreams>(200 + server, SimStreams::Service::Echo, net.now());
        m_up = up.get();
        net.setUpper(client, std::move(up));
        net.setUpper(server, std::move(down));
        net.watch(client);
        net.watch(server);
    }

    [[nodiscard]] bool open()
    {
        const auto knows = [this] { return m_net.engine(m_client).paths(m_net.id(m_server), 1).has_value(); };
        if (!m_net.runUntil(knows, 10s))
            return false;
        m_net.runFor(2s); // the link is known before the board is, and the board tells how to speak
        const auto stream = m_up->connect(m_net.engine(m_client), m_net.id(m_server), m_net.now());
        m_net.settle(m_client);
        m_stream = stream.value_or(0);
        return stream.has_value();
    }

    /// Offers the rest of the bytes; to be called again and again.
    void push(Bytes bytes)
    {
        if (m_written < bytes.size()) {
            m_written += m_up->write(m_net.engine(m_client), m_stream, bytes.subspan(m_written), m_net.now());
            if (m_written == bytes.size())
                m_up->closeWriting(m_net.engine(m_client), m_stream, m_net.now());
            m_net.settle(m_client);
        }
    }

    [[nodiscard]] bool runToEnd(Bytes bytes, Duration limit)
    {
        return m_net.runUntil(
            [&] {
                push(bytes);
                return received().isEnded;
            },
            limit);
    }

    [[nodiscard]] const SimStreams::Received& received() { return m_up->received(m_stream); }
    [[nodiscard]] SimStreams& streams() { return *m_up; }

private:
    SimNet& m_net;
    NodeIndex m_client;
    NodeIndex m_server;
    SimStreams* m_up = nullptr;
    stream::StreamId m_stream = 0;
    std::size_t m_written = 0;
};

constexpr Conditions kSlow{.loss = 0, .delayMin = 5ms, .delayMax = 5ms};

/// A chain of this many nodes, in order.
std::vector<SegmentIndex> chain(SimNet& net, std::size_t nodes)
{
    for (std::size_t node = 0; node < nodes; ++node)
        net.addNode();
    std::vector<SegmentIndex> segments;
    for (NodeIndex node = 0; node + 1 < nodes; ++node)
        segments.push_back(net.link(node, node + 1));
    return segments;
}

} // namespace

class tst_SimStreams : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void copiesOverManyHops_data()
    {
        QTest::addColumn<int>("seed");
        for (int seed = 1; seed <= 6; ++seed)
            QTest::newRow(qPrintable(QString("seed %1").arg(seed))) << seed;
    }
    void copiesOverManyHops()
    {
        QFETCH(int, seed);
        SimNet net(static_cast<std::uint64_t>(seed));
        chain(net, 5);
        Copy copy(net, 0, 4);
        QVERIFY(copy.open());
        // The map is learnt on a quiet network; the copy has to live with a rough one. No damage: there is no checksum
        // in the stream's format, Ethernet's own is what guards it.
        net.setConditions({.loss = 0.02, .duplicate = 0.02, .delayMin = 100us, .delayMax = 3ms});
        const auto bytes = pattern(150'000, static_cast<std::uint64_t>(seed));
        QVERIFY(copy.runToEnd(bytes, 5min));
        QVERIFY(!copy.received().error);
        QCOMPARE(copy.received().bytes, bytes);
    }

    void aCopyMovesToTheOtherPathWhenItsOwnDies()
    {
        SimNet net(7, kSlow);
        for (int node = 0; node < 4; ++node)
            net.addNode();
        const auto cheap = net.link(0, 1);
        net.link(1, 3);
        net.link(0, 2, {.cost = 500}, {.cost = 500});
        net.link(2, 3, {.cost = 500}, {.cost = 500});
        Copy copy(net, 0, 3);
        QVERIFY(copy.open());
        const auto bytes = pattern(20'000'000, 7);
        (void)copy.runToEnd(bytes, 100ms);
        QVERIFY(!copy.received().isEnded);
        net.cut(cheap);
        QVERIFY(copy.runToEnd(bytes, 2min));
        QVERIFY(!copy.received().error);
        QVERIFY(copy.received().bytes == bytes);
        QVERIFY(copy.streams().pathChanges() > 0);
    }

    void aCopySurvivesAMinuteOfPartition()
    {
        SimNet net(8, kSlow);
        chain(net, 3);
        Copy copy(net, 0, 2);
        QVERIFY(copy.open());
        const auto bytes = pattern(20'000'000, 8);
        (void)copy.runToEnd(bytes, 100ms);
        net.partition({0, 1});
        QVERIFY(!copy.runToEnd(bytes, 60s));
        QVERIFY(!copy.received().isEnded);
        net.heal();
        QVERIFY(copy.runToEnd(bytes, 2min));
        QVERIFY(!copy.received().error);
        QVERIFY(copy.received().bytes == bytes);
    }

    void aPeerThatNeverComesBackIsNoticed()
    {
        SimNet net(9);
        chain(net, 3);
        Copy copy(net, 0, 2);
        QVERIFY(copy.open());
        net.runFor(1s);
        net.stop(2);
        copy.push(pattern(1000, 9));
        net.runFor(150s);
        QVERIFY(copy.received().isEnded);
        QVERIFY(copy.received().error && copy.received().error->code == ErrorCode::PeerSilent);
    }

    void aPeerThatRestartedResetsTheStream_data()
    {
        QTest::addColumn<bool>("isPlain");
        QTest::newRow("options") << false;
        QTest::newRow("plain") << true;
    }
    void aPeerThatRestartedResetsTheStream()
    {
        QFETCH(bool, isPlain);
        SimNet net(10);
        chain(net, 2);
        Copy copy(net, 0, 1);
        if (isPlain)
            copy.streams().setSpeech(SimStreams::Speech::Plain);
        QVERIFY(copy.open());
        net.runFor(1s);
        net.stop(1);
        net.setUpper(1, std::make_unique<SimStreams>(999, SimStreams::Service::Echo, net.now()));
        net.start(1);
        copy.push(pattern(1000, 10));
        net.runFor(20s);
        QVERIFY(copy.received().isEnded);
        QVERIFY(copy.received().error && copy.received().error->code == ErrorCode::ConnectionReset);
    }

    void aSeedIsAHistory()
    {
        const auto hashOf = [](std::uint64_t seed) {
            SimNet net(seed, {.loss = 0.05, .delayMin = 100us, .delayMax = 5ms});
            chain(net, 3);
            Copy copy(net, 0, 2);
            if (copy.open())
                (void)copy.runToEnd(pattern(50'000, seed), 1min);
            return net.traceHash();
        };
        QCOMPARE(hashOf(11), hashOf(11));
        QVERIFY(hashOf(11) != hashOf(12));
    }
};

QTEST_GUILESS_MAIN(tst_SimStreams)
#include "tst_SimStreams.moc"
