// SPDX-License-Identifier: Apache-2.0
// A running node: the stack of engines, the ports, the streams' relays, the services it offers and the commands of its
// clients, driven by one loop on one thread. Everything that waits, waits here.
#pragma once

#include "core/agent/EventSink.h"
#include "core/agent/HeldCommands.h"
#include "core/agent/PingRequests.h"
#include "core/agent/Ports.h"
#include "core/agent/SecretKeeper.h"
#include "core/agent/ServiceHost.h"
#include "core/agent/SnapshotWatchers.h"
#include "core/agent/StreamRequests.h"

#include <functional>

namespace fb::agent {

struct AgentConfig {
    romon::RomonId id{};
    std::string identity{};
    overlay::Role role = overlay::Role::Leaf;
    std::vector<PortRule> ports{};
    ServiceTable services{};
    SecretLists secrets{};
    std::string secretsFile{};                         ///< where changes are kept; empty: nowhere
    Duration silenceLimit = std::chrono::seconds(120); ///< a stream ends when its peer was silent so long
};

class Agent {
public:
    /// Commands that a client may have going at the same time, all kinds together.
    static constexpr std::size_t kHeldMax = 1024;
    /// Another node with our id is worth an alarm so often.
    static constexpr Duration kAlarmInterval = std::chrono::seconds(10);

    /// And shows in the snapshots so long after it was heard last.
    static constexpr Duration kAlarmShownFor = std::chrono::minutes(5);

    static constexpr Duration kShutDownMax = std::chrono::milliseconds(1500);

    /// All of these must outlive the agent.
    struct Surroundings {
        link::LinkFactory& links;
        link::InterfaceMonitor& monitor;
        RandomSource& random;
        LogSink log;
    };

    Agent(AgentConfig config, Surroundings surroundings);
    ~Agent();
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

    /// For whoever else has descriptors to watch on this thread.
    [[nodiscard]] Loop& loop() { return m_loop; }
    [[nodiscard]] const LogSink& log() const { return m_log; }
    [[nodiscard]] romon::RomonId id() const { return m_id; }

    [[nodiscard]] ClientId addClient(EventSink& sink) { return m_clients.add(sink); }
    /// Cancels what the client has going, and tells it nothing.
    void removeClient(ClientId client);
    void submit(ClientId client, RequestId request, Command command);

    /// Counters that others on this thread want to see in the snapshots.
    using CounterSource = std::function<std::vector<overlay::NamedCounter>()>;
    void addCounters(CounterSource source) { m_counterSources.push_back(std::move(source)); }

    /// The same for tables that others on this thread hold.
    using TableSource = std::function<TableFill()>;
    void addTable(TableSource source) { m_tableSources.push_back(std::move(source)); }

    /// New port rules from the configuration.
    void replacePortRules(std::vector<PortRule> rules);
    /// What the file of secrets says now.
    void replaceSecrets(SecretLists lists);

    /// Waits until something happens or `until`, and deals with it.
    void turn(std::optional<Instant> until);
    /// Resets every stream so that peers know at once and ends every service; waits for those at most kShutDownMax.
    void shutDown();

private:
    struct Start;
    struct Handle;

    void submitNow(RequestKey key, Command command, Instant now);
    void startOrHold(RequestKey key, Command command, romon::RomonId target, Instant now);
    void start(RequestKey key, const Command& command, Instant now);
    void startHeld(Instant now);
    void cancel(RequestKey key, Instant now);
    void changeSecrets(RequestKey key, const ChangeSecrets& command, Instant now);
    void confirmSecrets(RequestKey key, const ConfirmSecrets& command, Instant now);
    void publishSecrets(RequestKey key, bool hasChanged, Instant now);
    void setPort(RequestKey key, const SetPort& command, Instant now);
    void advance(Instant now);
    void settle(Instant now);
    void drain(Instant now);
    void handle(const StackEvent& event, Instant now);
    void connectRequested(const stream::ConnectRequested& request, Instant now);
    void peerProven(const stream::ConnectRequested& request, Instant now);
    void streamEnded(const stream::Ended& end, Instant now);
    void duplicateIdSeen(const overlay::DuplicateIdSeen& seen, Instant now);
    void everySecond(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    [[nodiscard]] SnapshotWatchers::Snapshot takeSnapshot(Instant now) const;
    [[nodiscard]] Statistics takeStatistics(Instant now) const;
    [[nodiscard]] std::vector<TableFill> tables(const overlay::Snapshot& snapshot) const;

    romon::RomonId m_id;
    LogSink m_log;
    Loop m_loop;
    Stack m_stack;
    Ports m_ports;
    SecretKeeper m_secrets;
    Clients m_clients;
    WatchCount m_watchCount;
    Relays m_relays;
    ServiceHost m_services;
    HeldCommands m_held;
    SnapshotWatchers m_watchers;
    PingRequests m_pings;
    StreamRequests m_streams;
    std::vector<CounterSource> m_counterSources;
    std::vector<TableSource> m_tableSources;
    Instant m_startedAt;
    struct Duplicate {
        MacAddress mac;
        std::string interface;
        Instant at;
    };
    std::optional<Duplicate> m_duplicate; ///< who used our id last
    std::optional<Instant> m_secondAt;    ///< next round of what happens once a second while there are streams
    Instant m_nextAlarm{};
    bool m_isShuttingDown = false;
};

} // namespace fb::agent
