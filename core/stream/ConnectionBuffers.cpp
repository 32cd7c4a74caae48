// SPDX-License-Identifier: Apache-2.0
// How a stream's buffers grow from what all streams share, and what it gives back when it idles.
#include "core/stream/Connection.h"

#include <algorithm>
#include <utility>

namespace fb::stream {

namespace {

/// A send buffer grows beyond this only if so much can be under way.
constexpr std::size_t kSendBufferEasy = 1U << 20U;

} // namespace

bool Connection::growSendBuffer()
{
    const std::size_t bytes = m_sender.bufferBytes();
    if (m_sender.isFinished() || (bytes >= kSendBufferEasy && bytes >= 2 * m_sender.congestion().window()))
        return false;
    const std::size_t more = borrow(bytes, m_setup.config->sendBufferBytes);
    m_sender.setBufferBytes(bytes + more);
    return more > 0;
}

void Connection::growReceiveBuffer(std::size_t bytesRead)
{
    m_readSinceGrown += bytesRead;
    // A peer without options does not learn of a larger window.
    const std::size_t bytes = m_received.bytesMax();
    if (!m_hasOptions || m_readSinceGrown < bytes / 2)
        return;
    m_readSinceGrown = 0;
    m_received.setBytesMax(bytes + borrow(bytes, m_setup.config->receiveBufferBytes));
}

void Connection::growReceiveBufferBehindHole()
{
    const std::size_t bytes = m_received.bytesMax();
    if (!m_hasOptions || m_received.behindHole() < bytes / 2 || m_received.readable() > bytes / 4)
        return;
    m_received.setBytesMax(bytes + borrow(bytes, m_setup.config->receiveBufferBytes));
    m_isAckDue = m_isAckDue || m_received.bytesMax() > bytes;
}

bool Connection::makeRoomUpTo(std::uint64_t end)
{
    while (end <= m_received.windowEnd() && !m_received.holds(end)) {
        const std::size_t bytes = m_received.bytesMax();
        const std::size_t more = borrow(bytes, m_setup.config->receiveBufferBytes);
        if (more == 0)
            return false;
        m_received.setBytesMax(bytes + more);
    }
    return true;
}

std::size_t Connection::borrow(std::size_t bytesNow, std::size_t bytesMax)
{
    const std::size_t more = std::min(bytesNow, bytesMax - std::min(bytesMax, bytesNow));
    if (more == 0)
        return 0;
    if (!m_setup.budget->take(more)) {
        m_setup.counters->add(Counter::BuffersLimitReached);
        return 0;
    }
    m_borrowedBytes += more;
    return more;
}

void Connection::shrinkBuffers()
{
    const bool isReceiving = m_received.readable() > 0 || !m_received.ranges().empty();
    if (m_borrowedBytes == 0 || m_sender.backlogBytes() > 0 || isReceiving)
        return;
    m_sender.setBufferBytes(std::min(m_setup.config->sendBufferBytes, kBufferBytesMin));
    m_received.setBytesMax(std::min(m_setup.config->receiveBufferBytes, kBufferBytesMin));
    m_setup.budget->give(std::exchange(m_borrowedBytes, 0));
}

} // namespace fb::stream
