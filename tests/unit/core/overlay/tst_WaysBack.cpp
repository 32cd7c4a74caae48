// SPDX-License-Identifier: Apache-2.0
// Which way the answers of a stream go: its own, whatever other streams of the same peer do, and not back and forth.
#include "core/overlay/WaysBack.h"

#include <QtTest>

using namespace fb;
using namespace fb::overlay;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1000s};

romon::RomonId peer(std::uint8_t number)
{
    return {{{2, 0, 0, 0, 0, number}}};
}

WaysBack::Stream stream(std::uint16_t theirPort, std::uint8_t node = 1)
{
    return {.peer = peer(node), .theirPort = theirPort, .ourPort = 3};
}

/// A way of two hops that begins with this link of ours.
Route way(std::uint32_t linkId, std::uint16_t l2Mtu = 1500)
{
    return {.entries = {{.linkId = linkId, .mac = {{2, 0, 0, 0, 1, 1}}}, {.linkId = 9, .mac = {{2, 0, 0, 0, 1, 2}}}},
            .l2Mtu = l2Mtu};
}

/// The link that a way begins with; 0: there is none.
std::uint32_t first(const Route* route)
{
    return route == nullptr ? 0 : route->entries.front().linkId;
}

} // namespace

class tst_WaysBack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsTheWayOfAStreamAndOfItsPeer()
    {
        Counters counters;
        WaysBack ways(counters);
        QCOMPARE(first(ways.of(stream(20000), kStart)), 0U);
        QVERIFY(!ways.confirm(stream(20000), way(1, 1480), kStart));
        QCOMPARE(first(ways.of(stream(20000), kStart)), 1U);
        QCOMPARE(ways.of(stream(20000), kStart)->l2Mtu, std::uint16_t{1480});
        QCOMPARE(ways.of(stream(20000), kStart)->entries.size(), std::size_t{2});
        QCOMPARE(first(ways.of(peer(1), kStart)), 1U);
        QCOMPARE(first(ways.of(peer(2), kStart)), 0U);
    }

    // Somebody has to be answered before anything is known of them.
    void beforeAnyWayIsConfirmedTheLastOneHeardHolds()
    {
        Counters counters;
        WaysBack ways(counters);
        QVERIFY(ways.hear(stream(20000), way(1), kStart));
        QVERIFY(ways.hear(stream(20000), way(2), kStart + 1us));
        QCOMPARE(first(ways.of(stream(20000), kStart + 1us)), 2U);
        QCOMPARE(first(ways.of(peer(1), kStart + 1us)), 2U);
        QVERIFY(!ways.confirm(stream(20000), way(1), kStart + 2us));
        QCOMPARE(first(ways.of(stream(20000), kStart + 2us)), 1U);
        QCOMPARE(first(ways.of(peer(1), kStart + 2us)), 1U);
    }

    void whatIsOnlyHeardMovesNoConfirmedWay()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        QVERIFY(ways.hear(stream(20000), way(2), kStart + 1s));
        QVERIFY(ways.hear(stream(20001), way(2), kStart + 1s));
        QVERIFY(!ways.hear(stream(20000), way(1), kStart + 1s));
        QCOMPARE(first(ways.of(stream(20000), kStart + 1s)), 1U);
        QCOMPARE(first(ways.of(stream(20001), kStart + 1s)), 2U);
        QCOMPARE(first(ways.of(peer(1), kStart + 1s)), 1U);
    }

    void whatIsHeardKeepsAConfirmedWay()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        QVERIFY(!ways.hear(stream(20000), way(1), kStart + 6min));
        QCOMPARE(first(ways.of(stream(20000), kStart + 16min)), 1U);
        QCOMPARE(first(ways.of(peer(1), kStart + 16min)), 1U);
    }

    void forgetsTheWayOfAStreamThatEnded()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        (void)ways.confirm(stream(20001), way(1), kStart);
        ways.forget(stream(20000));
        QCOMPARE(first(ways.of(stream(20000), kStart)), 0U);
        QCOMPARE(first(ways.of(stream(20001), kStart)), 1U);
    }

    void inventedPortsDriveOutOnlyOtherHeardOnes()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        for (std::uint16_t port = 0; port < kWaysBackMax; ++port)
            (void)ways.hear(stream(static_cast<std::uint16_t>(30000 + port), 2), way(2), kStart + 1s);
        QCOMPARE(counters.value(Counter::WaysBackEvicted), std::uint64_t{1});
        QCOMPARE(first(ways.of(stream(20000), kStart + 1s)), 1U);
    }

    void tellsStreamsApartByEachOfTheirNumbers()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        auto other = stream(20000);
        other.ourPort = 4;
        QCOMPARE(first(ways.of(other, kStart)), 0U);
        QCOMPARE(first(ways.of(stream(20001), kStart)), 0U);
        QCOMPARE(first(ways.of(stream(20000, 2), kStart)), 0U);
    }

    void streamsOfOnePeerTakeTheirOwnWays()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        QVERIFY(!ways.confirm(stream(20001), way(2), kStart + 1s));
        QCOMPARE(first(ways.of(stream(20000), kStart + 1s)), 1U);
        QCOMPARE(first(ways.of(stream(20001), kStart + 1s)), 2U);
        QCOMPARE(first(ways.of(peer(1), kStart + 1s)), 2U);
        QVERIFY(!ways.confirm(stream(20000), way(1), kStart + 2s));
        QCOMPARE(first(ways.of(stream(20001), kStart + 2s)), 2U);
    }

    void tellsOfAMoveOnce()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        QVERIFY(!ways.confirm(stream(20000), way(1), kStart + 1s));
        QVERIFY(ways.confirm(stream(20000), way(2), kStart + 2s));
        QVERIFY(!ways.confirm(stream(20000), way(2), kStart + 3s));
        QCOMPARE(first(ways.of(stream(20000), kStart + 3s)), 2U);
    }

    // A frame may then be too large for it, or could be larger.
    void anotherMtuOfTheSameWayIsAMove()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1, 1500), kStart);
        QVERIFY(ways.confirm(stream(20000), way(1, 1400), kStart + 1ms));
        QCOMPARE(ways.of(stream(20000), kStart + 1ms)->l2Mtu, std::uint16_t{1400});
        QVERIFY(!ways.confirm(stream(20000), way(1, 1400), kStart + 2ms));
    }

    void aStragglerOfTheOldWayDoesNotMoveTheAnswersBack()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        const Instant moved = kStart + 1s;
        QVERIFY(ways.confirm(stream(20000), way(2), moved));
        QVERIFY(!ways.confirm(stream(20000), way(1), moved + kWayBackSettles - 1us));
        QCOMPARE(first(ways.of(stream(20000), moved + kWayBackSettles)), 2U);
        QVERIFY(ways.confirm(stream(20000), way(1), moved + kWayBackSettles));
        QCOMPARE(first(ways.of(stream(20000), moved + kWayBackSettles)), 1U);
    }

    void aThirdWayIsNoStraggler()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        (void)ways.confirm(stream(20000), way(2), kStart + 1s);
        QVERIFY(ways.confirm(stream(20000), way(3), kStart + 1s + 1ms));
        QVERIFY(!ways.confirm(stream(20000), way(2), kStart + 1s + 2ms));
        QCOMPARE(first(ways.of(stream(20000), kStart + 1s + 2ms)), 3U);
    }

    void forgetsWhatWasNotHeardForTenMinutes()
    {
        Counters counters;
        WaysBack ways(counters);
        (void)ways.confirm(stream(20000), way(1), kStart);
        QCOMPARE(first(ways.of(stream(20000), kStart + 10min)), 1U);
        QCOMPARE(first(ways.of(stream(20000), kStart + 10min + 1us)), 0U);
        (void)ways.confirm(stream(20000), way(1), kStart + 6min);
        QCOMPARE(first(ways.of(stream(20000), kStart + 16min)), 1U);
        QCOMPARE(first(ways.of(peer(1), kStart + 16min)), 1U);
    }

    void theWayThatWasSilentLongestMakesRoom()
    {
        Counters counters;
        WaysBack ways(counters);
        Instant now = kStart;
        const auto streamsThatFit = static_cast<std::uint16_t>(kWaysBackMax - 1); // one entry is the peer's
        for (std::uint16_t port = 0; port < streamsThatFit; ++port)
            (void)ways.confirm(stream(static_cast<std::uint16_t>(20000 + port)), way(1), now += 1us);
        QCOMPARE(counters.value(Counter::WaysBackEvicted), std::uint64_t{0});
        QCOMPARE(first(ways.of(stream(20000), now)), 1U);
        (void)ways.confirm(stream(20000), way(1), now += 1us);
        (void)ways.confirm(stream(50000), way(1), now += 1us);
        QCOMPARE(counters.value(Counter::WaysBackEvicted), std::uint64_t{1});
        QCOMPARE(first(ways.of(stream(20000), now)), 1U);
        QCOMPARE(first(ways.of(stream(20001), now)), 0U);
        QCOMPARE(first(ways.of(stream(20002), now)), 1U);
        QCOMPARE(first(ways.of(stream(50000), now)), 1U);
        QCOMPARE(first(ways.of(peer(1), now)), 1U);
    }

    // What is no longer believed is no loss.
    void whatWasForgottenMakesRoomUncounted()
    {
        Counters counters;
        WaysBack ways(counters);
        for (std::uint16_t port = 0; port < kWaysBackMax - 1; ++port)
            (void)ways.confirm(stream(static_cast<std::uint16_t>(20000 + port)), way(1), kStart);
        (void)ways.confirm(stream(50000), way(1), kStart + kWayBackLifetime + 1us);
        QCOMPARE(counters.value(Counter::WaysBackEvicted), std::uint64_t{0});
    }
};

QTEST_GUILESS_MAIN(tst_WaysBack)
#include "tst_WaysBack.moc"
