// SPDX-License-Identifier: Apache-2.0
#include "ui/models/PathModel.h"

#include "ui/bridge/Format.h"
#include "ui/bridge/PathWords.h"
#include "ui/models/ToolTip.h"

#include <algorithm>

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

PathMark markOf(const agent::PathReport& report)
{
    using agent::PathState;
    if (report.state == PathState::Unwatched)
        return PathMark::None;
    if (report.state == PathState::Dead)
        return PathMark::Dead;
    if (report.quality.isLossy || report.state == PathState::Suspect)
        return PathMark::Trouble;
    return report.isInUse ? PathMark::InUse : PathMark::Ready;
}

QString stateAndPin(const PathRow& row)
{
    const QString state = stateText(row.report);
    if (row.pin.isEmpty() || state.isEmpty())
        return state + row.pin;
    return u"%1, %2"_s.arg(state, row.pin);
}

QString stateToolTip(const PathRow& row)
{
    QString text = stateAndPin(row);
    if (row.report.state == agent::PathState::Unwatched)
        return PathModel::tr("No session uses this path or holds it ready: nothing is measured on it.") +
               (text.isEmpty() ? QString() : u'\n' + text);
    const auto& quality = row.report.quality;
    if (quality.samples > 0)
        text += u'\n' + PathModel::tr("%1 of the last %2 probes lost")
                            .arg(permilleText(quality.lossPermille), QString::number(quality.samples));
    return text;
}

} // namespace

void PathModel::apply(std::vector<PathRow> rows, NodeNames names)
{
    const bool namesChanged = names != m_names;
    m_names = std::move(names);
    const int before = rowCount();
    const int now = static_cast<int>(rows.size());
    if (now < before) {
        beginRemoveRows({}, now, before - 1);
        m_rows.resize(rows.size());
        endRemoveRows();
    }
    for (int row = 0; row < std::min(before, now); ++row) {
        auto& fresh = rows[static_cast<std::size_t>(row)];
        if (namesChanged || fresh != m_rows[static_cast<std::size_t>(row)])
            replaceRow(row, std::move(fresh));
    }
    if (now > before) {
        beginInsertRows({}, before, now - 1);
        m_rows.insert(m_rows.end(), rows.begin() + before, rows.end());
        endInsertRows();
    }
}

void PathModel::replaceRow(int row, PathRow fresh)
{
    PathRow& shown = m_rows[static_cast<std::size_t>(row)];
    auto& hops = shown.path.hops;
    const QModelIndex top = index(row, 0);
    const int before = static_cast<int>(hops.size());
    const int now = static_cast<int>(fresh.path.hops.size());
    if (now < before) {
        beginRemoveRows(top, now, before - 1);
        hops.resize(fresh.path.hops.size());
        endRemoveRows();
    } else if (now > before) {
        beginInsertRows(top, before, now - 1);
        hops.resize(fresh.path.hops.size());
        endInsertRows();
    }
    shown = std::move(fresh);
    Q_EMIT dataChanged(top, index(row, columnCount() - 1));
    if (now > 0)
        Q_EMIT dataChanged(index(0, 0, top), index(now - 1, columnCount() - 1, top));
}

const overlay::Path* PathModel::pathAt(const QModelIndex& index) const
{
    if (!index.isValid())
        return nullptr;
    const bool isTop = index.internalId() == kTopLevel;
    return &m_rows[isTop ? static_cast<std::size_t>(index.row()) : index.internalId()].path;
}

std::optional<overlay::Hop> PathModel::hopAt(const QModelIndex& index) const
{
    if (!index.isValid() || index.internalId() == kTopLevel)
        return std::nullopt;
    return m_rows[index.internalId()].path.hops[static_cast<std::size_t>(index.row())];
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
        return static_cast<int>(m_rows.size());
    if (parent.internalId() != kTopLevel || parent.column() != 0)
        return 0;
    return static_cast<int>(m_rows[static_cast<std::size_t>(parent.row())].path.hops.size());
}

bool PathModel::isCheapest(int row) const
{
    const auto cost = [](const PathRow& shown) { return shown.path.cost; };
    return cost(m_rows[static_cast<std::size_t>(row)]) == cost(*std::ranges::min_element(m_rows, {}, cost));
}

int PathModel::columnCount(const QModelIndex&) const
{
    return static_cast<int>(PathColumn::Count);
}

QVariant PathModel::pathText(int row, PathColumn column) const
{
    const PathRow& shown = m_rows[static_cast<std::size_t>(row)];
    const overlay::Path& path = shown.path;
    switch (column) {
    case PathColumn::Number:
        if (row > 0)
            return tr("Alternative %1").arg(row);
        return isCheapest(row) ? tr("Best path") : tr("Pinned path");
    case PathColumn::Node:
        return m_names.path(path);
    case PathColumn::State:
        return stateAndPin(shown);
    case PathColumn::Rtt:
        return shown.report.quality.rtt ? durationText(*shown.report.quality.rtt) : QString();
    case PathColumn::Loss:
        return shown.report.quality.samples > 0 ? permilleText(shown.report.quality.lossPermille) : QString();
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
    const PathRow& shown = m_rows[static_cast<std::size_t>(row)];
    switch (role) {
    case Qt::DisplayRole:
        return pathText(row, column);
    case Qt::ToolTipRole:
        return plainToolTip(column == PathColumn::State ? stateToolTip(shown) : pathText(row, column).toString());
    case MarkRole:
        return static_cast<int>(markOf(shown.report));
    default:
        return {};
    }
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
    case PathColumn::State:
    case PathColumn::Rtt:
    case PathColumn::Loss:
    case PathColumn::Count:
        break;
    }
    return {};
}

QVariant PathModel::hopData(const overlay::Path& path, std::size_t hop, PathColumn column, int role) const
{
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

QVariant PathModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const auto column = static_cast<PathColumn>(index.column());
    if (role == Qt::TextAlignmentRole)
        return headerData(index.column(), Qt::Horizontal, role);
    if (index.internalId() == kTopLevel)
        return pathData(index.row(), column, role);
    return hopData(m_rows[index.internalId()].path, static_cast<std::size_t>(index.row()), column, role);
}

QVariant PathModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    const auto column = static_cast<PathColumn>(section);
    if (orientation != Qt::Horizontal || column >= PathColumn::Count)
        return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isNumber = column == PathColumn::Cost || column == PathColumn::Sum || column == PathColumn::Rtt ||
                              column == PathColumn::Loss;
        return QVariant::fromValue((isNumber ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case PathColumn::Number:
        return tr("Hop");
    case PathColumn::Node:
        return tr("Node");
    case PathColumn::State:
        return tr("State");
    case PathColumn::Rtt:
        return tr("RTT");
    case PathColumn::Loss:
        return tr("Loss");
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
