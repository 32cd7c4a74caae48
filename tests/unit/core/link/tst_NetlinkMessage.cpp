// SPDX-License-Identifier: Apache-2.0
// The netlink reader on messages made by hand: what it reads, and that no length can mislead it.
#include "core/link/NetlinkMessage.h"
#include "core/link/NetlinkMonitor.h"

#include <QtTest>

#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <bit>

using namespace fb;
using namespace fb::link;

namespace {

constexpr std::uint32_t kSequence = 5;

template <class Integer>
void append(ByteVector& out, Integer value)
{
    const auto octets = std::bit_cast<std::array<std::uint8_t, sizeof(Integer)>>(value);
    out.insert(out.end(), octets.begin(), octets.end());
}

void pad(ByteVector& out)
{
    out.resize((out.size() + 3) / 4 * 4);
}

ByteVector attribute(std::uint16_t type, const ByteVector& value)
{
    ByteVector out;
    append(out, static_cast<std::uint16_t>(4 + value.size()));
    append(out, type);
    out.insert(out.end(), value.begin(), value.end());
    pad(out);
    return out;
}

ByteVector integer(std::uint32_t value)
{
    ByteVector out;
    append(out, value);
    return out;
}

ByteVector text(std::string value)
{
    value.push_back('\0');
    return bytesOf(value);
}

ByteVector message(std::uint16_t type, std::uint16_t flags, const ByteVector& body)
{
    ByteVector out;
    append(out, static_cast<std::uint32_t>(16 + body.size()));
    append(out, type);
    append(out, flags);
    append(out, kSequence);
    append(out, std::uint32_t{0});
    out.insert(out.end(), body.begin(), body.end());
    pad(out);
    return out;
}

ByteVector linkBody(const std::vector<ByteVector>& attributes)
{
    ByteVector body;
    append(body, std::uint16_t{0});
    append(body, std::uint16_t{ARPHRD_ETHER});
    append(body, std::uint32_t{3});
    append(body, std::uint32_t{IFF_UP | IFF_RUNNING});
    append(body, std::uint32_t{0});
    for (const ByteVector& one : attributes)
        body.insert(body.end(), one.begin(), one.end());
    return body;
}

ByteVector sample()
{
    return linkBody({attribute(IFLA_IFNAME, text("eth7")), attribute(IFLA_ADDRESS, {2, 0, 0, 0, 0, 9}),
                     attribute(999, {1, 2, 3}), attribute(IFLA_MTU, integer(1500)), attribute(IFLA_MASTER, integer(8)),
                     attribute(IFLA_LINKINFO | NLA_F_NESTED, attribute(IFLA_INFO_KIND, text("vlan")))});
}

const LinkRecord kSample{.index = 3,
                         .hardwareType = ARPHRD_ETHER,
                         .flags = IFF_UP | IFF_RUNNING,
                         .name = "eth7",
                         .mac = {{2, 0, 0, 0, 0, 9}},
                         .mtu = 1500,
                         .masterIndex = 8,
                         .kind = "vlan"};

LinkDump decode(const ByteVector& datagram)
{
    LinkDump dump;
    decodeLinkDump(datagram, kSequence, dump);
    return dump;
}

} // namespace

class NetlinkMessageTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsALink();
    void tellsTheEnd();
    void passesOverOtherRequests();
    void noticesRefusalAndInterruption();
    void survivesEveryTruncation();
    void survivesEveryLie();
    void choosesWhatCanBeAPort();
};

void NetlinkMessageTest::readsALink()
{
    ByteVector datagram = message(RTM_NEWLINK, NLM_F_MULTI, sample());
    const ByteVector second = message(RTM_NEWLINK, NLM_F_MULTI, sample());
    datagram.insert(datagram.end(), second.begin(), second.end());
    const LinkDump dump = decode(datagram);
    QCOMPARE(dump.records.size(), 2U);
    QVERIFY(dump.records[0] == kSample);
    QVERIFY(dump.records[1] == kSample);
    QVERIFY(!dump.isComplete && !dump.isFailed && !dump.isInterrupted);
}

