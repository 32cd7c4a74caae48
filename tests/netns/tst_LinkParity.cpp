// SPDX-License-Identifier: Apache-2.0
// Every kind of link behaves the same: libpcap and the capture helper on a veth pair, and the virtual segment, go
// through one table.
#include "core/link/CarriedFrames.h"
#include "core/link/HelperLink.h"
#include "core/link/PcapLink.h"
#include "core/link/VirtualLink.h"
#include "core/runtime/SystemClock.h"
#include "tests/support/NetnsFixture.h"

using namespace fb;
using namespace fb::link;
using namespace fb::test;

namespace {

/// Two interfaces that are joined: "near" is opened by the kind of link under test, "far" by whatever fits.
class Rig {
public:
    virtual ~Rig() = default;
    [[nodiscard]] virtual bool build() = 0;
    [[nodiscard]] virtual LinkFactory& nearFactory() = 0;
    [[nodiscard]] virtual LinkFactory& farFactory() = 0;
    [[nodiscard]] virtual bool takeNearDown() = 0;
    [[nodiscard]] virtual bool removeNear() = 0;
};

class CableRig final : public Rig {
public:
    explicit CableRig(std::unique_ptr<LinkFactory> factory) : m_near(std::move(factory)) {}
    ~CableRig() override
    {
        if (m_isBuilt)
            QVERIFY(ip(QStringLiteral("link del near")));
    }
    bool build() override { return m_isBuilt = addCable(QStringLiteral("near"), QStringLiteral("far")); }
    LinkFactory& nearFactory() override { return *m_near; }
    LinkFactory& farFactory() override { return m_far; }
    bool takeNearDown() override { return ip(QStringLiteral("link set near down")); }
    bool removeNear() override
    {
        m_isBuilt = false;
        return ip(QStringLiteral("link del near"));
    }

private:
    std::unique_ptr<LinkFactory> m_near;
    PcapLinkFactory m_far;
    bool m_isBuilt = false;
};

class VirtualRig final : public Rig {
public:
    bool build() override { return true; }
    LinkFactory& nearFactory() override { return m_factory; }
    LinkFactory& farFactory() override { return m_factory; }
    bool takeNearDown() override
    {
        m_segment.setState("near", VirtualState::Down);
        return true;
    }
    bool removeNear() override
    {
        m_segment.setState("near", VirtualState::Removed);
        return true;
    }

private:
    VirtualSegment m_segment{{.interfaces = {"near", "far"}}};
    VirtualLinkFactory m_factory{{m_segment}};
};

constexpr std::size_t kMtu = 1500;

ByteVector fromNear(std::size_t bytes = 60, MacAddress destination = kCarriedGroup)
{
    return makeFrame({.destination = destination, .source = nearMac(), .bytes = bytes});
}

ByteVector fromFar(std::size_t bytes = 60, MacAddress destination = kCarriedGroup)
{
    return makeFrame({.destination = destination, .source = farMac(), .bytes = bytes});
}

} // namespace

class LinkParity : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { FB_ENTER_NETNS_OR_SKIP(); }
    void initTestCase_data();
    void init();
    void cleanup();

    void carriesFramesUnchanged_data();
    void carriesFramesUnchanged();
    void sendsManyFramesInOrder();
    void stopsSendingAtAFrameThatIsTooLarge();
    void doesNotShowItsOwnFrames();
    void dropsAndCountsWhatIsTooLarge();
    void isEmptyAndQuietAtFirst();
    void countsFrames();
    void countsWhatNobodyDrains();
    void dropsWhileTheInterfaceIsDown();
    void isGoneWithItsInterface();
    void refusesAnInterfaceThatIsDown();
    void refusesAnUnknownInterface();

private:
    std::unique_ptr<Rig> m_rig;
    std::unique_ptr<Link> m_near;
    std::unique_ptr<Link> m_far;
};

void LinkParity::initTestCase_data()
{
    QTest::addColumn<QString>("kind");
    QTest::newRow("libpcap") << QStringLiteral("libpcap");
    QTest::newRow("helper") << QStringLiteral("helper");
    QTest::newRow("virtual") << QStringLiteral("virtual");
}

