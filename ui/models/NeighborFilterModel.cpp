// SPDX-License-Identifier: Apache-2.0
#include "ui/models/NeighborFilterModel.h"

#include "ui/models/NeighborModel.h"

#include <algorithm>
#include <limits>

namespace fb::ui {

namespace {

template <class T>
int compared(const T& a, const T& b)
{
    return a < b ? -1 : (b < a ? 1 : 0);
}

int comparedText(const QString& a, const QString& b)
{
    return QString::compare(a, b, Qt::CaseInsensitive);
}

/// What has no path sorts behind everything that has one.
quint64 costKey(const NeighborRow& row)
{
    return row.cost ? *row.cost : std::numeric_limits<quint64>::max();
}

int compareIn(NeighborColumn column, const NeighborRow& a, const NeighborRow& b)
{
    switch (column) {
    case NeighborColumn::State:
        return compared(a.freshness, b.freshness);
    case NeighborColumn::Identity:
        return comparedText(a.identity, b.identity);
    case NeighborColumn::Cost:
        return compared(costKey(a), costKey(b));
    case NeighborColumn::Hops:
        return compared(a.hops, b.hops);
    case NeighborColumn::Path:
        return comparedText(a.path, b.path);
    case NeighborColumn::L2Mtu:
        return compared(a.l2Mtu, b.l2Mtu);
    case NeighborColumn::Version:
        return comparedText(a.version, b.version);
    case NeighborColumn::Board:
        return comparedText(a.board, b.board);
    case NeighborColumn::Uptime:
        return compared(a.uptimeSeconds, b.uptimeSeconds);
    case NeighborColumn::Address:
    case NeighborColumn::Count:
        break;
    }
    return compared(a.id, b.id);
}

} // namespace

NeighborFilterModel::NeighborFilterModel(NeighborModel& source, QObject* parent)
    : QSortFilterProxyModel(parent), m_neighbors(source)
{
    setSortRole(NeighborModel::SortRole);
    setSourceModel(&source);
}

void NeighborFilterModel::setFilterText(const QString& text)
{
    const QStringList words = text.toLower().split(u' ', Qt::SkipEmptyParts);
    if (words == m_words)
        return;
    m_words = words;
    invalidateRowsFilter();
}

bool NeighborFilterModel::filterAcceptsRow(int sourceRow, const QModelIndex&) const
{
    const QString& text = m_neighbors.rowAt(sourceRow).searchText;
    return std::ranges::all_of(m_words, [&](const QString& word) { return text.contains(word); });
}

bool NeighborFilterModel::lessThan(const QModelIndex& left, const QModelIndex& right) const
{
    const NeighborRow& a = m_neighbors.rowAt(left.row());
    const NeighborRow& b = m_neighbors.rowAt(right.row());
    const int order = compareIn(static_cast<NeighborColumn>(left.column()), a, b);
    return order != 0 ? order < 0 : a.id < b.id;
}

} // namespace fb::ui
