// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Prometheus.h"

#include "core/cli/Stats.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <map>
#include <string_view>
#include <utility>

namespace fb::cli {

namespace {

constexpr std::size_t kPeersMax = 64;
constexpr std::size_t kSendersMax = 20;

using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// Text of metric families; the values of one family must come one after the other.
class Exposition {
public:
    enum class Type { Counter, Gauge };

    void family(std::string_view name, Type type, std::string_view help)
    {
        m_name = "footbridge_" + std::string(name);
        m_text += "# HELP " + m_name + ' ' + std::string(help) + "\n# TYPE " + m_name +
                  (type == Type::Counter ? " counter\n" : " gauge\n");
    }
    void value(Labels labels, const std::string& number)
    {
        m_text += m_name;
        char before = '{';
        for (const auto& [name, text] : labels) {
            m_text += before + std::string(name) + "=\"" + escaped(text) + '"';
            before = ',';
        }
        m_text += (labels.size() == 0 ? " " : "} ") + number + '\n';
    }
    void value(Labels labels, std::uint64_t number) { value(labels, std::to_string(number)); }
    void value(Labels labels, Duration time)
    {
        // Whole microseconds: six digits behind the point are exact.
        auto fraction = std::to_string(time.count() % 1'000'000);
        fraction.insert(0, 6 - fraction.size(), '0');
        value(labels, std::to_string(time.count() / 1'000'000) + '.' + fraction);
    }
    [[nodiscard]] std::string take() { return std::move(m_text); }

private:
    static std::string escaped(std::string_view text)
    {
        std::string result;
        for (const char c : text) {
            if (c == '\n')
                result += "\\n";
            else
                result += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
        }
        return result;
    }

