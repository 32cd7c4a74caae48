// SPDX-License-Identifier: Apache-2.0
// Agents on threads of this process, joined by virtual segments: what a user does, from the map to the end of a stream.
#include "AgentHarness.h"

#include <QElapsedTimer>
#include <QtTest>

#include <poll.h>
#include <sys/socket.h>

using namespace fb;
using namespace fb::agent;
using namespace fb::agent::test;

namespace {

using VirtualState = link::VirtualState;

constexpr std::uint16_t kEcho = 7;

/// client -- router -- server
struct Chain {
    link::VirtualSegment left{{.interfaces = {"client0", "router0"}}};
    link::VirtualSegment right{{.interfaces = {"router1", "server0"}}};
    TestNode client{{left},
                    {.number = 1, .identity = "client", .role = overlay::Role::Leaf, .interfaces = {"client0"}}};
    TestNode router{{left, right}, {.number = 2, .identity = "router", .interfaces = {"router0", "router1"}}};
    std::unique_ptr<TestNode> server = makeServer({{kEcho, echoProgram()}});

    std::unique_ptr<TestNode> makeServer(ServiceTable services)
    {
        return std::make_unique<TestNode>(
            std::vector{std::ref(right)},
            NodeOptions{.number = 3, .identity = "server", .interfaces = {"server0"}, .services = std::move(services)});
    }
    Service& service() { return client.service(); }
    std::optional<StreamOpened> open(RequestId& request)
    {
        request = service().submit(OpenStream{idOf(3), kEcho});
        return waitFor<StreamOpened>(service(), request);
    }
};

const overlay::NodeInfo* find(const overlay::Snapshot& snapshot, std::uint8_t number)
{
    const auto node = std::ranges::find(snapshot.nodes, idOf(number), &overlay::NodeInfo::id);
    return node == snapshot.nodes.end() ? nullptr : &*node;
}

} // namespace

class TestLocalService : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsEveryNodeWithItsPath();
    void findsPathsToANodeThatNobodyHasAskedForYet();
    void failsToFindThisNodeItself();
    void pingsAndSaysWhenAllAreIn();
    void carriesBytesBothWaysAndClosesInHalves();
    void carriesManyStreamsAtOnce();
    void saysThatAServiceIsNotOffered();
    void refusesMoreSessionsThanAllowed();
    void resetsACancelledStream();
    void tellsWhenTheFarEndGoes();
    void endsSocketsWhenTheServiceGoes();
    void goesOnOverAnotherPath();
    void tellsHowLongThePeerHasBeenSilent();
    void takesNoMoreThanTheFarEndReads();
    void sendsNothingUntilAPortIsAskedFor();
    void usesAnInterfaceThatComesLater();
    void alarmsWhenItsIdIsUsedTwice();
    void countsWhatItHolds();
    void refusesCommandsThatMakeNoSense();
};

void TestLocalService::showsEveryNodeWithItsPath()
{
    Chain chain;
    const auto watch = chain.service().submit(WatchNeighbors{});
    const auto complete = [](const SnapshotChanged& changed) {
        const auto* server = find(*changed.snapshot, 3);
        return server && server->path && find(*changed.snapshot, 2);
    };
    const auto changed = waitFor<SnapshotChanged>(chain.service(), watch, complete);
    QVERIFY(changed);
    QCOMPARE(changed->snapshot->identity, std::string("client"));
    QCOMPARE(find(*changed->snapshot, 3)->identity, std::string("server"));
    QCOMPARE(find(*changed->snapshot, 3)->path->cost, 400U);
    QCOMPARE(find(*changed->snapshot, 3)->path->hops.size(), std::size_t{2});
    QCOMPARE(changed->snapshot->ports.size(), std::size_t{1});
    QVERIFY(changed->snapshot->ports.front().state == overlay::PortState::Up);
    std::ignore = chain.service().submit(Cancel{watch});
    const auto failed = waitFor<CommandFailed>(chain.service(), watch);
    QVERIFY(failed && failed->error.code == ErrorCode::Cancelled);
}

void TestLocalService::findsPathsToANodeThatNobodyHasAskedForYet()
{
    Chain chain;
    const auto request = chain.service().submit(FindPaths{idOf(3), 4});
    const auto found = waitFor<PathsFound>(chain.service(), request);
    QVERIFY(found);
    QCOMPARE(found->paths.size(), std::size_t{1});
    QCOMPARE(found->paths.front().cost, 400U);
}

