// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Sessions.h"

#include "core/cli/Table.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace fb::cli {

namespace {

std::string wayText(const overlay::Snapshot& snapshot, const agent::SessionInfo& session)
{
    if (!session.path)
        return "as its peer chose";
    std::string text;
    for (const auto& hop : session.path->hops)
        text += (text.empty() ? "" : " > ") + nameOf(snapshot, hop.to);
    return text;
}

std::string stateText(const agent::SessionInfo& session)
{
    std::string text;
    switch (session.state) {
    case agent::PathState::Unwatched:
        break;
    case agent::PathState::Good:
        text = "good";
        break;
    case agent::PathState::Suspect:
        text = "suspect";
        break;
    case agent::PathState::Dead:
        text = "dead";
        break;
    case agent::PathState::Held:
        text = "held";
        break;
    }
    if (session.quality.isLossy)
        text += ", lossy";
    if (session.isPinBroken)
        text += ", not the pinned one";
    else if (!session.policy.pin.empty())
        text += ", pinned";
    return text;
}

} // namespace

std::string sessionsText(const overlay::Snapshot& snapshot, const std::vector<agent::SessionInfo>& sessions)
{
    using Align = Table::Align;
    Table table({{"SESSION", Align::Right},
                 {"DIRECTION", Align::Left},
                 {"PEER", Align::Left},
                 {"SERVICE", Align::Right},
                 {"COST", Align::Right},
                 {"RTT", Align::Right},
                 {"LOSS", Align::Right},
                 {"PATH IS", Align::Left},
                 {"SENT", Align::Right},
                 {"RECEIVED", Align::Right},
                 {"PATH", Align::Left}});
    for (const auto& session : sessions) {
        const auto& rtt = session.quality.rtt ? session.quality.rtt : session.rtt;
        table.addRow({std::to_string(session.session),
                      session.direction == agent::SessionInfo::Direction::Opened ? "opened" : "accepted",
                      nameOf(snapshot, session.peer), std::to_string(session.service),
                      session.path ? std::to_string(session.path->cost) : std::string(),
                      rtt ? roundTripText(*rtt) : std::string(),
                      session.quality.samples > 0 ? lossText(session.quality) : std::string(), stateText(session),
                      std::to_string(session.bytesSent), std::to_string(session.bytesReceived),
                      wayText(snapshot, session)});
    }
    return table.toString();
}

ExitCode runSessions(Context& context)
{
    const auto snapshot = context.talk.snapshot();
    if (!snapshot)
        return fail(context, snapshot.error(), "");
    const auto listed = context.talk.ask<agent::SessionsListed>(agent::GetSessions{});
    if (!listed)
        return fail(context, listed.error(), "");
    if (context.global.format == Format::Text) {
        context.console.out << sessionsText(**snapshot, listed->sessions) << std::flush;
        return ExitCode::Ok;
    }
    auto json = agent::Json{{"sessions", agent::Json::array()}};
    for (const auto& session : listed->sessions)
        json["sessions"].push_back(agent::toJson(session));
    printJson(context.console, json);
    return ExitCode::Ok;
}

} // namespace fb::cli
