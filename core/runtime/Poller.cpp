// SPDX-License-Identifier: Apache-2.0
#include "core/runtime/Poller.h"

#include "core/base/Assert.h"
#include "core/runtime/SystemClock.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <span>

namespace fb::runtime {

namespace {

std::uint32_t eventsOf(Interest interest)
{
    switch (interest) {
    case Interest::None:
        return 0;
    case Interest::Read:
        return EPOLLIN;
    case Interest::Write:
        return EPOLLOUT;
    case Interest::ReadWrite:
        return EPOLLIN | EPOLLOUT;
    }
    FB_ASSERT(false);
}

bool control(int epoll, int operation, int descriptor, PollToken token, Interest interest)
{
    epoll_event event{.events = eventsOf(interest), .data = {.u64 = token}};
    return ::epoll_ctl(epoll, operation, descriptor, &event) == 0;
}

timespec untilDeadline(Instant deadline)
{
    using std::chrono::nanoseconds;
    const nanoseconds left = std::max(nanoseconds(deadline - now()), nanoseconds::zero());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    return {.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
}

} // namespace

Poller::Poller() : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
    FB_ASSERT(m_epoll.isOpen());
    m_ready.reserve(kReadyMax);
}

// epoll reports hang-ups and errors whether they were asked for or not, which would make a loop spin on a descriptor
// that nobody wants to read. So Interest::None takes the descriptor out of the set, and change() puts it back.

void Poller::add(int descriptor, PollToken token, Interest interest)
{
    if (interest != Interest::None)
        FB_ASSERT(control(m_epoll.get(), EPOLL_CTL_ADD, descriptor, token, interest));
}

void Poller::change(int descriptor, PollToken token, Interest interest)
{
    if (interest == Interest::None) {
        remove(descriptor);
        return;
    }
    if (control(m_epoll.get(), EPOLL_CTL_MOD, descriptor, token, interest))
        return;
    FB_ASSERT(errno == ENOENT);
    add(descriptor, token, interest);
}

void Poller::remove(int descriptor)
{
    FB_ASSERT(::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, descriptor, nullptr) == 0 || errno == ENOENT);
}

const std::vector<Ready>& Poller::wait(std::optional<Instant> deadline)
{
    std::array<epoll_event, kReadyMax> events{};
    int count = -1;
    while (count < 0) {
        const timespec left = deadline ? untilDeadline(*deadline) : timespec{};
        // Nanoseconds, unlike epoll_wait's milliseconds: a deadline is neither early nor rounded up to the next tick.
        count = ::epoll_pwait2(m_epoll.get(), events.data(), kReadyMax, deadline ? &left : nullptr, nullptr);
        FB_ASSERT(count >= 0 || errno == EINTR);
    }
    m_ready.clear();
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
        m_ready.push_back({.token = event.data.u64,
                           .readable = (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0,
                           .writable = (event.events & EPOLLOUT) != 0});
    }
    return m_ready;
}

} // namespace fb::runtime
