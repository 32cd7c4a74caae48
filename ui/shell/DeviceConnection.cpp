// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/DeviceConnection.h"

#include <QCoreApplication>
#include <QTimer>

#include <cerrno>

namespace fb::ui {

namespace {

/// How long to wait for the agent's reason after SSH has only seen its socket close.
constexpr std::chrono::milliseconds kReasonDelay(300);

Duration sinceStart(const QElapsedTimer& clock)
{
    return std::chrono::duration_cast<Duration>(std::chrono::nanoseconds(clock.nsecsElapsed()));
}

} // namespace

QString nameOf(ConnectStage stage)
{
    switch (stage) {
    case ConnectStage::FindingPath:
        return QCoreApplication::translate("fb::ui::ConnectStage", "Finding path");
    case ConnectStage::OpeningStream:
        return QCoreApplication::translate("fb::ui::ConnectStage", "Opening stream");
    case ConnectStage::KeyExchange:
        return QCoreApplication::translate("fb::ui::ConnectStage", "Key exchange");
    case ConnectStage::HostKey:
        return QCoreApplication::translate("fb::ui::ConnectStage", "Host key");
    case ConnectStage::Authentication:
        return QCoreApplication::translate("fb::ui::ConnectStage", "Authentication");
    case ConnectStage::Shell:
        return QCoreApplication::translate("fb::ui::ConnectStage", "Shell");
    case ConnectStage::Count:
        break;
    }
    return {};
}

DeviceConnection::DeviceConnection(ServiceBridge& agent, SshConnector connector, ConnectRequest request,
                                   QObject* parent)
    : QObject(parent), m_agent(agent), m_connector(std::move(connector)), m_request(std::move(request))
{
    connectAgent();
}

DeviceConnection::~DeviceConnection()
{
    release();
}

void DeviceConnection::connectAgent()
{
    connect(&m_agent, &ServiceBridge::pathsFound, this, [this](quint64 request, const agent::PathsFound& found) {
        if (request != m_pathRequest || m_state != State::Connecting)
            return;
        m_pathRequest = 0;
        openStream(found.paths);
    });
    connect(&m_agent, &ServiceBridge::streamOpened, this, [this](quint64 request, const overlay::Path& path) {
        if (request != m_streamRequest || m_state != State::Connecting)
            return;
        Q_EMIT pathChosen(path);
        m_ssh = m_connector(m_request.device, m_agent.takeSocket(), m_request.user, m_request.password, this);
        connectSsh();
        begin(ConnectStage::KeyExchange);
    });
    connect(&m_agent, &ServiceBridge::streamRerouted, this, [this](quint64 request, const agent::StreamRerouted& move) {
        if (request == m_streamRequest && m_state != State::Ended)
            Q_EMIT rerouted(move);
    });
    connect(&m_agent, &ServiceBridge::streamSilent, this, [this](quint64 request, const agent::StreamSilent& silence) {
        if (request == m_streamRequest && m_state != State::Ended)
            Q_EMIT silenceChanged(silence.silentFor, silence.limit);
    });
    connect(&m_agent, &ServiceBridge::streamEnded, this, [this](quint64 request, const std::optional<Error>& error) {
        if (request != m_streamRequest || m_state == State::Ended)
            return;
        m_streamRequest = 0;
        if (error)
            fail(*error);
        else if (m_sshError)
            fail(*m_sshError);
    });
    connect(&m_agent, &ServiceBridge::commandFailed, this, [this](quint64 request, const Error& error) {
        if (request == 0 || (request != m_pathRequest && request != m_streamRequest))
            return;
        m_pathRequest = 0;
        m_streamRequest = 0;
        fail(error);
    });
    connect(&m_agent, &ServiceBridge::lost, this, [this](const Error& error) {
        if (m_state == State::Connecting || m_state == State::Ready)
            end(errorText(error));
    });
}

void DeviceConnection::connectSsh()
{
    connect(m_ssh, &SshConnection::stageReached, this, [this](ssh::Stage stage) {
        switch (stage) {
        case ssh::Stage::KeyExchange:
            break; // begun when the stream opened
        case ssh::Stage::HostKey:
            begin(ConnectStage::HostKey);
            break;
        case ssh::Stage::Authentication:
            begin(ConnectStage::Authentication);
            break;
        case ssh::Stage::Ready:
            begin(ConnectStage::Shell);
            m_request.password.wipe();
            Q_EMIT authenticated();
            break;
        }
    });
    connect(m_ssh, &SshConnection::hostKeyUnknown, this, &DeviceConnection::hostKeyUnknown);
    connect(m_ssh, &SshConnection::hostKeyChanged, this, &DeviceConnection::hostKeyChanged);
    connect(m_ssh, &SshConnection::passwordNeeded, this, &DeviceConnection::passwordNeeded);
    connect(m_ssh, &SshConnection::channelOpened, this, [this] {
        if (m_state != State::Connecting)
            return;
        m_state = State::Ready;
        const Duration took = sinceStart(m_stageClock);
        m_times[static_cast<std::size_t>(m_stage)] = took;
        Q_EMIT stageFinished(m_stage, took);
        Q_EMIT ready();
    });
    connect(m_ssh, &SshConnection::channelClosed, this, [this](const ssh::ChannelClosed& closed) {
        if (closed.error && m_state == State::Connecting)
            fail(*closed.error);
    });
    connect(m_ssh, &SshConnection::ended, this, &DeviceConnection::sshEnded);
}

void DeviceConnection::start()
{
    if (m_state != State::New)
        return;
    m_state = State::Connecting;
    begin(ConnectStage::FindingPath);
    m_pathRequest = m_agent.submit(agent::FindPaths{.target = m_request.device, .count = 1});
    if (m_pathRequest == 0)
        fail({ErrorCode::AgentUnavailable, {}, 0});
}

void DeviceConnection::cancel()
{
    if (m_state == State::Connecting || m_state == State::Ready)
        end(errorText({ErrorCode::Cancelled, {}, 0}));
}

std::optional<Duration> DeviceConnection::timeOf(ConnectStage stage) const
{
    if (stage == m_stage && m_state == State::Connecting)
        return sinceStart(m_stageClock);
    return m_times[static_cast<std::size_t>(stage)];
}

void DeviceConnection::answerHostKey(ssh::HostKeyAnswer answer)
{
    if (m_ssh)
        m_ssh->answerHostKey(answer);
    if (answer == ssh::HostKeyAnswer::Reject)
        cancel();
}

void DeviceConnection::answerPassword(Secret password)
{
    if (m_ssh)
        m_ssh->answerPassword(std::move(password));
}

void DeviceConnection::begin(ConnectStage stage)
{
    if (m_state != State::Connecting)
        return;
    if (m_stageClock.isValid()) {
        const Duration took = sinceStart(m_stageClock);
        m_times[static_cast<std::size_t>(m_stage)] = took;
        Q_EMIT stageFinished(m_stage, took);
    }
    m_stage = stage;
    m_stageClock.start();
    Q_EMIT stageStarted(stage);
}

void DeviceConnection::openStream(const std::vector<overlay::Path>& paths)
{
    if (paths.empty()) {
        fail({ErrorCode::NoPath, {}, 0});
        return;
    }
    Q_EMIT pathChosen(paths.front());
    begin(ConnectStage::OpeningStream);
    m_streamRequest = m_agent.submit(agent::OpenStream{.target = m_request.device});
}

void DeviceConnection::sshEnded(const std::optional<Error>& error)
{
    if (m_state == State::Ended)
        return;
    if (!error) {
        end({tr("%1 has closed the session.").arg(m_request.deviceName), {}});
        return;
    }
    const bool onlySawTheSocket = error->code == ErrorCode::ConnectionReset || error->code == ErrorCode::SystemError;
    if (!onlySawTheSocket) {
        fail(*error);
        return;
    }
    m_sshError = error;
    QTimer::singleShot(kReasonDelay, this, [this] {
        if (m_state != State::Ended)
            fail(*m_sshError);
    });
}

void DeviceConnection::fail(const Error& error)
{
    if (m_state != State::Ended)
        end(errorText(error, m_request.deviceName));
}

void DeviceConnection::end(const ErrorText& reason)
{
    if (m_stageClock.isValid() && m_state == State::Connecting)
        m_times[static_cast<std::size_t>(m_stage)] = sinceStart(m_stageClock);
    m_state = State::Ended;
    release();
    Q_EMIT ended(reason);
}

void DeviceConnection::release()
{
    m_request.password.wipe();
    if (m_ssh) {
        // May be the one whose signal we are in: silenced now, gone later.
        m_ssh->disconnect(this);
        m_ssh->cancel();
        m_ssh->deleteLater();
        m_ssh = nullptr;
    }
    for (quint64* request : {&m_pathRequest, &m_streamRequest}) {
        if (*request != 0 && m_agent.isOpen())
            m_agent.submit(agent::Cancel{.request = *request});
        *request = 0;
    }
}

} // namespace fb::ui
