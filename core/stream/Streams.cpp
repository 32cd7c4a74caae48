// SPDX-License-Identifier: Apache-2.0
#include "core/stream/Streams.h"

#include "core/base/Assert.h"

#include <algorithm>

namespace fb::stream {

namespace {

/// Services live below, the ports that connects come from above (ours; RouterOS's services are 1 to 4, captured). So a
/// stream's role is known by its local port, and connects of both ends can never meet on the same pair. The ports from
/// fb00 up carry private messages of the overlay, which would take a stream's frames for its own.
constexpr std::uint16_t kClientPortMin = 16384;
constexpr std::uint32_t kClientPorts = 0xfb00 - kClientPortMin;
constexpr int kPortTries = 64;
/// Who stops typing for less goes on soon; the first key after a longer pause finds the copies at full speed.
constexpr Duration kTypingPause = std::chrono::milliseconds(500);
/// What strangers can make us send.
constexpr RateLimit::Rate kStrangerAnswers{.perSecond = 200, .burst = 64};

} // namespace

Engine::Streams::Streams(const Config& config, RandomSource& random, Instant now)
    : m_config(config),
      m_random(random),
      m_now(now),
      m_hash{std::uint64_t{random.next32()} << 32U | random.next32()},
      m_budget(config.bufferBytesTotal),
      m_byKey(0, m_hash),
      m_ended(config.streamsMax, config.silenceLimit, m_hash),
      m_strangerLimit(kStrangerAnswers),
      m_control(2 * (config.streamsMax + config.halfOpenMax) + 256)
{
}

Connection* Engine::Streams::find(StreamId stream) const
{
    const auto found = m_streams.find(stream);
    return found == m_streams.end() ? nullptr : found->second.get();
}

void Engine::Streams::setNow(Instant now)
{
    FB_ASSERT(now >= m_now);
    m_now = now;
}

void Engine::Streams::settle(Connection& connection)
{
    const Notices notices = connection.takeNotices();
    const StreamId id = connection.id();
    if (notices.isProven && !becomeProven(connection))
        return;
    if (notices.isOpened)
        m_events.push_back(Opened{id});
    if (notices.isReadable)
        m_events.push_back(Readable{id});
    if (notices.isWritable)
        m_events.push_back(Writable{id});
    if (notices.isSuspect)
        m_events.push_back(Suspect{connection.key().peer});
    if (notices.isEnded) {
        m_events.push_back(Ended{id, notices.error});
        if (!notices.error)
            m_ended.add(connection.key(), connection.finalNumbers(), m_now);
        remove(connection);
        return;
    }
    giveTurn(connection);
}

void Engine::Streams::giveTurn(const Connection& connection)
{
    m_schedule.enqueue(connection.id(), connection.trafficClass());
    if (const auto deadline = connection.nextDeadline())
        m_schedule.wakeBy(connection.id(), *deadline);
}

Result<StreamId, Error> Engine::Streams::connect(romon::RomonId peer, std::uint16_t service, const PeerTraits& traits)
{
    if (service == 0 || service >= kClientPortMin)
        return failure(Error{.code = ErrorCode::InvalidArgument, .context = "service"});
    if (!hasRoom()) {
        m_counters.add(Counter::StreamsLimitReached);
        return failure(Error{.code = ErrorCode::LimitReached, .context = "streams"});
    }
    const auto key = freeKey(peer, service);
    if (!key) {
        m_counters.add(Counter::ClientPortsTaken);
        return failure(Error{.code = ErrorCode::LimitReached, .context = "ports"});
    }
    Connection& connection = add(std::make_unique<Connection>(setup(*key), traits, m_now));
    settle(connection);
    return connection.id();
}

void Engine::Streams::accept(Connection& connection, const PeerTraits& traits)
{
    connection.accept(traits, m_now);
    settle(connection);
}

void Engine::Streams::refuse(Connection& connection, CloseReason reason)
{
    m_counters.add(Counter::ResetsSent);
    sendControl(connection.key(), connection.resetPayload(reason));
    remove(connection);
}

void Engine::Streams::abort(Connection& connection)
{
    m_events.push_back(
        Ended{connection.id(), Error{.code = ErrorCode::Cancelled, .context = connection.key().peer.toString()}});
    refuse(connection, CloseReason::Aborted);
}

void Engine::Streams::abortAll()
{
    while (!m_streams.empty())
        abort(*m_streams.begin()->second);
}

void Engine::Streams::pathChanged(romon::RomonId peer, const PeerTraits& traits)
{
    for (const auto& entry : m_streams) {
        if (entry.second->key().peer == peer && !entry.second->isHalfOpen())
            pathChanged(*entry.second, traits);
    }
}

void Engine::Streams::pathChanged(Connection& connection, const PeerTraits& traits)
{
    connection.pathChanged(traits, m_now);
    giveTurn(connection);
}

/// The stream whose own frame it is; 0: of none, as far as can be told.
StreamId Engine::Streams::receive(const StreamKey& key, Bytes payload)
{
    const auto frame = decodeFrame(payload);
    if (!frame) {
        m_counters.add(frame.error() == FrameError::Truncated ? Counter::FramesTruncated
                                                              : Counter::FramesOfUnknownType);
        return 0;
    }
    if (const auto found = m_byKey.find(key); found != m_byKey.end())
        return receive(*found->second, *frame);
    receiveUnknown(key, *frame);
    return 0;
}

StreamId Engine::Streams::receive(Connection& connection, const Frame& frame)
{
    const StreamId id = connection.id();
    const auto verdict = connection.receive(frame, m_now);
    if (verdict == Connection::Verdict::NotOurs)
        answerUnknown(connection.key(), frame);
    settle(connection);
    return verdict == Connection::Verdict::Ours ? id : 0;
}

void Engine::Streams::receiveUnknown(const StreamKey& key, const Frame& frame)
{
    const FinalNumbers* ended = m_ended.find(key);
    const bool isNewConnect =
        frame.header.type == FrameType::Connect && (ended == nullptr || ended->peerInitial != frame.header.sequence);
    if (isNewConnect)
        receiveConnect(key, frame);
    else if (ended != nullptr)
        answerEnded(key, *ended, frame);
    else
        answerUnknown(key, frame);
}

void Engine::Streams::advance()
{
    m_ended.advance(m_now);
    while (const auto due = m_schedule.takeDue(m_now)) {
        Connection* connection = find(*due);
        FB_ASSERT(connection != nullptr);
        connection->advance(m_now);
        settle(*connection);
    }
}

std::optional<Transmit> Engine::Streams::nextTransmit()
{
    if (auto control = m_control.pop())
        return control;
    while (const auto turn = m_schedule.nextTurn()) {
        Connection* connection = find(*turn);
        FB_ASSERT(connection != nullptr);
        const Transmit::Class trafficClass = connection->trafficClass();
        auto payload = takeTurn(*connection, trafficClass);
        if (!payload) {
            if (const auto deadline = connection->nextDeadline())
                m_schedule.wakeBy(*turn, *deadline);
            continue;
        }
        const StreamKey key = connection->key();
        settle(*connection);
        return Transmit{key.peer, key.localPort, key.remotePort, std::move(*payload), trafficClass, *turn};
    }
    return std::nullopt;
}

/// A connection's next payload. Streams share hops, whoever they go to, so a key on one slows the copies on all others.
std::optional<ByteVector> Engine::Streams::takeTurn(Connection& connection, Transmit::Class trafficClass)
{
    const std::uint64_t sentBefore = connection.bytesSent();
    connection.setYielding(isTypedBeside(connection.id()));
    auto payload = connection.nextPayload(m_now);
    if (trafficClass == Transmit::Class::Interactive && connection.bytesSent() > sentBefore) {
        m_typedOn = connection.id();
        m_typedAt = m_now;
    }
    return payload;
}

bool Engine::Streams::isTypedBeside(StreamId stream) const
{
    return m_typedOn != 0 && m_typedOn != stream && m_now - m_typedAt < kTypingPause;
}

std::optional<Event> Engine::Streams::nextEvent()
{
    if (m_events.empty())
        return std::nullopt;
    Event event = std::move(m_events.front());
    m_events.pop_front();
    if (const auto* readable = std::get_if<Readable>(&event)) {
        if (Connection* connection = find(readable->stream))
            connection->readableTold();
    }
    return event;
}

std::optional<Instant> Engine::Streams::nextDeadline() const
{
    const auto wakeUp = m_schedule.nextWakeUp();
    const auto ended = m_ended.nextDeadline();
    if (!wakeUp || !ended)
        return wakeUp ? wakeUp : ended;
    return std::min(*wakeUp, *ended);
}

std::vector<StreamStatus> Engine::Streams::status() const
{
    std::vector<StreamStatus> all;
    all.reserve(m_streams.size());
    for (const auto& entry : m_streams) {
        if (!m_halfOpen.contains(entry.first))
            all.push_back(entry.second->status(m_now));
    }
    return all;
}

std::vector<overlay::NamedCounter> Engine::Streams::counters() const
{
    std::vector<overlay::NamedCounter> named;
    for (std::size_t index = 0; index < static_cast<std::size_t>(Counter::Count); ++index) {
        const auto counter = static_cast<Counter>(index);
        if (m_counters.of(counter) > 0)
            named.push_back({std::string(nameOf(counter)), m_counters.of(counter)});
    }
    return named;
}

void Engine::Streams::receiveConnect(const StreamKey& key, const Frame& frame)
{
    if (key.localPort >= kClientPortMin) {
        m_counters.add(Counter::ConnectsToClientPorts);
        return;
    }
    if (!hasRoom()) {
        m_counters.add(Counter::StreamsLimitReached);
        return;
    }
    makeRoomForHalfOpen();
    m_ended.remove(key);
    Connection& connection = add(std::make_unique<Connection>(setup(key), frame, m_now));
    m_halfOpen.insert(connection.id());
    m_events.push_back(ConnectRequested{connection.id(), key.peer, key.localPort, key.remotePort});
    settle(connection);
}

void Engine::Streams::answerUnknown(const StreamKey& key, const Frame& frame)
{
    m_counters.add(Counter::SegmentsForUnknownStreams);
    const Header& header = frame.header;
    const bool isClose = header.type == FrameType::Close;
    const bool isOrderlyEnd =
        isClose && !frame.body.empty() && frame.body.front() == static_cast<std::uint8_t>(CloseReason::End);
    // A reset is never answered: two nodes that both forgot a stream must fall silent.
    if (isClose && !isOrderlyEnd)
        return;
    if (!m_strangerLimit.take(m_now)) {
        m_counters.add(Counter::ResetsWithheld);
        return;
    }
    m_counters.add(Counter::ResetsSent);
    ByteVector payload = encodeHeader({.type = FrameType::Close,
                                       .sequence = header.acknowledge,
                                       .acknowledge = header.sequence + (isOrderlyEnd ? 1U : 0U)},
                                      1);
    if (isOrderlyEnd)
        appendReason(payload, CloseReason::UnknownStream);
    sendControl(key, std::move(payload));
}

void Engine::Streams::answerEnded(const StreamKey& key, const FinalNumbers& numbers, const Frame& frame)
{
    m_counters.add(Counter::SegmentsStale);
    const Header& header = frame.header;
    const auto behind = static_cast<std::int32_t>(numbers.acknowledge - header.sequence);
    const bool asks = header.type == FrameType::Data || header.type == FrameType::Close;
    if (!asks || behind < 0 || static_cast<std::size_t>(behind) > m_config.receiveBufferBytes + 1)
        return;
    const bool isReset = header.type == FrameType::Close && numbers.hasOptions &&
                         (frame.body.empty() || frame.body.front() != static_cast<std::uint8_t>(CloseReason::End));
    if (isReset)
        return;
    if (!m_strangerLimit.take(m_now)) {
        m_counters.add(Counter::ResetsWithheld);
        return;
    }
    ByteVector payload = encodeHeader(
        {.type = FrameType::Ack, .sequence = numbers.sequence, .acknowledge = numbers.acknowledge}, kHeaderBytes);
    if (numbers.hasStamps)
        appendStamps(payload, {});
    if (numbers.hasOptions)
        appendAckBody(payload, {});
    sendControl(key, std::move(payload));
}

void Engine::Streams::sendControl(const StreamKey& key, ByteVector payload)
{
    const bool isQueued =
        m_control.push({key.peer, key.localPort, key.remotePort, std::move(payload), Transmit::Class::Interactive, 0});
    if (!isQueued)
        m_counters.add(Counter::ControlQueueFull);
}

std::optional<StreamKey> Engine::Streams::freeKey(romon::RomonId peer, std::uint16_t service)
{
    for (int tries = 0; tries < kPortTries; ++tries) {
        const auto port = static_cast<std::uint16_t>(kClientPortMin + m_random.below(kClientPorts));
        const StreamKey key{peer, port, service};
        if (!m_byKey.contains(key) && m_ended.find(key) == nullptr)
            return key;
    }
    return std::nullopt;
}

/// Names are free, so a share for each would keep nobody out. Who is there answers within a round trip: whoever has not
/// for longest is the least likely to be.
void Engine::Streams::makeRoomForHalfOpen()
{
    if (m_halfOpen.size() < m_config.halfOpenMax)
        return;
    m_counters.add(Counter::HalfOpenLimitReached);
    Connection& oldest = *find(*m_halfOpen.begin());
    m_events.push_back(
        Ended{oldest.id(), Error{.code = ErrorCode::LimitReached, .context = oldest.key().peer.toString()}});
    remove(oldest); // without a word: whoever forged it shall not make us send to a third
}

/// False if there is no room for it any more: then it is gone.
bool Engine::Streams::becomeProven(Connection& connection)
{
    const StreamKey key = connection.key();
    if (!hasRoom()) {
        m_counters.add(Counter::StreamsLimitReached);
        m_events.push_back(
            Ended{connection.id(), Error{.code = ErrorCode::LimitReached, .context = key.peer.toString()}});
        refuse(connection, CloseReason::Aborted);
        return false;
    }
    m_halfOpen.erase(connection.id());
    m_events.push_back(PeerProven{{connection.id(), key.peer, key.localPort, key.remotePort}});
    return true;
}

Connection::Setup Engine::Streams::setup(const StreamKey& key)
{
    return {.id = m_nextId++,
            .key = key,
            .initialNumber = m_random.next32(),
            .config = &m_config,
            .counters = &m_counters,
            .budget = &m_budget};
}

Connection& Engine::Streams::add(std::unique_ptr<Connection> connection)
{
    Connection& added = *connection;
    m_byKey.emplace(added.key(), &added);
    m_streams.emplace(added.id(), std::move(connection));
    return added;
}

void Engine::Streams::remove(Connection& connection)
{
    m_halfOpen.erase(connection.id());
    m_schedule.forget(connection.id());
    m_byKey.erase(connection.key());
    m_streams.erase(connection.id());
}

} // namespace fb::stream
