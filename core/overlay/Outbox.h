// SPDX-License-Identifier: Apache-2.0
// What a node has to say and nobody has taken yet: frames and events, both bounded, refusals counted.
#pragma once

#include "core/base/BoundedQueue.h"
#include "core/overlay/Counters.h"
#include "core/overlay/Engine.h"
#include "core/overlay/Ports.h"

#include <optional>

namespace fb::overlay {

class Outbox {
public:
    Outbox(const Limits& limits, Counters& counters);

    /// Puts an Ethernet header before the packet and queues it. Dropped and counted if the port is not Up, the packet
    /// is larger than the port's L2 MTU, or the queue is full.
    void send(Port& port, const MacAddress& destination, Bytes packet, Transmit::Class trafficClass);

    void publish(Event event);
    /// Many changes are one MapChanged, after all other events.
    void publishMapChanged() { m_mapChange = MapChange::Waiting; }

    [[nodiscard]] std::optional<Transmit> nextTransmit() { return m_transmits.pop(); }
    [[nodiscard]] std::optional<Event> nextEvent();

private:
    Counters& m_counters;
    BoundedQueue<Transmit> m_transmits;
    BoundedQueue<Event> m_events;
    enum class MapChange { None, Waiting } m_mapChange = MapChange::None;
};

} // namespace fb::overlay
