// SPDX-License-Identifier: Apache-2.0
// The neighbor table as the user wants it: only rows that hold every typed word, in the order of the chosen column.
// Rows that are equal there keep the order of their ids, so that the list does not dance.
#pragma once

#include <QSortFilterProxyModel>
#include <QStringList>

namespace fb::ui {

class NeighborModel;

class NeighborFilterModel final : public QSortFilterProxyModel {
    Q_OBJECT

public:
    explicit NeighborFilterModel(NeighborModel& source, QObject* parent = nullptr);

    /// Words separated by spaces; a row must hold all of them, in any column and any case.
    void setFilterText(const QString& text);
    [[nodiscard]] bool isFiltering() const { return !m_words.isEmpty(); }

protected:
    [[nodiscard]] bool filterAcceptsRow(int sourceRow, const QModelIndex& sourceParent) const override;
    [[nodiscard]] bool lessThan(const QModelIndex& left, const QModelIndex& right) const override;

private:
    NeighborModel& m_neighbors;
    QStringList m_words;
};

} // namespace fb::ui
