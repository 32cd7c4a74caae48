// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Stack.h"

#include "core/base/Assert.h"

#include <algorithm>

namespace fb::agent {

Stack::Stack(const Config& config, RandomSource& random, Instant now)
    : m_overlay(config.overlay, random, now), m_streams(config.stream, random, now)
{
}

stream::PeerTraits Stack::traitsOf(romon::RomonId peer) const
{
    const auto onPaths = m_paths.payloadBytesMax(peer);
    return {.isFootbridge = m_overlay.isFootbridge(peer),
            .payloadBytesMax = onPaths ? *onPaths : m_overlay.dataBytesMax(peer).value_or(0)};
}

void Stack::keepPeer(const OwnedStream& stream, Instant now)
{
    const bool isNew = !m_peers.contains(stream.peer);
    auto& kept = m_peers[stream.peer];
    if (isNew)
        kept.payloadBytesMax = stream.payloadBytesMax;
    ++kept.streams;
    const auto payloadBytesMax = traitsOf(stream.peer).payloadBytesMax;
    if (kept.payloadBytesMax != payloadBytesMax || stream.payloadBytesMax != payloadBytesMax)
        tellTraits(stream.peer, kept, now);
}

/// To all streams of a peer at once: what one of them was not told it would never learn.
void Stack::tellTraits(romon::RomonId id, Peer& peer, Instant now)
{
    const auto traits = traitsOf(id);
    peer.payloadBytesMax = traits.payloadBytesMax;
    m_streams.pathChanged(id, traits, now);
}

void Stack::peerProven(stream::StreamId stream, Instant now)
{
    const auto found = m_owned.find(stream);
    FB_ASSERT(found != m_owned.end());
    auto& owned = found->second;
    owned.isHalfOpen = false;
    keepPeer(owned, now);
}

void Stack::forget(stream::StreamId stream)
{
    const auto owned = m_owned.find(stream);
    if (owned == m_owned.end())
        return;
    if (!owned->second.isHalfOpen) {
        m_paths.remove(stream);
        const auto peer = m_peers.find(owned->second.peer);
        if (--peer->second.streams == 0)
            m_peers.erase(peer);
    }
    if (owned->second.opener == Opener::Peer)
        m_overlay.forgetWay(owned->second.peer, owned->second.peerPort, owned->second.service);
    m_owned.erase(owned);
}

Result<stream::StreamId, Error> Stack::openStream(romon::RomonId peer, std::uint16_t service, Instant now)
{
    const auto path = m_paths.pathForNew(peer);
    if (!path)
        return failure(path.error());
    auto traits = traitsOf(peer);
    traits.payloadBytesMax = overlay::Engine::dataBytesMax(*path).value_or(0);
    const auto stream = m_streams.connect(peer, service, traits, now);
    if (stream) {
        m_paths.add(*stream, peer, now);
        const OwnedStream owned{.peer = peer, .payloadBytesMax = traitsOf(peer).payloadBytesMax};
        keepPeer(m_owned.emplace(*stream, owned).first->second, now);
    }
    return stream;
}

void Stack::acceptStream(const stream::ConnectRequested& request, Instant now)
{
    if (!m_streams.contains(request.stream))
        return; // its end has gone by already: nothing would ever let the peer go again
    const auto traits = traitsOf(request.peer);
    m_owned.emplace(request.stream, OwnedStream{.peer = request.peer,
                                                .opener = Opener::Peer,
                                                .isHalfOpen = true,
                                                .payloadBytesMax = traits.payloadBytesMax,
                                                .service = request.service,
                                                .peerPort = request.peerPort});
    m_streams.accept(request.stream, traits, now);
}

void Stack::refuseStream(const stream::ConnectRequested& request, stream::Refusal reason, Instant now)
{
    m_streams.refuse(request.stream, reason, now);
    forget(request.stream);
}

void Stack::advance(Instant now)
{
    m_overlay.advance(now);
    moveUp(now);
    m_streams.advance(now);
    moveUp(now);
}

void Stack::moveUp(Instant now)
{
    while (auto event = m_overlay.nextEvent())
        take(std::move(*event), now);
    while (auto event = m_streams.nextEvent())
        take(*event, now);
    m_paths.advance(now);
    tellMoves(now);
    if (m_traitsMayDiffer)
        checkTraits(now);
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
        const overlay::Path* path = m_paths.pathOf(transmit->stream);
        const auto sent = path != nullptr
                              ? m_overlay.sendDataAlong(*path, transmit->sourcePort, transmit->destinationPort,
                                                        transmit->payload, trafficClass, now)
                              : m_overlay.sendData(transmit->peer, transmit->sourcePort, transmit->destinationPort,
                                                   transmit->payload, trafficClass, now);
        if (path != nullptr)
            m_paths.noteUse(transmit->stream, now);
        if (sent)
            continue;
        ++m_unsendable; // to the stream this is a lost packet, and it knows what to do about those
        // The way back of a peer grew longer, of which no event of the map tells: the next segments have to be smaller.
        if (sent.error().code == ErrorCode::InvalidArgument)
            checkTraits(now);
    }
}