void TestLocalService::failsToFindThisNodeItself()
{
    Chain chain;
    const auto request = chain.service().submit(OpenStream{idOf(1), kEcho});
    const auto failed = waitFor<CommandFailed>(chain.service(), request);
    QVERIFY(failed && failed->error.code == ErrorCode::InvalidArgument);
}

void TestLocalService::pingsAndSaysWhenAllAreIn()
{
    Chain chain;
    const auto request =
        chain.service().submit(PingNode{idOf(3), 3, std::chrono::milliseconds(10), std::chrono::seconds(20), 64});
    for (std::uint32_t sequence = 0; sequence < 3; ++sequence) {
        const auto result = waitFor<PingResult>(chain.service(), request);
        QVERIFY(result && result->rtt);
        QCOMPARE(result->sequence, sequence);
        QCOMPARE(result->sizeBytes, 64U);
    }
    QVERIFY(waitFor<CommandDone>(chain.service(), request));
}

void TestLocalService::carriesBytesBothWaysAndClosesInHalves()
{
    Chain chain;
    RequestId request = 0;
    auto opened = chain.open(request);
    QVERIFY(opened);
    QCOMPARE(opened->path.cost, 400U);
    const auto text = pattern(3U << 20U);
    QVERIFY(exchange(opened->socket.get(), text) == text);
    QCOMPARE(::send(opened->socket.get(), "last", 4, MSG_NOSIGNAL), ssize_t{4});
    ::shutdown(opened->socket.get(), SHUT_WR);
    QCOMPARE(readToEnd(opened->socket.get()), std::optional<std::string>("last"));
    const auto ended = waitFor<StreamEnded>(chain.service(), request);
    QVERIFY(ended && !ended->error);
}

void TestLocalService::carriesManyStreamsAtOnce()
{
    Chain chain;
    std::vector<StreamOpened> streams;
    for (int i = 0; i < 10; ++i) {
        RequestId request = 0;
        auto opened = chain.open(request);
        QVERIFY(opened);
        streams.push_back(std::move(*opened));
    }
    for (std::size_t i = 0; i < streams.size(); ++i) {
        const auto text = pattern(50000 + i);
        QVERIFY(exchange(streams[i].socket.get(), text) == text);
    }
}

void TestLocalService::saysThatAServiceIsNotOffered()
{
    Chain chain;
    const auto request = chain.service().submit(OpenStream{idOf(3), 9});
    const auto failed = waitFor<CommandFailed>(chain.service(), request);
    QVERIFY(failed);
    QVERIFY(failed->error.code == ErrorCode::NoSuchService);
    QCOMPARE(failed->error.context, std::string("server (02:fb:00:00:00:03)"));
}

void TestLocalService::refusesMoreSessionsThanAllowed()
{
    Chain chain;
    auto program = echoProgram();
    program.sessionsMax = 1;
    chain.server.reset();
    chain.server = chain.makeServer({{kEcho, program}});
    RequestId first = 0;
    const auto opened = chain.open(first);
    QVERIFY(opened);
    const auto second = chain.service().submit(OpenStream{idOf(3), kEcho});
    const auto failed = waitFor<CommandFailed>(chain.service(), second);
    QVERIFY(failed && failed->error.code == ErrorCode::NotAllowed);
}

void TestLocalService::resetsACancelledStream()
{
    Chain chain;
    auto program = echoProgram();
    program.sessionsMax = 1;
    chain.server.reset();
    chain.server = chain.makeServer({{kEcho, program}});
    RequestId request = 0;
    const auto opened = chain.open(request);
    QVERIFY(opened);
    std::ignore = chain.service().submit(Cancel{request});
    const auto failed = waitFor<CommandFailed>(chain.service(), request);
    QVERIFY(failed && failed->error.code == ErrorCode::Cancelled);
    QCOMPARE(readToEnd(opened->socket.get()), std::optional<std::string>(""));
    // The program of the far end ends too, and its place is free again.
    bool isFree = false;
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!isFree && std::chrono::steady_clock::now() < deadline) {
        std::ignore = chain.service().submit(OpenStream{idOf(3), kEcho});
        const auto event = nextEventOf(chain.service());
        QVERIFY(event);
        isFree = std::holds_alternative<StreamOpened>(event->body);
    }
    QVERIFY(isFree);
}

