// SPDX-License-Identifier: Apache-2.0
// The captured frames decode to what their publisher says they are and encode back to the same bytes; every length that
// lies has a name.
#include "core/romon/Codec.h"
#include "tests/support/CapturedFrames.h"

#include <QTest>

#include <set>

using namespace fb;
using namespace fb::romon;

Q_DECLARE_METATYPE(fb::romon::WireError)
Q_DECLARE_METATYPE(fb::ByteVector)

namespace {

const std::map<std::string, ByteVector>& frames()
{
    static const auto all = test::capturedFrames();
    return all;
}

ByteVector changed(const std::string& name, std::size_t at, std::uint8_t octet)
{
    ByteVector packet = frames().at(name);
    packet.at(at) = octet;
    return packet;
}

/// The packet with more bytes, or fewer, and a length field that is honest about it.
ByteVector resized(const std::string& name, std::size_t size)
{
    ByteVector packet = frames().at(name);
    packet.resize(size);
    packet.at(2) = static_cast<std::uint8_t>((size + 14) >> 8U);
    packet.at(3) = static_cast<std::uint8_t>(size + 14);
    return packet;
}

ByteVector padded(const std::string& name, std::size_t count, std::uint8_t octet)
{
    ByteVector packet = frames().at(name);
    packet.insert(packet.end(), count, octet);
    return packet;
}

ByteVector bareHello()
{
    Hello hello;
    hello.header.source = *RomonId::parse("02:00:00:00:00:01");
    return encode(hello);
}

RomonId id(const char* text)
{
    return *RomonId::parse(text);
}

} // namespace

class tst_Codec : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCapturedFrameComesBackByteForByte();
    void readsTheDiscover();
    void readsTheForwardedDiscover();
    void readsTheReply();
    void readsData();
    void namesWhatIsWrong_data();
    void namesWhatIsWrong();
    void everyTruncationIsAnError();
    void cutsLinkPadding();
    void keepsUnknownTags();
    void keepsTheAuthField();
    void rewritesInPlace();
    void viewsDataAsItDecodes();
    void viewsNothingElse();
    void appendsData();
    void everyErrorHasAName();
    void versionText();
};

void tst_Codec::everyCapturedFrameComesBackByteForByte()
{
    QCOMPARE(frames().size(), std::size_t{12});
    for (const auto& [name, packet] : frames()) {
        const auto message = decode(packet);
        QVERIFY2(message.has_value(), name.c_str());
        QVERIFY2(encode(*message) == packet, name.c_str());
    }
}

void tst_Codec::readsTheDiscover()
{
    const auto message = decode(frames().at("discover_originated"));
    const auto& discover = std::get<Discover>(*message);
    QCOMPARE(discover.header.source, id("aa:bb:cc:dd:ee:ff"));
    QCOMPARE(discover.header.destination, kEveryNode);
    QVERIFY(discover.hops.entries.empty());
    QCOMPARE(discover.routing.node, id("aa:bb:cc:dd:ee:ff"));
    QCOMPARE(discover.routing.incoming, LinkRecord{});
    QCOMPARE(discover.routing.outgoing, (LinkRecord{0x0a, 1598, 100, *MacAddress::parse("d4:ca:6d:dd:8c:be")}));
}

void tst_Codec::readsTheForwardedDiscover()
{
    const auto message = decode(frames().at("discover_forwarded_2hop"));
    const auto& discover = std::get<Discover>(*message);
    QCOMPARE(discover.header.source, id("18:fd:74:75:de:23"));
    QCOMPARE(int{discover.hops.pointer}, 2);
    QCOMPARE(discover.hops.entries.size(), std::size_t{2});
    QCOMPARE(discover.hops.entries[1], (HopEntry{0x0d, *MacAddress::parse("e4:8d:8c:7b:5a:84")}));
    QCOMPARE(discover.routing.node, id("6c:3b:6b:4c:3b:9c"));
    QCOMPARE(discover.routing.incoming.linkId, 0x0dU);
    QCOMPARE(discover.routing.outgoing.linkId, 0x10U);
}

