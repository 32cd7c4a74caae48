// SPDX-License-Identifier: Apache-2.0
// The same commands through the control socket: an agent with a listening socket on one thread, its client on another.
#include "AgentHarness.h"
#include "core/agent/ControlAddress.h"
#include "core/agent/ControlServer.h"
#include "core/agent/Message.h"
#include "core/agent/RemoteService.h"
#include "core/agent/SocketPair.h"
#include "core/base/SeededRandom.h"
#include "core/runtime/SystemClock.h"

#include <QTemporaryDir>
#include <QtTest>

#include <sys/socket.h>

#include <future>

using namespace fb;
using namespace fb::agent;
using namespace fb::agent::test;

namespace {

constexpr std::uint16_t kEcho = 7;

/// What footbridged is, on a thread: number 1, with the interface "near".
class Daemon {
public:
    Daemon(link::VirtualSegment& segment, std::string path)
        : m_thread([this, &segment, path = std::move(path)] { run(segment, path); })
    {
        m_listening.get_future().wait();
    }
    ~Daemon() { stop(); }
    void stop()
    {
        m_stop.raise();
        if (m_thread.joinable())
            m_thread.join();
    }

private:
    struct Stop final : Loop::Handler {
        void ready(const runtime::Ready&, Instant) override { isAsked = true; }
        bool isAsked = false;
    };

    void run(link::VirtualSegment& segment, const std::string& path)
    {
        TestMonitor monitor(std::make_shared<TestInterfaces>(std::vector{ethernet("near", 1)}));
        link::VirtualLinkFactory links({segment});
        SeededRandom random(1);
        AgentConfig config{.id = idOf(1), .identity = "daemon", .ports = {{"*", PortRule::Use::Yes, 100}}};
        Agent agent(std::move(config), {links, monitor, random, [](LogLevel, const std::string&) {}});
        ControlServer server(agent, {.path = path});
        const bool isListening = server.listen().has_value();
        m_listening.set_value();
        Stop stop;
        const Loop::Watch watch(agent.loop(), m_stop.pollDescriptor(), runtime::Interest::Read, stop);
        while (isListening && !stop.isAsked) {
            agent.turn(server.nextDeadline());
            server.advance(runtime::now());
        }
        agent.shutDown();
    }

    runtime::WakeUp m_stop;
    std::promise<void> m_listening;
    std::thread m_thread;
};

} // namespace

class TestRemoteService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void handsOverTheSocketOfAStream();
    void keepsAStreamThatIsToLiveWithItsSocket();
    void watchesTheMap();
    void saysWhenTheAgentHasGone();
    void saysThatThereIsNoAgent();
    void replacesTheSocketOfADeadAgent();
    void refusesToRunTwice();
    void refusesAnAgentOfAnotherVersion();
    void losesAnAgentThatTalksNonsense();

private:
    std::string path() const { return m_directory->filePath("agent.sock").toStdString(); }

    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestRemoteService::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
}

void TestRemoteService::handsOverTheSocketOfAStream()
{
    link::VirtualSegment segment{{.interfaces = {"near", "far"}}};
    TestNode far({segment}, {.number = 2, .interfaces = {"far"}, .services = {{kEcho, echoProgram()}}});
    Daemon daemon(segment, path());
    const auto service = RemoteService::connect(path());
    QVERIFY(service.has_value());
    std::vector<StreamOpened> streams;
    for (int i = 0; i < 5; ++i) {
        const auto request = (*service)->submit(OpenStream{idOf(2), kEcho});
        auto opened = waitFor<StreamOpened>(**service, request);
        QVERIFY(opened && opened->socket.isOpen());
        streams.push_back(std::move(*opened));
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const auto text = pattern(200000 + i);
        QVERIFY(exchange(streams[i].socket.get(), text) == text);
    }
}

void TestRemoteService::keepsAStreamThatIsToLiveWithItsSocket()
{
    link::VirtualSegment segment{{.interfaces = {"near", "far"}}};
    TestNode far({segment}, {.number = 2, .interfaces = {"far"}, .services = {{kEcho, echoProgram()}}});
    Daemon daemon(segment, path());
    auto service = RemoteService::connect(path());
    QVERIFY(service.has_value());
    const auto ends = (*service)->submit(OpenStream{idOf(2), kEcho});
    const auto endsWithIt = waitFor<StreamOpened>(**service, ends);
    const auto stays = (*service)->submit(OpenStream{idOf(2), kEcho, OpenStream::Lifetime::Socket});
    const auto staysOpen = waitFor<StreamOpened>(**service, stays);
    QVERIFY(endsWithIt && staysOpen);
    service.value().reset();
    QCOMPARE(readToEnd(endsWithIt->socket.get()), std::optional<std::string>(""));
    QCOMPARE(exchange(staysOpen->socket.get(), "still here"), std::string("still here"));
}

