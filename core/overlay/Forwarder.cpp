// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Forwarder.h"

#include <algorithm>

namespace fb::overlay {

std::optional<std::size_t> Route::dataBytesMax() const
{
    const std::size_t overhead = romon::kDataOverheadBytes + romon::kHopEntryBytes * entries.size();
    const std::size_t packet = std::min<std::size_t>(l2Mtu, romon::kPacketBytesMax);
    if (entries.empty() || entries.size() > romon::kHopsMax || packet < overhead)
        return std::nullopt;
    return packet - overhead;
}

Route routeAlong(const Path& path)
{
    Route route{.entries = {}, .l2Mtu = path.l2Mtu};
    route.entries.reserve(path.hops.size());
    for (const auto& hop : path.hops)
        route.entries.push_back({.linkId = hop.out.linkId, .mac = hop.in.mac});
    return route;
}

Result<void, Error> Forwarder::originate(const Route& route, const Outgoing& outgoing)
{
    const auto bytesMax = route.dataBytesMax();
    Port* port = route.entries.empty() ? nullptr : m_context.ports.findByLink(route.entries.front().linkId);
    if (!bytesMax || port == nullptr || !port->isUp())
        return failure(Error{.code = ErrorCode::NoPath, .context = outgoing.target.toString()});
    if (outgoing.payload.size() > *bytesMax)
        return failure(Error{.code = ErrorCode::InvalidArgument, .context = "size of the payload"});
    ByteVector frame = m_context.outbox.startFrame(*port, route.entries.front().mac);
    romon::appendData({.header = {.auth = {}, .source = m_context.config.id, .destination = outgoing.target},
                       .pointer = 0,
                       .entries = route.entries,
                       .sourcePort = outgoing.sourcePort,
                       .destinationPort = outgoing.destinationPort,
                       .payload = outgoing.payload},
                      frame);
    m_context.outbox.send(*port, std::move(frame), outgoing.trafficClass);
    return {};
}

std::optional<Delivered> Forwarder::receive(const Heard& heard, const romon::DataView& data)
{
    const bool isForUs = data.header.destination == m_context.config.id;
    const std::size_t travelled = std::size_t{data.pointer} + 1;
    if (data.header.source == m_context.config.id) {
        reportDuplicateId(m_context, heard);
    } else if (!data.header.source.isUsable() || !data.header.destination.isUsable()) {
        heard.drop(m_context, Counter::IdUnusable);
    } else if (travelled > data.hopCount() || (!isForUs && travelled == data.hopCount())) {
        heard.drop(m_context, Counter::DataPathEnds);
    } else if (isForUs && travelled < data.hopCount()) {
        heard.drop(m_context, Counter::DataPathGoesOn);
    } else if (isForUs) {
        return deliver(heard, data);
    } else {
        passOn(heard, data);
    }
    return std::nullopt;
}

Delivered Forwarder::deliver(const Heard& heard, const romon::DataView& data)
{
    WayBack& wayBack = wayBackFrom(data.header.source);
    wayBack.heardAt = heard.now;
    wayBack.route.l2Mtu = std::min(kL2MtuAssumed, heard.port.config.l2Mtu);
    auto& entries = wayBack.route.entries;
    entries.resize(data.hopCount());
    entries.front() = {.linkId = heard.port.linkId, .mac = heard.from};
    for (std::size_t back = 1; back < entries.size(); ++back)
        entries[back] = data.hop(entries.size() - 1 - back);
    return {.from = data.header.source,
            .sourcePort = data.sourcePort,
            .destinationPort = data.destinationPort,
            .payload = data.payload,
            .wayBack = wayBack.route};
}

void Forwarder::passOn(const Heard& heard, const romon::DataView& data)
{
    if (m_context.config.role == Role::Leaf)
        return heard.drop(m_context, Counter::LeafDoesNotForward);
    const std::size_t nextIndex = std::size_t{data.pointer} + 1;
    const auto next = data.hop(nextIndex);
    Port* port = m_context.ports.findByLink(next.linkId);
    if (port == nullptr)
        return heard.drop(m_context, Counter::LinkUnknown);
    if (!isStation(next.mac) || m_context.ports.owns(next.mac))
        return heard.drop(m_context, Counter::NextMacUnusable);
    if (port->id != heard.port.id && Ports::shareSegment(*port, heard.port))
        return heard.drop(m_context, Counter::SameSegment);
    // What fits into a few hundred bytes is a keystroke, an echo or an acknowledgement: let it pass bulk.
    constexpr std::size_t kInteractiveBytesMax = 256;
    const auto trafficClass =
        data.packet.size() <= kInteractiveBytesMax ? Transmit::Class::Interactive : Transmit::Class::Bulk;
    // Copied once, into the frame that leaves; every byte but the consumed entry and the pointer goes on as it came.
    ByteVector frame = m_context.outbox.startFrame(*port, next.mac);
    frame.insert(frame.end(), data.packet.begin(), data.packet.end());
    const auto packet = std::span(frame).last(data.packet.size());
    romon::setDataHop(packet, data.pointer, {.linkId = heard.port.linkId, .mac = heard.from});
    romon::setHopPointer(packet, static_cast<std::uint8_t>(nextIndex));
    m_context.outbox.send(*port, std::move(frame), trafficClass);
}

Forwarder::WayBack& Forwarder::wayBackFrom(romon::RomonId from)
{
    const auto known = m_waysBack.find(from);
    if (known != m_waysBack.end())
        return known->second;
    if (m_waysBack.size() >= kWaysBackMax) {
        const auto oldest =
            std::ranges::min_element(m_waysBack, {}, [](const auto& entry) { return entry.second.heardAt; });
        m_waysBack.erase(oldest);
    }
    return m_waysBack[from];
}

std::optional<Route> Forwarder::wayBackTo(romon::RomonId node, Instant now) const
{
    const auto found = m_waysBack.find(node);
    if (found == m_waysBack.end() || found->second.heardAt + kWayBackLifetime < now)
        return std::nullopt;
    const Port* port = m_context.ports.findByLink(found->second.route.entries.front().linkId);
    return port != nullptr && port->isUp() ? std::optional(found->second.route) : std::nullopt;
}

} // namespace fb::overlay
