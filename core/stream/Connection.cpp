// SPDX-License-Identifier: Apache-2.0
// The stream's own calls, timers and output. Input is judged in ConnectionReceive.cpp, ConnectionBuffers.cpp has the
// memory.
#include "core/stream/Connection.h"

#include "core/base/Assert.h"
#include "core/stream/Window.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr Duration kHandshakeInterval = 250ms;
constexpr Duration kHandshakeIntervalMax = 500ms;
/// Nobody may be there to hear an accept, so unasked it goes out so often, at doubling intervals.
constexpr unsigned kAcceptsMax = 5;
constexpr Duration kKeepaliveRetry = 1s;

Sender::Limits senderLimits(const Config& config)
{
    return {.bufferBytes = std::min(config.sendBufferBytes, kBufferBytesMin),
            .bufferBytesMax = config.sendBufferBytes,
            .segmentBytes = kPayloadBytesDefault - kHeaderBytes,
            .windowEnd = 0};
}

} // namespace

Connection::Connection(const Setup& setup, const PeerTraits& traits, Instant now)
    : m_setup(setup),
      m_role(Role::Initiator),
      m_state(State::Connecting),
      m_ours(setup.initialNumber),
      m_sender(senderLimits(*setup.config), *setup.counters),
      m_received(std::min(setup.config->receiveBufferBytes, kBufferBytesMin)),
      m_hasOptions(traits.isFootbridge),
      m_isHandshakeDue(true)
{
    usePath(traits.payloadBytesMax);
    m_sender.pathChanged(segmentBytes(), now);
    m_timers.set(Timer::GiveUp, now + setup.config->connectTimeout);
}

Connection::Connection(const Setup& setup, const Frame& connect, Instant now)
    : m_setup(setup),
      m_role(Role::Acceptor),
      m_state(State::Requested),
      m_ours(setup.initialNumber),
      m_theirs(connect.header.sequence),
      m_sender(senderLimits(*setup.config), *setup.counters),
      m_received(std::min(setup.config->receiveBufferBytes, kBufferBytesMin))
{
    const auto options = decodeOptions(connect.body);
    if (!options && !connect.body.empty())
        setup.counters->add(Counter::OptionsMalformed);
    m_hasOptions = options.has_value();
    m_peerVersion = options ? options->version : 0;
    m_connectPayloadBytes = options ? options->payloadBytes : 0;
    m_sender.allowUpTo(options ? options->windowBytes : kPlainWindowBytes);
    m_timers.set(Timer::GiveUp, now + setup.config->connectTimeout);
}

Connection::~Connection()
{
    m_setup.budget->give(m_borrowedBytes);
}

void Connection::accept(const PeerTraits& traits, Instant now)
{
    if (m_state != State::Requested)
        return;
    m_state = State::Accepted;
    m_isHandshakeDue = true;
    // Who opens a stream knows every link of its path, who accepts it only the first one back.
    usePath(traits.payloadBytesMax);
    if (m_connectPayloadBytes != 0 && m_connectPayloadBytes < m_payloadBytesMax)
        usePath(m_connectPayloadBytes);
    m_sender.pathChanged(segmentBytes(), now);
    m_timers.set(Timer::GiveUp, now + m_setup.config->halfOpenTimeout);
}

std::size_t Connection::write(Bytes bytes)
{
    std::size_t taken = m_sender.write(bytes);
    while (taken < bytes.size() && growSendBuffer())
        taken += m_sender.write(bytes.subspan(taken));
    m_wasWriteShort = m_wasWriteShort || taken < bytes.size();
    return taken;
}

std::size_t Connection::read(std::span<std::uint8_t> into)
{
    const std::size_t count = m_received.read(into);
    // The rest is news too: not every reader empties the buffer at once.
    if (count > 0 && m_received.readable() > 0)
        announceReadable();
    growReceiveBuffer(count);
    const std::uint64_t freed = m_received.windowEnd() - m_advertisedEnd;
    if (m_hasOptions && m_state == State::Open && freed >= m_received.bytesMax() / 4)
        m_isAckDue = true;
    if (isAtEnd() && m_sender.isComplete())
        end(std::nullopt);
    return count;
}

