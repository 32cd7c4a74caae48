// SPDX-License-Identifier: Apache-2.0
#include "ui/models/PathModel.h"

#include "ui/bridge/Format.h"
#include "ui/models/ToolTip.h"

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

/// internalId of a top-level row; a hop carries the row of its path instead.
constexpr quintptr kTopLevel = ~quintptr{0};

QString portToolTip(const overlay::LinkEnd& end)
{
    return PathModel::tr("Link id %1, MAC address %2, cost %3, L2 MTU %4")
        .arg(end.linkId)
        .arg(QString::fromStdString(end.mac.toString()))
        .arg(end.cost)
        .arg(end.l2Mtu);
}

} // namespace

void PathModel::apply(std::vector<overlay::Path> paths, NodeNames names)
{
    const bool namesChanged = names != m_names;
    m_names = std::move(names);
    const int before = rowCount();
    const int now = static_cast<int>(paths.size());
    if (now < before) {
        beginRemoveRows({}, now, before - 1);
        m_paths.resize(paths.size());
        endRemoveRows();
    }
    for (int row = 0; row < std::min(before, now); ++row) {
        auto& path = paths[static_cast<std::size_t>(row)];
        if (namesChanged || path != m_paths[static_cast<std::size_t>(row)])
            replacePath(row, std::move(path));
    }
    if (now > before) {
        beginInsertRows({}, before, now - 1);
        m_paths.insert(m_paths.end(), paths.begin() + before, paths.end());
        endInsertRows();
    }
}

void PathModel::replacePath(int row, overlay::Path path)
{
    overlay::Path& shown = m_paths[static_cast<std::size_t>(row)];
    const QModelIndex top = index(row, 0);
    const int before = static_cast<int>(shown.hops.size());
    const int now = static_cast<int>(path.hops.size());
    if (now < before) {
        beginRemoveRows(top, now, before - 1);
        shown.hops.resize(path.hops.size());
        endRemoveRows();
    } else if (now > before) {
        beginInsertRows(top, before, now - 1);
        shown.hops.resize(path.hops.size());
        endInsertRows();
    }
    shown = std::move(path);
    Q_EMIT dataChanged(top, index(row, columnCount() - 1));
    if (now > 0)
        Q_EMIT dataChanged(index(0, 0, top), index(now - 1, columnCount() - 1, top));
}

QModelIndex PathModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) : kTopLevel);
}

QModelIndex PathModel::parent(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == kTopLevel)
        return {};
    return createIndex(static_cast<int>(index.internalId()), 0, kTopLevel);
}

int PathModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return static_cast<int>(m_paths.size());
    if (parent.internalId() != kTopLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(m_paths[static_cast<std::size_t>(parent.row())].hops.size());
}

int PathModel::columnCount(const QModelIndex&) const
{
    return static_cast<int>(PathColumn::Count);
}

QVariant PathModel::pathText(int row, PathColumn column) const
{
    const overlay::Path& path = m_paths[static_cast<std::size_t>(row)];
    switch (column) {
    case PathColumn::Number:
        return row == 0 ? tr("Best path") : tr("Alternative %1").arg(row);
    case PathColumn::Node:
        return m_names.path(path);
    case PathColumn::Out:
        return path.hops.size() == 1 ? tr("1 hop") : tr("%1 hops").arg(path.hops.size());
    case PathColumn::In:
        return tr("L2 MTU %1").arg(path.l2Mtu);
    case PathColumn::Sum:
        return path.cost;
    case PathColumn::Cost:
    case PathColumn::Count:
        break;
    }
    return {};
}

QVariant PathModel::pathData(int row, PathColumn column, int role) const
{
    if (role == Qt::DisplayRole)
        return pathText(row, column);
    return role == Qt::ToolTipRole ? plainToolTip(pathText(row, column).toString()) : QVariant();
}

QVariant PathModel::hopText(const overlay::Path& path, std::size_t hop, PathColumn column) const
{
    switch (column) {
    case PathColumn::Number:
        return static_cast<int>(hop + 1);
    case PathColumn::Node:
        return m_names.node(path.hops[hop].to);
    case PathColumn::Out:
        return m_names.port(path.hops[hop].out);
    case PathColumn::In:
        return m_names.port(path.hops[hop].in);
    case PathColumn::Cost:
        return path.hops[hop].cost();
    case PathColumn::Sum: {
        quint32 sum = 0;
        for (std::size_t i = 0; i <= hop; ++i)
            sum += path.hops[i].cost();
        return sum;
    }
    case PathColumn::Count:
        break;
    }
    return {};
}

QVariant PathModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto column = static_cast<PathColumn>(index.column());
    if (role == Qt::TextAlignmentRole)
        return headerData(index.column(), Qt::Horizontal, role);
    const bool isTop = index.internalId() == kTopLevel;
    if (isTop)
        return pathData(index.row(), column, role);
    const overlay::Path& path = m_paths[index.internalId()];
    const auto hop = static_cast<std::size_t>(index.row());
    if (role == Qt::DisplayRole)
        return hopText(path, hop, column);
    if (role != Qt::ToolTipRole)
        return {};
    switch (column) {
    case PathColumn::Node:
        return plainToolTip(u"%1 (%2)"_s.arg(m_names.node(path.hops[hop].to), idText(path.hops[hop].to)));
    case PathColumn::Out:
        return portToolTip(path.hops[hop].out);
    case PathColumn::In:
        return portToolTip(path.hops[hop].in);
    default:
        return {};
    }
}

QVariant PathModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const auto column = static_cast<PathColumn>(section);
    if (orientation != Qt::Horizontal || column >= PathColumn::Count)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = column == PathColumn::Cost || column == PathColumn::Sum;
        return QVariant::fromValue((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case PathColumn::Number:
        return tr("Hop");
    case PathColumn::Node:
        return tr("Node");
    case PathColumn::Out:
        return tr("Leaves by");
    case PathColumn::In:
        return tr("Arrives at");
    case PathColumn::Cost:
        return tr("Cost");
    case PathColumn::Sum:
        return tr("Sum");
    case PathColumn::Count:
        break;
    }
    return {};
}

} // namespace fb::ui
