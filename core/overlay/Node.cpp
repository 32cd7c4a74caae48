// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Node.h"

#include "core/base/Assert.h"
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"

#include <algorithm>

namespace fb::overlay {

Engine::Node::Node(Config config, RandomSource& random, Instant now)
    : m_context(std::move(config), random, now),
      m_authenticator(m_context),
      m_map(m_context),
      m_routes(m_context, m_map),
      m_policyRoutes(m_context, m_map, m_routes),
      m_asker(m_context, m_map),
      m_flood(m_context, m_map),
      m_forwarder(m_context, m_map),
      m_echo(m_context),
      m_information(m_context, m_map),
      m_now(now)
{
}

void Engine::Node::checkTime(Instant now)
{
    FB_ASSERT(now >= m_now);
    m_now = now;
    m_context.outbox.noteTime(now);
}

void Engine::Node::addPort(PortId port, PortConfig config)
{
    m_authenticator.portAdded(m_context.ports.add(port, std::move(config)));
    m_map.noteOwnPortChange();
}

void Engine::Node::removePort(PortId id, Instant now)
{
    checkTime(now);
    Port* port = m_context.ports.find(id);
    FB_ASSERT(port != nullptr);
    m_map.loseEnd({.node = m_context.config.id, .linkId = port->linkId});
    m_authenticator.portRemoved(id, now);
    m_context.ports.remove(id);
    m_map.noteOwnPortChange();
}

void Engine::Node::portChanged(PortId id, PortState state, Instant now)
{
    checkTime(now);
    Port* port = m_context.ports.find(id);
    FB_ASSERT(port != nullptr);
    if (port->state == state)
        return;
    const bool wasUp = port->isUp();
    port->state = state;
    if (wasUp)
        m_map.loseEnd({.node = m_context.config.id, .linkId = port->linkId});
    m_map.noteOwnPortChange();
    m_context.outbox.publishMapChanged();
    if (port->isUp())
        m_asker.portUp(*port, now);
}

void Engine::Node::setSecrets(const SecretList& global, Instant now)
{
    checkTime(now);
    m_authenticator.setGlobal(global, now);
}

void Engine::Node::setPortSecrets(PortId id, const std::optional<SecretList>& own, Instant now)
{
    checkTime(now);
    Port* port = m_context.ports.find(id);
    FB_ASSERT(port != nullptr);
    m_authenticator.setOwn(*port, own, now);
}

void Engine::Node::receive(PortId id, Bytes frame, Instant now)
{
    checkTime(now);
    receiveFrame(id, frame, now);
    m_map.advance(now);
}

void Engine::Node::receiveFrame(PortId id, Bytes frame, Instant now)
{
    Port* port = m_context.ports.find(id);
    FB_ASSERT(port != nullptr);
    ++port->counters.framesReceived;
    port->counters.bytesReceived += frame.size();
    Heard heard{.port = *port, .from = {}, .to = {}, .packet = {}, .now = now};
    if (!port->isUp())
        return heard.drop(m_context, Counter::PortNotUp);
    const auto ethernet = wire::decodeEthernet(frame);
    if (!ethernet)
        return heard.drop(m_context, ethernet.error() == wire::EthernetError::Tagged ? Counter::EthernetTagged
                                                                                     : Counter::EthernetTruncated);
    heard.from = ethernet->header.source;
    heard.to = ethernet->header.destination;
    heard.packet = ethernet->payload;
    if (ethernet->header.etherType != romon::kEtherType)
        return heard.drop(m_context, Counter::OtherEtherType);
    if (!isStation(heard.from))
        return heard.drop(m_context, Counter::SourceMacUnusable);
    if (m_context.ports.owns(heard.from))
        return heard.drop(m_context, Counter::OwnFrameReturned);
    if (heard.to != romon::kGroupAddress && !m_context.ports.accepts(*port, heard.to))
        return heard.drop(m_context, Counter::OtherDestinationMac);
    hear(heard);
    // What was kept until its sender's session was proven: often the very question that made us ask.
    while (const auto held = m_authenticator.nextReleased()) {
        if (Port* on = m_context.ports.find(held->port); on != nullptr)
            hear({.port = *on, .from = held->from, .to = held->to, .packet = held->packet, .now = now});
    }
}

void Engine::Node::hear(const Heard& heard)
{
    if (romon::looksLikeData(heard.packet))
        receiveData(heard);
    else
        receiveMessage(heard);
}

void Engine::Node::receiveMessage(const Heard& heard)
{
    const auto message = romon::decode(heard.packet);
    if (!message)
        return heard.drop(m_context, message.error());
    // Only a question goes to everybody (measured by a third party); anything else sent so would multiply.
    if (heard.to == romon::kGroupAddress && !std::holds_alternative<romon::Discover>(*message) &&
        !std::holds_alternative<romon::Hello>(*message))
        return heard.drop(m_context, Counter::OtherDestinationMac);
    if (m_authenticator.accepts(heard, romon::headerOf(*message)))
        dispatch(heard, *message);
}

void Engine::Node::dispatch(const Heard& heard, const romon::Message& message)
{
    struct Visitor {
        Node& node;
        const Heard& heard;

        void operator()(const romon::Discover& discover) const { node.m_flood.receive(heard, discover); }
        void operator()(const romon::DiscoverResp& response) const { node.receiveResponse(heard, response); }
        void operator()(const romon::Data&) const { FB_ASSERT(false); } // receiveData() has it
        void operator()(const romon::Hello&) const { heard.drop(node.m_context, Counter::HelloIgnored); }
        void operator()(const romon::SeqErr&) const { heard.drop(node.m_context, Counter::SequenceErrorIgnored); }
    };
    std::visit(Visitor{.node = *this, .heard = heard}, message);
}

void Engine::Node::receiveResponse(const Heard& heard, const romon::DiscoverResp& response)
{
    const auto responder = m_asker.receive(heard, response);
    if (responder && isFootbridge(*responder))
        m_information.noteFootbridge(*responder, heard.now);
}

void Engine::Node::receiveData(const Heard& heard)
{
    const auto data = romon::viewData(heard.packet);
    if (!data)
        return heard.drop(m_context, data.error());
    if (heard.to == romon::kGroupAddress)
        return heard.drop(m_context, Counter::OtherDestinationMac);
    if (!m_authenticator.accepts(heard, *data))
        return;
    if (const auto delivered = m_forwarder.receive(heard, *data))
        take(heard, *delivered);
}

void Engine::Node::take(const Heard& heard, const Delivered& delivered)
{
    const bool isQuestion = delivered.destinationPort == romon::kPingPort;
    const bool isAnswer = delivered.sourcePort == romon::kPingPort;
    if (isQuestion && isAnswer) {
        // Two nodes would return it to each other for ever.
        heard.drop(m_context, Counter::EchoMalformed);
    } else if (isQuestion) {
        if (m_echo.mayAnswer(heard.now))
            answer(delivered, delivered.payload);
    } else if (isAnswer) {
        const auto measured = m_echo.receiveAnswer(heard, delivered);
        NodeEntry* node = measured ? m_map.find(measured->from) : nullptr;
        if (node != nullptr)
            node->rtt = measured->rtt;
    } else if (delivered.destinationPort == kNodeInformationPort) {
        const auto reply = m_information.receive(heard, delivered.from, delivered.payload);
        if (reply)
            answer(delivered, *reply);
    } else if (delivered.destinationPort == kUnreachablePort) {
        receiveRefusal(heard, delivered);
    } else {
        m_context.outbox.publish(DataReceived{.from = delivered.from,
                                              .sourcePort = delivered.sourcePort,
                                              .destinationPort = delivered.destinationPort,
                                              .payload = {delivered.payload.begin(), delivered.payload.end()},
                                              .newWay = delivered.isNewWay ? delivered.wayBack : Route{}});
    }
}

void Engine::Node::receiveRefusal(const Heard& heard, const Delivered& data)
{
    const auto report = decodeUnreachable(data.payload);
    if (!report)
        return heard.drop(m_context, Counter::UnreachableMalformed);
    m_context.outbox.publish(PathRefused{.by = data.from, .report = *report});
}

/// Back the way it came, ports swapped. That way may be gone already: then the asker asks again.
void Engine::Node::answer(const Delivered& data, Bytes payload)
{
    const auto sent = m_forwarder.originate(data.wayBack, {.target = data.from,
                                                           .sourcePort = data.destinationPort,
                                                           .destinationPort = data.sourcePort,
                                                           .payload = payload,
                                                           .trafficClass = Transmit::Class::Interactive});
    if (!sent)
        m_context.counters.add(Counter::AnswerNotSendable);
}

void Engine::Node::askForInformation(Instant now)
{
    if (!m_asker.isWatching())
        return;
    while (const auto question = m_information.nextDue(now)) {
        const auto sent = send({.target = question->target,
                                .sourcePort = kNodeInformationPort,
                                .destinationPort = kNodeInformationPort,
                                .payload = question->payload,
                                .trafficClass = Transmit::Class::Interactive},
                               now);
        if (!sent) {
            m_context.counters.add(Counter::NodeQuestionNotSendable);
            m_information.notSent(question->target, now);
        }
    }
}

void Engine::Node::advance(Instant now)
{
    checkTime(now);
    m_asker.advance(now);
    m_flood.advance(now);
    m_echo.advance(now);
    m_authenticator.advance(now);
    askForInformation(now);
    m_map.advance(now);
}

void Engine::Node::startWatching(Instant now)
{
    checkTime(now);
    m_asker.startWatching(now);
}

std::optional<Instant> Engine::Node::nextDeadline() const
{
    std::optional<Instant> next;
    const auto consider = [&next](std::optional<Instant> deadline) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    };
    consider(m_asker.nextDeadline());
    consider(m_flood.nextDeadline());
    consider(m_map.nextDeadline());
    consider(m_echo.nextDeadline());
    consider(m_authenticator.nextDeadline());
    if (m_asker.isWatching())
        consider(m_information.nextDeadline());
    return next;
}

