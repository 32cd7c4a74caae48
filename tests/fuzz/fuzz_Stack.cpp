// SPDX-License-Identifier: Apache-2.0
// Four whole nodes in a ring, with streams across it. The script opens, writes, reads and closes, sets policies, cuts
// and mends cables, takes ports down, restarts nodes, changes secrets, lets time pass, and puts lies on the cables.
// Whatever it says: nothing goes on for ever, a node is done once it was served, sessions take ways that lead to their
// peer and that policies allow, and every byte read is the byte written at that place.
#include "core/agent/Stack.h"
#include "core/base/Assert.h"
#include "core/base/SeededRandom.h"
#include "tests/fuzz/Forger.h"

#include <array>
#include <deque>
#include <map>
#include <memory>

using namespace fb;
using namespace fb::agent;
using fb::fuzz::Script;
using fb::overlay::PortId;

namespace {

constexpr std::size_t kNodes = 4;
constexpr std::size_t kOperationsMax = 200;
constexpr int kFramesMax = 20000;
constexpr std::size_t kStreamsMax = 6;

romon::RomonId idOf(std::size_t node)
{
    return {{{0x02, 0, 0, 0, static_cast<std::uint8_t>(node), 0}}};
}

MacAddress macOf(std::size_t node, std::size_t port)
{
    return {{0x06, 0, 0, 0, static_cast<std::uint8_t>(node), static_cast<std::uint8_t>(port)}};
}

std::uint8_t byteAt(std::size_t from, std::uint64_t at)
{
    return static_cast<std::uint8_t>(at * 131U + at / 251U + from);
}

class Ring {
public:
    Ring()
    {
        for (std::size_t node = 0; node < kNodes; ++node)
            start(node);
        m_nodes[0].stack->overlay().startWatching(m_now);
        m_nodes[2].stack->overlay().startWatching(m_now);
        for (int rounds = 0; rounds < 4; ++rounds)
            pass(std::chrono::milliseconds(300));
    }

    void run(Script& script)
    {
        for (std::size_t count = 0; !script.isOver() && count < kOperationsMax; ++count) {
            act(script);
            settle();
            look();
        }
        m_cut = {};
        for (int rounds = 0; rounds < 3; ++rounds)
            pass(std::chrono::seconds(1));
        look();
    }

private:
    /// One end of a stream that is open or was.
    struct End {
        stream::StreamId stream = 0;
        std::uint64_t written = 0;
        std::uint64_t read = 0;
    };
    struct Node {
        std::unique_ptr<Stack> stack;
        SecretList secrets;
        std::vector<End> ends;
    };
    struct Flight {
        std::size_t to = 0;
        PortId port = 0;
        ByteVector frame;
    };

    static Stack::Config configOf(std::size_t node)
    {
        Stack::Config config;
        config.overlay.id = idOf(node);
        config.overlay.services = {1, 2, 3};
        config.overlay.role = overlay::Role::Transit;
        config.overlay.limits = {.nodesMax = 12, .linksMax = 24, .transmitsMax = 512, .eventsMax = 512, .pingsMax = 64};
        config.stream.streamsMax = kStreamsMax;
        config.stream.halfOpenMax = 8;
        config.stream.sendBufferBytes = 20000;
        config.stream.receiveBufferBytes = 20000;
        return config;
    }

    void start(std::size_t node)
    {
        m_now += std::chrono::milliseconds(2);
        m_nodes[node].stack = std::make_unique<Stack>(configOf(node), m_random, m_now);
        m_nodes[node].ends.clear();
        auto& overlay = m_nodes[node].stack->overlay();
        overlay.setSecrets(m_nodes[node].secrets, m_now);
        for (PortId port = 0; port < 2; ++port) {
            // The way over node 1 is the cheaper one.
            const std::uint16_t cost = node == 3 || (node + port) % 3 == 0 ? 200 : 100;
            overlay.addPort(port, {.interface = "port", .mac = macOf(node, port), .cost = cost}, m_now);
            overlay.portChanged(port, overlay::PortState::Up, m_now);
        }
    }

