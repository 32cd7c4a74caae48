// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/SimNet.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace fb::sim {

struct SimNet::Node {
    struct Attached {
        SegmentIndex segment = 0;
        overlay::PortConfig config;
        overlay::PortState state = overlay::PortState::Up;
        std::optional<SecretList> secrets{};
    };

    overlay::Config config;
    SeededRandom random{0};
    std::vector<Attached> ports; ///< by port id
    SecretList secrets;
    std::optional<overlay::Engine> engine;
    std::unique_ptr<Upper> upper;
    std::optional<Instant> deadline;
    std::vector<overlay::Event> events;
    enum class Watching { No, Yes } watching = Watching::No;
};

SimNet::SimNet(std::uint64_t seed, Conditions conditions)
    : m_seed(seed), m_random(seed), m_conditions(conditions), m_now(std::chrono::seconds(1))
{
}

SimNet::~SimNet() = default;

NodeIndex SimNet::addNode(NodeOptions options)
{
    const NodeIndex index = m_nodes.size();
    auto node = std::make_unique<Node>();
    if (options.id == romon::RomonId{}) {
        options.id.value.octets = {
            2, 0, 0, 0, static_cast<std::uint8_t>(index >> 8U), static_cast<std::uint8_t>(index & 0xffU)};
    }
    node->config.id = options.id;
    node->config.identity = options.identity.empty() ? "node" + std::to_string(index) : options.identity;
    node->config.role = options.role;
    node->config.limits = options.limits;
    node->config.services = std::move(options.services);
    node->config.board = options.board;
    node->random = SeededRandom((std::uint64_t{m_random.next32()} << 32U) | m_random.next32());
    m_nodes.push_back(std::move(node));
    start(index);
    return index;
}

SegmentIndex SimNet::addSegment()
{
    m_segments.emplace_back();
    return m_segments.size() - 1;
}

overlay::PortId SimNet::attach(NodeIndex index, SegmentIndex segment, PortOptions options)
{
    Node& node = *m_nodes.at(index);
    const auto port = static_cast<overlay::PortId>(node.ports.size());
    if (options.mac.isZero()) {
        options.mac.octets = {6,
                              0,
                              static_cast<std::uint8_t>(index >> 8U),
                              static_cast<std::uint8_t>(index & 0xffU),
                              static_cast<std::uint8_t>(port >> 8U),
                              static_cast<std::uint8_t>(port & 0xffU)};
    }
    const overlay::PortConfig config{.interface = "port" + std::to_string(port),
                                     .mac = options.mac,
                                     .l2Mtu = options.l2Mtu,
                                     .cost = options.cost,
                                     .segment = options.bridge,
                                     .linkId = options.linkId};
    node.ports.push_back({.segment = segment, .config = config});
    m_segments.at(segment).members.push_back({.node = index, .port = port, .mac = options.mac});
    if (node.engine) {
        node.engine->addPort(port, config, m_now);
        node.engine->portChanged(port, overlay::PortState::Up, m_now);
        settle(index);
    }
    return port;
}

SegmentIndex SimNet::link(NodeIndex first, NodeIndex second, PortOptions firstPort, PortOptions secondPort)
{
    const SegmentIndex segment = addSegment();
    attach(first, segment, std::move(firstPort));
    attach(second, segment, std::move(secondPort));
    return segment;
}

void SimNet::cut(SegmentIndex segment)
{
    m_segments.at(segment).state = Segment::State::Cut;
}

void SimNet::mend(SegmentIndex segment)
{
    m_segments.at(segment).state = Segment::State::Whole;
}

void SimNet::stop(NodeIndex index)
{
    m_nodes.at(index)->engine.reset();
    m_nodes.at(index)->upper.reset();
    updateDeadline(index);
}

void SimNet::start(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    node.engine.emplace(node.config, node.random, m_now);
    node.engine->setSecrets(node.secrets, m_now);
    for (std::size_t port = 0; port < node.ports.size(); ++port) {
        const auto id = static_cast<overlay::PortId>(port);
        node.engine->addPort(id, node.ports[port].config, m_now);
        node.engine->setPortSecrets(id, node.ports[port].secrets, m_now);
        node.engine->portChanged(id, node.ports[port].state, m_now);
    }
    if (node.watching == Node::Watching::Yes)
        node.engine->startWatching(m_now);
    settle(index);
}

void SimNet::setPort(NodeIndex index, overlay::PortId port, overlay::PortState state)
{
    m_nodes.at(index)->ports.at(port).state = state;
    engine(index).portChanged(port, state, m_now);
    settle(index);
}

