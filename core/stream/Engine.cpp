// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Engine.h"

#include "core/stream/Streams.h"

namespace fb::stream {

Engine::Engine(Config config, RandomSource& random, Instant now)
    : m_streams(std::make_unique<Streams>(config, random, now))
{
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

Result<StreamId, Error> Engine::connect(romon::RomonId peer, std::uint16_t service, PeerTraits traits, Instant now)
{
    m_streams->setNow(now);
    return m_streams->connect(peer, service, traits);
}

void Engine::accept(StreamId stream, PeerTraits traits, Instant now)
{
    m_streams->setNow(now);
    if (Connection* connection = m_streams->find(stream))
        m_streams->accept(*connection, traits);
}

void Engine::refuse(StreamId stream, Refusal reason, Instant now)
{
    m_streams->setNow(now);
    Connection* connection = m_streams->find(stream);
    if (connection != nullptr && connection->isIncoming())
        m_streams->refuse(*connection,
                          reason == Refusal::NoSuchService ? CloseReason::NoSuchService : CloseReason::NotAllowed);
}

std::size_t Engine::write(StreamId stream, Bytes bytes, Instant now)
{
    m_streams->setNow(now);
    Connection* connection = m_streams->find(stream);
    if (connection == nullptr)
        return 0;
    const std::size_t taken = connection->write(bytes);
    m_streams->settle(*connection);
    return taken;
}

std::size_t Engine::read(StreamId stream, std::span<std::uint8_t> into, Instant now)
{
    m_streams->setNow(now);
    Connection* connection = m_streams->find(stream);
    if (connection == nullptr)
        return 0;
    const std::size_t count = connection->read(into);
    m_streams->settle(*connection);
    return count;
}

bool Engine::contains(StreamId stream) const
{
    return m_streams->find(stream) != nullptr;
}

bool Engine::atEnd(StreamId stream) const
{
    const Connection* connection = m_streams->find(stream);
    return connection == nullptr || connection->isAtEnd();
}

void Engine::closeWriting(StreamId stream, Instant now)
{
    m_streams->setNow(now);
    Connection* connection = m_streams->find(stream);
    if (connection == nullptr)
        return;
    connection->closeWriting();
    m_streams->settle(*connection);
}

void Engine::abort(StreamId stream, Instant now)
{
    m_streams->setNow(now);
    if (Connection* connection = m_streams->find(stream))
        m_streams->abort(*connection);
}

void Engine::abortAll(Instant now)
{
    m_streams->setNow(now);
    m_streams->abortAll();
}

void Engine::pathChanged(romon::RomonId peer, PeerTraits traits, Instant now)
{
    m_streams->setNow(now);
    m_streams->pathChanged(peer, traits);
}

void Engine::pathChanged(StreamId stream, PeerTraits traits, Instant now)
{
    m_streams->setNow(now);
    if (Connection* connection = m_streams->find(stream))
        m_streams->pathChanged(*connection, traits);
}

StreamId Engine::receive(romon::RomonId from, std::uint16_t sourcePort, std::uint16_t destinationPort, Bytes payload,
                         Instant now)
{
    m_streams->setNow(now);
    return m_streams->receive({.peer = from, .localPort = destinationPort, .remotePort = sourcePort}, payload);
}

void Engine::advance(Instant now)
{
    m_streams->setNow(now);
    m_streams->advance();
}

std::optional<Transmit> Engine::nextTransmit()
{
    return m_streams->nextTransmit();
}

std::optional<Event> Engine::nextEvent()
{
    return m_streams->nextEvent();
}

std::optional<Instant> Engine::nextDeadline() const
{
    return m_streams->nextDeadline();
}

std::vector<StreamStatus> Engine::status(Instant now) const
{
    m_streams->setNow(now);
    return m_streams->status();
}

std::size_t Engine::halfOpenStreams() const
{
    return m_streams->halfOpenStreams();
}

std::vector<overlay::NamedCounter> Engine::counters() const
{
    return m_streams->counters();
}

} // namespace fb::stream
