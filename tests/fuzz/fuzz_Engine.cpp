// SPDX-License-Identifier: Apache-2.0
// A node on three ports, one of them shared with a well-behaved second node, lives through any sequence of frames (raw
// bytes, and lies that know the names), time steps and commands: its tables stay within their limits, everything it
// sends can be read, and nothing goes on for ever.
#include "core/base/Assert.h"
#include "core/base/SeededRandom.h"
#include "core/overlay/Engine.h"
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/fuzz/Forger.h"

#include <algorithm>

using namespace fb;
using namespace fb::overlay;
using fb::fuzz::Script;

namespace {

constexpr PortId kPorts = 3;
constexpr PortId kPeerPort = 2;
constexpr std::size_t kOperationsMax = 400;
constexpr Limits kLimits{.nodesMax = 12, .linksMax = 24, .transmitsMax = 64, .eventsMax = 64, .pingsMax = 4};

MacAddress macOf(std::uint8_t node, std::uint8_t port)
{
    return {{0x02, 0, 0, 0, node, port}};
}

Config configOf(std::uint8_t node, Role role)
{
    Config config;
    config.id = {macOf(node, 0)};
    config.identity = "fuzzed";
    config.services = {3};
    config.role = role;
    config.limits = kLimits;
    return config;
}

class Pair {
public:
    Pair() : m_node(configOf(1, Role::Transit), m_random, m_now), m_peer(configOf(9, Role::Transit), m_random, m_now)
    {
        for (PortId port = 0; port < kPorts; ++port) {
            m_node.addPort(port,
                           {.interface = "port",
                            .mac = macOf(1, static_cast<std::uint8_t>(port + 1)),
                            .segment = port < 2 ? "" : "bridge"},
                           m_now);
            m_node.portChanged(port, PortState::Up, m_now);
        }
        m_peer.addPort(0, {.interface = "port", .mac = macOf(9, 1)}, m_now);
        m_peer.portChanged(0, PortState::Up, m_now);
    }

    void run(Script& script)
    {
        for (std::size_t count = 0; !script.isOver() && count < kOperationsMax; ++count) {
            const std::uint8_t operation = script.byte();
            if ((operation & 0x80U) != 0 && operation % 4 != 0)
                lie(script);
            else if ((operation & 0x80U) != 0)
                ways(script);
            else if (operation % 8 < 4)
                frame(script);
            else if (operation % 8 == 4)
                step(std::chrono::milliseconds(script.byte() * 20));
            else if (operation % 8 == 5)
                command(script);
            else if (operation % 8 == 6)
                port(script);
            else
                look();
            settle();
        }
        step(std::chrono::seconds(3));
        settle();
        look();
    }

private:
    void frame(Script& script)
    {
        const std::uint8_t how = script.byte();
        const std::size_t size = script.byte() * 2U;
        const PortId port = how % kPorts;
        const MacAddress destination =
            (how & 4U) != 0 ? romon::kGroupAddress : macOf(1, static_cast<std::uint8_t>(port + 1));
        const Bytes packet = script.bytes(size);
        ByteVector frame = fuzz::frameOf(destination, macOf(static_cast<std::uint8_t>(2 + how / 64), 1), packet);
        if ((how & 8U) != 0 && packet.size() >= 4) {
            frame[16] = static_cast<std::uint8_t>(frame.size() >> 8U);
            frame[17] = static_cast<std::uint8_t>(frame.size());
        }
        m_node.receive(port, frame, m_now);
    }

    void lie(Script& script)
    {
        const std::uint8_t how = script.byte();
        const PortId port = how % kPorts;
        const romon::Message message = m_forger.message(script);
        const bool isForAll = std::holds_alternative<romon::Discover>(message);
        const MacAddress to = isForAll ? romon::kGroupAddress : macOf(1, static_cast<std::uint8_t>(port + 1));
        const MacAddress from = macOf(static_cast<std::uint8_t>(2 + how / 64), 1);
        m_node.receive(port, fuzz::frameOf(to, from, romon::encode(message)), m_now);
    }

    romon::RomonId target(std::uint8_t which) const
    {
        const auto snapshot = m_node.snapshot(m_now);
        return snapshot.nodes.empty() ? romon::RomonId{macOf(9, 0)} : snapshot.nodes[which % snapshot.nodes.size()].id;
    }

