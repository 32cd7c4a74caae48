// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Stack.h"

#include <algorithm>

namespace fb::agent {

Stack::Stack(const Config& config, RandomSource& random, Instant now)
    : m_overlay(config.overlay, random, now), m_streams(config.stream, random, now)
{
}

stream::PeerTraits Stack::traitsOf(romon::RomonId peer) const
{
    return {.isFootbridge = m_overlay.isFootbridge(peer), .payloadBytesMax = m_overlay.dataBytesMax(peer).value_or(0)};
}

std::optional<overlay::Path> Stack::bestPath(romon::RomonId peer) const
{
    auto paths = m_overlay.paths(peer, 1);
    if (!paths || paths->empty())
        return std::nullopt;
    return std::move(paths->front());
}

void Stack::keepPeer(stream::StreamId stream, romon::RomonId peer)
{
    m_peerOf.emplace(stream, peer);
    auto& kept = m_peers[peer];
    if (kept.streams++ == 0) {
        kept.path = bestPath(peer);
        kept.payloadBytesMax = traitsOf(peer).payloadBytesMax;
    }
}

Result<stream::StreamId, Error> Stack::openStream(romon::RomonId peer, std::uint16_t service, Instant now)
{
    const auto paths = m_overlay.paths(peer, 1);
    if (!paths)
        return failure(paths.error());
    const auto stream = m_streams.connect(peer, service, traitsOf(peer), now);
    if (stream)
        keepPeer(*stream, peer);
    return stream;
}

void Stack::acceptStream(const stream::ConnectRequested& request, Instant now)
{
    if (!m_streams.contains(request.stream))
        return; // its end has gone by already: nothing would ever let the peer go again
    keepPeer(request.stream, request.peer);
    m_streams.accept(request.stream, traitsOf(request.peer), now);
}

void Stack::refuseStream(const stream::ConnectRequested& request, stream::Refusal reason, Instant now)
{
    m_streams.refuse(request.stream, reason, now);
}

void Stack::advance(Instant now)
{
    m_overlay.advance(now);
    moveUp(now);
    m_streams.advance(now);
}

void Stack::moveUp(Instant now)
{
    while (auto event = m_overlay.nextEvent())
        take(std::move(*event), now);
    while (auto event = m_streams.nextEvent())
        take(*event);
    if (m_pathsMayDiffer)
        checkPaths(now);
}

void Stack::moveDown(Instant now)
{
    // A share at a time: the overlay's queue is bounded, and whoever drains it comes back for more.
    for (int moved = 0; moved < kMovedPerCall; ++moved) {
        auto transmit = m_streams.nextTransmit();
        if (!transmit)
            return;
        const auto trafficClass = transmit->trafficClass == stream::Transmit::Class::Interactive
                                      ? overlay::Transmit::Class::Interactive
                                      : overlay::Transmit::Class::Bulk;
        const auto sent = m_overlay.sendData(transmit->peer, transmit->sourcePort, transmit->destinationPort,
                                             transmit->payload, trafficClass, now);
        if (sent)
            continue;
        ++m_unsendable; // to the stream this is a lost packet, and it knows what to do about those
        // The way back of a peer grew longer, of which no event of the map tells: the next segments have to be smaller.
        if (sent.error().code == ErrorCode::InvalidArgument)
            checkPaths(now);
    }
}

void Stack::take(overlay::Event event, Instant now)
{
    if (auto* data = std::get_if<overlay::DataReceived>(&event)) {
        m_streams.receive(data->from, data->sourcePort, data->destinationPort, data->payload, now);
        return;
    }
    m_pathsMayDiffer = m_pathsMayDiffer || std::holds_alternative<overlay::MapChanged>(event) ||
                       std::holds_alternative<overlay::NodeFreshnessChanged>(event);
    std::visit(
        [this](auto&& body) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(body)>, overlay::DataReceived>)
                m_events.emplace_back(std::forward<decltype(body)>(body));
        },
        std::move(event));
}

void Stack::take(const stream::Event& event)
{
    if (const auto* ended = std::get_if<stream::Ended>(&event)) {
        const auto peerOf = m_peerOf.find(ended->stream);
        if (peerOf != m_peerOf.end()) {
            const auto peer = m_peers.find(peerOf->second);
            if (--peer->second.streams == 0)
                m_peers.erase(peer);
            m_peerOf.erase(peerOf);
        }
    }
    std::visit(
        [this](const auto& body) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(body)>, stream::Suspect>)
                m_events.emplace_back(body);
        },
        event);
}

void Stack::checkPaths(Instant now)
{
    m_pathsMayDiffer = false;
    for (auto& entry : m_peers) {
        auto& peer = entry.second;
        auto path = bestPath(entry.first);
        const auto traits = traitsOf(entry.first);
        const bool moved = path && path != peer.path;
        if (moved || traits.payloadBytesMax != peer.payloadBytesMax)
            m_streams.pathChanged(entry.first, traits, now);
        if (moved)
            m_events.emplace_back(PathChanged{entry.first, *path});
        peer.path = std::move(path);
        peer.payloadBytesMax = traits.payloadBytesMax;
    }
}

std::optional<overlay::Transmit> Stack::nextTransmit(Instant now)
{
    if (auto transmit = m_overlay.nextTransmit())
        return transmit;
    moveUp(now);
    moveDown(now);
    return m_overlay.nextTransmit();
}

std::optional<StackEvent> Stack::nextEvent(Instant now)
{
    if (m_events.empty())
        moveUp(now);
    if (m_events.empty())
        return std::nullopt;
    auto event = std::move(m_events.front());
    m_events.pop_front();
    return event;
}

std::optional<Instant> Stack::nextDeadline() const
{
    const auto below = m_overlay.nextDeadline();
    const auto above = m_streams.nextDeadline();
    if (below && above)
        return std::min(*below, *above);
    return below ? below : above;
}

overlay::Snapshot Stack::snapshot(Instant now) const
{
    auto snapshot = m_overlay.snapshot(now);
    auto counters = m_streams.counters();
    counters.push_back({"stream-payloads-unsendable", m_unsendable});
    for (auto& counter : counters) {
        if (counter.value != 0)
            snapshot.counters.push_back(std::move(counter));
    }
    std::ranges::sort(snapshot.counters, {}, &overlay::NamedCounter::name);
    return snapshot;
}

} // namespace fb::agent
