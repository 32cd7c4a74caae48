// SPDX-License-Identifier: Apache-2.0
// The interfaces of the agent's machine, with a check box each: checked is a port of the overlay. Ticking only asks:
// the box changes when the agent says that it is so.
#pragma once

#include "core/agent/Event.h"

#include <QAbstractTableModel>

#include <vector>

namespace fb::ui {

enum class InterfaceColumn { Name, Address, State, Cost, Count };

class InterfaceModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void apply(std::vector<agent::InterfaceState> interfaces);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    /// The user ticked or unticked a box.
    void portRequested(const fb::agent::SetPort& command);

private:
    [[nodiscard]] QString stateText(const agent::InterfaceState& interface) const;

    std::vector<agent::InterfaceState> m_interfaces; ///< ascending by name
};

} // namespace fb::ui