void SimNet::setSecrets(NodeIndex index, SecretList secrets)
{
    m_nodes.at(index)->secrets = secrets;
    engine(index).setSecrets(std::move(secrets), m_now);
    settle(index);
}

void SimNet::setPortSecrets(NodeIndex index, overlay::PortId port, std::optional<SecretList> secrets)
{
    m_nodes.at(index)->ports.at(port).secrets = secrets;
    engine(index).setPortSecrets(port, std::move(secrets), m_now);
    settle(index);
}

overlay::Engine& SimNet::engine(NodeIndex node)
{
    return m_nodes.at(node)->engine.value();
}

romon::RomonId SimNet::id(NodeIndex node) const
{
    return m_nodes.at(node)->config.id;
}

bool SimNet::isRunning(NodeIndex node) const
{
    return m_nodes.at(node)->engine.has_value();
}

overlay::Role SimNet::roleOf(NodeIndex node) const
{
    return m_nodes.at(node)->config.role;
}

const overlay::Limits& SimNet::limitsOf(NodeIndex node) const
{
    return m_nodes.at(node)->config.limits;
}

MacAddress SimNet::macOf(NodeIndex node, overlay::PortId port) const
{
    return m_nodes.at(node)->ports.at(port).config.mac;
}

overlay::Snapshot SimNet::snapshot(NodeIndex node) const
{
    return m_nodes.at(node)->engine.value().snapshot(m_now);
}

void SimNet::watch(NodeIndex node)
{
    m_nodes.at(node)->watching = Node::Watching::Yes;
    engine(node).startWatching(m_now);
    settle(node);
}

void SimNet::setUpper(NodeIndex node, std::unique_ptr<Upper> upper)
{
    m_nodes.at(node)->upper = std::move(upper);
    settle(node);
}

std::vector<overlay::Event>& SimNet::events(NodeIndex node)
{
    return m_nodes.at(node)->events;
}

void SimNet::settle(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    if (node.engine) {
        while (auto event = node.engine->nextEvent()) {
            if (node.upper)
                node.upper->event(*node.engine, *event, m_now);
            node.events.push_back(std::move(*event));
        }
        while (auto transmit = node.engine->nextTransmit()) {
            const SegmentIndex segment = node.ports.at(transmit->port).segment;
            const SentFrame sent{
                .when = m_now, .segment = segment, .node = index, .port = transmit->port, .frame = transmit->frame};
            checkFrame(sent);
            if (m_observer)
                m_observer(sent);
            carry(segment, index, sent.frame);
        }
    }
    updateDeadline(index);
}

void SimNet::updateDeadline(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    if (node.deadline)
        m_deadlines.erase({*node.deadline, index});
    node.deadline = node.engine ? node.engine->nextDeadline() : std::nullopt;
    const auto upper = node.engine && node.upper ? node.upper->nextDeadline() : std::nullopt;
    if (upper && (!node.deadline || *upper < *node.deadline))
        node.deadline = upper;
    if (node.deadline)
        m_deadlines.emplace(*node.deadline, index);
}

bool SimNet::happens(double probability)
{
    constexpr double kRange = 4294967296.0;
    return probability > 0 && m_random.next32() < probability * kRange;
}

void SimNet::inject(SegmentIndex segment, Bytes frame)
{
    carry(segment, std::nullopt, frame);
}

/// A switch: group frames to everybody else, others to the port with the address.
void SimNet::carry(SegmentIndex index, std::optional<NodeIndex> sender, Bytes frame)
{
    const Segment& segment = m_segments.at(index);
    if (segment.state == Segment::State::Cut)
        return;
    MacAddress destination;
    MacAddress source;
    std::copy_n(frame.begin(), 6, destination.octets.begin());
    std::copy_n(frame.begin() + 6, 6, source.octets.begin());
    for (const auto& member : segment.members) {
        if (member.mac == source || (!destination.isGroup() && member.mac != destination))
            continue;
        if (m_oneSide && sender && m_oneSide->contains(*sender) != m_oneSide->contains(member.node))
            continue;
        if (happens(m_conditions.loss))
            continue;
        deliverLater(member, frame);
        if (happens(m_conditions.duplicate))
            deliverLater(member, frame);
    }
}