void TestRemoteService::watchesTheMap()
{
    link::VirtualSegment segment{{.interfaces = {"near", "far"}}};
    TestNode far({segment}, {.number = 2, .identity = "far", .interfaces = {"far"}});
    Daemon daemon(segment, path());
    const auto service = RemoteService::connect(path());
    QVERIFY(service.has_value());
    const auto watch = (*service)->submit(WatchNeighbors{});
    QVERIFY(waitFor<SnapshotChanged>(**service, watch, [](const SnapshotChanged& changed) {
        return changed.snapshot->nodes.size() == 1 && changed.snapshot->nodes.front().identity == "far";
    }));
}

void TestRemoteService::saysWhenTheAgentHasGone()
{
    link::VirtualSegment segment{{.interfaces = {"near", "far"}}};
    Daemon daemon(segment, path());
    const auto service = RemoteService::connect(path());
    QVERIFY(service.has_value());
    daemon.stop();
    const auto lost = waitFor<ServiceLost>(**service, 0);
    QVERIFY(lost && lost->error.code == ErrorCode::AgentUnavailable);
    const auto request = (*service)->submit(GetSnapshot{});
    const auto failed = waitFor<CommandFailed>(**service, request);
    QVERIFY(failed && failed->error.code == ErrorCode::AgentUnavailable);
    QVERIFY(!(*service)->nextEvent());
    QVERIFY(!QFile::exists(QString::fromStdString(path())));
}

void TestRemoteService::saysThatThereIsNoAgent()
{
    const auto absent = RemoteService::connect(path());
    QVERIFY(!absent.has_value());
    QCOMPARE(absent.error().code, ErrorCode::AgentUnavailable);
    QVERIFY(absent.error().context.find(path()) != std::string::npos);
    QVERIFY(absent.error().context.find("footbridged") != std::string::npos);
}

void TestRemoteService::replacesTheSocketOfADeadAgent()
{
    // What a killed agent leaves: a socket file with nobody behind it.
    std::ignore = listenOnControlSocket(path(), 0600);
    QVERIFY(QFile::exists(QString::fromStdString(path())));
    QCOMPARE(RemoteService::connect(path()).error().code, ErrorCode::AgentUnavailable);
    link::VirtualSegment segment{{.interfaces = {"near", "far"}}};
    Daemon daemon(segment, path());
    QVERIFY(RemoteService::connect(path()).has_value());
}

void TestRemoteService::refusesToRunTwice()
{
    const auto first = listenOnControlSocket(path(), 0600);
    QVERIFY(first.has_value());
    const auto second = listenOnControlSocket(path(), 0600);
    QVERIFY(!second.has_value());
    QCOMPARE(second.error().code, ErrorCode::LimitReached);
}

void TestRemoteService::refusesAnAgentOfAnotherVersion()
{
    auto pair = makeSocketPair();
    MessageChannel agent(std::move(pair->ours), MessageChannel::Descriptors::Refuse, {});
    QVERIFY(agent.send(encodeMessage(HelloMessage{kProtocolVersion + 1, "footbridged 9"}), {}));
    const auto service = RemoteService::greet(std::move(pair->theirs));
    QVERIFY(!service.has_value());
    QCOMPARE(service.error().code, ErrorCode::ProtocolMismatch);
}

void TestRemoteService::losesAnAgentThatTalksNonsense()
{
    auto pair = makeSocketPair();
    MessageChannel agent(std::move(pair->ours), MessageChannel::Descriptors::Refuse, {});
    QVERIFY(agent.send(encodeMessage(HelloMessage{kProtocolVersion, "footbridged"}), {}));
    // A stream without its descriptor is nonsense, too.
    QVERIFY(agent.send(encodeMessage(EventMessage{1, StreamOpened{{}, overlay::Path{}}}), {}));
    const auto service = RemoteService::greet(std::move(pair->theirs));
    QVERIFY(service.has_value());
    const auto lost = waitFor<ServiceLost>(**service, 0);
    QVERIFY(lost && lost->error.code == ErrorCode::ProtocolMismatch);
}

QTEST_GUILESS_MAIN(TestRemoteService)
#include "tst_RemoteService.moc"
