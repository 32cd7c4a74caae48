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
    /// What a turn of a busy node has under way at once.
    static constexpr std::size_t kSpareFramesMax = 128;
    /// Larger ones are rare: their memory goes back to the system.
    static constexpr std::size_t kSpareFrameBytesMax = 2048;

    Outbox(const Limits& limits, Counters& counters);

    /// A frame with nothing but its Ethernet header; the caller appends the packet and hands it to send().
    [[nodiscard]] ByteVector startFrame(const Port& port, const MacAddress& destination);
    /// Queues a frame. Dropped and counted if the port is not Up, the packet in it is larger than the port's L2 MTU, or
    /// the queue is full.
    void send(Port& port, ByteVector frame, Transmit::Class trafficClass);
    /// The same for a packet that is ready.
    void send(Port& port, const MacAddress& destination, Bytes packet, Transmit::Class trafficClass);
    /// Takes back a frame that was sent, so that the next one needs no memory of its own.
    void recycle(ByteVector frame);

    void publish(Event event);
    /// Many changes are one MapChanged, after all other events.
    void publishMapChanged() { m_mapChange = MapChange::Waiting; }

    [[nodiscard]] std::optional<Transmit> nextTransmit() { return m_transmits.pop(); }
    [[nodiscard]] std::optional<Event> nextEvent();

private:
    Counters& m_counters;
    BoundedQueue<Transmit> m_transmits;
    BoundedQueue<Event> m_events;
    std::vector<ByteVector> m_spareFrames;
    enum class MapChange { None, Waiting } m_mapChange = MapChange::None;
};

} // namespace fb::overlay
