// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Relay.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace fb::cli {

namespace {

bool isTransient(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/// poll(2) promises room for PIPE_BUF bytes in a pipe. Standard output is not made non-blocking: that would change it
/// for every program that shares the terminal.
constexpr std::size_t kWriteBytesMax = PIPE_BUF;

} // namespace

Relay::Relay(RelayEnds ends) : m_ends(std::move(ends))
{
    const int flags = fcntl(m_ends.socket.get(), F_GETFL);
    fcntl(m_ends.socket.get(), F_SETFL, flags | O_NONBLOCK);
}

void Relay::Direction::readFrom(int descriptor)
{
    begin = 0;
    end = 0;
    const auto count = ::read(descriptor, buffer.data(), buffer.size());
    if (count > 0)
        end = static_cast<std::size_t>(count);
    else if (count == 0 || !isTransient(errno))
        isSourceDone = true;
}

void Relay::writeUp()
{
    const auto count =
        ::send(m_ends.socket.get(), m_up.buffer.data() + m_up.begin, m_up.end - m_up.begin, MSG_NOSIGNAL);
    if (count >= 0)
        m_up.begin += static_cast<std::size_t>(count);
    else if (!isTransient(errno)) {
        m_up.begin = m_up.end; // the stream takes no more; what it still has for us is read on
        m_up.isSourceDone = true;
        m_upClosed = true;
    }
}

void Relay::writeDown()
{
    const auto size = std::min(m_down.end - m_down.begin, kWriteBytesMax);
    const auto count = ::write(m_ends.out, m_down.buffer.data() + m_down.begin, size);
    if (count >= 0)
        m_down.begin += static_cast<std::size_t>(count);
    else if (!isTransient(errno))
        m_isBroken = true;
}

bool Relay::isFinished() const
{
    return m_isBroken || (m_isOver && m_downClosed);
}

void Relay::run(int serviceDescriptor, const OnReadable& onService, int interruptDescriptor)
{
    while (!isFinished()) {
        const auto events = [](bool wanted, int flag) { return static_cast<short>(wanted ? flag : 0); };
        const bool readsIn = !m_isOver && !m_up.isSourceDone && m_up.isEmpty();
        const bool readsSocket = !m_down.isSourceDone && m_down.isEmpty();
        const bool writesSocket = !m_up.isEmpty();
        const auto socketEvents = static_cast<short>(events(readsSocket, POLLIN) | events(writesSocket, POLLOUT));
        // poll(2) passes over negative descriptors: a hang-up of an end that is not wanted now must not wake us.
        std::array<pollfd, 5> watched{{{readsIn ? m_ends.in : -1, POLLIN, 0},
                                       {socketEvents != 0 ? m_ends.socket.get() : -1, socketEvents, 0},
                                       {m_down.isEmpty() ? -1 : m_ends.out, POLLOUT, 0},
                                       {m_isOver ? -1 : serviceDescriptor, POLLIN, 0},
                                       {interruptDescriptor, POLLIN, 0}}};
        if (::poll(watched.data(), watched.size(), -1) < 0)
            continue;
        if (watched[4].revents != 0)
            return;
        if (watched[0].revents != 0)
            m_up.readFrom(m_ends.in);
        if (watched[1].revents != 0 && readsSocket)
            m_down.readFrom(m_ends.socket.get());
        if (watched[1].revents != 0 && writesSocket)
            writeUp();
        if (watched[2].revents != 0)
            writeDown();
        if (watched[3].revents != 0) {
            const auto said = onService();
            if (said == Watched::Stop)
                return;
            m_isOver = m_isOver || said == Watched::StreamIsOver;
        }
        if (m_up.isSourceDone && m_up.isEmpty() && !m_upClosed) {
            ::shutdown(m_ends.socket.get(), SHUT_WR);
            m_upClosed = true;
        }
        if (m_down.isSourceDone && m_down.isEmpty() && !m_downClosed) {
            ::close(m_ends.out);
            m_downClosed = true;
        }
    }
}

} // namespace fb::cli
