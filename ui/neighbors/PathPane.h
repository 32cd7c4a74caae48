// SPDX-License-Identifier: Apache-2.0
// The ways to the selected device: each path with its cost, state, round trip and loss, each hop with its node, ports
// and cost; below, what is pinned and avoided, and the buttons for it.
#pragma once

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/PathWish.h"
#include "ui/models/PathModel.h"

#include <QWidget>

class QLabel;
class QStackedWidget;
class QTreeView;

namespace fb::ui {

class Banner;
class ElidedLabel;
class PathActions;

class PathPane final : public QWidget {
    Q_OBJECT

public:
    explicit PathPane(QWidget* parent = nullptr);

    /// Nothing is selected.
    void showNothing();
    /// The ways to `device`; no paths: it cannot be reached now.
    void showWays(const QString& device, const DeviceWays& ways, const NodeNames& names);
    /// The agent did not do what was wished. Stays until it is dismissed, or something else is wished.
    void showRefusal(const ErrorText& text);

    [[nodiscard]] QTreeView* view() const { return m_tree; }
    [[nodiscard]] const PathModel& model() const { return m_model; }

Q_SIGNALS:
    void wished(const fb::ui::PathWish& wish);

private:
    void buildTree();
    void connectParts();
    void showText(const QString& text);
    void showTitle(const DeviceWays& ways);
    void selectAgain(const std::vector<overlay::PortName>& ports, int hop);
    void showSelection();

    PathModel m_model;
    QString m_device;
    romon::RomonId m_id;
    NodeNames m_names;
    QLabel* m_title;
    QStackedWidget* m_stack;
    QLabel* m_text;
    QTreeView* m_tree;
    ElidedLabel* m_rules;
    Banner* m_refusal;
    PathActions* m_actions;
};

} // namespace fb::ui