void SimNet::deliverLater(const Member& to, Bytes frame)
{
    const auto spread = (m_conditions.delayMax - m_conditions.delayMin).count();
    const Duration jitter(spread > 0 ? m_random.below(static_cast<std::uint32_t>(spread)) : 0);
    Delivery delivery{.node = to.node, .port = to.port, .frame = ByteVector(frame.begin(), frame.end())};
    if (happens(m_conditions.corrupt))
        damage(delivery.frame);
    m_deliveries.emplace(std::pair(m_now + m_conditions.delayMin + jitter, m_deliveryCount++), std::move(delivery));
}

void SimNet::damage(ByteVector& frame)
{
    const auto at = m_random.below(static_cast<std::uint32_t>(frame.size()));
    if (happens(0.2))
        frame.resize(at);
    else
        frame[at] = static_cast<std::uint8_t>(frame[at] ^ (1U << m_random.below(8)));
}

void SimNet::trace(Bytes bytes)
{
    const auto mix = [this](std::uint64_t value) { m_traceHash = (m_traceHash ^ value) * 0x100000001b3ULL; };
    mix(static_cast<std::uint64_t>(m_now.time_since_epoch().count()));
    for (const auto octet : bytes)
        mix(octet);
}

std::optional<Instant> SimNet::nextMoment() const
{
    std::optional<Instant> next;
    if (!m_deliveries.empty())
        next = m_deliveries.begin()->first.first;
    if (!m_deadlines.empty() && (!next || m_deadlines.begin()->first < *next))
        next = m_deadlines.begin()->first;
    return next;
}

/// One thing that happens: a frame arrives, or a node's time has come.
void SimNet::step()
{
    m_now = std::max(m_now, nextMoment().value());
    if (!m_deliveries.empty() && m_deliveries.begin()->first.first <= m_now) {
        const Delivery delivery = std::move(m_deliveries.begin()->second);
        m_deliveries.erase(m_deliveries.begin());
        Node& node = *m_nodes[delivery.node];
        trace(delivery.frame);
        if (node.engine) {
            node.engine->receive(delivery.port, delivery.frame, m_now);
            settle(delivery.node);
        }
        return;
    }
    const NodeIndex index = m_deadlines.begin()->second;
    Node& node = *m_nodes[index];
    node.engine->advance(m_now);
    if (node.upper)
        node.upper->advance(*node.engine, m_now);
    settle(index);
    demand(!node.deadline || *node.deadline > m_now, "a deadline lies in the future once advance() was called");
}

void SimNet::runFor(Duration duration)
{
    (void)runUntil([] { return false; }, duration);
}

bool SimNet::runUntil(const std::function<bool()>& condition, Duration limit)
{
    const Instant end = m_now + limit;
    while (!condition()) {
        const auto next = nextMoment();
        if (!next || *next > end) {
            m_now = end;
            return condition();
        }
        step();
        if (m_now >= m_nextCheck) {
            m_nextCheck = m_now + std::chrono::seconds(1);
            for (NodeIndex node = 0; node < m_nodes.size(); ++node)
                checkNode(node);
        }
    }
    return true;
}

std::vector<overlay::LinkInfo> SimNet::trueLinks() const
{
    std::vector<overlay::LinkInfo> links;
    const auto endOf = [this](const Member& member) {
        const auto& port = m_nodes[member.node]->ports[member.port].config;
        return overlay::LinkEnd{.linkId = port.linkId != 0 ? port.linkId : member.port + 1,
                                .l2Mtu = port.l2Mtu,
                                .cost = port.cost,
                                .mac = port.mac};
    };
    for (const auto& segment : m_segments) {
        for (const auto& a : segment.members) {
            for (const auto& b : segment.members) {
                const auto& nodeA = m_nodes[a.node];
                const auto& nodeB = m_nodes[b.node];
                if (nodeA->config.id < nodeB->config.id && nodeA->engine && nodeB->engine &&
                    segment.state == Segment::State::Whole) {
                    links.push_back({.a = nodeA->config.id,
                                     .b = nodeB->config.id,
                                     .endA = endOf(a),
                                     .endB = endOf(b),
                                     .freshness = overlay::Freshness::Fresh});
                }
            }
        }
    }
    std::ranges::sort(links, {},
                      [](const overlay::LinkInfo& link) { return std::tie(link.a, link.b, link.endA, link.endB); });
    return links;
}

std::uint64_t seedFromEnvironmentOr(std::uint64_t seed)
{
    const char* given = std::getenv("FB_SIM_SEED");
    return given == nullptr ? seed : std::strtoull(given, nullptr, 0);
}

} // namespace fb::sim
