// SPDX-License-Identifier: Apache-2.0
// The ways to one node as a tree of two levels: a path a top-level row, best first, its hops below it. Changed in
// place: a path that keeps its length keeps its rows, so that what is open stays open.
#pragma once

#include "ui/bridge/NodeNames.h"

#include <QAbstractItemModel>

#include <vector>

namespace fb::ui {

enum class PathColumn { Number, Node, Out, In, Cost, Sum, Count };

class PathModel final : public QAbstractItemModel {
    Q_OBJECT

public:
    using QAbstractItemModel::QAbstractItemModel;

    /// Best first; empty when no path is known.
    void apply(std::vector<overlay::Path> paths, NodeNames names);

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    void replacePath(int row, overlay::Path path);
    [[nodiscard]] QVariant pathText(int row, PathColumn column) const;
    [[nodiscard]] QVariant pathData(int row, PathColumn column, int role) const;
    [[nodiscard]] QVariant hopText(const overlay::Path& path, std::size_t hop, PathColumn column) const;

    std::vector<overlay::Path> m_paths;
    NodeNames m_names;
};

} // namespace fb::ui
