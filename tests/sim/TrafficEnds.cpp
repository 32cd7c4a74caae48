// SPDX-License-Identifier: Apache-2.0
// How streams of a simulation end, which ends are well enough, and what can be asked about them.
#include "tests/sim/Traffic.h"

#include <algorithm>

namespace fb::sim {

std::uint64_t Traffic::sizeOf(const Session& session, Direction direction) const
{
    return direction == Up ? session.plan.bytesUp + kHeaderBytes : session.plan.bytesDown;
}

void Traffic::over(Session& session, Side& side, const std::optional<Error>& error)
{
    side.isOver = true;
    --m_live;
    if (error)
        return judge(session, side, *error);
    side.hasEndedWell = true;
    const bool isClient = &side == &session.client;
    const bool isComplete =
        side.hasClosed && side.read == sizeOf(session, isClient ? Down : Up) && (isClient || session.server.exists);
    demand(isComplete || mayBeCutShort(session), "a stream that ended well has brought every byte both ways");
}

/// The client has all and is gone; its last words were lost in a storm, and the way back has failed since. Whoever
/// accepted a stream follows its frames, and there are none any more.
bool Traffic::mayMissLastWords(const Session& session) const
{
    return session.sawStorm && session.client.hasEndedWell && session.server.hasClosed &&
           session.server.read == sizeOf(session, Up);
}

void Traffic::judge(const Session& session, const Side& side, const Error& error) const
{
    const bool isClient = &side == &session.client;
    const bool isHandshake = !session.client.isOpen || !session.server.exists;
    if (session.isExcused)
        return;
    const auto demandHere = [&](bool condition, const char* what) {
        if (!condition)
            demand(false, (std::string(what) + ": " + describe(session)).c_str());
    };
    switch (error.code) {
    case ErrorCode::NoSuchService:
        // A refusal without options has no room for its reason.
        return demandHere(isClient &&
                              (session.plan.service == kServiceAbsent || session.plan.service == kServiceNotYours),
                          "refused only where nothing listens");
    case ErrorCode::NotAllowed:
        return demandHere(isClient && session.plan.service == kServiceNotYours, "forbidden only what is not allowed");
    case ErrorCode::TimedOut:
        return demandHere(isHandshake && session.sawStorm, "a connect is answered in time in calm weather");
    case ErrorCode::ConnectionReset:
        return demandHere(isHandshake && session.sawStorm, "a stream is reset only by its peer");
    case ErrorCode::PeerSilent:
        if (!isClient && mayMissLastWords(session))
            return;
        [[fallthrough]];
    default:
        return demandHere(false, ("a stream ended for no reason, " + fb::describe(error)).c_str());
    }
}

void Traffic::stormBegins()
{
    m_isStormy = true;
    for (auto& session : m_sessions)
        session.sawStorm = true;
}

void Traffic::stormEnds()
{
    m_isStormy = false;
}

void Traffic::nodeRestarted(NodeIndex node)
{
    ++m_restarts[node];
    for (auto& session : m_sessions) {
        if (session.client.node == node || session.server.node == node)
            session.isExcused = true;
        for (Side* side : {&session.client, &session.server}) {
            if (side->node == node && side->exists && !side->isOver) {
                side->isOver = true;
                --m_live;
                m_sideOf.erase({node, side->stream});
            }
        }
    }
    std::erase_if(m_newcomers, [&](const auto& newcomer) { return newcomer.first.first == node; });
    std::erase_if(m_pings, [&](const auto& waiting) { return waiting.second.from == node; });
}

void Traffic::excuseUnreachable(const std::function<bool(NodeIndex client, NodeIndex server)>& isReachable)
{
    for (auto& session : m_sessions)
        session.isExcused = session.isExcused || !isReachable(session.client.node, session.server.node);
}

void Traffic::giveUpOrphans()
{
    std::vector<Key> orphans;
    for (const auto& newcomer : m_newcomers)
        orphans.push_back(newcomer.first);
    for (const auto& [key, index] : m_sideOf) {
        if (!mayBeCutShort(m_sessions[index]))
            continue;
        m_sessions[index].isExcused = true;
        orphans.push_back(key);
    }
    for (const auto& [node, stream] : orphans) {
        m_net.stack(node).streams().abort(stream, m_net.localNow(node));
        m_net.settle(node);
    }
}

void Traffic::checkEnds()
{
    for (const auto& session : m_sessions) {
        demand(session.client.isOver, "every stream ends");
        const bool isWell = session.client.hasEndedWell && session.server.hasEndedWell;
        m_totals.endedWell += isWell ? 1 : 0;
        demand(isWell || !session.plan.mustEndWell, "a stream in calm weather ends well");
        if (session.client.hasEndedWell && !mayBeCutShort(session))
            demand(isWell || mayMissLastWords(session), "a stream that ended well here ended well there");
        // Without options a reset looks like an end; but then it was one side that gave up, and it knows.
        if (isWell && !session.isExcused)
            demand(session.client.read == sizeOf(session, Down) && session.server.read == sizeOf(session, Up),
                   "a stream that ended well on both sides has brought every byte both ways");
    }
    m_firstSession += m_sessions.size();
    m_sessions.clear();
}

std::string Traffic::describe(const Session& session) const
{
    std::string text = "session " + std::to_string(session.client.node) + " -> " + std::to_string(session.plan.server) +
                       ", port " + std::to_string(session.plan.service) + ", up " +
                       std::to_string(session.plan.bytesUp) + ", down " + std::to_string(session.plan.bytesDown);
    text += ", born at " + std::to_string(session.bornAt.time_since_epoch().count()) + " us";
    text += session.sawStorm ? ", in a storm" : "";
    text += session.isExcused ? ", excused" : "";
    const auto add = [&text](const char* name, const Side& side) {
        if (!side.exists)
            return;
        text += std::string("; ") + name + " stream " + std::to_string(side.stream) + ": written " +
                std::to_string(side.written) + ", read " + std::to_string(side.read);
        text += side.isOpen ? "" : ", not open";
        text += side.hasClosed ? ", closed" : "";
        text += side.isOver ? ", over" : "";
    };
    add("client", session.client);
    add("server", session.server);
    return text;
}

std::string Traffic::describeLive() const
{
    std::string text;
    for (const auto& session : m_sessions) {
        if ((session.client.exists && !session.client.isOver) || (session.server.exists && !session.server.isOver))
            text += describe(session) + '\n';
    }
    return text + std::to_string(m_newcomers.size()) + " newcomers, " + std::to_string(m_pings.size()) + " echoes\n";
}

std::vector<Traffic::Opened> Traffic::openedBy(NodeIndex client) const
{
    std::vector<Opened> opened;
    for (auto side = m_sideOf.lower_bound({client, 0}); side != m_sideOf.end() && side->first.first == client; ++side) {
        const auto& session = m_sessions[side->second];
        if (session.client.node == client && session.client.stream == side->first.second)
            opened.push_back({.stream = session.client.stream, .server = session.plan.server});
    }
    return opened;
}

std::optional<stream::StreamId> Traffic::justOpenedBy(NodeIndex client) const
{
    const bool isSo = !m_sessions.empty() && m_sessions.back().client.node == client &&
                      m_sessions.back().bornAt == m_net.now() && !m_sessions.back().client.isOver;
    return isSo ? std::optional(m_sessions.back().client.stream) : std::nullopt;
}

std::uint64_t Traffic::arrivedFrom(NodeIndex client, stream::StreamId stream) const
{
    const auto found = m_sideOf.find({client, stream});
    return found == m_sideOf.end() ? 0 : m_sessions[found->second].server.read;
}

std::uint64_t Traffic::movesOf(NodeIndex client) const
{
    const auto found = m_moves.find(client);
    return found == m_moves.end() ? 0 : found->second;
}

} // namespace fb::sim
