// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Paths.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/PathPolicies.h"
#include "core/cli/Table.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace fb::cli {

namespace {

std::string portText(const overlay::LinkEnd& end)
{
    return std::to_string(end.linkId) + ' ' + end.mac.toString();
}

std::string summaryOf(const overlay::Path& path)
{
    return "cost " + std::to_string(path.cost) + ", " + std::to_string(path.hops.size()) +
           (path.hops.size() == 1 ? " hop" : " hops") + ", L2 MTU " + std::to_string(path.l2Mtu) + '\n';
}

std::string hopTable(const overlay::Snapshot& snapshot, const overlay::Path& path)
{
    using Align = Table::Align;
    Table table({{"HOP", Align::Right},
                 {"FROM", Align::Left},
                 {"OUT PORT", Align::Left},
                 {"TO", Align::Left},
                 {"ADDRESS", Align::Left},
                 {"IN PORT", Align::Left},
                 {"COST", Align::Right}});
    std::size_t number = 0;
    for (const auto& hop : path.hops) {
        table.addRow({std::to_string(++number), nameOf(snapshot, hop.from), portText(hop.out), nameOf(snapshot, hop.to),
                      hop.to.toString(), portText(hop.in), std::to_string(hop.cost())});
    }
    return table.toString();
}

} // namespace

std::string reportText(const agent::PathReport& report)
{
    if (report.state == agent::PathState::Unwatched)
        return {};
    std::string text = report.isInUse ? "in use" : "held ready";
    switch (report.state) {
    case agent::PathState::Suspect:
        text += ", suspect";
        break;
    case agent::PathState::Dead:
        text += ", dead";
        break;
    case agent::PathState::Held:
        text += ", proving itself";
        break;
    case agent::PathState::Good:
    case agent::PathState::Unwatched:
        break;
    }
    if (report.quality.rtt)
        text += ", round trip " + roundTripText(*report.quality.rtt);
    if (report.quality.samples > 0)
        text += ", loss " + lossText(report.quality);
    if (report.quality.isLossy)
        text += ", LOSSY";
    return text;
}

std::string pathsText(const overlay::Snapshot& snapshot, romon::RomonId target, const std::vector<overlay::Path>& paths,
                      const std::vector<agent::PathReport>& reports)
{
    std::string text;
    std::size_t number = 0;
    for (const auto& path : paths) {
        text += number == 0 ? "Best path to " + nameAndIdOf(snapshot, target) + ": "
                            : "\nAlternative " + std::to_string(number) + ": ";
        text += summaryOf(path);
        const auto report = number < reports.size() ? reportText(reports[number]) : std::string();
        if (!report.empty())
            text += report + '\n';
        text += hopTable(snapshot, path);
        ++number;
    }
    return text;
}

namespace {

Result<agent::PathsFound, Error> askFor(Conversation& talk, agent::FindPaths question)
{
    auto found = talk.ask<agent::PathsFound>(std::move(question));
    if (found && found->paths.empty())
        return failure(Error{ErrorCode::NoPath, ""});
    return found;
}

} // namespace

Result<std::vector<overlay::Path>, Error> askForPaths(Conversation& talk, romon::RomonId target, std::uint32_t count)
{
    return askFor(talk, {.target = target, .count = count}).transform([](const agent::PathsFound& found) {
        return found.paths;
    });
}

ExitCode runPath(Context& context, const PathCommand& command)
{
    const auto node =
        findNode(context.talk, command.node, Certainty::Settled, context.global.timeout.value_or(kLookupMax));
    if (!node)
        return fail(context, node.error(), command.node);
    const auto avoided = resolveAvoided(*node->snapshot, command.avoidNodes, command.avoidLinks);
    if (!avoided)
        return fail(context, avoided.error(), "");
    const auto found = askFor(context.talk, {.target = node->id,
                                             .count = command.count,
                                             .avoidNodes = avoided->avoidNodes,
                                             .avoidLinks = avoided->avoidLinks});
    if (!found)
        return fail(context, found.error(), node->label);
    if (context.global.format == Format::Json) {
        auto json = agent::Json{{"target", node->id.toString()}, {"identity", nameOf(*node->snapshot, node->id)}};
        json["paths"] = agent::Json::array();
        for (const auto& path : found->paths)
            json["paths"].push_back(agent::toJson(path));
        json["reports"] = agent::Json::array();
        for (const auto& report : found->reports)
            json["reports"].push_back(agent::toJson(report));
        printJson(context.console, json);
    } else {
        context.console.out << pathsText(*node->snapshot, node->id, found->paths, found->reports) << std::flush;
    }
    return ExitCode::Ok;
}

} // namespace fb::cli
