// SPDX-License-Identifier: Apache-2.0
// Paths as a tree: what each hop says, and that new paths change rows in place.
#include "tests/gui/support/SampleNet.h"
#include "ui/models/PathModel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
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

QString text(const PathModel& model, int path, PathColumn column)
{
    return model.index(path, static_cast<int>(column)).data().toString();
}

PathMark mark(const PathModel& model, int path)
{
    const auto value = model.index(path, static_cast<int>(PathColumn::State)).data(PathModel::MarkRole).toInt();
    return static_cast<PathMark>(value);
}

std::vector<PathRow> rowsOf(const std::vector<overlay::Path>& paths)
{
    std::vector<PathRow> rows;
    for (const auto& path : paths)
        rows.push_back({path, {}, {}});
    return rows;
}

} // namespace

class tst_PathModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsEachHopByNamePortAndCost()
    {
        PathModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply(rowsOf({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}), NodeNames(test::smallNet()));
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
        model.apply(rowsOf({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}), names);
        const QPersistentModelIndex best = model.index(0, 0);
        const QPersistentModelIndex hop = model.index(1, 0, best);
        model.apply(rowsOf({test::pathThrough({2, 4, 3}), test::pathThrough({1, 3})}), names);
        QVERIFY(best.isValid());
        QVERIFY(hop.isValid());
        QCOMPARE(model.rowCount(model.index(0, 0)), 3);
        QCOMPARE(model.rowCount(model.index(1, 0)), 2);
        QCOMPARE(text(model, 0, 0, PathColumn::Node), u"core2"_s);
        model.apply({}, names);
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!best.isValid());
    }

    void tellsWhatIsKnownOfAPath()
    {
        using namespace std::chrono_literals;
        using agent::PathState;
        PathModel model;
        const overlay::PathQuality clean{.rtt = 12ms, .lossPermille = 0, .samples = 40, .isLossy = false};
        const overlay::PathQuality lossy{.rtt = 1500us, .lossPermille = 125, .samples = 64, .isLossy = true};
        const auto path = test::pathThrough({1, 3});
        model.apply({{path, {PathState::Good, true, clean}, u"pinned"_s},
                     {path, {PathState::Good, false, lossy}, {}},
                     {path, {PathState::Dead, false, {}}, {}},
                     {path, {PathState::Held, false, clean}, {}},
                     {path, {}, {}}},
                    NodeNames(test::smallNet()));
        QCOMPARE(text(model, 0, PathColumn::State), u"in use, pinned"_s);
        QCOMPARE(text(model, 0, PathColumn::Rtt), u"12 ms"_s);
        QCOMPARE(text(model, 0, PathColumn::Loss), u"0 %"_s);
        QCOMPARE(mark(model, 0), PathMark::InUse);
        QCOMPARE(text(model, 1, PathColumn::State), u"held ready, lossy"_s);
        QCOMPARE(text(model, 1, PathColumn::Rtt), u"1.5 ms"_s);
        QCOMPARE(text(model, 1, PathColumn::Loss), u"12.5 %"_s);
        QCOMPARE(mark(model, 1), PathMark::Trouble);
        QCOMPARE(text(model, 2, PathColumn::State), u"dead"_s);
        QCOMPARE(text(model, 2, PathColumn::Loss), QString()); // nothing was measured: not the same as none lost
        QCOMPARE(mark(model, 2), PathMark::Dead);
        QCOMPARE(text(model, 3, PathColumn::State), u"proving itself"_s);
        QCOMPARE(mark(model, 3), PathMark::Ready);
        QCOMPARE(text(model, 4, PathColumn::State), QString());
        QCOMPARE(mark(model, 4), PathMark::None);
    }

    void callsAPinnedPathBestOnlyIfItIs()
    {
        PathModel model;
        auto rows = rowsOf({test::pathThrough({2, 4, 3}), test::pathThrough({1, 3})});
        rows[0].pin = u"pinned"_s;
        model.apply(rows, NodeNames(test::smallNet()));
        QCOMPARE(text(model, 0, PathColumn::Number), u"Pinned path"_s);
        QCOMPARE(text(model, 1, PathColumn::Number), u"Alternative 1"_s);
        std::swap(rows[0].path, rows[1].path);
        model.apply(rows, NodeNames(test::smallNet()));
        QCOMPARE(text(model, 0, PathColumn::Number), u"Best path"_s);
    }

    void changesTheQualityOfAPathInPlace()
    {
        using namespace std::chrono_literals;
        PathModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const NodeNames names(test::smallNet());
        auto rows = rowsOf({test::pathThrough({1, 3})});
        model.apply(rows, names);
        const QPersistentModelIndex hop = model.index(1, 0, model.index(0, 0));
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        model.apply(rows, names);
        QCOMPARE(changed.size(), 0);
        rows[0].report = {agent::PathState::Good, true, {.rtt = 3ms, .lossPermille = 0, .samples = 1}};
        model.apply(rows, names);
        QVERIFY(changed.size() > 0);
        QVERIFY(hop.isValid());
        QCOMPARE(text(model, 0, PathColumn::Rtt), u"3.0 ms"_s);
    }

    void knowsWhichPathAndHopARowIs()
    {
        PathModel model;
        model.apply(rowsOf({test::pathThrough({1, 3}), test::pathThrough({2, 4, 3})}), NodeNames(test::smallNet()));
        const QModelIndex second = model.index(1, 0);
        QCOMPARE(model.pathAt(second)->hops.size(), std::size_t{3});
        QVERIFY(!model.hopAt(second));
        const QModelIndex hop = model.index(1, 2, second);
        QCOMPARE(model.pathAt(hop)->hops.size(), std::size_t{3});
        QCOMPARE(model.hopAt(hop)->to, test::idOf(4));
        QVERIFY(model.pathAt({}) == nullptr);
    }
};

QTEST_GUILESS_MAIN(tst_PathModel)
#include "tst_PathModel.moc"
