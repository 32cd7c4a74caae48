// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/chain/StreamCarrier.h"

#include "core/runtime/SystemClock.h"

#include <iostream>

namespace fb::bench {

namespace {

constexpr romon::RomonId kClientId{{{2, 0, 0, 0, 0, 1}}};
constexpr romon::RomonId kServerId{{{2, 0, 0, 0, 0, 2}}};
/// Data port of a channel: any that the overlay itself does not answer.
constexpr std::uint16_t kFirstService = 200;

agent::Stack::Config configOf(Side side)
{
    agent::Stack::Config config;
    config.overlay.id = side == Side::Client ? kClientId : kServerId;
    config.overlay.identity = side == Side::Client ? "client" : "server";
    return config;
}

} // namespace

StreamCarrier::StreamCarrier(Side side, const std::string& interface, std::unique_ptr<link::NetlinkMonitor> monitor)
    : m_side(side),
      m_log([](agent::LogLevel level, const std::string& line) {
          if (level <= agent::LogLevel::Warning)
              std::cerr << line << '\n';
      }),
      m_monitor(std::move(monitor)),
      m_stack(configOf(side), m_random, runtime::now()),
      m_ports({m_loop, m_links, *m_monitor, m_stack.overlay(), m_log},
              agent::PortRules({{.interface = interface, .use = agent::PortRule::Use::Yes, .cost = 100}}))
{
    const Instant now = runtime::now();
    m_ports.apply(now);
    if (m_side == Side::Client)
        m_stack.overlay().startWatching(now);
    drain(now);
}

bool StreamCarrier::isOpen() const
{
    return m_opened == m_streams.size();
}

void StreamCarrier::turn(Instant until)
{
    Instant deadline = m_hasUnread ? Instant{} : until;
    m_hasUnread = false;
    for (const auto& next : {m_stack.nextDeadline(), m_ports.nextDeadline()})
        deadline = next ? std::min(deadline, *next) : deadline;
    const Instant now = m_loop.runOnce(deadline);
    m_ports.advance(now);
    m_stack.advance(now);
    drain(now);
    if (m_side == Side::Client && idOf(Channel::Keys) == 0)
        open(now);
}

void StreamCarrier::open(Instant now)
{
    // Before the far end has answered, its streams would be those of a stranger: without options.
    if (!m_stack.overlay().isFootbridge(kServerId))
        return;
    for (const Channel channel : {Channel::Keys, Channel::Copy}) {
        const auto service = static_cast<std::uint16_t>(kFirstService + static_cast<std::uint16_t>(channel));
        const auto stream = m_stack.openStream(kServerId, service, now);
        if (stream)
            idOf(channel) = *stream;
    }
    m_stack.overlay().stopWatching(now);
    drain(now);
}

void StreamCarrier::drain(Instant now)
{
    for (;;) {
        while (auto transmit = m_stack.nextTransmit(now))
            m_ports.send(std::move(*transmit), now);
        m_ports.flush(now);
        const auto event = m_stack.nextEvent(now);
        if (!event)
            break;
        handle(*event, now);
    }
}

void StreamCarrier::handle(const agent::StackEvent& event, Instant now)
{
    if (std::holds_alternative<stream::Opened>(event))
        ++m_opened;
    if (std::holds_alternative<stream::Readable>(event))
        m_hasUnread = true;
    if (const auto* request = std::get_if<stream::ConnectRequested>(&event)) {
        m_stack.acceptStream(*request, now);
        idOf(static_cast<Channel>(request->service - kFirstService)) = request->stream;
        ++m_opened;
    }
    if (const auto* end = std::get_if<stream::Ended>(&event)) {
        for (stream::StreamId& stream : m_streams) {
            if (stream == end->stream)
                m_opened = 0;
        }
    }
}

std::size_t StreamCarrier::write(Channel channel, Bytes bytes)
{
    const Instant now = m_loop.now();
    const auto taken = m_stack.streams().write(idOf(channel), bytes, now);
    if (taken > 0)
        drain(now);
    return taken;
}

std::size_t StreamCarrier::read(Channel channel, std::span<std::uint8_t> into)
{
    const Instant now = m_loop.now();
    const auto count = m_stack.streams().read(idOf(channel), into, now);
    if (count > 0)
        drain(now); // there may be room to tell of
    m_hasUnread = m_hasUnread || count == into.size();
    return count;
}

nlohmann::ordered_json StreamCarrier::statistics() const
{
    const Instant now = runtime::now();
    nlohmann::ordered_json numbers = nlohmann::ordered_json::object();
    for (const auto& status : m_stack.streams().status(now)) {
        if (status.stream != m_streams[static_cast<std::size_t>(Channel::Copy)])
            continue;
        numbers["retransmitted segments"] = status.segmentsRetransmitted;
        numbers["window"] = status.windowBytes;
        numbers["in flight"] = status.bytesInFlight;
        numbers["delivery, MB/s"] = static_cast<double>(status.deliveryBytesPerSecond) / 1e6;
        numbers["rtt, us"] = status.rtt.value_or(Duration{}).count();
        numbers["least rtt, us"] = status.rttMinimum.value_or(Duration{}).count();
    }
    overlay::Snapshot snapshot = m_stack.snapshot(now);
    m_ports.decorate(snapshot);
    for (const auto& counter : snapshot.counters)
        numbers[counter.name] = counter.value;
    return numbers;
}

void StreamCarrier::close()
{
    const Instant now = m_loop.now();
    m_stack.streams().abortAll(now);
    drain(now);
}

} // namespace fb::bench
