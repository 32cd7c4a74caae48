// SPDX-License-Identifier: Apache-2.0
// The agent's events as signals: coalesced, in order, and never after the agent is gone.
#include "tests/gui/support/SampleNet.h"
#include "tests/support/FakeService.h"
#include "ui/bridge/ServiceBridge.h"

#include <QSignalSpy>
#include <QTest>

#include <sys/socket.h>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    test::FakeService* service = nullptr;
    bool isReachable = true;
    ServiceBridge bridge{[this]() -> Result<OpenedService, Error> {
        if (!isReachable)
            return failure(Error{ErrorCode::AgentUnavailable, "/run/socket", 0});
        auto opened = std::make_unique<test::FakeService>();
        service = opened.get();
        return OpenedService{std::move(opened), AgentPlace::Socket, u"agent at /run/socket"_s};
    }};
};

} // namespace

class tst_ServiceBridge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void watchesAsSoonAsItIsOpen()
    {
        Fixture fixture;
        const QSignalSpy opened(&fixture.bridge, &ServiceBridge::opened);
        fixture.bridge.open();
        QCOMPARE(opened.size(), 1);
        QVERIFY(fixture.service->lastRequest<agent::WatchNeighbors>().has_value());
        QCOMPARE(fixture.bridge.place(), AgentPlace::Socket);
        QCOMPARE(fixture.bridge.description(), u"agent at /run/socket"_s);
    }

    void saysWhyThereIsNoAgentAndCanTryAgain()
    {
        Fixture fixture;
        fixture.isReachable = false;
        const QSignalSpy lost(&fixture.bridge, &ServiceBridge::lost);
        fixture.bridge.open();
        QCOMPARE(lost.size(), 1);
        QVERIFY(!fixture.bridge.isOpen());
        QCOMPARE(fixture.bridge.submit(agent::GetSnapshot{}), agent::RequestId{0});
        fixture.isReachable = true;
        fixture.bridge.open();
        QVERIFY(fixture.bridge.isOpen());
    }

    void publishesTheLastSnapshotOfAFlood()
    {
        Fixture fixture;
        fixture.bridge.open();
        const QSignalSpy published(&fixture.bridge, &ServiceBridge::snapshotChanged);
        for (std::uint64_t round = 1; round <= 50; ++round) {
            overlay::Snapshot snapshot = test::smallNet();
            snapshot.roundsAsked = round;
            fixture.service->publishSnapshot(1, snapshot);
        }
        QTRY_VERIFY(fixture.bridge.snapshot() && fixture.bridge.snapshot()->roundsAsked == 50);
        QCOMPARE(published.size(), 2); // the first at once, the last when the interval is over
    }

    void handsOverASocketOnlyWhileItSaysSo()
    {
        Fixture fixture;
        fixture.bridge.open();
        int ends[2];
        QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        const FileDescriptor far(ends[1]);
        fixture.service->publish(9, agent::StreamOpened{FileDescriptor(ends[0]), test::pathThrough({1})});
        const QSignalSpy opened(&fixture.bridge, &ServiceBridge::streamOpened);
        QTRY_COMPARE(opened.size(), 1);
        QVERIFY(!fixture.bridge.takeSocket().isOpen());
        char byte = 0;
        QCOMPARE(recv(far.get(), &byte, 1, 0), ssize_t{0}); // nobody took it: closed
    }

    void tellsOfAFailureWithItsRequest()
    {
        Fixture fixture;
        fixture.bridge.open();
        const QSignalSpy failed(&fixture.bridge, &ServiceBridge::commandFailed);
        fixture.service->publish(12, agent::CommandFailed{{ErrorCode::NoPath, "edge", 0}});
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(failed.at(0).at(0).toULongLong(), 12ULL);
        QCOMPARE(failed.at(0).at(1).value<Error>().code, ErrorCode::NoPath);
    }

    void isQuietAfterTheAgentIsGone()
    {
        Fixture fixture;
        fixture.bridge.open();
        const QSignalSpy lost(&fixture.bridge, &ServiceBridge::lost);
        const QSignalSpy done(&fixture.bridge, &ServiceBridge::commandDone);
        fixture.service->publish(0, agent::ServiceLost{{ErrorCode::AgentUnavailable, {}, 0}});
        fixture.service->publish(3, agent::CommandDone{});
        QTRY_COMPARE(lost.size(), 1);
        QVERIFY(!fixture.bridge.isOpen());
        QCOMPARE(done.size(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_ServiceBridge)
#include "tst_ServiceBridge.moc"