    void act(Script& script)
    {
        const std::uint8_t what = script.byte();
        const std::size_t node = what >> 6U;
        switch (what % 16U) {
        case 0:
            return open(script, node);
        case 1:
        case 2:
            return write(script, node);
        case 3:
            return read(script, node);
        case 4:
            return end(script, node);
        case 5:
        case 6:
            return setPolicy(script, node);
        case 7:
            return m_nodes[node].stack->paths().clearPolicy(scopeOf(script, node), m_now);
        case 8:
            m_cut[node] = (what & 0x10U) != 0 ? 0xffU : script.byte();
            return;
        case 9:
            return changePort(script, node);
        case 10:
            return pass(std::chrono::milliseconds(script.byte()));
        case 11:
            return pass(std::chrono::milliseconds(script.word()));
        case 12:
        case 13:
            return lie(script, node);
        case 14:
            return (what & 0x30U) == 0x30U ? start(node) : changeSecrets(script, node);
        default:
            return use(script, node);
        }
    }

    void open(Script& script, std::size_t node)
    {
        const auto stream =
            m_nodes[node].stack->openStream(idOf(script.byte() % kNodes), 1 + script.byte() % 4U, m_now);
        if (stream)
            m_nodes[node].ends.push_back({.stream = *stream});
    }

    /// Null if the node has no stream.
    End* pick(Script& script, std::size_t node)
    {
        auto& ends = m_nodes[node].ends;
        return ends.empty() ? nullptr : &ends[script.byte() % ends.size()];
    }

    void write(Script& script, std::size_t node)
    {
        End* end = pick(script, node);
        if (end == nullptr)
            return;
        ByteVector bytes(script.word() % 9000U);
        for (std::size_t at = 0; at < bytes.size(); ++at)
            bytes[at] = byteAt(node, end->written + at);
        end->written += m_nodes[node].stack->streams().write(end->stream, bytes, m_now);
    }

    void read(Script& script, std::size_t node)
    {
        End* end = pick(script, node);
        if (end == nullptr)
            return;
        ByteVector bytes(1 + script.word() % 9000U);
        const std::size_t taken = m_nodes[node].stack->streams().read(end->stream, bytes, m_now);
        if (taken == 0)
            return;
        // Who writes marks the bytes with its own number.
        const auto from = static_cast<std::uint8_t>(bytes[0] - byteAt(0, end->read));
        FB_ASSERT(from < kNodes && from != node);
        for (std::size_t at = 0; at < taken; ++at)
            FB_ASSERT(bytes[at] == byteAt(from, end->read + at));
        end->read += taken;
    }

    void end(Script& script, std::size_t node)
    {
        End* end = pick(script, node);
        if (end == nullptr)
            return;
        if (script.byte() % 2 == 0)
            m_nodes[node].stack->streams().closeWriting(end->stream, m_now);
        else
            m_nodes[node].stack->streams().abort(end->stream, m_now);
    }

    PolicyScope scopeOf(Script& script, std::size_t node)
    {
        const std::uint8_t which = script.byte();
        PolicyScope scope;
        if (which % 3 == 0)
            scope.node = idOf(which / 3U % kNodes);
        if (which % 3 == 1 && !m_nodes[node].ends.empty())
            scope.session = m_nodes[node].ends[which / 3U % m_nodes[node].ends.size()].stream;
        return scope;
    }

