// SPDX-License-Identifier: Apache-2.0
// The agent as seen from the GUI thread: commands go in, events come out as signals. Owns the Service. Snapshots are
// coalesced: whatever the agent sends, at most ten a second reach the widgets, and the last one always does.
#pragma once

#include "core/agent/Service.h"
#include "core/base/Result.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

class QSocketNotifier;

namespace fb::ui {

using SnapshotPointer = std::shared_ptr<const overlay::Snapshot>;

/// Where the agent runs: in this process, then it is ours to configure; or behind a socket, then it has an
/// administrator of its own.
enum class AgentPlace { InProcess, Socket };

struct OpenedService {
    std::unique_ptr<agent::Service> service;
    AgentPlace place = AgentPlace::InProcess;
    QString description; ///< for the status bar, such as "agent at /run/footbridge/control"
};

/// Reaches the agent, or says why not. Called on the GUI thread; must not block.
using ServiceOpener = std::function<Result<OpenedService, Error>()>;

class ServiceBridge final : public QObject {
    Q_OBJECT

public:
    explicit ServiceBridge(ServiceOpener opener, QObject* parent = nullptr);
    ~ServiceBridge() override;

    /// Reaches the agent and starts watching the map; opened() or lost() is emitted before it returns.
    void open();

    [[nodiscard]] bool isOpen() const { return m_service != nullptr; }
    [[nodiscard]] AgentPlace place() const { return m_place; }
    [[nodiscard]] QString description() const { return m_description; }
    /// The last one published; null before the first.
    [[nodiscard]] const SnapshotPointer& snapshot() const { return m_published; }

    /// The request's id; 0, and nothing is done, if there is no agent.
    agent::RequestId submit(agent::Command command);

    /// The socket of the streamOpened() being emitted. Whoever does not take it then finds it closed afterwards.
    [[nodiscard]] FileDescriptor takeSocket() { return std::move(m_socket); }

Q_SIGNALS:
    void opened();
    void lost(const fb::Error& error);
    void snapshotChanged(const fb::ui::SnapshotPointer& snapshot);
    void interfacesListed(const std::vector<fb::agent::InterfaceState>& interfaces);
    void pathsFound(quint64 request, const fb::agent::PathsFound& found);
    void streamOpened(quint64 request, const fb::overlay::Path& path);
    void streamRerouted(quint64 request, const fb::agent::StreamRerouted& move);
    void streamSilent(quint64 request, const fb::agent::StreamSilent& silence);
    void streamEnded(quint64 request, const std::optional<fb::Error>& error);
    void sessionsListed(quint64 request, const std::vector<fb::agent::SessionInfo>& sessions);
    void pathPoliciesListed(quint64 request, const std::vector<fb::agent::ScopedPolicy>& policies);
    void secretsListed(quint64 request, const fb::agent::SecretsListed& listed);
    void pingAnswered(quint64 request, const fb::agent::PingResult& result);
    void commandDone(quint64 request);
    void commandFailed(quint64 request, const fb::Error& error);
    void duplicateIdHeard(const fb::agent::DuplicateIdAlarm& alarm);

private:
    void drain();
    void dispatch(agent::Event& event);
    void publish();
    void loseService(const Error& error);

    ServiceOpener m_opener;
    std::unique_ptr<agent::Service> m_service;
    QSocketNotifier* m_notifier = nullptr;
    AgentPlace m_place = AgentPlace::InProcess;
    QString m_description;
    QTimer m_publishTimer;
    SnapshotPointer m_latest;
    SnapshotPointer m_published;
    FileDescriptor m_socket;
};

} // namespace fb::ui
