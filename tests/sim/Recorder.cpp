// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/Recorder.h"

#include "core/romon/Codec.h"

#include <sstream>

namespace fb::sim {

namespace {

constexpr std::size_t kLastLinesMax = 40;
constexpr std::size_t kEthernetBytes = 14;

/// The capture file's numbers are in the order of the machine that writes it; its magic number says which that is.
template <class Integer>
void put(std::ofstream& file, Integer value)
{
    file.write(reinterpret_cast<const char*>(&value), sizeof value);
}

std::string describe(Bytes frame)
{
    const auto message = frame.size() > kEthernetBytes
                             ? romon::decode(frame.subspan(kEthernetBytes))
                             : Result<romon::Message, romon::WireError>(failure(romon::WireError::Truncated));
    std::ostringstream text;
    if (!message) {
        text << "unreadable";
    } else if (const auto* question = std::get_if<romon::Discover>(&*message)) {
        text << "Discover of " << question->header.source.toString() << " hops " << question->hops.entries.size();
    } else if (const auto* answer = std::get_if<romon::DiscoverResp>(&*message)) {
        text << "DiscoverResp of " << answer->own.node.toString() << " to " << answer->header.source.toString()
             << " pointer " << int{answer->hops.pointer} << '/' << answer->hops.entries.size();
    } else if (const auto* data = std::get_if<romon::Data>(&*message)) {
        text << "Data " << data->header.source.toString() << ':' << data->sourcePort << " > "
             << data->header.destination.toString() << ':' << data->destinationPort << " pointer "
             << int{data->hops.pointer} << '/' << data->hops.entries.size();
        if (data->payload.size() >= 10) {
            const auto number = [&](std::size_t at) {
                std::uint32_t value = 0;
                for (std::size_t byte = 0; byte < 4; ++byte)
                    value = (value << 8U) | data->payload[at + byte];
                return value;
            };
            text << " type " << int{data->payload[0]} << " seq " << number(2) << " ack " << number(6);
        }
    } else {
        text << "other";
    }
    text << ", " << frame.size() << " bytes";
    return text.str();
}

} // namespace

Recorder::Recorder(Scenario& scenario, const std::string& traceFile, const std::string& pcapFile) : m_scenario(scenario)
{
    if (!traceFile.empty())
        m_trace.open(traceFile);
    if (!pcapFile.empty()) {
        m_pcap.open(pcapFile, std::ios::binary);
        put<std::uint32_t>(m_pcap, 0xa1b2c3d4); // microseconds
        put<std::uint16_t>(m_pcap, 2);
        put<std::uint16_t>(m_pcap, 4);
        put<std::uint32_t>(m_pcap, 0);
        put<std::uint32_t>(m_pcap, 0);
        put<std::uint32_t>(m_pcap, 65535);
        put<std::uint32_t>(m_pcap, 1); // Ethernet
    }
    scenario.setLog([this](const std::string& text) { line(text); });
    scenario.net().setObserver([this](const SentFrame& sent) {
        frame(sent, ("node " + std::to_string(sent.node) + " port " + std::to_string(sent.port)).c_str());
    });
    scenario.net().setInjectObserver([this](const SentFrame& sent) { frame(sent, "stranger"); });
}

void Recorder::line(const std::string& text)
{
    const auto& net = m_scenario.net();
    std::string full =
        std::to_string(net.steps()) + ' ' + std::to_string(net.now().time_since_epoch().count()) + ' ' + text;
    if (m_trace.is_open())
        m_trace << full << '\n';
    m_last.push_back(std::move(full));
    if (m_last.size() > kLastLinesMax)
        m_last.pop_front();
}

void Recorder::describeNodes()
{
    const auto& net = m_scenario.net();
    for (NodeIndex node = 0; m_trace.is_open() && node < net.nodeCount(); ++node) {
        if (!net.isRunning(node))
            continue;
        m_trace << "node " << node << ':';
        for (const auto& counter : net.snapshot(node).counters)
            m_trace << ' ' << counter.name << '=' << counter.value;
        m_trace << '\n';
        for (const auto& stream : m_scenario.net().stack(node).streams().status(net.localNow(node))) {
            m_trace << "  stream " << stream.stream << " with " << stream.peer.toString() << ':' << stream.service
                    << ", sent " << stream.bytesSent << ", received " << stream.bytesReceived << ", again "
                    << stream.segmentsRetransmitted << ", silent for " << stream.silentFor.count() << " us\n";
        }
    }
}

void Recorder::frame(const SentFrame& sent, const char* who)
{
    line("segment " + std::to_string(sent.segment) + ", " + who + ": " + describe(sent.frame));
    if (m_pcap.is_open())
        packet(sent);
}

void Recorder::packet(const SentFrame& sent)
{
    const auto micros = sent.when.time_since_epoch().count();
    put(m_pcap, static_cast<std::uint32_t>(micros / 1'000'000));
    put(m_pcap, static_cast<std::uint32_t>(micros % 1'000'000));
    put(m_pcap, static_cast<std::uint32_t>(sent.frame.size()));
    put(m_pcap, static_cast<std::uint32_t>(sent.frame.size()));
    m_pcap.write(reinterpret_cast<const char*>(sent.frame.data()), static_cast<std::streamsize>(sent.frame.size()));
}

} // namespace fb::sim