    /// What sessions do with ways: look for them under a policy, probe them, send along them, doubt them.
    void ways(Script& script)
    {
        const std::uint8_t what = script.byte();
        const romon::RomonId node = target(what);
        PathPolicy policy;
        if ((what & 0x10U) != 0)
            policy.avoidNodes.push_back(script.pick(m_names.ids));
        if ((what & 0x20U) != 0)
            policy.avoidLinks.push_back({.node = script.pick(m_names.ids), .linkId = script.byte() % 8U});
        const std::size_t count = 1 + script.byte() % 4U;
        auto found = m_node.sessionPaths(node, count, policy);
        if (!found)
            return;
        // One more than asked for, if none of them is disjoint from the first.
        FB_ASSERT(!found->empty() && found->size() <= count + 1);
        for (const auto& path : *found) {
            for (const auto& hop : path.hops)
                FB_ASSERT(policy.avoidNodes.empty() ||
                          (hop.to != policy.avoidNodes[0] && hop.from != policy.avoidNodes[0]));
        }
        const Path path = script.pick(*found);
        policy.pin = pinOf(path);
        policy.isStrict = true;
        const auto pinned = m_node.paths(node, 1, policy);
        FB_ASSERT(pinned && pinOf(pinned->front()) == policy.pin);
        if ((what & 0x40U) != 0) {
            (void)m_node.probe(path, what, std::chrono::milliseconds(script.byte()), m_now);
        } else if ((what & 0x80U) != 0) {
            m_node.doubtLink(nameOf(script.pick(path.hops)));
        } else {
            const Bytes payload = script.bytes(script.byte());
            (void)m_node.sendDataAlong(path, what, script.byte(), payload, Transmit::Class::Interactive, m_now);
        }
    }

    void command(Script& script)
    {
        const std::uint8_t what = script.byte();
        const romon::RomonId node = target(what);
        if (what % 4 == 0) {
            m_node.startWatching(m_now);
            ++m_watchers;
        } else if (what % 4 == 1 && m_watchers > 0) {
            m_node.stopWatching(m_now);
            --m_watchers;
        } else if (what % 4 == 2) {
            (void)m_node.ping(node, what, script.byte(), std::chrono::milliseconds(script.byte()), m_now);
        } else {
            const Bytes payload = script.bytes(script.byte());
            (void)m_node.sendData(node, what, script.byte(), payload, Transmit::Class::Bulk, m_now);
        }
    }

    void port(Script& script)
    {
        const std::uint8_t what = script.byte();
        const PortId port = what % kPorts;
        if ((what & 0x80U) != 0) {
            m_node.removePort(port, m_now);
            m_node.addPort(port, {.interface = "port", .mac = macOf(1, static_cast<std::uint8_t>(port + 1))}, m_now);
        }
        constexpr PortState kStates[] = {PortState::Up, PortState::Up, PortState::Down, PortState::Forbidden};
        m_node.portChanged(port, kStates[(what >> 4U) % 4], m_now);
    }

    void step(Duration duration)
    {
        m_now += duration;
        m_node.advance(m_now);
        m_peer.advance(m_now);
    }

    /// The two nodes talk until both are silent; that must be soon.
    void settle()
    {
        for (int turns = 0; turns < 1000; ++turns) {
            auto transmit = m_node.nextTransmit();
            const auto reply = m_peer.nextTransmit();
            if (!transmit && !reply)
                return drainEvents();
            if (transmit) {
                checkAndCarry(*transmit);
                m_node.recycle(std::move(transmit->frame));
            }
            if (reply)
                m_node.receive(kPeerPort, reply->frame, m_now);
        }
        FB_ASSERT(false);
    }

    void drainEvents()
    {
        std::size_t events = 0;
        while (m_node.nextEvent())
            ++events;
        FB_ASSERT(events <= kLimits.eventsMax + 1);
        while (m_peer.nextEvent()) {
        }
        const auto deadline = m_node.nextDeadline();
        m_node.advance(m_now);
        FB_ASSERT(!deadline || *deadline >= m_now || m_node.nextDeadline() != deadline);
    }

    void checkAndCarry(const Transmit& transmit)
    {
        const auto ethernet = wire::decodeEthernet(transmit.frame);
        FB_ASSERT(ethernet.has_value() &&
                  ethernet->header.source == macOf(1, static_cast<std::uint8_t>(transmit.port + 1)));
        FB_ASSERT(romon::decode(ethernet->payload).has_value());
        m_forger.overhear(transmit.frame);
        const auto& destination = ethernet->header.destination;
        if (transmit.port == kPeerPort && (destination.isGroup() || destination == macOf(9, 1)))
            m_peer.receive(0, transmit.frame, m_now);
    }

    void look()
    {
        const auto snapshot = m_node.snapshot(m_now);
        FB_ASSERT(snapshot.nodes.size() <= kLimits.nodesMax && snapshot.links.size() <= kLimits.linksMax);
        for (const auto& node : snapshot.nodes) {
            FB_ASSERT(node.id != snapshot.self);
            const auto ways = m_node.paths(node.id, 3);
            FB_ASSERT(ways.has_value() == node.path.has_value());
            FB_ASSERT(!node.path || ways->front().cost == node.path->cost);
        }
    }

    /// Itself, its peer, two strangers, and nobody.
    const fuzz::Forger::Names m_names{
        .ids = {{macOf(1, 0)}, {macOf(9, 0)}, {macOf(2, 0)}, {macOf(3, 0)}, {macOf(4, 0)}, {}},
        .macs = {macOf(9, 1), macOf(2, 1), macOf(3, 1), macOf(1, 1), macOf(1, 3), romon::kGroupAddress}};
    fuzz::Forger m_forger{m_names};
    SeededRandom m_random{1};
    Instant m_now{std::chrono::seconds(1)};
    Engine m_node;
    Engine m_peer;
    int m_watchers = 0;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Script script(Bytes(data, size));
    Pair pair;
    pair.run(script);
    return 0;
}
