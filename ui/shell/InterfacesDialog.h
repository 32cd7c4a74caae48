// SPDX-License-Identifier: Apache-2.0
// Which interfaces take part in the overlay. Nothing is sent on one until its box is ticked here; what was ticked is
// remembered for an agent inside this program, while an agent behind a socket keeps its own configuration.
#pragma once

#include "ui/bridge/ServiceBridge.h"
#include "ui/models/InterfaceModel.h"

#include <QDialog>
#include <QTimer>

class QLabel;
class QSettings;
class QTableView;

namespace fb::ui {

class InterfacesDialog final : public QDialog {
    Q_OBJECT

public:
    InterfacesDialog(ServiceBridge& agent, QSettings& settings, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void build();
    void connectParts();
    void request(const agent::SetPort& command);
    void rememberedPortsWanted(const std::vector<agent::InterfaceState>& interfaces);

    ServiceBridge& m_agent;
    QSettings& m_settings;
    InterfaceModel m_model;
    QTimer m_refresh;
    bool m_remembersPending = true; ///< the remembered interfaces have not been asked for since the agent opened
    quint64 m_request = 0;
    QTableView* m_table;
    QLabel* m_problem;
};

} // namespace fb::ui