void LinkParity::init()
{
    QFETCH_GLOBAL(QString, kind);
    if (kind == QStringLiteral("libpcap"))
        m_rig = std::make_unique<CableRig>(std::make_unique<PcapLinkFactory>());
    else if (kind == QStringLiteral("helper"))
        m_rig = std::make_unique<CableRig>(std::make_unique<HelperLinkFactory>(FB_CAPTURE_HELPER));
    else
        m_rig = std::make_unique<VirtualRig>();
    QVERIFY(m_rig->build());
    auto near = m_rig->nearFactory().open("near");
    auto far = m_rig->farFactory().open("far");
    if (!near)
        QFAIL(describe(near.error()).c_str());
    if (!far)
        QFAIL(describe(far.error()).c_str());
    m_near = std::move(*near);
    m_far = std::move(*far);
}

void LinkParity::cleanup()
{
    m_near.reset();
    m_far.reset();
    m_rig.reset();
}

void LinkParity::carriesFramesUnchanged_data()
{
    QTest::addColumn<int>("bytes");
    QTest::addColumn<bool>("isGroup");
    for (const int bytes : {14, 15, 60, 61, 1000, 1514}) {
        QTest::addRow("%d to the group", bytes) << bytes << true;
        QTest::addRow("%d to one", bytes) << bytes << false;
    }
}

void LinkParity::carriesFramesUnchanged()
{
    QFETCH(int, bytes);
    QFETCH(bool, isGroup);
    const auto size = static_cast<std::size_t>(bytes);
    const ByteVector there = fromNear(size, isGroup ? kCarriedGroup : farMac());
    QCOMPARE(m_near->send(there), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_far), there);
    const ByteVector back = fromFar(size, isGroup ? kCarriedGroup : nearMac());
    QCOMPARE(m_far->send(back), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), back);
}

void LinkParity::sendsManyFramesInOrder()
{
    std::vector<ByteVector> frames;
    for (std::size_t i = 0; i < Link::kFramesPerSend; ++i)
        frames.push_back(fromNear(60 + i));
    const std::vector<fb::Bytes> views(frames.begin(), frames.end());
    const auto sent = m_near->sendMany(views);
    QCOMPARE(sent.count, frames.size());
    QCOMPARE(sent.outcome, SendOutcome::Sent);
    for (const auto& frame : frames)
        QCOMPARE(nextFrame(*m_far), frame);
    QCOMPARE(m_near->counters().framesSent, std::uint64_t{frames.size()});
}

void LinkParity::stopsSendingAtAFrameThatIsTooLarge()
{
    const std::vector<ByteVector> frames{fromNear(60), fromNear(61), fromNear(kMtu + 15), fromNear(62)};
    const std::vector<fb::Bytes> views(frames.begin(), frames.end());
    const auto sent = m_near->sendMany(views);
    QCOMPARE(sent.count, std::size_t{2});
    QCOMPARE(sent.outcome, SendOutcome::Dropped);
    QCOMPARE(nextFrame(*m_far), frames[0]);
    QCOMPARE(nextFrame(*m_far), frames[1]);
    QCOMPARE(m_near->counters().sendsDropped, std::uint64_t{1});
}

void LinkParity::doesNotShowItsOwnFrames()
{
    QCOMPARE(m_near->send(fromNear(100)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_far), fromNear(100)); // so it was on the wire before what comes now
    QCOMPARE(m_far->send(fromFar(101)), SendOutcome::Sent);
    QCOMPARE(nextFrame(*m_near), fromFar(101));
}

void LinkParity::dropsAndCountsWhatIsTooLarge()
{
    const std::size_t tooLarge = kMtu + wire::kEthernetHeaderBytes + 1;
    QCOMPARE(m_near->send(fromNear(tooLarge)), SendOutcome::Dropped);
    QCOMPARE(m_near->send(fromNear(0)), SendOutcome::Sent); // a bare header, which is the shortest frame
    QCOMPARE(m_near->send(Bytes(fromNear()).first(13)), SendOutcome::Dropped);
    QCOMPARE(m_near->counters().sendsDropped, 2U);
    QCOMPARE(m_near->counters().framesSent, 1U);
    QCOMPARE(nextFrame(*m_far), fromNear(0));
}