void TestLocalService::tellsWhenTheFarEndGoes()
{
    Chain chain;
    RequestId request = 0;
    const auto opened = chain.open(request);
    QVERIFY(opened);
    chain.server->stop();
    const auto ended = waitFor<StreamEnded>(chain.service(), request);
    QVERIFY(ended && ended->error);
    QVERIFY(ended->error->code == ErrorCode::ConnectionReset);
    QCOMPARE(ended->error->context, std::string("server (02:fb:00:00:00:03)"));
    QCOMPARE(readToEnd(opened->socket.get()), std::optional<std::string>(""));
}

void TestLocalService::endsSocketsWhenTheServiceGoes()
{
    Chain chain;
    RequestId request = 0;
    const auto opened = chain.open(request);
    QVERIFY(opened);
    chain.client.stop();
    QCOMPARE(readToEnd(opened->socket.get()), std::optional<std::string>(""));
}

void TestLocalService::goesOnOverAnotherPath()
{
    link::VirtualSegment cheapLeft{{.interfaces = {"client0", "cheap0"}}};
    link::VirtualSegment cheapRight{{.interfaces = {"cheap1", "server0"}}};
    link::VirtualSegment dearLeft{{.interfaces = {"client1", "dear0"}}};
    link::VirtualSegment dearRight{{.interfaces = {"dear1", "server1"}}};
    const std::vector<PortRule> dear{{"*", PortRule::Use::Yes, 500}};
    TestNode client({cheapLeft, dearLeft}, {.number = 1, .identity = "client", .interfaces = {"client0", "client1"}});
    TestNode cheap({cheapLeft, cheapRight}, {.number = 2, .interfaces = {"cheap0", "cheap1"}});
    TestNode server({cheapRight, dearRight}, {.number = 3,
                                              .identity = "server",
                                              .interfaces = {"server0", "server1"},
                                              .services = {{kEcho, echoProgram()}}});
    TestNode other({dearLeft, dearRight}, {.number = 4, .interfaces = {"dear0", "dear1"}, .rules = dear});

    // Wait for both ways to be known, or the stream may start on the dear one.
    auto& service = client.service();
    const auto watch = service.submit(WatchNeighbors{});
    QVERIFY(waitFor<SnapshotChanged>(service, watch, [](const SnapshotChanged& changed) {
        return changed.snapshot->links.size() == 4 && find(*changed.snapshot, 3) && find(*changed.snapshot, 3)->path;
    }));
    const auto request = service.submit(OpenStream{idOf(3), kEcho});
    const auto opened = waitFor<StreamOpened>(service, request);
    QVERIFY(opened);
    QCOMPARE(opened->path.cost, 400U);
    QCOMPARE(exchange(opened->socket.get(), "before"), std::string("before"));
    cheap.stop();
    const auto rerouted = waitFor<StreamRerouted>(service, request);
    QVERIFY(rerouted);
    QCOMPARE(rerouted->path.cost, 1200U);
    const auto text = pattern(100000);
    QVERIFY(exchange(opened->socket.get(), text) == text);
}

void TestLocalService::tellsHowLongThePeerHasBeenSilent()
{
    link::VirtualSegment segment{{.interfaces = {"a", "b"}}};
    NodeOptions options{.number = 1, .interfaces = {"a"}};
    options.silenceLimit = std::chrono::milliseconds(2500);
    TestNode client({segment}, options);
    TestNode server({segment},
                    {.number = 2, .identity = "mute", .interfaces = {"b"}, .services = {{kEcho, echoProgram()}}});
    auto& service = client.service();
    const auto request = service.submit(OpenStream{idOf(2), kEcho});
    const auto opened = waitFor<StreamOpened>(service, request);
    QVERIFY(opened);
    QCOMPARE(exchange(opened->socket.get(), "hello"), std::string("hello"));
    // Nobody says that the link is down: frames just stop arriving.
    segment.setState("b", VirtualState::Down);
    QCOMPARE(::send(opened->socket.get(), "hello?", 6, MSG_NOSIGNAL), ssize_t{6});
    const auto silent = waitFor<StreamSilent>(service, request);
    QVERIFY(silent);
    QVERIFY(silent->silentFor >= std::chrono::seconds(1));
    QVERIFY(silent->limit == options.silenceLimit);
    const auto ended = waitFor<StreamEnded>(service, request);
    QVERIFY(ended && ended->error);
    QVERIFY(ended->error->code == ErrorCode::PeerSilent);
    QCOMPARE(ended->error->context, std::string("mute (02:fb:00:00:00:02)"));
}

