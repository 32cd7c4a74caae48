// SPDX-License-Identifier: Apache-2.0
// The windows of one run of the program: the connect window, and one window for each device connected to from it.
#pragma once

#include "ui/shell/ConnectWindow.h"
#include "ui/shell/DeviceWindow.h"

#include <QList>
#include <QPointer>

namespace fb::ui {

class Desk final : public QObject {
    Q_OBJECT

public:
    explicit Desk(DeviceWindow::Surroundings surroundings, QObject* parent = nullptr);
    ~Desk() override;

    void show() { m_connect.show(); }
    [[nodiscard]] ConnectWindow& connectWindow() { return m_connect; }
    [[nodiscard]] QList<DeviceWindow*> deviceWindows() const;

private:
    void openDevice(const ConnectRequest& request);

    DeviceWindow::Surroundings m_shared;
    ConnectWindow m_connect;
    QList<QPointer<DeviceWindow>> m_devices;
};

} // namespace fb::ui
