// SPDX-License-Identifier: Apache-2.0
// The network and its nodes; what happens on the wire is in SimWire.cpp, the rules in SimChecks.cpp.
#include "tests/sim/SimNet.h"

#include "tests/sim/SimNode.h"

#include <algorithm>
#include <cstdlib>
#include <tuple>

namespace fb::sim {

Instant Clock::truthOf(Instant local) const
{
    const auto elapsed = (local.time_since_epoch() - ahead) * 1'000'000 / (1'000'000 + partsPerMillion);
    Instant truth(elapsed - std::chrono::microseconds(2));
    while (at(truth) < local)
        truth += std::chrono::microseconds(1);
    return truth;
}

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
    node->streams = options.streams;
    node->clock = options.clock;
    node->random = SeededRandom((std::uint64_t{m_random.next32()} << 32U) | m_random.next32());
    m_nodes.push_back(std::move(node));
    start(index);
    return index;
}

SegmentIndex SimNet::addSegment()
{
    m_segments.push_back({.members = {}, .conditions = m_conditions});
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
    if (node.isRunning()) {
        node.overlay().addPort(port, config, localNow(index));
        node.overlay().portChanged(port, overlay::PortState::Up, localNow(index));
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

void SimNet::setConditions(Conditions conditions)
{
    m_conditions = conditions;
    for (auto& segment : m_segments)
        segment.conditions = conditions;
}

void SimNet::setConditions(SegmentIndex segment, Conditions conditions)
{
    m_segments.at(segment).conditions = conditions;
}

void SimNet::cut(SegmentIndex segment)
{
    m_segments.at(segment).state = Segment::State::Cut;
}

void SimNet::mend(SegmentIndex segment)
{
    m_segments.at(segment).state = Segment::State::Whole;
}

SimNet::Member& SimNet::memberOf(NodeIndex node, overlay::PortId port)
{
    auto& members = m_segments.at(segmentOf(node, port)).members;
    return *std::ranges::find_if(members,
                                 [&](const Member& member) { return member.node == node && member.port == port; });
}

void SimNet::impair(NodeIndex node, overlay::PortId port, Voice voice, Ears ears)
{
    Member& member = memberOf(node, port);
    member.voice = voice;
    member.ears = ears;
}

void SimNet::stop(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    if (node.motion == Node::Motion::Frozen)
        thaw(index);
    node.engine.reset();
    node.stack.reset();
    node.upper.reset();
    updateDeadline(index);
}

void SimNet::start(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    const Instant now = localNow(index);
    if (node.streams)
        node.stack.emplace(agent::Stack::Config{.overlay = node.config, .stream = *node.streams}, node.random, now);
    else
        node.engine.emplace(node.config, node.random, now);
    node.overlay().setSecrets(node.secrets, now);
    node.counters.clear();
    node.data = {};
    node.responses = {};
    for (std::size_t port = 0; port < node.ports.size(); ++port) {
        const auto id = static_cast<overlay::PortId>(port);
        node.overlay().addPort(id, node.ports[port].config, now);
        node.overlay().setPortSecrets(id, node.ports[port].secrets, now);
        node.overlay().portChanged(id, node.ports[port].state, now);
    }
    if (node.watching == Node::Watching::Yes)
        node.overlay().startWatching(now);
    settle(index);
}

void SimNet::freeze(NodeIndex index)
{
    m_nodes.at(index)->motion = Node::Motion::Frozen;
    updateDeadline(index);
}

void SimNet::thaw(NodeIndex index)
{
    Node& node = *m_nodes.at(index);
    node.motion = Node::Motion::Running;
    for (const auto& held : std::exchange(node.held, {})) {
        deliver({.when = m_now, .node = static_cast<std::uint32_t>(index), .port = held.port, .frame = held.frame});
    }
    updateDeadline(index);
}

void SimNet::setPort(NodeIndex index, overlay::PortId port, overlay::PortState state)
{
    m_nodes.at(index)->ports.at(port).state = state;
    if (!isRunning(index))
        return;
    engine(index).portChanged(port, state, localNow(index));
    settle(index);
}

void SimNet::setSecrets(NodeIndex index, SecretList secrets)
{
    m_nodes.at(index)->secrets = secrets;
    if (!isRunning(index))
        return;
    engine(index).setSecrets(std::move(secrets), localNow(index));
    settle(index);
}

void SimNet::setPortSecrets(NodeIndex index, overlay::PortId port, std::optional<SecretList> secrets)
{
    m_nodes.at(index)->ports.at(port).secrets = secrets;
    if (!isRunning(index))
        return;
    engine(index).setPortSecrets(port, std::move(secrets), localNow(index));
    settle(index);
}

void SimNet::changePort(NodeIndex index, overlay::PortId port, std::uint16_t cost, std::uint16_t l2Mtu)
{
    Node& node = *m_nodes.at(index);
    auto& attached = node.ports.at(port);
    attached.config.cost = cost;
    attached.config.l2Mtu = l2Mtu;
    if (!node.isRunning())
        return;
    node.overlay().removePort(port, localNow(index));
    node.overlay().addPort(port, attached.config, localNow(index));
    node.overlay().setPortSecrets(port, attached.secrets, localNow(index));
    node.overlay().portChanged(port, attached.state, localNow(index));
    settle(index);
}

void SimNet::setRole(NodeIndex node, overlay::Role role)
{
    m_nodes.at(node)->config.role = role;
}

void SimNet::setClock(NodeIndex node, Clock clock)
{
    m_nodes.at(node)->clock = clock;
}

std::size_t SimNet::portCount(NodeIndex node) const
{
    return m_nodes.at(node)->ports.size();
}

SegmentIndex SimNet::segmentOf(NodeIndex node, overlay::PortId port) const
{
    return m_nodes.at(node)->ports.at(port).segment;
}

overlay::Engine& SimNet::engine(NodeIndex node)
{
    return m_nodes.at(node)->overlay();
}

const overlay::Engine& SimNet::engine(NodeIndex node) const
{
    return std::as_const(*m_nodes.at(node)).overlay();
}

agent::Stack& SimNet::stack(NodeIndex node)
{
    return m_nodes.at(node)->stack.value();
}

romon::RomonId SimNet::id(NodeIndex node) const
{
    return m_nodes.at(node)->config.id;
}

bool SimNet::isRunning(NodeIndex node) const
{
    return m_nodes.at(node)->isRunning();
}

bool SimNet::isFrozen(NodeIndex node) const
{
    return m_nodes.at(node)->motion == Node::Motion::Frozen;
}

overlay::Role SimNet::roleOf(NodeIndex node) const
{
    return m_nodes.at(node)->config.role;
}

MacAddress SimNet::macOf(NodeIndex node, overlay::PortId port) const
{
    return m_nodes.at(node)->ports.at(port).config.mac;
}

std::uint32_t SimNet::linkIdOf(NodeIndex node, overlay::PortId port) const
{
    const auto linkId = m_nodes.at(node)->ports.at(port).config.linkId;
    return linkId != 0 ? linkId : port + 1;
}

/// RouterOS's documented rules in a few words: a port's own list, if it has secrets, stands in place of the node's; the
/// first signs, any verifies, and no list is the list of the empty secret.
bool SimNet::understandEachOther(const Member& first, const Member& second) const
{
    const auto listOf = [this](const Member& member) -> const SecretList& {
        const auto& node = *m_nodes[member.node];
        const auto& own = node.ports[member.port].secrets;
        return own && !own->empty() ? *own : node.secrets;
    };
    const auto verifies = [](const SecretList& listener, const SecretList& speaker) {
        const std::string word = speaker.empty() ? std::string() : speaker.front().reveal();
        return listener.empty()
                   ? word.empty()
                   : std::ranges::any_of(listener, [&](const Secret& secret) { return secret.reveal() == word; });
    };
    const auto& firstList = listOf(first);
    const auto& secondList = listOf(second);
    return verifies(firstList, secondList) && verifies(secondList, firstList);
}

overlay::Snapshot SimNet::snapshot(NodeIndex node) const
{
    const auto& of = *m_nodes.at(node);
    return of.stack ? of.stack->snapshot(localNow(node)) : of.engine.value().snapshot(localNow(node));
}

void SimNet::watch(NodeIndex node)
{
    m_nodes.at(node)->watching = Node::Watching::Yes;
    engine(node).startWatching(localNow(node));
    settle(node);
}

void SimNet::setUpper(NodeIndex node, std::unique_ptr<Upper> upper)
{
    m_nodes.at(node)->upper = std::move(upper);
}

std::vector<overlay::Event>& SimNet::events(NodeIndex node)
{
    return m_nodes.at(node)->events;
}

Instant SimNet::localNow(NodeIndex node) const
{
    return m_nodes.at(node)->clock.at(m_now);
}

std::vector<overlay::LinkInfo> SimNet::trueLinks() const
{
    std::vector<overlay::LinkInfo> links;
    const auto endOf = [this](const Member& member) {
        const auto& port = m_nodes[member.node]->ports[member.port].config;
        return overlay::LinkEnd{
            .linkId = linkIdOf(member.node, member.port), .l2Mtu = port.l2Mtu, .cost = port.cost, .mac = port.mac};
    };
    const auto isUsed = [this](const Member& member) {
        const auto& node = *m_nodes[member.node];
        return node.isRunning() && node.ports[member.port].state == overlay::PortState::Up;
    };
    for (const auto& segment : m_segments) {
        for (const auto& a : segment.members) {
            for (const auto& b : segment.members) {
                const auto& idA = m_nodes[a.node]->config.id;
                const auto& idB = m_nodes[b.node]->config.id;
                if (idA < idB && isUsed(a) && isUsed(b) && segment.state == Segment::State::Whole &&
                    understandEachOther(a, b)) {
                    links.push_back({.a = idA,
                                     .b = idB,
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
