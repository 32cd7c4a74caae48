// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Traffic.h"

#include <algorithm>
#include <cstring>

namespace fb::sim {

namespace {

constexpr std::size_t kTypedBytes = 64; ///< at once; the header fits
constexpr std::uint64_t kMagic = 0x466f6f7462726467ULL;

std::uint64_t mixed(std::uint64_t value)
{
    value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    value = (value ^ (value >> 27U)) * 0x94d049bb133111ebULL;
    return value ^ (value >> 31U);
}

/// The bytes of one direction of a session: a function of their place alone, so that a byte that is missing, doubled or
/// of another stream cannot pass for the right one.
void fillPattern(std::span<std::uint8_t> into, std::uint64_t session, unsigned direction, std::uint64_t offset)
{
    const std::uint64_t key = mixed(session * 2 + direction + 1);
    for (std::size_t at = 0; at < into.size();) {
        std::uint64_t word = mixed(key + ((offset + at) >> 3U) * 0x9e3779b97f4a7c15ULL);
        std::size_t lane = (offset + at) & 7U;
        if (lane == 0 && into.size() - at >= 8) {
            std::memcpy(into.data() + at, &word, 8);
            at += 8;
            continue;
        }
        for (word >>= 8U * lane; lane < 8 && at < into.size(); ++lane, ++at, word >>= 8U)
            into[at] = static_cast<std::uint8_t>(word);
    }
    if (direction != 0 || offset >= kHeaderBytes)
        return;
    std::array<std::uint8_t, kHeaderBytes> header{};
    std::memcpy(header.data(), &kMagic, 8);
    std::memcpy(header.data() + 8, &session, 8);
    const auto from = static_cast<std::size_t>(offset);
    const std::size_t count = std::min(kHeaderBytes - from, into.size());
    std::copy_n(header.begin() + static_cast<std::ptrdiff_t>(from), count, into.begin());
}

} // namespace

std::optional<stream::StreamId> Traffic::openSession(const SessionPlan& plan)
{
    if (!m_net.isRunning(plan.client) || m_net.isFrozen(plan.client))
        return std::nullopt;
    auto& stack = m_net.stack(plan.client);
    const auto stream = stack.openStream(m_net.id(plan.server), plan.service, m_net.localNow(plan.client));
    if (!stream) {
        const auto code = stream.error().code;
        demand(code == ErrorCode::NoSuchNode || code == ErrorCode::NoPath || code == ErrorCode::LimitReached,
               "a stream cannot be opened for a reason that a user understands");
        return std::nullopt;
    }
    const std::size_t index = m_sessions.size();
    m_sessions.push_back({.plan = plan,
                          .client = {.node = plan.client, .stream = *stream, .exists = true},
                          .server = {.node = plan.server},
                          .bornAt = m_net.now(),
                          .sawStorm = m_isStormy,
                          .isPlain = !stack.overlay().isFootbridge(m_net.id(plan.server))});
    demand(m_sideOf.emplace(Key(plan.client, *stream), index).second, "a stream id is never used twice");
    ++m_live;
    ++m_totals.sessions;
    if (plan.clientAbortsAfter)
        abortLater(m_sessions.back().client, *plan.clientAbortsAfter);
    m_net.settle(plan.client);
    return *stream;
}

void Traffic::stopTyping(NodeIndex client, stream::StreamId stream)
{
    const auto found = m_sideOf.find({client, stream});
    if (found == m_sideOf.end())
        return;
    auto& session = m_sessions[found->second];
    session.plan.bytesUp = std::max<std::uint64_t>(session.client.written, kHeaderBytes) - kHeaderBytes;
    if (session.client.isOpen)
        write(found->second, session.client, Up, m_net.localNow(client));
    m_net.settle(client);
}

/// An action of a user of that node: not while it is frozen, not in a later life of it.
void Traffic::later(NodeIndex node, Duration after, std::function<void()> action)
{
    m_net.at(m_net.now() + after, [this, node, life = m_restarts[node], act = std::move(action)] {
        if (m_restarts[node] != life || !m_net.isRunning(node))
            return;
        if (m_net.isFrozen(node))
            return later(node, std::chrono::seconds(1), act);
        act();
        m_net.settle(node);
    });
}

void Traffic::abortLater(const Side& side, Duration after)
{
    later(side.node, after, [this, node = side.node, stream = side.stream] {
        const auto found = m_sideOf.find({node, stream});
        if (found == m_sideOf.end())
            return;
        m_sessions[found->second].isExcused = true;
        m_net.stack(node).streams().abort(stream, m_net.localNow(node));
    });
}

void Traffic::event(NodeIndex node, const agent::StackEvent& event, Instant local)
{
    if (const auto* readableNow = std::get_if<stream::Readable>(&event))
        readable(node, readableNow->stream, local);
    else if (const auto* writableNow = std::get_if<stream::Writable>(&event))
        writable(node, writableNow->stream, local);
    else if (const auto* proof = std::get_if<stream::PeerProven>(&event))
        proven(node, proof->request.stream);
    else if (const auto* open = std::get_if<stream::Opened>(&event))
        opened(node, open->stream, local);
    else if (const auto* request = std::get_if<stream::ConnectRequested>(&event))
        take(node, *request, local);
    else if (const auto* ended = std::get_if<stream::Ended>(&event))
        take(node, *ended);
    else if (const auto* answer = std::get_if<overlay::PingAnswered>(&event))
        pingEnded(node, answer->token, answer);
    else if (const auto* lost = std::get_if<overlay::PingLost>(&event))
        pingEnded(node, lost->token, nullptr);
    else if (const auto* move = std::get_if<agent::PathChanged>(&event))
        m_moves[node] += move->streams.size();
}

void Traffic::take(NodeIndex node, const stream::ConnectRequested& request, Instant local)
{
    auto& stack = m_net.stack(node);
    const bool hasEndedMeanwhile = !stack.streams().contains(request.stream);
    const bool isRefused = request.service == kServiceAbsent || request.service == kServiceNotYours;
    if (isRefused)
        stack.refuseStream(
            request, request.service == kServiceAbsent ? stream::Refusal::NoSuchService : stream::Refusal::NotAllowed,
            local);
    // Of what was refused nothing is heard again, unless its end was on its way before.
    if (isRefused && !hasEndedMeanwhile)
        return;
    demand(
        m_newcomers.emplace(Key(node, request.stream), Newcomer{.peer = request.peer, .header = {}, .isProven = false})
            .second,
        "a stream id is never used twice");
    if (isRefused)
        return;
    if (request.service != kServiceLate)
        return stack.acceptStream(request, local);
    later(node, std::chrono::milliseconds(m_net.random().below(3000)), [this, node, request] {
        if (m_newcomers.contains({node, request.stream}))
            m_net.stack(node).acceptStream(request, m_net.localNow(node));
    });
}

void Traffic::proven(NodeIndex node, stream::StreamId stream)
{
    const auto newcomer = m_newcomers.find({node, stream});
    demand(newcomer != m_newcomers.end() && !newcomer->second.isProven, "a peer proves itself once, before any byte");
    // Forged connects come from ids of nobody, and in the names of nodes that never asked: neither hears the answer.
    const bool exists = std::ranges::any_of(m_sessions, [&](const Session& session) {
        return session.plan.server == node && m_net.id(session.plan.client) == newcomer->second.peer;
    });
    demand(exists, "only a peer that asked can prove itself");
    newcomer->second.isProven = true;
}

void Traffic::opened(NodeIndex node, stream::StreamId stream, Instant local)
{
    const auto found = m_sideOf.find({node, stream});
    demand(found != m_sideOf.end(), "only a stream that was opened can have opened");
    auto& session = m_sessions[found->second];
    demand(session.plan.service == kServiceOpen || session.plan.service == kServiceLate, "what is refused stays shut");
    demand(!session.client.isOpen, "a stream opens once");
    session.client.isOpen = true;
    write(found->second, session.client, Up, local);
}

void Traffic::readable(NodeIndex node, stream::StreamId stream, Instant local)
{
    const Key key(node, stream);
    if (const auto newcomer = m_newcomers.find(key); newcomer != m_newcomers.end())
        return readHeader(node, stream, newcomer->second, local);
    const auto found = m_sideOf.find(key);
    demand(found != m_sideOf.end(), "no news of a stream that is over");
    auto& session = m_sessions[found->second];
    if (session.client.node == node && session.client.stream == stream)
        read(found->second, session.client, Down, local);
    else
        read(found->second, session.server, Up, local);
}

void Traffic::writable(NodeIndex node, stream::StreamId stream, Instant local)
{
    const auto found = m_sideOf.find({node, stream});
    if (found == m_sideOf.end())
        return demand(m_newcomers.contains({node, stream}), "no news of a stream that is over");
    auto& session = m_sessions[found->second];
    if (session.client.node == node && session.client.stream == stream)
        write(found->second, session.client, Up, local);
    else
        write(found->second, session.server, Down, local);
}

/// The first bytes tell which session this is; then it must be the right peer, and the first time.
void Traffic::readHeader(NodeIndex node, stream::StreamId stream, Newcomer& newcomer, Instant local)
{
    demand(newcomer.isProven, "bytes come from a peer that has proved itself");
    auto& streams = m_net.stack(node).streams();
    while (newcomer.header.size() < kHeaderBytes) {
        const std::size_t wanted = kHeaderBytes - newcomer.header.size();
        const std::size_t count = streams.read(stream, std::span(m_chunk).first(wanted), local);
        if (count == 0)
            return;
        newcomer.header.insert(newcomer.header.end(), m_chunk.begin(),
                               m_chunk.begin() + static_cast<std::ptrdiff_t>(count));
    }
    std::uint64_t magic = 0;
    std::uint64_t number = 0;
    std::memcpy(&magic, newcomer.header.data(), 8);
    std::memcpy(&number, newcomer.header.data() + 8, 8);
    demand(magic == kMagic, "no forged bytes in a stream");
    demand(number >= m_firstSession && number - m_firstSession < m_sessions.size(), "nothing is delivered twice");
    const auto index = static_cast<std::size_t>(number - m_firstSession);
    auto& session = m_sessions[index];
    demand(session.server.node == node && m_net.id(session.client.node) == newcomer.peer,
           "bytes come from whom they say and go to whom they shall");
    demand(!session.server.exists, "a session is delivered once");
    session.server = {.node = node, .stream = stream, .read = kHeaderBytes, .exists = true, .isOpen = true};
    m_totals.bytes += kHeaderBytes;
    m_newcomers.erase({node, stream});
    m_sideOf.emplace(Key(node, stream), index);
    ++m_live;
    if (session.plan.serverAbortsAfter)
        abortLater(session.server, *session.plan.serverAbortsAfter);
    write(index, session.server, Down, local);
    read(index, session.server, Up, local);
}

void Traffic::read(std::size_t index, Side& side, Direction direction, Instant local)
{
    if (side.isPausing)
        return;
    const auto& session = m_sessions[index];
    auto& streams = m_net.stack(side.node).streams();
    const std::size_t atOnce = session.plan.isReadSlowly ? 1024 : m_chunk.size();
    while (const std::size_t count = streams.read(side.stream, std::span(m_chunk).first(atOnce), local)) {
        const auto got = std::span(m_chunk).first(count);
        const auto expected = std::span(m_expected).first(count);
        fillPattern(expected, m_firstSession + index, direction, side.read);
        demand(side.read + count <= sizeOf(session, direction), "no byte beyond the last");
        demand(std::memcmp(got.data(), expected.data(), count) == 0, "bytes exact and in order");
        side.read += count;
        m_totals.bytes += count;
        if (session.plan.isReadSlowly) {
            side.isPausing = true;
            later(side.node, std::chrono::milliseconds(5 + m_net.random().below(60)),
                  [this, node = side.node, stream = side.stream] {
                      const auto found = m_sideOf.find({node, stream});
                      if (found == m_sideOf.end())
                          return;
                      auto& of = m_sessions[found->second];
                      const bool isClient = of.client.node == node && of.client.stream == stream;
                      (isClient ? of.client : of.server).isPausing = false;
                      readable(node, stream, m_net.localNow(node));
                  });
            return;
        }
    }
    if (streams.atEnd(side.stream))
        demand(side.read == sizeOf(session, direction) || mayBeCutShort(session), "the end comes after the last byte");
}

void Traffic::write(std::size_t index, Side& side, Direction direction, Instant local)
{
    if (side.hasClosed || side.isOver)
        return;
    auto& streams = m_net.stack(side.node).streams();
    const std::uint64_t total = sizeOf(m_sessions[index], direction);
    const auto& pause = m_sessions[index].plan.typesEvery;
    const bool isTyped = pause && direction == Up;
    const std::size_t atOnce = isTyped ? kTypedBytes : m_chunk.size();
    while (side.written < total) {
        if (side.isThinking)
            return;
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(atOnce, total - side.written));
        const auto bytes = std::span(m_chunk).first(count);
        fillPattern(bytes, m_firstSession + index, direction, side.written);
        const std::size_t taken = streams.write(side.stream, bytes, local);
        demand(taken <= count, "no more is taken than was offered");
        side.written += taken;
        if (taken < count)
            return;
        if (isTyped)
            thinkOf(side, *pause);
    }
    side.hasClosed = true;
    streams.closeWriting(side.stream, local);
}