    void setPolicy(Script& script, std::size_t node)
    {
        SessionPaths& paths = m_nodes[node].stack->paths();
        const PolicyScope scope = scopeOf(script, node);
        const std::uint8_t what = script.byte();
        overlay::PathPolicy policy;
        if ((what & 1U) != 0)
            policy.avoidNodes.push_back(idOf(script.byte() % kNodes));
        if ((what & 2U) != 0)
            policy.avoidLinks.push_back({.node = idOf(script.byte() % kNodes), .linkId = 1 + script.byte() % 3U});
        const auto& overlay = m_nodes[node].stack->overlay();
        const auto ways = overlay.paths(idOf((what & 4U) != 0 ? 2 : 0), 4);
        if ((what & 8U) != 0 && ways)
            policy.pin = overlay::pinOf(script.pick(*ways));
        policy.isStrict = (what & 16U) != 0 && !policy.pin.empty();
        if (!paths.setPolicy(scope, policy, m_now))
            return;
        for (const auto& session : m_nodes[node].stack->sessions(m_now)) {
            const bool isConcerned =
                scope.session ? *scope.session == session.session : !scope.node || *scope.node == session.peer;
            if (!isConcerned || !session.path)
                continue;
            for (const auto& hop : session.path->hops) {
                for (const auto& avoided : policy.avoidNodes)
                    FB_ASSERT(hop.from != avoided && hop.to != avoided);
            }
        }
    }

    void changePort(Script& script, std::size_t node)
    {
        const std::uint8_t what = script.byte();
        const PortId port = what % 2U;
        auto& overlay = m_nodes[node].stack->overlay();
        if ((what & 0x80U) != 0) {
            overlay.removePort(port, m_now);
            overlay.addPort(port, {.interface = "port", .mac = macOf(node, port), .l2Mtu = 800}, m_now);
        }
        const bool isUp = (what & 0x40U) == 0;
        overlay.portChanged(port, isUp ? overlay::PortState::Up : overlay::PortState::Down, m_now);
    }

    void changeSecrets(Script& script, std::size_t node)
    {
        const std::uint8_t how = script.byte();
        constexpr std::array kTexts{"", "one", "two"};
        SecretList list;
        for (std::size_t count = how % 4U; count > 0; --count)
            list.emplace_back(kTexts[script.byte() % kTexts.size()]);
        m_nodes[node].secrets = list;
        m_nodes[node].stack->overlay().setSecrets(std::move(list), m_now);
    }

    /// Of everything but streams: bytes that a stream of ours carries are ours.
    void lie(Script& script, std::size_t node)
    {
        const std::uint8_t how = script.byte();
        const PortId port = how % 2U;
        romon::Message message = m_forger.message(script);
        auto* data = std::get_if<romon::Data>(&message);
        if (data != nullptr && !overlay::isPrivatePort(data->destinationPort) && data->sourcePort != romon::kPingPort)
            data->destinationPort = romon::kPingPort;
        const bool isForAll = std::holds_alternative<romon::Discover>(message);
        const MacAddress to = isForAll ? romon::kGroupAddress : macOf(node, port);
        const MacAddress from = (how & 2U) != 0 ? macOf(9, 0) : beside(node, port);
        m_nodes[node].stack->overlay().receive(port, fuzz::frameOf(to, from, romon::encode(message)), m_now);
    }

    static MacAddress beside(std::size_t node, PortId port)
    {
        const auto [other, otherPort] = acrossFrom(node, port);
        return macOf(other, otherPort);
    }

    /// What an agent asks for its users.
    void use(Script& script, std::size_t node)
    {
        Stack& stack = *m_nodes[node].stack;
        const romon::RomonId target = idOf(script.byte() % kNodes);
        if (const auto ways = stack.overlay().paths(target, 4))
            FB_ASSERT(stack.paths().reports(target, *ways).size() == ways->size());
        (void)stack.overlay().ping(target, script.byte(), 32, std::chrono::milliseconds(500), m_now);
        stack.overlay().startWatching(m_now);
        (void)stack.snapshot(m_now);
        stack.overlay().stopWatching(m_now);
    }

