// SPDX-License-Identifier: Apache-2.0
// A real session behind the bridge: what its thread tells arrives as signals on this one.
#include "ui/bridge/SshBridge.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    QTemporaryDir directory;
    FileDescriptor far;
    std::unique_ptr<SshBridge> bridge;

    Fixture()
    {
        int ends[2] = {-1, -1};
        FB_ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
        far = FileDescriptor(ends[1]);
        ssh::Login login;
        login.user = "admin";
        login.keys = ssh::Login::Keys::Skip;
        bridge = std::make_unique<SshBridge>(romon::RomonId{}, FileDescriptor(ends[0]), login,
                                             ssh::KnownHosts(directory.filePath(u"known_hosts"_s).toStdString()));
    }
};

ErrorCode codeOf(const QSignalSpy& ended)
{
    return ended.at(0).at(0).value<std::optional<Error>>()->code;
}

} // namespace

class tst_SshBridge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsThatTheFarEndIsNoSshServer()
    {
        Fixture fixture;
        const QSignalSpy stages(fixture.bridge.get(), &SshConnection::stageReached);
        const QSignalSpy ended(fixture.bridge.get(), &SshConnection::ended);
        fixture.far.reset();
        QTRY_COMPARE(ended.size(), 1);
        QVERIFY(stages.at(0).at(0).value<ssh::Stage>() == ssh::Stage::KeyExchange);
        QVERIFY(ended.at(0).at(0).value<std::optional<Error>>().has_value());
    }

    void endsAtOnceWhenCancelled()
    {
        Fixture fixture;
        const QSignalSpy ended(fixture.bridge.get(), &SshConnection::ended);
        fixture.bridge->cancel();
        QTRY_COMPARE(ended.size(), 1);
        QCOMPARE(codeOf(ended), ErrorCode::Cancelled);
    }

    void refusesBytesForAChannelThatIsNotThere()
    {
        Fixture fixture;
        const auto written = fixture.bridge->write(77, "x");
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::InvalidArgument);
    }
};

QTEST_GUILESS_MAIN(tst_SshBridge)
#include "tst_SshBridge.moc"