void Traffic::thinkOf(Side& side, Duration time)
{
    side.isThinking = true;
    later(side.node, time, [this, node = side.node, stream = side.stream] {
        const auto found = m_sideOf.find({node, stream});
        if (found == m_sideOf.end())
            return;
        Side& client = m_sessions[found->second].client;
        client.isThinking = false;
        write(found->second, client, Up, m_net.localNow(node));
    });
}

void Traffic::take(NodeIndex node, const stream::Ended& ended)
{
    const Key key(node, ended.stream);
    if (m_newcomers.erase(key) > 0)
        return; // never came to a byte
    const auto found = m_sideOf.find(key);
    demand(found != m_sideOf.end(), "a stream ends once");
    auto& session = m_sessions[found->second];
    m_sideOf.erase(found);
    const bool isClient = session.client.node == node && session.client.stream == ended.stream;
    over(session, isClient ? session.client : session.server, ended.error);
}

void Traffic::ping(NodeIndex from, NodeIndex to, std::size_t sizeBytes)
{
    if (!m_net.isRunning(from) || m_net.isFrozen(from))
        return;
    const std::uint64_t token = m_nextToken++;
    const auto sent =
        m_net.engine(from).ping(m_net.id(to), token, sizeBytes, std::chrono::seconds(3), m_net.localNow(from));
    if (sent) {
        m_pings.emplace(token, Ping{.from = from, .to = to, .sizeBytes = sizeBytes});
        ++m_totals.echoes;
    }
    m_net.settle(from);
}

