// SPDX-License-Identifier: Apache-2.0
// One stream: its handshake, its close, and the judgement of what the peer sends. Joins a Sender and a ReceiveBuffer to
// frames and knows of no other stream. docs/streams.md draws the state machine. It tells its news as Notices, which the
// engine takes after each call.
#pragma once

#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/TimerTable.h"
#include "core/romon/RomonId.h"
#include "core/stream/BufferBudget.h"
#include "core/stream/Counters.h"
#include "core/stream/Engine.h"
#include "core/stream/Frame.h"
#include "core/stream/ReceiveBuffer.h"
#include "core/stream/Sender.h"
#include "core/stream/SequenceNumber.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>

namespace fb::stream {

/// What tells streams apart on the wire.
struct StreamKey {
    romon::RomonId peer;
    std::uint16_t localPort = 0;
    std::uint16_t remotePort = 0;

    friend bool operator==(const StreamKey&, const StreamKey&) = default;
};

/// What happened to a stream since it was last asked.
struct Notices {
    bool isOpened = false; ///< our connect was accepted
    bool isProven = false; ///< the peer of a connect that we accepted hears us
    bool isReadable = false;
    bool isWritable = false;
    bool isSuspect = false; ///< the peer did not answer in time
    bool isEnded = false;
    std::optional<Error> error; ///< why it ended, if it did not end well
};

/// The last numbers of a stream that ended, to answer late frames with.
struct FinalNumbers {
    std::uint32_t peerInitial = 0;
    std::uint32_t sequence = 0;
    std::uint32_t acknowledge = 0;
    bool hasOptions = false;
    bool hasStamps = false;
};

class Connection {
public:
    enum class Verdict {
        Handled,
        Ours,    ///< its numbers are those of this stream, which nobody can guess
        NotOurs, ///< belongs to a stream that this one is not: answer as for an unknown stream
    };
    struct Setup {
        StreamId id = 0;
        StreamKey key;
        std::uint32_t initialNumber = 0;
        const Config* config = nullptr; ///< outlives the connection, as do the counters
        Counters* counters = nullptr;
        BufferBudget* budget = nullptr;
    };

    /// A connect of ours.
    Connection(const Setup& setup, const PeerTraits& traits, Instant now);
    /// A connect of the peer, waiting for accept().
    Connection(const Setup& setup, const Frame& connect, Instant now);

    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void accept(const PeerTraits& traits, Instant now);
    [[nodiscard]] std::size_t write(Bytes bytes);
    [[nodiscard]] std::size_t read(std::span<std::uint8_t> into);
    void closeWriting();
    void pathChanged(const PeerTraits& traits, Instant now);
    /// Whether somebody types on another stream.
    void setYielding(bool isYielding) { m_sender.setYielding(isYielding); }
    [[nodiscard]] Verdict receive(const Frame& frame, Instant now);
    void advance(Instant now);

    /// The next payload to send, if there is one.
    [[nodiscard]] std::optional<ByteVector> nextPayload(Instant now);
    /// A close that gives the stream up.
    [[nodiscard]] ByteVector resetPayload(CloseReason reason) const;
    [[nodiscard]] Notices takeNotices();
    /// The Readable event was handed out: the next news is worth another.
    void readableTold() { m_isReadableTold = false; }

    [[nodiscard]] StreamId id() const { return m_setup.id; }
    [[nodiscard]] const StreamKey& key() const { return m_setup.key; }
    [[nodiscard]] bool isIncoming() const { return m_role == Role::Acceptor; }
    [[nodiscard]] bool isHalfOpen() const { return m_state == State::Requested || m_state == State::Accepted; }
    [[nodiscard]] std::uint64_t bytesSent() const { return m_sender.bytesSent(); }
    [[nodiscard]] bool isAtEnd() const { return m_received.isComplete() && m_received.readable() == 0; }
    [[nodiscard]] Transmit::Class trafficClass() const;
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    [[nodiscard]] StreamStatus status(Instant now) const;
    [[nodiscard]] FinalNumbers finalNumbers() const;

private:
    enum class State { Connecting, Requested, Accepted, Open, Ended };
    enum class Role { Initiator, Acceptor };
    enum class Timer { Handshake, GiveUp, AckDelay, Keepalive, Silence, Count };

