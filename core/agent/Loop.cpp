// SPDX-License-Identifier: Apache-2.0
#include "core/agent/Loop.h"

#include "core/runtime/SystemClock.h"

namespace fb::agent {

Loop::Watch::Watch(Loop& loop, int descriptor, runtime::Interest interest, Handler& handler)
    : m_loop(loop), m_descriptor(descriptor), m_token(loop.m_nextToken++), m_interest(interest)
{
    m_loop.m_handlers.emplace(m_token, &handler);
    m_loop.m_poller.add(m_descriptor, m_token, m_interest);
}

Loop::Watch::~Watch()
{
    m_loop.m_poller.remove(m_descriptor);
    m_loop.m_handlers.erase(m_token);
}

void Loop::Watch::setInterest(runtime::Interest interest)
{
    if (interest == m_interest)
        return;
    m_interest = interest;
    m_loop.m_poller.change(m_descriptor, m_token, interest);
}

Instant Loop::runOnce(std::optional<Instant> deadline)
{
    const auto& list = m_poller.wait(deadline);
    const Instant now = runtime::now();
    m_round = now;
    for (const auto& what : list) {
        // A handler may have ended others: only those that are still registered are told.
        const auto handler = m_handlers.find(what.token);
        if (handler != m_handlers.end())
            handler->second->ready(what, now);
    }
    m_round.reset();
    return now;
}

Instant Loop::now() const
{
    return m_round ? *m_round : runtime::now();
}

} // namespace fb::agent
