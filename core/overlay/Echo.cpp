// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Echo.h"

#include "core/wire/Decoder.h"
#include "core/wire/Encoder.h"

namespace fb::overlay {

namespace {

constexpr RateLimit::Rate kEchoAnswers{.perSecond = 2000, .burst = 2000};
constexpr std::uint32_t kFirstEphemeralPort = 1024;
/// A node on the way believes that whoever sends from a private port is a Footbridge node.
constexpr std::uint32_t kEphemeralPorts = kPrivatePortMin - kFirstEphemeralPort;

} // namespace

Echo::Echo(NodeContext& context)
    : m_context(context),
      m_answers(kEchoAnswers),
      m_sourcePort(static_cast<std::uint16_t>(kFirstEphemeralPort + context.random.below(kEphemeralPorts)))
{
}

Result<ByteVector, Error> Echo::begin(const Question& question, Instant now)
{
    if (m_waiting.size() + m_context.outbox.echoEnds() >= m_context.config.limits.pingsMax) {
        m_context.counters.add(Counter::EchoesLimit);
        return failure(Error{.code = ErrorCode::LimitReached, .context = "echoes waiting for their answer"});
    }
    // The captured ping is number 1. A number that still waits after a full turn is not used twice.
    do
        ++m_sequence;
    while (m_waiting.contains(m_sequence));
    const Instant deadline = now + question.timeout;
    m_waiting[m_sequence] = {.target = question.target,
                             .token = question.token,
                             .sizeBytes = question.sizeBytes,
                             .kind = question.kind,
                             .sentAt = now,
                             .deadline = deadline};
    m_deadlines.emplace(deadline, m_sequence);
    ByteVector payload;
    wire::Encoder encoder(payload);
    encoder.integer(m_sequence);
    encoder.zeros(question.sizeBytes - kEchoBytesMin);
    return payload;
}

void Echo::forget(std::uint32_t sequence)
{
    const auto found = m_waiting.find(sequence);
    m_deadlines.erase({found->second.deadline, sequence});
    m_waiting.erase(found);
}

bool Echo::mayAnswer(Instant now)
{
    if (m_answers.take(now))
        return true;
    m_context.counters.add(Counter::EchoRateLimited);
    return false;
}

std::optional<Echo::Measured> Echo::receiveAnswer(const Heard& heard, const Delivered& data)
{
    wire::Decoder decoder(data.payload);
    std::uint32_t sequence = 0;
    decoder.integer(sequence);
    const auto found = m_waiting.find(sequence);
    if (!decoder.ok()) {
        heard.drop(m_context, Counter::EchoMalformed);
        return std::nullopt;
    }
    if (found == m_waiting.end() || data.destinationPort != sourcePort(found->second.kind) ||
        found->second.target != data.from || found->second.sizeBytes != data.payload.size()) {
        heard.drop(m_context, Counter::EchoUnexpected);
        return std::nullopt;
    }
    const Measured measured{.from = data.from, .rtt = heard.now - found->second.sentAt};
    if (found->second.kind == Question::Kind::Probe)
        m_context.outbox.publishEchoEnd(ProbeAnswered{.token = found->second.token, .rtt = measured.rtt});
    else
        m_context.outbox.publishEchoEnd(PingAnswered{
            .token = found->second.token, .from = data.from, .rtt = measured.rtt, .sizeBytes = data.payload.size()});
    forget(sequence);
    return measured;
}

void Echo::advance(Instant now)
{
    while (!m_deadlines.empty() && m_deadlines.begin()->first <= now) {
        const std::uint32_t sequence = m_deadlines.begin()->second;
        const Waiting& lost = m_waiting.at(sequence);
        if (lost.kind == Question::Kind::Probe)
            m_context.outbox.publishEchoEnd(ProbeLost{.token = lost.token});
        else
            m_context.outbox.publishEchoEnd(PingLost{.token = lost.token, .target = lost.target});
        forget(sequence);
    }
}

std::optional<Instant> Echo::nextDeadline() const
{
    return m_deadlines.empty() ? std::nullopt : std::optional(m_deadlines.begin()->first);
}

} // namespace fb::overlay
