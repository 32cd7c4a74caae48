// SPDX-License-Identifier: Apache-2.0
// Our port 0xfb03: the bytes of a report, who gets one, how often, and that a node which may be a RouterOS one never
// does.
#include "core/overlay/Unreachable.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QtTest>

using namespace fb;
using namespace fb::overlay;
using namespace fb::test;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1000s};
constexpr std::uint16_t kStreamPort = 20000;
constexpr std::size_t kReportBytes = 22;

Unreachable sampleReport()
{
    return {.reason = UnreachableReason::TooLarge,
            .index = 2,
            .entry = {.linkId = 0x01020304, .mac = mac(9, 2)},
            .l2Mtu = 1400,
            .target = strangerId(7)};
}

/// From stranger 1, who is on the left, to stranger 2, over a port that the node does not have.
romon::Data dataOverNoPort(std::uint16_t sourcePort, std::uint16_t destinationPort)
{
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = strangerId(2)};
    data.hops.entries = {{.linkId = 3, .mac = {{6, 0, 0, 0, 0, 0}}}, {.linkId = 0x7777, .mac = mac(2)}};
    data.sourcePort = sourcePort;
    data.destinationPort = destinationPort;
    data.payload.resize(16);
    return data;
}

} // namespace

class tst_Unreachable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void liesOnTheWireAsDocumented()
    {
        const ByteVector expected{1, 3, 2, 0, 1, 2, 3, 4, 0x0a, 0, 0, 0, 9, 2, 0x05, 0x78, 0x0a, 0, 0, 0, 7, 0};
        QCOMPARE(encodeUnreachable(sampleReport()), expected);
    }

    void everyReasonComesBackAsItWas()
    {
        for (std::uint8_t reason = 1; reason <= static_cast<std::uint8_t>(UnreachableReason::NextUnusable); ++reason) {
            auto report = sampleReport();
            report.reason = static_cast<UnreachableReason>(reason);
            const auto read = decodeUnreachable(encodeUnreachable(report));
            QVERIFY(read.has_value());
            QVERIFY(*read == report);
        }
    }

    void refusesWhatIsCutShort()
    {
        const auto whole = encodeUnreachable(sampleReport());
        QCOMPARE(whole.size(), kReportBytes);
        for (std::size_t size = 0; size < whole.size(); ++size)
            QVERIFY2(!decodeUnreachable(Bytes(whole).first(size)), qPrintable(QString::number(size)));
    }

    void readsTheStartOfALongerBody()
    {
        auto longer = encodeUnreachable(sampleReport());
        longer.resize(1400, 0xff);
        const auto read = decodeUnreachable(longer);
        QVERIFY(read.has_value());
        QVERIFY(*read == sampleReport());
    }

    void refusesOtherKindsAndNoReason()
    {
        for (int kind = 0; kind <= 255; ++kind) {
            auto body = encodeUnreachable(sampleReport());
            body[0] = static_cast<std::uint8_t>(kind);
            QCOMPARE(decodeUnreachable(body).has_value(), kind == 1);
        }
        auto body = encodeUnreachable(sampleReport());
        body[1] = 0;
        QVERIFY(!decodeUnreachable(body));
    }

    void readsUnknownReasonsAsAPortThatIsDown()
    {
        auto body = encodeUnreachable(sampleReport());
        for (const int reason : {6, 7, 128, 255}) {
            body[1] = static_cast<std::uint8_t>(reason);
            body[3] = static_cast<std::uint8_t>(reason); // reserved, for a later version to use
            const auto read = decodeUnreachable(body);
            QVERIFY(read.has_value());
            QCOMPARE(read->reason, UnreachableReason::PortDown);
            QVERIFY(read->entry == sampleReport().entry);
        }
    }

    void knowsThePrivatePorts()
    {
        QVERIFY(!isPrivatePort(0xfaff));
        QVERIFY(isPrivatePort(0xfb00));
        QVERIFY(isPrivatePort(kUnreachablePort));
        QVERIFY(isPrivatePort(0xfbff));
        QVERIFY(!isPrivatePort(0xfc00));
    }

    void believesASourceForTwoMinutes()
    {
        Counters counters;
        UnreachableSources sources(counters);
        QVERIFY(!sources.isFootbridge(strangerId(1), kStart));
        sources.noteFootbridge(strangerId(1), kStart);
        QVERIFY(sources.isFootbridge(strangerId(1), kStart + 2min));
        QVERIFY(!sources.isFootbridge(strangerId(1), kStart + 2min + 1us));
        QVERIFY(!sources.isFootbridge(strangerId(2), kStart));
        sources.noteFootbridge(strangerId(1), kStart + 2min);
        QVERIFY(sources.isFootbridge(strangerId(1), kStart + 4min));
    }

    void tellingASourceProvesNothing()
    {
        Counters counters;
        UnreachableSources sources(counters);
        QVERIFY(sources.mayTell(strangerId(1), kStart));
        QVERIFY(!sources.isFootbridge(strangerId(1), kStart));
    }

    void aSourceGetsItsShareAndNoMore()
    {
        Counters counters;
        UnreachableSources sources(counters);
        int told = 0;
        for (int times = 0; times < 20; ++times)
            told += sources.mayTell(strangerId(1), kStart) ? 1 : 0;
        QCOMPARE(told, 5);
        QVERIFY(!sources.mayTell(strangerId(1), kStart + 100ms - 1us));
        QVERIFY(sources.mayTell(strangerId(1), kStart + 100ms));
        QVERIFY(!sources.mayTell(strangerId(1), kStart + 100ms));
    }

    void allSourcesTogetherAreLimited()
    {
        Counters counters;
        UnreachableSources sources(counters);
        int told = 0;
        for (std::uint8_t node = 1; node <= 100; ++node)
            told += sources.mayTell(strangerId(node), kStart) ? 1 : 0;
        QCOMPARE(told, 50);
        QVERIFY(!sources.mayTell(strangerId(101), kStart + 10ms - 1us));
        QVERIFY(sources.mayTell(strangerId(102), kStart + 10ms));
    }

    // Who asks too often must not use up what the others may be told.
    void aRefusedSourceTakesNothingFromTheOthers()
    {
        Counters counters;
        UnreachableSources sources(counters);
        for (int times = 0; times < 1000; ++times)
            (void)sources.mayTell(strangerId(1), kStart);
        int told = 0;
        for (std::uint8_t node = 2; node <= 100; ++node)
            told += sources.mayTell(strangerId(node), kStart) ? 1 : 0;
        QCOMPARE(told, 45);
    }

    void theSourceThatWasSilentLongestMakesRoom()
    {
        const auto source = [](std::size_t number) {
            return romon::RomonId{
                {{2, 0, 0, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}}};
        };
        Counters counters;
        UnreachableSources sources(counters);
        Instant now = kStart;
        for (std::size_t number = 0; number < UnreachableSources::kSourcesMax; ++number)
            sources.noteFootbridge(source(number), now += 1us);
        QCOMPARE(counters.value(Counter::UnreachableSourcesEvicted), std::uint64_t{0});
        sources.noteFootbridge(source(0), now += 1us);
        sources.noteFootbridge(source(5000), now += 1us);
        QCOMPARE(counters.value(Counter::UnreachableSourcesEvicted), std::uint64_t{1});
        QVERIFY(sources.isFootbridge(source(0), now));
        QVERIFY(!sources.isFootbridge(source(1), now));
        QVERIFY(sources.isFootbridge(source(2), now));
        QVERIFY(sources.isFootbridge(source(5000), now));
    }

    void aNodeThatMayBeARouterIsNeverTold()
    {
        Alone alone;
        alone.hear(alone.left, mac(1), dataOverNoPort(kStreamPort, 3));
        QCOMPARE(counted(alone.net, alone.node, "link-unknown"), std::uint64_t{1});
        QCOMPARE(counted(alone.net, alone.node, "unreachable-withheld"), std::uint64_t{1});
        QVERIFY(alone.sentOn<romon::Data>(0).empty());
    }

    void aSourceOnAPrivatePortIsToldWhatFailed()
    {
        Alone alone;
        alone.hear(alone.left, mac(1), dataOverNoPort(kUnreachablePort, romon::kPingPort));
        const auto sent = alone.sentOn<romon::Data>(0);
        QCOMPARE(sent.size(), std::size_t{1});
        QCOMPARE(sent[0].header.destination, strangerId(1));
        QCOMPARE(sent[0].sourcePort, kUnreachablePort);
        QCOMPARE(sent[0].destinationPort, kUnreachablePort);
        QCOMPARE(sent[0].hops.entries.size(), std::size_t{1}); // back along what was consumed
        QCOMPARE(sent[0].hops.entries[0].mac, mac(1));
        const auto report = decodeUnreachable(sent[0].payload);
        QVERIFY(report.has_value());
        QVERIFY(*report == (Unreachable{.reason = UnreachableReason::LinkUnknown,
                                        .index = 1,
                                        .entry = {.linkId = 0x7777, .mac = mac(2)},
                                        .l2Mtu = 0,
                                        .target = strangerId(2)}));
        QVERIFY(alone.sentOn<romon::Data>(1).empty());
        // It has shown what it is, so it is told of its other frames too.
        alone.hear(alone.left, mac(1), dataOverNoPort(kStreamPort, 3));
        QCOMPARE(alone.sentOn<romon::Data>(0).size(), std::size_t{2});
    }

    void aReportIsNeverAnsweredWithAReport()
    {
        Alone alone;
        alone.hear(alone.left, mac(1), dataOverNoPort(kUnreachablePort, kUnreachablePort));
        QCOMPARE(counted(alone.net, alone.node, "link-unknown"), std::uint64_t{1});
        QVERIFY(alone.sentOn<romon::Data>(0).empty());
    }
};

QTEST_GUILESS_MAIN(tst_Unreachable)
#include "tst_Unreachable.moc"
