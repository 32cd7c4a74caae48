// SPDX-License-Identifier: Apache-2.0
// The terminals of one device, one tab each, all over the same SSH connection. Knows which channel belongs to which
// view; when the connection is gone the views stay readable and take no input.
#pragma once

#include "core/ssh/Session.h"

#include <QTabWidget>

#include <optional>
#include <vector>

namespace fb::ui {

class SshConnection;
class TerminalView;

class TerminalTabs final : public QTabWidget {
    Q_OBJECT

public:
    explicit TerminalTabs(QWidget* parent = nullptr);

    /// Takes a new connection; terminals of an earlier one are closed.
    void attach(SshConnection& connection);
    /// The connection is gone: no input any more. `reason` is shown over each terminal.
    void detach(const QString& reason);

    /// Does nothing without a connection.
    void openTerminal();
    void closeCurrent();
    [[nodiscard]] TerminalView* currentTerminal() const;

Q_SIGNALS:
    /// The last shell has ended by itself.
    void lastShellEnded();
    void pasteNeedsConfirmation(fb::ui::TerminalView* view, const QString& text, int lines);

private:
    struct Tab {
        TerminalView* view = nullptr;
        ssh::ChannelId channel = 0;
    };

    void addCloseButton(TerminalView& view);
    void connectView(TerminalView& view);
    void closeTab(int index);
    void shellEnded(const Tab& tab, const std::optional<Error>& error);
    [[nodiscard]] Tab* tabOf(ssh::ChannelId channel);
    [[nodiscard]] Tab* tabOf(const QWidget* view);

    SshConnection* m_connection = nullptr;
    std::vector<Tab> m_tabs;
    int m_lastNumber = 0;
};

} // namespace fb::ui