    std::string m_name;
    std::string m_text;
};

using Type = Exposition::Type;

void addAgent(Exposition& out, const agent::Statistics& statistics)
{
    out.family("info", Type::Gauge, "The agent: its id, identity, role and version.");
    out.value({{"id", statistics.self.toString()},
               {"identity", statistics.identity},
               {"role", statistics.role == overlay::Role::Transit ? "transit" : "leaf"},
               {"version", statistics.version}},
              1);
    out.family("uptime_seconds", Type::Gauge, "How long the agent has been running.");
    out.value({}, statistics.uptime);
    out.family("resident_memory_bytes", Type::Gauge, "Memory of the agent's process.");
    out.value({}, statistics.process.residentBytes);
    out.family("processor_seconds_total", Type::Counter, "Processor time of the agent's process.");
    out.value({}, statistics.process.processorTime);
    out.family("descriptors", Type::Gauge, "Open file descriptors of the agent's process.");
    out.value({}, statistics.process.descriptors);
    out.family("descriptors_limit", Type::Gauge, "How many descriptors the process may have open.");
    out.value({}, statistics.process.descriptorsMax);
    out.family("services_running", Type::Gauge, "Programs that serve streams of other nodes.");
    out.value({}, statistics.servicesRunning);
    out.family("discovery_rounds_total", Type::Counter, "Discovery rounds that this node has started.");
    out.value({}, statistics.roundsAsked);
    out.family("nodes", Type::Gauge, "Nodes on the map.");
    out.value({{"freshness", "fresh"}}, statistics.nodesFresh);
    out.value({{"freshness", "stale"}}, statistics.nodesStale);
    out.value({{"freshness", "lost"}}, statistics.nodesLost);
    out.family("duplicate_id", Type::Gauge, "1 while another node that uses this node's id is heard.");
    out.value({}, statistics.duplicateId ? 1U : 0U);
}

void addTables(Exposition& out, const std::vector<agent::TableFill>& tables)
{
    out.family("table_entries", Type::Gauge, "Entries of a table.");
    for (const auto& table : tables)
        out.value({{"table", table.name}}, table.used);
    out.family("table_limit", Type::Gauge, "Entries at which a table is full.");
    for (const auto& table : tables)
        out.value({{"table", table.name}}, table.limit);
}

void addPorts(Exposition& out, const std::vector<overlay::PortInfo>& ports)
{
    using overlay::PortCounters;
    struct Row {
        std::string_view name;
        Type type;
        std::string_view help;
        std::uint64_t PortCounters::*value;
    };
    constexpr std::array kRows{
        Row{"port_received_frames_total", Type::Counter, "Frames received.", &PortCounters::framesReceived},
        Row{"port_received_bytes_total", Type::Counter, "Bytes received.", &PortCounters::bytesReceived},
        Row{"port_sent_frames_total", Type::Counter, "Frames sent.", &PortCounters::framesSent},
        Row{"port_sent_bytes_total", Type::Counter, "Bytes sent.", &PortCounters::bytesSent},
        Row{"port_dropped_frames_total", Type::Counter, "Frames not understood, or not sendable.",
            &PortCounters::framesDropped},
        Row{"port_neighbors", Type::Gauge, "Nodes heard directly.", &PortCounters::neighbors},
    };
    for (const auto& row : kRows) {
        out.family(row.name, row.type, row.help);
        for (const auto& port : ports)
            out.value({{"interface", port.interface}}, port.counters.*row.value);
    }
    out.family("port_up", Type::Gauge, "1 while the port is up.");
    for (const auto& port : ports)
        out.value({{"interface", port.interface}}, port.state == overlay::PortState::Up ? 1U : 0U);
}

/// The streams to one peer, together: a series for each stream would be one for each session there ever was.
struct PeerStreams {
    std::uint64_t open = 0;
    std::uint64_t retransmitted = 0;
    Duration rttMax{};
    Duration silentMax{};
};

void addStreams(Exposition& out, const std::vector<stream::StreamStatus>& streams)
{
    std::map<std::string, PeerStreams> peers;
    for (const auto& stream : streams) {
        auto name = stream.peer.toString();
        if (peers.size() >= kPeersMax && !peers.contains(name))
            name = "others";
        auto& peer = peers[name];
        ++peer.open;
        peer.retransmitted += stream.segmentsRetransmitted;
        peer.rttMax = std::max(peer.rttMax, stream.rtt.value_or(Duration::zero()));
        peer.silentMax = std::max(peer.silentMax, stream.silentFor);
    }
    out.family("streams", Type::Gauge, "Open streams.");
    for (const auto& [name, peer] : peers)
        out.value({{"peer", name}}, peer.open);
    out.family("stream_retransmitted_segments", Type::Gauge, "Segments sent again, of the streams that are open.");
    for (const auto& [name, peer] : peers)
        out.value({{"peer", name}}, peer.retransmitted);
    out.family("stream_rtt_seconds", Type::Gauge, "Longest round trip of the open streams.");
    for (const auto& [name, peer] : peers)
        out.value({{"peer", name}}, peer.rttMax);
    out.family("stream_silent_seconds", Type::Gauge, "Longest silence of a peer that owes an answer.");
    for (const auto& [name, peer] : peers)
        out.value({{"peer", name}}, peer.silentMax);
}

void addUnverified(Exposition& out, std::vector<overlay::UnverifiedSender> senders)
{
    using overlay::UnverifiedSender;
    struct Row {
        std::string_view name;
        std::string_view help;
        std::uint64_t UnverifiedSender::*value;
    };
    constexpr std::array kRows{
        Row{"unverified_frames_total", "Frames signed with none of our secrets.", &UnverifiedSender::frames},
        Row{"unhashed_frames_total", "Frames without the keyed hash that our secrets demand.",
            &UnverifiedSender::unhashed},
        Row{"replayed_frames_total", "Frames signed with one of our secrets and heard before.",
            &UnverifiedSender::replayed},
    };
    std::ranges::stable_sort(senders, std::ranges::greater{}, [](const UnverifiedSender& sender) {
        return sender.frames + sender.unhashed + sender.replayed;
    });
    for (const auto& row : kRows) {
        out.family(row.name, Type::Counter, row.help);
        std::uint64_t others = 0;
        for (std::size_t at = 0; at < senders.size(); ++at) {
            if (at < kSendersMax)
                out.value({{"sender", senders[at].id.toString()}}, senders[at].*row.value);
            else
                others += senders[at].*row.value;
        }
        if (senders.size() > kSendersMax)
            out.value({{"sender", "others"}}, others);
    }
}

void addCounters(Exposition& out, const std::vector<overlay::NamedCounter>& counters)
{
    std::map<std::string_view, std::uint64_t> values;
    for (const auto& counter : counters)
        values.emplace(counter.name, counter.value);
    out.family("events_total", Type::Counter, "What was dropped, refused or limited; docs/limits.md lists the names.");
    for (const auto& row : counterRows()) { // zeros as well: a rate needs the value before the first event
        const auto value = values.extract(row.name);
        out.value({{"group", row.group}, {"name", row.name}}, value ? value.mapped() : 0);
    }
    for (const auto& [name, value] : values)
        out.value({{"group", "other"}, {"name", name}}, value);
}

} // namespace

std::string prometheusText(const agent::Statistics& statistics)
{
    Exposition out;
    addAgent(out, statistics);
    addTables(out, statistics.tables);
    addPorts(out, statistics.ports);
    addStreams(out, statistics.streams);
    addUnverified(out, statistics.unverified);
    addCounters(out, statistics.counters);
    return out.take();
}

} // namespace fb::cli