void TestLocalService::takesNoMoreThanTheFarEndReads()
{
    Chain chain;
    ServiceProgram deaf;
    deaf.name = "deaf";
    deaf.argv = {"/bin/sleep", "1000"};
    chain.server.reset();
    chain.server = chain.makeServer({{kEcho, deaf}});
    RequestId request = 0;
    const auto opened = chain.open(request);
    QVERIFY(opened);
    // Until the socket takes nothing for a while: by then every buffer on the way is full.
    constexpr std::size_t kBuffersMax = 8U << 20U;
    const auto text = pattern(65536);
    std::size_t taken = 0;
    pollfd query{.fd = opened->socket.get(), .events = POLLOUT, .revents = 0};
    while (taken < kBuffersMax && ::poll(&query, 1, 1000) == 1) {
        const auto sent = ::send(opened->socket.get(), text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        taken += static_cast<std::size_t>(std::max<ssize_t>(sent, 0));
    }
    QVERIFY(taken > 0);
    QVERIFY2(taken < kBuffersMax, "more was taken than there can be buffers");
    // The program does not end by itself; stopping its agent ends it, and soon.
    QElapsedTimer timer;
    timer.start();
    chain.server->stop();
    QVERIFY(timer.elapsed() < 5000);
}

void TestLocalService::sendsNothingUntilAPortIsAskedFor()
{
    link::VirtualSegment segment{{.interfaces = {"a", "b"}}};
    TestNode quiet({segment}, {.number = 1, .identity = "quiet", .interfaces = {"a"}, .rules = {}});
    TestNode other({segment}, {.number = 2, .identity = "other", .interfaces = {"b"}});
    const auto list = quiet.service().submit(ListInterfaces{});
    const auto listed = waitFor<InterfacesListed>(quiet.service(), list);
    QVERIFY(listed);
    QCOMPARE(listed->interfaces.size(), std::size_t{1});
    QCOMPARE(listed->interfaces.front().isPort, false);

    const auto unknown = quiet.service().submit(SetPort{"nothing", SetPort::Use::Yes, 100});
    const auto failed = waitFor<CommandFailed>(quiet.service(), unknown);
    QVERIFY(failed && failed->error.code == ErrorCode::NoSuchInterface);

    const auto use = quiet.service().submit(SetPort{"a", SetPort::Use::Yes, 70});
    QVERIFY(waitFor<CommandDone>(quiet.service(), use));
    const auto find = quiet.service().submit(FindPaths{idOf(2), 1});
    const auto found = waitFor<PathsFound>(quiet.service(), find);
    QVERIFY(found);
    QCOMPARE(found->paths.front().cost, 170U);

    // Before that, the other node cannot have heard anything.
    const auto stop = quiet.service().submit(SetPort{"a", SetPort::Use::No, 100});
    QVERIFY(waitFor<CommandDone>(quiet.service(), stop));
    const auto again = quiet.service().submit(GetSnapshot{});
    const auto snapshot = waitFor<SnapshotChanged>(quiet.service(), again);
    QVERIFY(snapshot && snapshot->snapshot->ports.empty());
}

void TestLocalService::usesAnInterfaceThatComesLater()
{
    link::VirtualSegment segment{{.interfaces = {"a", "b"}}};
    TestNode late({segment}, {.number = 1, .rules = {{"a", PortRule::Use::Yes, 100}}});
    TestNode other({segment}, {.number = 2, .interfaces = {"b"}});
    const auto before = late.service().submit(GetSnapshot{});
    const auto missing = waitFor<SnapshotChanged>(late.service(), before);
    QVERIFY(missing);
    QCOMPARE(missing->snapshot->ports.size(), std::size_t{1});
    QVERIFY(missing->snapshot->ports.front().state == overlay::PortState::Missing);
    late.interfaces().set({ethernet("a", 99)});
    const auto watch = late.service().submit(WatchNeighbors{});
    QVERIFY(waitFor<SnapshotChanged>(late.service(), watch, [](const SnapshotChanged& changed) {
        return find(*changed.snapshot, 2) && changed.snapshot->ports.front().state == overlay::PortState::Up;
    }));
    // Down again: the port stays, and says why it does nothing.
    auto down = ethernet("a", 99);
    down.isUp = false;
    late.interfaces().set({down});
    QVERIFY(waitFor<SnapshotChanged>(late.service(), watch, [](const SnapshotChanged& changed) {
        const auto& port = changed.snapshot->ports.front();
        return port.state == overlay::PortState::Down && port.problem == "the interface is down";
    }));
}

void TestLocalService::alarmsWhenItsIdIsUsedTwice()
{
    link::VirtualSegment segment{{.interfaces = {"a", "b"}}};
    TestNode one({segment}, {.number = 1, .interfaces = {"a"}});
    TestNode two({segment}, {.number = 1});
    two.interfaces().set({ethernet("b", 99)}); // the id is the same, the address is not
    std::ignore = one.service().submit(WatchNeighbors{});
    const auto alarm = waitFor<DuplicateIdAlarm>(two.service(), 0);
    QVERIFY(alarm);
    QCOMPARE(alarm->interface, std::string("b"));
    // Who comes later sees it as well.
    const auto later = two.service().submit(GetSnapshot{});
    const auto seen = waitFor<SnapshotChanged>(two.service(), later);
    QVERIFY(seen && seen->snapshot->duplicateId);
    QCOMPARE(seen->snapshot->duplicateId->mac, alarm->mac);
    QCOMPARE(seen->snapshot->duplicateId->interface, alarm->interface);
}

void TestLocalService::countsWhatItHolds()
{
    Chain chain;
    RequestId request = 0;
    const auto opened = chain.open(request);
    QVERIFY(opened);
    const auto asked = chain.service().submit(GetStatistics{});
    const auto taken = waitFor<StatisticsTaken>(chain.service(), asked);
    QVERIFY(taken);
    const auto& statistics = taken->statistics;
    QCOMPARE(statistics.self, idOf(1));
    QCOMPARE(statistics.nodesFresh, 2U);
    QCOMPARE(statistics.ports.size(), 1U);
    QCOMPARE(statistics.streams.size(), 1U);
    QCOMPARE(statistics.streams.front().peer, idOf(3));
    QVERIFY(statistics.process.residentBytes > 0 && statistics.process.descriptors > 3);
    QVERIFY(statistics.process.descriptors < statistics.process.descriptorsMax);
    const auto used = [&](std::string_view name) {
        const auto table = std::ranges::find(statistics.tables, name, &TableFill::name);
        return table == statistics.tables.end() || table->used > table->limit ? 0 : table->used;
    };
    QCOMPARE(used("nodes"), 2U);
    QCOMPARE(used("links"), 2U);
    QCOMPARE(used("ports"), 1U);
    QCOMPARE(used("streams"), 1U);
    QCOMPARE(used("client-streams"), 1U);
}

void TestLocalService::refusesCommandsThatMakeNoSense()
{
    link::VirtualSegment segment{{.interfaces = {"a", "b"}}};
    TestNode node({segment}, {.number = 1, .interfaces = {"a"}});
    using namespace std::chrono_literals;
    const std::vector<Command> bad{FindPaths{idOf(2), 0},
                                   FindPaths{idOf(2), 17},
                                   FindPaths{romon::RomonId{}, 1},
                                   PingNode{idOf(2), 1, 9ms, 1s, 32},
                                   PingNode{idOf(2), 1, 1s, 61s, 32},
                                   PingNode{idOf(2), 1, 1s, 1s, 7},
                                   OpenStream{idOf(2), 0},
                                   SetPort{"eth*", SetPort::Use::Yes, 100},
                                   SetPort{"", SetPort::Use::Yes, 100},
                                   SetPort{"a", SetPort::Use::Yes, 0}};
    for (const auto& command : bad) {
        const auto request = node.service().submit(command);
        const auto failed = waitFor<CommandFailed>(node.service(), request);
        QVERIFY(failed && failed->error.code == ErrorCode::InvalidArgument);
        QVERIFY(!failed->error.context.empty());
    }
}

QTEST_GUILESS_MAIN(TestLocalService)
#include "tst_LocalService.moc"
