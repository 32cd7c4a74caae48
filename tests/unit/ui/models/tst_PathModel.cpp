// SPDX-License-Identifier: Apache-2.0
// Paths as a tree: what each hop says, and that new paths change rows in place.
#include "tests/gui/support/SampleNet.h"
#include "ui/models/PathModel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

QString text(const PathModel& model, int path, int hop, PathColumn column)
{
    const QModelIndex top = model.index(path, 0);
    return model.index(hop, static_cast<int>(column), top).data().toString();
}

} // namespace

class tst_PathModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsEachHopByNamePortAndCost()
    {
        PathModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}, NodeNames(test::smallNet()));
        QCOMPARE(model.rowCount(), 2);
        QCOMPARE(model.index(0, 0).data().toString(), u"Best path"_s);
        QCOMPARE(model.index(1, 0).data().toString(), u"Alternative 1"_s);
        QCOMPARE(model.rowCount(model.index(1, 0)), 3);
        QCOMPARE(text(model, 0, 0, PathColumn::Node), u"core1"_s);
        QCOMPARE(text(model, 0, 0, PathColumn::Out), u"enp3s0"_s);
        QCOMPARE(text(model, 0, 0, PathColumn::In), u"link 2"_s);
        QCOMPARE(text(model, 0, 0, PathColumn::Cost), u"200"_s);
        QCOMPARE(text(model, 0, 1, PathColumn::Node), u"edge-north"_s);
        QCOMPARE(text(model, 0, 1, PathColumn::Number), u"2"_s);
        QCOMPARE(text(model, 1, 2, PathColumn::Sum), u"600"_s);
    }

    void changesInPlace()
    {
        PathModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const NodeNames names(test::smallNet());
        model.apply({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}, names);
        const QPersistentModelIndex best = model.index(0, 0);
        const QPersistentModelIndex hop = model.index(1, 0, best);
        model.apply({test::pathThrough({2, 4, 3}), test::pathThrough({1, 3})}, names);
        QVERIFY(best.isValid());
        QVERIFY(hop.isValid());
        QCOMPARE(model.rowCount(model.index(0, 0)), 3);
        QCOMPARE(model.rowCount(model.index(1, 0)), 2);
        QCOMPARE(text(model, 0, 0, PathColumn::Node), u"core2"_s);
        model.apply({}, names);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!best.isValid());
    }
};

QTEST_GUILESS_MAIN(tst_PathModel)
#include "tst_PathModel.moc"
