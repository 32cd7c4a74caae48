// SPDX-License-Identifier: Apache-2.0
// Who is sent snapshots of the map, and when: at most ten a second each, fewer for large maps, none while nothing has
// changed, and once a second when only ages have. One snapshot is taken for all and shared.
#pragma once

#include "core/agent/EventSink.h"
#include "core/agent/WatchCount.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace fb::agent {

class SnapshotWatchers {
public:
    using Snapshot = std::shared_ptr<const overlay::Snapshot>;
    using Take = std::function<Snapshot()>;

    static constexpr std::size_t kWatchersMax = 256;
    static constexpr Duration kIntervalMin = std::chrono::milliseconds(100);
    static constexpr Duration kAgesInterval = std::chrono::seconds(1);
    /// Each node adds so much to the interval: copying ten thousand of them ten times a second would be all we do.
    static constexpr Duration kIntervalPerNode = std::chrono::microseconds(100);

    /// False if there are too many.
    [[nodiscard]] bool add(RequestKey key, WatchCount::Hold hold);
    bool cancel(RequestKey key) { return m_watchers.erase(key) != 0; }
    void removeClient(ClientId client);
    [[nodiscard]] bool empty() const { return m_watchers.empty(); }
    [[nodiscard]] std::size_t size() const { return m_watchers.size(); }

    /// Something that a viewer would want to see has changed.
    void changed();
    /// Publishes to those whose time has come; takes a snapshot only if there are any.
    void advance(const Take& take, Clients& clients, Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    struct Watcher {
        WatchCount::Hold hold;
        bool isDirty = true;
    };

    [[nodiscard]] bool anyDirty() const;
    void publish(const Snapshot& snapshot, Clients& clients);

    std::map<RequestKey, Watcher> m_watchers;
    Snapshot m_last;
    Instant m_earliest{}; ///< no snapshot before
    Instant m_agesDue{};  ///< when ages alone are worth one
};

} // namespace fb::agent