void LinkParity::isEmptyAndQuietAtFirst()
{
    Bytes frame;
    QCOMPARE(m_near->receive(frame), ReceiveOutcome::Empty);
    runtime::Poller poller;
    poller.add(m_near->pollDescriptor(), 7, runtime::Interest::Read);
    QVERIFY(poller.wait(runtime::now()).empty());
    QCOMPARE(m_far->send(fromFar()), SendOutcome::Sent);
    const auto& ready = poller.wait(runtime::now() + kPatience);
    QCOMPARE(ready.size(), 1U);
    QVERIFY(ready.front().readable);
    QCOMPARE(nextFrame(*m_near), fromFar());
    QVERIFY(poller.wait(runtime::now()).empty());
}

void LinkParity::countsFrames()
{
    for (std::size_t bytes = 60; bytes < 65; ++bytes)
        QCOMPARE(m_far->send(fromFar(bytes)), SendOutcome::Sent);
    for (std::size_t bytes = 60; bytes < 65; ++bytes)
        QCOMPARE(nextFrame(*m_near), fromFar(bytes));
    QCOMPARE(m_near->counters().framesReceived, 5U);
    QCOMPARE(m_far->counters().framesSent, 5U);
    QCOMPARE(m_near->counters().receivesDropped, 0U);
}

void LinkParity::countsWhatNobodyDrains()
{
    constexpr std::uint64_t kSent = 4000;
    for (std::uint64_t sent = 0; sent < kSent; ++sent)
        QCOMPARE(m_far->send(fromFar(1514)), SendOutcome::Sent);
    Bytes frame;
    QVERIFY(waitUntil(m_near->pollDescriptor(), [&] {
        while (m_near->receive(frame) == ReceiveOutcome::Frame) {
        }
        const LinkCounters counters = m_near->counters();
        return counters.framesReceived + counters.receivesDropped == kSent;
    }));
    QVERIFY(m_near->counters().framesReceived > 50);
    QVERIFY(m_near->counters().receivesDropped > 0);
}

void LinkParity::dropsWhileTheInterfaceIsDown()
{
    QVERIFY(m_rig->takeNearDown());
    QFETCH_GLOBAL(QString, kind);
    // The helper takes what it is given and drops it; that shows in the counter only.
    const bool isKnownLater = kind == QStringLiteral("helper");
    QCOMPARE(m_near->send(fromNear()), isKnownLater ? SendOutcome::Sent : SendOutcome::Dropped);
    QVERIFY(waitUntil(m_near->pollDescriptor(), [&] {
        Bytes frame;
        return m_near->receive(frame) == ReceiveOutcome::Empty && m_near->counters().sendsDropped == 1;
    }));
}

void LinkParity::isGoneWithItsInterface()
{
    QVERIFY(m_rig->removeNear());
    Bytes frame;
    QVERIFY(waitUntil(m_near->pollDescriptor(), [&] { return m_near->receive(frame) == ReceiveOutcome::LinkGone; }));
    QCOMPARE(m_near->send(fromNear()), SendOutcome::LinkGone);
    QCOMPARE(m_near->receive(frame), ReceiveOutcome::LinkGone);
}

void LinkParity::refusesAnInterfaceThatIsDown()
{
    m_near.reset();
    QVERIFY(m_rig->takeNearDown());
    const auto opened = m_rig->nearFactory().open("near");
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::InterfaceDown);
    QCOMPARE(opened.error().context, std::string("near"));
}

void LinkParity::refusesAnUnknownInterface()
{
    for (const std::string name : {"nowhere", "any", "", "a-name-longer-than-any-interface"}) {
        const auto opened = m_rig->nearFactory().open(name);
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::NoSuchInterface);
    }
}

FB_NETNS_MAIN(LinkParity)
#include "tst_LinkParity.moc"
