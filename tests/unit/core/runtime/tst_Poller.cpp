// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/MessageQueue.h"
#include "core/runtime/Poller.h"
#include "core/runtime/SystemClock.h"

#include <QtTest>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

using namespace std::chrono_literals;
using namespace fb::runtime;
using fb::FileDescriptor;

namespace {

struct Pair {
    FileDescriptor ours;
    FileDescriptor theirs;
};

Pair makePair()
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends.data()) != 0)
        qFatal("socketpair");
    return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

void writeByte(const FileDescriptor& descriptor)
{
    QCOMPARE(::write(descriptor.get(), "x", 1), 1);
}

// Long enough never to be reached by a test that works.
constexpr auto kPatience = 60s;

} // namespace

class PollerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void returnsAtOnceForADeadlineThatIsOver();
    void isNeverEarly();
    void tellsWhoIsReadable();
    void reportsAgainWhatWasNotDrained();
    void tellsReadingFromWriting();
    void showsAHangUpAsReadable();
    void leavesOutWhatNobodyIsInterestedIn();
    void forgetsWhatWasRemoved();
    void reportsMoreThanOneCallHolds();
    void isWokenByAnotherThread();
    void watchesWhatIsReadOftenBesideTheRest();
    void readsOftenAsOthers();
    void watchesMoreThanMayBeReadOften();
};

void PollerTest::returnsAtOnceForADeadlineThatIsOver()
{
    Poller poller;
    QVERIFY(poller.wait(now()).empty());
    QVERIFY(poller.wait(now() - 1h).empty());
    QVERIFY(poller.wait(fb::Instant{}).empty());
}

void PollerTest::isNeverEarly()
{
    Poller poller;
    for (const auto delay : {1us, 50us, 999us, 1000us, 1001us, 1500us, 3000us}) {
        const fb::Instant deadline = now() + delay;
        QVERIFY(poller.wait(deadline).empty());
        QVERIFY(now() >= deadline);
    }
}

void PollerTest::tellsWhoIsReadable()
{
    Poller poller;
    const Pair first = makePair();
    const Pair second = makePair();
    poller.add(first.ours.get(), 11, Interest::Read);
    poller.add(second.ours.get(), 22, Interest::Read);
    writeByte(second.theirs);
    const auto& ready = poller.wait(now() + kPatience);
    QCOMPARE(ready.size(), 1U);
    QCOMPARE(ready.front().token, PollToken{22});
    QVERIFY(ready.front().readable && !ready.front().writable);
}

void PollerTest::reportsAgainWhatWasNotDrained()
{
    Poller poller;
    const Pair pair = makePair();
    poller.add(pair.ours.get(), 1, Interest::Read);
    writeByte(pair.theirs);
    QCOMPARE(poller.wait(now()).size(), 1U);
    QCOMPARE(poller.wait(now()).size(), 1U);
    char octet = 0;
    QCOMPARE(::read(pair.ours.get(), &octet, 1), 1);
    QVERIFY(poller.wait(now()).empty());
}

void PollerTest::tellsReadingFromWriting()
{
    Poller poller;
    const Pair pair = makePair();
    poller.add(pair.ours.get(), 1, Interest::Write);
    const Ready writable = poller.wait(std::nullopt).front();
    QVERIFY(writable.writable && !writable.readable);
    writeByte(pair.theirs);
    poller.change(pair.ours.get(), 2, Interest::ReadWrite);
    const Ready both = poller.wait(std::nullopt).front();
    QVERIFY(both.writable && both.readable);
    QCOMPARE(both.token, PollToken{2});
}

void PollerTest::showsAHangUpAsReadable()
{
    Poller poller;
    Pair pair = makePair();
    poller.add(pair.ours.get(), 1, Interest::Read);
    pair.theirs.reset();
    QVERIFY(poller.wait(now() + kPatience).front().readable);
}

void PollerTest::leavesOutWhatNobodyIsInterestedIn()
{
    Poller poller;
    Pair pair = makePair();
    poller.add(pair.ours.get(), 1, Interest::None);
    pair.theirs.reset(); // a hang-up, which epoll reports even if nobody asked
    QVERIFY(poller.wait(now()).empty());
    poller.change(pair.ours.get(), 1, Interest::Read);
    QCOMPARE(poller.wait(now()).size(), 1U);
    poller.change(pair.ours.get(), 1, Interest::None);
    QVERIFY(poller.wait(now()).empty());
    poller.remove(pair.ours.get());
}

