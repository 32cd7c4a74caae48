// SPDX-License-Identifier: Apache-2.0
// hostile INTERFACE --rate FRAMES --seed N [--seconds S] [--only ATTACK] [--without ATTACK ...]
//
// A neighbor that means no good: sends frames of every kind that a node must survive, so many a second, until SIGTERM
// or for S seconds. What it hears it learns from and replays. Prints "ready" once it can send, and at the end how many
// frames of each attack it sent, as one line of JSON. Only for the lab's own namespaces.
#include "core/base/SeededRandom.h"
#include "core/link/InterfaceFacts.h"
#include "core/link/PcapLink.h"
#include "core/romon/Codec.h"
#include "core/runtime/Poller.h"
#include "core/runtime/SystemClock.h"
#include "core/stream/Frame.h"
#include "core/wire/Ethernet.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <span>

namespace {

using namespace fb;

constexpr std::size_t kRecordingsMax = 256;
constexpr std::size_t kVictimsMax = 32;

volatile std::sig_atomic_t stopAsked = 0;

/// What the neighborhood has told about itself.
struct Learned {
    MacAddress neighbor = romon::kGroupAddress; ///< the port at the other end of the cable
    std::vector<romon::RomonId> victims;        ///< ids seen in frames
    std::vector<ByteVector> recordings;
    std::optional<romon::Discover> question; ///< the last one heard
    /// The last step of the way to a node, as its answer to our own question tells.
    struct Step {
        romon::RomonId parent;
        romon::HopEntry entry;
    };
    std::map<romon::RomonId, Step> steps;
};

class Hostile {
public:
    Hostile(MacAddress mac, std::size_t mtu, std::uint64_t seed) : m_mac(mac), m_mtu(mtu), m_random(seed) {}

    void hear(Bytes frame);
    /// An honest question: to do real harm one has to know the way.
    [[nodiscard]] ByteVector ask();

    struct Attack {
        const char* name;
        ByteVector (Hostile::*make)();
        std::uint64_t sent = 0;
    };
    [[nodiscard]] static std::vector<Attack> attacks();

    ByteVector forgedDiscover();
    ByteVector forgedResponse();
    ByteVector replay();
    ByteVector damagedReplay();
    ByteVector longHopList();
    ByteVector routeLoop();
    ByteVector connect();
    ByteVector segmentForNobody();
    ByteVector theirOwnId();
    ByteVector truncated();
    ByteVector noise();
    ByteVector tooLarge();
    ByteVector echo();

    [[nodiscard]] std::uint32_t below(std::uint32_t bound) { return m_random.below(bound); }

private:
    [[nodiscard]] MacAddress anyMac();
    [[nodiscard]] romon::RomonId anyId() { return {anyMac()}; }
    [[nodiscard]] romon::RomonId victim();
    [[nodiscard]] romon::LinkRecord anyRecord();
    [[nodiscard]] ByteVector framed(MacAddress to, Bytes packet);
    [[nodiscard]] std::vector<romon::HopEntry> routeTo(romon::RomonId target);
    void meet(romon::RomonId id);
    [[nodiscard]] ByteVector dataFrame(romon::RomonId from, romon::RomonId to, std::uint16_t sourcePort,
                                       std::uint16_t destinationPort, Bytes payload);
    [[nodiscard]] std::vector<romon::HopEntry> hops(std::size_t count);

