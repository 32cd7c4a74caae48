// SPDX-License-Identifier: Apache-2.0
// The stages of a connection on their way to the shell, each with its sign and its time, and a Cancel that acts at
// once. After a failure it says what, where and what to do.
#pragma once

#include "ui/shell/DeviceConnection.h"

#include <QTimer>
#include <QWidget>

#include <array>

class QLabel;
class QPushButton;

namespace fb::ui {

class ConnectionProgress final : public QWidget {
    Q_OBJECT

public:
    explicit ConnectionProgress(QWidget* parent = nullptr);

    /// Shows this connection from now on; it must outlive the next follow().
    void follow(const DeviceConnection& connection);
    /// The connection is over before it was ready.
    void showFailure(const ErrorText& reason);

Q_SIGNALS:
    void cancelRequested();
    void retryRequested();

private:
    struct Row {
        QLabel* sign;
        QLabel* name;
        QLabel* time;
    };
    enum class Look { Pending, Running, Done, Failed };

    void build();
    void show(ConnectStage stage, Look look);
    void showTimes();

    const DeviceConnection* m_connection = nullptr;
    QTimer m_clock;
    std::array<Row, static_cast<std::size_t>(ConnectStage::Count)> m_rows{};
    QLabel* m_title;
    QLabel* m_advice;
    QPushButton* m_cancel;
    QPushButton* m_retry;
};

} // namespace fb::ui
