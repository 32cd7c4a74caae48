// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Forwarder.h"

#include "core/romon/Codec.h"
#include "core/romon/Fields.h"

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
    romon::Data data;
    data.header = {.auth = {}, .source = m_context.config.id, .destination = outgoing.target};
    data.hops = {.pointer = 0, .entries = route.entries};
    data.sourcePort = outgoing.sourcePort;
    data.destinationPort = outgoing.destinationPort;
    data.payload.assign(outgoing.payload.begin(), outgoing.payload.end());
    m_context.outbox.send(*port, route.entries.front().mac, romon::encode(data), outgoing.trafficClass);
    return {};
}

std::optional<Delivered> Forwarder::receive(const Heard& heard, romon::Data data)
{
    const bool isForUs = data.header.destination == m_context.config.id;
    const std::size_t travelled = std::size_t{data.hops.pointer} + 1;
    if (data.header.source == m_context.config.id) {
        reportDuplicateId(m_context, heard);
    } else if (!data.header.source.isUsable() || !data.header.destination.isUsable()) {
        heard.drop(m_context, Counter::IdUnusable);
    } else if (travelled > data.hops.entries.size() || (!isForUs && travelled == data.hops.entries.size())) {
        heard.drop(m_context, Counter::DataPathEnds);
    } else if (isForUs && travelled < data.hops.entries.size()) {
        heard.drop(m_context, Counter::DataPathGoesOn);
    } else if (isForUs) {
        return deliver(heard, std::move(data));
    } else {
        passOn(heard, data);
    }
    return std::nullopt;
}

Delivered Forwarder::deliver(const Heard& heard, romon::Data data)
{
    auto& entries = data.hops.entries;
    entries.back() = {.linkId = heard.port.linkId, .mac = heard.from};
    std::ranges::reverse(entries);
    Delivered delivered{
        .from = data.header.source,
        .sourcePort = data.sourcePort,
        .destinationPort = data.destinationPort,
        .payload = std::move(data.payload),
        .wayBack = {.entries = std::move(entries), .l2Mtu = std::min(kL2MtuAssumed, heard.port.config.l2Mtu)}};
    remember(delivered.from, delivered.wayBack, heard.now);
    return delivered;
}

void Forwarder::passOn(const Heard& heard, const romon::Data& data)
{
    if (m_context.config.role == Role::Leaf)
        return heard.drop(m_context, Counter::LeafDoesNotForward);
    const std::size_t nextIndex = std::size_t{data.hops.pointer} + 1;
    const auto& next = data.hops.entries[nextIndex];
    Port* port = m_context.ports.findByLink(next.linkId);
    if (port == nullptr)
        return heard.drop(m_context, Counter::LinkUnknown);
    if (!isStation(next.mac) || m_context.ports.owns(next.mac))
        return heard.drop(m_context, Counter::NextMacUnusable);
    if (port->id != heard.port.id && Ports::shareSegment(*port, heard.port))
        return heard.drop(m_context, Counter::SameSegment);
    const Bytes packet = romon::withoutPadding(heard.packet);
    ByteVector onward(packet.begin(), packet.end());
    romon::setDataHop(onward, data.hops.pointer, {.linkId = heard.port.linkId, .mac = heard.from});
    romon::setHopPointer(onward, static_cast<std::uint8_t>(nextIndex));
    // What fits into a few hundred bytes is a keystroke, an echo or an acknowledgement: let it pass bulk.
    constexpr std::size_t kInteractiveBytesMax = 256;
    const auto trafficClass =
        onward.size() <= kInteractiveBytesMax ? Transmit::Class::Interactive : Transmit::Class::Bulk;
    m_context.outbox.send(*port, next.mac, onward, trafficClass);
}

void Forwarder::remember(romon::RomonId from, const Route& route, Instant now)
{
    if (m_waysBack.size() >= kWaysBackMax && !m_waysBack.contains(from)) {
        const auto oldest =
            std::ranges::min_element(m_waysBack, {}, [](const auto& entry) { return entry.second.heardAt; });
        m_waysBack.erase(oldest);
    }
    m_waysBack.insert_or_assign(from, WayBack{.route = route, .heardAt = now});
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
