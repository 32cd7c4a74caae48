// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Ping.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/Paths.h"
#include "core/cli/PingStatistics.h"
#include "core/cli/Table.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iomanip>
#include <ostream>

namespace fb::cli {

namespace {

constexpr Duration kEchoTimeout = std::chrono::seconds(1);
constexpr Duration kTraceInterval = std::chrono::milliseconds(100);
/// Of an endless ping, the JSON object at its end holds the last so many.
constexpr std::size_t kResultsKeptMax = 10000;

void printHeader(std::ostream& out)
{
    out << "  SEQ  HOST               SIZE  TIME        STATUS" << std::endl;
}

void printResult(std::ostream& out, romon::RomonId host, const agent::PingResult& result)
{
    out << std::setw(5) << result.sequence << "  " << host.toString() << "  " << std::setw(4) << result.sizeBytes
        << "  ";
    if (result.rtt)
        out << roundTripText(*result.rtt);
    else
        out << "            timeout";
    out << std::endl;
}

agent::Json resultJson(const agent::PingResult& result)
{
    auto json = agent::Json{{"sequence", result.sequence}, {"size_bytes", result.sizeBytes}};
    if (result.rtt)
        json["rtt_us"] = result.rtt->count();
    return json;
}

struct Series {
    PingStatistics statistics;
    std::vector<agent::PingResult> results;
    std::optional<Error> error; ///< what ended it before its count was reached; Cancelled is an end like any other
};

Series ping(Context& context, const FoundNode& node, const PingCommand& command)
{
    Series series;
    const auto request = context.talk.submit(agent::PingNode{
        node.id, command.count, command.interval, context.global.timeout.value_or(kEchoTimeout), command.sizeBytes});
    for (;;) {
        const auto body = context.talk.answer(request, std::nullopt);
        if (!body) {
            series.error = body.error();
            return series;
        }
        if (std::holds_alternative<agent::CommandDone>(*body))
            return series;
        const auto* result = std::get_if<agent::PingResult>(&*body);
        if (result == nullptr)
            continue;
        series.statistics.add(*result);
        if (context.global.format == Format::Text) {
            printResult(context.console.out, node.id, *result);
        } else {
            if (series.results.size() == kResultsKeptMax)
                series.results.erase(series.results.begin());
            series.results.push_back(*result);
        }
    }
}

struct TracedHop {
    overlay::Hop hop;
    agent::RequestId request = 0;
    PingStatistics statistics;
    bool isDone = false;
};

/// Pings all nodes of the path at the same time: what they answer can be compared.
Result<std::vector<TracedHop>, Error> trace(Context& context, const overlay::Path& path, std::uint32_t count)
{
    std::vector<TracedHop> hops;
    for (const auto& hop : path.hops) {
        const auto request = context.talk.submit(
            agent::PingNode{hop.to, count, kTraceInterval, context.global.timeout.value_or(kEchoTimeout), 32});
        hops.push_back({hop, request, {}, false});
    }
    while (!std::ranges::all_of(hops, &TracedHop::isDone)) {
        const auto event = context.talk.next(std::nullopt);
        if (!event)
            return failure(event.error());
        const auto hop = std::ranges::find(hops, (*event)->request, &TracedHop::request);
        if (hop == hops.end())
            continue;
        if (const auto* result = std::get_if<agent::PingResult>(&(*event)->body))
            hop->statistics.add(*result);
        else
            hop->isDone = true; // also when no echo could be sent: the row then shows none
    }
    return hops;
}

std::string traceText(const overlay::Snapshot& snapshot, const std::vector<TracedHop>& hops)
{
    using Align = Table::Align;
    Table table({{"HOP", Align::Right},
                 {"NODE", Align::Left},
                 {"ADDRESS", Align::Left},
                 {"COST", Align::Right},
                 {"SENT", Align::Right},
                 {"LOSS", Align::Right},
                 {"MIN", Align::Right},
                 {"AVG", Align::Right},
                 {"MAX", Align::Right}});
    std::uint64_t cost = 0;
    std::size_t number = 0;
    const auto time = [](std::optional<Duration> value) { return value ? roundTripText(*value) : std::string("-"); };
    for (const auto& traced : hops) {
        cost += traced.hop.cost();
        const auto& statistics = traced.statistics;
        table.addRow({std::to_string(++number), nameOf(snapshot, traced.hop.to), traced.hop.to.toString(),
                      std::to_string(cost), std::to_string(statistics.sent()),
                      statistics.sent() == 0 ? "-" : std::to_string(statistics.lossPercent()) + '%',
                      time(statistics.least()), time(statistics.average()), time(statistics.greatest())});
    }
    return table.toString();
}

agent::Json traceJson(const FoundNode& node, const std::vector<TracedHop>& hops)
{
    auto json = agent::Json{{"target", node.id.toString()}, {"identity", nameOf(*node.snapshot, node.id)}};
    json["hops"] = agent::Json::array();
    for (const auto& traced : hops) {
        auto entry = agent::toJson(traced.hop);
        entry["identity"] = nameOf(*node.snapshot, traced.hop.to);
        traced.statistics.writeTo(entry);
        json["hops"].push_back(std::move(entry));
    }
    return json;
}

} // namespace

ExitCode runPing(Context& context, const PingCommand& command)
{
    const auto node = findNode(context.talk, command.node, Certainty::Heard, kLookupMax);
    if (!node)
        return fail(context, node.error(), command.node);
    const bool isText = context.global.format == Format::Text;
    if (isText)
        printHeader(context.console.out);
    const Series series = ping(context, *node, command);
    const bool isInterrupted = series.error && series.error->code == ErrorCode::Cancelled;
    if (series.error && !isInterrupted)
        return fail(context, *series.error, node->label);
    if (isText) {
        context.console.out << "    " << series.statistics.toString() << std::endl;
    } else {
        auto json = agent::Json{{"target", node->id.toString()}, {"identity", nameOf(*node->snapshot, node->id)}};
        json["results"] = agent::Json::array();
        for (const auto& result : series.results)
            json["results"].push_back(resultJson(result));
        series.statistics.writeTo(json);
        printJson(context.console, json);
    }
    return series.statistics.received() > 0 ? ExitCode::Ok : ExitCode::Negative;
}

ExitCode runTrace(Context& context, const TraceCommand& command)
{
    const auto node = findNode(context.talk, command.node, Certainty::Settled, kLookupMax);
    if (!node)
        return fail(context, node.error(), command.node);
    const auto paths = askForPaths(context.talk, node->id, 1);
    if (!paths)
        return fail(context, paths.error(), node->label);
    const auto hops = trace(context, paths->front(), command.count);
    if (!hops)
        return fail(context, hops.error(), node->label);
    if (context.global.format == Format::Json)
        printJson(context.console, traceJson(*node, *hops));
    else
        context.console.out << traceText(*node->snapshot, *hops) << std::flush;
    return hops->back().statistics.received() > 0 ? ExitCode::Ok : ExitCode::Negative;
}

} // namespace fb::cli
