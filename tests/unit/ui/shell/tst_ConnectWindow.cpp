// SPDX-License-Identifier: Apache-2.0
// The connect window by keyboard and by mouse: list, filter, selection, path, button, empty states, names for readers.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/SampleNet.h"
#include "tests/gui/support/WidgetNames.h"
#include "ui/neighbors/NeighborView.h"
#include "ui/neighbors/PathPane.h"
#include "ui/shell/ConnectWindow.h"
#include "ui/shell/InterfacesDialog.h"
#include "ui/shell/Theme.h"

#include <QAction>
#include <QApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    QTemporaryDir directory;
    QSettings settings{directory.filePath(u"settings.ini"_s), QSettings::IniFormat};
    Theme theme{settings};
    test::FakeAgent agent;
    ConnectWindow window{agent.bridge, settings, theme};
    QLineEdit* filter = window.findChild<QLineEdit*>(u"neighbors.filter"_s);
    QTableView* table = window.findChild<QTableView*>(u"neighbors.table"_s);
    QPushButton* connectButton = window.findChild<QPushButton*>(u"shell.connect"_s);
    QSignalSpy requested{&window, &ConnectWindow::connectRequested};

    void show(const overlay::Snapshot& snapshot)
    {
        if (!agent.bridge.isOpen())
            agent.bridge.open();
        window.show();
        const QSignalSpy applied(&agent.bridge, &ServiceBridge::snapshotChanged);
        agent.service->publishSnapshot(1, snapshot);
        QTRY_COMPARE(applied.size(), 1);
    }
    [[nodiscard]] QString text(const QString& label) const { return window.findChild<QLabel*>(label)->text(); }
    [[nodiscard]] ConnectRequest request() const { return requested.at(0).at(0).value<ConnectRequest>(); }
};

} // namespace

