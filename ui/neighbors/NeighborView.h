// SPDX-License-Identifier: Apache-2.0
// The list of devices with its filter line, for the keyboard first: what is typed anywhere filters, Escape clears,
// Enter connects, the arrows move. Holds the models; told of snapshots, it tells what the user picks.
#pragma once

#include "ui/models/Emptiness.h"
#include "ui/models/NeighborFilterModel.h"
#include "ui/models/NeighborModel.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QLineEdit;
class QStackedWidget;
class QTableView;

namespace fb::ui {

class EmptyState;

class NeighborView final : public QWidget {
    Q_OBJECT

public:
    explicit NeighborView(QWidget* parent = nullptr);

    void apply(const SnapshotPointer& snapshot);
    /// Shows why there is nothing to see; the list comes back with the next snapshot.
    void showAgentLost(const QString& reason);

    [[nodiscard]] const NeighborModel& model() const { return m_model; }
    [[nodiscard]] std::optional<romon::RomonId> selected() const;
    void select(const romon::RomonId& id);
    [[nodiscard]] Emptiness emptiness() const { return m_emptiness; }

    /// What is typed into `widget` and is text goes into the filter.
    void takeTypingOf(QWidget* widget);

    /// Widths, order and sorting of the columns.
    [[nodiscard]] QByteArray headerState() const;
    void restoreHeader(const QByteArray& state);

    void focusFilter();

Q_SIGNALS:
    /// Another device is selected, or none.
    void selectionChanged();
    /// The user wants to connect to it.
    void activated(const fb::romon::RomonId& id);
    void remedyChosen(fb::ui::Emptiness reason);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void connectParts();
    void applyFilter();
    void updateEmptiness();
    void activateCurrent();
    void showMenu(const QPoint& position);
    void moveToTable();
    bool handleFilterKey(int key);
    bool handleListKey(const QKeyEvent& key);

    NeighborModel m_model;
    NeighborFilterModel m_filtered{m_model};
    SnapshotPointer m_snapshot;
    bool m_agentAnswers = true;
    QString m_agentProblem;
    Emptiness m_emptiness = Emptiness::None;
    QTimer m_filterDelay;
    QLineEdit* m_filter;
    QLabel* m_count;
    QStackedWidget* m_stack;
    QTableView* m_table;
    EmptyState* m_empty;
};

} // namespace fb::ui
