// SPDX-License-Identifier: Apache-2.0
// What decides when: the small queue of a full link, commands that wait for their node, and the rate of snapshots.
#include "AgentHarness.h"
#include "core/agent/FrameQueue.h"
#include "core/agent/HeldCommands.h"
#include "core/agent/ServiceHost.h"
#include "core/agent/SnapshotWatchers.h"
#include "core/base/SeededRandom.h"

#include <QtTest>

using namespace fb;
using namespace fb::agent;
using namespace fb::agent::test;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1h};

overlay::Transmit frame(std::uint8_t mark, overlay::Transmit::Class trafficClass)
{
    return {.port = 1, .frame = {mark}, .trafficClass = trafficClass};
}

/// A client that counts, and takes snapshots or does not.
struct Reader final : EventSink {
    void publish(Event event) override { events.push_back(std::move(event)); }
    [[nodiscard]] bool takesSnapshots() const override { return isReady; }

    std::vector<Event> events;
    bool isReady = true;
};

} // namespace

class TestPacing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void sendsInteractiveFramesFirst();
    void offersManyFramesAtOnce();
    void dropsFramesThatAreTooOld();
    void whatIsDiscardedIsCounted();
    void boundsTheQueueAndCounts();
    void givesUpOnANodeThatDoesNotAppear();
    void sendsSnapshotsAtMostTenASecond();
    void sendsNothingWhileNothingChanges();
    void keepsTheNewestForAReaderThatIsBehind();
    void sendsLargeMapsLessOften();
    void logsRefusalsNowAndThen();
};

void TestPacing::sendsInteractiveFramesFirst()
{
    FrameQueue queue;
    queue.push(frame(1, overlay::Transmit::Class::Bulk), kStart);
    queue.push(frame(2, overlay::Transmit::Class::Bulk), kStart);
    queue.push(frame(3, overlay::Transmit::Class::Interactive), kStart);
    QByteArray sent;
    const auto note = [&sent](const ByteVector& bytes) { sent.append(static_cast<char>(bytes[0])); };
    // The link has room for one, then for all.
    queue.drain(
        kStart, [](auto frames) { return std::min<std::size_t>(frames.size(), 1); }, note);
    QCOMPARE(sent, QByteArray("\3"));
    QVERIFY(queue.isBlocked());
    queue.drain(
        kStart, [](auto frames) { return frames.size(); }, note);
    QCOMPARE(sent, QByteArray("\3\1\2"));
    QVERIFY(queue.empty() && !queue.isBlocked());
    QCOMPARE(queue.dropped(), std::uint64_t{0});
    QCOMPARE(queue.queued(), std::uint64_t{2});
}

void TestPacing::offersManyFramesAtOnce()
{
    FrameQueue queue;
    for (std::size_t i = 0; i < link::Link::kFramesPerSend + 3; ++i)
        queue.push(frame(1, overlay::Transmit::Class::Bulk), kStart);
    std::vector<std::size_t> offers;
    std::size_t sent = 0;
    const auto takeAll = [&offers](auto frames) {
        offers.push_back(frames.size());
        return frames.size();
    };
    queue.drain(kStart, takeAll, [&sent](const ByteVector&) { ++sent; });
    QCOMPARE(offers, (std::vector<std::size_t>{link::Link::kFramesPerSend, 3}));
    QCOMPARE(sent, link::Link::kFramesPerSend + 3);
    QCOMPARE(queue.queued(), std::uint64_t{0});
}

void TestPacing::dropsFramesThatAreTooOld()
{
    FrameQueue queue;
    queue.push(frame(1, overlay::Transmit::Class::Bulk), kStart);
    queue.push(frame(2, overlay::Transmit::Class::Bulk), kStart + FrameQueue::kAgeMax);
    QByteArray sent;
    queue.drain(
        kStart + FrameQueue::kAgeMax + 1us, [](auto frames) { return frames.size(); },
        [&sent](const ByteVector& bytes) { sent.append(static_cast<char>(bytes[0])); });
    QCOMPARE(sent, QByteArray("\2"));
    QCOMPARE(queue.dropped(), std::uint64_t{1});
}

void TestPacing::whatIsDiscardedIsCounted()
{
    FrameQueue queue;
    queue.push(frame(1, overlay::Transmit::Class::Bulk), kStart);
    queue.push(frame(2, overlay::Transmit::Class::Interactive), kStart);
    queue.drain(
        kStart, [](auto) { return std::size_t{0}; }, [](const ByteVector&) {});
    queue.discard();
    QVERIFY(queue.empty());
    QVERIFY(!queue.isBlocked());
    QCOMPARE(queue.dropped(), std::uint64_t{2});
}

void TestPacing::boundsTheQueueAndCounts()
{
    FrameQueue queue;
    queue.push(frame(1, overlay::Transmit::Class::Bulk), kStart);
    queue.drain(
        kStart, [](auto) { return std::size_t{0}; }, [](const ByteVector&) {});
    for (std::size_t i = 1; i < FrameQueue::kBulkMax + 5; ++i)
        queue.push(frame(1, overlay::Transmit::Class::Bulk), kStart);
    QCOMPARE(queue.queued(), std::uint64_t{FrameQueue::kBulkMax});
    QCOMPARE(queue.dropped(), std::uint64_t{5});
}

