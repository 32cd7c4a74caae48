// SPDX-License-Identifier: Apache-2.0
#include "ui/models/InterfaceModel.h"

#include "ui/bridge/Format.h"

#include <algorithm>

namespace fb::ui {

void InterfaceModel::apply(std::vector<agent::InterfaceState> interfaces)
{
    using agent::InterfaceState;
    std::ranges::sort(interfaces, {}, &InterfaceState::name);
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (std::ranges::binary_search(interfaces, m_interfaces[static_cast<std::size_t>(row)].name, {},
                                       &InterfaceState::name))
            continue;
        beginRemoveRows({}, row, row);
        m_interfaces.erase(m_interfaces.begin() + row);
        endRemoveRows();
    }
    for (int row = 0; row < static_cast<int>(interfaces.size()); ++row) {
        const auto at = static_cast<std::size_t>(row);
        if (at == m_interfaces.size() || m_interfaces[at].name != interfaces[at].name) {
            beginInsertRows({}, row, row);
            m_interfaces.insert(m_interfaces.begin() + row, interfaces[at]);
            endInsertRows();
        } else if (m_interfaces[at] != interfaces[at]) {
            m_interfaces[at] = interfaces[at];
            Q_EMIT dataChanged(index(row, 0), index(row, columnCount() - 1));
        }
    }
}

int InterfaceModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_interfaces.size());
}

int InterfaceModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(InterfaceColumn::Count);
}

QString InterfaceModel::stateText(const agent::InterfaceState& interface) const
{
    if (!interface.problem.empty())
        return fromCore(interface.problem);
    if (!interface.isUp)
        return tr("down");
    if (!interface.bridge.empty())
        return tr("up, member of %1").arg(fromCore(interface.bridge));
    return tr("up");
}

QVariant InterfaceModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const agent::InterfaceState& interface = m_interfaces[static_cast<std::size_t>(index.row())];
    const auto column = static_cast<InterfaceColumn>(index.column());
    if (role == Qt::CheckStateRole && column == InterfaceColumn::Name)
        return interface.isPort ? Qt::Checked : Qt::Unchecked;
    if (role == Qt::ToolTipRole && column == InterfaceColumn::State)
        return stateText(interface);
    if (role == Qt::AccessibleTextRole && column == InterfaceColumn::Name)
        return interface.isPort ? tr("%1, used for RoMON").arg(fromCore(interface.name))
                                : tr("%1, not used").arg(fromCore(interface.name));
    if (role != Qt::DisplayRole)
        return {};
    switch (column) {
    case InterfaceColumn::Name:
        return fromCore(interface.name);
    case InterfaceColumn::Address:
        return fromCore(interface.mac.toString());
    case InterfaceColumn::State:
        return stateText(interface);
    case InterfaceColumn::Cost:
        return interface.isPort ? QVariant(interface.cost) : QVariant();
    case InterfaceColumn::Count:
        break;
    }
    return {};
}

bool InterfaceModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || !checkIndex(index, CheckIndexOption::IndexIsValid))
        return false;
    const agent::InterfaceState& interface = m_interfaces[static_cast<std::size_t>(index.row())];
    const bool isWanted = value.value<Qt::CheckState>() == Qt::Checked;
    Q_EMIT portRequested({.interface = interface.name,
                          .use = isWanted ? agent::SetPort::Use::Yes : agent::SetPort::Use::No,
                          .cost = interface.cost});
    return true;
}

Qt::ItemFlags InterfaceModel::flags(const QModelIndex& index) const
{
    const auto flags = QAbstractTableModel::flags(index);
    const bool isBox = index.isValid() && index.column() == static_cast<int>(InterfaceColumn::Name);
    return isBox ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant InterfaceModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (static_cast<InterfaceColumn>(section)) {
    case InterfaceColumn::Name:
        return tr("Interface");
    case InterfaceColumn::Address:
        return tr("MAC address");
    case InterfaceColumn::State:
        return tr("State");
    case InterfaceColumn::Cost:
        return tr("Cost");
    case InterfaceColumn::Count:
        break;
    }
    return {};
}

} // namespace fb::ui
