// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Flood.h"

#include "core/romon/Codec.h"

#include <algorithm>

namespace fb::overlay {

void Flood::receive(const Heard& heard, const romon::Discover& discover)
{
    if (!isSound(heard, discover))
        return;
    if (!heard.port.discovers.take(heard.now))
        return heard.drop(m_context, Counter::DiscoverRateLimited);
    learn(heard, discover);
    if (!isForUs(heard, discover))
        return;
    Round* round = roundOf(discover.header.source, heard);
    if (round == nullptr)
        return;
    if (round->answered.empty())
        forward(heard, discover);
    queueAnswer(heard, discover, *round);
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
    NodeEntry* node = m_map.noteAlive(neighbor, heard.now);
    if (node == nullptr)
        return;
    if (!discover.hops.entries.empty() && !node->hasForwarded) {
        node->hasForwarded = true;
        m_map.noteRoutingChange();
    }
    m_map.noteLink({.node = neighbor, .end = endOf(discover.routing.outgoing)},
                   {.node = m_context.config.id, .end = heard.port.end()});
}

bool Flood::isForUs(const Heard& heard, const romon::Discover& discover)
{
    const auto& hops = discover.hops.entries;
    const auto isOwnPort = [this](const romon::HopEntry& entry) { return m_context.ports.owns(entry.mac); };
    if (discover.header.source == m_context.config.id) {
        // Our own question comes round with the port it left by as its first entry; anybody else's does not.
        if (hops.empty() || !isOwnPort(hops.front()))
            reportDuplicateId(m_context, heard);
        else
            heard.drop(m_context, Counter::DiscoverOwn);
        return false;
    }
    if (discover.routing.node == m_context.config.id) {
        reportDuplicateId(m_context, heard);
        return false;
    }
    if (std::ranges::any_of(hops, isOwnPort)) {
        heard.drop(m_context, Counter::DiscoverLoop);
        return false;
    }
    return true;
}

Flood::Round* Flood::roundOf(romon::RomonId origin, const Heard& heard)
{
    const auto isOver = [&](const Round& round) { return round.startedAt + kRoundWindow <= heard.now; };
    const auto found = m_rounds.find(origin);
    if (found != m_rounds.end()) {
        if (isOver(found->second))
            found->second = {.startedAt = heard.now, .answered = {}};
        return &found->second;
    }
    if (m_rounds.size() >= kOriginsMax)
        std::erase_if(m_rounds, [&](const auto& entry) { return isOver(entry.second); });
    if (m_rounds.size() >= kOriginsMax) {
        heard.drop(m_context, Counter::DiscoverOriginsLimit);
        return nullptr;
    }
    return &m_rounds.emplace(origin, Round{.startedAt = heard.now, .answered = {}}).first->second;
}

/// As captured: one more entry (our incoming link, the port the copy came from), the pointer at the end, our own
/// routing record in place of the previous one; the source stays the originator.
void Flood::forward(const Heard& heard, const romon::Discover& discover)
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
        m_context.outbox.send(port, romon::kGroupAddress, romon::encode(onward), Transmit::Class::Interactive);
    }
}

void Flood::queueAnswer(const Heard& heard, const romon::Discover& discover, Round& round)
{
    const Copy copy{.parent = {.node = discover.routing.node, .linkId = discover.routing.outgoing.linkId},
                    .port = heard.port.id};
    if (std::ranges::find(round.answered, copy) != round.answered.end())
        return heard.drop(m_context, Counter::DiscoverRepeated);
    if (round.answered.size() >= kAnswersPerRoundMax)
        return heard.drop(m_context, Counter::AnswersPerRoundLimit);
    const auto spacing = kAnswerSpacing * static_cast<Duration::rep>(round.answered.size());
    round.answered.push_back(copy);
    if (m_answers.size() >= kAnswersWaitingMax) {
        m_context.counters.add(Counter::AnswersWaitingLimit);
        return;
    }
    m_answers.emplace(heard.now + m_context.randomBelow(kAnswerJitter) + spacing,
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
}

std::optional<Instant> Flood::nextDeadline() const
{
    return m_answers.empty() ? std::nullopt : std::optional(m_answers.begin()->first);
}

} // namespace fb::overlay
