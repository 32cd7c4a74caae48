// SPDX-License-Identifier: Apache-2.0
#include "core/wire/Encoder.h"
#include "core/wire/Ethernet.h"

#include <QtTest>

using namespace fb::wire;
using fb::ByteVector;

namespace {

constexpr std::uint16_t kType = 0x88bf;
constexpr EthernetHeader kHeader{
    .destination = {{0x01, 0x80, 0xc2, 0x00, 0x88, 0xbf}}, .source = {{0x02, 0, 0, 0, 0, 0x01}}, .etherType = kType};

/// A frame whose type field is followed by these 16-bit words and then by the payload 0xaa 0xbb.
ByteVector frameWith(std::uint16_t type, const std::vector<std::uint16_t>& words)
{
    ByteVector frame;
    encodeEthernet({.destination = kHeader.destination, .source = kHeader.source, .etherType = type}, frame);
    Encoder encoder(frame);
    for (const std::uint16_t word : words)
        encoder.integer(word);
    encoder.bytes(ByteVector{0xaa, 0xbb});
    return frame;
}

} // namespace

class EthernetTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesFourteenBytes();
    void readsWhatWasWritten();
    void takesABareHeader();
    void refusesTruncatedHeaders();
    void takesAPriorityTagAsUntagged_data();
    void takesAPriorityTagAsUntagged();
    void refusesForeignVlans_data();
    void refusesForeignVlans();
    void refusesATruncatedTag();
    void looksThroughOneTagOnly();
};

void EthernetTest::writesFourteenBytes()
{
    ByteVector out;
    encodeEthernet(kHeader, out);
    QCOMPARE(out, (ByteVector{0x01, 0x80, 0xc2, 0x00, 0x88, 0xbf, 0x02, 0, 0, 0, 0, 0x01, 0x88, 0xbf}));
}

void EthernetTest::readsWhatWasWritten()
{
    const ByteVector frame = frameWith(kType, {});
    const auto decoded = decodeEthernet(frame);
    QVERIFY(decoded.has_value());
    QVERIFY(decoded->header == kHeader);
    QCOMPARE(decoded->payload.data(), frame.data() + kEthernetHeaderBytes);
    QCOMPARE(decoded->payload.size(), 2U);
}

void EthernetTest::takesABareHeader()
{
    ByteVector frame;
    encodeEthernet(kHeader, frame);
    const auto decoded = decodeEthernet(frame);
    QVERIFY(decoded.has_value());
    QVERIFY(decoded->payload.empty());
}

void EthernetTest::refusesTruncatedHeaders()
{
    ByteVector whole;
    encodeEthernet(kHeader, whole);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const ByteVector frame(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto decoded = decodeEthernet(frame);
        QVERIFY(!decoded);
        QCOMPARE(decoded.error(), EthernetError::Truncated);
    }
}

void EthernetTest::takesAPriorityTagAsUntagged_data()
{
    QTest::addColumn<int>("tag");
    QTest::newRow("priority 0") << 0x0000;
    QTest::newRow("priority 7") << 0xe000;
    QTest::newRow("drop eligible") << 0x1000;
}

void EthernetTest::takesAPriorityTagAsUntagged()
{
    QFETCH(int, tag);
    const ByteVector frame = frameWith(kEtherTypeVlan, {static_cast<std::uint16_t>(tag), kType});
    const auto decoded = decodeEthernet(frame);
    QVERIFY(decoded.has_value());
    QCOMPARE(decoded->header.etherType, kType);
    QCOMPARE(decoded->payload.size(), 2U);
    QCOMPARE(decoded->payload.front(), std::uint8_t{0xaa});
}

void EthernetTest::refusesForeignVlans_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("tag");
    QTest::newRow("vlan 1") << int{kEtherTypeVlan} << 0x0001;
    QTest::newRow("vlan 4095 with priority") << int{kEtherTypeVlan} << 0xefff;
    QTest::newRow("service tag") << int{kEtherTypeServiceVlan} << 0x0005;
    QTest::newRow("service tag with id 0") << int{kEtherTypeServiceVlan} << 0x0000;
}

void EthernetTest::refusesForeignVlans()
{
    QFETCH(int, type);
    QFETCH(int, tag);
    const auto decoded =
        decodeEthernet(frameWith(static_cast<std::uint16_t>(type), {static_cast<std::uint16_t>(tag), kType}));
    QVERIFY(!decoded);
    QCOMPARE(decoded.error(), EthernetError::Tagged);
}

void EthernetTest::refusesATruncatedTag()
{
    const ByteVector whole = frameWith(kEtherTypeVlan, {0, kType});
    for (std::size_t size = kEthernetHeaderBytes; size < kEthernetHeaderBytes + kVlanTagBytes; ++size) {
        const ByteVector frame(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        const auto decoded = decodeEthernet(frame);
        QVERIFY(!decoded);
        QCOMPARE(decoded.error(), EthernetError::Truncated);
    }
}

void EthernetTest::looksThroughOneTagOnly()
{
    const auto decoded = decodeEthernet(frameWith(kEtherTypeVlan, {0, kEtherTypeVlan, 0, kType}));
    QVERIFY(!decoded || decoded->header.etherType != kType);
}

QTEST_GUILESS_MAIN(EthernetTest)
#include "tst_Ethernet.moc"
