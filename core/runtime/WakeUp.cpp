// SPDX-License-Identifier: Apache-2.0
#include "core/base/Assert.h"
#include "core/runtime/MessageQueue.h"

#include <sys/eventfd.h>

#include <cerrno>

namespace fb::runtime {

WakeUp::WakeUp() : m_event(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
{
    FB_ASSERT(m_event.isOpen());
}

void WakeUp::raise()
{
    // EAGAIN means that the counter is full, so the descriptor is readable already.
    FB_ASSERT(::eventfd_write(m_event.get(), 1) == 0 || errno == EAGAIN);
}

void WakeUp::lower()
{
    eventfd_t raised = 0;
    FB_ASSERT(::eventfd_read(m_event.get(), &raised) == 0 || errno == EAGAIN);
}

} // namespace fb::runtime
