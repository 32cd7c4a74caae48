// SPDX-License-Identifier: Apache-2.0
#include "core/agent/StreamRelay.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace fb::agent {

namespace {

bool wouldBlock()
{
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
}

/// Whether the program at the other end has closed its socket altogether, not only its writing half.
bool isHungUp(int socket)
{
    pollfd query{.fd = socket, .events = 0, .revents = 0};
    return ::poll(&query, 1, 0) == 1 && (query.revents & POLLHUP) != 0;
}

/// Bytes the socket took; -1 as send(2).
ssize_t sendSome(int socket, Bytes bytes)
{
    return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
}

} // namespace

StreamRelay::StreamRelay(Loop& loop, stream::Engine& streams, std::span<std::uint8_t> scratch, stream::StreamId stream,
                         FileDescriptor socket)
    : m_streams(streams),
      m_scratch(scratch),
      m_stream(stream),
      m_socket(std::move(socket)),
      m_watch(loop, m_socket.get(), runtime::Interest::Read, *this)
{
}

void StreamRelay::ready(const runtime::Ready& what, Instant now)
{
    if (what.writable)
        carryToSocket(now);
    if (what.readable && !m_isDone)
        carryToStream(now);
}

void StreamRelay::streamReadable(Instant now)
{
    carryToSocket(now);
}

void StreamRelay::streamWritable(Instant now)
{
    carryToStream(now);
}

void StreamRelay::streamEnded(Instant)
{
    m_streamEnded = true;
    m_toStream.clear();
    if (m_toSocket.empty() || !writeRest() || m_toSocket.empty())
        finish();
    else
        updateInterest();
}

void StreamRelay::check(Instant now)
{
    if (m_isDone || m_streamEnded || !m_socketAtEnd)
        return;
    if (!m_abortAt && isHungUp(m_socket.get()))
        m_abortAt = now + kLingerMax;
    if (m_abortAt && *m_abortAt <= now)
        m_streams.abort(m_stream, now);
}

bool StreamRelay::offerRest(Instant now)
{
    const auto taken = m_streams.write(m_stream, m_toStream, now);
    m_toStream.erase(m_toStream.begin(), m_toStream.begin() + static_cast<std::ptrdiff_t>(taken));
    return m_toStream.empty();
}

void StreamRelay::carryToStream(Instant now)
{
    if (m_streamEnded || m_isDone)
        return;
    for (int piece = 0; !m_socketAtEnd && piece < kPiecesPerTurn; ++piece) {
        if (!m_toStream.empty() && !offerRest(now))
            break;
        const auto got = ::recv(m_socket.get(), m_scratch.data(), m_scratch.size(), MSG_DONTWAIT);
        if (got < 0 && wouldBlock())
            break;
        if (got <= 0) {
            m_socketAtEnd = true;
            break;
        }
        const auto bytes = Bytes(m_scratch).first(static_cast<std::size_t>(got));
        const auto taken = m_streams.write(m_stream, bytes, now);
        m_toStream.assign(bytes.begin() + static_cast<std::ptrdiff_t>(taken), bytes.end());
    }
    if (m_socketAtEnd && !m_writingClosed && (m_toStream.empty() || offerRest(now))) {
        m_writingClosed = true;
        m_streams.closeWriting(m_stream, now);
    }
    updateInterest();
}

bool StreamRelay::writeRest()
{
    const auto sent = sendSome(m_socket.get(), m_toSocket);
    if (sent < 0)
        return wouldBlock();
    m_toSocket.erase(m_toSocket.begin(), m_toSocket.begin() + sent);
    return true;
}

void StreamRelay::carryToSocket(Instant now)
{
    if (m_isDone)
        return;
    m_backlog = false;
    bool socketWorks = m_toSocket.empty() || writeRest();
    int piece = 0;
    while (socketWorks && !m_streamEnded && m_toSocket.empty()) {
        if (piece++ == kPiecesPerTurn) {
            m_backlog = true;
            break;
        }
        const auto got = m_streams.read(m_stream, m_scratch, now);
        if (got == 0)
            break;
        const auto bytes = Bytes(m_scratch).first(got);
        const auto sent = sendSome(m_socket.get(), bytes);
        socketWorks = sent >= 0 || wouldBlock();
        const auto taken = static_cast<std::ptrdiff_t>(std::max<ssize_t>(sent, 0));
        m_toSocket.assign(bytes.begin() + taken, bytes.end());
    }
    if (!socketWorks) {
        // Nobody reads any more what the peer still sends: as with TCP, it is told by a reset.
        if (m_streamEnded)
            finish();
        else
            m_streams.abort(m_stream, now);
        m_toSocket.clear();
        return;
    }
    if (m_streamEnded && m_toSocket.empty()) {
        finish();
        return;
    }
    if (!m_streamEnded && m_toSocket.empty() && !m_shutDown && m_streams.atEnd(m_stream)) {
        m_shutDown = true;
        ::shutdown(m_socket.get(), SHUT_WR);
    }
    updateInterest();
}

void StreamRelay::finish()
{
    m_isDone = true;
    m_watch.setInterest(runtime::Interest::None);
}

void StreamRelay::updateInterest()
{
    const bool wantsRead = !m_socketAtEnd && m_toStream.empty() && !m_streamEnded;
    const bool wantsWrite = !m_toSocket.empty();
    using runtime::Interest;
    m_watch.setInterest(wantsRead && wantsWrite ? Interest::ReadWrite
                        : wantsRead             ? Interest::Read
                        : wantsWrite            ? Interest::Write
                                                : Interest::None);
}

} // namespace fb::agent
