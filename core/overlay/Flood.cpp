// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Flood.h"

#include "core/romon/Codec.h"

#include <algorithm>
#include <set>

namespace fb::overlay {

void Flood::receive(const Heard& heard, const romon::Discover& discover)
{
    if (!isSound(heard, discover))
        return;
    const auto whyNot = whyNotForUs(discover);
    const Judgement judgement = whyNot ? Judgement{} : judge(heard, discover);
    // What causes no work takes nothing of what the others on the port may ask of us.
    if (judgement.needless)
        return heard.drop(m_context, *judgement.needless);
    if (discover.routing.node == m_context.config.id)
        return reportDuplicateId(m_context, heard);
    if (!heard.port.discovers.take(heard.now))
        return heard.drop(m_context, Counter::DiscoverRateLimited);
    learn(heard, discover);
    if (whyNot == Counter::DuplicateId)
        return reportDuplicateId(m_context, heard);
    if (whyNot)
        return heard.drop(m_context, *whyNot);
    Origin* origin = judgement.origin != nullptr ? judgement.origin : addOrigin(heard, discover.header.source);
    if (origin == nullptr)
        return;
    if (judgement.beginsRound) {
        beginRound(*origin, heard, discover);
        forward(heard, discover, origin->round);
    }
    queueAnswer(heard, discover, origin->round);
}

/// What every captured Discover obeys; what does not is nothing that we could answer or pass on in good faith.
bool Flood::isSound(const Heard& heard, const romon::Discover& discover)
{
    const bool isOriginal = discover.hops.entries.empty();
    const bool headerFits = discover.header.destination == romon::kEveryNode &&
                            discover.hops.pointer == discover.hops.entries.size() &&
                            isOriginal == (discover.routing.node == discover.header.source);
    if (!headerFits)
        heard.drop(m_context, Counter::DiscoverHeaderOdd);
    else if (!discover.header.source.isUsable() || !discover.routing.node.isUsable())
        heard.drop(m_context, Counter::IdUnusable);
    else if (!isUsable(discover.routing.outgoing))
        heard.drop(m_context, Counter::LinkRecordUnusable);
    else if (discover.hops.entries.size() > kFloodHopsMax)
        heard.drop(m_context, Counter::DiscoverTooManyHops);
    else
        return true;
    return false;
}

/// Whoever sent this copy is a neighbor: both ends of the link are known without asking. That the frame comes from the
/// announced port is inferred from the captures; a copy where it does not, teaches nothing.
void Flood::learn(const Heard& heard, const romon::Discover& discover)
{
    const romon::RomonId neighbor = discover.routing.node;
    if (neighbor == m_context.config.id || discover.routing.outgoing.mac != heard.from)
        return;
    NodeEntry* node = m_map.noteAlive(neighbor, heard.port.id, heard.now);
    if (node == nullptr)
        return;
    if (!discover.hops.entries.empty() && !node->hasForwarded) {
        node->hasForwarded = true;
        m_map.notePassageChange(neighbor);
    }
    m_map.noteLink({.node = neighbor, .end = endOf(discover.routing.outgoing)},
                   {.node = m_context.config.id, .end = heard.port.end()}, heard.port.id);
}

std::optional<Counter> Flood::whyNotForUs(const romon::Discover& discover) const
{
    const auto& hops = discover.hops.entries;
    const auto isOwnPort = [this](const romon::HopEntry& entry) { return m_context.ports.owns(entry.mac); };
    // Our own question comes round with the port it left by as its first entry; anybody else's does not.
    if (discover.header.source == m_context.config.id)
        return hops.empty() || !isOwnPort(hops.front()) ? Counter::DuplicateId : Counter::DiscoverOwn;
    if (discover.routing.node == m_context.config.id)
        return Counter::DuplicateId;
    if (std::ranges::any_of(hops, isOwnPort))
        return Counter::DiscoverLoop;
    return std::nullopt;
}

Flood::Judgement Flood::judge(const Heard& heard, const romon::Discover& discover)
{
    const auto found = m_origins.find(discover.header.source);
    if (found == m_origins.end())
        return {};
    Origin& origin = found->second;
    const Instant startedAt = origin.round.startedAt;
    if (startedAt + kRoundWindow <= heard.now ||
        origin.ways.judge(heard, discover, startedAt) == QuestionWays::Verdict::OwnQuestion)
        return {.origin = &origin, .beginsRound = true, .needless = {}};
    noteWay(origin, heard, discover, QuestionWays::Part::Copy);
    return {.origin = &origin, .beginsRound = false, .needless = whyNeedless(copyOf(heard, discover), origin.round)};
}

Flood::Origin* Flood::addOrigin(const Heard& heard, romon::RomonId id)
{
    if (!makeRoomForOrigin(heard)) {
        heard.drop(m_context, Counter::DiscoverOriginsLimit);
        return nullptr;
    }
    Origin& origin = m_origins[id];
    origin.id = id;
    m_order.add(origin, heard.port.id, EvictionOrder::Rank::Stranger);
    return &origin;
}

/// The port with the most origins gives way; one on its own forgets the origin that it heard longest ago, unless that
/// is in the middle of its round.
bool Flood::makeRoomForOrigin(const Heard& heard)
{
    if (m_origins.size() < kOriginsMax)
        return true;
    auto* victim = static_cast<Origin*>(m_order.victimFor(heard.port.id));
    if (victim == nullptr)
        return false;
    if (victim->heardOn == heard.port.id && victim->round.startedAt + kRoundWindow > heard.now)
        return false;
    m_order.remove(*victim);
    m_origins.erase(romon::RomonId(victim->id));
    return true;
}

void Flood::noteWay(Origin& origin, const Heard& heard, const romon::Discover& discover, QuestionWays::Part part)
{
    if (!origin.ways.note(heard, discover, origin.round.startedAt, part))
        m_context.counters.add(Counter::DiscoverWaysLimit);
}

void Flood::beginRound(Origin& origin, const Heard& heard, const romon::Discover& discover)
{
    Round& round = origin.round;
    const bool isFirst = round.answered.empty();
    if (!isFirst)
        noteCopiesOf(round);
    if (!isFirst && round.startedAt + kRoundWindow > heard.now)
        m_context.counters.add(Counter::DiscoverAmidRound);
    noteWay(origin, heard, discover, QuestionWays::Part::BeginsRound);
    round = {.startedAt = heard.now,
             .interval = isFirst ? Duration{} : heard.now - round.startedAt,
             .intervalBefore = round.interval};
    m_order.renew(origin, EvictionOrder::Rank::Stranger);
}

std::size_t Flood::copiesOn(const Round& round, PortId port)
{
    std::set<MacAddress> senders;
    for (const Copy& copy : round.answered) {
        if (copy.port == port)
            senders.insert(copy.from);
    }
    return senders.size();
}

/// How crowded a segment is shows in the copies that a round brings there; the memory of it fades.
void Flood::noteCopiesOf(const Round& round)
{
    for (auto& [id, port] : m_context.ports.all())
        port.copiesPerRound = std::max(copiesOn(round, id), port.copiesPerRound * 3U / 4U);
}

/// As captured: one more entry (our incoming link, the port the copy came from), the pointer at the end, our own
/// routing record in place of the previous one; the source stays the originator.
void Flood::forward(const Heard& heard, const romon::Discover& discover, const Round& round)
{
    if (m_context.config.role == Role::Leaf)
        return;
    if (discover.hops.entries.size() >= kFloodHopsMax) {
        m_context.counters.add(Counter::DiscoverTooManyHops);
        return;
    }
    romon::Discover onward{.header = discover.header, .hops = discover.hops, .routing = {}, .others = {}};
    onward.hops.entries.push_back({.linkId = heard.port.linkId, .mac = heard.from});
    onward.hops.pointer = static_cast<std::uint8_t>(onward.hops.entries.size());
    for (auto& [id, port] : m_context.ports.all()) {
        if (id == heard.port.id || !port.isUp() || Ports::shareSegment(port, heard.port))
            continue;
        onward.routing = {.node = m_context.config.id, .incoming = heard.port.record(), .outgoing = port.record()};
        const bool isCrowded = port.copiesPerRound >= kCopiesEnough;
        if (isCrowded && m_onward.size() < kForwardsWaitingMax) {
            const auto wait = kForwardSpacing * static_cast<Duration::rep>(port.copiesPerRound);
            m_onward.emplace(heard.now + m_context.randomBelow(wait),
                             Onward{.port = id, .roundStartedAt = round.startedAt, .discover = onward});
            continue;
        }
        if (isCrowded)
            m_context.counters.add(Counter::DiscoversWaitingLimit);
        m_context.outbox.send(port, romon::kGroupAddress, romon::encode(onward), Transmit::Class::Interactive);
    }
}

void Flood::forwardWaiting(const Onward& onward)
{
    const auto origin = m_origins.find(onward.discover.header.source);
    const bool isSameRound = origin != m_origins.end() && origin->second.round.startedAt == onward.roundStartedAt;
    if (isSameRound && copiesOn(origin->second.round, onward.port) >= kCopiesEnough)
        return m_context.counters.add(Counter::DiscoverSuppressed);
    if (Port* port = m_context.ports.find(onward.port); port != nullptr)
        m_context.outbox.send(*port, romon::kGroupAddress, romon::encode(onward.discover),
                              Transmit::Class::Interactive);
}

/// One long interval may be a pause between two people who looked; two alike are the pace of a large network.
Duration Flood::answerSpread(const Round& round)
{
    const auto [shorter, longer] = std::minmax(round.interval, round.intervalBefore);
    if (longer > 2 * shorter)
        return {};
    return std::clamp((shorter - kAnswerSpreadFrom) / 2, Duration{}, kAnswerSpreadMax);
}

std::optional<Counter> Flood::whyNeedless(const Copy& copy, const Round& round)
{
    if (std::ranges::find(round.answered, copy) != round.answered.end())
        return Counter::DiscoverRepeated;
    const auto ofSender = std::ranges::count_if(
        round.answered, [&](const Copy& other) { return other.port == copy.port && other.from == copy.from; });
    if (static_cast<std::size_t>(ofSender) >= kAnswersPerSenderMax)
        return Counter::AnswersPerRoundLimit;
    return std::nullopt;
}

void Flood::queueAnswer(const Heard& heard, const romon::Discover& discover, Round& round)
{
    if (round.answered.size() >= kAnswersPerRoundMax)
        return heard.drop(m_context, Counter::AnswersPerRoundLimit);
    const auto spacing = kAnswerSpacing * static_cast<Duration::rep>(round.answered.size());
    round.answered.push_back(copyOf(heard, discover));
    if (!m_answerRate.take(heard.now))
        return m_context.counters.add(Counter::AnswersRateLimited);
    if (m_answers.size() >= kAnswersWaitingMax)
        return m_context.counters.add(Counter::AnswersWaitingLimit);
    m_answers.emplace(heard.now + m_context.randomBelow(kAnswerJitter + answerSpread(round)) + spacing,
                      Answer{.port = heard.port.id, .to = heard.from, .response = answerTo(heard.port, discover)});
}

romon::DiscoverResp Flood::answerTo(const Port& port, const romon::Discover& discover) const
{
    romon::DiscoverResp response;
    response.header = {.auth = {}, .source = discover.header.source, .destination = m_context.config.id};
    response.hops = discover.hops;
    response.parent = discover.routing;
    response.own = {.node = m_context.config.id, .incoming = port.record(), .outgoing = {}};
    response.identity = m_context.config.identity;
    response.version = ownVersion();
    response.board = m_context.config.board;
    return response;
}

void Flood::advance(Instant now)
{
    while (!m_answers.empty() && m_answers.begin()->first <= now) {
        const Answer answer = std::move(m_answers.begin()->second);
        m_answers.erase(m_answers.begin());
        if (Port* port = m_context.ports.find(answer.port); port != nullptr)
            m_context.outbox.send(*port, answer.to, romon::encode(answer.response), Transmit::Class::Interactive);
    }
    while (!m_onward.empty() && m_onward.begin()->first <= now) {
        const Onward onward = std::move(m_onward.begin()->second);
        m_onward.erase(m_onward.begin());
        forwardWaiting(onward);
    }
}

std::optional<Instant> Flood::nextDeadline() const
{
    std::optional<Instant> next;
    if (!m_answers.empty())
        next = m_answers.begin()->first;
    if (!m_onward.empty() && (!next || m_onward.begin()->first < *next))
        next = m_onward.begin()->first;
    return next;
}

} // namespace fb::overlay
