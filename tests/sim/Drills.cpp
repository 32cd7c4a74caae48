// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Drills.h"

#include "core/overlay/NodeInformation.h"
#include "tests/sim/Truth.h"

#include <algorithm>
#include <set>

namespace fb::sim {

using namespace std::chrono_literals;

namespace {

constexpr Duration kKeystroke = 100ms;
constexpr std::uint64_t kKeystrokesMax = 100'000;
/// docs/paths.md: a dead path of a stream in use is asked every second, then owes five answers, one every 200 ms.
constexpr Duration kReturnLimit = 5s;
/// Three probes and 60 ms, and the answer of the next path.
constexpr Duration kFailoverLimit = 3s;
/// Where nothing that was held ready is left: the links that are gone are stale, and the map has other paths.
constexpr Duration kNoticedLimit = 10s;
/// A cut link is on the map again with the next answers.
constexpr Duration kMendedLimit = 10s;
/// The answers follow with the first frame that comes another way; those that were under way may follow 50 ms later.
constexpr Duration kWayBackLimit = 500ms;
constexpr Duration kProgressLimit = 1s;
constexpr Duration kRotationLimit = 120s;
constexpr Duration kLiesLast = 5s;
constexpr Duration kBetweenLies = 40ms;
/// Weather can make a lie come true for a moment; the way back takes five proofs, one every 200 ms.
constexpr Duration kBetweenMoves = 1s;

} // namespace

std::uint32_t Drills::below(std::size_t limit) const
{
    return m.net.random().below(static_cast<std::uint32_t>(limit));
}

bool Drills::openStreams()
{
    const auto costs = Truth(m.net).costsFrom(m_client);
    std::vector<NodeIndex> reachable;
    for (NodeIndex node = 0; node < costs.size(); ++node) {
        if (costs[node])
            reachable.push_back(node);
    }
    m_typing.clear();
    for (std::uint32_t more = 1 + below(3); more > 0 && !reachable.empty(); --more) {
        SessionPlan plan;
        plan.client = m_client;
        plan.server = reachable[below(reachable.size())];
        plan.bytesUp = kKeystrokesMax;
        plan.bytesDown = 2000;
        plan.typesEvery = kKeystroke;
        plan.mustEndWell = true;
        const auto stream = m.traffic.openSession(plan);
        m.net.demand(stream.has_value(), "a node that can be reached can be opened a stream to");
        m_typing.push_back({.stream = *stream, .server = plan.server});
    }
    m.net.runFor(1s);
    return !m_typing.empty();
}

void Drills::closeStreams()
{
    for (const auto& typing : m_typing)
        m.traffic.stopTyping(m_client, typing.stream);
}

const overlay::Path& Drills::pathOf(const Typing& typing) const
{
    const auto* path = m.net.stack(m_client).pathOf(typing.stream);
    m.net.demand(path != nullptr, "a stream that somebody types in has a path");
    return *path;
}

overlay::PathPolicy Drills::policyOf(const Typing& typing) const
{
    return m.policies.of(m_client).effective(typing.stream, m.net.id(typing.server));
}

/// Of what its policy allows, every stream takes the cheapest.
void Drills::waitForCheapest()
{
    const Truth truth(m.net);
    for (const auto& typing : m_typing) {
        const auto cheapest = truth.costsFrom(m_client, policyOf(typing))[typing.server];
        if (!cheapest)
            continue; // as it was when it was allowed
        const bool isTaken = m.net.runUntil([&] { return pathOf(typing).cost == *cheapest; }, kReturnLimit);
        if (!isTaken) {
            const auto text = "node " + std::to_string(m_client) + " to node " + std::to_string(typing.server) +
                              ": a stream does not take the cheapest path that it may, but one of " +
                              std::to_string(pathOf(typing).cost) + " instead of " + std::to_string(*cheapest);
            m.net.demand(false, text.c_str());
        }
    }
}

/// Policies name what the map shows: what is gone, or was a lie, is a path for as long as it is there. A node that has
/// come back as a leaf says so when it is asked next.
void Drills::waitForForgotten()
{
    m.net.runFor(overlay::kNodeInformationInterval + overlay::kNodeInformationRetry);
    std::set<overlay::LinkName> real;
    for (const auto& link : m.net.trueLinks())
        real.insert(overlay::nameOf(link));
    const auto hasForgotten = [&] {
        return std::ranges::all_of(m.net.snapshot(m_client).links, [&](const overlay::LinkInfo& link) {
            return link.freshness == overlay::Freshness::Lost || real.contains(overlay::nameOf(link));
        });
    };
    m.net.demand(m.net.runUntil(hasForgotten, kForgottenLimit), "what is gone leaves the map");
}

/// What is typed arrives.
void Drills::expectProgress(Duration time)
{
    const Instant end = m.net.now() + time;
    while (m.net.now() < end) {
        std::vector<std::uint64_t> before;
        for (const auto& typing : m_typing)
            before.push_back(m.traffic.arrivedFrom(m_client, typing.stream));
        m.net.runFor(kProgressLimit);
        for (std::size_t at = 0; at < m_typing.size(); ++at)
            m.net.demand(m.traffic.arrivedFrom(m_client, m_typing[at].stream) > before[at],
                         "what is typed in calm weather arrives within a second");
    }
}

void Drills::run(NodeIndex client)
{
    m_client = client;
    if (!openStreams())
        return;
    using Drill = void (Drills::*)();
    constexpr Drill kDrills[] = {&Drills::drillPolicies, &Drills::drillPolicies, &Drills::drillPins,
                                 &Drills::drillLies};
    if (m.secrets.isUsed() && m.net.happens(0.5))
        drillRotation();
    else
        (this->*kDrills[below(std::size(kDrills))])();
    m.policies.setWaysBack(m_client, Policies::WaysBack::Unsettled);
    m.policies.clearAll();
    waitForCheapest();
    closeStreams();
}

void Drills::drillPolicies()
{
    m.log("drill: policies of node " + std::to_string(m_client));
    waitForForgotten();
    waitForCheapest();
    for (std::uint32_t more = 2 + below(6); more > 0; --more) {
        m.policies.setWaysBack(m_client, Policies::WaysBack::Unsettled);
        setOnePolicy();
        waitForCheapest();
        m.net.runFor(kWayBackLimit);
        m.policies.setWaysBack(m_client, Policies::WaysBack::Settled);
        expectProgress(Duration(below(2'000'000)));
    }
}

void Drills::setOnePolicy()
{
    const auto scope = m.policies.drawScope(m_client);
    if (m.net.happens(0.25))
        return m.policies.clear(m_client, scope);
    const auto policy = m.policies.drawAvoidance(&pathOf(m_typing[below(m_typing.size())]));
    const bool isRight = leavesPaths(scope, policy);
    const bool isSet = m.policies.set(m_client, scope, policy);
    m.net.demand(isSet == isRight, isSet ? "a policy that leaves a stream without a path is refused"
                                         : "a policy that leaves every stream a path is accepted");
    ++(isSet ? m_totals.policies : m_totals.refused);
}

bool Drills::leavesPaths(const agent::PolicyScope& scope, const overlay::PathPolicy& policy) const
{
    PolicyList changed = m.policies.of(m_client);
    changed.set(scope, policy);
    const Truth truth(m.net);
    const auto hasPath = [&](std::optional<stream::StreamId> stream, NodeIndex server) {
        return truth.costsFrom(m_client, changed.effective(stream, m.net.id(server)))[server].has_value();
    };
    for (NodeIndex node = 0; scope.node && node < m.net.nodeCount(); ++node) {
        if (m.net.id(node) == *scope.node && !hasPath(std::nullopt, node))
            return false;
    }
    return std::ranges::all_of(m_typing, [&](const Typing& typing) {
        const bool isConcerned = (!scope.session || *scope.session == typing.stream) &&
                                 (!scope.node || *scope.node == m.net.id(typing.server));
        return !isConcerned || hasPath(typing.stream, typing.server);
    });
}

bool Drills::isHeldReady(romon::RomonId peer, const overlay::Path& path) const
{
    return m.net.stack(m_client).paths().reports(peer, {path}).front().state != agent::PathState::Unwatched;
}

/// A pinned path is cut: a session moves unless the pin is a strict one, and is back on it soon after it is mended.
void Drills::drillPins()
{
    waitForForgotten();
    const Typing typing = m_typing[below(m_typing.size())];
    const auto peer = m.net.id(typing.server);
    const auto paths = m.net.engine(m_client).paths(peer, agent::SessionPaths::kPathsInTrouble);
    m.net.demand(paths.has_value(), "there are paths to whom a stream leads");
    const overlay::Path pinned = (*paths)[below(paths->size())];
    overlay::PathPolicy policy;
    policy.pin = overlay::pinOf(pinned);
    policy.isStrict = m.net.happens(0.4);
    const agent::PolicyScope scope = m.net.happens(0.5)
                                         ? agent::PolicyScope{.session = typing.stream, .node = std::nullopt}
                                         : agent::PolicyScope{.session = std::nullopt, .node = peer};
    m.log("drill: node " + std::to_string(m_client) + " pins a path to node " + std::to_string(typing.server) +
          (policy.isStrict ? ", strictly" : ""));
    m.net.demand(m.policies.set(m_client, scope, policy), "a path that is there can be pinned");
    const auto isOnPin = [&] { return overlay::pinOf(pathOf(typing)) == policy.pin; };
    m.net.demand(m.net.runUntil(isOnPin, kReturnLimit), "a pinned path is used while it works");
    expectProgress(1s);

    const auto& hop = pinned.hops[below(pinned.hops.size())];
    std::optional<SegmentIndex> broken;
    for (NodeIndex node = 0; node < m.net.nodeCount(); ++node) {
        for (overlay::PortId port = 0; port < m.net.portCount(node); ++port) {
            if (m.net.macOf(node, port) == hop.in.mac)
                broken = m.net.segmentOf(node, port);
        }
    }
    m.net.cut(broken.value());
    ++m_totals.pinsCut;
    const Truth truth(m.net);
    const bool hasOther = truth.costsFrom(m_client)[typing.server].has_value();
    const auto isReady = [&](const overlay::Path& path) { return isHeldReady(peer, path) && truth.isReal(path); };
    const auto limit = std::ranges::any_of(*paths, isReady) ? kFailoverLimit : kNoticedLimit;
    if (!policy.isStrict && hasOther)
        m.net.demand(m.net.runUntil([&] { return !isOnPin(); }, limit), "a pinned path that fails is replaced");
    m.net.runFor(Duration(below(5'000'000)));
    m.net.demand(!policy.isStrict || isOnPin(), "a strict pin is waited for");
    m.net.mend(broken.value());
    m.net.demand(m.net.runUntil(isOnPin, kMendedLimit), "a pinned path is used again once it works");
    m.net.demand(m.net.runUntil([&] { return m.differences().empty(); }, kMendedLimit),
                 "a mended link is on every map");
    expectProgress(1s);
}

/// Lies about the path in use, faster than they are believed. In a network with secrets, everything else as well.
void Drills::drillLies()
{
    m.log("drill: lies about the paths of node " + std::to_string(m_client));
    waitForCheapest();
    const std::uint64_t movesBefore = m.traffic.movesOf(m_client);
    const Instant end = m.net.now() + kLiesLast;
    std::vector<std::uint64_t> before(m_typing.size());
    for (Instant looked = m.net.now(); m.net.now() < end;) {
        for (const auto& typing : m_typing) {
            m.hostile.forgeUnreachable(m_client, overlay::Path(pathOf(typing)));
            ++m_totals.lies;
        }
        if (m.secrets.isAuthenticated() && m.net.happens(0.1))
            m.hostile.attack();
        m.net.runFor(kBetweenLies);
        if (m.net.now() - looked < kProgressLimit)
            continue;
        looked = m.net.now();
        for (std::size_t at = 0; at < m_typing.size(); ++at) {
            const auto arrived = m.traffic.arrivedFrom(m_client, m_typing[at].stream);
            m.net.demand(arrived > before[at], "what is typed while strangers lie arrives within a second");
            before[at] = arrived;
        }
        const auto difference = m.differences();
        m.net.demand(!m.secrets.isAuthenticated() || difference.empty(),
                     ("a stranger changes a map that secrets guard: " + difference).c_str());
    }
    const std::uint64_t moves = m.traffic.movesOf(m_client) - movesBefore;
    m_totals.movesByLies += moves;
    m.log("lies have moved streams " + std::to_string(moves) + " times");
    m.net.demand(moves == 0 || !m.secrets.isAuthenticated(), "no lie moves a stream where secrets are used");
    m.net.demand(moves <= m_typing.size() * static_cast<std::uint64_t>(kLiesLast / kBetweenMoves),
                 "lies do not drive a stream to and fro");
    waitForCheapest();
}

std::uint64_t Drills::refusedFrames() const
{
    static const std::set<std::string, std::less<>> kReasons{"hash-mismatch", "unhashed-refused",
                                                             "auth-not-verifiable"};
    std::uint64_t sum = 0;
    for (NodeIndex node = 0; node < m.net.nodeCount(); ++node) {
        for (const auto& counter : m.net.snapshot(node).counters)
            sum += kReasons.contains(counter.name) ? counter.value : 0;
    }
    return sum;
}

/// Every list of a network is changed three times while its users go on: not one frame is refused for it.
void Drills::drillRotation()
{
    m.log("drill: secrets change");
    if (!m.net.runUntil([this] { return !m.secrets.isRotating(); }, kRotationLimit))
        m.net.demand(false, "a rotation comes to its end");
    const auto before = refusedFrames();
    m.secrets.rotate();
    const Instant limit = m.net.now() + kRotationLimit;
    while (m.secrets.isRotating() && m.net.now() < limit)
        expectProgress(kProgressLimit);
    m.net.demand(!m.secrets.isRotating(), "a rotation comes to its end");
    ++m_totals.rotations;
    m.net.demand(m.secrets.hasOutcast() || refusedFrames() == before, "a rotation costs no frame");
}

} // namespace fb::sim
