// SPDX-License-Identifier: Apache-2.0
#include "core/agent/FrameQueue.h"

namespace fb::agent {

void FrameQueue::push(overlay::Transmit transmit, Instant now)
{
    auto& queue = transmit.trafficClass == overlay::Transmit::Class::Interactive ? m_interactive : m_bulk;
    if (queue.push(std::move(transmit.frame), now))
        ++m_queued;
}

bool FrameQueue::Class::hasFrame(Instant now)
{
    for (;;) {
        if (!m_first)
            m_first = m_frames.pop();
        if (!m_first || now - m_first->since <= kAgeMax)
            return m_first.has_value();
        m_first.reset();
        ++m_expired;
    }
}

} // namespace fb::agent
