// SPDX-License-Identifier: Apache-2.0
// The ways to one node as a tree of two levels: a path a top-level row, best first, its hops below it. Changed in
// place: a path that keeps its length keeps its rows, so that what is open stays open.
#pragma once

#include "core/agent/PathState.h"
#include "ui/bridge/NodeNames.h"

#include <QAbstractItemModel>

#include <optional>
#include <vector>

namespace fb::ui {

enum class PathColumn { Number, Node, State, Rtt, Loss, Cost, Sum, Out, In, Count };

/// The sign beside the words of a path's state.
enum class PathMark { None, InUse, Ready, Trouble, Dead, Count };

struct PathRow {
    overlay::Path path;
    agent::PathReport report;
    QString pin; ///< "pinned"; empty: it is not

    friend bool operator==(const PathRow&, const PathRow&) = default;
};

class PathModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Role {
        MarkRole = Qt::UserRole, ///< PathMark as int
    };

    using QAbstractItemModel::QAbstractItemModel;

    /// Best first; empty when no path is known.
    void apply(std::vector<PathRow> rows, NodeNames names);

    /// The path that a row is or belongs to; null for no row.
    [[nodiscard]] const overlay::Path* pathAt(const QModelIndex& index) const;
    /// The hop that a row is; none for the row of a path.
    [[nodiscard]] std::optional<overlay::Hop> hopAt(const QModelIndex& index) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void replaceRow(int row, PathRow fresh);
    /// A pinned path stands first whatever it costs.
    [[nodiscard]] bool isCheapest(int row) const;
    [[nodiscard]] QVariant pathText(int row, PathColumn column) const;
    [[nodiscard]] QVariant pathData(int row, PathColumn column, int role) const;
    [[nodiscard]] QVariant hopText(const overlay::Path& path, std::size_t hop, PathColumn column) const;
    [[nodiscard]] QVariant hopData(const overlay::Path& path, std::size_t hop, PathColumn column, int role) const;

    std::vector<PathRow> m_rows;
    NodeNames m_names;
};

} // namespace fb::ui
