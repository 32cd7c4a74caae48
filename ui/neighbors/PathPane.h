// SPDX-License-Identifier: Apache-2.0
// The ways to the selected device: each path with its cost, each hop with its node, ports and cost.
#pragma once

#include "ui/models/PathModel.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace fb::ui {

class PathPane final : public QWidget {
    Q_OBJECT

public:
    explicit PathPane(QWidget* parent = nullptr);

    /// Nothing is selected.
    void showNothing();
    /// The ways to `device`, best first; none: it cannot be reached now.
    void showPaths(const QString& device, const std::vector<overlay::Path>& paths, const NodeNames& names);

    [[nodiscard]] QTreeView* view() const { return m_tree; }
    [[nodiscard]] const PathModel& model() const { return m_model; }

private:
    void showText(const QString& text);

    PathModel m_model;
    QString m_device;
    QLabel* m_title;
    QStackedWidget* m_stack;
    QLabel* m_text;
    QTreeView* m_tree;
};

} // namespace fb::ui