    MacAddress m_mac;
    std::size_t m_mtu;
    SeededRandom m_random;
    romon::RomonId m_id{anyMac()};
    Learned m_learned;
};

MacAddress Hostile::anyMac()
{
    MacAddress mac{};
    for (auto& octet : mac.octets)
        octet = static_cast<std::uint8_t>(below(256));
    mac.octets[0] = static_cast<std::uint8_t>((mac.octets[0] & 0xfcU) | 2U);
    return mac;
}

romon::RomonId Hostile::victim()
{
    if (m_learned.victims.empty() || below(16) == 0)
        return anyId();
    return m_learned.victims[below(static_cast<std::uint32_t>(m_learned.victims.size()))];
}

romon::LinkRecord Hostile::anyRecord()
{
    return {.linkId = below(8),
            .l2Mtu = static_cast<std::uint16_t>(below(0x10000)),
            .cost = static_cast<std::uint16_t>(below(0x10000)),
            .mac = anyMac()};
}

ByteVector Hostile::framed(MacAddress to, Bytes packet)
{
    ByteVector frame;
    wire::encodeEthernet(
        {.destination = to, .source = below(8) == 0 ? anyMac() : m_mac, .etherType = romon::kEtherType}, frame);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
}

std::vector<romon::HopEntry> Hostile::hops(std::size_t count)
{
    std::vector<romon::HopEntry> entries(count);
    for (auto& entry : entries)
        entry = {.linkId = 1 + below(8), .mac = below(2) == 0 ? m_learned.neighbor : anyMac()};
    return entries;
}

ByteVector Hostile::dataFrame(romon::RomonId from, romon::RomonId to, std::uint16_t sourcePort,
                              std::uint16_t destinationPort, Bytes payload)
{
    const auto entries = routeTo(to);
    ByteVector packet;
    romon::appendData({.header = {.auth = {}, .source = from, .destination = to},
                       .pointer = 0,
                       .entries = entries,
                       .sourcePort = sourcePort,
                       .destinationPort = destinationPort,
                       .payload = payload},
                      packet);
    return framed(m_learned.neighbor, packet);
}

void Hostile::hear(Bytes frame)
{
    const auto ethernet = wire::decodeEthernet(frame);
    if (!ethernet)
        return;
    m_learned.neighbor = ethernet->header.source;
    if (m_learned.recordings.size() < kRecordingsMax)
        m_learned.recordings.emplace_back(frame.begin(), frame.end());
    else
        m_learned.recordings[below(kRecordingsMax)].assign(frame.begin(), frame.end());
    auto message = romon::decode(ethernet->payload);
    if (!message)
        return;
    if (auto* discover = std::get_if<romon::Discover>(&*message)) {
        meet(discover->header.source);
        meet(discover->routing.node);
        m_learned.question = std::move(*discover);
    } else if (const auto* answer = std::get_if<romon::DiscoverResp>(&*message)) {
        meet(answer->own.node);
        const bool isOurs = answer->header.source == m_id; // others answer questions that we forged
        if (isOurs && m_learned.steps.size() < kVictimsMax)
            m_learned.steps.try_emplace(
                answer->own.node,
                Learned::Step{answer->parent.node, {answer->parent.outgoing.linkId, answer->own.incoming.mac}});
    }
}

void Hostile::meet(romon::RomonId id)
{
    auto& victims = m_learned.victims;
    if (id != m_id && victims.size() < kVictimsMax && std::ranges::find(victims, id) == victims.end())
        victims.push_back(id);
}

ByteVector Hostile::ask()
{
    romon::Discover question;
    question.header = {.auth = {}, .source = m_id, .destination = romon::kEveryNode};
    question.routing = {
        .node = m_id, .incoming = {}, .outgoing = {.linkId = 1, .l2Mtu = 1500, .cost = 100, .mac = m_mac}};
    ByteVector frame;
    wire::encodeEthernet({.destination = romon::kGroupAddress, .source = m_mac, .etherType = romon::kEtherType}, frame);
    const ByteVector packet = romon::encode(question);
    frame.insert(frame.end(), packet.begin(), packet.end());
    return frame;
}

std::vector<romon::HopEntry> Hostile::routeTo(romon::RomonId target)
{
    std::vector<romon::HopEntry> entries;
    for (auto node = target; node != m_id;) {
        const auto step = m_learned.steps.find(node);
        if (step == m_learned.steps.end() || entries.size() > 16 || below(32) == 0)
            return hops(1 + below(3));
        entries.insert(entries.begin(), step->second.entry);
        node = step->second.parent;
    }
    return entries.empty() ? hops(1) : entries;
}

ByteVector Hostile::forgedDiscover()
{
    romon::Discover discover;
    const auto origin = anyId();
    discover.header = {.auth = {}, .source = origin, .destination = romon::kEveryNode};
    discover.hops.entries = hops(below(4));
    discover.hops.pointer = static_cast<std::uint8_t>(discover.hops.entries.size());
    discover.routing = {
        .node = discover.hops.entries.empty() ? origin : anyId(), .incoming = {}, .outgoing = anyRecord()};
    return framed(romon::kGroupAddress, romon::encode(discover));
}

ByteVector Hostile::forgedResponse()
{
    if (!m_learned.question)
        return noise();
    const auto& question = *m_learned.question;
    romon::DiscoverResp response;
    const auto responder = below(4) == 0 ? victim() : anyId();
    response.header = {.auth = {}, .source = question.header.source, .destination = responder};
    response.hops = question.hops;
    std::ranges::reverse(response.hops.entries);
    const auto hopCount = static_cast<std::uint32_t>(response.hops.entries.size());
    response.hops.pointer = static_cast<std::uint8_t>(below(2) == 0 ? hopCount : below(hopCount + 1));
    response.parent = question.routing;
    response.own = {.node = responder, .incoming = anyRecord(), .outgoing = {}};
    response.identity = std::string(below(256), static_cast<char>(below(256)));
    response.board = "Footbridge of nobody";
    return framed(m_learned.neighbor, romon::encode(response));
}

ByteVector Hostile::replay()
{
    if (m_learned.recordings.empty())
        return noise();
    ByteVector frame = m_learned.recordings[below(static_cast<std::uint32_t>(m_learned.recordings.size()))];
    // With the neighbor's own address as the sender, or ours as the receiver, it would be thrown away at the door.
    std::ranges::copy(m_mac.octets, frame.begin() + 6);
    if ((frame.front() & 1U) == 0)
        std::ranges::copy(m_learned.neighbor.octets, frame.begin());
    return frame;
}

ByteVector Hostile::damagedReplay()
{
    ByteVector frame = replay();
    for (std::uint32_t flips = 1 + below(4); flips > 0 && frame.size() > wire::kEthernetHeaderBytes; --flips) {
        const auto at =
            wire::kEthernetHeaderBytes + below(static_cast<std::uint32_t>(frame.size() - wire::kEthernetHeaderBytes));
        frame[at] = static_cast<std::uint8_t>(below(256));
    }
    return frame;
}

ByteVector Hostile::longHopList()
{
    const auto entries = hops(romon::kHopsMax);
    const auto pointer = static_cast<std::uint8_t>(below(256));
    if (14 + romon::kDataOverheadBytes + entries.size() * romon::kHopEntryBytes > m_mtu || below(2) == 0) {
        romon::Discover discover;
        discover.header = {.auth = {}, .source = anyId(), .destination = romon::kEveryNode};
        discover.hops = {.pointer = 120, .entries = hops(120)};
        discover.routing = {.node = anyId(), .incoming = {}, .outgoing = anyRecord()};
        return framed(romon::kGroupAddress, romon::encode(discover));
    }
    ByteVector packet;
    romon::appendData({.header = {.auth = {}, .source = anyId(), .destination = victim()},
                       .pointer = pointer,
                       .entries = entries,
                       .sourcePort = 1,
                       .destinationPort = 1,
                       .payload = {}},
                      packet);
    return framed(m_learned.neighbor, packet);
}

/// A route that goes to and fro between the neighbor and us, or between the neighbor's own ports.
ByteVector Hostile::routeLoop()
{
    std::vector<romon::HopEntry> entries(100);
    for (auto& entry : entries)
        entry = {.linkId = 1 + below(6), .mac = below(2) == 0 ? m_mac : m_learned.neighbor};
    ByteVector packet;
    romon::appendData({.header = {.auth = {}, .source = anyId(), .destination = anyId()},
                       .pointer = static_cast<std::uint8_t>(below(100)),
                       .entries = entries,
                       .sourcePort = 1,
                       .destinationPort = 2,
                       .payload = {}},
                      packet);
    return framed(m_learned.neighbor, packet);
}

ByteVector Hostile::connect()
{
    auto payload = stream::encodeHeader({.type = stream::FrameType::Connect,
                                         .sequence = static_cast<std::uint32_t>(m_random.next32()),
                                         .acknowledge = 0},
                                        16);
    stream::appendOptions(payload, {.windowBytes = 1U << 20U});
    return dataFrame(anyId(), victim(), static_cast<std::uint16_t>(16384 + below(40000)), romon::kSshPort, payload);
}

ByteVector Hostile::segmentForNobody()
{
    auto payload = stream::encodeHeader({.type = static_cast<stream::FrameType>(1 + below(4)),
                                         .sequence = m_random.next32(),
                                         .acknowledge = m_random.next32()},
                                        64);
    payload.resize(payload.size() + below(64), 0x55);
    return dataFrame(below(2) == 0 ? victim() : anyId(), victim(), static_cast<std::uint16_t>(below(0x10000)),
                     romon::kSshPort, payload);
}

ByteVector Hostile::theirOwnId()
{
    romon::Discover discover;
    const auto id = victim();
    discover.header = {.auth = {}, .source = id, .destination = romon::kEveryNode};
    discover.routing = {.node = id, .incoming = {}, .outgoing = anyRecord()};
    if (below(2) == 0)
        return framed(romon::kGroupAddress, romon::encode(discover));
    return dataFrame(id, id, 1, 1, {});
}

ByteVector Hostile::truncated()
{
    ByteVector frame = below(2) == 0 ? replay() : forgedDiscover();
    frame.resize(wire::kEthernetHeaderBytes + below(static_cast<std::uint32_t>(frame.size())));
    return frame;
}

ByteVector Hostile::noise()
{
    ByteVector packet(below(200));
    for (auto& octet : packet)
        octet = static_cast<std::uint8_t>(below(256));
    if (packet.size() > 4 && below(2) == 0) { // looks right at first
        packet[0] = static_cast<std::uint8_t>(1 + below(5));
        packet[1] = 0;
        packet[2] = 0;
        packet[3] = static_cast<std::uint8_t>(packet.size() + wire::kEthernetHeaderBytes);
    }
    return framed(below(2) == 0 ? romon::kGroupAddress : m_learned.neighbor, packet);
}

ByteVector Hostile::tooLarge()
{
    // As long as the interface takes it, and with a length that promises more.
    ByteVector frame = dataFrame(anyId(), victim(), 1, 1, ByteVector(m_mtu - 200, 0xaa));
    frame.resize(m_mtu + wire::kEthernetHeaderBytes, 0xbb);
    if (below(2) == 0) {
        frame[wire::kEthernetHeaderBytes + 2] = 0xff;
        frame[wire::kEthernetHeaderBytes + 3] = 0xff;
    }
    return frame;
}

ByteVector Hostile::echo()
{
    return dataFrame(anyId(), victim(), static_cast<std::uint16_t>(1000 + below(1000)), romon::kPingPort,
                     ByteVector(4 + below(600), 0));
}

std::vector<Hostile::Attack> Hostile::attacks()
{
    return {{"forged-discover", &Hostile::forgedDiscover},
            {"forged-response", &Hostile::forgedResponse},
            {"replay", &Hostile::replay},
            {"damaged-replay", &Hostile::damagedReplay},
            {"long-hop-list", &Hostile::longHopList},
            {"route-loop", &Hostile::routeLoop},
            {"connect", &Hostile::connect},
            {"segment-for-nobody", &Hostile::segmentForNobody},
            {"their-own-id", &Hostile::theirOwnId},
            {"truncated", &Hostile::truncated},
            {"noise", &Hostile::noise},
            {"too-large", &Hostile::tooLarge},
            {"echo", &Hostile::echo}};
}

struct Options {
    std::string interface;
    double rate = 2000;
    std::uint64_t seed = 1;
    double seconds = 0; ///< 0: until SIGTERM
    std::string only;
    std::vector<std::string> without;
};

std::optional<Options> readOptions(std::span<char*> words)
{
    Options options;
    if (words.size() < 2 || words.size() % 2 != 0)
        return std::nullopt;
    options.interface = words[1];
    for (std::size_t at = 2; at + 1 < words.size(); at += 2) {
        const std::string name = words[at];
        if (name == "--rate")
            options.rate = std::strtod(words[at + 1], nullptr);
        else if (name == "--seed")
            options.seed = std::strtoull(words[at + 1], nullptr, 10);
        else if (name == "--seconds")
            options.seconds = std::strtod(words[at + 1], nullptr);
        else if (name == "--only")
            options.only = words[at + 1];
        else if (name == "--without")
            options.without.emplace_back(words[at + 1]);
        else
            return std::nullopt;
    }
    return options;
}

/// A burst each two milliseconds; in between it listens.
void attackUntilTold(link::Link& wire, Hostile& hostile, std::vector<Hostile::Attack>& attacks, const Options& options)
{
    constexpr Duration kTick = std::chrono::milliseconds(2);
    constexpr double kTicksPerSecond = 500;
    runtime::Poller poller;
    poller.add(wire.pollDescriptor(), 1, runtime::Interest::Read);
    const Instant begin = runtime::now();
    Instant next = begin;
    double owed = 0;
    while (stopAsked == 0 && (options.seconds <= 0 ||
                              runtime::now() < begin + Duration(static_cast<Duration::rep>(options.seconds * 1e6)))) {
        static_cast<void>(poller.wait(next));
        Bytes frame;
        while (wire.receive(frame) == link::ReceiveOutcome::Frame)
            hostile.hear(frame);
        if (runtime::now() < next)
            continue;
        next = runtime::now() + kTick;
        if (hostile.below(100) == 0)
            static_cast<void>(wire.send(hostile.ask()));
        for (owed += options.rate / kTicksPerSecond; owed >= 1; --owed) {
            auto& attack = attacks[hostile.below(static_cast<std::uint32_t>(attacks.size()))];
            const ByteVector made = (hostile.*attack.make)();
            if (wire.send(made) == link::SendOutcome::Sent)
                ++attack.sent;
        }
    }
}

} // namespace

