// SPDX-License-Identifier: Apache-2.0
// The nodes of the overlay as a table: one row a node, ascending by id. Rows are changed in place, never reset, and in
// batches: a snapshot costs one signal per run of rows that came or went and one for all that changed.
#pragma once

#include "ui/bridge/NodeNames.h"
#include "ui/bridge/ServiceBridge.h"

#include <QAbstractTableModel>
#include <QList>

#include <optional>

namespace fb::ui {

enum class NeighborColumn { State, Identity, Address, Cost, Hops, Path, L2Mtu, Version, Board, Uptime, Count };

/// What the table shows of one node, in the form it is sorted and searched by.
struct NeighborRow {
    romon::RomonId id;
    overlay::Freshness freshness = overlay::Freshness::Fresh;
    QString identity;
    QString address;
    std::optional<quint32> cost; ///< none: no path leads there
    int hops = 0;
    QString path;
    int l2Mtu = 0;
    QString version;
    QString board;
    std::optional<qint64> uptimeSeconds;
    QString searchText; ///< lower case, every column that has words

    friend bool operator==(const NeighborRow&, const NeighborRow&) = default;
};

class NeighborModel final : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Role {
        SortRole = Qt::UserRole, ///< the raw value; numbers as numbers
        FreshnessRole,           ///< overlay::Freshness as int
    };

    using QAbstractTableModel::QAbstractTableModel;

    void apply(const SnapshotPointer& snapshot);

    [[nodiscard]] const NeighborRow& rowAt(int row) const { return m_rows.at(row); }
    [[nodiscard]] std::optional<int> rowOf(const romon::RomonId& id) const;
    [[nodiscard]] const NodeNames& names() const { return m_names; }

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    [[nodiscard]] NeighborRow makeRow(const overlay::NodeInfo& node) const;
    [[nodiscard]] QString displayText(const NeighborRow& row, NeighborColumn column) const;
    [[nodiscard]] QString toolTip(const NeighborRow& row) const;
    void removeMissing(const std::vector<overlay::NodeInfo>& nodes);
    void insertNew(const std::vector<overlay::NodeInfo>& nodes);
    void replaceChanged(const overlay::Snapshot& before, const overlay::Snapshot& now, bool namesChanged);

    QList<NeighborRow> m_rows; ///< ascending by id; after apply() the nodes of m_snapshot
    SnapshotPointer m_snapshot;
    NodeNames m_names;
};

} // namespace fb::ui