void Stack::take(overlay::Event event, Instant now)
{
    struct Visitor {
        Stack& stack;
        Instant now;

        void operator()(const overlay::DataReceived& data) const { stack.receive(data, now); }
        void operator()(const overlay::ProbeAnswered& answer) const { stack.m_paths.answered(answer, now); }
        void operator()(const overlay::ProbeLost& loss) const { stack.m_paths.lost(loss); }
        void operator()(const overlay::PathRefused& refusal) const { stack.m_paths.refused(refusal, now); }
        void operator()(const overlay::MapChanged& change) const
        {
            stack.m_paths.mapChanged();
            stack.m_traitsMayDiffer = true;
            stack.m_events.emplace_back(change);
        }
        void operator()(const overlay::NodeAppeared& event) const { stack.m_events.emplace_back(event); }
        void operator()(const overlay::NodeFreshnessChanged& event) const { stack.m_events.emplace_back(event); }
        void operator()(const overlay::PingAnswered& event) const { stack.m_events.emplace_back(event); }
        void operator()(const overlay::PingLost& event) const { stack.m_events.emplace_back(event); }
        void operator()(const overlay::DuplicateIdSeen& event) const { stack.m_events.emplace_back(event); }
    };
    std::visit(Visitor{.stack = *this, .now = now}, event);
}

void Stack::take(const stream::Event& event, Instant now)
{
    if (const auto* suspect = std::get_if<stream::Suspect>(&event)) {
        m_paths.suspect(suspect->peer, now);
        return;
    }
    if (const auto* proven = std::get_if<stream::PeerProven>(&event))
        peerProven(proven->request.stream, now);
    else if (const auto* ended = std::get_if<stream::Ended>(&event))
        forget(ended->stream);
    std::visit(
        [this](const auto& body) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(body)>, stream::Suspect>)
                m_events.emplace_back(body);
        },
        event);
}

void Stack::receive(const overlay::DataReceived& data, Instant now)
{
    m_paths.noteHeard(data.from);
    const auto stream = m_streams.receive(data.from, data.sourcePort, data.destinationPort, data.payload, now);
    const auto owned = m_owned.find(stream);
    if (owned == m_owned.end() || owned->second.opener == Opener::Us)
        return;
    if (m_overlay.confirmWay(data, now))
        follow(stream, owned->second, now);
}

/// A peer that has moved a stream to another path may have lost what we sent the old way.
void Stack::follow(stream::StreamId stream, OwnedStream& owned, Instant now)
{
    m_traitsMayDiffer = true;
    if (owned.followedAt && *owned.followedAt + kFollowInterval > now)
        return;
    owned.followedAt = now;
    m_streams.pathChanged(stream, traitsOf(owned.peer), now);
}

void Stack::tellMoves(Instant now)
{
    while (auto move = m_paths.nextMove()) {
        const auto traits = traitsOf(move->peer);
        const auto peer = m_peers.find(move->peer);
        if (peer != m_peers.end())
            peer->second.payloadBytesMax = traits.payloadBytesMax;
        m_streams.pathChanged(move->peer, traits, now);
        m_events.emplace_back(std::move(*move));
    }
}

void Stack::checkTraits(Instant now)
{
    m_traitsMayDiffer = false;
    for (auto& [id, peer] : m_peers) {
        if (traitsOf(id).payloadBytesMax != peer.payloadBytesMax)
            tellTraits(id, peer, now);
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
    std::optional<Instant> next;
    for (const auto& deadline : {m_overlay.nextDeadline(), m_paths.nextDeadline(), m_streams.nextDeadline()}) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

std::vector<SessionInfo> Stack::sessions(Instant now) const
{
    std::vector<SessionInfo> sessions;
    for (const auto& status : m_streams.status(now)) {
        const auto owned = m_owned.find(status.stream);
        if (owned == m_owned.end() || owned->second.isHalfOpen)
            continue; // the event that says more is still on its way to here
        SessionInfo session;
        session.session = status.stream;
        session.peer = status.peer;
        session.service = status.service;
        session.direction =
            owned->second.opener == Opener::Us ? SessionInfo::Direction::Opened : SessionInfo::Direction::Accepted;
        session.bytesSent = status.bytesSent;
        session.bytesReceived = status.bytesReceived;
        session.rtt = status.rtt;
        session.silentFor = status.silentFor;
        m_paths.describe(session);
        sessions.push_back(std::move(session));
    }
    return sessions;
}

overlay::Snapshot Stack::snapshot(Instant now) const
{
    auto snapshot = m_overlay.snapshot(now);
    auto counters = m_streams.counters();
    counters.push_back({"stream-payloads-unsendable", m_unsendable});
    std::ranges::move(m_paths.counters(), std::back_inserter(counters));
    for (auto& counter : counters) {
        if (counter.value != 0)
            snapshot.counters.push_back(std::move(counter));
    }
    std::ranges::sort(snapshot.counters, {}, &overlay::NamedCounter::name);
    return snapshot;
}

} // namespace fb::agent
