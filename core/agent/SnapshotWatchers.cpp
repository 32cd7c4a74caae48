// SPDX-License-Identifier: Apache-2.0
#include "core/agent/SnapshotWatchers.h"

#include <algorithm>

namespace fb::agent {

bool SnapshotWatchers::add(RequestKey key, WatchCount::Hold hold)
{
    if (m_watchers.size() >= kWatchersMax)
        return false;
    m_watchers.insert_or_assign(key, Watcher{std::move(hold)});
    m_earliest = Instant{}; // whoever has just come should not look at an empty table
    return true;
}

void SnapshotWatchers::removeClient(ClientId client)
{
    std::erase_if(m_watchers, [client](const auto& entry) { return entry.first.client == client; });
}

void SnapshotWatchers::changed()
{
    for (auto& entry : m_watchers)
        entry.second.isDirty = true;
}

bool SnapshotWatchers::anyDirty() const
{
    return std::ranges::any_of(m_watchers, [](const auto& entry) { return entry.second.isDirty; });
}

void SnapshotWatchers::advance(const Take& take, Clients& clients, Instant now)
{
    if (m_watchers.empty() || now < m_earliest || (!anyDirty() && now < m_agesDue))
        return;
    auto snapshot = take();
    const auto nodes = static_cast<Duration::rep>(snapshot->nodes.size());
    m_earliest = now + std::max(kIntervalMin, nodes * kIntervalPerNode);
    m_agesDue = now + std::max(kAgesInterval, nodes * kIntervalPerNode);
    if (!m_last || *snapshot != *m_last)
        changed();
    m_last = std::move(snapshot);
    publish(m_last, clients);
}

void SnapshotWatchers::publish(const Snapshot& snapshot, Clients& clients)
{
    for (auto& entry : m_watchers) {
        auto& watcher = entry.second;
        // A reader that is behind stays dirty, and gets what is newest when it has caught up.
        if (!watcher.isDirty || !clients.takesSnapshots(entry.first.client))
            continue;
        watcher.isDirty = false;
        clients.publish(entry.first, SnapshotChanged{snapshot});
    }
}

std::optional<Instant> SnapshotWatchers::nextDeadline() const
{
    if (m_watchers.empty())
        return std::nullopt;
    return anyDirty() ? m_earliest : m_agesDue;
}

} // namespace fb::agent
