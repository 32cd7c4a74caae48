// SPDX-License-Identifier: Apache-2.0
// Real engines in the positions of the nodes of the published captures emit the published bytes.
#include "core/romon/Codec.h"
#include "tests/sim/SimNet.h"
#include "tests/support/CapturedFrames.h"

#include <QTest>

using namespace fb;
using namespace std::chrono_literals;

namespace {

romon::RomonId id(const char* text)
{
    return *romon::RomonId::parse(text);
}

MacAddress mac(const char* text)
{
    return *MacAddress::parse(text);
}

/// The payloads that one port sent.
class Recorder {
public:
    explicit Recorder(sim::SimNet& net)
    {
        net.setObserver([this](const sim::SentFrame& sent) {
            m_packets[{sent.node, sent.port}].emplace_back(sent.frame.begin() + 14, sent.frame.end());
        });
    }

    [[nodiscard]] bool has(sim::NodeIndex node, overlay::PortId port, const ByteVector& packet) const
    {
        const auto found = m_packets.find({node, port});
        return found != m_packets.end() && std::ranges::find(found->second, packet) != found->second.end();
    }

private:
    std::map<std::pair<sim::NodeIndex, overlay::PortId>, std::vector<ByteVector>> m_packets;
};

/// The four nodes of the Data captures in a row; the names follow the path of the ping.
struct DataRow {
    sim::SimNet net{1};
    sim::NodeIndex a = net.addNode({.id = id("d4ca6ddd8cba"), .role = overlay::Role::Leaf});
    sim::NodeIndex b = net.addNode({.id = id("6c3b6bc000ba")});
    sim::NodeIndex c = net.addNode({.id = id("e48d8c7b5a80")});
    sim::NodeIndex d = net.addNode({.id = id("18fd7475de23"), .role = overlay::Role::Leaf});
    Recorder recorder{net};

    DataRow()
    {
        net.link(a, b, {.mac = mac("d4ca6ddd8cba"), .linkId = 0x06}, {.mac = mac("6c3b6bc000ba"), .linkId = 0x1b});
        net.link(b, c, {.mac = mac("6c3b6bc000bb"), .linkId = 0x06}, {.mac = mac("e48d8c7b5a84"), .linkId = 0x06});
        net.link(c, d, {.mac = mac("e48d8c7b5a85"), .linkId = 0x29}, {.mac = mac("18fd7475de22"), .linkId = 0x0a});
        net.watch(a);
        net.runFor(500ms);
    }

    void send(sim::NodeIndex from, romon::RomonId target, const romon::Data& data)
    {
        const auto sent = net.engine(from).sendData(target, data.sourcePort, data.destinationPort, data.payload,
                                                    overlay::Transmit::Class::Interactive, net.now());
        QVERIFY(sent.has_value());
        net.settle(from);
        net.runFor(100ms);
    }
};

} // namespace

class tst_EngineVectors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksAsPublished();
    void answersAsPublished();
    void forwardsAsPublished();
    void forwardsASecondTimeAsPublished();
    void sendsDataAsPublished_data();
    void sendsDataAsPublished();
    void returnsEchoAsPublished();
    void answersAlongTheWayBackAsPublished();
    void pingsAsPublished();

private:
    const std::map<std::string, ByteVector> m_frames = test::capturedFrames();
};

void tst_EngineVectors::asksAsPublished()
{
    sim::SimNet net(1);
    const Recorder recorder(net);
    const auto asker = net.addNode({.id = id("aabbccddeeff")});
    net.attach(asker, net.addSegment(), {.mac = mac("d4ca6ddd8cbe"), .l2Mtu = 1598, .linkId = 0x0a});
    net.watch(asker);
    QVERIFY(recorder.has(asker, 0, m_frames.at("discover_originated")));
}

/// Identity, version and board are the node's own; every other byte is the published one.
void tst_EngineVectors::answersAsPublished()
{
    sim::SimNet net(1);
    const Recorder recorder(net);
    const auto asker = net.addNode({.id = id("aabbccddeeff")});
    const auto responder = net.addNode({.id = id("18fd7473c53a"), .identity = "DuneGW"});
    net.link(asker, responder, {.mac = mac("d4ca6ddd8cbe"), .l2Mtu = 1598, .linkId = 0x0a},
             {.mac = mac("18fd7473c53a"), .l2Mtu = 1592, .linkId = 0x0c});
    net.watch(asker);
    net.runFor(100ms);
    const auto captured = romon::decode(m_frames.at("discover_reply_direct"));
    auto expected = std::get<romon::DiscoverResp>(*captured);
    expected.version = romon::Version{.major = 0, .minor = 1, .kind = 'f', .revision = 0};
    expected.board = "Footbridge";
    QVERIFY(recorder.has(responder, 0, romon::encode(expected)));
}

