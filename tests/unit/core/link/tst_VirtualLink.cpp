// SPDX-License-Identifier: Apache-2.0
// What only the virtual segment does: many members, loss by seed, one reader an interface. What it shares with the real
// links is in tests/netns/tst_LinkParity.
#include "core/link/VirtualLink.h"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace fb;
using namespace fb::link;

namespace {

ByteVector frame(std::uint8_t mark)
{
    return ByteVector(60, mark);
}

std::unique_ptr<Link> openOn(VirtualSegment& segment, const std::string& interface)
{
    auto link = VirtualLinkFactory({segment}).open(interface);
    if (!link)
        qFatal("%s", describe(link.error()).c_str());
    return std::move(*link);
}

std::vector<std::uint8_t> drain(Link& link)
{
    std::vector<std::uint8_t> marks;
    Bytes got;
    while (link.receive(got) == ReceiveOutcome::Frame)
        marks.push_back(got.back());
    return marks;
}

std::vector<std::uint8_t> survivors(std::uint64_t seed)
{
    VirtualSegment segment({.interfaces = {"a", "b"}, .lossPerMille = 500, .seed = seed});
    const auto a = openOn(segment, "a");
    const auto b = openOn(segment, "b");
    for (std::uint8_t mark = 0; mark < 100; ++mark) {
        if (a->send(frame(mark)) != SendOutcome::Sent)
            qFatal("not sent");
    }
    return drain(*b);
}

} // namespace

class VirtualLinkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reachesEveryOtherMember();
    void losesWhatTheSeedSays();
    void keepsNothingForAnInterfaceThatIsClosed();
    void hasOneReader();
    void carriesNothingToAnInterfaceThatIsDown();
    void joinsSeveralSegments();
    void crossesThreads();
};

void VirtualLinkTest::reachesEveryOtherMember()
{
    VirtualSegment segment({.interfaces = {"a", "b", "c"}});
    const auto a = openOn(segment, "a");
    const auto b = openOn(segment, "b");
    const auto c = openOn(segment, "c");
    QCOMPARE(a->send(frame(1)), SendOutcome::Sent);
    QCOMPARE(drain(*b), std::vector<std::uint8_t>{1});
    QCOMPARE(drain(*c), std::vector<std::uint8_t>{1});
    QVERIFY(drain(*a).empty());
}

void VirtualLinkTest::losesWhatTheSeedSays()
{
    const auto first = survivors(3);
    QVERIFY(first.size() > 25 && first.size() < 75);
    QCOMPARE(survivors(3), first);
    QVERIFY(survivors(4) != first);
}

void VirtualLinkTest::keepsNothingForAnInterfaceThatIsClosed()
{
    VirtualSegment segment({.interfaces = {"a", "b"}});
    const auto a = openOn(segment, "a");
    auto b = openOn(segment, "b");
    QCOMPARE(a->send(frame(1)), SendOutcome::Sent);
    b.reset();
    QCOMPARE(a->send(frame(2)), SendOutcome::Sent);
    b = openOn(segment, "b");
    QVERIFY(drain(*b).empty());
    QCOMPARE(a->send(frame(3)), SendOutcome::Sent);
    QCOMPARE(drain(*b), std::vector<std::uint8_t>{3});
}

void VirtualLinkTest::hasOneReader()
{
    VirtualSegment segment({.interfaces = {"a"}});
    VirtualLinkFactory factory({segment});
    auto first = factory.open("a");
    QVERIFY(first.has_value());
    QCOMPARE(factory.open("a").error().code, ErrorCode::InvalidArgument);
    first->reset();
    QVERIFY(factory.open("a").has_value());
}

void VirtualLinkTest::carriesNothingToAnInterfaceThatIsDown()
{
    VirtualSegment segment({.interfaces = {"a", "b"}});
    const auto a = openOn(segment, "a");
    const auto b = openOn(segment, "b");
    segment.setState("b", VirtualState::Down);
    QCOMPARE(a->send(frame(1)), SendOutcome::Sent);
    segment.setState("b", VirtualState::Up);
    QCOMPARE(a->send(frame(2)), SendOutcome::Sent);
    QCOMPARE(drain(*b), std::vector<std::uint8_t>{2});
}

void VirtualLinkTest::joinsSeveralSegments()
{
    VirtualSegment left({.interfaces = {"left", "end"}});
    VirtualSegment right({.interfaces = {"right"}});
    VirtualLinkFactory factory({left, right});
    QVERIFY(factory.open("left").has_value());
    QVERIFY(factory.open("right").has_value());
    QCOMPARE(factory.open("middle").error().code, ErrorCode::NoSuchInterface);
    left.setState("end", VirtualState::Removed);
    QCOMPARE(factory.open("end").error().code, ErrorCode::NoSuchInterface);
}

void VirtualLinkTest::crossesThreads()
{
    constexpr int kFrames = 2000;
    VirtualSegment segment({.interfaces = {"a", "b"}});
    const auto b = openOn(segment, "b");
    std::atomic<bool> isSent{false};
    std::thread sender([&segment, &isSent] {
        const auto a = openOn(segment, "a");
        for (int sent = 0; sent < kFrames; ++sent)
            static_cast<void>(a->send(frame(static_cast<std::uint8_t>(sent))));
        isSent = true;
    });
    while (!isSent)
        static_cast<void>(drain(*b));
    sender.join();
    static_cast<void>(drain(*b));
    const LinkCounters counters = b->counters();
    QCOMPARE(counters.framesReceived + counters.receivesDropped, std::uint64_t{kFrames});
}

QTEST_GUILESS_MAIN(VirtualLinkTest)
#include "tst_VirtualLink.moc"