int main(int argc, char** argv)
{
    const auto options = readOptions(std::span(argv, static_cast<std::size_t>(argc)));
    if (!options) {
        std::cerr << "usage: hostile INTERFACE [--rate FRAMES] [--seed N] [--seconds S] [--only ATTACK] "
                     "[--without ATTACK ...]\n";
        return 2;
    }
    const auto facts = link::readInterfaceFacts(options->interface);
    auto wire = link::PcapLink::open(options->interface);
    if (!facts || !wire) {
        std::cerr << "hostile: " << describe(facts ? wire.error() : facts.error()) << '\n';
        return 1;
    }
    auto attacks = Hostile::attacks();
    std::erase_if(attacks, [&](const auto& attack) {
        return std::ranges::find(options->without, attack.name) != options->without.end();
    });
    if (!options->only.empty())
        std::erase_if(attacks, [&](const auto& attack) { return options->only != attack.name; });
    if (attacks.empty()) {
        std::cerr << "hostile: no attack is called " << options->only << '\n';
        return 2;
    }
    std::signal(SIGTERM, [](int) { stopAsked = 1; });
    Hostile hostile(facts->mac, facts->mtu, options->seed);
    std::cout << "ready" << std::endl;
    attackUntilTold(**wire, hostile, attacks, *options);
    const char* separator = "{";
    for (const auto& attack : attacks) {
        std::cout << separator << '"' << attack.name << "\": " << attack.sent;
        separator = ", ";
    }
    std::cout << "}" << std::endl;
    return 0;
}