void tst_Codec::readsTheReply()
{
    const auto message = decode(frames().at("discover_reply_direct"));
    const auto& reply = std::get<DiscoverResp>(*message);
    QCOMPARE(reply.parent.node, id("aa:bb:cc:dd:ee:ff"));
    QCOMPARE(reply.own.node, id("18:fd:74:73:c5:3a"));
    QCOMPARE(reply.own.incoming, (LinkRecord{0x0c, 1592, 100, *MacAddress::parse("18:fd:74:73:c5:3a")}));
    QCOMPARE(QString::fromStdString(reply.identity.value()), QString("DuneGW"));
    QCOMPARE(QString::fromStdString(reply.version.value().toString()), QString("7.13"));
    QCOMPARE(QString::fromStdString(reply.board.value()), QString("RB750Gr3"));
}

void tst_Codec::readsData()
{
    const auto ping = decode(frames().at("data_ping"));
    const auto& data = std::get<Data>(*ping);
    QCOMPARE(data.header.source, id("d4:ca:6d:dd:8c:ba"));
    QCOMPARE(data.header.destination, id("18:fd:74:75:de:23"));
    QCOMPARE(data.sourcePort, std::uint16_t{0x1884});
    QCOMPARE(data.destinationPort, kPingPort);
}

void tst_Codec::namesWhatIsWrong_data()
{
    QTest::addColumn<ByteVector>("packet");
    QTest::addColumn<WireError>("reason");
    const auto row = [](const char* name, ByteVector packet, WireError reason) {
        QTest::newRow(name) << std::move(packet) << reason;
    };
    row("empty", {}, WireError::Truncated);
    row("length below the header", changed("data_ping", 3, 53), WireError::LengthTooSmall);
    row("length beyond the frame", changed("data_ping", 3, 0x7f), WireError::LengthBeyondFrame);
    row("length in high byte", changed("data_ping", 2, 1), WireError::LengthBeyondFrame);
    row("length too short for what follows", changed("discover_reply_direct", 3, 0x96), WireError::TrailingBytes);
    row("garbage after", padded("data_ping", 4, 0xaa), WireError::TrailingBytes);
    row("zeros without end", padded("data_ping", 47, 0), WireError::TrailingBytes);
    row("type 0", changed("data_ping", 0, 0), WireError::UnknownType);
    row("type 6", changed("data_ping", 0, 6), WireError::UnknownType);
    row("second byte", changed("data_ping", 1, 1), WireError::ReservedNotZero);
    row("reserved after the pointer, data", changed("data_ping", 45, 1), WireError::ReservedNotZero);
    row("reserved after the pointer, discover", changed("discover_originated", 47, 1), WireError::ReservedNotZero);
    row("hops past the end", changed("data_ping", 40, 7), WireError::HopsOverrun);
    row("255 hops", changed("discover_originated", 40, 255), WireError::HopsOverrun);
    row("pointer past the hops", changed("data_ping", 41, 4), WireError::HopPointerOutOfRange);
    row("TLV past the end", changed("discover_originated", 49, 35), WireError::TlvOverrun);
    row("half a TLV head", resized("discover_originated", 85), WireError::TlvOverrun);
    row("short routing", resized("discover_originated", 48), WireError::RoutingMissing);
    row("second routing in a discover", changed("discover_reply_direct", 0, 1), WireError::TlvDuplicate);
    row("one routing in a reply", changed("discover_originated", 0, 2), WireError::RoutingMissing);
    row("version of other size", changed("discover_reply_direct", 129, 3), WireError::TlvBadSize);
    row("identity twice", changed("discover_reply_direct", 134, 3), WireError::TlvDuplicate);
    ByteVector many = resized("discover_originated", 84 + 2 * kTlvsMax);
    std::fill(many.begin() + 84, many.end(), std::uint8_t{0});
    row("too many TLVs", std::move(many), WireError::TlvTooMany);
}

void tst_Codec::namesWhatIsWrong()
{
    QFETCH(ByteVector, packet);
    QFETCH(WireError, reason);
    const auto message = decode(packet);
    QVERIFY(!message.has_value());
    QCOMPARE(QString::fromUtf8(nameOf(message.error()).data()), QString::fromUtf8(nameOf(reason).data()));
}

void tst_Codec::everyTruncationIsAnError()
{
    for (const auto& [name, packet] : frames()) {
        for (std::size_t size = 0; size < packet.size(); ++size)
            QVERIFY2(!decode(Bytes(packet).first(size)).has_value(), name.c_str());
    }
}

void tst_Codec::cutsLinkPadding()
{
    ByteVector hello = bareHello();
    const ByteVector bare = hello;
    hello.resize(46, 0x5a); // a careless sender pads with what was in its buffer
    QVERIFY(decode(hello).has_value());
    QCOMPARE(encode(*decode(hello)), bare);
    const Bytes cut = withoutPadding(hello);
    QCOMPARE(ByteVector(cut.begin(), cut.end()), bare);
    QCOMPARE(encode(*decode(padded("data_ping", 6, 0))), frames().at("data_ping"));
}

