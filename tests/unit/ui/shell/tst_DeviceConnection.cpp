// SPDX-License-Identifier: Apache-2.0
// From a click to a shell: the stages in order, every way it can end, and that it stays with its device.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/SampleNet.h"
#include "tests/gui/support/ScriptedSsh.h"
#include "ui/shell/DeviceConnection.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTest>

#include <sys/socket.h>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

agent::StreamOpened openedStream(FileDescriptor& far)
{
    int ends[2] = {-1, -1};
    FB_ASSERT(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    far = FileDescriptor(ends[1]);
    return {FileDescriptor(ends[0]), test::pathThrough({1, 3})};
}

struct Fixture {
    test::FakeAgent agent;
    QPointer<test::ScriptedSsh> ssh;
    FileDescriptor nearEnd;
    FileDescriptor farEnd;
    QString usedPassword;
    DeviceConnection connection{agent.bridge,
                                [this](const romon::RomonId&, FileDescriptor socket, const QString&,
                                       const Secret& password, QObject* parent) -> SshConnection* {
                                    nearEnd = std::move(socket);
                                    usedPassword = QString::fromStdString(password.reveal());
                                    ssh = new test::ScriptedSsh(parent);
                                    return ssh;
                                },
                                {test::idOf(3), u"edge-north"_s, u"admin"_s, Secret("secret")}};
    QSignalSpy started{&connection, &DeviceConnection::stageStarted};
    QSignalSpy ended{&connection, &DeviceConnection::ended};

    void startStream()
    {
        agent.bridge.open();
        connection.start();
        agent.service->answer<agent::FindPaths>(agent::PathsFound{test::idOf(3), {test::pathThrough({1, 3})}});
        QTRY_COMPARE(connection.stage(), ConnectStage::OpeningStream);
        agent.service->answer<agent::OpenStream>(openedStream(farEnd));
        QTRY_COMPARE(connection.stage(), ConnectStage::KeyExchange);
    }
    [[nodiscard]] QString reason() const { return ended.at(0).at(0).value<ErrorText>().joined(); }
};

} // namespace

