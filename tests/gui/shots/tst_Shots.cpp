// SPDX-License-Identifier: Apache-2.0
// Pictures of every window for people to look at: light and dark, smallest and large, empty, normal and overfull. The
// test fails only if a window cannot be shown; what is ugly is for the eye.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/SampleNet.h"
#include "tests/gui/support/ScriptedSsh.h"
#include "ui/neighbors/Banner.h"
#include "ui/neighbors/NeighborView.h"
#include "ui/neighbors/PathPane.h"
#include "ui/shell/ConnectWindow.h"
#include "ui/shell/DeviceWindow.h"
#include "ui/shell/DialogPrompts.h"
#include "ui/shell/InterfacesDialog.h"
#include "ui/shell/SecretsDialog.h"
#include "ui/shell/TerminalTabs.h"
#include "ui/shell/Theme.h"
#include "ui/terminal/TerminalView.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QDialog>
#include <QDir>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr QSize kSmallest(720, 480);
constexpr QSize kLarge(1600, 1000);

void save(QWidget& window, const QString& name)
{
    QCoreApplication::sendPostedEvents();
    const QDir directory(QStringLiteral(FB_SHOTS));
    QVERIFY(directory.mkpath(u"."_s));
    QVERIFY(window.grab().save(directory.filePath(name + u".png"_s)));
}

struct Screen {
    QTemporaryDir directory;
    QSettings settings{directory.filePath(u"settings.ini"_s), QSettings::IniFormat};
    Theme theme{settings};
    test::FakeAgent agent;
    ConnectWindow window{agent.bridge, settings, theme};

    Screen(ThemeChoice choice, QSize size)
    {
        theme.apply(choice);
        window.resize(size);
    }

    void show(const overlay::Snapshot& snapshot)
    {
        agent.bridge.open();
        const QSignalSpy applied(&agent.bridge, &ServiceBridge::snapshotChanged);
        agent.service->publishSnapshot(1, snapshot);
        QTRY_COMPARE(applied.size(), 1);
    }

    void select(std::uint32_t node, std::vector<overlay::Path> paths)
    {
        window.neighbors().select(test::idOf(node));
        const QSignalSpy found(&agent.bridge, &ServiceBridge::pathsFound);
        agent.service->answer<agent::FindPaths>(agent::PathsFound{test::idOf(node), std::move(paths)});
        QTRY_COMPARE(found.size(), 1);
    }
};

/// One of each state: in use and pinned, ready and lossy, dead, proving itself, and others that nobody watches.
agent::PathsFound judged(std::uint32_t node, std::vector<overlay::Path> paths)
{
    using namespace std::chrono_literals;
    using agent::PathState;
    std::vector<agent::PathReport> reports{
        {PathState::Good, true, {.rtt = 1240us, .lossPermille = 0, .samples = 64}},
        {PathState::Good, false, {.rtt = 840us, .lossPermille = 172, .samples = 64, .isLossy = true}},
        {PathState::Dead, false, {.rtt = 12ms, .lossPermille = 1000, .samples = 20}},
        {PathState::Held, false, {.rtt = 38ms, .lossPermille = 15, .samples = 64}},
    };
    reports.resize(paths.size());
    return {test::idOf(node), std::move(paths), std::move(reports)};
}

overlay::Path longPath(std::uint32_t last)
{
    std::vector<std::uint32_t> way;
    for (std::uint32_t node = last - 39; node <= last; ++node)
        way.push_back(node);
    return test::pathThrough(way);
}

} // namespace