void tst_Codec::keepsUnknownTags()
{
    ByteVector packet = resized("discover_reply_direct", 144 + 5);
    const ByteVector tail{0x2a, 3, 1, 2, 3};
    std::ranges::copy(tail, packet.end() - 5);
    const auto message = decode(packet);
    QVERIFY(message.has_value());
    QCOMPARE(std::get<DiscoverResp>(*message).others, (std::vector<RawTlv>{{0x2a, {1, 2, 3}}}));
    QCOMPARE(encode(*message), packet);
}

void tst_Codec::keepsTheAuthField()
{
    ByteVector packet = frames().at("data_ping");
    for (std::size_t at = 4; at < 28; ++at)
        packet[at] = static_cast<std::uint8_t>(at);
    const auto message = decode(packet);
    QVERIFY(message.has_value());
    QCOMPARE(int{headerOf(*message).auth.at(23)}, 27);
    QCOMPARE(encode(*message), packet);
}

void tst_Codec::rewritesInPlace()
{
    ByteVector packet = frames().at("data_ping");
    auto expected = std::get<Data>(*decode(packet));
    expected.hops.pointer = 1;
    expected.hops.entries[0] = {0x1b, *MacAddress::parse("d4:ca:6d:dd:8c:ba")};
    setHopPointer(packet, 1);
    setDataHop(packet, 0, expected.hops.entries[0]);
    QCOMPARE(packet, encode(expected));
}

void tst_Codec::viewsDataAsItDecodes()
{
    for (const auto& [name, whole] : frames()) {
        for (std::size_t size = 0; size <= whole.size(); ++size) {
            const Bytes packet = Bytes(whole).first(size);
            if (!looksLikeData(packet))
                continue;
            const auto message = decode(packet);
            const auto view = viewData(packet);
            QCOMPARE(view.has_value(), message.has_value());
            if (!view) {
                QVERIFY2(view.error() == message.error(), name.c_str());
                continue;
            }
            const auto& data = std::get<Data>(*message);
            QVERIFY(view->header == data.header);
            QCOMPARE(view->pointer, data.hops.pointer);
            QCOMPARE(view->hopCount(), data.hops.entries.size());
            for (std::size_t hop = 0; hop < view->hopCount(); ++hop)
                QVERIFY(view->hop(hop) == data.hops.entries[hop]);
            QVERIFY(view->sourcePort == data.sourcePort && view->destinationPort == data.destinationPort);
            QVERIFY(std::ranges::equal(view->payload, data.payload));
            QVERIFY(std::ranges::equal(view->packet, withoutPadding(packet)));
        }
    }
    QVERIFY(looksLikeData(frames().at("data_ping")));
}

void tst_Codec::viewsNothingElse()
{
    const auto& discover = frames().at("discover_reply_direct");
    QVERIFY(!looksLikeData(discover));
    QVERIFY(viewData(discover).error() == WireError::UnknownType);
    QVERIFY(!looksLikeData({}));
}

void tst_Codec::appendsData()
{
    const auto data = std::get<Data>(*decode(frames().at("data_ping")));
    ByteVector out{1, 2, 3};
    appendData({.header = data.header,
                .pointer = data.hops.pointer,
                .entries = data.hops.entries,
                .sourcePort = data.sourcePort,
                .destinationPort = data.destinationPort,
                .payload = data.payload},
               out);
    QVERIFY(std::ranges::equal(Bytes(out).subspan(3), frames().at("data_ping")));
    QCOMPARE(out[0], std::uint8_t{1});
}

void tst_Codec::everyErrorHasAName()
{
    std::set<std::string_view> names;
    for (int error = 0; error < static_cast<int>(WireError::Count); ++error)
        names.insert(nameOf(static_cast<WireError>(error)));
    QCOMPARE(names.size(), static_cast<std::size_t>(WireError::Count));
}

void tst_Codec::versionText()
{
    QCOMPARE(QString::fromStdString((Version{7, 13, 'f', 2}).toString()), QString("7.13.2"));
    QCOMPARE(QString::fromStdString((Version{7, 24, 0x1b, 3}).toString()), QString("7.24?3"));
}

QTEST_GUILESS_MAIN(tst_Codec)
#include "tst_Codec.moc"
