// SPDX-License-Identifier: Apache-2.0
// One SSH connection as the windows see it: calls never wait, answers are signals. An interface, so that tests can put
// a scripted device in its place.
#pragma once

#include "core/ssh/Event.h"
#include "core/ssh/Session.h"

#include <QByteArray>
#include <QObject>

#include <functional>
#include <optional>

namespace fb::ui {

class SshConnection : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual void answerHostKey(ssh::HostKeyAnswer answer) = 0;
    virtual void answerPassword(Secret password) = 0;

    [[nodiscard]] virtual ssh::ChannelId openShell(ssh::TerminalSize size) = 0;
    virtual void resize(ssh::ChannelId channel, ssh::TerminalSize size) = 0;
    virtual void closeChannel(ssh::ChannelId channel) = 0;
    /// Says that so many bytes of channelData() are on the screen.
    virtual void release(ssh::ChannelId channel, qsizetype sizeBytes) = 0;

    /// All bytes or none. An error says that the far end takes none now: nothing has been sent.
    [[nodiscard]] virtual Result<void, Error> write(ssh::ChannelId channel, const QByteArray& bytes) = 0;

    /// Ends the connection in whatever state it is; ended() follows.
    virtual void cancel() = 0;

Q_SIGNALS:
    void stageReached(fb::ssh::Stage stage);
    void hostKeyUnknown(const fb::ssh::HostKeyUnknown& question);
    void hostKeyChanged(const fb::ssh::HostKeyChanged& change);
    void passwordNeeded(const fb::ssh::PasswordNeeded& question);
    void channelOpened(fb::ssh::ChannelId channel);
    void channelData(fb::ssh::ChannelId channel, const QByteArray& bytes);
    void channelClosed(const fb::ssh::ChannelClosed& closed);
    void ended(const std::optional<fb::Error>& error);
};

/// Makes the connection over the socket of a stream to `device`.
using SshConnector = std::function<SshConnection*(const romon::RomonId& device, FileDescriptor socket,
                                                  const QString& user, const Secret& password, QObject* parent)>;

} // namespace fb::ui
