// SPDX-License-Identifier: Apache-2.0
#include "core/agent/FrameQueue.h"

namespace fb::agent {

void FrameQueue::push(overlay::Transmit transmit, Instant now)
{
    auto& queue = transmit.trafficClass == overlay::Transmit::Class::Interactive ? m_interactive : m_bulk;
    if (queue.push({std::move(transmit.frame), now}) && m_isBlocked)
        ++m_queued;
}

void FrameQueue::dropOld(Instant now)
{
    for (auto* queue : {&m_interactive, &m_bulk}) {
        while (!queue->empty() && now - (*queue)[0].since > kAgeMax) {
            static_cast<void>(queue->pop());
            ++m_expired;
        }
    }
}

void FrameQueue::discard()
{
    m_discarded += size();
    while (!empty())
        static_cast<void>(takeFirst());
    m_isBlocked = false;
}

std::size_t FrameQueue::fill(std::span<Bytes> room) const
{
    std::size_t filled = 0;
    for (const auto* queue : {&m_interactive, &m_bulk}) {
        for (std::size_t index = 0; index < queue->size() && filled < room.size(); ++index)
            room[filled++] = (*queue)[index].frame;
    }
    return filled;
}

ByteVector FrameQueue::takeFirst()
{
    auto& queue = m_interactive.empty() ? m_bulk : m_interactive;
    return std::move(queue.pop()->frame);
}

void FrameQueue::noteBlocked()
{
    const bool wasBlocked = std::exchange(m_isBlocked, !empty());
    if (m_isBlocked && !wasBlocked)
        m_queued += size();
}

} // namespace fb::agent
