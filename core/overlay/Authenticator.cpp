// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Authenticator.h"

namespace fb::overlay {

namespace {

bool isHashed(const romon::Header& header)
{
    return header.auth != romon::AuthField{};
}

} // namespace

void Authenticator::setGlobal(const SecretList& list, Instant now)
{
    m_secrets.setGlobal(list);
    for (auto& [id, port] : m_context.ports.all())
        apply(port, now);
}

void Authenticator::setOwn(Port& port, const std::optional<SecretList>& list, Instant now)
{
    m_secrets.setOwn(port.id, list);
    apply(port, now);
}

void Authenticator::apply(Port& port, Instant now)
{
    port.secrets = m_secrets.of(port.id);
    m_sessions.secretsChanged(port, now);
}

void Authenticator::portAdded(Port& port)
{
    port.secrets = m_secrets.of(port.id);
}

void Authenticator::portRemoved(PortId port, Instant now)
{
    m_secrets.forgetPort(port);
    m_sessions.forgetPort(port, now);
}

bool Authenticator::accepts(const Heard& heard, const romon::Header& header)
{
    if (!isHashed(header))
        return acceptsUnhashed(heard, header);
    const auto verified = verify(heard, header);
    return verified && isFresh(heard, header, *verified);
}

bool Authenticator::accepts(const Heard& heard, const romon::DataView& data)
{
    if (data.destinationPort != kChallengePort)
        return accepts(heard, data.header);
    if (!isHashed(data.header))
        heard.drop(m_context, Counter::ChallengeMalformed);
    else if (const auto verified = verify(heard, data.header))
        m_sessions.receive(heard, *verified, data);
    return false;
}

bool Authenticator::acceptsUnhashed(const Heard& heard, const romon::Header& header)
{
    if (heard.port.secrets.unhashed == PortSecrets::Unhashed::Accepted)
        return true;
    heard.drop(m_context, Counter::UnhashedRefused);
    m_refusals.note(header.source, Refusals::Reason::Unhashed);
    return false;
}

std::optional<Verified> Authenticator::verify(const Heard& heard, const romon::Header& header)
{
    const Stations stations{.destination = heard.to, .source = heard.from};
    const Bytes packet = romon::withoutPadding(heard.packet);
    for (const auto& key : heard.port.secrets.keys) {
        if (isSignedWith(*key, stations, packet, header.auth))
            return Verified{.number = numberOf(header.auth), .key = key};
    }
    heard.drop(m_context, heard.port.secrets.keys.empty() ? Counter::AuthNotVerifiable : Counter::HashMismatch);
    m_refusals.note(header.source, Refusals::Reason::NoneMatches);
    return std::nullopt;
}

bool Authenticator::isFresh(const Heard& heard, const romon::Header& header, const Verified& verified)
{
    switch (m_sessions.check(heard, verified)) {
    case ProvenSessions::Verdict::Fresh:
        return true;
    case ProvenSessions::Verdict::Replayed:
        heard.drop(m_context, Counter::Replayed);
        m_refusals.note(header.source, Refusals::Reason::Replayed);
        break;
    case ProvenSessions::Verdict::Unproven:
        m_context.counters.add(Counter::SessionUnproven);
        break;
    }
    return false;
}

} // namespace fb::overlay