class tst_ConnectWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsThePathOfTheSelectedDevice()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        QVERIFY(!fixture.connectButton->isEnabled());
        fixture.table->selectRow(2);
        QVERIFY(fixture.connectButton->isEnabled());
        QCOMPARE(fixture.text(u"shell.target"_s), u"edge-north (48:a9:00:00:00:03)"_s);
        QCOMPARE(fixture.agent.service->commands<agent::FindPaths>().back().target, test::idOf(3));
        fixture.agent.service->answer<agent::FindPaths>(
            agent::PathsFound{test::idOf(3), {test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}});
        QTRY_COMPARE(fixture.window.pathPane().model().rowCount(), 2);
    }

    void showsAWayOfFourHopsAndItsAlternativesAtOnce()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        QCOMPARE(fixture.window.size(), QSize(1100, 720));
        fixture.table->selectRow(2);
        fixture.agent.service->answer<agent::FindPaths>(
            agent::PathsFound{test::idOf(3),
                              {test::pathThrough({1, 2, 4, 3}), test::pathThrough({2, 4, 3}),
                               test::pathThrough({1, 5, 3}), test::pathThrough({2, 5, 3}), test::pathThrough({4, 3})}});
        const QTreeView& tree = *fixture.window.pathPane().view();
        QTRY_COMPARE(tree.model()->rowCount(), 5);
        QVERIFY(tree.visualRect(tree.model()->index(4, 0)).isValid());
        QVERIFY(tree.viewport()->rect().contains(tree.visualRect(tree.model()->index(4, 0))));
    }

    void keepsALostDeviceSelected()
    {
        Fixture fixture;
        overlay::Snapshot snapshot = test::smallNet();
        fixture.show(snapshot);
        fixture.window.neighbors().select(test::idOf(3));
        snapshot.nodes[2].freshness = overlay::Freshness::Lost;
        snapshot.nodes[2].path.reset();
        snapshot.links.push_back({test::idOf(1), test::idOf(2), test::endOf(1, 1), test::endOf(2, 2)});
        fixture.show(snapshot);
        QVERIFY(fixture.window.neighbors().selected() == test::idOf(3));
        QCOMPARE(fixture.text(u"shell.status.counts"_s), u"3 fresh, 1 stale, 2 lost"_s);
    }

    void asksForPathsAgainWhenTheMapChanges()
    {
        Fixture fixture;
        overlay::Snapshot snapshot = test::smallNet();
        fixture.show(snapshot);
        fixture.table->selectRow(2);
        fixture.agent.service->answer<agent::FindPaths>(agent::PathsFound{test::idOf(3), {test::pathThrough({1, 3})}});
        QTRY_COMPARE(fixture.window.pathPane().model().rowCount(), 1);
        ++snapshot.roundsAsked;
        fixture.show(snapshot);
        QCOMPARE(fixture.agent.service->commands<agent::FindPaths>().size(), std::size_t{1});
        snapshot.links.push_back({test::idOf(1), test::idOf(3), test::endOf(1, 1), test::endOf(3, 2)});
        fixture.show(snapshot);
        QCOMPARE(fixture.agent.service->commands<agent::FindPaths>().size(), std::size_t{2});
    }

    void connectsByKeyboardAlone()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        fixture.window.setUser(u"admin"_s);
        QTest::keyClicks(fixture.table, u"edge-n"_s); // typed into the table: it filters
        QCOMPARE(fixture.filter->text(), u"edge-n"_s);
        QTRY_COMPARE(fixture.table->model()->rowCount(), 1); // not the one behind it
        QTest::keyClick(fixture.filter, Qt::Key_Down);
        QVERIFY(fixture.table->currentIndex().isValid());
        QTest::keyClick(fixture.table, Qt::Key_Return);
        QCOMPARE(fixture.requested.size(), 1);
        QCOMPARE(fixture.request().device, test::idOf(3));
        QCOMPARE(fixture.request().user, u"admin"_s);
        QTest::keyClick(fixture.table, Qt::Key_Escape);
        QVERIFY(fixture.filter->text().isEmpty());
        QCOMPARE(fixture.table->model()->rowCount(), 6);
    }

    void connectsToTheFirstMatchOnEnter()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        QTest::keyClicks(fixture.filter, u"attic"_s);
        QTest::keyClick(fixture.filter, Qt::Key_Return); // before the filter's delay is over
        QCOMPARE(fixture.requested.size(), 1);
        QCOMPARE(fixture.request().device, test::idOf(6));
    }

    void connectsByTheButtonWithThePassword()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        fixture.table->selectRow(0);
        QTest::keyClicks(fixture.window.findChild<QLineEdit*>(u"shell.password"_s), u"hunter2"_s);
        QTest::mouseClick(fixture.connectButton, Qt::LeftButton);
        QCOMPARE(fixture.requested.size(), 1);
        QCOMPARE(fixture.request().password.reveal(), std::string("hunter2"));
        for (const QString& key : fixture.settings.allKeys())
            QVERIFY(!fixture.settings.value(key).toString().contains(u"hunter2"_s));
    }

    void wantsALogin()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        fixture.window.setUser(u" "_s);
        fixture.table->selectRow(0);
        QTest::mouseClick(fixture.connectButton, Qt::LeftButton);
        QCOMPARE(fixture.requested.size(), 0);
        QVERIFY(fixture.text(u"shell.connect.banner.text"_s).contains(u"login"_s));
    }

    void explainsWhyTheListIsEmpty()
    {
        Fixture fixture;
        auto& list = fixture.window.neighbors();
        fixture.agent.refusal = Error{ErrorCode::AgentUnavailable, "/run/socket", 0};
        fixture.agent.bridge.open();
        QCOMPARE(list.emptiness(), Emptiness::NoAgent);
        fixture.agent.refusal.reset();
        fixture.window.show();
        QTest::mouseClick(fixture.window.findChild<QPushButton*>(u"neighbors.remedy"_s), Qt::LeftButton);
        QVERIFY(fixture.agent.bridge.isOpen()); // the remedy was to try again
        overlay::Snapshot snapshot;
        snapshot.self = test::idOf(0);
        fixture.show(snapshot);
        QCOMPARE(list.emptiness(), Emptiness::NoInterface);
        QTest::mouseClick(fixture.window.findChild<QPushButton*>(u"neighbors.remedy"_s), Qt::LeftButton);
        QVERIFY(fixture.window.findChild<InterfacesDialog*>()->isVisible());
        snapshot.ports.push_back(test::portOf("eth0"));
        fixture.show(snapshot);
        QCOMPARE(list.emptiness(), Emptiness::NothingHeard);
        fixture.show(test::smallNet());
        QCOMPARE(list.emptiness(), Emptiness::None);
        fixture.filter->setText(u"lighthouse"_s);
        QTRY_COMPARE(list.emptiness(), Emptiness::FilteredOut);
    }

    void asksForAPortOnlyWhenItsBoxIsTicked()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        QVERIFY(fixture.agent.service->commands<agent::SetPort>().empty());
        agent::InterfaceState state;
        state.name = "eth0";
        fixture.agent.service->answer<agent::ListInterfaces>(agent::InterfacesListed{{state}});
        auto* boxes = fixture.window.findChild<QTableView*>(u"shell.interfaces.table"_s);
        QTRY_COMPARE(boxes->model()->rowCount(), 1);
        QVERIFY(fixture.agent.service->commands<agent::SetPort>().empty());
        boxes->model()->setData(boxes->model()->index(0, 0), Qt::Checked, Qt::CheckStateRole);
        QCOMPARE(fixture.agent.service->commands<agent::SetPort>().size(), std::size_t{1});

        // Remembered: the next agent inside this program is told again, by itself.
        fixture.agent.bridge.open();
        fixture.agent.service->answer<agent::ListInterfaces>(agent::InterfacesListed{{state}});
        QTRY_COMPARE(fixture.agent.service->commands<agent::SetPort>().size(), std::size_t{1});
        QCOMPARE(fixture.agent.service->commands<agent::SetPort>().back().interface, std::string("eth0"));

        // An agent with an administrator of its own is not.
        fixture.agent.place = AgentPlace::Socket;
        fixture.agent.bridge.open();
        const QSignalSpy listed(&fixture.agent.bridge, &ServiceBridge::interfacesListed);
        fixture.agent.service->answer<agent::ListInterfaces>(agent::InterfacesListed{{state}});
        QTRY_COMPARE(listed.size(), 1);
        QVERIFY(fixture.agent.service->commands<agent::SetPort>().empty());
    }

    void waitsForTheNamedDeviceAndNeverGuesses()
    {
        Fixture fixture;
        fixture.window.connectWhenHeard(u"edge-north"_s);
        fixture.show(test::smallNet());
        QCOMPARE(fixture.requested.size(), 1);
        QCOMPARE(fixture.request().device, test::idOf(3));
        fixture.window.connectWhenHeard(u"MikroTik"_s); // two devices have that name
        QCOMPARE(fixture.requested.size(), 1);
        QVERIFY(fixture.text(u"shell.connect.banner.text"_s).contains(u"MikroTik"_s));
    }

    void warnsOfASecondNodeWithOurId()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        fixture.agent.service->publish(0, agent::DuplicateIdAlarm{test::idOf(9).value, "eth0"});
        QTRY_VERIFY(fixture.text(u"shell.duplicate.banner.text"_s).contains(u"eth0"_s));
    }

    void keepsSelectionWhileTenThousandDevicesChange()
    {
        Fixture fixture;
        overlay::Snapshot snapshot = test::largeNet(10'000, 40);
        fixture.show(snapshot);
        fixture.window.neighbors().select(test::idOf(5000));
        for (auto& node : snapshot.nodes)
            node.freshness = overlay::Freshness::Stale;
        snapshot.nodes.erase(snapshot.nodes.begin(), snapshot.nodes.begin() + 100);
        fixture.show(snapshot);
        QVERIFY(fixture.window.neighbors().selected() == test::idOf(5000));
        QVERIFY(fixture.text(u"shell.status.counts"_s).contains(u"9900 stale"_s));
    }

    void changesAndRemembersTheTheme()
    {
        Fixture fixture;
        fixture.window.findChild<QAction*>(u"shell.theme.dark"_s)->trigger();
        QVERIFY(QApplication::palette().color(QPalette::Base).lightness() < 60);
        QCOMPARE(Theme(fixture.settings).choice(), ThemeChoice::Dark);
        fixture.window.findChild<QAction*>(u"shell.theme.light"_s)->trigger();
        QVERIFY(QApplication::palette().color(QPalette::Base).lightness() > 200);
    }

    void hasANameForEveryWidgetThatTakesTheFocus()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        fixture.table->selectRow(0);
        QCOMPARE(test::namelessWidgets(fixture.window).join(u", "_s), QString());
    }

    void walksByTabInTheOrderOfTheEye()
    {
        Fixture fixture;
        fixture.show(test::smallNet());
        fixture.table->selectRow(0);
        fixture.window.findChild<QWidget*>(u"shell.user"_s)->setFocus();
        QCOMPARE(test::tabOrderFrom(*fixture.window.findChild<QWidget*>(u"shell.user"_s)).mid(0, 6),
                 QStringList({u"shell.user"_s, u"shell.password"_s, u"shell.connect"_s, u"shell.interfaces"_s,
                              u"neighbors.filter"_s, u"neighbors.table"_s}));
    }
};

QTEST_MAIN(tst_ConnectWindow)
#include "tst_ConnectWindow.moc"
