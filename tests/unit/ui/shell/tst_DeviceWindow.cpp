// SPDX-License-Identifier: Apache-2.0
// The window of one device: terminals over one connection, questions, silence, the end and the way back.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/SampleNet.h"
#include "tests/gui/support/ScriptedSsh.h"
#include "tests/gui/support/WidgetNames.h"
#include "ui/neighbors/Banner.h"
#include "ui/shell/Desk.h"
#include "ui/shell/TerminalTabs.h"
#include "ui/shell/Theme.h"
#include "ui/terminal/TerminalView.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QRegularExpression>
#include <QSettings>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

#include <sys/socket.h>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    QTemporaryDir directory;
    QSettings settings{directory.filePath(u"settings.ini"_s), QSettings::IniFormat};
    Theme theme{settings};
    test::FakeAgent agent;
    test::ScriptedPrompts prompts;
    QList<QPointer<test::ScriptedSsh>> connections;
    QList<romon::RomonId> devices;
    DeviceWindow window{{agent.bridge, prompts, settings, theme,
                         [this](const romon::RomonId& device, FileDescriptor, const QString&, const Secret&,
                                QObject* parent) -> SshConnection* {
                             devices << device;
                             connections << new test::ScriptedSsh(parent);
                             return connections.last();
                         }},
                        {test::idOf(3), u"edge-north (48:a9:00:00:00:03)"_s, u"admin"_s, Secret("secret")}};
    TerminalTabs* tabs = window.findChild<TerminalTabs*>(u"shell.terminals"_s);
    Banner* banner = window.findChild<Banner*>(u"shell.device.banner"_s);

    test::ScriptedSsh& ssh() { return *connections.last(); }

    void openStream()
    {
        const auto made = connections.size();
        agent.service->answer<agent::FindPaths>(agent::PathsFound{test::idOf(3), {test::pathThrough({1, 3})}});
        QTRY_COMPARE(window.connection().stage(), ConnectStage::OpeningStream);
        int ends[2] = {-1, -1};
        QCOMPARE(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
        const FileDescriptor far(ends[1]);
        agent.service->answer<agent::OpenStream>(
            agent::StreamOpened{FileDescriptor(ends[0]), test::pathThrough({1, 3})});
        QTRY_COMPARE(connections.size(), made + 1);
    }
    void connectUpToSsh()
    {
        agent.bridge.open();
        const QSignalSpy applied(&agent.bridge, &ServiceBridge::snapshotChanged);
        agent.service->publishSnapshot(1, test::smallNet());
        QTRY_COMPARE(applied.size(), 1);
        window.show();
        window.start();
        openStream();
    }
    void connectFully()
    {
        connectUpToSsh();
        ssh().letIn();
        QCOMPARE(window.connection().state(), DeviceConnection::State::Ready);
    }
    [[nodiscard]] QString text(const QString& label) const { return window.findChild<QLabel*>(label)->text(); }
    template <class Body>
    void tellStream(Body body)
    {
        agent.service->publish(*agent.service->lastRequest<agent::OpenStream>(), std::move(body));
    }
};

} // namespace