void PollerTest::forgetsWhatWasRemoved()
{
    Poller poller;
    const Pair pair = makePair();
    poller.add(pair.ours.get(), 1, Interest::Read);
    writeByte(pair.theirs);
    poller.remove(pair.ours.get());
    QVERIFY(poller.wait(now()).empty());
    poller.add(pair.ours.get(), 3, Interest::Read);
    QCOMPARE(poller.wait(now()).front().token, PollToken{3});
}

void PollerTest::reportsMoreThanOneCallHolds()
{
    constexpr std::size_t kMany = 100;
    Poller poller;
    std::vector<Pair> pairs;
    for (std::size_t made = 0; made < kMany; ++made) {
        pairs.push_back(makePair());
        poller.add(pairs.back().ours.get(), made, Interest::Read);
        writeByte(pairs.back().theirs);
    }
    std::vector<PollToken> seen;
    for (int turns = 0; turns < 2; ++turns) {
        for (const Ready& ready : poller.wait(now())) {
            seen.push_back(ready.token);
            poller.remove(pairs[ready.token].ours.get());
        }
        QVERIFY(seen.size() <= static_cast<std::size_t>(Poller::kReadyMax * (turns + 1)));
    }
    std::ranges::sort(seen);
    QCOMPARE(seen.size(), kMany);
    QVERIFY(std::ranges::adjacent_find(seen) == seen.end());
}

void PollerTest::isWokenByAnotherThread()
{
    Poller poller;
    WakeUp wakeUp;
    poller.add(wakeUp.pollDescriptor(), 9, Interest::Read);
    const std::unique_ptr<QThread> other(QThread::create([&wakeUp] { wakeUp.raise(); }));
    other->start();
    QCOMPARE(poller.wait(now() + kPatience).front().token, PollToken{9});
    QVERIFY(other->wait());
    wakeUp.raise(); // as often as one likes
    wakeUp.lower();
    QVERIFY(poller.wait(now()).empty());
    wakeUp.lower();
}

void PollerTest::watchesWhatIsReadOftenBesideTheRest()
{
    Poller poller;
    const Pair often = makePair();
    const Pair other = makePair();
    poller.add(often.ours.get(), 1, Interest::ReadOften);
    poller.add(other.ours.get(), 2, Interest::Read);
    QVERIFY(poller.wait(now()).empty());
    const fb::Instant deadline = now() + 999us;
    QVERIFY(poller.wait(deadline).empty());
    QVERIFY(now() >= deadline);

    writeByte(other.theirs);
    QCOMPARE(poller.wait(now() + kPatience).size(), 1U);
    QCOMPARE(poller.wait(now()).front().token, PollToken{2});
    writeByte(often.theirs);
    const auto& both = poller.wait(std::nullopt);
    QCOMPARE(both.size(), 2U);
    QCOMPARE(both.front().token, PollToken{1});
    QVERIFY(both.front().readable && !both.front().writable);
    QCOMPARE(both.back().token, PollToken{2});
}

void PollerTest::readsOftenAsOthers()
{
    Poller poller;
    Pair pair = makePair();
    poller.add(pair.ours.get(), 1, Interest::ReadOften);
    poller.change(pair.ours.get(), 2, Interest::Write);
    QVERIFY(poller.wait(now()).front().writable);
    poller.change(pair.ours.get(), 3, Interest::ReadOften);
    QVERIFY(poller.wait(now()).empty());
    pair.theirs.reset(); // a hang-up
    QCOMPARE(poller.wait(now() + kPatience).front().token, PollToken{3});
    QVERIFY(poller.wait(now()).front().readable);
    poller.change(pair.ours.get(), 3, Interest::None);
    QVERIFY(poller.wait(now()).empty());
    poller.change(pair.ours.get(), 4, Interest::ReadOften);
    QCOMPARE(poller.wait(now()).front().token, PollToken{4});
    poller.remove(pair.ours.get());
    QVERIFY(poller.wait(now()).empty());
    poller.remove(pair.ours.get()); // as any that is not there
}

void PollerTest::watchesMoreThanMayBeReadOften()
{
    Poller poller;
    std::vector<Pair> pairs;
    for (std::size_t made = 0; made < Poller::kOftenMax + 2; ++made) {
        pairs.push_back(makePair());
        poller.add(pairs.back().ours.get(), made, Interest::ReadOften);
        writeByte(pairs.back().theirs);
    }
    QCOMPARE(poller.wait(now()).size(), pairs.size());
    for (const Pair& pair : pairs)
        poller.remove(pair.ours.get());
    QVERIFY(poller.wait(now()).empty());
}

QTEST_GUILESS_MAIN(PollerTest)
#include "tst_Poller.moc"
