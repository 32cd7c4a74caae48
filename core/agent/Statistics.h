// SPDX-License-Identifier: Apache-2.0
// Everything an agent counts and holds, at one moment and as plain values: for `footbridgectl stats`, for monitoring.
#pragma once

#include "core/overlay/Snapshot.h"
#include "core/runtime/ProcessUsage.h"
#include "core/stream/Engine.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace fb::agent {

/// How full a table is, and at how many entries it is full.
struct TableFill {
    std::string name; ///< lower case, with '-' between words; stable, part of the JSON schema
    std::uint64_t used = 0;
    std::uint64_t limit = 0;

    friend bool operator==(const TableFill&, const TableFill&) = default;
};

struct Statistics {
    romon::RomonId self;
    std::string identity;
    overlay::Role role = overlay::Role::Leaf;
    std::string version;           ///< of the program
    Duration uptime{};             ///< of the agent
    std::uint64_t roundsAsked = 0; ///< discovery rounds this node has started
    std::uint64_t nodesFresh = 0;  ///< of the nodes on the map
    std::uint64_t nodesStale = 0;
    std::uint64_t nodesLost = 0;
    std::uint64_t servicesRunning = 0; ///< programs behind data ports
    std::vector<TableFill> tables{};   ///< ascending by name
    std::vector<overlay::NamedCounter> counters{};
    std::vector<overlay::PortInfo> ports{};
    std::vector<overlay::UnverifiedSender> unverified{};
    std::optional<overlay::DuplicateId> duplicateId{};
    std::vector<stream::StreamStatus> streams{}; ///< ascending by id
    runtime::ProcessUsage process{};
};

} // namespace fb::agent
