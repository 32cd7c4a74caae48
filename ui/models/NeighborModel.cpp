// SPDX-License-Identifier: Apache-2.0
#include "ui/models/NeighborModel.h"

#include "ui/bridge/Format.h"
#include "ui/models/ToolTip.h"

#include <algorithm>
#include <utility>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

/// Whether a node would give the same row: everything but the moment the snapshot was taken.
bool looksTheSame(const overlay::NodeInfo& a, const overlay::NodeInfo& b)
{
    return a.id == b.id && a.freshness == b.freshness && a.uptime == b.uptime && a.identity == b.identity &&
           a.version == b.version && a.board == b.board && a.path == b.path;
}

/// Numbers of much the same length stand in the middle, where they keep clear of the text beside them.
Qt::Alignment alignmentOf(NeighborColumn column)
{
    if (column == NeighborColumn::Hops || column == NeighborColumn::L2Mtu)
        return Qt::AlignCenter;
    const bool isRight = column == NeighborColumn::Cost || column == NeighborColumn::Uptime;
    return (isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter;
}

} // namespace

void NeighborModel::apply(const SnapshotPointer& snapshot)
{
    const SnapshotPointer before = std::exchange(m_snapshot, snapshot);
    NodeNames names(*snapshot);
    const bool namesChanged = names != m_names;
    m_names = std::move(names);
    removeMissing(snapshot->nodes);
    insertNew(snapshot->nodes);
    if (before)
        replaceChanged(*before, *snapshot, namesChanged);
}

std::optional<int> NeighborModel::rowOf(const romon::RomonId& id) const
{
    const auto found = std::ranges::lower_bound(m_rows, id, {}, &NeighborRow::id);
    if (found == m_rows.end() || found->id != id)
        return std::nullopt;
    return static_cast<int>(found - m_rows.begin());
}

void NeighborModel::removeMissing(const std::vector<overlay::NodeInfo>& nodes)
{
    const auto isMissing = [&](qsizetype row) {
        return !std::ranges::binary_search(nodes, m_rows.at(row).id, {}, &overlay::NodeInfo::id);
    };
    for (qsizetype last = m_rows.size() - 1; last >= 0; --last) {
        if (!isMissing(last))
            continue;
        qsizetype first = last;
        while (first > 0 && isMissing(first - 1))
            --first;
        beginRemoveRows({}, static_cast<int>(first), static_cast<int>(last));
        m_rows.remove(first, last - first + 1);
        endRemoveRows();
        last = first;
    }
}

void NeighborModel::insertNew(const std::vector<overlay::NodeInfo>& nodes)
{
    qsizetype row = 0;
    for (std::size_t first = 0; first < nodes.size(); ++first, ++row) {
        if (row < m_rows.size() && m_rows.at(row).id == nodes[first].id)
            continue;
        std::size_t end = first + 1;
        while (end < nodes.size() && (row == m_rows.size() || nodes[end].id < m_rows.at(row).id))
            ++end;
        const auto count = static_cast<qsizetype>(end - first);
        beginInsertRows({}, static_cast<int>(row), static_cast<int>(row + count - 1));
        m_rows.insert(row, count, NeighborRow{});
        for (qsizetype offset = 0; offset < count; ++offset)
            m_rows[row + offset] = makeRow(nodes[first + static_cast<std::size_t>(offset)]);
        endInsertRows();
        first = end - 1;
        row += count - 1;
    }
}

void NeighborModel::replaceChanged(const overlay::Snapshot& before, const overlay::Snapshot& now, bool namesChanged)
{
    int firstChanged = -1;
    int lastChanged = -1;
    auto old = before.nodes.begin();
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row) {
        const overlay::NodeInfo& node = now.nodes[static_cast<std::size_t>(row)];
        while (old != before.nodes.end() && old->id < node.id)
            ++old;
        if (!namesChanged && old != before.nodes.end() && looksTheSame(*old, node))
            continue;
        NeighborRow fresh = makeRow(node);
        if (fresh == m_rows.at(row))
            continue;
        m_rows[row] = std::move(fresh);
        firstChanged = firstChanged < 0 ? row : firstChanged;
        lastChanged = row;
    }
    // One range for all: a sorting proxy handles it once, however many rows in it changed.
    if (firstChanged >= 0)
        Q_EMIT dataChanged(index(firstChanged, 0), index(lastChanged, columnCount() - 1));
}