void Connection::closeWriting()
{
    m_sender.finish();
}

void Connection::pathChanged(const PeerTraits& traits, Instant now)
{
    usePath(traits.payloadBytesMax);
    m_sender.pathChanged(segmentBytes(), now);
    m_isHandshakeDue = m_state == State::Connecting;
    m_isKeepaliveDue = m_keepalivesUnanswered > 0;
    if (m_state == State::Open)
        m_isAckDue = m_isAckAlone = true; // the peer's next bytes come the way that it came
}

void Connection::advance(Instant now)
{
    if (m_state == State::Ended)
        return;
    m_sender.advance(now);
    if (m_sender.probesUnanswered() > 0)
        suspect();
    if (m_timers.takeIfDue(Timer::AckDelay, now))
        m_isAckDue = true;
    if (m_timers.takeIfDue(Timer::Handshake, now)) {
        m_isHandshakeDue = true;
        if (m_state == State::Connecting) // of one that asked we do not know yet that it exists
            suspect();
    }
    if (m_timers.takeIfDue(Timer::Keepalive, now))
        advanceKeepalive(now);
    if (m_timers.takeIfDue(Timer::GiveUp, now)) {
        // Everything has arrived both ways; only nobody confirms our close.
        const bool isOnlyCloseOpen = m_state == State::Open;
        end(isOnlyCloseOpen ? std::nullopt : std::optional(errorOf(ErrorCode::TimedOut)));
    }
    if (m_timers.takeIfDue(Timer::Silence, now))
        end(isClosing() ? std::nullopt : std::optional(errorOf(ErrorCode::PeerSilent)));
}

std::optional<ByteVector> Connection::nextPayload(Instant now)
{
    if (m_state == State::Ended || m_state == State::Requested)
        return std::nullopt;
    if (m_state != State::Open) {
        if (!m_isHandshakeDue)
            return std::nullopt;
        return handshakePayload(m_state == State::Connecting ? FrameType::Connect : FrameType::Accept, now);
    }
    if (m_isAckDue && mustAckAlone())
        return ackPayload(now);
    if (const auto piece = m_sender.next(now))
        return piecePayload(*piece, now);
    if (m_isAckDue)
        return ackPayload(now);
    if (m_isKeepaliveDue)
        return keepalivePayload(now);
    return std::nullopt;
}

ByteVector Connection::resetPayload(CloseReason reason) const
{
    const bool knowsTheirs = m_state != State::Connecting;
    const Header header{.type = FrameType::Close,
                        .sequence = m_state == State::Requested ? 0 : m_ours.at(m_sender.sentUpTo()),
                        .acknowledge = knowsTheirs ? m_theirs.at(m_received.next()) : 0};
    ByteVector payload = encodeHeader(header, 1);
    if (m_hasOptions)
        appendReason(payload, reason);
    return payload;
}

Notices Connection::takeNotices()
{
    Notices taken = std::move(m_notices);
    m_notices = {};
    return taken;
}

Transmit::Class Connection::trafficClass() const
{
    return m_sender.backlogBytes() > kInteractiveBytes ? Transmit::Class::Bulk : Transmit::Class::Interactive;
}

std::optional<Instant> Connection::nextDeadline() const
{
    if (m_state == State::Ended)
        return std::nullopt;
    const auto own = m_timers.nextDeadline();
    const auto sender = m_sender.nextDeadline();
    if (!own || !sender)
        return own ? own : sender;
    return std::min(*own, *sender);
}

StreamStatus Connection::status(Instant now) const
{
    StreamStatus status;
    status.stream = id();
    status.peer = key().peer;
    status.service = m_role == Role::Initiator ? key().remotePort : key().localPort;
    status.bytesSent = m_sender.bytesSent();
    status.bytesReceived = m_bytesReceived;
    status.segmentsRetransmitted = m_sender.resentSegments();
    if (m_sender.rtt().hasSample()) {
        status.rtt = m_sender.rtt().smoothed();
        status.rttMinimum = m_sender.rtt().minimum();
    }
    status.deliveryBytesPerSecond = static_cast<std::uint64_t>(m_sender.congestion().bandwidth() * 1e6);
    status.windowBytes = m_sender.congestion().window();
    status.bytesInFlight = m_sender.losses().bytesInFlight();
    const auto lost = static_cast<double>(m_sender.losses().lostBytes());
    if (lost > 0)
        status.lossShare = lost / (lost + static_cast<double>(m_sender.losses().delivered()));
    status.segmentBytes = m_sender.segmentBytes();
    status.trafficClass = trafficClass();
    if (m_askedAt)
        status.silentFor = now - *m_askedAt;
    return status;
}

