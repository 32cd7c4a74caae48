// SPDX-License-Identifier: Apache-2.0
// Two nodes that share a secret, and on their cable somebody who records, delays, drops, replays, damages and forges
// frames, while nodes restart and lists of secrets change. Without the secret nobody makes either node act: every word
// that one hears the other has said, it is heard once however often it is played back, also by a node that has
// restarted, and nobody else is on the map. Once the script hands the secret out, or opens a list, only what any engine
// owes its callers is demanded.
#include "core/base/Assert.h"
#include "core/base/SeededRandom.h"
#include "core/overlay/Engine.h"
#include "core/overlay/FrameSignature.h"
#include "tests/fuzz/Forger.h"

#include <array>
#include <deque>
#include <memory>
#include <set>

using namespace fb;
using namespace fb::overlay;
using fb::fuzz::Script;

namespace {

constexpr std::size_t kOperationsMax = 300;
constexpr std::size_t kTapeMax = 128;
constexpr std::size_t kFlightsMax = 256;
/// Nothing forgets what it knew in no time: frames sent at that very instant could not be told from older ones.
constexpr Duration kPause = std::chrono::milliseconds(2);
constexpr std::uint16_t kWordPort = 600;
constexpr Limits kLimits{.nodesMax = 12, .linksMax = 24, .transmitsMax = 64, .eventsMax = 64, .pingsMax = 4};

romon::RomonId idOf(std::size_t node)
{
    return {{{0x02, 0, 0, 0, static_cast<std::uint8_t>(node), 0}}};
}

/// Ports of the two nodes, and of the attacker as node 2.
MacAddress macOf(std::size_t node, std::size_t port)
{
    return {{0x06, 0, 0, 0, static_cast<std::uint8_t>(node), static_cast<std::uint8_t>(port)}};
}

class Cable {
public:
    Cable()
    {
        for (std::size_t node = 0; node < m_nodes.size(); ++node) {
            m_lists[node] = {Secret("shared")};
            start(node);
        }
        watch(0);
        settle();
    }

    void run(Script& script)
    {
        for (std::size_t count = 0; !script.isOver() && count < kOperationsMax; ++count) {
            act(script);
            settle();
        }
        pass(std::chrono::seconds(3));
        settle();
        look();
    }

private:
    struct Flight {
        std::size_t to = 0;
        ByteVector frame;
    };

    void start(std::size_t node)
    {
        Config config;
        config.id = idOf(node);
        config.role = Role::Transit;
        config.limits = kLimits;
        m_now += kPause;
        m_nodes[node] = std::make_unique<Engine>(config, m_random, m_now);
        m_nodes[node]->setSecrets(m_lists[node], m_now);
        for (PortId port = 0; port < 2; ++port) {
            m_nodes[node]->addPort(port, {.interface = "port", .mac = macOf(node, port)}, m_now);
            m_nodes[node]->portChanged(port, PortState::Up, m_now);
        }
        m_watchers[node] = 0;
    }

    void act(Script& script)
    {
        const std::uint8_t what = script.byte();
        const std::size_t node = what >> 7U;
        switch (what % 16U) {
        case 0:
        case 1:
            return say(node);
        case 2:
            return pass(std::chrono::milliseconds(script.byte()));
        case 3:
            return pass(std::chrono::microseconds(script.word()));
        case 4:
        case 5:
            return replay(script);
        case 6:
            return damage(script);
        case 7:
            return start(node);
        case 8:
            return watch(node);
        case 9:
            return forge(script, nullptr);
        case 10:
            return forge(script, &m_otherKey);
        case 11:
            return what % 128U < 64 ? forge(script, nullptr) : insider(script);
        case 12:
            return changeLists(script, node);
        case 13:
            m_isHeld = !m_isHeld;
            return;
        case 14:
            return lose(script);
        default:
            return deliver(script);
        }
    }

    /// A word that nobody has said before.
    void say(std::size_t node)
    {
        const ByteVector word{static_cast<std::uint8_t>(m_words >> 8U), static_cast<std::uint8_t>(m_words)};
        if (m_nodes[node]->sendData(idOf(1 - node), kWordPort, kWordPort, word, Transmit::Class::Bulk, m_now))
            m_said[node].insert(m_words);
        ++m_words;
    }

    void watch(std::size_t node)
    {
        if (++m_watchers[node] % 2 == 1)
            m_nodes[node]->startWatching(m_now);
        else
            m_nodes[node]->stopWatching(m_now);
    }

    void hear(std::size_t node, PortId port, Bytes frame) { m_nodes[node]->receive(port, frame, m_now); }

    void replay(Script& script)
    {
        if (m_tape.empty())
            return;
        const Flight& old = script.pick(m_tape);
        const std::uint8_t where = script.byte();
        // Mostly to whom it was for, else back to whoever sent it, or on another cable.
        hear((where & 0xc0U) == 0xc0U ? 1 - old.to : old.to, (where & 0x30U) == 0x30U ? 1 : 0, old.frame);
    }

    void damage(Script& script)
    {
        if (m_tape.empty())
            return;
        Flight old = script.pick(m_tape);
        const std::uint8_t how = script.byte();
        if (how % 4 == 0)
            old.frame.resize(how % old.frame.size());
        if (how % 4 == 1)
            old.frame.insert(old.frame.end(), how, 0);
        if (how % 4 >= 2)
            old.frame[(how % 4 == 2 ? how / 4U : script.byte()) % old.frame.size()] ^= script.byte();
        hear(old.to, 0, old.frame);
    }

