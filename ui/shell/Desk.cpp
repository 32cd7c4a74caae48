// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/Desk.h"

namespace fb::ui {

Desk::Desk(DeviceWindow::Surroundings surroundings, QObject* parent)
    : QObject(parent), m_shared(std::move(surroundings)), m_connect(m_shared.agent, m_shared.settings, m_shared.theme)
{
    connect(&m_connect, &ConnectWindow::connectRequested, this, &Desk::openDevice);
}

Desk::~Desk()
{
    for (const auto& window : m_devices)
        delete window.data();
}

QList<DeviceWindow*> Desk::deviceWindows() const
{
    QList<DeviceWindow*> open;
    for (const auto& window : m_devices) {
        if (window)
            open << window.data();
    }
    return open;
}

void Desk::openDevice(const ConnectRequest& request)
{
    m_devices.removeIf([](const QPointer<DeviceWindow>& window) { return window.isNull(); });
    auto* window = new DeviceWindow(m_shared, request);
    window->setAttribute(Qt::WA_DeleteOnClose);
    m_devices << window;
    window->show();
    window->start();
}

} // namespace fb::ui
