// SPDX-License-Identifier: Apache-2.0
// Carries bytes between one stream and one local socket, both ways, with back-pressure: nothing is read from the side
// whose bytes the other side cannot take. A half-close crosses as a half-close. One thread.
#pragma once

#include "core/agent/Loop.h"
#include "core/base/Bytes.h"
#include "core/base/FileDescriptor.h"
#include "core/stream/Engine.h"

#include <optional>

namespace fb::agent {

class StreamRelay final : private Loop::Handler {
public:
    static constexpr std::size_t kPieceBytes = 64 * 1024;
    /// Pieces carried in one direction before others have their turn.
    static constexpr int kPiecesPerTurn = 4;
    /// How long a stream may stay half open after the local program has gone altogether.
    static constexpr Duration kLingerMax = std::chrono::seconds(10);

    /// The socket must not block; `scratch` is kPieceBytes shared by all relays of a thread.
    StreamRelay(Loop& loop, stream::Engine& streams, std::span<std::uint8_t> scratch, stream::StreamId stream,
                FileDescriptor socket);
    ~StreamRelay() = default;

    /// What the engine told of this stream.
    void streamReadable(Instant now);
    void streamWritable(Instant now);
    /// The stream is over; what was read of it still goes to the socket.
    void streamEnded(Instant now);

    /// About once a second: gives up when the local program has gone and the peer does not follow.
    void check(Instant now);
    /// Nothing is left to do: the relay can go, and its socket with it.
    [[nodiscard]] bool isDone() const { return m_isDone; }
    /// A full turn has left something to carry.
    [[nodiscard]] bool hasBacklog() const { return m_backlog && !m_isDone; }

private:
    void ready(const runtime::Ready& what, Instant now) override;
    void carryToStream(Instant now);
    void carryToSocket(Instant now);
    [[nodiscard]] bool writeRest();
    [[nodiscard]] bool offerRest(Instant now);
    void finish();
    void updateInterest();

    stream::Engine& m_streams;
    std::span<std::uint8_t> m_scratch;
    stream::StreamId m_stream;
    FileDescriptor m_socket;
    Loop::Watch m_watch;
    ByteVector m_toStream; ///< read from the socket, not yet taken by the stream
    ByteVector m_toSocket; ///< read from the stream, not yet taken by the socket
    bool m_socketAtEnd = false;
    bool m_writingClosed = false; ///< our half of the stream
    bool m_shutDown = false;      ///< the socket's writing half
    bool m_streamEnded = false;
    bool m_isDone = false;
    bool m_backlog = false;
    std::optional<Instant> m_abortAt;
};

} // namespace fb::agent