void Traffic::pingEnded(NodeIndex node, std::uint64_t token, const overlay::PingAnswered* answer)
{
    const auto found = m_pings.find(token);
    demand(found != m_pings.end() && found->second.from == node, "an echo ends once, where it began");
    if (answer != nullptr) {
        demand(answer->from == m_net.id(found->second.to) && answer->sizeBytes == found->second.sizeBytes,
               "an echo is answered by its target, whole");
        demand(answer->rtt >= Duration(0), "no answer before its question");
        ++m_totals.echoesAnswered;
    }
    m_pings.erase(found);
}

void Traffic::askPaths(NodeIndex from, NodeIndex to)
{
    if (!m_net.isRunning(from) || from == to)
        return;
    const auto paths = m_net.engine(from).paths(m_net.id(to), 4);
    if (!paths)
        return;
    demand(!paths->empty() && paths->size() <= 4, "as many paths as asked for, at most");
    std::uint32_t costBefore = 0;
    for (const auto& path : *paths) {
        std::uint32_t cost = 0;
        std::set<romon::RomonId> visited{m_net.id(from)};
        for (const auto& hop : path.hops) {
            demand(visited.insert(hop.to).second, "no path with a loop");
            cost += hop.cost();
        }
        demand(!path.hops.empty() && path.hops.front().from == m_net.id(from) && path.hops.back().to == m_net.id(to),
               "a path leads from here to its target");
        demand(cost == path.cost, "a path costs what its hops cost");
        demand(costBefore <= cost, "the better path first");
        costBefore = cost;
    }
}

} // namespace fb::sim