    void forge(Script& script, const SecretKey* key)
    {
        const std::uint8_t how = script.byte();
        const std::size_t node = how & 1U;
        const romon::Message message = m_forger.message(script);
        const bool isForAll = std::holds_alternative<romon::Discover>(message);
        const MacAddress to = isForAll ? romon::kGroupAddress : macOf(node, 0);
        const MacAddress from = (how & 2U) != 0 ? macOf(2, how / 4U % 4U) : macOf(1 - node, 0);
        ByteVector frame = fuzz::frameOf(to, from, romon::encode(message));
        if (key != nullptr)
            signFrame(frame, *key, {.session = 1 + (how / 16U) % 2U, .counter = script.word()});
        hear(node, 0, frame);
    }

    /// Somebody who knows the secret may say anything.
    void insider(Script& script)
    {
        m_isBetrayed = true;
        forge(script, &m_sharedKey);
    }

    void changeLists(Script& script, std::size_t node)
    {
        const std::uint8_t how = script.byte();
        SecretList list;
        constexpr std::array kTexts{"shared", "shared", "second", ""};
        for (std::size_t count = how % 4U; count > 0; --count)
            list.emplace_back(kTexts[script.byte() % kTexts.size()]);
        m_now += kPause;
        const auto isEmpty = [](const Secret& secret) { return secret.empty(); };
        m_isBetrayed = m_isBetrayed || list.empty() || std::ranges::any_of(list, isEmpty);
        if ((how & 0x80U) != 0) {
            m_nodes[node]->setPortSecrets(how / 4U % 2U, list, m_now);
            return;
        }
        m_lists[node] = list;
        m_nodes[node]->setSecrets(list, m_now);
    }

    void lose(Script& script)
    {
        if (!m_flights.empty())
            m_flights.erase(m_flights.begin() + script.byte() % static_cast<int>(m_flights.size()));
    }

    void deliver(Script& script)
    {
        if (m_flights.empty())
            return;
        const auto at = m_flights.begin() + script.byte() % static_cast<int>(m_flights.size());
        const Flight flight = std::move(*at);
        m_flights.erase(at);
        hear(flight.to, 0, flight.frame);
    }

    void pass(Duration time)
    {
        m_now += time;
        for (const auto& node : m_nodes)
            node->advance(m_now);
        for (std::size_t node = 0; node < m_nodes.size(); ++node)
            drain(node);
        for (const auto& node : m_nodes)
            FB_ASSERT(!node->nextDeadline() || *node->nextDeadline() > m_now);
    }

    void drain(std::size_t node)
    {
        std::size_t frames = 0;
        while (auto transmit = m_nodes[node]->nextTransmit()) {
            FB_ASSERT(++frames <= kLimits.transmitsMax);
            FB_ASSERT(m_isBetrayed || isSigned(transmit->frame));
            m_forger.overhear(transmit->frame);
            if (transmit->port != 0)
                continue;
            m_tape.push_back({1 - node, transmit->frame});
            if (m_tape.size() > kTapeMax)
                m_tape.pop_front();
            if (m_flights.size() < kFlightsMax)
                m_flights.push_back({1 - node, std::move(transmit->frame)});
        }
        while (const auto event = m_nodes[node]->nextEvent()) {
            if (const auto* data = std::get_if<DataReceived>(&*event))
                checkHeard(node, *data);
        }
    }

    static bool isSigned(Bytes frame)
    {
        const auto message = romon::decode(frame.subspan(wire::kEthernetHeaderBytes));
        FB_ASSERT(message.has_value());
        return romon::headerOf(*message).auth != romon::AuthField{};
    }

    void checkHeard(std::size_t node, const DataReceived& data)
    {
        if (m_isBetrayed)
            return;
        FB_ASSERT(data.from == idOf(1 - node) && data.destinationPort == kWordPort && data.payload.size() == 2);
        const unsigned word = data.payload[0] * 256U + data.payload[1];
        FB_ASSERT(m_said[1 - node].contains(word));
        FB_ASSERT(m_heard[node].insert(word).second);
    }

    /// Until both are silent, which must be soon; or, while the attacker holds everything back, nothing arrives.
    void settle()
    {
        for (int turns = 0; turns < 2000; ++turns) {
            drain(0);
            drain(1);
            if (m_isHeld || m_flights.empty())
                return;
            const Flight flight = std::move(m_flights.front());
            m_flights.pop_front();
            hear(flight.to, 0, flight.frame);
        }
        FB_ASSERT(false);
    }

    void look()
    {
        for (std::size_t node = 0; node < m_nodes.size(); ++node) {
            const auto snapshot = m_nodes[node]->snapshot(m_now);
            FB_ASSERT(snapshot.nodes.size() <= kLimits.nodesMax && snapshot.links.size() <= kLimits.linksMax);
            for (const auto& other : snapshot.nodes)
                FB_ASSERT(m_isBetrayed || other.id == idOf(1 - node));
        }
    }

    SeededRandom m_random{1};
    Instant m_now{std::chrono::seconds(1)};
    std::array<std::unique_ptr<Engine>, 2> m_nodes;
    std::array<SecretList, 2> m_lists;
    std::array<int, 2> m_watchers{};
    std::array<std::set<unsigned>, 2> m_said;
    std::array<std::set<unsigned>, 2> m_heard;
    unsigned m_words = 0;
    std::deque<Flight> m_tape;
    std::deque<Flight> m_flights;
    bool m_isHeld = false;
    bool m_isBetrayed = false;
    const SecretKey m_sharedKey{Secret("shared")};
    const SecretKey m_otherKey{Secret("other")};
    fuzz::Forger m_forger{{.ids = {idOf(0), idOf(1), idOf(2), idOf(3)},
                           .macs = {macOf(0, 0), macOf(1, 0), macOf(2, 0), macOf(0, 1), macOf(1, 1)}}};
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    Script script(Bytes(data, size));
    Cable cable;
    cable.run(script);
    return 0;
}
