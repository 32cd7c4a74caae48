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

    Outbox(const Limits& limits, Counters& counters, RandomSource& random, Instant now);

    /// Of the input that is being worked on: frames sent from here on are numbered by it.
    void noteTime(Instant now) { m_now = now; }

    /// A frame with nothing but its Ethernet header; the caller appends the packet and hands it to send().
    [[nodiscard]] ByteVector startFrame(const Port& port, const MacAddress& destination);
    /// Signs a frame as the port's secrets say, and queues it. Dropped and counted if the port is not Up, the packet in
    /// it is larger than the port's L2 MTU, or the queue is full.
    void send(Port& port, ByteVector frame, Transmit::Class trafficClass);
    /// The same, signed with this key whatever the port would sign with.
    void sendSigned(Port& port, ByteVector frame, const SecretKey& key);
    /// The same as send() for a packet that is ready.
    void send(Port& port, const MacAddress& destination, Bytes packet, Transmit::Class trafficClass);
    /// Takes back a frame that was sent, so that the next one needs no memory of its own.
    void recycle(ByteVector frame);

    /// Dropped and counted if too many wait to be drained.
    void publish(Event event);
    /// The end of an echo: somebody waits for it, so it is not dropped. Echo sees to it that they are not too many.
    void publishEchoEnd(Event event);
    [[nodiscard]] std::size_t echoEnds() const { return m_echoEnds.size(); }
    /// Many changes are one MapChanged, after all other events.
    void publishMapChanged() { m_mapChange = MapChange::Waiting; }

    [[nodiscard]] std::optional<Transmit> nextTransmit() { return m_transmits.pop(); }
    [[nodiscard]] std::optional<Event> nextEvent();

private:
    void queue(Port& port, ByteVector frame, Transmit::Class trafficClass, const SecretKey* key);

    Counters& m_counters;
    RandomSource& m_random;
    Instant m_now;
    BoundedQueue<Transmit> m_transmits;
    BoundedQueue<Event> m_events;
    BoundedQueue<Event> m_echoEnds;
    std::vector<ByteVector> m_spareFrames;
    enum class MapChange { None, Waiting } m_mapChange = MapChange::None;
};

} // namespace fb::overlay
