// SPDX-License-Identifier: Apache-2.0
#include "core/base/Assert.h"
#include "core/cli/Waiter.h"
#include "core/runtime/SystemClock.h"

#include <sys/signalfd.h>

#include <csignal>

namespace fb::cli {

namespace {

constexpr runtime::PollToken kSignals = 0;
constexpr runtime::PollToken kService = 1;

sigset_t stopSignals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    return set;
}

} // namespace

SystemWaiter::SystemWaiter()
{
    const sigset_t set = stopSignals();
    FB_ASSERT(pthread_sigmask(SIG_BLOCK, &set, nullptr) == 0);
    m_signals = FileDescriptor(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
    FB_ASSERT(m_signals.isOpen());
    m_poller.add(m_signals.get(), kSignals, runtime::Interest::Read);
}

SystemWaiter::~SystemWaiter()
{
    const sigset_t set = stopSignals();
    pthread_sigmask(SIG_UNBLOCK, &set, nullptr);
}

Instant SystemWaiter::now() const
{
    return runtime::now();
}

Waiter::Woken SystemWaiter::wait(const agent::Service& service, std::optional<Instant> deadline)
{
    const int descriptor = service.pollDescriptor();
    if (m_watched != descriptor) {
        if (m_watched)
            m_poller.remove(*m_watched);
        m_poller.add(descriptor, kService, runtime::Interest::Read);
        m_watched = descriptor;
    }
    auto woken = Woken::Deadline;
    for (const auto& ready : m_poller.wait(deadline)) {
        if (ready.token == kSignals)
            return Woken::Interrupt;
        woken = Woken::Service;
    }
    return woken;
}

} // namespace fb::cli
