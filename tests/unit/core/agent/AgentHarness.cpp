// SPDX-License-Identifier: Apache-2.0
#include "AgentHarness.h"

#include "core/base/SeededRandom.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>

namespace fb::agent::test {

namespace {

constexpr int kPatienceMs = static_cast<int>(std::chrono::milliseconds(kPatience).count());

bool waitUntilReady(int descriptor, short events)
{
    pollfd query{.fd = descriptor, .events = events, .revents = 0};
    return ::poll(&query, 1, kPatienceMs) == 1;
}

} // namespace

void TestInterfaces::set(std::vector<link::Interface> interfaces)
{
    const std::lock_guard lock(m_mutex);
    m_interfaces = std::move(interfaces);
    m_changed.raise();
}

std::vector<link::Interface> TestInterfaces::get()
{
    const std::lock_guard lock(m_mutex);
    m_changed.lower();
    return m_interfaces;
}

romon::RomonId idOf(std::uint8_t number)
{
    return romon::RomonId{MacAddress{{0x02, 0xfb, 0, 0, 0, number}}};
}

link::Interface ethernet(const std::string& name, std::uint8_t number)
{
    link::Interface interface;
    interface.name = name;
    interface.mac = MacAddress{{0x02, 0xfb, 0xe0, 0, 0, number}};
    interface.mtu = 1500;
    interface.isUp = true;
    return interface;
}

ServiceProgram echoProgram()
{
    ServiceProgram program;
    program.name = "echo";
    program.argv = {"/bin/cat"};
    return program;
}

TestNode::TestNode(std::vector<std::reference_wrapper<link::VirtualSegment>> segments, const NodeOptions& options)
{
    std::vector<link::Interface> interfaces;
    for (const auto& name : options.interfaces)
        interfaces.push_back(
            ethernet(name, static_cast<std::uint8_t>(options.number * 16 + static_cast<int>(interfaces.size()))));
    m_interfaces = std::make_shared<TestInterfaces>(std::move(interfaces));
    LocalService::Parts parts;
    parts.config.id = idOf(options.number);
    parts.config.identity = options.identity;
    parts.config.role = options.role;
    parts.config.ports = options.rules;
    parts.config.services = options.services;
    parts.config.silenceLimit = options.silenceLimit;
    parts.links = std::make_unique<link::VirtualLinkFactory>(std::move(segments));
    parts.monitor = std::make_unique<TestMonitor>(m_interfaces);
    parts.random = std::make_unique<SeededRandom>(options.number);
    parts.log = [](LogLevel, const std::string&) {};
    m_service = std::make_unique<LocalService>(std::move(parts));
}

std::optional<Event> nextEventOf(Service& service, std::chrono::milliseconds patience)
{
    for (;;) {
        if (auto event = service.nextEvent())
            return event;
        pollfd query{.fd = service.pollDescriptor(), .events = POLLIN, .revents = 0};
        if (::poll(&query, 1, static_cast<int>(patience.count())) != 1)
            return std::nullopt;
    }
}

std::string exchange(int socket, const std::string& text)
{
    ::fcntl(socket, F_SETFL, O_NONBLOCK);
    std::string answer;
    std::size_t sent = 0;
    std::array<char, 65536> piece{};
    while (answer.size() < text.size()) {
        if (!waitUntilReady(socket, static_cast<short>(sent < text.size() ? POLLIN | POLLOUT : POLLIN)))
            return answer;
        const auto more = ::send(socket, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
        sent += static_cast<std::size_t>(std::max<ssize_t>(more, 0));
        const auto got = ::recv(socket, piece.data(), piece.size(), 0);
        if (got == 0)
            return answer;
        answer.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    return answer;
}

std::optional<std::string> readToEnd(int socket)
{
    std::string text;
    std::array<char, 65536> piece{};
    for (;;) {
        if (!waitUntilReady(socket, POLLIN))
            return std::nullopt;
        const auto got = ::recv(socket, piece.data(), piece.size(), MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return text;
        text.append(piece.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
}

std::string pattern(std::size_t bytes)
{
    SeededRandom random(bytes);
    std::string text(bytes, '\0');
    std::ranges::generate(text, [&random] { return static_cast<char>(random.next32()); });
    return text;
}

} // namespace fb::agent::test
