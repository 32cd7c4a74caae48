// SPDX-License-Identifier: Apache-2.0
// What only a real interface does: it goes down and comes back, is deleted and made again, sits in a bridge, gets VLAN
// tags, foreign frames and another MTU.
#include "core/link/CarriedFrames.h"
#include "core/link/PcapLink.h"
#include "core/runtime/SystemClock.h"
#include "core/wire/Encoder.h"
#include "tests/support/NetnsFixture.h"

using namespace fb;
using namespace fb::link;
using namespace fb::test;

namespace {

ByteVector fromFar(std::size_t bytes = 60, MacAddress destination = kCarriedGroup)
{
    return makeFrame({.destination = destination, .source = farMac(), .bytes = bytes});
}

ByteVector withTag(std::uint16_t tag)
{
    ByteVector frame;
    wire::encodeEthernet({.destination = kCarriedGroup, .source = farMac(), .etherType = wire::kEtherTypeVlan}, frame);
    wire::Encoder encoder(frame);
    encoder.integer(tag);
    encoder.integer(kCarriedEtherType);
    encoder.zeros(46);
    return frame;
}

} // namespace

class PcapLinkTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { FB_ENTER_NETNS_OR_SKIP(); }
    void init();
    void cleanup();

    void losesNoFrameRightAfterOpening();
    void hearsItsOwnEtherTypeOnly();
    void staysUsableWhenTheInterfaceGoesDownAndUp();
    void doesNotSpinWhileTheInterfaceIsDown();
    void staysGoneWhenTheInterfaceIsMadeAgain();
    void worksOnAMemberOfABridge();
    void showsVlanTags();
    void followsTheMtu();
    void refusesWhatIsNoEthernet();

private:
    static std::unique_ptr<PcapLink> open(const std::string& interface);

    std::unique_ptr<PcapLink> m_near;
    std::unique_ptr<PcapLink> m_far;
};

std::unique_ptr<PcapLink> PcapLinkTest::open(const std::string& interface)
{
    auto link = PcapLink::open(interface);
    if (!link)
        qFatal("%s", describe(link.error()).c_str());
    return std::move(*link);
}

void PcapLinkTest::init()
{
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    m_near = open("near");
    m_far = open("far");
}

void PcapLinkTest::cleanup()
{
    m_near.reset();
    m_far.reset();
    QVERIFY(ip(QStringLiteral("link del far")));
}

void PcapLinkTest::losesNoFrameRightAfterOpening()
{
    m_near.reset();
    m_near = open("near");
    for (std::size_t bytes = 60; bytes < 70; ++bytes)
        QCOMPARE(m_far->send(fromFar(bytes)), SendOutcome::Sent);
    for (std::size_t bytes = 60; bytes < 70; ++bytes)
        QCOMPARE(nextFrame(*m_near), fromFar(bytes));
}

void PcapLinkTest::hearsItsOwnEtherTypeOnly()
{
    ByteVector other = fromFar();
    other[12] = 0x08;
    other[13] = 0x06;
    QCOMPARE(m_far->send(other), SendOutcome::Sent);
    QCOMPARE(m_far->send(fromFar()), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar());
    QCOMPARE(m_near->counters().framesReceived, 1U);
}

void PcapLinkTest::staysUsableWhenTheInterfaceGoesDownAndUp()
{
    QVERIFY(ip(QStringLiteral("link set near down")));
    Bytes frame;
    QCOMPARE(m_near->receive(frame), ReceiveOutcome::Empty);
    QCOMPARE(m_near->send(makeFrame({.destination = kCarriedGroup, .source = nearMac()})), SendOutcome::Dropped);
    QVERIFY(ip(QStringLiteral("link set near up")));
    QVERIFY(waitUp(QStringLiteral("near")) && waitUp(QStringLiteral("far")));

    const ByteVector there = makeFrame({.destination = farMac(), .source = nearMac(), .bytes = 99});
    QCOMPARE(m_near->send(there), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_far), there);
    QCOMPARE(m_far->send(fromFar(98)), SendOutcome::Sent); // to the group: the membership is kept too
    QCOMPARE(nextFrame(*m_near), fromFar(98));
}

