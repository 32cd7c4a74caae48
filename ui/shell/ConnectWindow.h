// SPDX-License-Identifier: Apache-2.0
// The first window: login, password, the live list of devices, the path to the selected one, and the button that
// connects to it. It decides nothing about connections; it says what the user wants.
#pragma once

#include "ui/bridge/DevicePaths.h"
#include "ui/models/Emptiness.h"
#include "ui/shell/DeviceConnection.h"

#include <QMainWindow>

class QLabel;
class QLineEdit;
class QPushButton;
class QSettings;
class QSplitter;

namespace fb::ui {

class Banner;
class ElidedLabel;
class InterfacesDialog;
class NeighborView;
class Notices;
class PathPane;
class SecretsDialog;
class Theme;

class ConnectWindow final : public QMainWindow {
    Q_OBJECT

public:
    ConnectWindow(ServiceBridge& agent, QSettings& settings, Theme& theme, QWidget* parent = nullptr);
    ~ConnectWindow() override;

    void setUser(const QString& user);
    /// Connects to the device of this id or identity as soon as it is in the list.
    void connectWhenHeard(const QString& node);

    [[nodiscard]] NeighborView& neighbors() const { return *m_neighbors; }
    [[nodiscard]] PathPane& pathPane() const { return *m_path; }

Q_SIGNALS:
    void connectRequested(const fb::ui::ConnectRequest& request);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildWidgets();
    QWidget* buildLoginBar();
    void buildStatusBar();
    void buildMenus();
    void connectParts();
    void restore();
    void applySnapshot(const SnapshotPointer& snapshot);
    void showStatus();
    void showSelection();
    void showWays();
    [[nodiscard]] QString titleOf(const romon::RomonId& device) const;
    void connectTo(const romon::RomonId& device);
    void tryWaitingNode();
    void chooseInterfaces();
    void showAbout();

    ServiceBridge& m_agent;
    DevicePaths m_ways{m_agent};
    QSettings& m_settings;
    Theme& m_theme;
    NeighborView* m_neighbors;
    PathPane* m_path;
    QSplitter* m_splitter;
    Notices* m_notices;
    Banner* m_banner;
    InterfacesDialog* m_interfaces;
    SecretsDialog* m_secrets;
    ElidedLabel* m_target;
    QLineEdit* m_user;
    QLineEdit* m_password;
    QPushButton* m_connect;
    QPushButton* m_chooseInterfaces;
    QLabel* m_self;
    QLabel* m_rounds;
    QLabel* m_counts;
    QLabel* m_place;
    QString m_waitedFor;
};

} // namespace fb::ui
