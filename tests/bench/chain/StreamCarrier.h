// SPDX-License-Identifier: Apache-2.0
// Streams of the overlay on one interface: the agent's stack, ports and loop without the agent's commands and sockets.
#pragma once

#include "core/agent/Loop.h"
#include "core/agent/Ports.h"
#include "core/agent/Stack.h"
#include "core/link/NetlinkMonitor.h"
#include "core/link/PcapLink.h"
#include "core/runtime/SystemRandom.h"
#include "tests/bench/chain/Carrier.h"

#include <array>

namespace fb::bench {

class StreamCarrier final : public Carrier {
public:
    StreamCarrier(Side side, const std::string& interface, std::unique_ptr<link::NetlinkMonitor> monitor);

    [[nodiscard]] bool isOpen() const override;
    void turn(Instant until) override;
    [[nodiscard]] std::size_t write(Channel channel, Bytes bytes) override;
    [[nodiscard]] std::size_t read(Channel channel, std::span<std::uint8_t> into) override;
    [[nodiscard]] nlohmann::ordered_json statistics() const override;
    void close() override;

private:
    void open(Instant now);
    void drain(Instant now);
    void handle(const agent::StackEvent& event, Instant now);
    [[nodiscard]] stream::StreamId& idOf(Channel channel) { return m_streams[static_cast<std::size_t>(channel)]; }

    Side m_side;
    runtime::SystemRandom m_random;
    agent::LogSink m_log;
    agent::Loop m_loop;
    link::PcapLinkFactory m_links;
    std::unique_ptr<link::NetlinkMonitor> m_monitor;
    agent::Stack m_stack;
    agent::Ports m_ports;
    std::array<stream::StreamId, 2> m_streams{};
    std::size_t m_opened = 0;
    bool m_hasUnread = false; ///< a read was offered, or stopped short of what there was
};

} // namespace fb::bench