void NetlinkMessageTest::tellsTheEnd()
{
    QVERIFY(decode(message(NLMSG_DONE, NLM_F_MULTI, ByteVector(4))).isComplete);
}

void NetlinkMessageTest::passesOverOtherRequests()
{
    LinkDump dump;
    decodeLinkDump(message(RTM_NEWLINK, 0, sample()), kSequence + 1, dump);
    decodeLinkDump(message(NLMSG_DONE, 0, {}), kSequence + 1, dump);
    QVERIFY(dump.records.empty() && !dump.isComplete);
}

void NetlinkMessageTest::noticesRefusalAndInterruption()
{
    QVERIFY(decode(message(NLMSG_ERROR, 0, ByteVector(20))).isFailed);
    QVERIFY(decode(message(RTM_NEWLINK, NLM_F_DUMP_INTR, sample())).isInterrupted);
}

void NetlinkMessageTest::survivesEveryTruncation()
{
    const ByteVector whole = message(RTM_NEWLINK, 0, sample());
    for (std::size_t size = 16; size < whole.size(); ++size) {
        const ByteVector cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
        QVERIFY(decode(cut).isFailed);
    }
    const ByteVector body = sample();
    for (std::size_t size = 0; size < body.size(); ++size) {
        const ByteVector cut(body.begin(), body.begin() + static_cast<std::ptrdiff_t>(size));
        QCOMPARE(decode(message(RTM_NEWLINK, 0, cut)).records.size(), size < 16 ? 0U : 1U);
    }
}

// Every byte of a good message takes every value: whatever a length claims, nothing outside is read (the sanitizers
// watch) and reading ends.
void NetlinkMessageTest::survivesEveryLie()
{
    const ByteVector whole = message(RTM_NEWLINK, 0, sample());
    for (std::size_t at = 0; at < whole.size(); ++at) {
        for (int value = 0; value < 256; ++value) {
            ByteVector wrong = whole;
            wrong[at] = static_cast<std::uint8_t>(value);
            QVERIFY(decode(wrong).records.size() <= 1);
        }
    }
}

void NetlinkMessageTest::choosesWhatCanBeAPort()
{
    const LinkRecord ethernet{
        .index = 1, .hardwareType = ARPHRD_ETHER, .flags = 0, .name = "b", .mac = {}, .mtu = 9000, .kind = {}};
    LinkRecord bridge = ethernet;
    bridge.index = 2;
    bridge.name = "br0";
    bridge.kind = "bridge";
    LinkRecord bond = ethernet;
    bond.name = "bond0";
    bond.flags = IFF_MASTER;
    LinkRecord tunnel = ethernet;
    tunnel.name = "tun0";
    tunnel.hardwareType = ARPHRD_NONE;
    LinkRecord member = ethernet;
    member.name = "a";
    member.masterIndex = 2;
    member.flags = IFF_UP | IFF_RUNNING;
    LinkRecord noCarrier = ethernet;
    noCarrier.name = "c";
    noCarrier.flags = IFF_UP;
    noCarrier.mtu = 100'000;

    const auto usable = usableInterfaces({ethernet, bridge, bond, tunnel, member, noCarrier});
    QCOMPARE(usable.size(), 3U);
    QCOMPARE(usable[0].name, std::string("a"));
    QCOMPARE(usable[0].bridge, std::string("br0"));
    QVERIFY(usable[0].isUp);
    QCOMPARE(usable[1].name, std::string("b"));
    QVERIFY(usable[1].bridge.empty() && !usable[1].isUp);
    QCOMPARE(usable[2].name, std::string("c"));
    QVERIFY(!usable[2].isUp);
    QCOMPARE(usable[2].mtu, std::uint16_t{0xffff});
}

QTEST_GUILESS_MAIN(NetlinkMessageTest)
#include "tst_NetlinkMessage.moc"
