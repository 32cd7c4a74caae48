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
    case Interest::ReadOften:
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

Poller::Poller()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_often{{.fd = m_epoll.get(), .events = POLLIN, .revents = 0}}
{
    FB_ASSERT(m_epoll.isOpen());
    m_ready.reserve(kReadyMax);
}

// epoll reports hang-ups and errors whether they were asked for or not, which would make a loop spin on a descriptor
// that nobody wants to read. So Interest::None takes the descriptor out of the set, and change() puts it back.

void Poller::add(int descriptor, PollToken token, Interest interest)
{
    if (interest == Interest::ReadOften && addOften(descriptor, token))
        return;
    if (interest != Interest::None)
        FB_ASSERT(control(m_epoll.get(), EPOLL_CTL_ADD, descriptor, token, interest));
}

void Poller::change(int descriptor, PollToken token, Interest interest)
{
    const bool isForEpoll = interest != Interest::None && interest != Interest::ReadOften;
    if (isForEpoll && control(m_epoll.get(), EPOLL_CTL_MOD, descriptor, token, interest))
        return;
    remove(descriptor);
    add(descriptor, token, interest);
}

void Poller::remove(int descriptor)
{
    if (removeOften(descriptor))
        return;
    FB_ASSERT(::epoll_ctl(m_epoll.get(), EPOLL_CTL_DEL, descriptor, nullptr) == 0 || errno == ENOENT);
}

bool Poller::addOften(int descriptor, PollToken token)
{
    if (m_oftenTokens.size() == kOftenMax)
        return false;
    m_often.push_back({.fd = descriptor, .events = POLLIN, .revents = 0});
    m_oftenTokens.push_back(token);
    return true;
}

bool Poller::removeOften(int descriptor)
{
    const auto found = std::ranges::find(m_often.begin() + 1, m_often.end(), descriptor, &pollfd::fd);
    if (found == m_often.end())
        return false;
    m_oftenTokens.erase(m_oftenTokens.begin() + (found - m_often.begin() - 1));
    m_often.erase(found);
    return true;
}

const std::vector<Ready>& Poller::wait(std::optional<Instant> deadline)
{
    m_ready.clear();
    if (m_oftenTokens.empty()) {
        takeFromEpoll(deadline);
        return m_ready;
    }
    waitForOften(deadline);
    for (std::size_t at = 0; at < m_oftenTokens.size(); ++at) {
        if (m_often[at + 1].revents != 0)
            m_ready.push_back({.token = m_oftenTokens[at], .readable = true});
    }
    if (m_often.front().revents != 0)
        takeFromEpoll(Instant{});
    return m_ready;
}

// Both waits take nanoseconds, unlike epoll_wait's milliseconds: a deadline is neither early nor rounded up to the next
// tick.

void Poller::waitForOften(std::optional<Instant> deadline)
{
    int count = -1;
    while (count < 0) {
        const timespec left = deadline ? untilDeadline(*deadline) : timespec{};
        count = ::ppoll(m_often.data(), m_often.size(), deadline ? &left : nullptr, nullptr);
        FB_ASSERT(count >= 0 || errno == EINTR);
    }
}

void Poller::takeFromEpoll(std::optional<Instant> deadline)
{
    std::array<epoll_event, kReadyMax> events{};
    int count = -1;
    while (count < 0) {
        const timespec left = deadline ? untilDeadline(*deadline) : timespec{};
        count = ::epoll_pwait2(m_epoll.get(), events.data(), kReadyMax, deadline ? &left : nullptr, nullptr);
        FB_ASSERT(count >= 0 || errno == EINTR);
    }
    for (const epoll_event& event : std::span(events).first(static_cast<std::size_t>(count))) {
        m_ready.push_back({.token = event.data.u64,
                           .readable = (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0,
                           .writable = (event.events & EPOLLOUT) != 0});
    }
}

} // namespace fb::runtime
