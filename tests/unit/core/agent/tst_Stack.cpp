// SPDX-License-Identifier: Apache-2.0
// Overlay and streams on top of each other, with one stranger on the only port: what the order of things must not
// break.
#include "core/agent/HeldCommands.h"
#include "core/agent/Stack.h"
#include "core/base/SeededRandom.h"
#include "core/romon/Codec.h"
#include "core/stream/Frame.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QtTest>

using namespace fb;
using namespace fb::agent;
using namespace fb::test;
using namespace std::chrono_literals;

namespace {

constexpr Instant kStart{1h};
constexpr MacAddress kOwnMac{{6, 0, 0, 0, 0, 1}};
constexpr romon::RomonId kSelf{{{2, 0, 0, 0, 0, 1}}};
constexpr std::uint32_t kPeerNumber = 7;

struct Station {
    Station()
    {
        stack.overlay().addPort(0, {.interface = "eth0", .mac = kOwnMac}, kStart);
        stack.overlay().portChanged(0, overlay::PortState::Up, kStart);
    }

    static Stack::Config config()
    {
        Stack::Config config;
        config.overlay.id = kSelf;
        return config;
    }
    void hear(const MacAddress& to, const romon::Message& message)
    {
        stack.overlay().receive(0, frameOf(to, mac(1), message), kStart);
    }
    void hearSegment(const stream::Header& header, std::uint8_t hops = 1, std::uint16_t sourcePort = 20000)
    {
        romon::Data data;
        data.header = {.auth = {}, .source = strangerId(1), .destination = kSelf};
        data.hops.pointer = static_cast<std::uint8_t>(hops - 1);
        data.hops.entries.assign(hops, {.linkId = 5, .mac = kOwnMac});
        data.sourcePort = sourcePort;
        data.destinationPort = 3;
        data.payload = stream::encodeHeader(header, 0);
        hear(kOwnMac, data);
    }
    /// The Data that the station has to say.
    std::vector<romon::Data> said(Instant now)
    {
        std::vector<romon::Data> all;
        while (const auto transmit = stack.nextTransmit(now)) {
            const auto message = romon::decode(Bytes(transmit->frame).subspan(14));
            if (const auto* data = std::get_if<romon::Data>(&*message))
                all.push_back(*data);
        }
        return all;
    }
    /// Opens a stream from that port of the peer to us.
    stream::StreamId hearStream(std::uint16_t sourcePort, std::uint8_t hops)
    {
        hearSegment({.type = stream::FrameType::Connect, .sequence = kPeerNumber}, hops, sourcePort);
        stream::StreamId opened = 0;
        while (auto event = stack.nextEvent(kStart)) {
            if (const auto* request = std::get_if<stream::ConnectRequested>(&*event)) {
                stack.acceptStream(*request, kStart);
                opened = request->stream;
            }
        }
        for (const auto& data : said(kStart)) {
            if (data.destinationPort == sourcePort)
                hearSegment(ackOf(stream::decodeFrame(data.payload)->header), hops, sourcePort);
        }
        return opened;
    }
    static stream::Header ackOf(const stream::Header& accept)
    {
        return {.type = stream::FrameType::Ack, .sequence = kPeerNumber, .acknowledge = accept.sequence};
    }
    void hearAnswer()
    {
        romon::DiscoverResp answer;
        answer.header = {.auth = {}, .source = kSelf, .destination = strangerId(1)};
        answer.parent = {
            .node = kSelf, .incoming = {}, .outgoing = {.linkId = 1, .l2Mtu = 1500, .cost = 100, .mac = kOwnMac}};
        answer.own = {.node = strangerId(1), .incoming = questionOf(1).routing.outgoing, .outgoing = {}};
        answer.board = "Footbridge";
        hear(kOwnMac, answer);
    }
    std::vector<StackEvent> events()
    {
        std::vector<StackEvent> all;
        while (stack.nextTransmit(kStart))
            ;
        while (auto event = stack.nextEvent(kStart))
            all.push_back(std::move(*event));
        return all;
    }

