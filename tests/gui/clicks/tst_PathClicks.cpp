// SPDX-License-Identifier: Apache-2.0
// A user decides about paths: pins one, avoids a node and a link, is refused, takes it back; by mouse and by keyboard.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/PathAgent.h"
#include "tests/gui/support/SampleNet.h"
#include "tests/gui/support/WidgetNames.h"
#include "ui/neighbors/NeighborView.h"
#include "ui/neighbors/PathPane.h"
#include "ui/shell/ConnectWindow.h"
#include "ui/shell/Theme.h"

#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QMenu>
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

struct Fixture {
    QTemporaryDir directory;
    QSettings settings{directory.filePath(u"settings.ini"_s), QSettings::IniFormat};
    Theme theme{settings};
    test::FakeAgent agent;
    test::PathAgent paths{{test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}};
    ConnectWindow window{agent.bridge, settings, theme};
    QTreeView* tree = window.pathPane().view();
    QLabel* rules = window.findChild<QLabel*>(u"neighbors.path.rules"_s);

    Fixture()
    {
        agent.bridge.open();
        agent.service->setScript(paths.script());
        window.show();
        agent.service->publishSnapshot(1, test::smallNet());
    }
    /// Shows the ways to edge-north.
    void choose()
    {
        QTRY_VERIFY(window.neighbors().model().rowCount() > 0);
        window.neighbors().select(test::idOf(3));
        QTRY_COMPARE(tree->model()->rowCount(), 2);
    }
    [[nodiscard]] QPushButton* button(const QString& name) const
    {
        return window.findChild<QPushButton*>(u"neighbors.path."_s + name);
    }
    [[nodiscard]] QString best() const
    {
        return tree->model()->index(0, static_cast<int>(PathColumn::Node)).data().toString();
    }
    [[nodiscard]] overlay::PathPolicy set() const { return paths.policies().effective(std::nullopt, test::idOf(3)); }
    void click(QPushButton* target) { QTest::mouseClick(target, Qt::LeftButton); }
    void choose(QPushButton* target, const QString& text)
    {
        for (QAction* action : target->menu()->actions()) {
            if (action->text() == text)
                action->trigger();
        }
    }
};

} // namespace

