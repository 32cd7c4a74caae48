// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Stats.h"

#include "core/cli/Prometheus.h"
#include "core/cli/Table.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <ostream>

namespace fb::cli {

namespace {

using Align = Table::Align;

constexpr auto kRows = std::to_array<CounterRow>({
#include "CounterRows.inc"
});

/// Senders that are listed one by one; a forger may make as many as the agent remembers.
constexpr std::size_t kSendersListed = 20;

std::uint64_t framesOf(const overlay::UnverifiedSender& sender)
{
    return sender.frames + sender.unhashed + sender.replayed;
}

std::string inSeconds(Duration time)
{
    return uptimeText(std::chrono::duration_cast<std::chrono::seconds>(time));
}

std::string bytesText(std::uint64_t bytes)
{
    constexpr std::uint64_t kKibi = 1024;
    return std::to_string(bytes / kKibi) + " KiB";
}

std::string agentText(const agent::Statistics& statistics)
{
    const auto& process = statistics.process;
    std::string text = "node      " + statistics.self.toString();
    if (!statistics.identity.empty())
        text += "  " + statistics.identity;
    text += statistics.role == overlay::Role::Transit ? "  (transit)" : "  (leaf)";
    text += "\nagent     version " + statistics.version + ", up " + inSeconds(statistics.uptime);
    text += "\nprocess   " + bytesText(process.residentBytes) + " resident, processor time " +
            roundTripText(process.processorTime) + ", " + std::to_string(process.descriptors) + " of " +
            std::to_string(process.descriptorsMax) + " descriptors";
    text += "\nnodes     " + std::to_string(statistics.nodesFresh) + " active, " +
            std::to_string(statistics.nodesStale) + " stale, " + std::to_string(statistics.nodesLost) + " lost; " +
            std::to_string(statistics.roundsAsked) + " rounds asked";
    text += "\nservices  " + std::to_string(statistics.servicesRunning) + " running\n";
    return text;
}

std::string tablesText(const std::vector<agent::TableFill>& tables)
{
    Table table({{"TABLE", Align::Left}, {"USED", Align::Right}, {"LIMIT", Align::Right}});
    for (const auto& entry : tables)
        table.addRow({entry.name, std::to_string(entry.used), std::to_string(entry.limit)});
    return table.toString();
}

std::string portsText(const std::vector<overlay::PortInfo>& ports)
{
    Table table({{"PORT", Align::Left},
                 {"NEIGHBORS", Align::Right},
                 {"RX", Align::Right},
                 {"RX-BYTES", Align::Right},
                 {"TX", Align::Right},
                 {"TX-BYTES", Align::Right},
                 {"DROPPED", Align::Right}});
    for (const auto& port : ports) {
        const auto& counters = port.counters;
        table.addRow({port.interface, std::to_string(counters.neighbors), std::to_string(counters.framesReceived),
                      std::to_string(counters.bytesReceived), std::to_string(counters.framesSent),
                      std::to_string(counters.bytesSent), std::to_string(counters.framesDropped)});
    }
    return table.toString();
}

std::string streamsText(const std::vector<stream::StreamStatus>& streams)
{
    Table table({{"STREAM", Align::Right},
                 {"PEER", Align::Left},
                 {"SERVICE", Align::Right},
                 {"RTT", Align::Right},
                 {"RX-BYTES", Align::Right},
                 {"TX-BYTES", Align::Right},
                 {"RETRANSMITTED", Align::Right},
                 {"SILENT", Align::Right}});
    for (const auto& stream : streams) {
        table.addRow({std::to_string(stream.stream), stream.peer.toString(), std::to_string(stream.service),
                      stream.rtt ? roundTripText(*stream.rtt) : "-", std::to_string(stream.bytesReceived),
                      std::to_string(stream.bytesSent), std::to_string(stream.segmentsRetransmitted),
                      stream.silentFor > Duration::zero() ? inSeconds(stream.silentFor) : "-"});
    }
    return table.toString();
}

std::string countersText(const std::vector<overlay::NamedCounter>& counters, StatsCommand::Zeros zeros)
{
    std::map<std::string_view, std::uint64_t> values;
    for (const auto& counter : counters)
        values.emplace(counter.name, counter.value);
    Table table({{"COUNTER", Align::Left}, {"VALUE", Align::Right}, {"GROUP", Align::Left}});
    bool isEmpty = true;
    const auto add = [&](std::string_view group, std::string_view name, std::uint64_t value) {
        if (value == 0 && zeros == StatsCommand::Zeros::Hide)
            return;
        table.addRow({std::string(name), std::to_string(value), std::string(group)});
        isEmpty = false;
    };
    for (const auto& row : kRows) {
        const auto value = values.extract(row.name);
        add(row.group, row.name, value ? value.mapped() : 0);
    }
    for (const auto& [name, value] : values) // an agent of another version may count more
        add("other", name, value);
    return isEmpty ? std::string() : table.toString();
}

} // namespace

std::span<const CounterRow> counterRows()
{
    return kRows;
}

std::string statsText(const agent::Statistics& statistics, StatsCommand::Zeros zeros)
{
    std::string text = agentText(statistics) + '\n' + tablesText(statistics.tables);
    if (!statistics.ports.empty())
        text += '\n' + portsText(statistics.ports);
    if (!statistics.streams.empty())
        text += '\n' + streamsText(statistics.streams);
    if (const auto counters = countersText(statistics.counters, zeros); !counters.empty())
        text += '\n' + counters;
    return text;
}

std::string warningsText(const std::vector<overlay::UnverifiedSender>& unverified,
                         const std::optional<overlay::DuplicateId>& duplicate)
{
    std::string text;
    if (duplicate) {
        text += "footbridgectl: another node uses this node's id: " + duplicate->mac.toString() + " on " +
                duplicate->interface + ", heard " + inSeconds(duplicate->sinceHeard) +
                " ago; give one of them another\n";
    }
    auto senders = unverified;
    std::ranges::stable_sort(senders, std::ranges::greater{}, framesOf);
    for (std::size_t at = 0; at < std::min(senders.size(), kSendersListed); ++at) {
        const auto& sender = senders[at];
        const auto from = " frames from " + sender.id.toString();
        if (sender.frames != 0)
            text += "footbridgectl: heard " + std::to_string(sender.frames) + from + ", none match your secrets\n";
        if (sender.unhashed != 0)
            text += "footbridgectl: heard " + std::to_string(sender.unhashed) + from + " without a keyed hash\n";
        if (sender.replayed != 0)
            text += "footbridgectl: heard " + std::to_string(sender.replayed) + from + " that were replayed\n";
    }
    if (senders.size() > kSendersListed) {
        text += "footbridgectl: and frames from " + std::to_string(senders.size() - kSendersListed) +
                " more nodes that your secrets refuse\n";
    }
    return text;
}

ExitCode runStats(Context& context, const StatsCommand& command)
{
    const auto taken = context.talk.ask<agent::StatisticsTaken>(agent::GetStatistics{});
    if (!taken)
        return fail(context, taken.error(), "");
    const auto& statistics = taken->statistics;
    context.console.messages << warningsText(statistics.unverified, statistics.duplicateId) << std::flush;
    if (command.form == StatsCommand::Form::Prometheus)
        context.console.out << prometheusText(statistics) << std::flush;
    else if (context.global.format == Format::Json)
        printJson(context.console, agent::toJson(statistics));
    else
        context.console.out << statsText(statistics, command.zeros) << std::flush;
    return context.console.out ? ExitCode::Ok : ExitCode::Failed;
}

} // namespace fb::cli