class tst_Shots : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QApplication::setFont(QFont(u"DejaVu Sans"_s, 10)); }

    void connectWindow_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        for (const auto theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            for (const QSize& size : {kSmallest, QSize(1100, 720), kLarge})
                QTest::addRow("%s-%d", qPrintable(nameOf(theme)), size.width()) << static_cast<int>(theme) << size;
        }
    }
    void connectWindow()
    {
        QFETCH(const int, theme);
        QFETCH(const QSize, size);
        const QString suffix = QString::fromLatin1(QTest::currentDataTag());
        const auto choice = static_cast<ThemeChoice>(theme);
        {
            Screen screen(choice, size);
            screen.show(test::smallNet());
            screen.window.show();
            screen.select(5, {test::pathThrough({1, 3, 5}), test::pathThrough({2, 4, 3, 5})});
            save(screen.window, u"connect-normal-"_s + suffix);
        }
        {
            Screen screen(choice, size);
            screen.show(test::largeNet(2000, 40));
            screen.window.show();
            screen.select(1960, {longPath(1960), longPath(1990)});
            save(screen.window, u"connect-overfull-"_s + suffix);
        }
    }

    void paths_data() { connectWindow_data(); }
    void paths()
    {
        QFETCH(const int, theme);
        QFETCH(const QSize, size);
        const QString suffix = QString::fromLatin1(QTest::currentDataTag());
        const auto choice = static_cast<ThemeChoice>(theme);
        const auto tell = [](Screen& screen, agent::PathsFound found, std::vector<agent::SessionInfo> sessions,
                             std::vector<agent::ScopedPolicy> policies) {
            auto& pane = screen.window.pathPane();
            const auto count = static_cast<int>(found.paths.size());
            for (auto& session : sessions)
                session.peer = found.target;
            screen.agent.service->answer<agent::GetSessions>(agent::SessionsListed{std::move(sessions)});
            screen.agent.service->answer<agent::GetPathPolicies>(agent::PathPoliciesListed{std::move(policies)});
            screen.agent.service->answer<agent::FindPaths>(std::move(found));
            QTRY_COMPARE(pane.model().rowCount(), count);
        };
        agent::SessionInfo session;
        session.session = 12;
        session.service = 3;
        {
            Screen screen(choice, size);
            screen.show(test::smallNet());
            screen.window.show();
            screen.window.neighbors().select(test::idOf(5));
            auto found =
                judged(5, {test::pathThrough({1, 3, 5}), test::pathThrough({2, 5}), test::pathThrough({2, 4, 5}),
                           test::pathThrough({1, 4, 5}), test::pathThrough({2, 4, 3, 5})});
            const agent::PolicyScope scope{.session = std::nullopt, .node = test::idOf(5)};
            const auto pin = test::pinning(found.paths[0]);
            tell(screen, std::move(found), {session}, {{scope, pin}, {{}, test::avoiding({6}, {{test::idOf(2), 7}})}});
            save(screen.window, u"paths-normal-"_s + suffix);
            screen.window.pathPane().showRefusal(
                {u"Without core1 no path would lead to MikroTik (…00:00:05): it is not avoided."_s,
                 u"Avoid something else, or choose Automatic first if a path over it is pinned."_s});
            save(screen.window, u"paths-refused-"_s + suffix);
        }
        {
            Screen screen(choice, size);
            screen.show(test::largeNet(2000, 40));
            screen.window.show();
            screen.window.neighbors().select(test::idOf(1960));
            std::vector<overlay::Path> many;
            for (std::uint32_t node = 1760; node < 1960; ++node)
                many.push_back(longPath(node));
            auto found = judged(1960, std::move(many));
            auto policy = test::pinning(found.paths[1]);
            for (std::uint32_t node = 7; node < 448; node += 7)
                policy.avoidNodes.push_back(test::idOf(node));
            tell(screen, std::move(found), {session},
                 {{{.session = std::nullopt, .node = test::idOf(1960)}, std::move(policy)}});
            save(screen.window, u"paths-overfull-"_s + suffix);
        }
    }

    void emptyStates_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << static_cast<int>(ThemeChoice::Light) << QSize(1100, 720);
        QTest::newRow("dark-small") << static_cast<int>(ThemeChoice::Dark) << kSmallest;
    }
    void emptyStates()
    {
        QFETCH(const int, theme);
        QFETCH(const QSize, size);
        const QString suffix = QString::fromLatin1(QTest::currentDataTag());
        Screen screen(static_cast<ThemeChoice>(theme), size);
        screen.agent.refusal = Error{ErrorCode::AgentUnavailable, "/run/footbridge/control", 2};
        screen.agent.bridge.open();
        screen.window.show();
        save(screen.window, u"empty-no-agent-"_s + suffix);
        screen.agent.refusal.reset();
        overlay::Snapshot snapshot;
        snapshot.self = test::idOf(0);
        screen.show(snapshot);
        save(screen.window, u"empty-no-interface-"_s + suffix);
        snapshot.ports.push_back(test::portOf("enp3s0"));
        snapshot.roundsAsked = 3;
        screen.show(snapshot);
        QTRY_COMPARE(screen.window.neighbors().emptiness(), Emptiness::NothingHeard);
        save(screen.window, u"empty-nothing-heard-"_s + suffix);
        screen.show(test::smallNet());
        QTRY_COMPARE(screen.window.neighbors().emptiness(), Emptiness::None);
        screen.window.findChild<QLineEdit*>(u"neighbors.filter"_s)->setText(u"lighthouse"_s);
        QTRY_COMPARE(screen.window.neighbors().emptiness(), Emptiness::FilteredOut);
        save(screen.window, u"empty-filter-"_s + suffix);
    }

    void deviceWindow_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        QTest::newRow("light") << static_cast<int>(ThemeChoice::Light) << QSize(940, 640);
        QTest::newRow("dark") << static_cast<int>(ThemeChoice::Dark) << kLarge;
        QTest::newRow("light-small") << static_cast<int>(ThemeChoice::Light) << QSize(480, 360);
    }
    void deviceWindow()
    {
        QFETCH(const int, theme);
        QFETCH(const QSize, size);
        const QString suffix = QString::fromLatin1(QTest::currentDataTag());
        Screen screen(static_cast<ThemeChoice>(theme), size);
        screen.show(test::smallNet());
        test::ScriptedPrompts prompts;
        QPointer<test::ScriptedSsh> ssh;
        DeviceWindow window({screen.agent.bridge, prompts, screen.settings, screen.theme,
                             [&ssh](const romon::RomonId&, FileDescriptor, const QString&, const Secret&,
                                    QObject* parent) -> SshConnection* { return ssh = new test::ScriptedSsh(parent); }},
                            {test::idOf(3), u"edge-north (48:a9:00:00:00:03)"_s, u"admin"_s, Secret("x")});
        window.resize(size);
        window.show();
        window.start();
        auto& service = *screen.agent.service;
        service.answer<agent::FindPaths>(agent::PathsFound{test::idOf(3), {test::pathThrough({1, 3})}});
        QTRY_COMPARE(window.connection().stage(), ConnectStage::OpeningStream);
        service.answer<agent::OpenStream>(agent::StreamOpened{FileDescriptor(), test::pathThrough({1, 3})});
        QTRY_VERIFY(ssh);
        Q_EMIT ssh->stageReached(ssh::Stage::HostKey);
        save(window, u"device-connecting-"_s + suffix);
        ssh->letIn();
        window.findChild<QAction*>(u"shell.device.newTerminal"_s)->trigger();
        Q_EMIT ssh->channelData(2, "\x1b[1;32madmin@edge-north\x1b[0m:\x1b[1;34m~\x1b[0m$ ip -br link\r\n"
                                   "lo      \x1b[31mDOWN\x1b[0m   00:00:00:00:00:00\r\n"
                                   "eth0    \x1b[32mUP\x1b[0m     02:2b:00:00:00:03\r\n"
                                   "\x1b[1;32madmin@edge-north\x1b[0m:\x1b[1;34m~\x1b[0m$ ");
        auto* view = window.findChild<TerminalTabs*>()->currentTerminal();
        QTRY_VERIFY(view->screenText().contains(u"eth0"_s));
        service.answer<agent::OpenStream>(
            agent::StreamRerouted{test::pathThrough({2, 4, 3}), agent::MoveReason::PortDown});
        auto* move = window.findChild<QLabel*>(u"shell.device.move"_s);
        QTRY_VERIFY(move->isVisible());
        save(window, u"device-moved-"_s + suffix);
        service.answer<agent::OpenStream>(agent::StreamSilent{std::chrono::seconds(12), std::chrono::seconds(120)});
        auto* banner = window.findChild<Banner*>();
        QTRY_VERIFY(banner->isVisible());
        save(window, u"device-silent-"_s + suffix);
        service.answer<agent::OpenStream>(agent::StreamEnded{Error{ErrorCode::ConnectionReset, {}, 0}});
        QTRY_COMPARE(window.connection().state(), DeviceConnection::State::Ended);
        save(window, u"device-ended-"_s + suffix);
        banner->findChild<QPushButton*>()->click();
        service.answer<agent::FindPaths>(agent::CommandFailed{{ErrorCode::NoPath, {}, 0}});
        QTRY_COMPARE(window.connection().state(), DeviceConnection::State::Ended);
        save(window, u"device-failed-"_s + suffix);
    }

    void interfaces()
    {
        for (const auto choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Screen screen(choice, kLarge);
            screen.agent.bridge.open();
            auto* dialog = screen.window.findChild<InterfacesDialog*>();
            dialog->show();
            std::vector<agent::InterfaceState> list(4);
            list[0].name = "enp0s31f6";
            list[0].isUp = list[0].isPort = true;
            list[1].name = "wlp4s0";
            list[2].name = "enx00e04c680001";
            list[2].isUp = true;
            list[2].bridge = "br-lan";
            list[3].name = "wg0";
            list[3].problem = "not an Ethernet interface";
            const QSignalSpy listed(&screen.agent.bridge, &ServiceBridge::interfacesListed);
            screen.agent.service->publish(2, agent::InterfacesListed{list});
            QTRY_COMPARE(listed.size(), 1);
            save(*dialog, u"interfaces-"_s + nameOf(choice));
        }
    }

    void notices_data() { connectWindow_data(); }
    void notices()
    {
        QFETCH(const int, theme);
        QFETCH(const QSize, size);
        const QString suffix = QString::fromLatin1(QTest::currentDataTag());
        Screen screen(static_cast<ThemeChoice>(theme), size);
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.unverified.push_back({.id = test::idOf(9), .frames = 14});
        screen.show(snapshot);
        screen.window.show();
        save(screen.window, u"notice-"_s + suffix);
        snapshot = test::largeNet(200, 40);
        for (std::uint32_t node = 7; node < 140; node += 7)
            snapshot.unverified.push_back({.id = test::idOf(node), .frames = 123'456 + node});
        snapshot.duplicateId = {test::idOf(9).value, "enx00e04c680001", std::chrono::seconds(200)};
        screen.show(snapshot);
        save(screen.window, u"notice-overfull-"_s + suffix);
    }

    void secrets_data()
    {
        QTest::addColumn<int>("theme");
        QTest::addColumn<QSize>("size");
        for (const auto theme : {ThemeChoice::Light, ThemeChoice::Dark}) {
            QTest::addRow("%s-small", qPrintable(nameOf(theme))) << static_cast<int>(theme) << QSize(1, 1);
            QTest::addRow("%s-usual", qPrintable(nameOf(theme))) << static_cast<int>(theme) << QSize();
            QTest::addRow("%s-large", qPrintable(nameOf(theme))) << static_cast<int>(theme) << QSize(1200, 900);
        }
    }
    void secrets()
    {
        QFETCH(const int, theme);
        QFETCH(const QSize, size);
        const QString suffix = QString::fromLatin1(QTest::currentDataTag());
        Screen screen(static_cast<ThemeChoice>(theme), kLarge);
        screen.show(test::smallNet());
        auto* dialog = screen.window.findChild<SecretsDialog*>();
        if (size.isValid())
            dialog->resize(size);
        dialog->show();
        const auto tell = [&](const agent::SecretsListed& told) {
            const QSignalSpy heard(&screen.agent.bridge, &ServiceBridge::secretsListed);
            screen.agent.service->answer<agent::ListSecrets>(told);
            QTRY_COMPARE(heard.size(), 1);
        };
        const auto waitForQuestion = [&] {
            const auto asked = screen.agent.service->commands<agent::ListSecrets>().size();
            QTRY_VERIFY(screen.agent.service->commands<agent::ListSecrets>().size() > asked);
        };
        agent::SecretsListed listed;
        listed.scopes = {{"", {}}};
        tell(listed);
        save(*dialog, u"secrets-empty-"_s + suffix);
        waitForQuestion();
        listed.scopes = {{"", {"3fa2b1c9", "empty"}}, {"enp3s0", {"empty", "0badcafe", "3fa2b1c9"}}};
        listed.isKept = true;
        tell(listed);
        auto* list = dialog->findChild<QTreeView*>(u"shell.secrets.list"_s);
        list->setCurrentIndex(list->model()->index(1, 0, list->model()->index(1, 0)));
        dialog->findChild<QLineEdit*>(u"shell.secrets.secret"_s)->setText(u"correct horse battery staple"_s);
        save(*dialog, u"secrets-normal-"_s + suffix);
        std::vector<agent::SecretScope> scopes{{"", {}}};
        for (int number = 0; number < 30; ++number) {
            if (number % 8 == 7)
                scopes.push_back({"enx00e04c68000" + std::to_string(number / 8), {}});
            scopes.back().fingerprints.push_back(number % 10 == 9 ? "empty" : std::to_string(10'203'040 + number));
        }
        waitForQuestion();
        listed.scopes = std::move(scopes);
        listed.confirmLeft = std::chrono::seconds(42);
        tell(listed);
        dialog->findChild<QCheckBox*>(u"shell.secrets.reveal"_s)->setChecked(true);
        dialog->findChild<QCheckBox*>(u"shell.secrets.mustConfirm"_s)->setChecked(true);
        waitForQuestion();
        screen.agent.service->answer<agent::ListSecrets>(
            agent::CommandFailed{{ErrorCode::SystemError, "/etc/footbridge/secrets.toml", 13}});
        auto* problem = dialog->findChild<QLabel*>(u"shell.secrets.problem.banner.text"_s);
        QTRY_VERIFY(problem->isVisible());
        save(*dialog, u"secrets-overfull-"_s + suffix);
    }

    void questions()
    {
        for (const auto choice : {ThemeChoice::Light, ThemeChoice::Dark}) {
            Screen screen(choice, kLarge);
            DialogPrompts prompts;
            const auto shoot = [&](const QString& name) {
                auto* dialog = screen.window.findChild<QDialog*>(name);
                QVERIFY(dialog);
                save(*dialog, name + u'-' + nameOf(choice));
                dialog->setObjectName(u"done"_s);
            };
            screen.window.show();
            prompts.askHostKey(&screen.window,
                               {u"edge-north"_s, u"48:a9:8a:01:02:03"_s, u"ssh-ed25519"_s,
                                u"SHA256:VGhlIGJyaWRnZSBpcyBvdXQsIHVzZSB0aGUgb3RoZXI"_s},
                               [](Consent) {});
            shoot(u"shell.hostkey"_s);
            prompts.askPassword(
                &screen.window,
                {u"edge-north"_s, u"admin"_s, u"admin@edge-north's password:"_s, PasswordQuestion::Why::LastOneRefused},
                [](std::optional<QString>) {});
            shoot(u"shell.password.dialog"_s);
            prompts.warnHostKeyChanged(&screen.window, {u"edge-north"_s,
                                                        u"48:a9:8a:01:02:03"_s,
                                                        u"ssh-ed25519"_s,
                                                        {u"SHA256:VGhlIGJyaWRnZSBpcyBvdXQsIHVzZSB0aGUgb3RoZXI"_s},
                                                        u"SHA256:QW5vdGhlciBrZXkgZW50aXJlbHksIGJld2FyZSBvZiBpdA"_s,
                                                        u"/home/kim/.config/footbridge/known_hosts"_s,
                                                        12});
            shoot(u"shell.hostkeychanged"_s);
        }
    }
};

QTEST_MAIN(tst_Shots)
#include "tst_Shots.moc"
