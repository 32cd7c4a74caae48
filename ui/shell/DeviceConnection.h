// SPDX-License-Identifier: Apache-2.0
// The way from a click to a shell: path, stream, SSH, in named stages with their times. Bound to one RoMON id for its
// whole life; when it has ended it takes nothing and sends nothing, a new one must be made. No widget.
#pragma once

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/ServiceBridge.h"
#include "ui/bridge/SshConnection.h"

#include <QElapsedTimer>
#include <QObject>

#include <array>
#include <optional>

namespace fb::ui {

enum class ConnectStage { FindingPath, OpeningStream, KeyExchange, HostKey, Authentication, Shell, Count };

/// "Finding path", translated.
[[nodiscard]] QString nameOf(ConnectStage stage);

/// Whom to connect to, and as whom.
struct ConnectRequest {
    romon::RomonId device;
    QString deviceName; ///< for the eyes only
    QString user;
    Secret password; ///< empty: ask when the device asks
};

class DeviceConnection final : public QObject {
    Q_OBJECT

public:
    enum class State { New, Connecting, Ready, Ended };

    DeviceConnection(ServiceBridge& agent, SshConnector connector, ConnectRequest request, QObject* parent = nullptr);
    ~DeviceConnection() override;

    void start();
    /// Ends it at once, whatever it is doing.
    void cancel();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const ConnectRequest& request() const { return m_request; }
    /// How long a stage took, or has taken so far; none before it begins.
    [[nodiscard]] std::optional<Duration> timeOf(ConnectStage stage) const;
    /// The stage that is under way, or that it ended in.
    [[nodiscard]] ConnectStage stage() const { return m_stage; }

    /// Null before the stream is open and after the end. Channels beyond the first shell are asked of it directly.
    [[nodiscard]] SshConnection* ssh() const { return m_ssh; }
    void answerHostKey(ssh::HostKeyAnswer answer);
    void answerPassword(Secret password);

Q_SIGNALS:
    void stageStarted(fb::ui::ConnectStage stage);
    void stageFinished(fb::ui::ConnectStage stage, fb::Duration took);
    void hostKeyUnknown(const fb::ssh::HostKeyUnknown& question);
    void hostKeyChanged(const fb::ssh::HostKeyChanged& change);
    void passwordNeeded(const fb::ssh::PasswordNeeded& question);
    /// Channels can be opened from now on; the Shell stage ends when the first one runs.
    void authenticated();
    void ready();
    /// Where it goes at first.
    void pathChosen(const fb::overlay::Path& path);
    void rerouted(const fb::agent::StreamRerouted& move);
    /// Zero: it is heard again.
    void silenceChanged(fb::Duration silentFor, fb::Duration limit);
    void ended(const fb::ui::ErrorText& reason);

private:
    void connectAgent();
    void connectSsh();
    void begin(ConnectStage stage);
    void openStream(const std::vector<overlay::Path>& paths);
    void sshEnded(const std::optional<Error>& error);
    void fail(const Error& error);
    void end(const ErrorText& reason);
    void release();

    ServiceBridge& m_agent;
    SshConnector m_connector;
    ConnectRequest m_request;
    State m_state = State::New;
    ConnectStage m_stage = ConnectStage::FindingPath;
    QElapsedTimer m_stageClock;
    std::array<std::optional<Duration>, static_cast<std::size_t>(ConnectStage::Count)> m_times;
    quint64 m_pathRequest = 0;
    quint64 m_streamRequest = 0;
    SshConnection* m_ssh = nullptr;
    std::optional<Error> m_sshError; ///< held back: the stream may know better why
};

} // namespace fb::ui
