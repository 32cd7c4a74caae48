// SPDX-License-Identifier: Apache-2.0
// What connects in the names of others make an agent do: nothing that costs more than an entry of a table.
#include "AgentHarness.h"
#include "core/romon/Codec.h"
#include "core/stream/Frame.h"
#include "core/wire/Ethernet.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace fb;
using namespace fb::agent;
using namespace fb::agent::test;

namespace {

constexpr std::uint16_t kEcho = 7;

/// A connect in a name that nobody has, with a way back that ends at nobody.
ByteVector connectOfNobody(std::uint8_t number, const MacAddress& to)
{
    romon::Data data;
    data.header = {.auth = {}, .source = idOf(static_cast<std::uint8_t>(100 + number % 100)), .destination = idOf(2)};
    data.hops.entries.push_back({.linkId = 1, .mac = to});
    data.sourcePort = static_cast<std::uint16_t>(20000 + number);
    data.destinationPort = kEcho;
    data.payload = stream::encodeHeader({.type = stream::FrameType::Connect, .sequence = number, .acknowledge = 0}, 0);
    ByteVector frame;
    wire::encodeEthernet({.destination = to, .source = ethernet("fox", 99).mac, .etherType = romon::kEtherType}, frame);
    const ByteVector packet = romon::encode(data);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
}

} // namespace

class TestForgedConnects : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void startsNoProgramForAConnectOfNobody();
};

/// Whoever only asks, in names that nobody has, costs entries of a table and takes no session from others.
void TestForgedConnects::startsNoProgramForAConnectOfNobody()
{
    constexpr std::size_t kForged = 100;
    const QTemporaryDir directory;
    const auto started = directory.filePath(QStringLiteral("started"));
    auto program = echoProgram();
    program.argv = {"/bin/sh", "-c", "echo once >> " + started.toStdString() + "; exec cat"};
    program.sessionsMax = 1;
    link::VirtualSegment segment{{.interfaces = {"a", "b", "fox"}}};
    TestNode client({segment}, {.number = 1, .interfaces = {"a"}});
    TestNode server({segment}, {.number = 2, .interfaces = {"b"}, .services = {{kEcho, program}}});
    auto fox = link::VirtualLinkFactory({segment}).open("fox");
    QVERIFY(fox);
    const auto statistics = [&server] {
        const auto taken = waitFor<StatisticsTaken>(server.service(), server.service().submit(GetStatistics{}));
        return taken ? taken->statistics : Statistics{};
    };
    const auto halfOpen = [](const Statistics& of) {
        const auto table = std::ranges::find(of.tables, "streams-half-open", &TableFill::name);
        return table == of.tables.end() ? 0 : table->used;
    };
    // Its port may not be open yet when the first are sent.
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    for (std::uint8_t forged = 0; halfOpen(statistics()) < kForged && std::chrono::steady_clock::now() < deadline;)
        std::ignore = (*fox)->send(connectOfNobody(++forged, ethernet("b", 32).mac));
    QVERIFY(halfOpen(statistics()) >= kForged);
    QCOMPARE(statistics().servicesRunning, 0U);

    const auto request = client.service().submit(OpenStream{idOf(2), kEcho});
    const auto opened = waitFor<StreamOpened>(client.service(), request);
    QVERIFY(opened);
    QCOMPARE(exchange(opened->socket.get(), "hello"), std::string("hello"));
    QCOMPARE(statistics().servicesRunning, 1U);
    QCOMPARE(statistics().streams.size(), std::size_t{1});
    QFile file(started);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("once\n"));
}

QTEST_GUILESS_MAIN(TestForgedConnects)
#include "tst_ForgedConnects.moc"