bool Engine::Node::hasAnswered(romon::RomonId id) const
{
    const auto* node = m_map.find(id);
    return node != nullptr && node->hasAnswered;
}

bool Engine::Node::isFootbridge(romon::RomonId id) const
{
    const auto* node = m_map.find(id);
    return node != nullptr && node->isFootbridge;
}

/// Whether a path may be asked for at all.
Result<void, Error> Engine::Node::checkTarget(romon::RomonId target) const
{
    if (target == m_context.config.id)
        return failure(Error{.code = ErrorCode::InvalidArgument, .context = "this node itself"});
    const NodeEntry* node = m_map.find(target);
    if (node == nullptr)
        return failure(Error{.code = ErrorCode::NoSuchNode, .context = target.toString()});
    if (node->freshness == Freshness::Lost)
        return failure(Error{.code = ErrorCode::NoPath, .context = target.toString()});
    return {};
}

Result<std::vector<Path>, Error> Engine::Node::paths(romon::RomonId target, std::size_t count) const
{
    return paths(target, count, {}, Wanted::Best);
}

Result<std::vector<Path>, Error> Engine::Node::paths(romon::RomonId target, std::size_t count, const PathPolicy& policy,
                                                     Wanted wanted) const
{
    if (const auto checked = checkTarget(target); !checked)
        return failure(checked.error());
    auto paths = wanted == Wanted::ForSession ? m_policyRoutes.findForSession(target, count, policy)
                                              : m_policyRoutes.find(target, count, policy);
    if (paths.empty()) {
        const auto* why = policy.isEmpty() ? "" : " (by what the path policy allows)";
        return failure(Error{.code = ErrorCode::NoPath, .context = target.toString() + why});
    }
    return paths;
}

