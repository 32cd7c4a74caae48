// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Engine.h"

#include "core/overlay/Node.h"

namespace fb::overlay {

Engine::Engine(Config config, RandomSource& random, Instant now)
    : m_node(std::make_unique<Node>(std::move(config), random, now))
{
}

Engine::~Engine() = default;
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;

void Engine::addPort(PortId port, PortConfig config, Instant /*now*/)
{
    m_node->addPort(port, std::move(config));
}

void Engine::removePort(PortId port, Instant now)
{
    m_node->removePort(port, now);
}

void Engine::portChanged(PortId port, PortState state, Instant now)
{
    m_node->portChanged(port, state, now);
}

void Engine::setSecrets(SecretList global, Instant now)
{
    m_node->setSecrets(global, now);
}

void Engine::setPortSecrets(PortId port, std::optional<SecretList> own, Instant now)
{
    m_node->setPortSecrets(port, own, now);
}

void Engine::receive(PortId port, Bytes frame, Instant now)
{
    m_node->receive(port, frame, now);
}

void Engine::advance(Instant now)
{
    m_node->advance(now);
}

void Engine::startWatching(Instant now)
{
    m_node->startWatching(now);
}

void Engine::stopWatching(Instant /*now*/)
{
    m_node->stopWatching();
}

Result<std::vector<Path>, Error> Engine::paths(romon::RomonId target, std::size_t count) const
{
    return m_node->paths(target, count);
}

Result<std::vector<Path>, Error> Engine::paths(romon::RomonId target, std::size_t count, const PathPolicy& policy) const
{
    return m_node->paths(target, count, policy, Node::Wanted::Best);
}

Result<std::vector<Path>, Error> Engine::sessionPaths(romon::RomonId target, std::size_t count,
                                                      const PathPolicy& policy) const
{
    return m_node->paths(target, count, policy, Node::Wanted::ForSession);
}

void Engine::doubtLink(const LinkName& link)
{
    m_node->doubtLink(link);
}

Result<void, Error> Engine::probe(const Path& path, std::uint64_t token, Duration timeout, Instant now)
{
    return m_node->probe(path,
                         {.target = path.hops.back().to,
                          .token = token,
                          .sizeBytes = kProbeBytes,
                          .timeout = timeout,
                          .kind = Echo::Question::Kind::Probe},
                         now);
}

Result<void, Error> Engine::sendDataAlong(const Path& path, std::uint16_t sourcePort, std::uint16_t destinationPort,
                                          Bytes payload, Transmit::Class trafficClass, Instant now)
{
    return m_node->sendAlong(path,
                             {.target = path.hops.back().to,
                              .sourcePort = sourcePort,
                              .destinationPort = destinationPort,
                              .payload = payload,
                              .trafficClass = trafficClass},
                             now);
}

std::optional<std::size_t> Engine::dataBytesMax(const Path& path)
{
    return routeAlong(path).dataBytesMax();
}

bool Engine::confirmWay(const DataReceived& data, Instant now)
{
    return m_node->confirmWay(data, now);
}

void Engine::forgetWay(romon::RomonId peer, std::uint16_t theirPort, std::uint16_t ourPort)
{
    m_node->forgetWay({.peer = peer, .theirPort = theirPort, .ourPort = ourPort});
}

bool Engine::canLeave(const Path& path) const
{
    return m_node->canLeave(path);
}

Result<void, Error> Engine::ping(romon::RomonId target, std::uint64_t token, std::size_t sizeBytes, Duration timeout,
                                 Instant now)
{
    return m_node->ping({.target = target, .token = token, .sizeBytes = sizeBytes, .timeout = timeout}, now);
}

Result<void, Error> Engine::sendData(romon::RomonId target, std::uint16_t sourcePort, std::uint16_t destinationPort,
                                     Bytes payload, Transmit::Class trafficClass, Instant now)
{
    return m_node->send({.target = target,
                         .sourcePort = sourcePort,
                         .destinationPort = destinationPort,
                         .payload = payload,
                         .trafficClass = trafficClass},
                        now);
}

std::optional<std::size_t> Engine::dataBytesMax(romon::RomonId target) const
{
    return m_node->dataBytesMax(target);
}

bool Engine::hasAnswered(romon::RomonId node) const
{
    return m_node->hasAnswered(node);
}

bool Engine::isFootbridge(romon::RomonId node) const
{
    return m_node->isFootbridge(node);
}

std::optional<Transmit> Engine::nextTransmit()
{
    return m_node->nextTransmit();
}

void Engine::recycle(ByteVector frame)
{
    m_node->recycle(std::move(frame));
}

std::optional<Event> Engine::nextEvent()
{
    return m_node->nextEvent();
}

std::optional<Instant> Engine::nextDeadline() const
{
    return m_node->nextDeadline();
}

Snapshot Engine::snapshot(Instant now) const
{
    return m_node->snapshot(now);
}

} // namespace fb::overlay
