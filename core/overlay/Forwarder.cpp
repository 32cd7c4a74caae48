// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Forwarder.h"

#include <algorithm>

namespace fb::overlay {

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
    Route& wayBack = m_delivered;
    wayBack.l2Mtu = std::min(kL2MtuAssumed, heard.port.config.l2Mtu);
    auto& entries = wayBack.entries;
    entries.resize(data.hopCount());
    entries.front() = {.linkId = heard.port.linkId, .mac = heard.from};
    for (std::size_t back = 1; back < entries.size(); ++back)
        entries[back] = data.hop(entries.size() - 1 - back);
    const bool isOfStream = data.sourcePort != romon::kPingPort && data.destinationPort != romon::kPingPort &&
                            !isPrivatePort(data.sourcePort) && !isPrivatePort(data.destinationPort);
    const WaysBack::Stream stream{
        .peer = data.header.source, .theirPort = data.sourcePort, .ourPort = data.destinationPort};
    const bool isNewWay = isOfStream && m_waysBack.hear(stream, wayBack, heard.now);
    return {.from = data.header.source,
            .sourcePort = data.sourcePort,
            .destinationPort = data.destinationPort,
            .payload = data.payload,
            .wayBack = wayBack,
            .isNewWay = isNewWay};
}

void Forwarder::passOn(const Heard& heard, const romon::DataView& data)
{
    if (isPrivatePort(data.sourcePort) || isPrivatePort(data.destinationPort))
        m_sources.noteFootbridge(data.header.source, heard.now);
    if (m_context.config.role == Role::Leaf)
        return refuse(heard, data, Counter::LeafDoesNotForward, UnreachableReason::NotAllowed);
    const std::size_t nextIndex = std::size_t{data.pointer} + 1;
    const auto next = data.hop(nextIndex);
    Port* port = m_context.ports.findByLink(next.linkId);
    if (port == nullptr)
        return refuse(heard, data, Counter::LinkUnknown, UnreachableReason::LinkUnknown);
    if (!isStation(next.mac) || m_context.ports.owns(next.mac))
        return refuse(heard, data, Counter::NextMacUnusable, UnreachableReason::NextUnusable);
    if (port->id != heard.port.id && Ports::shareSegment(*port, heard.port))
        return refuse(heard, data, Counter::SameSegment, UnreachableReason::NotAllowed);
    if (!port->isUp())
        return refuse(heard, data, Counter::PortNotUp, UnreachableReason::PortDown);
    if (data.packet.size() > port->config.l2Mtu)
        return refuse(heard, data, Counter::FrameTooLarge, UnreachableReason::TooLarge, port->config.l2Mtu);
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

void Forwarder::refuse(const Heard& heard, const romon::DataView& data, Counter counter, UnreachableReason reason,
                       std::uint16_t l2Mtu)
{
    heard.drop(m_context, counter);
    const auto index = static_cast<std::uint8_t>(data.pointer + 1U);
    tellSource(heard, data,
               {.reason = reason,
                .index = index,
                .entry = data.hop(index),
                .l2Mtu = l2Mtu,
                .target = data.header.destination});
}

/// A report is never answered with a report, and a node that may be a RouterOS one gets none.
void Forwarder::tellSource(const Heard& heard, const romon::DataView& data, const Unreachable& report)
{
    if (data.destinationPort == kUnreachablePort)
        return;
    const romon::RomonId source = data.header.source;
    const NodeEntry* node = m_map.find(source);
    const bool isFootbridge = (node != nullptr && node->isFootbridge) || m_sources.isFootbridge(source, heard.now);
    if (!isFootbridge || !m_sources.mayTell(source, heard.now)) {
        m_context.counters.add(Counter::UnreachableWithheld);
        return;
    }
    Route back{.entries = {{.linkId = heard.port.linkId, .mac = heard.from}},
               .l2Mtu = std::min(kL2MtuAssumed, heard.port.config.l2Mtu)};
    for (std::size_t at = data.pointer; at > 0; --at)
        back.entries.push_back(data.hop(at - 1));
    const auto payload = encodeUnreachable(report);
    const auto sent = originate(back, {.target = source,
                                       .sourcePort = kUnreachablePort,
                                       .destinationPort = kUnreachablePort,
                                       .payload = payload,
                                       .trafficClass = Transmit::Class::Interactive});
    m_context.counters.add(sent ? Counter::UnreachableTold : Counter::UnreachableWithheld);
}

const Route* Forwarder::wayBackTo(const WaysBack::Stream& stream, Instant now) const
{
    const Route* route = m_waysBack.of(stream, now);
    if (route == nullptr)
        return nullptr;
    const Port* port = m_context.ports.findByLink(route->entries.front().linkId);
    return port != nullptr && port->isUp() ? route : nullptr;
}

} // namespace fb::overlay