    SeededRandom random{1};
    Stack stack{config(), random, kStart};
};

std::size_t payloadBytes(const romon::Data& data)
{
    return data.payload.size();
}

template <class Body>
std::vector<Body> allOf(const std::vector<StackEvent>& events)
{
    std::vector<Body> bodies;
    for (const auto& event : events) {
        if (const auto* body = std::get_if<Body>(&event))
            bodies.push_back(*body);
    }
    return bodies;
}

} // namespace

class tst_Stack : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsNoPeerOfAStreamThatEndedUnanswered();
    void aStreamWaitsForWhatItsPeerIs();
    void segmentsShrinkWhenTheWayBackGrowsLonger();
    void aStreamThatIsProvenLeavesNoOtherOfItsPeerUntold();
    void inventedPortsMakeNoStreamSendAgain();
    void aForgedFrameTakesNoAnswersWithIt();
    void aFrameOfTheStreamTakesItsAnswersWithIt();
};

/// Connect and reset may come in one turn, so whoever accepts comes too late.
void tst_Stack::keepsNoPeerOfAStreamThatEndedUnanswered()
{
    Station station;
    station.hearSegment({.type = stream::FrameType::Connect, .sequence = kPeerNumber});
    station.hearSegment({.type = stream::FrameType::Close, .sequence = kPeerNumber});
    const auto events = station.events();
    const auto requests = allOf<stream::ConnectRequested>(events);
    QCOMPARE(requests.size(), std::size_t{1});
    QCOMPARE(allOf<stream::Ended>(events).size(), std::size_t{1});
    station.stack.acceptStream(requests.front(), kStart);
    // A way to that peer appears; nothing goes there, so nobody is told.
    station.hear(romon::kGroupAddress, questionOf(1));
    const auto later = station.events();
    QCOMPARE(allOf<overlay::NodeAppeared>(later).size(), std::size_t{1});
    QVERIFY(allOf<PathChanged>(later).empty());
}

/// Its question makes a neighbor reachable before its answer tells whether it understands options.
void tst_Stack::aStreamWaitsForWhatItsPeerIs()
{
    Station station;
    station.hear(romon::kGroupAddress, questionOf(1));
    QVERIFY(station.stack.overlay().paths(strangerId(1), 1));
    WatchCount watch;
    HeldCommands held;
    const auto until = kStart + HeldCommands::kPatience;
    held.add({{1, 1}, OpenStream{strangerId(1), 3}, strangerId(1), until, WatchCount::Hold(watch)});
    held.add({{1, 2}, FindPaths{strangerId(1), 1}, strangerId(1), until, WatchCount::Hold(watch)});
    watch.apply(station.stack.overlay(), kStart);
    held.lookAgain();
    QCOMPARE(held.takeReady(station.stack.overlay(), kStart)->key.request, RequestId{2});
    QVERIFY(!held.takeReady(station.stack.overlay(), kStart));
    std::ignore = station.events();
    station.hearAnswer();
    QVERIFY(!allOf<overlay::MapChanged>(station.events()).empty());
    held.lookAgain();
    QVERIFY(held.takeReady(station.stack.overlay(), kStart));
    QVERIFY(station.stack.overlay().isFootbridge(strangerId(1)));
}

/// No event of the map tells a node that nobody watches, but every hop entry takes ten bytes of a frame.
void tst_Stack::segmentsShrinkWhenTheWayBackGrowsLonger()
{
    Station station;
    station.hearSegment({.type = stream::FrameType::Connect, .sequence = kPeerNumber});
    const auto request = allOf<stream::ConnectRequested>(station.events()).at(0);
    station.stack.acceptStream(request, kStart);
    const auto accept = stream::decodeFrame(station.said(kStart).at(0).payload)->header;
    const stream::Header ack{.type = stream::FrameType::Ack, .sequence = kPeerNumber, .acknowledge = accept.sequence};
    station.hearSegment(ack);
    std::ignore = station.events();
    const ByteVector bytes(4000);
    QCOMPARE(station.stack.streams().write(request.stream, bytes, kStart), bytes.size());
    const auto before = station.said(kStart);
    QVERIFY(!before.empty());
    QCOMPARE(before.front().payload.size(), std::size_t{1500 - 50 - 10});

    station.hearSegment(ack, 3);
    std::vector<romon::Data> after;
    for (Instant now = kStart; after.empty() && now < kStart + 5s; now += 50ms) {
        station.stack.advance(now);
        after = station.said(now);
    }
    QVERIFY(!after.empty());
    QCOMPARE(after.back().hops.entries.size(), std::size_t{3});
    QCOMPARE(std::ranges::max(after, {}, payloadBytes).payload.size(), std::size_t{1500 - 50 - 30});
}

