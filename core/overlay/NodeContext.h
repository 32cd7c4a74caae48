// SPDX-License-Identifier: Apache-2.0
// What every part of one node shares, and what a part is told of a packet that was heard.
#pragma once

#include "core/base/RateLimit.h"
#include "core/overlay/Counters.h"
#include "core/overlay/Engine.h"
#include "core/overlay/Outbox.h"
#include "core/overlay/Ports.h"

#include <optional>

namespace fb::overlay {

struct NodeContext {
    NodeContext(Config given, RandomSource& source, Instant now);
    NodeContext(const NodeContext&) = delete;
    NodeContext& operator=(const NodeContext&) = delete;

    Config config;
    RandomSource& random;
    Instant startedAt;
    Counters counters;
    Ports ports;
    Outbox outbox;
    RateLimit duplicateIdAlarms;
    std::optional<Instant> duplicateIdAt; ///< somebody used our id, the last time

    /// A random duration in [0, bound).
    [[nodiscard]] Duration randomBelow(Duration bound)
    {
        return Duration(random.below(static_cast<std::uint32_t>(bound.count())));
    }
};

/// A packet that passed the Ethernet checks: who sent it, on which port it came, its bytes with any padding.
struct Heard {
    Port& port;
    MacAddress from;
    MacAddress to;
    Bytes packet;
    Instant now;

    /// Counts a reason why the packet goes no further.
    void drop(NodeContext& context, Counter reason) const
    {
        context.counters.add(reason);
        ++port.counters.framesDropped;
    }
    void drop(NodeContext& context, romon::WireError reason) const
    {
        context.counters.add(reason);
        ++port.counters.framesDropped;
    }
};

/// Somebody uses our id: counted each time, an event now and then.
void reportDuplicateId(NodeContext& context, const Heard& heard);

/// This program's version in RoMON's form.
[[nodiscard]] romon::Version ownVersion();

} // namespace fb::overlay