/// What the map says of a node that it knows to be there; else the way that the node itself last used; else whatever
/// the map has left.
Result<Route, Error> Engine::Node::routeTo(romon::RomonId target) const
{
    const NodeEntry* node = m_map.find(target);
    const bool mapIsCurrent = node != nullptr && node->freshness == Freshness::Fresh && m_asker.isMapCurrent();
    if (const auto path = mapIsCurrent ? m_routes.bestFresh(target) : std::nullopt)
        return routeAlong(*path);
    if (const Route* wayBack = m_forwarder.wayBackTo({.peer = target}, m_now))
        return *wayBack;
    if (node == nullptr || target == m_context.config.id)
        return failure(Error{.code = ErrorCode::NoSuchNode, .context = target.toString()});
    const auto path = node->freshness == Freshness::Lost ? std::nullopt : m_routes.best(target);
    if (!path)
        return failure(Error{.code = ErrorCode::NoPath, .context = target.toString()});
    return routeAlong(*path);
}

Result<void, Error> Engine::Node::send(const Forwarder::Outgoing& outgoing, Instant now)
{
    checkTime(now);
    const WaysBack::Stream stream{
        .peer = outgoing.target, .theirPort = outgoing.destinationPort, .ourPort = outgoing.sourcePort};
    // Who opened a stream knows the network and chooses; who accepted it follows.
    if (const Route* wayBack = m_forwarder.wayBackTo(stream, now)) {
        if (m_forwarder.waysBack().isConfirmed(stream, now)) // any name can ask for a stream
            m_map.noteUsed(outgoing.target, now);
        return m_forwarder.originate(*wayBack, outgoing);
    }
    const auto route = routeTo(outgoing.target);
    if (!route)
        return failure(route.error());
    return m_forwarder.originate(*route, outgoing);
}

