// SPDX-License-Identifier: Apache-2.0
// What the agent tells about itself.
#include "core/agent/Agent.h"

#include <algorithm>

namespace fb::agent {

std::vector<TableFill> Agent::tables(const overlay::Snapshot& snapshot) const
{
    const overlay::Limits limits;
    std::vector<TableFill> tables{
        {"client-streams", m_streams.size(), StreamRequests::kStreamsMax},
        {"commands-waiting", m_held.size(), kHeldMax},
        {"links", snapshot.links.size(), limits.linksMax},
        {"nodes", snapshot.nodes.size(), limits.nodesMax},
        {"pings", m_pings.size(), PingRequests::kRequestsMax},
        {"ports", snapshot.ports.size(), Ports::kPortsMax},
        {"streams", m_stack.streams().status(m_loop.now()).size(), stream::Config{}.streamsMax},
        {"streams-half-open", m_stack.streams().halfOpenStreams(), stream::Config{}.halfOpenMax},
        {"watchers", m_watchers.size(), SnapshotWatchers::kWatchersMax},
    };
    for (const auto& source : m_tableSources)
        tables.push_back(source());
    std::ranges::sort(tables, {}, &TableFill::name);
    return tables;
}

Statistics Agent::takeStatistics(Instant now) const
{
    const auto snapshot = takeSnapshot(now);
    const auto nodes = [&snapshot](overlay::Freshness freshness) {
        return static_cast<std::uint64_t>(
            std::ranges::count(snapshot->nodes, freshness, &overlay::NodeInfo::freshness));
    };
    Statistics statistics;
    statistics.self = snapshot->self;
    statistics.identity = snapshot->identity;
    statistics.role = snapshot->role;
    statistics.version = FB_VERSION;
    statistics.uptime = now - m_startedAt;
    statistics.roundsAsked = snapshot->roundsAsked;
    statistics.nodesFresh = nodes(overlay::Freshness::Fresh);
    statistics.nodesStale = nodes(overlay::Freshness::Stale);
    statistics.nodesLost = nodes(overlay::Freshness::Lost);
    statistics.servicesRunning = m_services.running();
    statistics.tables = tables(*snapshot);
    statistics.counters = snapshot->counters;
    statistics.ports = snapshot->ports;
    statistics.unverified = snapshot->unverified;
    statistics.duplicateId = snapshot->duplicateId;
    statistics.streams = m_stack.streams().status(now);
    statistics.process = runtime::processUsage();
    return statistics;
}

} // namespace fb::agent