void TestPacing::givesUpOnANodeThatDoesNotAppear()
{
    SeededRandom random(1);
    overlay::Config config;
    config.id = idOf(1);
    overlay::Engine overlay(config, random, kStart);
    WatchCount watch;
    HeldCommands held;
    const RequestKey key{1, 1};
    held.add({key, FindPaths{idOf(2), 1}, idOf(2), kStart + HeldCommands::kPatience, WatchCount::Hold(watch)});
    held.lookAgain();
    QVERIFY(!held.takeReady(overlay, kStart));
    QVERIFY(held.nextDeadline() == kStart + 3s);
    QVERIFY(!held.takeReady(overlay, kStart + 3s - 1us));
    const auto given = held.takeReady(overlay, kStart + 3s);
    QVERIFY(given && given->key == key);
    QCOMPARE(held.size(), std::size_t{0});
}

void TestPacing::sendsSnapshotsAtMostTenASecond()
{
    Clients clients;
    Reader reader;
    WatchCount count;
    SnapshotWatchers watchers;
    QVERIFY(watchers.add({clients.add(reader), 1}, WatchCount::Hold(count)));
    std::uint64_t rounds = 0;
    const auto take = [&rounds] {
        auto snapshot = std::make_shared<overlay::Snapshot>();
        snapshot->roundsAsked = ++rounds;
        return snapshot;
    };
    // Something changes every millisecond.
    for (auto now = kStart; now < kStart + 1s; now += 1ms) {
        watchers.changed();
        watchers.advance(take, clients, now);
    }
    QCOMPARE(reader.events.size(), std::size_t{10});
    QCOMPARE(rounds, std::uint64_t{10});
}

void TestPacing::sendsNothingWhileNothingChanges()
{
    Clients clients;
    Reader reader;
    WatchCount count;
    SnapshotWatchers watchers;
    QVERIFY(watchers.add({clients.add(reader), 1}, WatchCount::Hold(count)));
    Duration age{};
    const auto take = [&age] {
        auto snapshot = std::make_shared<overlay::Snapshot>();
        snapshot->nodes.emplace_back().sinceHeard = age;
        return snapshot;
    };
    for (auto now = kStart; now < kStart + 10s; now += 10ms)
        watchers.advance(take, clients, now);
    QCOMPARE(reader.events.size(), std::size_t{1});
    // Ages alone: once a second.
    for (auto now = kStart + 10s; now < kStart + 20s; now += 10ms) {
        age += 10ms;
        watchers.advance(take, clients, now);
    }
    QVERIFY(reader.events.size() >= 10 && reader.events.size() <= 12);
}

void TestPacing::keepsTheNewestForAReaderThatIsBehind()
{
    Clients clients;
    Reader reader;
    reader.isReady = false;
    WatchCount count;
    SnapshotWatchers watchers;
    QVERIFY(watchers.add({clients.add(reader), 1}, WatchCount::Hold(count)));
    std::uint64_t rounds = 0;
    const auto take = [&rounds] {
        auto snapshot = std::make_shared<overlay::Snapshot>();
        snapshot->roundsAsked = ++rounds;
        return snapshot;
    };
    for (auto now = kStart; now < kStart + 1s; now += 50ms) {
        watchers.changed();
        watchers.advance(take, clients, now);
    }
    QVERIFY(reader.events.empty());
    reader.isReady = true;
    watchers.advance(take, clients, kStart + 1s);
    QCOMPARE(reader.events.size(), std::size_t{1});
    const auto& snapshot = std::get<SnapshotChanged>(reader.events.front().body).snapshot;
    QCOMPARE(snapshot->roundsAsked, rounds);
}

void TestPacing::sendsLargeMapsLessOften()
{
    Clients clients;
    Reader reader;
    WatchCount count;
    SnapshotWatchers watchers;
    QVERIFY(watchers.add({clients.add(reader), 1}, WatchCount::Hold(count)));
    std::uint64_t rounds = 0;
    const auto take = [&rounds] {
        auto snapshot = std::make_shared<overlay::Snapshot>();
        snapshot->nodes.resize(5000);
        snapshot->roundsAsked = ++rounds;
        return snapshot;
    };
    for (auto now = kStart; now < kStart + 1s; now += 10ms) {
        watchers.changed();
        watchers.advance(take, clients, now);
    }
    QCOMPARE(reader.events.size(), std::size_t{2});
}

/// Anybody on the network can be refused as often as he likes.
void TestPacing::logsRefusalsNowAndThen()
{
    auto full = echoProgram();
    full.sessionsMax = 0;
    auto broken = echoProgram();
    broken.argv = {"/nonexistent/program"};
    int lines = 0;
    const LogSink log = [&lines](LogLevel, const std::string&) { ++lines; };
    Loop loop;
    ServiceHost host(loop, {{7, full}, {8, broken}}, log);
    for (stream::StreamId id = 1; id <= 100; ++id)
        QVERIFY(!host.open({id, idOf(2), static_cast<std::uint16_t>(7 + id % 2)}, kStart));
    QCOMPARE(host.refused(), std::uint64_t{100});
    QCOMPARE(lines, 5);
    QVERIFY(!host.open({101, idOf(2), 7}, kStart + 1s));
    QCOMPARE(lines, 6);
}

QTEST_GUILESS_MAIN(TestPacing)
#include "tst_Pacing.moc"
