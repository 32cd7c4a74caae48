// SPDX-License-Identifier: Apache-2.0
// The headline and the rows of the path pane, with names from the network that look like our own placeholders or
// markup.
#include "tests/gui/support/SampleNet.h"
#include "ui/neighbors/Banner.h"
#include "ui/neighbors/PathPane.h"

#include <QComboBox>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeView>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

DeviceWays waysOver(std::vector<overlay::Path> paths)
{
    DeviceWays ways;
    ways.device = paths.front().hops.back().to;
    ways.reports.resize(paths.size());
    ways.paths = std::move(paths);
    return ways;
}

agent::SessionInfo sessionOf(stream::StreamId number)
{
    agent::SessionInfo session;
    session.session = number;
    session.peer = test::idOf(3);
    session.service = 3;
    return session;
}

} // namespace

class tst_PathPane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"QString::arg"_s)); }

    void saysCostHopsAndMtu()
    {
        PathPane pane;
        const NodeNames names(test::smallNet());
        const auto* title = pane.findChild<QLabel*>(u"neighbors.path.title"_s);
        QVERIFY(title != nullptr);
        pane.showWays(u"core1"_s, waysOver({test::pathThrough({1})}), names);
        QCOMPARE(title->text(), u"Path to core1: cost 200, 1 hop, L2 MTU 1500"_s);
        pane.showWays(u"edge-north"_s, waysOver({test::pathThrough({1, 3})}), names);
        QCOMPARE(title->text(), u"Path to edge-north: cost 400, 2 hops, L2 MTU 1500"_s);
    }

    void leavesPlaceholdersInNamesAlone()
    {
        PathPane pane;
        pane.showWays(u"%2 %3%4"_s, waysOver({test::pathThrough({1, 3})}), NodeNames(test::smallNet()));
        QCOMPARE(pane.findChild<QLabel*>(u"neighbors.path.title"_s)->text(),
                 u"Path to %2 %3%4: cost 400, 2 hops, L2 MTU 1500"_s);
    }

    void showsMarkupInNamesAsText()
    {
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.nodes[0].identity = "<b>core1</b>";
        PathPane pane;
        pane.showWays(u"core1"_s, waysOver({test::pathThrough({1})}), NodeNames(snapshot));
        const QModelIndex hop = pane.model().index(0, 1, pane.model().index(0, 0));
        QVERIFY(hop.data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;core1&lt;/b&gt;"_s));
    }

    void opensTheBestPathOfAnotherDevice()
    {
        PathPane pane;
        pane.showWays(u"edge-north"_s, waysOver({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}),
                      NodeNames(test::smallNet()));
        const auto* tree = pane.findChild<QTreeView*>(u"neighbors.path"_s);
        QVERIFY(tree->isExpanded(tree->model()->index(0, 0)));
        QVERIFY(!tree->isExpanded(tree->model()->index(1, 0)));
    }

    void keepsTheChosenPathWhenPathsChangePlaces()
    {
        PathPane pane;
        const NodeNames names(test::smallNet());
        const auto best = test::pathThrough({1, 3});
        const auto other = test::pathThrough({2, 4, 3});
        pane.showWays(u"edge-north"_s, waysOver({best, other}), names);
        pane.view()->setCurrentIndex(pane.model().index(1, 0));
        pane.showWays(u"edge-north"_s, waysOver({other, best}), names);
        QCOMPARE(pane.view()->currentIndex().row(), 0);
        const QSignalSpy wished(&pane, &PathPane::wished);
        pane.findChild<QPushButton*>(u"neighbors.path.pin"_s)->click();
        QCOMPARE(wished.at(0).at(0).value<PathWish>().pin, overlay::pinOf(other));
        pane.showWays(u"edge-north"_s, waysOver({best}), names);
        QVERIFY(!pane.findChild<QPushButton*>(u"neighbors.path.pin"_s)->isEnabled()); // it is gone: nothing is chosen
    }

    void offersTheNodesBetweenAndEveryLink()
    {
        PathPane pane;
        pane.showWays(u"edge-north"_s, waysOver({test::pathThrough({1, 3})}), NodeNames(test::smallNet()));
        const auto actions = [&](const QString& button) {
            return pane.findChild<QPushButton*>(button)->menu()->actions();
        };
        QCOMPARE(actions(u"neighbors.path.avoidNode"_s).size(), 1); // not the device itself
        QCOMPARE(actions(u"neighbors.path.avoidNode"_s).first()->text(), u"core1"_s);
        QCOMPARE(actions(u"neighbors.path.avoidLink"_s).size(), 2);
        QCOMPARE(actions(u"neighbors.path.avoidLink"_s).at(0)->text(), u"enp3s0, to core1"_s);
        QCOMPARE(actions(u"neighbors.path.avoidLink"_s).at(1)->text(), u"core1 link 1, to edge-north"_s);
        const QSignalSpy wished(&pane, &PathPane::wished);
        actions(u"neighbors.path.avoidNode"_s).first()->trigger();
        actions(u"neighbors.path.avoidLink"_s).at(1)->trigger();
        const auto node = wished.at(0).at(0).value<PathWish>();
        QVERIFY(node.kind == PathWish::Kind::AvoidNode);
        QCOMPARE(node.node, test::idOf(1));
        QVERIFY(node.scope.node == test::idOf(3));
        const auto link = wished.at(1).at(0).value<PathWish>();
        QVERIFY(link.kind == PathWish::Kind::AvoidLink);
        QVERIFY((link.link == overlay::PortName{.node = test::idOf(1), .linkId = 1}));
    }

    void asksForOneSessionOrForAllOfThem()
    {
        PathPane pane;
        auto ways = waysOver({test::pathThrough({1, 3})});
        ways.sessions = {sessionOf(4), sessionOf(9)};
        const NodeNames names(test::smallNet());
        pane.showWays(u"edge-north"_s, ways, names);
        auto* scope = pane.findChild<QComboBox*>(u"neighbors.path.scope"_s);
        auto* pin = pane.findChild<QPushButton*>(u"neighbors.path.pin"_s);
        const QSignalSpy wished(&pane, &PathPane::wished);
        const auto last = [&] { return wished.last().at(0).value<PathWish>(); };
        QCOMPARE(scope->count(), 4);
        QCOMPARE(scope->itemText(2), u"session 9 (SSH)"_s);
        scope->setCurrentIndex(2);
        ways.sessions = {sessionOf(9)};
        pane.showWays(u"edge-north"_s, ways, names); // one of the others has ended: the choice stays
        pin->click();
        QVERIFY(last().scope.session == stream::StreamId{9});
        QVERIFY(!last().scope.node);
        scope->setCurrentIndex(scope->count() - 1);
        QVERIFY(!pin->isEnabled()); // a path leads to one device
        pane.findChild<QPushButton*>(u"neighbors.path.automatic"_s)->click();
        QVERIFY(last().kind == PathWish::Kind::Automatic);
        QVERIFY(last().scope == agent::PolicyScope{});
    }

    void saysWhatIsPinnedAndAvoided()
    {
        PathPane pane;
        auto ways = waysOver({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})});
        auto* rules = pane.findChild<QLabel*>(u"neighbors.path.rules"_s);
        const NodeNames names(test::smallNet());
        pane.showWays(u"edge-north"_s, ways, names);
        QVERIFY(rules->isHidden());
        ways.policies = {{{.session = {}, .node = ways.device}, test::pinning(ways.paths[1])},
                         {{}, test::avoiding({6}, {{test::idOf(2), 7}})}};
        pane.showWays(u"edge-north"_s, ways, names);
        QVERIFY(!rules->isHidden());
        QCOMPARE(rules->text(), u"Sessions to edge-north: pinned to core2 → MikroTik (…00:00:04) → edge-north; "
                                "All sessions: avoiding attic, avoiding core2 link 7"_s);
        const auto state = static_cast<int>(PathColumn::State);
        QCOMPARE(pane.model().index(0, state).data().toString(), QString());
        QCOMPARE(pane.model().index(1, state).data().toString(), u"pinned"_s);
        ways.sessions = {sessionOf(9)};
        ways.sessions[0].isPinBroken = true;
        pane.showWays(u"edge-north"_s, ways, names);
        QVERIFY(rules->text().endsWith(u"Session 9 (SSH) uses another path: the pinned one does not work now"_s));
    }

    void keepsARefusalUntilSomethingElseIsWished()
    {
        PathPane pane;
        const NodeNames names(test::smallNet());
        const auto ways = waysOver({test::pathThrough({1, 3})});
        pane.showWays(u"edge-north"_s, ways, names);
        pane.showRefusal({u"No."_s, u"Try something else."_s});
        auto* banner = pane.findChild<Banner*>(u"neighbors.path.banner"_s);
        pane.showWays(u"edge-north"_s, ways, names);
        QVERIFY(!banner->isHidden());
        QCOMPARE(banner->text(), u"No.\nTry something else."_s);
        pane.findChild<QPushButton*>(u"neighbors.path.pin"_s)->click();
        QVERIFY(banner->isHidden());
        pane.showRefusal({u"No."_s, {}});
        auto other = ways;
        other.device = test::idOf(1);
        pane.showWays(u"core1"_s, other, names);
        QVERIFY(banner->isHidden());
    }
};

QTEST_MAIN(tst_PathPane)
#include "tst_PathPane.moc"
