// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Asker.h"

#include "core/base/Assert.h"
#include "core/romon/Codec.h"
#include "core/romon/Text.h"

#include <algorithm>
#include <utility>

namespace fb::overlay {

namespace {

constexpr std::string_view kFootbridgeBoard = "Footbridge";
/// Two askers that started together drift apart; only ever later, so the minimum holds.
constexpr Duration kRoundJitter = std::chrono::milliseconds(50);
/// Whoever asks in our name just before we do, makes ours look like a copy: while somebody uses our id, nobody can tell
/// when that is.
constexpr Duration kRoundJitterWhileImitated = std::chrono::milliseconds(500);
constexpr Duration kImitatedFor = std::chrono::seconds(10);

} // namespace

void Asker::startWatching(Instant now)
{
    if (m_watchers++ > 0)
        return;
    m_nextRound = m_lastAsked ? std::max(now, *m_lastAsked + kRoundIntervalMin) : now;
    advance(now);
}

void Asker::stopWatching()
{
    FB_ASSERT(m_watchers > 0);
    if (--m_watchers == 0)
        m_nextRound.reset();
}

/// Slower in large networks, slower yet in those where nothing happens.
Duration Asker::interval() const
{
    constexpr Duration kPerNode = Duration(std::chrono::seconds(1)) / kNodesPerSecond;
    constexpr Duration kPerAnswer = Duration(std::chrono::seconds(1)) / kAnswersPerSecond;
    const auto answers = static_cast<Duration::rep>(std::max(m_answersThisRound, m_answersLastRound));
    const Duration needed = std::max(kPerNode * static_cast<Duration::rep>(m_map.nodes().size()), kPerAnswer * answers);
    if (needed <= kRoundIntervalMin)
        return kRoundIntervalMin;
    return std::min(needed, kIntervalStepMax) * std::min(1 + m_quietRounds / kQuietRoundsPerStep, kIntervalStepsMax);
}

void Asker::noteRoundOver()
{
    m_quietRounds = m_shapeSeen == m_map.changesOfShape() ? m_quietRounds + 1 : 0;
    m_shapeSeen = m_map.changesOfShape();
    m_answersLastRound = std::exchange(m_answersThisRound, 0);
}

void Asker::advance(Instant now)
{
    if (!m_nextRound || *m_nextRound > now)
        return;
    m_map.beginRound();
    noteRoundOver();
    for (auto& [id, port] : m_context.ports.all())
        ask(port, now);
    const bool isImitated = m_context.duplicateIdAt && *m_context.duplicateIdAt + kImitatedFor > now;
    m_nextRound = now + interval() + m_context.randomBelow(isImitated ? kRoundJitterWhileImitated : kRoundJitter);
}

void Asker::portUp(Port& port, Instant now)
{
    if (isWatching() && (!port.lastAsked || *port.lastAsked + kRoundIntervalMin <= now))
        ask(port, now);
}

/// As captured: no hops, our id, a zero incoming and our outgoing record.
void Asker::ask(Port& port, Instant now)
{
    if (!port.isUp())
        return;
    romon::Discover question;
    question.header = {.auth = {}, .source = m_context.config.id, .destination = romon::kEveryNode};
    question.routing = {.node = m_context.config.id, .incoming = {}, .outgoing = port.record()};
    m_context.outbox.send(port, romon::kGroupAddress, romon::encode(question), Transmit::Class::Interactive);
    port.lastAsked = now;
    m_lastAsked = now;
}

std::optional<romon::RomonId> Asker::receive(const Heard& heard, const romon::DiscoverResp& response)
{
    if (!heard.port.responses.take(heard.now)) {
        heard.drop(m_context, Counter::ResponseRateLimited);
        return std::nullopt;
    }
    const auto asker = askerOf(heard, response);
    if (!asker)
        return std::nullopt;
    if (*asker != m_context.config.id) {
        passOn(heard, response);
        return std::nullopt;
    }
    if (!isSound(heard, response))
        return std::nullopt;
    learn(heard, response);
    return response.own.node;
}

/// One captured sample carries the asker in the source slot; until more is known the other order is taken as well.
std::optional<romon::RomonId> Asker::askerOf(const Heard& heard, const romon::DiscoverResp& response)
{
    const romon::RomonId responder = response.own.node;
    if (responder == m_context.config.id) {
        reportDuplicateId(m_context, heard);
        return std::nullopt;
    }
    if (response.header.destination == responder && response.header.source != responder)
        return response.header.source;
    if (response.header.source == responder && response.header.destination != responder)
        return response.header.destination;
    heard.drop(m_context, Counter::ResponseHeaderOdd);
    return std::nullopt;
}

/// Ours, as the walk of a multi-hop answer is not published: the pointer counts down from the end of the list, each
/// node sends to the entry before it, entries stay as they are, and the asker gets the answer with pointer 0.
void Asker::passOn(const Heard& heard, const romon::DiscoverResp& response)
{
    if (m_context.config.role == Role::Leaf)
        return heard.drop(m_context, Counter::ResponseNotForwarded);
    if (response.hops.pointer == 0)
        return heard.drop(m_context, Counter::ResponseHeaderOdd);
    const auto pointer = static_cast<std::uint8_t>(response.hops.pointer - 1);
    const auto& entry = response.hops.entries[pointer];
    Port* port = m_context.ports.findByLink(entry.linkId);
    if (port == nullptr)
        return heard.drop(m_context, Counter::LinkUnknown);
    if (!isStation(entry.mac) || m_context.ports.owns(entry.mac))
        return heard.drop(m_context, Counter::NextMacUnusable);
    const Bytes packet = romon::withoutPadding(heard.packet);
    ByteVector onward(packet.begin(), packet.end());
    romon::setHopPointer(onward, pointer);
    m_context.outbox.send(*port, entry.mac, onward, Transmit::Class::Interactive);
}

/// A direct answer names us as the parent, with a link of ours; one over hops names somebody else (the original's log
/// strings say so).
bool Asker::isSound(const Heard& heard, const romon::DiscoverResp& response)
{
    const bool isDirect = response.hops.entries.empty();
    if (!m_lastAsked || *m_lastAsked + std::max(kAnswersExpected, interval()) < heard.now) {
        heard.drop(m_context, Counter::ResponseNotAsked);
    } else if (isDirect != (response.parent.node == m_context.config.id) ||
               (isDirect && m_context.ports.findByLink(response.parent.outgoing.linkId) == nullptr) ||
               response.parent.node == response.own.node) {
        heard.drop(m_context, Counter::ResponseHeaderOdd);
    } else if (!response.own.node.isUsable() || !response.parent.node.isUsable()) {
        heard.drop(m_context, Counter::IdUnusable);
    } else if (!isUsable(response.parent.outgoing) || !isUsable(response.own.incoming)) {
        heard.drop(m_context, Counter::LinkRecordUnusable);
    } else {
        return true;
    }
    return false;
}

void Asker::describe(NodeEntry& node, const romon::DiscoverResp& response)
{
    const bool mightForward = node.mayForward();
    bool isChanged = !std::exchange(node.hasAnswered, true);
    const auto set = [&](std::string& text, std::string heard) {
        isChanged = isChanged || text != heard;
        if (text != heard)
            text = std::move(heard);
    };
    set(node.identity, romon::displayText(response.identity.value_or(std::string())));
    set(node.version, response.version ? response.version->toString() : std::string());
    set(node.board, romon::displayText(response.board.value_or(std::string())));
    node.isFootbridge = node.board.starts_with(kFootbridgeBoard);
    if (mightForward != node.mayForward())
        m_map.notePassageChange(node.id);
    if (isChanged)
        m_context.outbox.publishMapChanged();
}

void Asker::learn(const Heard& heard, const romon::DiscoverResp& response)
{
    const romon::Routing& parent = response.parent;
    NodeEntry* parentNode = m_map.find(parent.node);
    if (parent.node != m_context.config.id && parentNode == nullptr)
        parentNode = m_map.noteAlive(parent.node, heard.port.id, heard.now);
    if (parentNode != nullptr && !parentNode->hasForwarded) {
        parentNode->hasForwarded = true;
        m_map.notePassageChange(parent.node);
    }
    const bool isParentKnown = parentNode != nullptr || parent.node == m_context.config.id;
    NodeEntry* node = m_map.noteAlive(response.own.node, heard.port.id, heard.now);
    if (node == nullptr || !isParentKnown)
        return;
    describe(*node, response);

    const Port* ownPort = m_context.ports.findByLink(parent.outgoing.linkId);
    const bool isDirect = parent.node == m_context.config.id;
    const Attachment from{.node = parent.node, .end = isDirect ? ownPort->end() : endOf(parent.outgoing)};
    const Attachment to{.node = response.own.node, .end = endOf(response.own.incoming)};
    // Whoever repeats one answer must not make the network look large.
    m_answersThisRound += m_map.wasReported(from.name(), to.name()) ? 0U : 1U;
    m_map.noteLink(from, to, heard.port.id);
}

} // namespace fb::overlay
