// SPDX-License-Identifier: Apache-2.0
// An ssh::Session's events as signals on the GUI thread. Owns the session; destroying it ends the connection.
#pragma once

#include "ui/bridge/SshConnection.h"

class QSocketNotifier;

namespace fb::ui {

class SshBridge final : public SshConnection {
    Q_OBJECT

public:
    SshBridge(romon::RomonId device, FileDescriptor socket, ssh::Login login, ssh::KnownHosts knownHosts,
              QObject* parent = nullptr);

    void answerHostKey(ssh::HostKeyAnswer answer) override { m_session.answerHostKey(answer); }
    void answerPassword(Secret password) override { m_session.answerPassword(std::move(password)); }
    [[nodiscard]] ssh::ChannelId openShell(ssh::TerminalSize size) override { return m_session.openShell(size); }
    void resize(ssh::ChannelId channel, ssh::TerminalSize size) override { m_session.resize(channel, size); }
    void closeChannel(ssh::ChannelId channel) override { m_session.closeChannel(channel); }
    void release(ssh::ChannelId channel, qsizetype sizeBytes) override;
    [[nodiscard]] Result<void, Error> write(ssh::ChannelId channel, const QByteArray& bytes) override;
    void cancel() override { m_session.cancel(); }

private:
    void drain();
    void dispatch(const ssh::Event& event);

    ssh::Session m_session;
    QSocketNotifier* m_notifier;
};

} // namespace fb::ui