/// What a peer's streams were told is remembered once for all of them.
void tst_Stack::aStreamThatIsProvenLeavesNoOtherOfItsPeerUntold()
{
    Station station;
    const auto first = station.hearStream(20000, 1);
    std::ignore = station.events();
    const auto status = station.stack.streams().status(kStart);
    QCOMPARE(status.size(), std::size_t{1});
    // The first frame after this tells its number: nothing was sent on the stream yet.
    QCOMPARE(station.stack.streams().write(first, ByteVector(1), kStart), std::size_t{1});
    const auto segment = stream::decodeFrame(station.said(kStart).at(0).payload)->header;
    station.hearSegment(Station::ackOf(segment), 2); // its way back moves, and is followed at once
    std::ignore = station.events();
    std::ignore = station.hearStream(20001, 3);
    station.hearSegment(Station::ackOf(segment), 3); // too soon to be followed again
    std::ignore = station.events();
    const ByteVector bytes(4000);
    QCOMPARE(station.stack.streams().write(first, bytes, kStart), bytes.size());
    std::vector<romon::Data> said;
    for (Instant now = kStart; said.empty() && now < kStart + 5s; now += 50ms) {
        station.stack.advance(now);
        for (auto& data : station.said(now)) {
            if (data.payload.size() > 100)
                said.push_back(std::move(data));
        }
    }
    QVERIFY(!said.empty());
    QCOMPARE(said.front().payload.size(), std::size_t{1500 - 50 - 30});
}

namespace {

/// A station with one stream that has sent bytes, of which none is acknowledged.
struct Sending {
    Sending()
    {
        std::ignore = station.events();
        const ByteVector bytes(4000);
        [[maybe_unused]] const auto taken = station.stack.streams().write(stream, bytes, kStart);
        first = stream::decodeFrame(station.said(kStart).at(0).payload)->header;
    }
    /// An acknowledgement of nothing, numbered `offBy` from the right place.
    [[nodiscard]] stream::Header ack(std::uint32_t offBy = 0) const
    {
        auto header = Station::ackOf(first);
        header.acknowledge += offBy;
        return header;
    }

    Station station;
    stream::StreamId stream = station.hearStream(20000, 1);
    stream::Header first;
};

} // namespace

/// Frames of ports that belong to no stream cost an attacker nothing, and sending a window again costs a lot.
void tst_Stack::inventedPortsMakeNoStreamSendAgain()
{
    Sending sending;
    for (std::uint16_t port = 30000; port < 30010; ++port) {
        sending.station.hearSegment(sending.ack(), 2, port);
        sending.station.hearSegment(sending.ack(), 3, port);
    }
    for (const auto& data : sending.station.said(kStart))
        QVERIFY(data.destinationPort != 20000);
}

/// The right ports are seen by everybody on the segment; the stream's numbers are what it knows its peer by.
void tst_Stack::aForgedFrameTakesNoAnswersWithIt()
{
    Sending sending;
    sending.station.hearSegment(sending.ack(1U << 30U), 3);
    QVERIFY(sending.station.said(kStart).empty());
    sending.station.stack.streams().closeWriting(sending.stream, kStart);
    const Instant later = kStart + 5s;
    sending.station.stack.advance(later);
    const auto said = sending.station.said(later);
    QVERIFY(!said.empty());
    for (const auto& data : said)
        QCOMPARE(data.hops.entries.size(), std::size_t{1});
}

void tst_Stack::aFrameOfTheStreamTakesItsAnswersWithIt()
{
    Sending sending;
    sending.station.hearSegment(sending.ack(), 3);
    const auto said = sending.station.said(kStart);
    QVERIFY(!said.empty()); // what was sent the old way may be lost, so it is sent again
    for (const auto& data : said)
        QCOMPARE(data.hops.entries.size(), std::size_t{3});
}

QTEST_GUILESS_MAIN(tst_Stack)
#include "tst_Stack.moc"
