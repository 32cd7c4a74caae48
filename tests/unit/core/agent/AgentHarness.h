// SPDX-License-Identifier: Apache-2.0
// Nodes of a test: each a LocalService on interfaces of virtual segments, with programs of the test's choice behind its
// data ports. Waiting is for events, with a limit that only a broken program reaches.
#pragma once

#include "core/agent/LocalService.h"
#include "core/link/VirtualLink.h"
#include "core/runtime/MessageQueue.h"

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace fb::agent::test {

inline constexpr std::chrono::seconds kPatience{30};

/// Interfaces that the test says there are; may be changed while an agent looks.
class TestInterfaces {
public:
    explicit TestInterfaces(std::vector<link::Interface> interfaces) : m_interfaces(std::move(interfaces)) {}

    void set(std::vector<link::Interface> interfaces);
    [[nodiscard]] std::vector<link::Interface> get();
    [[nodiscard]] int pollDescriptor() const { return m_changed.pollDescriptor(); }

private:
    std::mutex m_mutex;
    std::vector<link::Interface> m_interfaces;
    runtime::WakeUp m_changed;
};

class TestMonitor final : public link::InterfaceMonitor {
public:
    explicit TestMonitor(std::shared_ptr<TestInterfaces> interfaces) : m_shared(std::move(interfaces)) {}

    [[nodiscard]] int pollDescriptor() const override { return m_shared->pollDescriptor(); }
    [[nodiscard]] const std::vector<link::Interface>& refresh() override
    {
        m_interfaces = m_shared->get();
        return m_interfaces;
    }

private:
    std::shared_ptr<TestInterfaces> m_shared;
    std::vector<link::Interface> m_interfaces;
};

/// An Ethernet interface that is up, with an address made of the number.
[[nodiscard]] link::Interface ethernet(const std::string& name, std::uint8_t number);
[[nodiscard]] romon::RomonId idOf(std::uint8_t number);
/// A program that answers with what it gets.
[[nodiscard]] ServiceProgram echoProgram();

struct NodeOptions {
    std::uint8_t number = 1;
    std::string identity{};
    overlay::Role role = overlay::Role::Transit;
    std::vector<std::string> interfaces{};
    std::vector<PortRule> rules{{"*", PortRule::Use::Yes, 100}};
    ServiceTable services{};
    Duration silenceLimit = std::chrono::seconds(120);
};

class TestNode {
public:
    TestNode(std::vector<std::reference_wrapper<link::VirtualSegment>> segments, const NodeOptions& options);

    [[nodiscard]] LocalService& service() { return *m_service; }
    [[nodiscard]] TestInterfaces& interfaces() { return *m_interfaces; }
    void stop() { m_service.reset(); }

private:
    std::shared_ptr<TestInterfaces> m_interfaces;
    std::unique_ptr<LocalService> m_service;
};

/// The next event of any kind; none when patience is over.
[[nodiscard]] std::optional<Event> nextEventOf(Service& service, std::chrono::milliseconds patience = kPatience);

/// The next event of one kind that answers a request and that `accept` takes; others on the way are dropped.
template <class Body, class Accept>
std::optional<Body> waitFor(Service& service, RequestId request, Accept accept)
{
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (std::chrono::steady_clock::now() < deadline) {
        auto event = nextEventOf(service);
        if (!event)
            break;
        auto* body = std::get_if<Body>(&event->body);
        if (body && event->request == request && accept(*body))
            return std::move(*body);
    }
    return std::nullopt;
}

template <class Body>
std::optional<Body> waitFor(Service& service, RequestId request)
{
    return waitFor<Body>(service, request, [](const Body&) { return true; });
}

/// Writes everything and reads as much back at the same time; what was read until then if the other side ends early.
[[nodiscard]] std::string exchange(int socket, const std::string& text);
/// Reads until the other side ends; none when patience is over.
[[nodiscard]] std::optional<std::string> readToEnd(int socket);
/// Bytes that do not repeat soon.
[[nodiscard]] std::string pattern(std::size_t bytes);

} // namespace fb::agent::test
