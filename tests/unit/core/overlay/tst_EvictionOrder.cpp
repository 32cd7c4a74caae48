// SPDX-License-Identifier: Apache-2.0
// Who goes from a full table: the port with the most entries gives way, the least useful entry first.
#include "core/overlay/EvictionOrder.h"

#include <QTest>

#include <deque>

using namespace fb::overlay;
using Rank = EvictionOrder::Rank;

namespace {

struct Table {
    EvictionOrder order;
    std::deque<EvictionOrder::Entry> entries;

    EvictionOrder::Entry* add(PortId port, Rank rank)
    {
        order.add(entries.emplace_back(), port, rank);
        return &entries.back();
    }
};

} // namespace

class tst_EvictionOrder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasNoVictimWhenItIsEmpty();
    void lostEntriesGoFirst();
    void theStrangerHeardLongestAgoGoes();
    void provenEntriesStayOnTheirOwnPort();
    void theFullestPortGivesWay();
    void equalPortsDoNotTakeFromEachOther();
    void entriesInUseNeverGo();
    void anEntryCountsForThePortItMovedTo();
};

void tst_EvictionOrder::hasNoVictimWhenItIsEmpty()
{
    QVERIFY(EvictionOrder().victimFor(0) == nullptr);
}

void tst_EvictionOrder::lostEntriesGoFirst()
{
    Table table;
    table.add(0, Rank::Stranger);
    table.add(0, Rank::Stranger);
    auto* lost = table.add(1, Rank::Lost);
    QVERIFY(table.order.victimFor(0) == lost);
    table.order.renew(*lost, Rank::Proven);
    QVERIFY(table.order.victimFor(0) != lost);
}

void tst_EvictionOrder::theStrangerHeardLongestAgoGoes()
{
    Table table;
    auto* first = table.add(0, Rank::Stranger);
    auto* second = table.add(0, Rank::Stranger);
    QVERIFY(table.order.victimFor(0) == first);
    table.order.renew(*first, Rank::Stranger);
    QVERIFY(table.order.victimFor(0) == second);
    table.order.remove(*second);
    QVERIFY(table.order.victimFor(0) == first);
    table.order.remove(*first);
    QVERIFY(table.order.victimFor(0) == nullptr);
}

void tst_EvictionOrder::provenEntriesStayOnTheirOwnPort()
{
    Table table;
    for (int count = 0; count < 9; ++count)
        table.add(0, Rank::Proven);
    QVERIFY(table.order.victimFor(0) == nullptr);
}

void tst_EvictionOrder::theFullestPortGivesWay()
{
    Table table;
    auto* proven = table.add(0, Rank::Proven);
    for (int count = 0; count < 4; ++count)
        table.add(0, Rank::Proven);
    table.add(1, Rank::Stranger);
    QVERIFY(table.order.victimFor(2) == proven);
    auto* stranger = table.add(0, Rank::Stranger);
    QVERIFY(table.order.victimFor(1) == stranger);
}

void tst_EvictionOrder::equalPortsDoNotTakeFromEachOther()
{
    Table table;
    table.add(0, Rank::Stranger);
    table.add(0, Rank::Stranger);
    auto* own = table.add(1, Rank::Stranger);
    QVERIFY(table.order.victimFor(1) == own);
}

void tst_EvictionOrder::entriesInUseNeverGo()
{
    Table table;
    for (int count = 0; count < 9; ++count)
        table.add(0, Rank::InUse);
    QVERIFY(table.order.victimFor(0) == nullptr);
    QVERIFY(table.order.victimFor(1) == nullptr);
}

void tst_EvictionOrder::anEntryCountsForThePortItMovedTo()
{
    Table table;
    auto* moved = table.add(0, Rank::Stranger);
    table.order.move(*moved, 3);
    QVERIFY(table.order.victimFor(0) == nullptr);
    QVERIFY(table.order.victimFor(3) == moved);
}

QTEST_APPLESS_MAIN(tst_EvictionOrder)
#include "tst_EvictionOrder.moc"
