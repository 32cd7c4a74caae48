// SPDX-License-Identifier: Apache-2.0
// The monitor's list follows the kernel's: interfaces come, go, change, join bridges, and more happens than fits into
// the queue of notifications.
#include "core/link/NetlinkMonitor.h"
#include "core/runtime/SystemClock.h"
#include "tests/support/NetnsFixture.h"

#include <sys/socket.h>

#include <algorithm>

using namespace fb;
using namespace fb::link;
using namespace fb::test;

class NetlinkMonitorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { FB_ENTER_NETNS_OR_SKIP(); }
    void init();
    void cleanup();

    void leavesOutWhatIsNoPort();
    void tellsNameAddressMtuAndState();
    void noticesThatAnInterfaceComesAndGoes();
    void noticesTheCarrier();
    void showsTheBridgeOfAMember();
    void recoversLostNotifications();
    void isQuietWhenNothingChanges();

private:
    [[nodiscard]] bool waitFor(const std::function<bool(const std::vector<Interface>&)>& isSo);
    [[nodiscard]] bool waitFor(const std::string& name, const std::function<bool(const Interface&)>& isSo);

    std::unique_ptr<NetlinkMonitor> m_monitor;
};

void NetlinkMonitorTest::init()
{
    auto monitor = NetlinkMonitor::create();
    QVERIFY(monitor.has_value());
    m_monitor = std::move(*monitor);
    QVERIFY(m_monitor->refresh().empty()); // the namespace has its loopback only
}

void NetlinkMonitorTest::cleanup()
{
    m_monitor.reset();
}

bool NetlinkMonitorTest::waitFor(const std::function<bool(const std::vector<Interface>&)>& isSo)
{
    return waitUntil(m_monitor->pollDescriptor(), [&] { return isSo(m_monitor->refresh()); });
}

bool NetlinkMonitorTest::waitFor(const std::string& name, const std::function<bool(const Interface&)>& isSo)
{
    return waitFor([&](const std::vector<Interface>& all) {
        const auto found = std::ranges::find(all, name, &Interface::name);
        return found != all.end() && isSo(*found);
    });
}

void NetlinkMonitorTest::leavesOutWhatIsNoPort()
{
    QVERIFY(ip(QStringLiteral("link add bridge0 type bridge")));
    QVERIFY(ip(QStringLiteral("link set lo up")));
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    const auto& all = m_monitor->refresh();
    QCOMPARE(all.size(), 2U);
    QCOMPARE(all[0].name, std::string("far")); // ascending by name
    QCOMPARE(all[1].name, std::string("near"));
    QVERIFY(ip(QStringLiteral("link del near")));
    QVERIFY(ip(QStringLiteral("link del bridge0")));
}

void NetlinkMonitorTest::tellsNameAddressMtuAndState()
{
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    QVERIFY(ip(QStringLiteral("link set near mtu 1600")));
    QVERIFY(waitFor("near", [](const Interface& near) {
        return near == Interface{.name = "near", .mac = nearMac(), .mtu = 1600, .isUp = true, .bridge = {}};
    }));
    QVERIFY(ip(QStringLiteral("link del near")));
}

void NetlinkMonitorTest::noticesThatAnInterfaceComesAndGoes()
{
    QVERIFY(ip(QStringLiteral("link add near type veth peer name far")));
    QVERIFY(waitReadable(m_monitor->pollDescriptor()));
    QCOMPARE(m_monitor->refresh().size(), 2U);
    QVERIFY(!m_monitor->refresh().front().isUp);
    QVERIFY(ip(QStringLiteral("link del near")));
    QVERIFY(waitReadable(m_monitor->pollDescriptor()));
    QVERIFY(m_monitor->refresh().empty());
}

void NetlinkMonitorTest::noticesTheCarrier()
{
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    QVERIFY(waitFor("near", [](const Interface& near) { return near.isUp; }));
    QVERIFY(ip(QStringLiteral("link set far down"))); // near stays administratively up, but nothing is at the other end
    QVERIFY(waitFor("near", [](const Interface& near) { return !near.isUp; }));
    QVERIFY(ip(QStringLiteral("link del near")));
}

void NetlinkMonitorTest::showsTheBridgeOfAMember()
{
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    QVERIFY(ip(QStringLiteral("link add bridge0 type bridge")));
    QVERIFY(ip(QStringLiteral("link set near master bridge0")));
    QVERIFY(waitFor("near", [](const Interface& near) { return near.bridge == "bridge0"; }));
    QVERIFY(waitFor("far", [](const Interface& far) { return far.bridge.empty(); }));
    QVERIFY(ip(QStringLiteral("link set near nomaster")));
    QVERIFY(waitFor("near", [](const Interface& near) { return near.bridge.empty(); }));
    QVERIFY(ip(QStringLiteral("link del near")));
    QVERIFY(ip(QStringLiteral("link del bridge0")));
}

void NetlinkMonitorTest::recoversLostNotifications()
{
    const int smallest = 1;
    QCOMPARE(::setsockopt(m_monitor->pollDescriptor(), SOL_SOCKET, SO_RCVBUF, &smallest, sizeof smallest), 0);
    QVERIFY(addCable(QStringLiteral("near"), QStringLiteral("far")));
    QVERIFY(ip(QStringLiteral("link add last type veth peer name other")));
    QVERIFY(ip(QStringLiteral("link del near")));
    const auto& all = m_monitor->refresh();
    QCOMPARE(all.size(), 2U);
    QCOMPARE(all[0].name, std::string("last"));
    QVERIFY(ip(QStringLiteral("link del last")));
    QVERIFY(waitFor([](const std::vector<Interface>& now) { return now.empty(); }));
}

void NetlinkMonitorTest::isQuietWhenNothingChanges()
{
    runtime::Poller poller;
    poller.add(m_monitor->pollDescriptor(), 0, runtime::Interest::Read);
    QVERIFY(poller.wait(runtime::now()).empty());
    QVERIFY(m_monitor->refresh().empty());
    QVERIFY(poller.wait(runtime::now()).empty()); // asking is not a change
}

FB_NETNS_MAIN(NetlinkMonitorTest)
#include "tst_NetlinkMonitor.moc"
