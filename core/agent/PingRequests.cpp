// SPDX-License-Identifier: Apache-2.0
#include "core/agent/PingRequests.h"

namespace fb::agent {

void PingRequests::start(RequestKey key, const PingNode& command, WatchCount::Hold hold, Instant now)
{
    if (m_requests.size() >= kRequestsMax) {
        m_clients.publish(key, CommandFailed{Error{ErrorCode::LimitReached, "pings at the same time"}});
        return;
    }
    m_requests.emplace(key, Request{command, std::move(hold), now});
    advance(now);
}

bool PingRequests::sendOne(RequestKey key, Request& request, Instant now)
{
    const auto& command = request.command;
    const auto token = ++m_lastToken;
    const auto sent = m_overlay.ping(command.target, token, command.sizeBytes, command.timeout, now);
    if (!sent && request.sent == 0) {
        m_clients.publish(key, CommandFailed{sent.error()});
        return false;
    }
    const auto sequence = request.sent++;
    request.nextSend = now + command.interval;
    m_echoes.emplace(token, Echo{key, sequence});
    if (!sent)
        finishOne(token, std::nullopt); // the path has gone meanwhile: as good as lost
    return true;
}

void PingRequests::advance(Instant now)
{
    for (auto entry = m_requests.begin(); entry != m_requests.end();) {
        auto current = entry++;
        auto& request = current->second;
        if (!request.allSent() && request.nextSend <= now && !sendOne(current->first, request, now))
            m_requests.erase(current);
        else if (request.allFinished()) {
            m_clients.publish(current->first, CommandDone{});
            m_requests.erase(current);
        }
    }
}

void PingRequests::finishOne(std::uint64_t token, std::optional<Duration> rtt)
{
    const auto echo = m_echoes.find(token);
    if (echo == m_echoes.end())
        return;
    const auto request = m_requests.find(echo->second.key);
    if (request != m_requests.end()) {
        ++request->second.finished;
        m_clients.publish(echo->second.key, PingResult{echo->second.sequence, rtt, request->second.command.sizeBytes});
    }
    m_echoes.erase(echo);
}

void PingRequests::answered(const overlay::PingAnswered& answer)
{
    finishOne(answer.token, answer.rtt);
}

void PingRequests::lost(const overlay::PingLost& loss)
{
    finishOne(loss.token, std::nullopt);
}

std::optional<Instant> PingRequests::nextDeadline() const
{
    std::optional<Instant> next;
    for (const auto& entry : m_requests) {
        const auto& request = entry.second;
        if (request.allFinished())
            return Instant{};
        if (!request.allSent() && (!next || request.nextSend < *next))
            next = request.nextSend;
    }
    return next;
}

void PingRequests::removeClient(ClientId client)
{
    std::erase_if(m_requests, [client](const auto& entry) { return entry.first.client == client; });
}

} // namespace fb::agent