FinalNumbers Connection::finalNumbers() const
{
    return {.peerInitial = m_theirs.initial(),
            .sequence = m_ours.at(m_sender.sentUpTo()),
            .acknowledge = m_theirs.at(m_received.next()),
            .hasOptions = m_hasOptions,
            .hasStamps = hasStamps()};
}

ByteVector Connection::handshakePayload(FrameType type, Instant now)
{
    const bool isAccept = type == FrameType::Accept;
    ByteVector payload = encodeHeader(
        {.type = type, .sequence = m_ours.initial(), .acknowledge = isAccept ? m_theirs.initial() : 0}, kHeaderBytes);
    if (m_hasOptions)
        appendOptions(payload, {.windowBytes = windowField(m_received.windowEnd()),
                                .payloadBytes = static_cast<std::uint16_t>(isAccept ? 0 : m_payloadBytesMax)});
    m_advertisedEnd = m_received.windowEnd();
    m_isHandshakeDue = false;
    ++m_handshakesSent;
    m_handshakeAt = m_handshakesSent == 1 ? std::optional(now) : std::nullopt;
    repeatHandshake(type, now);
    asked(now);
    return payload;
}

void Connection::repeatHandshake(FrameType type, Instant now)
{
    if (type == FrameType::Connect)
        m_timers.set(Timer::Handshake, now + (m_handshakesSent > 4 ? kHandshakeIntervalMax : kHandshakeInterval));
    else if (m_handshakesSent < kAcceptsMax)
        m_timers.set(Timer::Handshake, now + kHandshakeInterval * (1U << (m_handshakesSent - 1)));
    else
        m_timers.stop(Timer::Handshake);
}

ByteVector Connection::ackPayload(Instant now)
{
    AckBody body;
    if (m_hasOptions) {
        const std::size_t bytesMax = std::min(m_sender.segmentBytes(), m_isAckShort ? kSegmentBytesSafest : SIZE_MAX);
        const std::size_t rangesMax = std::min(m_peerVersion >= 2 ? kAckRangesMax : kAckRangesMaxVersion1,
                                               (bytesMax - sizeof(body.windowBytes)) / sizeof(WireRange));
        body = ackBodyOf(m_received, m_theirs, rangesMax);
    }
    ByteVector payload = encodeHeader({.type = FrameType::Ack,
                                       .sequence = m_ours.at(m_sender.sentUpTo()),
                                       .acknowledge = m_theirs.at(m_received.next())},
                                      kStampsBytes + sizeof(body.windowBytes) + body.ranges.size() * sizeof(WireRange));
    stamp(payload, now);
    if (m_hasOptions)
        appendAckBody(payload, body);
    m_advertisedEnd = m_received.windowEnd();
    acknowledgementSent();
    m_rangesTold = m_received.ranges().size();
    m_isAckAlone = false;
    m_isAckShort = false;
    return payload;
}

ByteVector Connection::piecePayload(const Sender::Piece& piece, Instant now)
{
    const bool isClose = piece.kind == Sender::Piece::Kind::Close;
    ByteVector payload = encodeHeader({.type = isClose ? FrameType::Close : FrameType::Data,
                                       .sequence = m_ours.at(piece.range.begin),
                                       .acknowledge = m_theirs.at(m_received.next())},
                                      kStampsBytes + static_cast<std::size_t>(piece.range.end - piece.range.begin));
    if (!isClose)
        stamp(payload, now);
    if (piece.kind == Sender::Piece::Kind::Bytes)
        m_sender.appendBytes(payload, piece.range);
    else if (isClose && m_hasOptions)
        appendReason(payload, CloseReason::End);
    if (m_received.ranges().empty()) // ranges cannot ride on bytes
        acknowledgementSent();
    asked(now);
    settle(now);
    return payload;
}

