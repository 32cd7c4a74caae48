// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/NodeInformation.h"

#include <algorithm>

namespace fb::overlay {

namespace {

constexpr RateLimit::Rate kAnswers{.perSecond = 500, .burst = 500};
/// First questions are spread so that a large network does not answer all at once.
constexpr Duration kFirstQuestionSpread = std::chrono::milliseconds(50);
constexpr Duration kSpreadPerNode = std::chrono::milliseconds(2);
/// In a large network we go on asking 50 nodes a second, however many there are.
constexpr Duration kIntervalPerNode = std::chrono::milliseconds(20);

} // namespace

NodeInformation::NodeInformation(NodeContext& context, Map& map) : m_context(context), m_map(map), m_answers(kAnswers)
{
}

void NodeInformation::noteFootbridge(romon::RomonId id, Instant now)
{
    if (m_asked.contains(id))
        return;
    if (m_asked.size() >= m_context.config.limits.nodesMax)
        return m_context.counters.add(Counter::NodeQuestionsLimit);
    const auto known = static_cast<Duration::rep>(m_map.nodes().size());
    schedule(id, m_asked[id], now + m_context.randomBelow(kFirstQuestionSpread + kSpreadPerNode * known));
}

void NodeInformation::schedule(romon::RomonId id, Asked& asked, Instant due)
{
    m_due.erase({asked.due, id});
    asked.due = due;
    m_due.emplace(due, id);
}

std::optional<NodeInformation::Question> NodeInformation::nextDue(Instant now)
{
    while (!m_due.empty() && m_due.begin()->first <= now) {
        const romon::RomonId id = m_due.begin()->second;
        Asked& asked = m_asked.at(id);
        const NodeEntry* node = m_map.find(id);
        if (node == nullptr) {
            m_due.erase(m_due.begin());
            m_asked.erase(id);
            continue;
        }
        if (node->freshness != Freshness::Fresh) {
            schedule(id, asked, now + kNodeInformationRetry);
            continue;
        }
        asked.nonce = m_context.random.next32();
        schedule(id, asked, now + kNodeInformationRetry);
        return Question{.target = id, .payload = encodeNodeQuestion({.nonce = *asked.nonce})};
    }
    return std::nullopt;
}

void NodeInformation::notSent(romon::RomonId id, Instant now)
{
    schedule(id, m_asked.at(id), now + kNodeInformationRetrySend);
}

std::optional<Instant> NodeInformation::nextDeadline() const
{
    return m_due.empty() ? std::nullopt : std::optional(m_due.begin()->first);
}

std::optional<ByteVector> NodeInformation::receive(const Heard& heard, romon::RomonId from, Bytes payload)
{
    const auto message = decodeNodeInformation(payload);
    if (!message) {
        heard.drop(m_context, Counter::NodeInformationMalformed);
        return std::nullopt;
    }
    if (const auto* answer = std::get_if<NodeAnswer>(&*message)) {
        learn(heard, from, *answer);
        return std::nullopt;
    }
    if (!m_answers.take(heard.now)) {
        heard.drop(m_context, Counter::NodeQuestionRateLimited);
        return std::nullopt;
    }
    const auto running = std::chrono::duration_cast<std::chrono::seconds>(heard.now - m_context.startedAt);
    return encodeNodeAnswer({.nonce = std::get<NodeQuestion>(*message).nonce,
                             .uptime = m_context.config.uptimeAtStart + running,
                             .services = m_context.config.services,
                             .role = m_context.config.role});
}

void NodeInformation::learn(const Heard& heard, romon::RomonId from, const NodeAnswer& answer)
{
    const auto found = m_asked.find(from);
    NodeEntry* node = m_map.find(from);
    if (found == m_asked.end() || node == nullptr || found->second.nonce != answer.nonce)
        return heard.drop(m_context, Counter::NodeInformationUnexpected);
    found->second.nonce.reset();
    const auto known = static_cast<Duration::rep>(m_map.nodes().size());
    schedule(from, found->second, heard.now + std::max(kNodeInformationInterval, kIntervalPerNode * known));
    const bool mightForward = node->mayForward();
    if (node->services != answer.services || node->role != answer.role || !node->uptime)
        m_context.outbox.publishMapChanged();
    node->uptime = answer.uptime;
    node->uptimeAt = heard.now;
    node->services = answer.services;
    node->role = answer.role;
    if (node->mayForward() != mightForward)
        m_map.notePassageChange(from);
}

} // namespace fb::overlay
