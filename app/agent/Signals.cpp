// SPDX-License-Identifier: Apache-2.0
#include "app/agent/Signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>
#include <utility>

Signals::Signals()
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    m_descriptor = fb::FileDescriptor(::signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Signals::ready(const fb::runtime::Ready&, fb::Instant)
{
    signalfd_siginfo info{};
    while (::read(m_descriptor.get(), &info, sizeof(info)) == static_cast<ssize_t>(sizeof(info))) {
        if (info.ssi_signo == SIGHUP)
            m_reloadAsked = true;
        else
            m_stopAsked = true;
    }
}

bool Signals::takeReload()
{
    return std::exchange(m_reloadAsked, false);
}
