// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/SimStreams.h"

#include <array>

namespace fb::sim {

SimStreams::SimStreams(std::uint64_t seed, Service service, Instant now)
    : m_random(seed), m_service(service), m_streams(stream::Config{}, m_random, now)
{
}

void SimStreams::event(overlay::Engine& engine, const overlay::Event& event, Instant now)
{
    if (const auto* data = std::get_if<overlay::DataReceived>(&event)) {
        if (m_streams.receive(data->from, data->sourcePort, data->destinationPort, data->payload, now) != 0)
            engine.confirmWay(*data, now);
    } else if (std::holds_alternative<overlay::MapChanged>(event)) {
        checkPaths(engine, now);
    }
    flush(engine, now);
}

void SimStreams::advance(overlay::Engine& engine, Instant now)
{
    m_streams.advance(now);
    flush(engine, now);
}

std::optional<stream::StreamId> SimStreams::connect(overlay::Engine& engine, romon::RomonId peer, Instant now)
{
    const auto stream = m_streams.connect(peer, 3, traitsOf(engine, peer), now);
    if (!stream)
        return std::nullopt;
    m_paths.try_emplace(peer);
    checkPaths(engine, now);
    flush(engine, now);
    return *stream;
}

std::size_t SimStreams::write(overlay::Engine& engine, stream::StreamId stream, Bytes bytes, Instant now)
{
    const std::size_t taken = m_streams.write(stream, bytes, now);
    flush(engine, now);
    return taken;
}

void SimStreams::closeWriting(overlay::Engine& engine, stream::StreamId stream, Instant now)
{
    m_streams.closeWriting(stream, now);
    flush(engine, now);
}

void SimStreams::flush(overlay::Engine& engine, Instant now)
{
    for (bool isBusy = true; isBusy;) {
        isBusy = false;
        while (const auto transmit = m_streams.nextTransmit()) {
            const auto trafficClass = transmit->trafficClass == stream::Transmit::Class::Interactive
                                          ? overlay::Transmit::Class::Interactive
                                          : overlay::Transmit::Class::Bulk;
            // Without a way to the peer the payload is lost, like on the wire. Who accepted a stream follows the other.
            const auto path = m_paths.find(transmit->peer);
            const bool chooses = m_service == Service::Keep && path != m_paths.end() && path->second;
            if (chooses)
                (void)engine.sendDataAlong(*path->second, transmit->sourcePort, transmit->destinationPort,
                                           transmit->payload, trafficClass, now);
            else
                (void)engine.sendData(transmit->peer, transmit->sourcePort, transmit->destinationPort,
                                      transmit->payload, trafficClass, now);
        }
        while (const auto event = m_streams.nextEvent()) {
            isBusy = true;
            take(*event, engine, now);
        }
    }
}

void SimStreams::take(const stream::Event& event, overlay::Engine& engine, Instant now)
{
    if (const auto* request = std::get_if<stream::ConnectRequested>(&event)) {
        m_paths.try_emplace(request->peer);
        m_streams.accept(request->stream, traitsOf(engine, request->peer), now);
    } else if (const auto* readable = std::get_if<stream::Readable>(&event)) {
        read(readable->stream, now);
    } else if (const auto* writable = std::get_if<stream::Writable>(&event)) {
        if (m_service == Service::Echo)
            echo(writable->stream, now);
    } else if (const auto* ended = std::get_if<stream::Ended>(&event)) {
        m_received[ended->stream].isEnded = true;
        m_received[ended->stream].error = ended->error;
    }
}

void SimStreams::read(stream::StreamId stream, Instant now)
{
    std::array<std::uint8_t, 8192> chunk{};
    auto& into = m_service == Service::Echo ? m_echoes[stream] : m_received[stream].bytes;
    while (const std::size_t count = m_streams.read(stream, chunk, now))
        into.insert(into.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(count));
    if (m_service == Service::Echo)
        echo(stream, now);
}

void SimStreams::echo(stream::StreamId stream, Instant now)
{
    auto& waiting = m_echoes[stream];
    const std::size_t taken = m_streams.write(stream, waiting, now);
    waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(taken));
    if (waiting.empty() && m_streams.atEnd(stream))
        m_streams.closeWriting(stream, now);
}

void SimStreams::checkPaths(overlay::Engine& engine, Instant now)
{
    for (auto& [peer, known] : m_paths) {
        const auto paths = engine.paths(peer, 1);
        if (!paths || paths->empty() || known == paths->front())
            continue;
        if (known) {
            ++m_pathChanges;
            m_streams.pathChanged(peer, traitsOf(engine, peer), now);
        }
        known = paths->front();
    }
}

stream::PeerTraits SimStreams::traitsOf(const overlay::Engine& engine, romon::RomonId peer) const
{
    return {.isFootbridge = m_speech == Speech::AsTheMapSays && engine.isFootbridge(peer),
            .payloadBytesMax = engine.dataBytesMax(peer).value_or(0)};
}

} // namespace fb::sim
