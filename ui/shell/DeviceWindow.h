// SPDX-License-Identifier: Apache-2.0
// Everything about one device: how the connection comes about, its terminals, the path they take, and what is wrong
// with it. Bound to the RoMON id it was made for: Reconnect goes to that id, or nowhere.
#pragma once

#include "ui/bridge/NodeNames.h"
#include "ui/shell/DeviceConnection.h"

#include <QMainWindow>

class QAction;
class QLabel;
class QSettings;
class QStackedWidget;

namespace fb::ui {

class Banner;
class ConnectionProgress;
class ElidedLabel;
class TerminalTabs;
class Theme;
class UserPrompts;

class DeviceWindow final : public QMainWindow {
    Q_OBJECT

public:
    /// What windows of devices share; all of it outlives them.
    struct Surroundings {
        ServiceBridge& agent;
        UserPrompts& prompts;
        QSettings& settings;
        Theme& theme;
        SshConnector connector;
    };

    DeviceWindow(Surroundings surroundings, ConnectRequest request, QWidget* parent = nullptr);
    ~DeviceWindow() override;

    void start();
    [[nodiscard]] const DeviceConnection& connection() const { return *m_connection; }
    [[nodiscard]] const ConnectRequest& request() const { return m_request; }

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildWidgets();
    void buildMenus();
    void connectParts();
    void connectConnection();
    void askHostKey(const ssh::HostKeyUnknown& question);
    void warnHostKey(const ssh::HostKeyChanged& change);
    void askPassword(const ssh::PasswordNeeded& question);
    void showReady();
    void showPath(const overlay::Path& path);
    void showMove(const agent::StreamRerouted& move);
    [[nodiscard]] NodeNames names() const;
    void showSilence(Duration silentFor, Duration limit);
    void showEnd(const ErrorText& reason);
    void updateActions();

    Surroundings m_shared;
    ConnectRequest m_request;
    DeviceConnection* m_connection = nullptr;
    overlay::Path m_path; ///< that the session goes along
    QStackedWidget* m_stack;
    Banner* m_banner;
    ConnectionProgress* m_progress;
    TerminalTabs* m_tabs;
    ElidedLabel* m_pathLabel;
    ElidedLabel* m_moveLabel;
    QLabel* m_userLabel;
    QAction* m_newTerminal = nullptr;
    QAction* m_closeTerminal = nullptr;
    QAction* m_reconnect = nullptr;
};

} // namespace fb::ui