class tst_DeviceConnection : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void goesThroughEveryStageToTheShell()
    {
        Fixture fixture;
        const QSignalSpy finished(&fixture.connection, &DeviceConnection::stageFinished);
        const QSignalSpy ready(&fixture.connection, &DeviceConnection::ready);
        fixture.startStream();
        QVERIFY(fixture.nearEnd.isOpen());
        QCOMPARE(fixture.usedPassword, u"secret"_s);
        QCOMPARE(fixture.agent.service->commands<agent::OpenStream>().back().target, test::idOf(3));
        fixture.ssh->letIn();
        QCOMPARE(ready.size(), 1);
        QCOMPARE(fixture.connection.state(), DeviceConnection::State::Ready);
        QCOMPARE(fixture.started.size(), static_cast<int>(ConnectStage::Count));
        QCOMPARE(finished.size(), static_cast<int>(ConnectStage::Count));
        for (int stage = 0; stage < static_cast<int>(ConnectStage::Count); ++stage) {
            QCOMPARE(fixture.started.at(stage).at(0).value<ConnectStage>(), static_cast<ConnectStage>(stage));
            QVERIFY(fixture.connection.timeOf(static_cast<ConnectStage>(stage)).has_value());
        }
        QVERIFY(fixture.connection.request().password.empty()); // not needed any more
    }

    void endsAtOnceWhenCancelled_data()
    {
        QTest::addColumn<bool>("inSsh");
        QTest::newRow("while finding the path") << false;
        QTest::newRow("while speaking SSH") << true;
    }
    void endsAtOnceWhenCancelled()
    {
        QFETCH(const bool, inSsh);
        Fixture fixture;
        if (inSsh) {
            fixture.startStream();
        } else {
            fixture.agent.bridge.open();
            fixture.connection.start();
        }
        fixture.connection.cancel();
        QCOMPARE(fixture.ended.size(), 1);
        QCOMPARE(fixture.connection.state(), DeviceConnection::State::Ended);
        const auto request = inSsh ? fixture.agent.service->lastRequest<agent::OpenStream>()
                                   : fixture.agent.service->lastRequest<agent::FindPaths>();
        QVERIFY(fixture.agent.service->wasCancelled(*request));
        QVERIFY(!inSsh || fixture.ssh->isCancelled);
        fixture.connection.cancel();
        QCOMPARE(fixture.ended.size(), 1);
    }

    void saysWhatFailedAndForWhom_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("no path") << ErrorCode::NoPath;
        QTest::newRow("no such service") << ErrorCode::NoSuchService;
        QTest::newRow("not allowed") << ErrorCode::NotAllowed;
        QTest::newRow("time-out") << ErrorCode::TimedOut;
    }
    void saysWhatFailedAndForWhom()
    {
        QFETCH(const ErrorCode, code);
        Fixture fixture;
        fixture.agent.bridge.open();
        fixture.connection.start();
        fixture.agent.service->answer<agent::FindPaths>(agent::CommandFailed{{code, {}, 0}});
        QTRY_COMPARE(fixture.ended.size(), 1);
        QVERIFY(fixture.reason().contains(u"edge-north"_s));
        QCOMPARE(fixture.reason(), errorText({code, {}, 0}, u"edge-north"_s).joined());
    }

    void endsWithoutAPath()
    {
        Fixture fixture;
        fixture.agent.bridge.open();
        fixture.connection.start();
        fixture.agent.service->answer<agent::FindPaths>(agent::PathsFound{test::idOf(3), {}});
        QTRY_COMPARE(fixture.ended.size(), 1);
        QCOMPARE(fixture.reason(), errorText({ErrorCode::NoPath, {}, 0}, u"edge-north"_s).joined());
    }

    void prefersTheStreamsReasonToABrokenSocket()
    {
        Fixture fixture;
        fixture.startStream();
        fixture.ssh->letIn();
        Q_EMIT fixture.ssh->ended(Error{ErrorCode::ConnectionReset, {}, 0});
        QCOMPARE(fixture.ended.size(), 0);
        fixture.agent.service->answer<agent::OpenStream>(agent::StreamEnded{Error{ErrorCode::PeerSilent, {}, 0}});
        QTRY_COMPARE(fixture.ended.size(), 1);
        QCOMPARE(fixture.reason(), errorText({ErrorCode::PeerSilent, {}, 0}, u"edge-north"_s).joined());
    }

    void doesNotWaitForAReasonThatNeverComes()
    {
        Fixture fixture;
        fixture.startStream();
        Q_EMIT fixture.ssh->ended(Error{ErrorCode::ConnectionReset, {}, 0});
        QTRY_COMPARE(fixture.ended.size(), 1);
        QCOMPARE(fixture.reason(), errorText({ErrorCode::ConnectionReset, {}, 0}, u"edge-north"_s).joined());
    }

    void endsWhenTheKeyIsRefusedByTheUser()
    {
        Fixture fixture;
        fixture.startStream();
        const QPointer<test::ScriptedSsh> ssh = fixture.ssh;
        fixture.connection.answerHostKey(ssh::HostKeyAnswer::Reject);
        QVERIFY(ssh->hostKeyAnswer == ssh::HostKeyAnswer::Reject);
        QCOMPARE(fixture.ended.size(), 1);
    }

    void endsWithTheAgent()
    {
        Fixture fixture;
        fixture.startStream();
        fixture.ssh->letIn();
        fixture.agent.service->publish(0, agent::ServiceLost{{ErrorCode::AgentUnavailable, {}, 0}});
        QTRY_COMPARE(fixture.ended.size(), 1);
        QVERIFY(fixture.connection.ssh() == nullptr);
    }

    void tellsOfAnotherPathAndOfSilence()
    {
        Fixture fixture;
        fixture.startStream();
        const QSignalSpy paths(&fixture.connection, &DeviceConnection::rerouted);
        const QSignalSpy silence(&fixture.connection, &DeviceConnection::silenceChanged);
        const auto stream = *fixture.agent.service->lastRequest<agent::OpenStream>();
        fixture.agent.service->publish(stream, agent::StreamRerouted{test::pathThrough({2, 4, 3})});
        fixture.agent.service->publish(stream + 1, agent::StreamRerouted{test::pathThrough({1})});
        fixture.agent.service->publish(stream,
                                       agent::StreamSilent{std::chrono::seconds(12), std::chrono::seconds(120)});
        QTRY_COMPARE(silence.size(), 1);
        QCOMPARE(paths.size(), 1);
        QCOMPARE(paths.at(0).at(0).value<agent::StreamRerouted>().path, test::pathThrough({2, 4, 3}));
    }
};

QTEST_GUILESS_MAIN(tst_DeviceConnection)
#include "tst_DeviceConnection.moc"
