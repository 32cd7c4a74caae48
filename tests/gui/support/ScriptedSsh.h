// SPDX-License-Identifier: Apache-2.0
// A device's SSH server that does what the test says, and prompts that answer as the test has decided beforehand.
#pragma once

#include "ui/bridge/SshConnection.h"
#include "ui/shell/UserPrompts.h"

#include <QList>
#include <QPointer>

#include <map>

namespace fb::test {

class ScriptedSsh final : public ui::SshConnection {
public:
    using SshConnection::SshConnection;

    void answerHostKey(ssh::HostKeyAnswer answer) override { hostKeyAnswer = answer; }
    void answerPassword(Secret password) override { passwords << QString::fromStdString(password.reveal()); }
    ssh::ChannelId openShell(ssh::TerminalSize size) override
    {
        sizes[++lastChannel] = size;
        return lastChannel;
    }
    void resize(ssh::ChannelId channel, ssh::TerminalSize size) override { sizes[channel] = size; }
    void closeChannel(ssh::ChannelId channel) override { closed << channel; }
    void release(ssh::ChannelId, qsizetype sizeBytes) override { released += sizeBytes; }
    Result<void, Error> write(ssh::ChannelId channel, const QByteArray& bytes) override
    {
        written[channel] += bytes;
        return {};
    }
    void cancel() override { isCancelled = true; }

    /// Goes through the stages up to a running shell.
    void letIn()
    {
        Q_EMIT stageReached(ssh::Stage::HostKey);
        Q_EMIT stageReached(ssh::Stage::Authentication);
        Q_EMIT stageReached(ssh::Stage::Ready);
        Q_EMIT channelOpened(lastChannel);
    }

    std::optional<ssh::HostKeyAnswer> hostKeyAnswer;
    QStringList passwords;
    ssh::ChannelId lastChannel = 0;
    std::map<ssh::ChannelId, ssh::TerminalSize> sizes;
    std::map<ssh::ChannelId, QByteArray> written;
    QList<ssh::ChannelId> closed;
    qsizetype released = 0;
    bool isCancelled = false;
};

class ScriptedPrompts final : public ui::UserPrompts {
public:
    void askHostKey(QWidget*, const ui::HostKeyQuestion& question, std::function<void(ui::Consent)> answered) override
    {
        hostKeys << question.fingerprint;
        if (hostKeyAnswer)
            answered(*hostKeyAnswer);
    }
    void askPassword(QWidget*, const ui::PasswordQuestion& question,
                     std::function<void(std::optional<QString>)> answered) override
    {
        whys << question.why;
        if (!passwordAnswers.isEmpty())
            answered(passwordAnswers.takeFirst());
    }
    void confirm(QWidget*, const QString& title, const QString&, const QString&,
                 std::function<void(ui::Consent)> answered) override
    {
        confirmations << title;
        if (confirmAnswer)
            answered(*confirmAnswer);
    }
    void warnHostKeyChanged(QWidget*, const ui::HostKeyWarning& warning) override { changedKeys << warning.received; }
    void dismissQuestions(QWidget*) override { ++dismissals; }

    std::optional<ui::Consent> hostKeyAnswer;
    std::optional<ui::Consent> confirmAnswer;
    QList<std::optional<QString>> passwordAnswers;
    QStringList hostKeys;
    QStringList confirmations;
    QStringList changedKeys;
    QList<ui::PasswordQuestion::Why> whys;
    int dismissals = 0;
};

} // namespace fb::test
