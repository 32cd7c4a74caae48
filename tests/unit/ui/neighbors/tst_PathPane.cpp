// SPDX-License-Identifier: Apache-2.0
// The headline and the rows of the path pane, with names from the network that look like our own placeholders or
// markup.
#include "tests/gui/support/SampleNet.h"
#include "ui/neighbors/PathPane.h"

#include <QLabel>
#include <QTest>
#include <QTreeView>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

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
        pane.showPaths(u"core1"_s, {test::pathThrough({1})}, names);
        QCOMPARE(title->text(), u"Path to core1: cost 200, 1 hop, L2 MTU 1500"_s);
        pane.showPaths(u"edge-north"_s, {test::pathThrough({1, 3})}, names);
        QCOMPARE(title->text(), u"Path to edge-north: cost 400, 2 hops, L2 MTU 1500"_s);
    }

    void leavesPlaceholdersInNamesAlone()
    {
        PathPane pane;
        pane.showPaths(u"%2 %3%4"_s, {test::pathThrough({1, 3})}, NodeNames(test::smallNet()));
        QCOMPARE(pane.findChild<QLabel*>(u"neighbors.path.title"_s)->text(),
                 u"Path to %2 %3%4: cost 400, 2 hops, L2 MTU 1500"_s);
    }

    void showsMarkupInNamesAsText()
    {
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.nodes[0].identity = "<b>core1</b>";
        PathPane pane;
        pane.showPaths(u"core1"_s, {test::pathThrough({1})}, NodeNames(snapshot));
        const QModelIndex hop = pane.model().index(0, 1, pane.model().index(0, 0));
        QVERIFY(hop.data(Qt::ToolTipRole).toString().contains(u"&lt;b&gt;core1&lt;/b&gt;"_s));
    }

    void opensTheBestPathOfAnotherDevice()
    {
        PathPane pane;
        pane.showPaths(u"edge-north"_s, {test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})},
                       NodeNames(test::smallNet()));
        const auto* tree = pane.findChild<QTreeView*>(u"neighbors.path"_s);
        QVERIFY(tree->isExpanded(tree->model()->index(0, 0)));
        QVERIFY(!tree->isExpanded(tree->model()->index(1, 0)));
    }
};

QTEST_MAIN(tst_PathPane)
#include "tst_PathPane.moc"
