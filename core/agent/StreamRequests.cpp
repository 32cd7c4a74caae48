// SPDX-License-Identifier: Apache-2.0
#include "core/agent/StreamRequests.h"

#include "core/agent/SocketPair.h"

#include <algorithm>

namespace fb::agent {

std::string StreamRequests::nameOfTarget(const OpenStream& command, Instant now) const
{
    const auto snapshot = m_with.stack.overlay().snapshot(now);
    const auto node = std::ranges::find(snapshot.nodes, command.target, &overlay::NodeInfo::id);
    const auto id = command.target.toString();
    return node == snapshot.nodes.end() || node->identity.empty() ? id : node->identity + " (" + id + ")";
}

void StreamRequests::start(RequestKey key, const OpenStream& command, WatchCount::Hold hold, Instant now)
{
    if (m_requests.size() >= kStreamsMax) {
        m_with.clients.publish(key, CommandFailed{Error{ErrorCode::LimitReached, "streams at the same time"}});
        return;
    }
    auto target = nameOfTarget(command, now);
    const auto stream = m_with.stack.openStream(command.target, command.service, now);
    if (!stream) {
        m_with.clients.publish(key, CommandFailed{stream.error()});
        return;
    }
    m_requests.emplace(*stream, Request{key, command, std::move(hold), std::move(target)});
}

void StreamRequests::opened(stream::StreamId stream, Instant now)
{
    const auto found = m_requests.find(stream);
    if (found == m_requests.end())
        return;
    auto& request = found->second;
    auto pair = makeSocketPair();
    if (!pair) {
        m_with.clients.publish(request.key, CommandFailed{pair.error()});
        m_requests.erase(found);
        m_with.stack.streams().abort(stream, now);
        return;
    }
    request.isOpen = true;
    const overlay::Path* path = m_with.stack.pathOf(stream);
    m_with.clients.publish(request.key,
                           StreamOpened{std::move(pair->theirs), path == nullptr ? overlay::Path{} : *path, stream});
    m_with.relays.add(stream, std::move(pair->ours), now);
}

void StreamRequests::ended(const stream::Ended& end, Instant)
{
    const auto found = m_requests.find(end.stream);
    if (found == m_requests.end())
        return;
    auto request = std::move(found->second);
    m_requests.erase(found);
    auto error = end.error;
    if (error)
        error->context = request.target;
    if (request.isOpen)
        m_with.clients.publish(request.key, StreamEnded{std::move(error)});
    else
        m_with.clients.publish(request.key,
                               CommandFailed{error.value_or(Error{ErrorCode::ConnectionReset, request.target})});
}

void StreamRequests::pathChanged(const PathChanged& change)
{
    for (const auto stream : change.streams) {
        const auto found = m_requests.find(stream);
        if (found != m_requests.end() && found->second.isOpen)
            m_with.clients.publish(found->second.key, StreamRerouted{change.path, change.reason});
    }
}

void StreamRequests::tellSilences(Instant now)
{
    for (const auto& status : m_with.stack.streams().status(now)) {
        const auto found = m_requests.find(status.stream);
        if (found == m_requests.end() || !found->second.isOpen)
            continue;
        auto& request = found->second;
        const bool isSilent = status.silentFor >= kWorthTelling;
        if (isSilent || request.toldSilence)
            m_with.clients.publish(request.key,
                                   StreamSilent{isSilent ? status.silentFor : Duration{}, m_with.silenceLimit});
        request.toldSilence = isSilent;
    }
}

bool StreamRequests::cancel(RequestKey key, Instant now)
{
    const auto found = std::ranges::find_if(m_requests, [key](const auto& entry) { return entry.second.key == key; });
    if (found == m_requests.end())
        return false;
    const auto stream = found->first;
    m_requests.erase(found);
    m_with.stack.streams().abort(stream, now);
    m_with.relays.drop(stream);
    return true;
}

void StreamRequests::removeClient(ClientId client, Instant now)
{
    for (auto entry = m_requests.begin(); entry != m_requests.end();) {
        auto current = entry++;
        const auto& request = current->second;
        const bool staysWithSocket = request.isOpen && request.command.lifetime == OpenStream::Lifetime::Socket;
        if (request.key.client == client && !staysWithSocket)
            cancel(request.key, now);
    }
}

} // namespace fb::agent
