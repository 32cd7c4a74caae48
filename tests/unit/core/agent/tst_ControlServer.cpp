// SPDX-License-Identifier: Apache-2.0
// The control socket as hostile, slow and well-behaved clients see it. The agent and its client run on one thread here:
// the test gives the agent its turns.
#include "AgentHarness.h"
#include "core/agent/ControlServer.h"
#include "core/agent/Message.h"
#include "core/agent/SocketPair.h"
#include "core/base/SeededRandom.h"
#include "core/runtime/SystemClock.h"

#include <QtTest>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace fb;
using namespace fb::agent;
using namespace fb::agent::test;

namespace {

/// Longer than any interval at which the agent does something by itself.
constexpr Duration kTurnMax = std::chrono::milliseconds(200);

/// An agent without interfaces, its server, and the client's end of one connection.
struct Bench {
    explicit Bench(ControlServer::Config config = {}) : server(agent, std::move(config)) { connect(); }

    void connect()
    {
        auto pair = makeSocketPair();
        server.adopt(std::move(pair->ours), runtime::now());
        client.emplace(std::move(pair->theirs), MessageChannel::Descriptors::Accept, MessageChannel::Limits{});
    }
    void turn()
    {
        agent.turn(runtime::now()); // what is ready now, and no waiting
        server.advance(runtime::now());
    }
    void send(const std::string& text) { QVERIFY(client->send(text, {})); }
    void send(const Message& message) { send(encodeMessage(message)); }
    void greet()
    {
        send(HelloMessage{kProtocolVersion, "test"});
        QVERIFY(std::holds_alternative<HelloMessage>(receive()));
    }
    /// The next message of the server; a goodbye without a reason if it just closed.
    Message receive()
    {
        for (int turns = 0; turns < 1000; ++turns) {
            const auto text = client->receive();
            if (!text)
                break;
            if (*text)
                return decodeMessage(**text).value();
            agent.turn(std::min(server.nextDeadline().value_or(Instant::max()), runtime::now() + kTurnMax));
            server.advance(runtime::now());
        }
        return GoodbyeMessage{Error{ErrorCode::Count, "nothing came"}};
    }
    ErrorCode reasonOfGoodbye()
    {
        const auto message = receive();
        const auto* goodbye = std::get_if<GoodbyeMessage>(&message);
        return goodbye ? goodbye->error.code : ErrorCode::Count;
    }
    std::uint64_t counter(const std::string& name)
    {
        const auto counters = server.counters();
        return std::ranges::find(counters, name, &overlay::NamedCounter::name)->value;
    }

    std::shared_ptr<TestInterfaces> interfaces = std::make_shared<TestInterfaces>(std::vector{ethernet("a", 1)});
    TestMonitor monitor{interfaces};
    link::VirtualSegment segment{{.interfaces = {"a", "b"}}};
    link::VirtualLinkFactory links{{segment}};
    SeededRandom random{1};
    Agent agent{{.id = idOf(1), .identity = "bench"}, {links, monitor, random, [](LogLevel, const std::string&) {}}};
    ControlServer server;
    std::optional<MessageChannel> client;
};

/// The text with its length before it, as it is on the socket.
std::string framed(const std::string& text, std::uint32_t length)
{
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U})
        bytes.push_back(static_cast<char>(length >> shift));
    return bytes + text;
}

} // namespace

class TestControlServer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersCommandsAfterAHello();
    void refusesAnotherProtocolVersion();
    void dismissesForBadMessages_data();
    void dismissesForBadMessages();
    void dismissesForAMessageThatIsTooLarge();
    void dismissesWhoeverSaysNothing();
    void allowsSoManyClients();
    void refusesUsersThatAreNotNamed();
    void sendsNoSnapshotsToAReaderThatIsBehind();
    void disconnectsAReaderThatNeverReads();
    void cancelsTheCommandsOfAClientThatLeaves();
    void takesCommandsThatCameInOnePiece();
};

