// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Hostile.h"

#include "core/romon/Codec.h"
#include "core/stream/Frame.h"
#include "core/wire/Ethernet.h"

#include <algorithm>

namespace fb::sim {

namespace {

constexpr std::size_t kRecordedMax = 512;
constexpr std::size_t kHeardPerRecorded = 7;

romon::LinkRecord record(std::uint32_t linkId, const MacAddress& mac, std::uint16_t cost)
{
    return {.linkId = linkId, .l2Mtu = 1500, .cost = cost, .mac = mac};
}

} // namespace

NodeIndex Hostile::anyNode()
{
    return m_net.random().below(static_cast<std::uint32_t>(m_net.nodeCount()));
}

Hostile::Aim Hostile::aim()
{
    // Nodes without ports exist in no topology, but a draw must end.
    for (int tries = 0; tries < 64; ++tries) {
        const NodeIndex node = anyNode();
        if (m_net.portCount(node) == 0)
            continue;
        const auto port = m_net.random().below(static_cast<std::uint32_t>(m_net.portCount(node)));
        return {.node = node, .port = port, .segment = m_net.segmentOf(node, port), .mac = m_net.macOf(node, port)};
    }
    return {};
}

romon::RomonId Hostile::forgedId()
{
    const auto number = m_net.random().below(256);
    return {{{2, 0xee, 0, 0, 0, static_cast<std::uint8_t>(number)}}};
}

MacAddress Hostile::ownMac()
{
    return {{6, 0xee, 0, 0, 0, static_cast<std::uint8_t>(m_net.random().below(4))}};
}

std::uint16_t Hostile::random16()
{
    return static_cast<std::uint16_t>(m_net.random().next32());
}

void Hostile::say(SegmentIndex segment, const MacAddress& to, const romon::Message& message)
{
    ByteVector frame;
    wire::encodeEthernet({.destination = to, .source = ownMac(), .etherType = romon::kEtherType}, frame);
    const ByteVector packet = romon::encode(message);
    frame.insert(frame.end(), packet.begin(), packet.end());
    ++m_framesSaid;
    m_net.inject(segment, frame);
}

void Hostile::sayData(const Aim& at, romon::RomonId from, std::uint16_t sourcePort, std::uint16_t destinationPort,
                      ByteVector payload)
{
    romon::Data data;
    data.header = {.auth = {}, .source = from, .destination = m_net.id(at.node)};
    data.hops = {.pointer = 0, .entries = {{.linkId = 1, .mac = at.mac}}};
    data.sourcePort = sourcePort;
    data.destinationPort = destinationPort;
    data.payload = std::move(payload);
    say(at.segment, at.mac, data);
}

void Hostile::overhear(const SentFrame& sent)
{
    if (m_heard++ % kHeardPerRecorded != 0)
        return;
    Recorded recorded{.segment = sent.segment, .frame = sent.frame};
    if (m_recorded.size() < kRecordedMax)
        m_recorded.push_back(std::move(recorded));
    else
        m_recorded[m_heard / kHeardPerRecorded % kRecordedMax] = std::move(recorded);
}

void Hostile::attack()
{
    using Attack = void (Hostile::*)();
    constexpr Attack kAttacks[] = {&Hostile::floodQuestions,  &Hostile::lieAboutLinks,     &Hostile::loopRoutes,
                                   &Hostile::stretchHopLists, &Hostile::halfOpen,          &Hostile::guessNumbers,
                                   &Hostile::repeatRecorded,  &Hostile::damageRecorded,    &Hostile::impersonate,
                                   &Hostile::bounceEchoes,    &Hostile::forgeUnreachables, &Hostile::forgeHashes};
    (this->*kAttacks[m_net.random().below(std::size(kAttacks))])();
}

void Hostile::floodQuestions()
{
    const Aim target = aim();
    for (std::uint32_t count = 1 + m_net.random().below(200); count > 0; --count) {
        const auto id = forgedId();
        romon::Discover question;
        question.header = {.auth = {}, .source = id, .destination = romon::kEveryNode};
        question.routing = {.node = id, .incoming = {}, .outgoing = record(1 + m_net.random().below(3), ownMac(), 1)};
        say(target.segment, romon::kGroupAddress, question);
    }
}

/// Answers that nobody gave: cheap links between nodes that have none.
void Hostile::lieAboutLinks()
{
    for (std::uint32_t count = 1 + m_net.random().below(30); count > 0; --count) {
        const Aim target = aim();
        const Aim liar = aim();
        romon::DiscoverResp response;
        response.header = {.auth = {}, .source = m_net.id(target.node), .destination = m_net.id(liar.node)};
        const bool isDirect = m_net.happens(0.5);
        const NodeIndex parent = isDirect ? target.node : anyNode();
        if (!isDirect)
            response.hops.entries.push_back({.linkId = random16(), .mac = ownMac()});
        response.parent = {
            .node = m_net.id(parent), .incoming = {}, .outgoing = record(target.port + 2, target.mac, 1)};
        response.own = {.node = m_net.happens(0.3) ? forgedId() : m_net.id(liar.node),
                        .incoming = record(1 + m_net.random().below(4), m_net.happens(0.5) ? ownMac() : liar.mac, 1),
                        .outgoing = {}};
        response.header.destination = response.own.node;
        response.identity = "liar";
        response.board = m_net.happens(0.5) ? "Footbridge" : "RB750Gr3";
        say(target.segment, target.mac, response);
    }
}

void Hostile::loopRoutes()
{
    const Aim first = aim();
    romon::Data data;
    data.header = {.auth = {}, .source = forgedId(), .destination = forgedId()};
    // To and fro between the nodes of one segment, as long as a list can be.
    const Aim second = aim();
    for (std::size_t entry = 0; entry < 255; ++entry) {
        const Aim& to = entry % 2 == 0 ? first : second;
        data.hops.entries.push_back({.linkId = 1 + to.port, .mac = to.mac});
    }
    data.sourcePort = random16();
    data.destinationPort = random16();
    say(first.segment, first.mac, data);
}

void Hostile::stretchHopLists()
{
    const Aim target = aim();
    romon::HopList hops;
    const std::uint32_t count = m_net.happens(0.5) ? 255 : 25 + m_net.random().below(16);
    for (std::uint32_t entry = 0; entry < count; ++entry)
        hops.entries.push_back(
            {.linkId = 1 + m_net.random().below(4), .mac = m_net.happens(0.2) ? aim().mac : ownMac()});
    hops.pointer = static_cast<std::uint8_t>(count);
    if (m_net.happens(0.5)) {
        romon::Discover question;
        question.header = {.auth = {}, .source = forgedId(), .destination = romon::kEveryNode};
        question.hops = hops;
        question.routing = {.node = forgedId(), .incoming = {}, .outgoing = record(1, ownMac(), 1)};
        return say(target.segment, romon::kGroupAddress, question);
    }
    romon::DiscoverResp response;
    response.own = {.node = forgedId(), .incoming = record(1, ownMac(), 1), .outgoing = {}};
    response.header = {.auth = {}, .source = forgedId(), .destination = response.own.node};
    response.hops = hops;
    response.parent = {.node = forgedId(), .incoming = {}, .outgoing = record(1, ownMac(), 1)};
    say(target.segment, target.mac, response);
}

void Hostile::halfOpen()
{
    const Aim target = aim();
    for (std::uint32_t count = 1 + m_net.random().below(150); count > 0; --count) {
        const auto from = m_net.happens(0.5) ? forgedId() : m_net.id(anyNode());
        auto payload = stream::encodeHeader(
            {.type = stream::FrameType::Connect, .sequence = m_net.random().next32(), .acknowledge = 0}, 8);
        if (m_net.happens(0.5))
            stream::appendOptions(payload, {.windowBytes = m_net.random().next32()});
        const auto port = static_cast<std::uint16_t>(16384 + m_net.random().below(40000));
        if (from != m_net.id(target.node))
            sayData(target, from, port, romon::kSshPort, std::move(payload));
    }
}

/// In the name of an honest node, on ports that are in use, with numbers that are not.
void Hostile::guessNumbers()
{
    const Aim target = aim();
    const auto from = m_net.id(anyNode());
    if (from == m_net.id(target.node))
        return;
    const auto status = m_net.isRunning(target.node)
                            ? m_net.stack(target.node).streams().status(m_net.localNow(target.node))
                            : std::vector<stream::StreamStatus>();
    for (std::uint32_t count = 1 + m_net.random().below(20); count > 0; --count) {
        const auto type = static_cast<stream::FrameType>(1 + m_net.random().below(4));
        auto payload = stream::encodeHeader(
            {.type = type, .sequence = m_net.random().next32(), .acknowledge = m_net.random().next32()}, 32);
        if (type == stream::FrameType::Data)
            payload.resize(payload.size() + 1 + m_net.random().below(64), 0xee);
        else if (type == stream::FrameType::Ack && m_net.happens(0.7))
            stream::appendAckBody(payload, {.windowBytes = m_net.random().next32(), .ranges = {}});
        else if (type == stream::FrameType::Close && m_net.happens(0.7))
            stream::appendReason(payload, static_cast<stream::CloseReason>(m_net.random().below(5)));
        const auto peer =
            status.empty() ? from : status[m_net.random().below(static_cast<std::uint32_t>(status.size()))].peer;
        const auto guessed = static_cast<std::uint16_t>(16384 + m_net.random().below(49152));
        const bool isToService = m_net.happens(0.5);
        sayData(target, peer == m_net.id(target.node) ? from : peer, isToService ? guessed : romon::kSshPort,
                isToService ? romon::kSshPort : guessed, std::move(payload));
    }
}

void Hostile::repeatRecorded()
{
    if (m_recorded.empty())
        return;
    for (std::uint32_t count = 1 + m_net.random().below(50); count > 0; --count) {
        const Recorded recorded = m_recorded[m_net.random().below(static_cast<std::uint32_t>(m_recorded.size()))];
        ++m_framesSaid;
        m_net.inject(m_net.happens(0.8) ? recorded.segment : aim().segment, recorded.frame);
    }
}

void Hostile::damageRecorded()
{
    if (m_recorded.empty())
        return;
    for (std::uint32_t count = 1 + m_net.random().below(30); count > 0; --count) {
        Recorded recorded = m_recorded[m_net.random().below(static_cast<std::uint32_t>(m_recorded.size()))];
        constexpr std::size_t kTypeAt = 14;
        // Streams have no checksum: whoever is on the path and changes bytes of one changes bytes of it.
        if (recorded.frame.size() <= kTypeAt || recorded.frame[kTypeAt] == 3)
            continue;
        for (std::uint32_t bytes = 1 + m_net.random().below(4); bytes > 0; --bytes) {
            const auto at = 12 + m_net.random().below(static_cast<std::uint32_t>(recorded.frame.size() - 12));
            recorded.frame[at] = static_cast<std::uint8_t>(m_net.random().next32());
        }
        // What becomes Data by a changed type byte would be damage to a stream as well.
        if (recorded.frame[kTypeAt] == 3)
            continue;
        ++m_framesSaid;
        m_net.inject(recorded.segment, recorded.frame);
    }
}

/// Another node with the victim's id.
void Hostile::impersonate()
{
    const Aim target = aim();
    romon::Discover question;
    question.header = {.auth = {}, .source = m_net.id(anyNode()), .destination = romon::kEveryNode};
    question.routing = {.node = question.header.source, .incoming = {}, .outgoing = record(1, ownMac(), 1)};
    say(target.segment, romon::kGroupAddress, question);
}

/// Questions in the name of others, so that the answers go there.
void Hostile::bounceEchoes()
{
    const Aim target = aim();
    for (std::uint32_t count = 1 + m_net.random().below(50); count > 0; --count) {
        const auto from = m_net.id(anyNode());
        const bool isInformation = m_net.happens(0.3);
        const std::uint16_t port = isInformation ? 0xfb01 : romon::kPingPort;
        ByteVector payload(isInformation ? 6 : 32, std::uint8_t{1});
        if (from != m_net.id(target.node))
            sayData(target, from, m_net.happens(0.3) ? port : random16(), port, std::move(payload));
    }
}

} // namespace fb::sim
