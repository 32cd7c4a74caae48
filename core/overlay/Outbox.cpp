// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Outbox.h"

#include "core/base/Assert.h"
#include "core/wire/Ethernet.h"

#include <utility>

namespace fb::overlay {

Outbox::Outbox(const Limits& limits, Counters& counters, RandomSource& random, Instant now)
    : m_counters(counters),
      m_random(random),
      m_now(now),
      m_transmits(limits.transmitsMax),
      m_events(limits.eventsMax),
      m_echoEnds(limits.pingsMax)
{
}

ByteVector Outbox::startFrame(const Port& port, const MacAddress& destination)
{
    ByteVector frame;
    if (!m_spareFrames.empty()) {
        frame = std::move(m_spareFrames.back());
        m_spareFrames.pop_back();
    }
    frame.clear();
    wire::encodeEthernet({.destination = destination, .source = port.config.mac, .etherType = romon::kEtherType},
                         frame);
    return frame;
}

void Outbox::send(Port& port, ByteVector frame, Transmit::Class trafficClass)
{
    queue(port, std::move(frame), trafficClass, port.secrets.signing.get());
}

void Outbox::sendSigned(Port& port, ByteVector frame, const SecretKey& key)
{
    queue(port, std::move(frame), Transmit::Class::Interactive, &key);
}

void Outbox::queue(Port& port, ByteVector frame, Transmit::Class trafficClass, const SecretKey* key)
{
    const std::size_t frameBytes = frame.size();
    if (!port.isUp() || frameBytes > port.config.l2Mtu + wire::kEthernetHeaderBytes) {
        m_counters.add(port.isUp() ? Counter::FrameTooLarge : Counter::PortNotUp);
        ++port.counters.framesDropped;
        return recycle(std::move(frame));
    }
    if (key == nullptr)
        clearSignature(frame); // what is passed on still has that of the hop before
    else
        signFrame(frame, *key, port.session.next(m_random, m_now));
    if (!m_transmits.push({.port = port.id, .frame = std::move(frame), .trafficClass = trafficClass})) {
        m_counters.add(Counter::TransmitsLimit);
        ++port.counters.framesDropped;
        return;
    }
    ++port.counters.framesSent;
    port.counters.bytesSent += frameBytes;
}

void Outbox::send(Port& port, const MacAddress& destination, Bytes packet, Transmit::Class trafficClass)
{
    ByteVector frame = startFrame(port, destination);
    frame.insert(frame.end(), packet.begin(), packet.end());
    send(port, std::move(frame), trafficClass);
}

void Outbox::recycle(ByteVector frame)
{
    if (m_spareFrames.size() < kSpareFramesMax && frame.capacity() <= kSpareFrameBytesMax)
        m_spareFrames.push_back(std::move(frame));
}

void Outbox::publish(Event event)
{
    if (!m_events.push(std::move(event)))
        m_counters.add(Counter::EventsLimit);
}

void Outbox::publishEchoEnd(Event event)
{
    const bool isQueued = m_echoEnds.push(std::move(event));
    FB_ASSERT(isQueued);
}

std::optional<Event> Outbox::nextEvent()
{
    if (!m_echoEnds.empty())
        return m_echoEnds.pop();
    if (!m_events.empty())
        return m_events.pop();
    if (std::exchange(m_mapChange, MapChange::None) == MapChange::Waiting)
        return MapChanged{};
    return std::nullopt;
}

} // namespace fb::overlay
