// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/ProvenSessions.h"

#include <algorithm>

namespace fb::overlay {

namespace {

struct OneHop {
    MacAddress mac;
    romon::RomonId id;
    const SecretKey& key;
};

/// From this port to the station at its other end.
void sendOneHop(NodeContext& context, Port& port, const OneHop& hop, const Challenge& challenge)
{
    const romon::HopEntry entry{.linkId = port.linkId, .mac = hop.mac};
    const ByteVector payload = encode(challenge);
    ByteVector frame = context.outbox.startFrame(port, hop.mac);
    romon::appendData({.header = {.auth = {}, .source = context.config.id, .destination = hop.id},
                       .pointer = 0,
                       .entries = std::span(&entry, 1),
                       .sourcePort = kChallengePort,
                       .destinationPort = kChallengePort,
                       .payload = payload},
                      frame);
    context.outbox.sendSigned(port, std::move(frame), hop.key);
}

/// A packet that some node passed on has a higher pointer: nobody can make a forwarder say this in its name.
bool isOneHop(const romon::DataView& data)
{
    return data.hopCount() == 1 && data.pointer == 0;
}

} // namespace

ProvenSessions::Verdict ProvenSessions::check(const Heard& heard, const Verified& verified)
{
    const auto found = m_proven.find({.port = heard.port.id, .mac = heard.from});
    if (found != m_proven.end() && found->second.session == verified.number.session) {
        Proven& proven = found->second;
        if (!proven.window.take(verified.number.counter))
            return Verdict::Replayed;
        proven.key = verified.key;
        proven.heardAt = heard.now;
        return Verdict::Fresh;
    }
    if (Challenged* challenged = challenge(heard, verified); challenged != nullptr)
        hold(*challenged, heard, verified.number.session);
    return Verdict::Unproven;
}

ProvenSessions::Challenged* ProvenSessions::challenge(const Heard& heard, const Verified& verified)
{
    const Sender sender{.port = heard.port.id, .mac = heard.from};
    if (const auto found = m_challenged.find(sender); found != m_challenged.end())
        return &found->second;
    const auto proven = m_proven.find(sender);
    const bool isQuiet = proven != m_proven.end() && heard.now < proven->second.quietUntil;
    if (isQuiet || m_challenged.size() >= kChallengedSendersMax) {
        m_context.counters.add(Counter::ChallengesLimited);
        return nullptr;
    }
    Challenged& challenged = m_challenged[sender];
    challenged.nonce = (std::uint64_t{m_context.random.next32()} << 32U) | m_context.random.next32();
    // The secret that its frame was signed with is one that it accepts, whatever we sign other frames with.
    challenged.key = verified.key;
    ask(sender, challenged, heard.now);
    return &challenged;
}

void ProvenSessions::ask(const Sender& sender, Challenged& challenged, Instant now)
{
    m_due.erase({challenged.due, sender});
    challenged.due = now + kChallengeRetry * (1U << static_cast<unsigned>(challenged.sent));
    m_due.emplace(challenged.due, sender);
    ++challenged.sent;
    Port* port = m_context.ports.find(sender.port);
    if (!port->challenges.take(now)) {
        m_context.counters.add(Counter::ChallengesLimited);
        return;
    }
    m_context.counters.add(Counter::ChallengesSent);
    const Challenge question{.kind = Challenge::Kind::Question, .nonce = challenged.nonce, .value = knownForUs(now)};
    // Whose frame a forwarder passed on is not the id of the forwarder: the question is for whoever has the address.
    sendOneHop(m_context, *port, {.mac = sender.mac, .id = romon::kEveryNode, .key = *challenged.key}, question);
}

std::uint32_t ProvenSessions::knownForUs(Instant now) const
{
    return static_cast<std::uint32_t>(std::min(now - m_knowsSince, kHeldAgeMax).count());
}

void ProvenSessions::hold(Challenged& challenged, const Heard& heard, std::uint32_t session)
{
    const Bytes packet = romon::withoutPadding(heard.packet);
    if (challenged.held.size() >= kHeldFramesPerSenderMax || m_heldBytes + packet.size() > kHeldBytesMax) {
        m_context.counters.add(Counter::HeldFramesLimit);
        return;
    }
    m_heldBytes += packet.size();
    challenged.held.push_back({.port = heard.port.id,
                               .from = heard.from,
                               .to = heard.to,
                               .packet = ByteVector(packet.begin(), packet.end()),
                               .session = session});
}

void ProvenSessions::receive(const Heard& heard, const Verified& verified, const romon::DataView& data)
{
    const auto message = decodeChallenge(data.payload);
    if (!message || data.sourcePort != kChallengePort || !isOneHop(data))
        return heard.drop(m_context, Counter::ChallengeMalformed);
    if (message->kind == Challenge::Kind::Answer)
        receiveAnswer(heard, verified, *message);
    else
        answer(heard, verified, data, *message);
}

void ProvenSessions::answer(const Heard& heard, const Verified& verified, const romon::DataView& data,
                            const Challenge& question)
{
    const auto proven = m_proven.find({.port = heard.port.id, .mac = heard.from});
    if (proven == m_proven.end() || proven->second.session != verified.number.session)
        (void)challenge(heard, verified); // who asks will have more to say
    else if (!proven->second.window.take(verified.number.counter))
        return heard.drop(m_context, Counter::Replayed);
    if (!heard.port.challengeAnswers.take(heard.now))
        return heard.drop(m_context, Counter::ChallengesLimited);
    m_context.counters.add(Counter::ChallengesAnswered);
    const Instant since = heard.now - std::min<Duration>(Duration(question.value), kHeldAgeMax);
    const Challenge answer{
        .kind = Challenge::Kind::Answer, .nonce = question.nonce, .value = heard.port.session.firstSentSince(since)};
    sendOneHop(m_context, heard.port, {.mac = heard.from, .id = data.header.source, .key = *verified.key}, answer);
}

/// A kernel bridge may hand the answer for one of its ports to another: then it holds for both.
void ProvenSessions::receiveAnswer(const Heard& heard, const Verified& verified, const Challenge& answer)
{
    const Sender here{.port = heard.port.id, .mac = heard.from};
    const auto isAsked = [&](const auto& entry) {
        const auto& [id, port] = entry;
        const auto found = m_challenged.find({.port = id, .mac = heard.from});
        return (id == heard.port.id || Ports::shareSegment(port, heard.port)) && found != m_challenged.end() &&
               found->second.nonce == answer.nonce;
    };
    const auto& ports = m_context.ports.all();
    const auto asking = std::ranges::find_if(ports, isAsked);
    if (asking == ports.end())
        return heard.drop(m_context, Counter::ChallengeAnswerUnexpected);
    const std::uint32_t first = std::min(answer.value, verified.number.counter);
    prove(here, verified, first, heard.now);
    release(here, verified.number.session);
    if (asking->first != here.port) {
        const Sender there{.port = asking->first, .mac = heard.from};
        prove(there, verified, first, heard.now);
        release(there, verified.number.session);
    }
}

void ProvenSessions::prove(const Sender& sender, const Verified& verified, std::uint32_t first, Instant now)
{
    auto found = m_proven.find(sender);
    if (found != m_proven.end() && found->second.session == verified.number.session) {
        found->second.quietUntil = now + kQuietAfterRecording;
    } else {
        if (found != m_proven.end())
            m_proven.erase(found);
        if (m_proven.size() >= kProvenSendersMax) {
            m_context.counters.add(Counter::ProvenSendersLimit);
            m_proven.erase(
                std::ranges::min_element(m_proven, {}, [](const auto& entry) { return entry.second.heardAt; }));
            m_knowsSince = now;
        }
        found =
            m_proven
                .emplace(sender, Proven{.session = verified.number.session, .window = ReplayWindow(first), .key = {}})
                .first;
    }
    (void)found->second.window.take(verified.number.counter);
    found->second.key = verified.key;
    found->second.heardAt = now;
}

void ProvenSessions::release(const Sender& sender, std::uint32_t session)
{
    const auto found = m_challenged.find(sender);
    if (found == m_challenged.end())
        return;
    for (auto& held : found->second.held) {
        if (held.session == session) {
            m_released.push_back(std::move(held));
        } else {
            m_heldBytes -= held.packet.size();
            m_context.counters.add(Counter::Replayed);
        }
    }
    found->second.held.clear();
    forget(sender);
}

std::optional<ProvenSessions::Held> ProvenSessions::nextReleased()
{
    if (m_released.empty())
        return std::nullopt;
    Held held = std::move(m_released.front());
    m_released.pop_front();
    m_heldBytes -= held.packet.size();
    return held;
}

/// Stops asking; what was held goes.
void ProvenSessions::forget(const Sender& sender)
{
    const auto found = m_challenged.find(sender);
    for (const auto& held : found->second.held)
        m_heldBytes -= held.packet.size();
    m_due.erase({found->second.due, sender});
    m_challenged.erase(found);
}

void ProvenSessions::advance(Instant now)
{
    while (!m_due.empty() && m_due.begin()->first <= now) {
        const Sender sender = m_due.begin()->second;
        Challenged& challenged = m_challenged.at(sender);
        if (challenged.sent >= kChallengesMax)
            forget(sender);
        else
            ask(sender, challenged, now);
    }
}

std::optional<Instant> ProvenSessions::nextDeadline() const
{
    return m_due.empty() ? std::nullopt : std::optional(m_due.begin()->first);
}

void ProvenSessions::secretsChanged(const Port& port, Instant now)
{
    const auto isUnlisted = [&](const auto& entry) {
        return entry.first.port == port.id && !port.secrets.holds(entry.second.key);
    };
    if (std::erase_if(m_proven, isUnlisted) > 0)
        m_knowsSince = now;
    std::vector<Sender> gone;
    for (const auto& entry : m_challenged) {
        if (isUnlisted(entry))
            gone.push_back(entry.first);
    }
    std::ranges::for_each(gone, [this](const Sender& sender) { forget(sender); });
}

void ProvenSessions::forgetPort(PortId port, Instant now)
{
    std::erase_if(m_proven, [&](const auto& entry) { return entry.first.port == port; });
    std::vector<Sender> gone;
    for (const auto& [sender, challenged] : m_challenged) {
        if (sender.port == port)
            gone.push_back(sender);
    }
    std::ranges::for_each(gone, [this](const Sender& sender) { forget(sender); });
    m_knowsSince = now;
}

} // namespace fb::overlay