    // Judging input: ConnectionReceive.cpp.
    [[nodiscard]] Verdict receiveConnecting(const Frame& frame, Instant now);
    void receiveRequested(const Frame& frame, Instant now);
    [[nodiscard]] Verdict receiveAccepted(const Frame& frame, Instant now);
    Verdict receiveOpen(const Frame& frame, Instant now);
    void openByAccept(const Frame& accept, Instant now);
    [[nodiscard]] bool isNumberedRight(std::int64_t sequence, std::int64_t acknowledge);
    void takeAnswer(const Frame& frame, std::uint64_t acknowledge, std::optional<Instant> echoed, Instant now);
    void takeBytes(std::uint64_t offset, Bytes bytes, Instant now);
    void takePlainClose(std::uint64_t offset, Instant now);
    void takeReset(const Frame& close, std::int64_t sequence, std::uint64_t acknowledge, Instant now);
    void judge(ReceiveBuffer::Outcome outcome, std::size_t bytes, Instant now);
    void challenge(Instant now);
    void heard(Instant now);
    void suspect();

    // Making output: Connection.cpp.
    [[nodiscard]] ByteVector handshakePayload(FrameType type, Instant now);
    [[nodiscard]] ByteVector ackPayload(Instant now);
    [[nodiscard]] ByteVector piecePayload(const Sender::Piece& piece, Instant now);
    [[nodiscard]] ByteVector keepalivePayload(Instant now);
    [[nodiscard]] bool mustAckAlone() const;
    void acknowledgementSent();
    [[nodiscard]] bool growSendBuffer();
    void growReceiveBuffer(std::size_t bytesRead);
    /// While a lost segment is awaited nothing can be read, but what follows it shows what the path carries.
    void growReceiveBufferBehindHole();
    /// What an earlier, larger window promised may need memory that was given back since. False if there is none left.
    [[nodiscard]] bool makeRoomUpTo(std::uint64_t end);
    [[nodiscard]] std::size_t borrow(std::size_t bytesNow, std::size_t bytesMax);
    void shrinkBuffers();
    void repeatHandshake(FrameType type, Instant now);
    void asked(Instant now);
    void announceReadable();
    [[nodiscard]] bool isClosing() const;
    void settle(Instant now);
    void end(std::optional<Error> error);
    [[nodiscard]] Error errorOf(ErrorCode code) const;
    void usePath(std::size_t payloadBytesMax);
    [[nodiscard]] bool hasStamps() const { return m_hasOptions && m_peerVersion >= kStampsVersion; }
    [[nodiscard]] std::size_t segmentBytes() const;
    void stamp(ByteVector& payload, Instant now) const;
    [[nodiscard]] bool takeStampsOf(Frame& frame, std::optional<Instant>& echoed, Instant now);
    void advanceKeepalive(Instant now);

    Setup m_setup;
    Role m_role;
    State m_state;
    SequenceNumber m_ours;
    SequenceNumber m_theirs;
    Sender m_sender;
    ReceiveBuffer m_received;
    TimerTable<Timer> m_timers;
    Notices m_notices;
    std::size_t m_payloadBytesMax = 0;
    std::size_t m_connectPayloadBytes = 0; ///< what the path carries, as the connect said; 0: it did not
    std::uint32_t m_peerStamp = 0;         ///< of the newest frame taken
    std::uint64_t m_advertisedEnd = 0;     ///< window end the peer was last told
    std::uint64_t m_bytesReceived = 0;
    std::optional<Instant> m_askedAt;     ///< oldest question without an answer
    std::optional<Instant> m_handshakeAt; ///< when the connect or accept was sent, while only once
    std::optional<Instant> m_challengedAt;
    unsigned m_handshakesSent = 0;
    unsigned m_keepalivesUnanswered = 0;
    unsigned m_segmentsUnacknowledged = 0;
    std::uint8_t m_peerVersion = 0;   ///< of its options
    std::size_t m_borrowedBytes = 0;  ///< of the engine's budget
    std::size_t m_readSinceGrown = 0; ///< bytes
    std::size_t m_rangesTold = 0;     ///< in the last ack
    bool m_hasOptions = false;        ///< both sides have shown options; until then: we offer, or were offered, them
    bool m_isHandshakeDue = false;
    bool m_isAckDue = false;
    bool m_isAckAlone = false; ///< the ack must not ride on bytes
    bool m_isAckShort = false; ///< the last acks may have been too long for the way back
    bool m_isKeepaliveDue = false;
    bool m_isReadableTold = false;
    bool m_isSuspectTold = false;
    bool m_wasWriteShort = false;
};

} // namespace fb::stream