void PcapLinkTest::doesNotSpinWhileTheInterfaceIsDown()
{
    QVERIFY(ip(QStringLiteral("link set near down")));
    runtime::Poller poller;
    poller.add(m_near->pollDescriptor(), 0, runtime::Interest::Read);
    Bytes frame;
    constexpr int kWakeUpsMax = 3;
    int wakeUps = 0;
    while (!poller.wait(runtime::now()).empty()) {
        QVERIFY(++wakeUps <= kWakeUpsMax);
        QCOMPARE(m_near->receive(frame), ReceiveOutcome::Empty);
    }
}

void PcapLinkTest::staysGoneWhenTheInterfaceIsMadeAgain()
{
    QVERIFY(ip(QStringLiteral("link del near")));
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    Bytes frame;
    QTRY_COMPARE(m_near->receive(frame), ReceiveOutcome::LinkGone); // that it was down first may be told before
    QCOMPARE(m_near->send(fromFar()), SendOutcome::LinkGone);

    const auto near = open("near");
    const auto far = open("far");
    QCOMPARE(far->send(fromFar(77)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*near), fromFar(77));
    QCOMPARE(m_near->receive(frame), ReceiveOutcome::LinkGone);
}

void PcapLinkTest::worksOnAMemberOfABridge()
{
    QVERIFY(ip(QStringLiteral("link add bridge0 type bridge")));
    QVERIFY(ip(QStringLiteral("link set near master bridge0")));
    QVERIFY(ip(QStringLiteral("link set bridge0 up")));
    QCOMPARE(m_far->send(fromFar(80)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar(80));
    QCOMPARE(m_far->send(fromFar(81, nearMac())), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar(81, nearMac()));
    QVERIFY(ip(QStringLiteral("link del bridge0")));
}

void PcapLinkTest::showsVlanTags()
{
    QCOMPARE(m_far->send(withTag(5)), SendOutcome::Sent);
    const ByteVector tagged = nextFrame(*m_near);
    QCOMPARE(tagged, withTag(5)); // so that decoding can tell whose it is
    QCOMPARE(wire::decodeEthernet(tagged).error(), wire::EthernetError::Tagged);

    constexpr std::uint16_t kPriorityOnly = 0xe000;
    QCOMPARE(m_far->send(withTag(kPriorityOnly)), SendOutcome::Sent);
    const ByteVector priority = nextFrame(*m_near);
    const auto decoded = wire::decodeEthernet(priority);
    QVERIFY(decoded);
    QCOMPARE(decoded->header.etherType, kCarriedEtherType);
}

void PcapLinkTest::followsTheMtu()
{
    QCOMPARE(m_far->send(fromFar(1514)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar(1514));

    QVERIFY(ip(QStringLiteral("link set far mtu 2000")) && ip(QStringLiteral("link set near mtu 2000")));
    QCOMPARE(m_far->send(fromFar(2014)), SendOutcome::Sent); // longer than the link was opened for
    QCOMPARE(m_far->send(fromFar(100)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar(100));
    QCOMPARE(m_near->counters().receivesDropped, 1U);
    m_near = open("near");
    QCOMPARE(m_far->send(fromFar(2014)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar(2014));

    QVERIFY(ip(QStringLiteral("link set far mtu 1000")));
    QCOMPARE(m_far->send(fromFar(1015)), SendOutcome::Dropped);
    QCOMPARE(m_far->send(fromFar(1014)), SendOutcome::Sent);
    QCOMPARE(m_far->counters().sendsDropped, 1U);
}

void PcapLinkTest::refusesWhatIsNoEthernet()
{
    const auto opened = PcapLink::open("lo");
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::InvalidArgument);
}

FB_NETNS_MAIN(PcapLinkTest)
#include "tst_PcapLink.moc"
