// SPDX-License-Identifier: Apache-2.0
// How a stream judges what its peer, or somebody who pretends to be, sends. Nothing here trusts a frame further than
// its numbers reach; every disbelief is counted.
#include "core/stream/Connection.h"
#include "core/stream/Window.h"

#include <algorithm>
#include <chrono>

namespace fb::stream {

namespace {

using namespace std::chrono_literals;

constexpr Duration kAckDelayMax = 2ms;
constexpr Duration kAckDelayMin = 100us;
/// Each ack costs every hop a frame. The first bytes are acknowledged more often, so that the sender learns fast.
constexpr unsigned kSegmentsPerAck = 16;
constexpr unsigned kSegmentsPerEarlyAck = 2;
constexpr std::uint64_t kEarlyBytes = 64 * 1024;
/// One proof of life a time for frames that look like an attack or a restarted peer (RFC 5961 section 7).
constexpr Duration kChallengeInterval = 100ms;
/// No round trip takes that long: an older echo is nonsense, or of before an outage.
constexpr Duration kEchoAgeMax = 10s;

/// Whether a close gives the stream up. Between peers with options an orderly end says so in its body; a bare close
/// comes from one that does not know the stream.
bool isReset(const Frame& frame, bool hasOptions)
{
    if (!hasOptions)
        return false;
    return frame.body.empty() || frame.body.front() != static_cast<std::uint8_t>(CloseReason::End);
}

/// Why the peer gives a stream up; `unsaid` if it does not say.
ErrorCode codeOf(const Frame& close, ErrorCode unsaid)
{
    if (close.body.empty())
        return unsaid;
    switch (static_cast<CloseReason>(close.body.front())) {
    case CloseReason::NoSuchService:
        return ErrorCode::NoSuchService;
    case CloseReason::NotAllowed:
        return ErrorCode::NotAllowed;
    case CloseReason::End:
    case CloseReason::UnknownStream:
    case CloseReason::Aborted:
        break;
    }
    return ErrorCode::ConnectionReset;
}

} // namespace

Connection::Verdict Connection::receive(const Frame& frame, Instant now)
{
    switch (m_state) {
    case State::Connecting:
        return receiveConnecting(frame, now);
    case State::Requested:
        receiveRequested(frame, now);
        return Verdict::Handled;
    case State::Accepted:
        return receiveAccepted(frame, now);
    case State::Open:
        return receiveOpen(frame, now);
    case State::Ended:
        break;
    }
    return Verdict::Handled;
}

Connection::Verdict Connection::receiveConnecting(const Frame& frame, Instant now)
{
    const bool isAnswer = frame.header.acknowledge == m_ours.initial() && m_handshakesSent > 0;
    switch (frame.header.type) {
    case FrameType::Accept:
        if (isAnswer)
            openByAccept(frame, now);
        else
            m_setup.counters->add(Counter::AcceptsUnexpected);
        return Verdict::Handled;
    case FrameType::Close:
        if (isAnswer) {
            m_setup.counters->add(Counter::ResetsReceived);
            end(errorOf(codeOf(frame, ErrorCode::NoSuchService)));
        } else {
            m_setup.counters->add(Counter::ResetsUnexpected);
        }
        return Verdict::Handled;
    case FrameType::Data:
    case FrameType::Ack:
        break; // the peer remembers an earlier stream between these ports: a reset frees it for our connect
    case FrameType::Connect:
        m_setup.counters->add(Counter::ConnectsUnexpected);
        return Verdict::Handled;
    }
    return Verdict::NotOurs;
}

void Connection::receiveRequested(const Frame& frame, Instant now)
{
    const bool isTheirs = frame.header.sequence == m_theirs.initial();
    if (isTheirs && frame.header.type == FrameType::Connect) {
        m_setup.counters->add(Counter::ConnectsRepeated);
        m_timers.set(Timer::GiveUp, now + m_setup.config->connectTimeout);
    } else if (isTheirs && frame.header.type == FrameType::Close) {
        m_setup.counters->add(Counter::ResetsReceived);
        end(errorOf(ErrorCode::ConnectionReset));
    } else {
        m_setup.counters->add(Counter::SegmentsStale);
    }
}

Connection::Verdict Connection::receiveAccepted(const Frame& frame, Instant now)
{
    const Header& header = frame.header;
    const bool isTheirs = header.sequence == m_theirs.initial();
    if (header.type == FrameType::Connect) {
        m_setup.counters->add(isTheirs ? Counter::ConnectsRepeated : Counter::ConnectsUnexpected);
        m_isHandshakeDue = m_isHandshakeDue || isTheirs;
        if (isTheirs)
            m_timers.set(Timer::GiveUp, now + m_setup.config->halfOpenTimeout);
        return Verdict::Handled;
    }
    // The peer gave its connect up; or knows of none, because somebody else asked in its name.
    if (header.type == FrameType::Close && isTheirs && (header.acknowledge != m_ours.initial() || frame.body.empty())) {
        m_setup.counters->add(Counter::ResetsReceived);
        end(errorOf(ErrorCode::ConnectionReset));
        return Verdict::Handled;
    }
    if (header.type == FrameType::Accept || header.acknowledge != m_ours.initial() || m_handshakesSent == 0) {
        m_setup.counters->add(Counter::SegmentsStale);
        return Verdict::Handled;
    }
    m_state = State::Open;
    m_timers.stop(Timer::GiveUp);
    m_timers.stop(Timer::Handshake);
    if (m_handshakeAt)
        m_sender.sampleRtt(now - *m_handshakeAt);
    heard(now); // whatever else is wrong with the frame
    const Verdict verdict = receiveOpen(frame, now);
    m_notices.isProven = m_state == State::Open;
    return verdict;
}

void Connection::openByAccept(const Frame& accept, Instant now)
{
    m_theirs = SequenceNumber(accept.header.sequence);
    const auto options = m_hasOptions ? decodeOptions(accept.body) : std::nullopt;
    if (m_hasOptions && !options && !accept.body.empty())
        m_setup.counters->add(Counter::OptionsMalformed);
    m_hasOptions = options.has_value();
    m_peerVersion = options ? options->version : 0;
    m_sender.allowUpTo(options ? options->windowBytes : kPlainWindowBytes);
    m_state = State::Open;
    m_timers.stop(Timer::GiveUp);
    m_timers.stop(Timer::Handshake);
    if (m_handshakeAt)
        m_sender.sampleRtt(now - *m_handshakeAt);
    m_isAckDue = true;
    m_isAckAlone = true; // captured: a bare ack follows the accept, before the first bytes
    m_notices.isOpened = true;
    heard(now);
}

Connection::Verdict Connection::receiveOpen(const Frame& frame, Instant now)
{
    const Header& header = frame.header;
    if (header.type == FrameType::Connect) {
        const bool isRepeated = m_role == Role::Acceptor && header.sequence == m_theirs.initial();
        m_setup.counters->add(isRepeated ? Counter::ConnectsRepeated : Counter::ConnectsUnexpected);
        if (!isRepeated)
            challenge(now);
        return Verdict::Handled;
    }
    if (header.type == FrameType::Accept) {
        const bool isRepeated = m_role == Role::Initiator && header.sequence == m_theirs.initial() &&
                                header.acknowledge == m_ours.initial();
        if (isRepeated)
            m_isAckDue = m_isAckAlone = true; // our ack was lost
        else
            m_setup.counters->add(Counter::AcceptsUnexpected);
        return Verdict::Handled;
    }
    const std::int64_t sequence = m_theirs.offsetNear(header.sequence, m_received.next());
    const std::int64_t acknowledge = m_ours.offsetNear(header.acknowledge, m_sender.acknowledgedUpTo());
    if (!isNumberedRight(sequence, acknowledge))
        return Verdict::Handled;
    const auto upTo = static_cast<std::uint64_t>(acknowledge);
    if (header.type == FrameType::Close && isReset(frame, m_hasOptions)) {
        takeReset(frame, sequence, upTo, now);
        return Verdict::Ours;
    }
    if (header.type == FrameType::Close && !m_hasOptions) {
        takePlainClose(static_cast<std::uint64_t>(sequence), now);
        return Verdict::Ours;
    }
    Frame rest = frame;
    std::optional<Instant> echoed;
    if (!takeStampsOf(rest, echoed, now))
        return Verdict::Handled;
    takeAnswer(rest, upTo, echoed, now);
    if (header.type == FrameType::Data)
        takeBytes(static_cast<std::uint64_t>(sequence), rest.body, now);
    else if (header.type == FrameType::Close)
        judge(m_received.insertClose(static_cast<std::uint64_t>(sequence)), 0, now);
    heard(now);
    settle(now);
    return Verdict::Ours;
}

bool Connection::isNumberedRight(std::int64_t sequence, std::int64_t acknowledge)
{
    const auto sentUpTo = static_cast<std::int64_t>(m_sender.sentUpTo());
    const auto acknowledged = static_cast<std::int64_t>(m_sender.acknowledgedUpTo());
    const auto sendWindow = static_cast<std::int64_t>(m_setup.config->sendBufferBytes) + 1;
    const auto next = static_cast<std::int64_t>(m_received.next());
    const auto receiveWindow = static_cast<std::int64_t>(m_setup.config->receiveBufferBytes) + 1;
    if (acknowledge > sentUpTo) {
        m_setup.counters->add(Counter::AcksForUnsent);
        return false;
    }
    if (acknowledge < 0 || acknowledge < acknowledged - sendWindow) { // RFC 5961 section 5
        m_setup.counters->add(Counter::AcksTooOld);
        return false;
    }
    if (sequence < 0 || sequence < next - receiveWindow) {
        m_setup.counters->add(Counter::SegmentsStale);
        return false;
    }
    if (sequence > static_cast<std::int64_t>(m_received.windowEnd()) + 1) {
        m_setup.counters->add(Counter::BytesOutsideWindow);
        return false;
    }
    return true;
}

/// False if they should be there and are not.
bool Connection::takeStampsOf(Frame& frame, std::optional<Instant>& echoed, Instant now)
{
    if (!hasStamps() || frame.header.type == FrameType::Close)
        return true;
    const auto stamps = takeStamps(frame.body);
    if (!stamps) {
        m_setup.counters->add(Counter::StampsMissing);
        return false;
    }
    m_peerStamp = stamps->sent;
    const Duration age(std::uint32_t{stampOf(now) - stamps->echo});
    if (stamps->echo != 0 && age <= kEchoAgeMax)
        echoed = now - age;
    return true;
}

void Connection::takeAnswer(const Frame& frame, std::uint64_t acknowledge, std::optional<Instant> echoed, Instant now)
{
    Sender::Answer answer;
    answer.upTo = acknowledge;
    answer.echoed = echoed;
    std::vector<Range> ranges;
    if (!m_hasOptions) {
        m_sender.allowUpTo(acknowledge + kPlainWindowBytes);
        answer.isRepeatable = frame.header.type == FrameType::Ack && acknowledge == m_sender.acknowledgedUpTo();
    } else if (frame.header.type == FrameType::Ack) {
        const auto body = decodeAckBody(frame.body);
        if (!body) {
            m_setup.counters->add(Counter::AckBodiesMalformed);
            return;
        }
        answer.windowEnd = acknowledge + body->windowBytes;
        ranges.reserve(body->ranges.size());
        for (const WireRange& range : body->ranges) {
            const std::int64_t begin = m_ours.offsetNear(range.begin, acknowledge);
            const std::int64_t end = m_ours.offsetNear(range.end, acknowledge);
            // Each walks through what it covers: overlapping ones would walk through the same again and again.
            if (!ranges.empty() && begin < static_cast<std::int64_t>(ranges.back().end)) {
                m_setup.counters->add(Counter::AckBodiesMalformed);
                return;
            }
            if (begin < 0 || end <= begin || end > static_cast<std::int64_t>(m_sender.sentUpTo()))
                m_setup.counters->add(Counter::AcksForUnsent);
            else
                ranges.push_back({static_cast<std::uint64_t>(begin), static_cast<std::uint64_t>(end)});
        }
        answer.ranges = ranges;
    }
    m_sender.answered(answer, now);
}

void Connection::takeBytes(std::uint64_t offset, Bytes bytes, Instant now)
{
    if (bytes.empty()) { // a probe: it asks for nothing but an answer
        m_isAckDue = m_isAckAlone = true;
        return;
    }
    const std::uint64_t before = m_received.next();
    const bool hasRoom = makeRoomUpTo(offset + bytes.size());
    judge(hasRoom ? m_received.insert(offset, bytes) : ReceiveBuffer::Outcome::OutsideWindow, bytes.size(), now);
    growReceiveBufferBehindHole();
    m_bytesReceived += m_received.next() - before;
}

void Connection::takePlainClose(std::uint64_t offset, Instant now)
{
    // What such a close acknowledges is not believed: a node that does not know the stream copies our own numbers.
    // And if it answers our ack of its close by another close, that is what it says.
    if (m_received.isComplete() && offset == m_received.next()) {
        m_setup.counters->add(Counter::ResetsReceived);
        end(m_sender.isOnlyCloseWaiting() ? std::nullopt : std::optional(errorOf(ErrorCode::ConnectionReset)));
        return;
    }
    const ReceiveBuffer::Outcome outcome = m_received.insertClose(offset);
    judge(outcome, 0, now);
    // A peer that only repeats its close, and acknowledges nothing, answers no question.
    if (outcome != ReceiveBuffer::Outcome::Repeated)
        heard(now);
    settle(now);
}

void Connection::takeReset(const Frame& close, std::int64_t sequence, std::uint64_t acknowledge, Instant now)
{
    if (sequence != static_cast<std::int64_t>(m_received.next())) { // RFC 5961 section 3.2
        m_setup.counters->add(Counter::ResetsUnexpected);
        challenge(now);
        return;
    }
    m_setup.counters->add(Counter::ResetsReceived);
    // The peer has forgotten a stream that it had finished: all that was missing is the ack of our close.
    if (m_received.isComplete() && m_sender.isOnlyCloseWaiting() && acknowledge == m_sender.sentUpTo()) {
        m_sender.answered({.upTo = acknowledge, .ranges = {}, .windowEnd = std::nullopt, .echoed = std::nullopt}, now);
        settle(now);
        return;
    }
    end(errorOf(codeOf(close, ErrorCode::ConnectionReset)));
}

void Connection::judge(ReceiveBuffer::Outcome outcome, std::size_t bytes, Instant now)
{
    // Later segments behind a hole that was told of are no news.
    const bool isNews = outcome != ReceiveBuffer::Outcome::InOrder &&
                        (outcome != ReceiveBuffer::Outcome::OutOfOrder || m_received.ranges().size() > m_rangesTold);
    const bool isMended = outcome == ReceiveBuffer::Outcome::InOrder && m_rangesTold > 0;
    m_rangesTold = std::min(m_rangesTold, m_received.ranges().size());
    switch (outcome) {
    case ReceiveBuffer::Outcome::InOrder:
        if (m_received.readable() > 0 || m_received.isComplete())
            announceReadable();
        break;
    case ReceiveBuffer::Outcome::OutOfOrder:
        break;
    case ReceiveBuffer::Outcome::Repeated:
        m_setup.counters->add(Counter::SegmentsRepeated);
        m_isAckShort = true; // what told of it did not arrive: perhaps it was too long
        break;
    case ReceiveBuffer::Outcome::OutsideWindow:
        m_setup.counters->add(Counter::BytesOutsideWindow);
        break;
    case ReceiveBuffer::Outcome::TooManyRanges:
        m_setup.counters->add(Counter::ReorderLimitReached);
        break;
    case ReceiveBuffer::Outcome::Contradiction:
        m_setup.counters->add(Counter::ClosesContradictory);
        break;
    }
    // At once: what tells the sender of a loss that it does not know, small segments, a close, and all to a peer whose
    // timers are not known. Bulk: every few segments, several times in a round trip.
    const bool isBulk = bytes >= std::min(m_payloadBytesMax / 2, kSegmentBytesSafest);
    const bool isEarly = m_bytesReceived < kEarlyBytes;
    ++m_segmentsUnacknowledged;
    if (isNews || isMended || !isBulk || !m_hasOptions ||
        m_segmentsUnacknowledged >= (isEarly || m_peerVersion < 2 ? kSegmentsPerEarlyAck : kSegmentsPerAck)) {
        m_isAckDue = true;
        m_isAckAlone = m_isAckAlone || isNews || outcome != ReceiveBuffer::Outcome::InOrder;
    } else if (!m_timers.isRunning(Timer::AckDelay)) {
        const Duration quarter = m_sender.rtt().minimum() / 4;
        m_timers.set(Timer::AckDelay, now + std::clamp(quarter, kAckDelayMin, kAckDelayMax));
    }
}

void Connection::challenge(Instant now)
{
    if (m_challengedAt && now - *m_challengedAt < kChallengeInterval)
        return;
    m_challengedAt = now;
    m_isAckDue = m_isAckAlone = true;
}

void Connection::heard(Instant now)
{
    m_askedAt.reset();
    m_timers.stop(Timer::Silence);
    m_keepalivesUnanswered = 0;
    m_isKeepaliveDue = false;
    m_isSuspectTold = false;
    if (m_sender.isWaiting())
        asked(now);
    m_timers.set(Timer::Keepalive, now + kKeepaliveInterval);
}

} // namespace fb::stream
