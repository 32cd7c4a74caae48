// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Outbox.h"

#include "core/wire/Ethernet.h"

#include <utility>

namespace fb::overlay {

Outbox::Outbox(const Limits& limits, Counters& counters)
    : m_counters(counters), m_transmits(limits.transmitsMax), m_events(limits.eventsMax)
{
}

void Outbox::send(Port& port, const MacAddress& destination, Bytes packet, Transmit::Class trafficClass)
{
    if (!port.isUp() || packet.size() > port.config.l2Mtu) {
        m_counters.add(port.isUp() ? Counter::FrameTooLarge : Counter::PortNotUp);
        ++port.counters.framesDropped;
        return;
    }
    Transmit transmit{.port = port.id, .frame = {}, .trafficClass = trafficClass};
    transmit.frame.reserve(wire::kEthernetHeaderBytes + packet.size());
    wire::encodeEthernet({.destination = destination, .source = port.config.mac, .etherType = romon::kEtherType},
                         transmit.frame);
    transmit.frame.insert(transmit.frame.end(), packet.begin(), packet.end());
    const std::size_t frameBytes = transmit.frame.size();
    if (!m_transmits.push(std::move(transmit))) {
        m_counters.add(Counter::TransmitsLimit);
        ++port.counters.framesDropped;
        return;
    }
    ++port.counters.framesSent;
    port.counters.bytesSent += frameBytes;
}

void Outbox::publish(Event event)
{
    if (!m_events.push(std::move(event)))
        m_counters.add(Counter::EventsLimit);
}

std::optional<Event> Outbox::nextEvent()
{
    if (!m_events.empty())
        return m_events.pop();
    if (std::exchange(m_mapChange, MapChange::None) == MapChange::Waiting)
        return MapChanged{};
    return std::nullopt;
}

} // namespace fb::overlay