ByteVector Connection::keepalivePayload(Instant now)
{
    m_isKeepaliveDue = false;
    m_setup.counters->add(Counter::KeepalivesSent);
    asked(now);
    ByteVector payload = encodeHeader({.type = FrameType::Data,
                                       .sequence = m_ours.at(m_sender.sentUpTo()),
                                       .acknowledge = m_theirs.at(m_received.next())},
                                      kStampsBytes);
    stamp(payload, now);
    return payload;
}

bool Connection::mustAckAlone() const
{
    const bool hasNews = m_received.windowEnd() - m_advertisedEnd >= m_received.bytesMax() / 4;
    return m_isAckAlone || !m_received.ranges().empty() || (m_hasOptions && hasNews);
}

void Connection::acknowledgementSent()
{
    m_isAckDue = false;
    m_segmentsUnacknowledged = 0;
    m_timers.stop(Timer::AckDelay);
}

void Connection::asked(Instant now)
{
    if (m_askedAt)
        return;
    m_askedAt = now;
    if (m_state == State::Open)
        m_timers.set(Timer::Silence, now + m_setup.config->silenceLimit);
}

void Connection::announceReadable()
{
    if (m_isReadableTold)
        return;
    m_isReadableTold = true;
    m_notices.isReadable = true;
}

void Connection::suspect()
{
    m_notices.isSuspect = m_notices.isSuspect || !m_isSuspectTold;
    m_isSuspectTold = true;
}

bool Connection::isClosing() const
{
    return m_received.isComplete() && m_sender.isOnlyCloseWaiting();
}

void Connection::settle(Instant now)
{
    if (m_state != State::Open)
        return;
    if (m_wasWriteShort && m_sender.backlogBytes() <= m_sender.bufferBytes() / 4 * 3) {
        m_wasWriteShort = false;
        m_notices.isWritable = true;
    }
    if (!m_hasOptions && isClosing() && !m_timers.isRunning(Timer::GiveUp))
        m_timers.set(Timer::GiveUp, now + kPlainCloseWait);
    if (!m_received.isComplete() || !m_sender.isComplete())
        return;
    if (isAtEnd()) {
        end(std::nullopt);
        return;
    }
    // Only our own reader is missing: nothing more is asked of the peer.
    m_timers.stop(Timer::Keepalive);
    m_timers.stop(Timer::Silence);
    m_timers.stop(Timer::GiveUp);
    m_isKeepaliveDue = false;
}

void Connection::end(std::optional<Error> error)
{
    if (m_state == State::Ended)
        return;
    m_state = State::Ended;
    m_notices.isEnded = true;
    m_notices.error = std::move(error);
}

Error Connection::errorOf(ErrorCode code) const
{
    return {.code = code, .context = key().peer.toString()};
}

void Connection::usePath(std::size_t payloadBytesMax)
{
    const std::size_t wanted = payloadBytesMax == 0 ? kPayloadBytesDefault : payloadBytesMax;
    m_payloadBytesMax = std::clamp(wanted, kPayloadBytesMin, kPayloadBytesLimit);
}

std::size_t Connection::segmentBytes() const
{
    return m_payloadBytesMax - kHeaderBytes - (m_hasOptions ? kStampsBytes : 0);
}

void Connection::stamp(ByteVector& payload, Instant now) const
{
    if (hasStamps())
        appendStamps(payload, {.sent = stampOf(now), .echo = m_peerStamp});
}

void Connection::advanceKeepalive(Instant now)
{
    m_sender.releaseMemory();
    m_received.releaseIfEmpty();
    shrinkBuffers();
    // What RouterOS makes of an empty segment is not known, so it gets none.
    if (!m_hasOptions || m_state != State::Open)
        return;
    if (!m_sender.isWaiting()) {
        if (m_keepalivesUnanswered > 0)
            suspect();
        m_isKeepaliveDue = true;
        ++m_keepalivesUnanswered;
    }
    const Duration interval = kKeepaliveRetry * (1U << std::min(m_keepalivesUnanswered, 4U));
    m_timers.set(Timer::Keepalive, now + std::min(interval, kKeepaliveInterval));
}

} // namespace fb::stream