NeighborRow NeighborModel::makeRow(const overlay::NodeInfo& node) const
{
    NeighborRow row;
    row.id = node.id;
    row.freshness = node.freshness;
    row.identity = fromCore(node.identity);
    row.address = idText(node.id);
    row.version = fromCore(node.version);
    row.board = fromCore(node.board);
    if (node.path) {
        row.cost = node.path->cost;
        row.hops = static_cast<int>(node.path->hops.size());
        row.path = m_names.path(*node.path);
        row.l2Mtu = node.path->l2Mtu;
    }
    if (node.uptime)
        row.uptimeSeconds = node.uptime->count();
    // Not the path: who types a name wants that device, not all that lie behind it.
    const QStringList words{row.identity, row.address, row.version, row.board, freshnessText(row.freshness)};
    row.searchText = words.join(u'\n').toLower();
    return row;
}

int NeighborModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int NeighborModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(NeighborColumn::Count);
}

QString NeighborModel::displayText(const NeighborRow& row, NeighborColumn column) const
{
    switch (column) {
    case NeighborColumn::State:
        return freshnessText(row.freshness);
    case NeighborColumn::Identity:
        return row.identity;
    case NeighborColumn::Address:
        return row.address;
    case NeighborColumn::Cost:
        return row.cost ? QString::number(*row.cost) : tr("no path");
    case NeighborColumn::Hops:
        return row.cost ? QString::number(row.hops) : QString();
    case NeighborColumn::Path:
        return row.path;
    case NeighborColumn::L2Mtu:
        return row.cost ? QString::number(row.l2Mtu) : QString();
    case NeighborColumn::Version:
        return row.version;
    case NeighborColumn::Board:
        return row.board;
    case NeighborColumn::Uptime:
        return row.uptimeSeconds ? uptimeText(std::chrono::seconds(*row.uptimeSeconds)) : QString();
    case NeighborColumn::Count:
        break;
    }
    return {};
}

QString NeighborModel::toolTip(const NeighborRow& row) const
{
    // While rows come and go the two lists differ in length: found by id, not by number.
    const auto& nodes = m_snapshot->nodes;
    const auto node = std::ranges::lower_bound(nodes, row.id, {}, &overlay::NodeInfo::id);
    if (node == nodes.end() || node->id != row.id)
        return {};
    const QString state = tr("%1, last heard %2 ago").arg(freshnessText(row.freshness), durationText(node->sinceHeard));
    return row.cost ? plainToolTip(state + u'\n' + tr("Path: %1").arg(row.path)) : state;
}

QVariant NeighborModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const NeighborRow& row = m_rows.at(index.row());
    const auto column = static_cast<NeighborColumn>(index.column());
    switch (role) {
    case Qt::DisplayRole:
        return displayText(row, column);
    case Qt::ToolTipRole:
        return toolTip(row);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(alignmentOf(column));
    case FreshnessRole:
        return static_cast<int>(row.freshness);
    case SortRole:
        switch (column) {
        case NeighborColumn::State:
            return static_cast<int>(row.freshness);
        case NeighborColumn::Cost:
            return row.cost ? QVariant(*row.cost) : QVariant();
        case NeighborColumn::Hops:
            return row.hops;
        case NeighborColumn::L2Mtu:
            return row.l2Mtu;
        case NeighborColumn::Uptime:
            return row.uptimeSeconds ? QVariant(*row.uptimeSeconds) : QVariant();
        default:
            return displayText(row, column);
        }
    default:
        return {};
    }
}

QVariant NeighborModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const auto column = static_cast<NeighborColumn>(section);
    if (orientation != Qt::Horizontal || column >= NeighborColumn::Count)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(alignmentOf(column));
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case NeighborColumn::State:
        return tr("State");
    case NeighborColumn::Identity:
        return tr("Identity");
    case NeighborColumn::Address:
        return tr("RoMON id");
    case NeighborColumn::Cost:
        return tr("Cost");
    case NeighborColumn::Hops:
        return tr("Hops");
    case NeighborColumn::Path:
        return tr("Path");
    case NeighborColumn::L2Mtu:
        return tr("L2 MTU");
    case NeighborColumn::Version:
        return tr("Version");
    case NeighborColumn::Board:
        return tr("Board");
    case NeighborColumn::Uptime:
        return tr("Uptime");
    case NeighborColumn::Count:
        break;
    }
    return {};
}

} // namespace fb::ui