void TestControlServer::answersCommandsAfterAHello()
{
    Bench bench;
    bench.greet();
    bench.send(CommandMessage{1, ListInterfaces{}});
    const auto message = bench.receive();
    const auto* event = std::get_if<EventMessage>(&message);
    QVERIFY(event);
    QCOMPARE(event->request, RequestId{1});
    const auto* listed = std::get_if<InterfacesListed>(&event->body);
    QVERIFY(listed);
    QCOMPARE(listed->interfaces.front().name, std::string("a"));
}

void TestControlServer::refusesAnotherProtocolVersion()
{
    Bench bench;
    bench.send(HelloMessage{kProtocolVersion + 1, "test"});
    QCOMPARE(bench.reasonOfGoodbye(), ErrorCode::ProtocolMismatch);
    bench.turn();
    QCOMPARE(bench.server.clients(), std::size_t{0});
}

void TestControlServer::dismissesForBadMessages_data()
{
    QTest::addColumn<QByteArray>("text");
    const auto row = [](const char* name, const QByteArray& text) { QTest::newRow(name) << text; };
    row("not JSON", "hello");
    row("empty", "");
    row("bad UTF-8", "{\"hello\":\"\xff\"}");
    row("no object", "[]");
    row("nested too deep", QByteArray(100000, '['));
    row("unknown kind", R"({"request":1,"bye":{}})");
    row("unknown command", R"({"request":1,"command":{"type":"reboot"}})");
    row("wrong type of a member", R"({"request":1,"command":{"type":"cancel","request":"x"}})");
    row("number out of range",
        R"({"request":1,"command":{"type":"open_stream","target":"02:00:00:00:00:01","service":65536,"lifetime":"request"}})");
    row("huge number", R"({"request":1e400,"command":{"type":"get_snapshot"}})");
    row("request 0", R"({"request":0,"command":{"type":"get_snapshot"}})");
    row("negative request", R"({"request":-1,"command":{"type":"get_snapshot"}})");
    row("an event", R"({"request":1,"event":{"type":"command_done"}})");
    row("a second hello", R"({"hello":{"protocol":1,"program":"test"}})");
}

void TestControlServer::dismissesForBadMessages()
{
    QFETCH(QByteArray, text);
    Bench bench;
    bench.greet();
    bench.send(text.toStdString());
    QCOMPARE(bench.reasonOfGoodbye(), ErrorCode::InvalidArgument);
    QCOMPARE(bench.counter("control-clients-bad-message"), std::uint64_t{1});
    bench.turn();
    QCOMPARE(bench.server.clients(), std::size_t{0});
}