Result<void, Error> Engine::Node::sendAlong(const Path& path, const Forwarder::Outgoing& outgoing, Instant now)
{
    checkTime(now);
    m_map.noteUsed(outgoing.target, now);
    return m_forwarder.originate(routeAlong(path), outgoing);
}

bool Engine::Node::confirmWay(const DataReceived& data, Instant now)
{
    checkTime(now);
    if (data.newWay.entries.empty())
        return false;
    const WaysBack::Stream stream{.peer = data.from, .theirPort = data.sourcePort, .ourPort = data.destinationPort};
    return m_forwarder.waysBack().confirm(stream, data.newWay, now);
}

bool Engine::Node::canLeave(const Path& path) const
{
    const Port* port = m_context.ports.findByLink(path.hops.front().out.linkId);
    return port != nullptr && port->isUp();
}

Result<void, Error> Engine::Node::probe(const Path& path, const Echo::Question& question, Instant now)
{
    checkTime(now);
    if (!canLeave(path))
        return failure(Error{.code = ErrorCode::NoPath, .context = question.target.toString()});
    return ask(routeAlong(path), question, now);
}

std::optional<std::size_t> Engine::Node::dataBytesMax(romon::RomonId target) const
{
    const auto route = routeTo(target);
    return route ? route->dataBytesMax() : std::nullopt;
}

Result<void, Error> Engine::Node::ping(const Echo::Question& question, Instant now)
{
    checkTime(now);
    const auto route = routeTo(question.target);
    if (!route)
        return failure(route.error());
    return ask(*route, question, now);
}

Result<void, Error> Engine::Node::ask(const Route& route, const Echo::Question& question, Instant now)
{
    const auto bytesMax = route.dataBytesMax();
    if (question.sizeBytes < kEchoBytesMin || !bytesMax || question.sizeBytes > *bytesMax)
        return failure(Error{.code = ErrorCode::InvalidArgument, .context = "size of the echo"});
    const auto payload = m_echo.begin(question, now);
    if (!payload)
        return failure(payload.error());
    return m_forwarder.originate(route, {.target = question.target,
                                         .sourcePort = m_echo.sourcePort(question.kind),
                                         .destinationPort = romon::kPingPort,
                                         .payload = *payload,
                                         .trafficClass = Transmit::Class::Interactive});
}

NodeInfo Engine::Node::infoOf(romon::RomonId id, const NodeEntry& node, Instant now) const
{
    NodeInfo info;
    info.id = id;
    info.identity = node.identity;
    info.version = node.version;
    info.board = node.board;
    info.services = node.services;
    info.isFootbridge = node.isFootbridge;
    info.freshness = node.freshness;
    info.sinceHeard = now - node.heardAt;
    info.rtt = node.rtt;
    if (node.freshness != Freshness::Lost) {
        info.path = m_routes.best(id);
        if (node.uptime)
            info.uptime = *node.uptime + std::chrono::duration_cast<std::chrono::seconds>(now - node.uptimeAt);
    }
    return info;
}

PortInfo Engine::Node::infoOf(const Port& port) const
{
    PortInfo info;
    info.id = port.id;
    info.interface = port.config.interface;
    info.mac = port.config.mac;
    info.l2Mtu = port.config.l2Mtu;
    info.cost = port.config.cost;
    info.state = port.state;
    info.bridge = port.config.segment;
    info.counters = port.counters;
    info.counters.neighbors = m_map.neighborsOn({.node = m_context.config.id, .linkId = port.linkId});
    return info;
}

Snapshot Engine::Node::snapshot(Instant now) const
{
    FB_ASSERT(now >= m_now);
    m_routes.catchUp();
    Snapshot snapshot;
    snapshot.self = m_context.config.id;
    snapshot.identity = m_context.config.identity;
    snapshot.role = m_context.config.role;
    snapshot.roundsAsked = m_map.rounds();
    snapshot.nodes.reserve(m_map.nodes().size());
    for (const auto& [id, node] : m_map.nodes())
        snapshot.nodes.push_back(infoOf(id, node, now));
    snapshot.links = m_map.links(Freshness::Lost);
    for (const auto& [id, port] : m_context.ports.all())
        snapshot.ports.push_back(infoOf(port));
    snapshot.counters = m_context.counters.named();
    snapshot.unverified = m_authenticator.refused();
    return snapshot;
}

} // namespace fb::overlay