class tst_PathClicks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pinsThePathThatIsSelected()
    {
        Fixture fixture;
        fixture.choose();
        fixture.tree->setCurrentIndex(fixture.tree->model()->index(1, 0));
        fixture.click(fixture.button(u"pin"_s));
        QTRY_COMPARE(fixture.best(), u"core2 → MikroTik (…00:00:04) → edge-north"_s);
        QVERIFY(fixture.set().pin == overlay::pinOf(test::pathThrough({2, 4, 3})));
        QVERIFY(!fixture.set().isStrict);
        QTRY_VERIFY(fixture.rules->text().contains(u"pinned to core2"_s));
        QVERIFY(fixture.rules->isVisible());
        QCOMPARE(fixture.tree->currentIndex().row(), 0); // the same path, which stands first now

        fixture.click(fixture.button(u"automatic"_s));
        QTRY_COMPARE(fixture.best(), u"core1 → edge-north"_s);
        QTRY_VERIFY(!fixture.rules->isVisible());
        QVERIFY(fixture.set().isEmpty());
    }

    void pinsByKeyboardAlone()
    {
        Fixture fixture;
        fixture.choose();
        QVERIFY(QTest::qWaitForWindowActive(&fixture.window));
        fixture.tree->setFocus();
        QTest::keyClick(fixture.tree, Qt::Key_Left); // closes the first path
        QTest::keyClick(fixture.tree, Qt::Key_Down);
        QCOMPARE(
            test::tabOrderFrom(*fixture.tree).mid(0, 6),
            QStringList({u"neighbors.path"_s, u"neighbors.path.scope"_s, u"neighbors.path.pin"_s,
                         u"neighbors.path.avoidNode"_s, u"neighbors.path.avoidLink"_s, u"neighbors.path.automatic"_s}));
        fixture.button(u"pin"_s)->setFocus();
        QTest::keyClick(fixture.button(u"pin"_s), Qt::Key_Space);
        QTRY_VERIFY(!fixture.set().pin.empty());
        QCOMPARE(QApplication::focusWidget(), fixture.button(u"pin"_s)); // it can be undone from where one is
    }

    void avoidsANodeThenALinkUntilThereIsNoWayLeft()
    {
        Fixture fixture;
        fixture.choose();
        fixture.choose(fixture.button(u"avoidNode"_s), u"core1"_s);
        QTRY_COMPARE(fixture.tree->model()->rowCount(), 1);
        QTRY_VERIFY(fixture.rules->text().contains(u"avoiding core1"_s));
        auto* banner = fixture.window.findChild<QLabel*>(u"neighbors.path.banner.text"_s);
        QVERIFY(!banner->isVisible());
        QTRY_COMPARE(fixture.best(), u"core2 → MikroTik (…00:00:04) → edge-north"_s);
        fixture.tree->setCurrentIndex(fixture.tree->model()->index(0, 0));
        fixture.choose(fixture.button(u"avoidLink"_s), u"core2 link 1, to MikroTik (…00:00:04)"_s);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->text().startsWith(u"Without core2 link 1 no path would lead to edge-north"_s),
                 qPrintable(banner->text()));
        QVERIFY(fixture.set().avoidLinks.empty());
        fixture.click(fixture.button(u"automatic"_s));
        QTRY_COMPARE(fixture.tree->model()->rowCount(), 2);
        QVERIFY(!banner->isVisible());
    }

    void avoidsForOneSessionOnly()
    {
        Fixture fixture;
        agent::SessionInfo session;
        session.session = 12;
        session.peer = test::idOf(3);
        session.service = 3;
        fixture.paths.sessions = {session};
        fixture.choose();
        auto* scope = fixture.window.findChild<QComboBox*>(u"neighbors.path.scope"_s);
        QTRY_COMPARE(scope->count(), 3);
        scope->setCurrentIndex(1);
        fixture.choose(fixture.button(u"avoidNode"_s), u"core1"_s);
        QTRY_VERIFY(!fixture.paths.policies().effective(12, test::idOf(3)).isEmpty());
        QVERIFY(fixture.set().isEmpty());
        QTRY_COMPARE(fixture.rules->text(), u"Session 12: avoiding core1"_s);
    }

    void offersTheSameInAMenu()
    {
        Fixture fixture;
        fixture.choose();
        const QModelIndex core1 = fixture.tree->model()->index(0, 0, fixture.tree->model()->index(0, 0));
        fixture.tree->setCurrentIndex(core1);
        Q_EMIT fixture.tree->customContextMenuRequested(fixture.tree->visualRect(core1).center());
        auto* menu = fixture.window.findChild<QMenu*>(u"neighbors.path.menu"_s);
        QVERIFY(menu);
        QStringList texts;
        for (const QAction* action : menu->actions())
            texts << action->text().remove(u'&');
        QCOMPARE(texts.mid(0, 2), QStringList({u"Avoid node core1"_s, u"Avoid link enp3s0"_s}));
        const auto actions = menu->actions();
        const auto strict = std::ranges::find_if(
            actions, [](const QAction* action) { return action->text().contains(u"&strictly"_s); });
        QVERIFY(strict != actions.end());
        (*strict)->trigger();
        menu->close();
        QTRY_VERIFY(fixture.set().isStrict);
        QTRY_VERIFY(fixture.rules->text().contains(u"pinned strictly to core1 → edge-north"_s));
    }

    void hasANameForEveryWidgetThatTakesTheFocus()
    {
        Fixture fixture;
        fixture.choose();
        QCOMPARE(test::namelessWidgets(fixture.window).join(u", "_s), QString());
    }
};

QTEST_MAIN(tst_PathClicks)
#include "tst_PathClicks.moc"
