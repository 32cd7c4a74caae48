// SPDX-License-Identifier: Apache-2.0
// The neighbor table: changed in place, complete, sorted by values and quick with ten thousand rows.
#include "tests/gui/support/SampleNet.h"
#include "ui/models/NeighborFilterModel.h"
#include "ui/models/NeighborModel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

SnapshotPointer shared(overlay::Snapshot snapshot)
{
    return std::make_shared<const overlay::Snapshot>(std::move(snapshot));
}

struct Fixture {
    NeighborModel model;
    NeighborFilterModel filter{model};
    QAbstractItemModelTester modelTester{&model, QAbstractItemModelTester::FailureReportingMode::QtTest};
    QAbstractItemModelTester filterTester{&filter, QAbstractItemModelTester::FailureReportingMode::QtTest};

    [[nodiscard]] QString text(int row, NeighborColumn column) const
    {
        return model.index(row, static_cast<int>(column)).data().toString();
    }
    [[nodiscard]] QStringList filtered(NeighborColumn column) const
    {
        QStringList texts;
        for (int row = 0; row < filter.rowCount(); ++row)
            texts << filter.index(row, static_cast<int>(column)).data().toString();
        return texts;
    }
};

} // namespace

class tst_NeighborModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsEveryColumn()
    {
        Fixture fixture;
        fixture.model.apply(shared(test::smallNet()));
        QCOMPARE(fixture.model.rowCount(), 6);
        QCOMPARE(fixture.text(2, NeighborColumn::State), u"Fresh"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Identity), u"edge-north"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Address), u"48:a9:00:00:00:03"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Cost), u"400"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Hops), u"2"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Path), u"core1 → edge-north"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::L2Mtu), u"1500"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Version), u"0.1.0"_s);
        QCOMPARE(fixture.text(2, NeighborColumn::Uptime), u"1w2d03:04:05"_s);
        QCOMPARE(fixture.text(5, NeighborColumn::State), u"Lost"_s);
        QCOMPARE(fixture.text(5, NeighborColumn::Cost), u"no path"_s);
    }

    void changesOnlyWhatChanged()
    {
        Fixture fixture;
        overlay::Snapshot snapshot = test::smallNet();
        fixture.model.apply(shared(snapshot));
        const QPersistentModelIndex kept = fixture.model.index(3, 0);
        const QSignalSpy changed(&fixture.model, &QAbstractItemModel::dataChanged);
        const QSignalSpy reset(&fixture.model, &QAbstractItemModel::modelReset);

        for (auto& node : snapshot.nodes)
            node.sinceHeard += std::chrono::seconds(1);
        fixture.model.apply(shared(snapshot));
        QCOMPARE(changed.size(), 0); // nothing in the table tells how long ago

        snapshot.nodes[1].freshness = overlay::Freshness::Stale;
        fixture.model.apply(shared(snapshot));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(changed.at(0).at(0).toModelIndex().row(), 1);
        QCOMPARE(changed.at(0).at(1).toModelIndex().row(), 1);

        snapshot.nodes.erase(snapshot.nodes.begin());
        snapshot.nodes.push_back(test::nodeOf(9, "new", {9}));
        fixture.model.apply(shared(snapshot));
        QCOMPARE(kept.row(), 2);
        QCOMPARE(reset.size(), 0);
    }

    void followsARenamedNodeIntoEveryPath()
    {
        Fixture fixture;
        overlay::Snapshot snapshot = test::smallNet();
        fixture.model.apply(shared(snapshot));
        snapshot.nodes[0].identity = "core-one";
        fixture.model.apply(shared(snapshot));
        QCOMPARE(fixture.text(2, NeighborColumn::Path), u"core-one → edge-north"_s);
    }

    void findsByAnyWordButNotByThePath()
    {
        Fixture fixture;
        fixture.model.apply(shared(test::smallNet()));
        fixture.filter.setFilterText(u"EDGE"_s);
        QCOMPARE(fixture.filtered(NeighborColumn::Address),
                 QStringList({u"48:a9:00:00:00:03"_s})); // not those behind it
        fixture.filter.setFilterText(u"rb750 mikro"_s);
        QCOMPARE(fixture.filter.rowCount(), 2);
        fixture.filter.setFilterText(u"stale"_s);
        QCOMPARE(fixture.filtered(NeighborColumn::Address), QStringList({u"48:a9:00:00:00:04"_s}));
        fixture.filter.setFilterText(u"  "_s);
        QVERIFY(!fixture.filter.isFiltering());
        QCOMPARE(fixture.filter.rowCount(), 6);
    }

    void sortsByValueAndKeepsTiesInOrder()
    {
        Fixture fixture;
        fixture.model.apply(shared(test::smallNet()));
        fixture.filter.sort(static_cast<int>(NeighborColumn::Cost));
        QCOMPARE(fixture.filtered(NeighborColumn::Cost),
                 QStringList({u"200"_s, u"200"_s, u"400"_s, u"400"_s, u"600"_s, u"no path"_s}));
        QCOMPARE(fixture.filtered(NeighborColumn::Address).first(), u"48:a9:00:00:00:01"_s);
        fixture.filter.sort(static_cast<int>(NeighborColumn::Identity));
        QCOMPARE(fixture.filtered(NeighborColumn::Identity).first(), u"attic"_s);
    }

    void takesTenThousandRowsInAFewSignals()
    {
        NeighborModel model;
        NeighborFilterModel filter(model);
        filter.sort(static_cast<int>(NeighborColumn::Cost));
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        overlay::Snapshot snapshot = test::largeNet(10'000, 40);
        model.apply(shared(snapshot));
        QCOMPARE(model.rowCount(), 10'000);
        QCOMPARE(inserted.size(), 1);
        for (std::size_t node = 0; node < snapshot.nodes.size(); node += 10)
            snapshot.nodes[node].freshness = overlay::Freshness::Stale;
        model.apply(shared(snapshot));
        QCOMPARE(changed.size(), 1);
        QCOMPARE(filter.rowCount(), 10'000);
    }
};

QTEST_GUILESS_MAIN(tst_NeighborModel)
#include "tst_NeighborModel.moc"