void TestControlServer::dismissesForAMessageThatIsTooLarge()
{
    Bench bench;
    const auto bytes = framed("", MessageChannel::kTextBytesMax + 1);
    QCOMPARE(::send(bench.client->pollDescriptor(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    QCOMPARE(bench.reasonOfGoodbye(), ErrorCode::InvalidArgument);
}

void TestControlServer::dismissesWhoeverSaysNothing()
{
    ControlServer::Config config;
    config.helloTimeout = Duration::zero();
    Bench bench(std::move(config));
    QCOMPARE(bench.reasonOfGoodbye(), ErrorCode::TimedOut);
    QCOMPARE(bench.counter("control-clients-no-hello"), std::uint64_t{1});
}

void TestControlServer::allowsSoManyClients()
{
    ControlServer::Config config;
    config.clientsMax = 1;
    Bench bench(std::move(config));
    bench.connect();
    QCOMPARE(bench.reasonOfGoodbye(), ErrorCode::LimitReached);
}

void TestControlServer::refusesUsersThatAreNotNamed()
{
    if (::geteuid() != 0)
        QSKIP("only root can be somebody else");
    Bench bench;
    // The raw call changes this thread alone; the kernel notes who makes a socket pair.
    constexpr uid_t nobody = 65534;
    QCOMPARE(::syscall(SYS_setresuid, -1, nobody, -1), 0L);
    auto pair = makeSocketPair();
    QCOMPARE(::syscall(SYS_setresuid, -1, 0, -1), 0L);
    bench.server.adopt(std::move(pair->ours), runtime::now());
    bench.client.emplace(std::move(pair->theirs), MessageChannel::Descriptors::Accept, MessageChannel::Limits{});
    QCOMPARE(bench.reasonOfGoodbye(), ErrorCode::NotPermitted);

    QVERIFY(checkPeer(bench.client->pollDescriptor(), {.users = {nobody}, .groups = {}}));
    QVERIFY(!checkPeer(bench.client->pollDescriptor(), {.users = {nobody - 1}, .groups = {}}));
}

void TestControlServer::sendsNoSnapshotsToAReaderThatIsBehind()
{
    ControlServer::Config config;
    config.behindBytes = 0;
    Bench bench(std::move(config));
    bench.greet();
    // Answers that are not read fill the socket, then the server's own queue.
    RequestId request = 0;
    for (int i = 0; i < 20000; ++i)
        bench.send(CommandMessage{++request, FindPaths{idOf(1), 1}}), bench.turn();
    bench.send(CommandMessage{++request, WatchNeighbors{}});
    for (int i = 0; i < 100; ++i)
        bench.turn();
    // Once it reads on it gets everything in order, and then the newest snapshot.
    RequestId last = 0;
    bool sawSnapshot = false;
    while (!sawSnapshot) {
        const auto message = bench.receive();
        const auto* event = std::get_if<EventMessage>(&message);
        QVERIFY(event);
        QVERIFY(event->request == last + 1);
        last = event->request;
        sawSnapshot = std::holds_alternative<SnapshotChanged>(event->body);
    }
    QCOMPARE(last, request);
}

void TestControlServer::disconnectsAReaderThatNeverReads()
{
    ControlServer::Config config;
    config.limits.queuedBytesMax = 100000;
    Bench bench(std::move(config));
    bench.greet();
    RequestId request = 0;
    while (bench.server.clients() == 1 && request < 1000000) {
        if (!bench.client->send(encodeMessage(CommandMessage{++request, ListInterfaces{}}), {}))
            break;
        bench.turn();
    }
    QCOMPARE(bench.counter("control-clients-slow-reader"), std::uint64_t{1});
    QCOMPARE(bench.server.clients(), std::size_t{0});
}

void TestControlServer::cancelsTheCommandsOfAClientThatLeaves()
{
    Bench bench;
    bench.greet();
    bench.send(CommandMessage{1, SetPort{"a", SetPort::Use::Yes, 100}});
    QVERIFY(std::holds_alternative<EventMessage>(bench.receive()));
    bench.send(CommandMessage{2, WatchNeighbors{}});
    QVERIFY(std::holds_alternative<EventMessage>(bench.receive()));
    bench.client.reset();
    for (int i = 0; i < 10; ++i)
        bench.turn();
    QCOMPARE(bench.server.clients(), std::size_t{0});
    // Nobody watches any more: a new client sees how many rounds were asked, and that no more come.
    bench.connect();
    bench.greet();
    const auto rounds = [&bench](RequestId request) {
        bench.send(CommandMessage{request, GetSnapshot{}});
        const auto message = bench.receive();
        return std::get<SnapshotChanged>(std::get<EventMessage>(message).body).snapshot->roundsAsked;
    };
    const auto before = rounds(1);
    QCOMPARE(before, std::uint64_t{1});
    QVERIFY(!bench.server.nextDeadline());
}

void TestControlServer::takesCommandsThatCameInOnePiece()
{
    Bench bench;
    bench.greet();
    std::string bytes;
    for (RequestId request = 1; request <= 200; ++request) {
        const auto text = encodeMessage(CommandMessage{request, FindPaths{idOf(1), 1}});
        bytes += framed(text, static_cast<std::uint32_t>(text.size()));
    }
    QCOMPARE(::send(bench.client->pollDescriptor(), bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    for (RequestId request = 1; request <= 200; ++request) {
        const auto message = bench.receive();
        const auto* event = std::get_if<EventMessage>(&message);
        QVERIFY(event && event->request == request);
    }
}

QTEST_GUILESS_MAIN(TestControlServer)
#include "tst_ControlServer.moc"