void tst_EngineVectors::forwardsAsPublished()
{
    sim::SimNet net(1);
    const Recorder recorder(net);
    const auto origin = net.addNode({.id = id("6c3b6bc000ba")});
    const auto forwarder = net.addNode({.id = id("6c3b6b4c3b9c")});
    net.link(origin, forwarder, {.mac = mac("6c3b6bc000ba")},
             {.mac = mac("6c3b6b4c3ba0"), .l2Mtu = 1598, .linkId = 0x0d});
    net.attach(forwarder, net.addSegment(), {.mac = mac("6c3b6b4c3b9c"), .l2Mtu = 1594, .linkId = 0x10});
    net.watch(origin);
    net.runFor(100ms);
    QVERIFY(recorder.has(forwarder, 1, m_frames.at("discover_forwarded_1hop")));
}

void tst_EngineVectors::forwardsASecondTimeAsPublished()
{
    sim::SimNet net(1);
    const Recorder recorder(net);
    const auto origin = net.addNode({.id = id("18fd7475de23")});
    const auto first = net.addNode({.id = id("e48d8c7b5a80")});
    const auto second = net.addNode({.id = id("6c3b6b4c3b9c")});
    net.link(origin, first, {.mac = mac("18fd7475de22")}, {.mac = mac("e48d8c7b5a85"), .linkId = 0x29});
    net.link(first, second, {.mac = mac("e48d8c7b5a84")}, {.mac = mac("6c3b6b4c3ba0"), .l2Mtu = 1598, .linkId = 0x0d});
    net.attach(second, net.addSegment(), {.mac = mac("6c3b6b4c3b9c"), .l2Mtu = 1594, .linkId = 0x10});
    net.watch(origin);
    net.runFor(100ms);
    QVERIFY(recorder.has(second, 1, m_frames.at("discover_forwarded_2hop")));
}

void tst_EngineVectors::sendsDataAsPublished_data()
{
    QTest::addColumn<QString>("name");
    for (const auto* name :
         {"data_ssh_syn_1", "data_ssh_syn_2", "data_ssh_ack", "data_ssh_banner", "data_ping", "data_winbox_syn"})
        QTest::newRow(name) << name;
}

void tst_EngineVectors::sendsDataAsPublished()
{
    QFETCH(QString, name);
    DataRow row;
    const ByteVector& packet = m_frames.at(name.toStdString());
    const auto message = romon::decode(packet);
    row.send(row.a, id("18fd7475de23"), std::get<romon::Data>(*message));
    QVERIFY(row.recorder.has(row.a, 0, packet));
}

void tst_EngineVectors::returnsEchoAsPublished()
{
    DataRow row;
    const auto message = romon::decode(m_frames.at("data_ping"));
    row.send(row.a, id("18fd7475de23"), std::get<romon::Data>(*message));
    QVERIFY(row.recorder.has(row.b, 0, m_frames.at("data_pong")));
}

/// The far node never asked for a map: it holds the way back because the connect brought it.
void tst_EngineVectors::answersAlongTheWayBackAsPublished()
{
    DataRow row;
    QVERIFY(row.net.snapshot(row.d).roundsAsked == 0);
    const auto connect = romon::decode(m_frames.at("data_ssh_syn_1"));
    row.send(row.a, id("18fd7475de23"), std::get<romon::Data>(*connect));
    const auto accept = romon::decode(m_frames.at("data_ssh_synack"));
    row.send(row.d, id("d4ca6ddd8cba"), std::get<romon::Data>(*accept));
    QVERIFY(row.recorder.has(row.b, 0, m_frames.at("data_ssh_synack")));
    const auto& received = row.net.events(row.a).back();
    QVERIFY(std::holds_alternative<overlay::DataReceived>(received));
}

/// The source port of a ping is ours to choose; every other byte is the published one.
void tst_EngineVectors::pingsAsPublished()
{
    DataRow row;
    ByteVector sent;
    row.net.setObserver([&](const sim::SentFrame& frame) {
        if (frame.node == row.a && frame.frame.at(14) == 3)
            sent.assign(frame.frame.begin() + 14, frame.frame.end());
    });
    QVERIFY(row.net.engine(row.a).ping(id("18fd7475de23"), 7, 32, 1s, row.net.now()).has_value());
    row.net.settle(row.a);
    ByteVector expected = m_frames.at("data_ping");
    QCOMPARE(sent.size(), expected.size());
    std::copy_n(sent.begin() + 76, 2, expected.begin() + 76);
    QCOMPARE(sent, expected);
}

QTEST_GUILESS_MAIN(tst_EngineVectors)
#include "tst_EngineVectors.moc"
