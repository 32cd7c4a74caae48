// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Policies.h"

#include "core/overlay/Unreachable.h"
#include "core/stream/Frame.h"

#include <algorithm>

namespace fb::sim {

namespace {

/// Source ports of streams begin here, services are below (docs/wire-format.md, section 8).
constexpr std::uint16_t kClientPortMin = 16384;
constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kPointerAt = 55;
constexpr std::size_t kSourceIdAt = 42;

template <class Name>
bool isOneOf(const std::vector<Name>& names, const Name& name)
{
    return std::ranges::find(names, name) != names.end();
}

bool isOfStream(const romon::DataView& data)
{
    return data.sourcePort != romon::kPingPort && data.destinationPort != romon::kPingPort &&
           !overlay::isPrivatePort(data.sourcePort) && !overlay::isPrivatePort(data.destinationPort);
}

bool isConnect(const romon::DataView& data)
{
    return !data.payload.empty() && data.payload[0] == static_cast<std::uint8_t>(stream::FrameType::Connect);
}

} // namespace

void PolicyList::set(const agent::PolicyScope& scope, const overlay::PathPolicy& policy)
{
    clear(scope);
    m_policies.push_back({.scope = scope, .policy = policy});
}

void PolicyList::clear(const agent::PolicyScope& scope)
{
    std::erase_if(m_policies, [&](const agent::ScopedPolicy& policy) { return policy.scope == scope; });
}

overlay::PathPolicy PolicyList::effective(std::optional<stream::StreamId> stream, romon::RomonId peer) const
{
    overlay::PathPolicy effective;
    const agent::ScopedPolicy* pinning = nullptr;
    for (const auto& policy : m_policies) {
        const auto& scope = policy.scope;
        if ((scope.session && scope.session != stream) || (scope.node && *scope.node != peer))
            continue;
        for (const auto& node : policy.policy.avoidNodes)
            effective.avoidNodes.push_back(node);
        for (const auto& link : policy.policy.avoidLinks)
            effective.avoidLinks.push_back(link);
        // That of the stream before that of the node: none is for all.
        if (!policy.policy.pin.empty() && (pinning == nullptr || scope.session))
            pinning = &policy;
    }
    if (pinning != nullptr) {
        effective.pin = pinning->policy.pin;
        effective.isStrict = pinning->policy.isStrict;
    }
    return effective;
}

void Policies::learnPorts()
{
    for (NodeIndex node = 0; node < m_net.nodeCount(); ++node) {
        for (overlay::PortId port = 0; port < m_net.portCount(node); ++port) {
            m_ports[m_net.macOf(node, port)] = {.node = node,
                                                .name = {.node = m_net.id(node), .linkId = m_net.linkIdOf(node, port)}};
        }
    }
}

agent::PolicyScope Policies::drawScope(NodeIndex node)
{
    const auto opened = m_traffic.openedBy(node);
    const auto kind = m_net.random().below(10);
    if (kind < 3)
        return {};
    if (opened.empty()) {
        const NodeIndex peer = m_net.random().below(static_cast<std::uint32_t>(m_net.nodeCount()));
        return {.session = std::nullopt, .node = m_net.id(peer)};
    }
    const auto& one = opened[m_net.random().below(static_cast<std::uint32_t>(opened.size()))];
    if (kind < 6)
        return {.session = std::nullopt, .node = m_net.id(one.server)};
    return {.session = one.stream, .node = std::nullopt};
}

overlay::PathPolicy Policies::drawAvoidance(const overlay::Path* path)
{
    overlay::PathPolicy policy;
    for (std::uint32_t more = 1 + m_net.random().below(3); more > 0; --more) {
        const bool isNode = m_net.happens(0.5);
        if (path != nullptr && m_net.happens(0.6)) {
            const auto& hop = path->hops[m_net.random().below(static_cast<std::uint32_t>(path->hops.size()))];
            const bool isOut = m_net.happens(0.5);
            if (isNode && hop.to != path->hops.back().to)
                policy.avoidNodes.push_back(hop.to);
            else if (isOut)
                policy.avoidLinks.push_back({.node = hop.from, .linkId = hop.out.linkId});
            else
                policy.avoidLinks.push_back({.node = hop.to, .linkId = hop.in.linkId});
            continue;
        }
        const NodeIndex node = m_net.random().below(static_cast<std::uint32_t>(m_net.nodeCount()));
        const auto port = m_net.random().below(static_cast<std::uint32_t>(m_net.portCount(node)));
        if (isNode)
            policy.avoidNodes.push_back(m_net.id(node));
        else
            policy.avoidLinks.push_back({.node = m_net.id(node), .linkId = m_net.linkIdOf(node, port)});
    }
    return policy;
}

void Policies::drawOne(NodeIndex node)
{
    if (!m_net.isRunning(node) || m_net.isFrozen(node))
        return;
    const auto scope = drawScope(node);
    if (m_net.happens(0.3))
        return clear(node, scope);
    const auto opened = m_traffic.openedBy(node);
    const auto* path = opened.empty() ? nullptr : m_net.stack(node).pathOf(opened.front().stream);
    if (m_net.happens(0.7) || (!scope.node && !scope.session)) {
        (void)set(node, scope, drawAvoidance(path));
        return;
    }
    const auto one = std::ranges::find_if(opened, [&](const auto& of) { return of.stream == scope.session; });
    const auto peer = scope.node ? *scope.node : m_net.id(one->server);
    const auto paths = m_net.engine(node).paths(peer, 4);
    if (!paths)
        return;
    overlay::PathPolicy policy;
    policy.pin = overlay::pinOf((*paths)[m_net.random().below(static_cast<std::uint32_t>(paths->size()))]);
    policy.isStrict = m_net.happens(0.3);
    (void)set(node, scope, policy);
}

bool Policies::set(NodeIndex node, const agent::PolicyScope& scope, const overlay::PathPolicy& policy)
{
    const auto result = m_net.stack(node).paths().setPolicy(scope, policy, m_net.localNow(node));
    if (result)
        m_lists[node].set(scope, policy);
    else
        m_net.demand(result.error().code == ErrorCode::NoPath || result.error().code == ErrorCode::NoSuchNode ||
                         result.error().code == ErrorCode::InvalidArgument,
                     "a policy is refused for a reason that a user understands");
    m_net.settle(node);
    return result.has_value();
}

void Policies::clear(NodeIndex node, const agent::PolicyScope& scope)
{
    m_net.stack(node).paths().clearPolicy(scope, m_net.localNow(node));
    m_lists[node].clear(scope);
    m_net.settle(node);
}

void Policies::clearAll()
{
    for (auto& [node, list] : m_lists) {
        const auto policies = list.all();
        for (const auto& policy : policies)
            clear(node, policy.scope);
    }
}

void Policies::nodeRestarted(NodeIndex node)
{
    m_lists[node] = {};
    std::erase_if(m_streamOf, [&](const auto& entry) { return std::get<NodeIndex>(entry.first) == node; });
}

void Policies::setWaysBack(NodeIndex client, WaysBack waysBack)
{
    m_settled = waysBack == WaysBack::Settled ? std::optional(client) : std::nullopt;
}

void Policies::sent(const SentFrame& sent)
{
    const Bytes frame = sent.frame;
    const auto& self = m_net.id(sent.node).value.octets;
    if (frame[kEthernetBytes] != static_cast<std::uint8_t>(romon::MessageType::Data) || frame[kPointerAt] != 0 ||
        !std::equal(self.begin(), self.end(), frame.begin() + kSourceIdAt))
        return;
    const auto data = romon::viewData(frame.subspan(kEthernetBytes));
    if (!data || !isOfStream(*data))
        return;
    if (data->sourcePort < kClientPortMin)
        return checkAnswer(sent, *data);
    const StreamKey key(sent.node, data->header.destination, data->sourcePort, data->destinationPort);
    if (isConnect(*data)) {
        // Older streams may repeat their connects at the moment in which another one is opened.
        const auto known = m_streamOf.find(key);
        const bool isRepeated = known != m_streamOf.end() && m_net.stack(sent.node).pathOf(known->second) != nullptr;
        const auto opened = m_traffic.justOpenedBy(sent.node);
        if (opened && !isRepeated)
            m_streamOf[key] = *opened;
    }
    const auto list = m_lists.find(sent.node);
    const auto stream = m_streamOf.find(key);
    const bool isBound = list != m_lists.end() && !list->second.all().empty() && stream != m_streamOf.end();
    const auto* path = isBound ? m_net.stack(sent.node).pathOf(stream->second) : nullptr;
    if (path == nullptr)
        return; // the last words about a stream that is over follow no policy of it
    const auto policy = list->second.effective(stream->second, data->header.destination);
    checkPath(*path, *data, policy);
    if (m_net.now() >= m_liesUntil)
        checkRoute(sent, *data, policy);
    checkPin(*data, sent.node, policy);
}

void Policies::checkAnswer(const SentFrame& sent, const romon::DataView& data)
{
    if (!m_settled || data.header.destination != m_net.id(*m_settled))
        return;
    const auto stream = m_streamOf.find({*m_settled, m_net.id(sent.node), data.destinationPort, data.sourcePort});
    if (stream == m_streamOf.end() || m_net.stack(*m_settled).pathOf(stream->second) == nullptr)
        return;
    checkRoute(sent, data, m_lists[*m_settled].effective(stream->second, m_net.id(sent.node)));
}

/// By the names that the node itself knows.
void Policies::checkPath(const overlay::Path& path, const romon::DataView& data,
                         const overlay::PathPolicy& policy) const
{
    m_net.demand(data.hopCount() == path.hops.size(), "a stream takes its path");
    for (std::size_t at = 0; at < path.hops.size(); ++at) {
        const auto& hop = path.hops[at];
        m_net.demand(data.hop(at) == romon::HopEntry{.linkId = hop.out.linkId, .mac = hop.in.mac},
                     "a stream takes its path");
        m_net.demand(!isOneOf(policy.avoidLinks, {.node = hop.from, .linkId = hop.out.linkId}) &&
                         !isOneOf(policy.avoidLinks, {.node = hop.to, .linkId = hop.in.linkId}) &&
                         !isOneOf(policy.avoidNodes, hop.from) && !isOneOf(policy.avoidNodes, hop.to),
                     "no stream takes a path over what its policy avoids");
    }
}

/// By the ports that the addresses belong to.
void Policies::checkRoute(const SentFrame& sent, const romon::DataView& data, const overlay::PathPolicy& policy) const
{
    auto from = m_net.id(sent.node);
    for (std::size_t at = 0; at < data.hopCount(); ++at) {
        const auto hop = data.hop(at);
        const auto next = m_ports.find(hop.mac);
        if (next == m_ports.end())
            return; // a stranger's lie about a port that is not there
        m_net.demand(!isOneOf(policy.avoidLinks, {.node = from, .linkId = hop.linkId}) &&
                         !isOneOf(policy.avoidLinks, next->second.name),
                     "no frame of a stream runs over a link that its policy avoids");
        from = next->second.name.node;
        m_net.demand(!isOneOf(policy.avoidNodes, from), "no frame of a stream runs over a node that its policy avoids");
    }
}

void Policies::checkPin(const romon::DataView& data, NodeIndex from, const overlay::PathPolicy& policy) const
{
    if (!policy.isStrict || policy.pin.empty())
        return;
    bool isPinned = data.hopCount() == policy.pin.size() && policy.pin.front().node == m_net.id(from);
    for (std::size_t at = 0; isPinned && at < policy.pin.size(); ++at)
        isPinned = data.hop(at).linkId == policy.pin[at].linkId;
    m_net.demand(isPinned, "a strict pin is waited for");
}

} // namespace fb::sim