class tst_DeviceWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsTheTerminalOfItsDevice()
    {
        Fixture fixture;
        fixture.connectFully();
        QCOMPARE(fixture.window.windowTitle(), u"edge-north (48:a9:00:00:00:03) — Footbridge"_s);
        QVERIFY(fixture.text(u"shell.device.path"_s).contains(u"core1 → edge-north"_s));
        auto* view = fixture.window.findChild<TerminalView*>(u"terminal.view"_s);
        QVERIFY(view->isVisible());
        QCOMPARE(fixture.window.focusWidget(), view);
        Q_EMIT fixture.ssh().channelData(1, "hello from the far side");
        QTRY_VERIFY(view->screenText().contains(u"hello from the far side"_s));
        QTRY_COMPARE(fixture.ssh().released, qsizetype{23});
        QTest::keyClicks(view, u"ls"_s);
        QCOMPARE(fixture.ssh().written[1], QByteArray("ls"));
        QCOMPARE(fixture.ssh().sizes[1].columns, static_cast<std::uint16_t>(view->terminalSize().columns));
        QCOMPARE(fixture.ssh().sizes[1].rows, static_cast<std::uint16_t>(view->terminalSize().rows));
    }

    void opensMoreTerminalsOverTheSameConnection()
    {
        Fixture fixture;
        fixture.connectFully();
        fixture.window.findChild<QAction*>(u"shell.device.newTerminal"_s)->trigger();
        QCOMPARE(fixture.tabs->count(), 2);
        QCOMPARE(fixture.connections.size(), 1);
        Q_EMIT fixture.ssh().channelData(2, "second");
        QTRY_VERIFY(fixture.tabs->currentTerminal()->screenText().contains(u"second"_s));
        fixture.tabs->closeCurrent();
        QCOMPARE(fixture.ssh().closed, QList<ssh::ChannelId>{2});
        QCOMPARE(fixture.tabs->count(), 1);
        QCOMPARE(fixture.window.connection().state(), DeviceConnection::State::Ready);
    }

    void opensAndClosesTerminalsByKeyAndByButton()
    {
        Fixture fixture;
        fixture.connectFully();
        QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
        const auto shortcut = Qt::ControlModifier | Qt::ShiftModifier;
        QTest::keyClick(fixture.tabs->currentTerminal(), Qt::Key_T, shortcut);
        QTest::keyClick(fixture.tabs->currentTerminal(), Qt::Key_T, shortcut);
        QCOMPARE(fixture.tabs->count(), 3);
        QCOMPARE(fixture.window.focusWidget(), fixture.tabs->currentTerminal());
        QTest::keyClick(fixture.tabs->currentTerminal(), Qt::Key_W, shortcut);
        QCOMPARE(fixture.ssh().closed, QList<ssh::ChannelId>{3});
        auto* first = fixture.tabs->tabBar()->tabButton(0, QTabBar::RightSide);
        QTest::mouseClick(first, Qt::LeftButton);
        QCOMPARE(fixture.ssh().closed, (QList<ssh::ChannelId>{3, 1}));
        QCOMPARE(fixture.tabs->count(), 1);
        QCOMPARE(fixture.window.connection().state(), DeviceConnection::State::Ready);
    }

    void leavesPlaceholdersInNamesAlone()
    {
        Fixture fixture;
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.nodes[0].identity = "%2";
        fixture.agent.bridge.open();
        const QSignalSpy applied(&fixture.agent.bridge, &ServiceBridge::snapshotChanged);
        fixture.agent.service->publishSnapshot(1, snapshot);
        QTRY_COMPARE(applied.size(), 1);
        fixture.window.start();
        fixture.openStream();
        QCOMPARE(fixture.text(u"shell.device.path"_s), u"Path (cost 400): %2 → edge-north"_s);
    }

    void tellsThatTheSessionMovedAndWhy()
    {
        Fixture fixture;
        fixture.connectFully();
        auto* move = fixture.window.findChild<QLabel*>(u"shell.device.move"_s);
        QVERIFY(!move->isVisible());
        fixture.tellStream(agent::StreamRerouted{test::pathThrough({2, 4, 3}), agent::MoveReason::PortDown});
        QTRY_VERIFY(move->isVisible());
        QVERIFY2(move->text().endsWith(u" moved to the path via core2: enp3s0 is down"_s), qPrintable(move->text()));
        QVERIFY(fixture.text(u"shell.device.path"_s).startsWith(u"Path (cost 600): core2 → "_s));
        auto dearer = test::pathThrough({2, 4, 3});
        dearer.cost = 700;
        fixture.tellStream(agent::StreamRerouted{dearer, agent::MoveReason::Changed});
        QTRY_VERIFY(fixture.text(u"shell.device.path"_s).startsWith(u"Path (cost 700): "_s));
        QVERIFY(move->text().endsWith(u"enp3s0 is down"_s)); // that was no move
    }

    void pinsAKeyOnlyWhenTheUserAgrees()
    {
        Fixture fixture;
        fixture.prompts.hostKeyAnswer = Consent::Yes;
        fixture.connectUpToSsh();
        Q_EMIT fixture.ssh().hostKeyUnknown({"ssh-ed25519", "SHA256:abc"});
        QCOMPARE(fixture.prompts.hostKeys, QStringList{u"SHA256:abc"_s});
        QVERIFY(fixture.ssh().hostKeyAnswer == ssh::HostKeyAnswer::Accept);

        Fixture other;
        other.prompts.hostKeyAnswer = Consent::No;
        other.connectUpToSsh();
        Q_EMIT other.ssh().hostKeyUnknown({"ssh-ed25519", "SHA256:abc"});
        QCOMPARE(other.window.connection().state(), DeviceConnection::State::Ended);
    }

    void refusesAChangedKeyWithoutAsking()
    {
        Fixture fixture;
        fixture.connectUpToSsh();
        Q_EMIT fixture.ssh().hostKeyChanged({"ssh-ed25519", {"SHA256:old"}, "SHA256:new", "known_hosts", 3});
        Q_EMIT fixture.ssh().ended(Error{ErrorCode::HostKeyChanged, "host-key", 0});
        QCOMPARE(fixture.prompts.changedKeys, QStringList{u"SHA256:new"_s});
        QVERIFY(fixture.prompts.hostKeys.isEmpty());
        QCOMPARE(fixture.window.connection().state(), DeviceConnection::State::Ended);
        QVERIFY(fixture.text(u"shell.progress.title"_s).contains(u"edge-north"_s));
        QCOMPARE(fixture.tabs->count(), 0);
    }

    void asksAgainAfterAWrongPassword()
    {
        Fixture fixture;
        fixture.prompts.passwordAnswers = {u"better"_s, u"best"_s};
        fixture.connectUpToSsh();
        Q_EMIT fixture.ssh().passwordNeeded({"Password", 1});
        Q_EMIT fixture.ssh().passwordNeeded({"Password", 2});
        QCOMPARE(fixture.ssh().passwords, QStringList({u"better"_s, u"best"_s}));
        QVERIFY(fixture.prompts.whys.at(0) == PasswordQuestion::Why::LastOneRefused); // the one typed beforehand
        QVERIFY(fixture.prompts.whys.at(1) == PasswordQuestion::Why::LastOneRefused);
        fixture.prompts.passwordAnswers = {std::nullopt};
        Q_EMIT fixture.ssh().passwordNeeded({"Password", 3});
        QCOMPARE(fixture.window.connection().state(), DeviceConnection::State::Ended);
    }

    void cancelsAtOnce()
    {
        Fixture fixture;
        fixture.connectUpToSsh();
        QTest::mouseClick(fixture.window.findChild<QPushButton*>(u"shell.progress.cancel"_s), Qt::LeftButton);
        QCOMPARE(fixture.window.connection().state(), DeviceConnection::State::Ended);
        QVERIFY(fixture.prompts.dismissals > 0);
        QCOMPARE(fixture.text(u"shell.progress.title"_s), u"Cancelled."_s);
    }

    void saysWhenTheDeviceIsSilent()
    {
        Fixture fixture;
        fixture.connectFully();
        fixture.tellStream(agent::StreamSilent{std::chrono::seconds(12), std::chrono::seconds(120)});
        QTRY_VERIFY(fixture.banner->isVisible());
        QVERIFY(fixture.banner->text().startsWith(
            u"No answer from edge-north (48:a9:00:00:00:03) for 12 s; waiting up to 120 s."_s));
        fixture.tellStream(agent::StreamSilent{});
        QTRY_VERIFY(!fixture.banner->isVisible());
    }

    void takesNoInputAfterTheEndAndReconnectsToTheSameDevice()
    {
        Fixture fixture;
        fixture.connectFully();
        auto* view = fixture.tabs->currentTerminal();
        const QPointer<test::ScriptedSsh> first = fixture.connections.first();
        fixture.tellStream(agent::StreamEnded{Error{ErrorCode::PeerSilent, {}, 0}});
        QTRY_VERIFY(fixture.banner->isVisible());
        QVERIFY(fixture.banner->text().contains(u"edge-north"_s));
        QCOMPARE(view->input(), TerminalView::Input::Stopped);
        const QRegularExpression whenAndWhy(u"^Not connected since \\d\\d:\\d\\d:\\d\\d\\. edge-north .*silent\\.$"_s);
        QVERIFY2(whenAndWhy.match(view->banner()).hasMatch(), qPrintable(view->banner()));
        QTest::keyClicks(view, u"reboot"_s);
        QVERIFY(first.isNull() || first->written[1].isEmpty());

        QTest::mouseClick(fixture.window.findChild<QPushButton*>(u"shell.device.banner.action"_s), Qt::LeftButton);
        fixture.openStream();
        fixture.ssh().letIn();
        QCOMPARE(fixture.connections.size(), 2);
        QCOMPARE(fixture.devices.at(1), fixture.devices.at(0));
        QCOMPARE(fixture.tabs->count(), 1);
        QTest::keyClicks(fixture.tabs->currentTerminal(), u"x"_s);
        QCOMPARE(fixture.ssh().written[1], QByteArray("x"));
    }

    void staysReadableWhenTheShellEnds()
    {
        Fixture fixture;
        fixture.connectFully();
        Q_EMIT fixture.ssh().channelClosed({.channel = 1, .exitStatus = 0, .exitSignal = {}, .error = {}});
        QCOMPARE(fixture.tabs->count(), 1);
        QVERIFY(fixture.banner->text().contains(u"ended"_s));
        QCOMPARE(fixture.window.connection().state(), DeviceConnection::State::Ended);
    }

    void asksBeforeManyLinesArePasted()
    {
        Fixture fixture;
        fixture.connectFully();
        Q_EMIT fixture.tabs->currentTerminal()->pasteNeedsConfirmation(u"a\nb"_s, 2);
        QCOMPARE(fixture.prompts.confirmations.size(), 1);
        QVERIFY(fixture.ssh().written[1].isEmpty());
        fixture.prompts.confirmAnswer = Consent::Yes;
        Q_EMIT fixture.tabs->currentTerminal()->pasteNeedsConfirmation(u"a\nb"_s, 2);
        QVERIFY(!fixture.ssh().written[1].isEmpty());
    }

    void hasANameForEveryWidgetThatTakesTheFocus()
    {
        Fixture fixture;
        fixture.connectFully();
        QCOMPARE(test::namelessWidgets(fixture.window).join(u", "_s), QString());
    }
};

QTEST_MAIN(tst_DeviceWindow)
#include "tst_DeviceWindow.moc"