    /// Port 1 of a node is joined to port 0 of the next.
    static std::pair<std::size_t, PortId> acrossFrom(std::size_t node, PortId port)
    {
        return port == 1 ? std::pair{(node + 1) % kNodes, PortId{0}}
                         : std::pair{(node + kNodes - 1) % kNodes, PortId{1}};
    }

    void pass(Duration time)
    {
        m_now += time;
        for (auto& node : m_nodes)
            node.stack->advance(m_now);
        settle();
        for (auto& node : m_nodes)
            FB_ASSERT(!node.stack->nextDeadline() || *node.stack->nextDeadline() > m_now);
    }

    void settle()
    {
        for (int frames = 0; frames < kFramesMax; ++frames) {
            for (std::size_t node = 0; node < kNodes; ++node)
                drain(node);
            if (m_flights.empty())
                return;
            const Flight flight = std::move(m_flights.front());
            m_flights.pop_front();
            m_nodes[flight.to].stack->overlay().receive(flight.port, flight.frame, m_now);
        }
        FB_ASSERT(false);
    }

    void drain(std::size_t node)
    {
        Stack& stack = *m_nodes[node].stack;
        while (auto transmit = stack.nextTransmit(m_now)) {
            if (node == 0)
                m_forger.overhear(transmit->frame);
            const auto [to, port] = acrossFrom(node, transmit->port);
            // A cable loses by a pattern, so that one that is not cut may still be lossy.
            auto& pattern = m_cut[transmit->port == 1 ? node : to];
            pattern = static_cast<std::uint8_t>(pattern << 1U | pattern >> 7U);
            if ((pattern & 1U) == 0)
                m_flights.push_back({to, port, std::move(transmit->frame)});
        }
        while (const auto event = stack.nextEvent(m_now)) {
            if (const auto* request = std::get_if<stream::ConnectRequested>(&*event))
                answer(node, *request);
            else if (const auto* ended = std::get_if<stream::Ended>(&*event))
                std::erase_if(m_nodes[node].ends, [&](const End& end) { return end.stream == ended->stream; });
        }
    }

    void answer(std::size_t node, const stream::ConnectRequested& request)
    {
        if (request.service == 4)
            return m_nodes[node].stack->refuseStream(request, stream::Refusal::NotAllowed, m_now);
        m_nodes[node].stack->acceptStream(request, m_now);
        if (m_nodes[node].stack->streams().contains(request.stream))
            m_nodes[node].ends.push_back({.stream = request.stream});
    }

    void look()
    {
        for (std::size_t node = 0; node < kNodes; ++node) {
            const auto sessions = m_nodes[node].stack->sessions(m_now);
            FB_ASSERT(sessions.size() <= kStreamsMax);
            for (const auto& session : sessions) {
                FB_ASSERT(session.path.has_value() == (session.direction == SessionInfo::Direction::Opened));
                FB_ASSERT(!session.path || (session.path->hops.front().from == idOf(node) &&
                                            session.path->hops.back().to == session.peer));
            }
            for (const auto& policy : m_nodes[node].stack->paths().policies().all()) {
                FB_ASSERT(!policy.scope.session ||
                          std::ranges::find(sessions, *policy.scope.session, &SessionInfo::session) != sessions.end());
            }
        }
    }

    SeededRandom m_random{1};
    Instant m_now{std::chrono::seconds(1)};
    std::array<Node, kNodes> m_nodes;
    std::array<std::uint8_t, kNodes> m_cut{}; ///< by the node whose port 1 the cable is at: which frames it loses
    std::deque<Flight> m_flights;
    fuzz::Forger m_forger{{.ids = {idOf(0), idOf(1), idOf(2), idOf(3), idOf(9)},
                           .macs = {macOf(0, 0), macOf(0, 1), macOf(1, 0), macOf(1, 1), macOf(2, 0), macOf(2, 1),
                                    macOf(3, 0), macOf(3, 1), macOf(9, 0)}}};
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Script script(Bytes(data, size));
    Ring ring;
    ring.run(script);
    return 0;
}
