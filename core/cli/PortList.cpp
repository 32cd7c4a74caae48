// SPDX-License-Identifier: Apache-2.0
#include "core/cli/PortList.h"

#include "core/cli/Table.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <ostream>

namespace fb::cli {

namespace {

std::string stateText(overlay::PortState state)
{
    switch (state) {
    case overlay::PortState::Up:
        return "up";
    case overlay::PortState::Down:
        return "down";
    case overlay::PortState::Missing:
        return "missing";
    case overlay::PortState::Forbidden:
        return "forbidden";
    case overlay::PortState::Failed:
        return "failed";
    }
    return {};
}

} // namespace

std::string portsText(const std::vector<overlay::PortInfo>& ports, const std::vector<agent::InterfaceState>& interfaces)
{
    using Align = Table::Align;
    Table table({{"INTERFACE", Align::Left},
                 {"STATE", Align::Left},
                 {"COST", Align::Right},
                 {"L2MTU", Align::Right},
                 {"MAC", Align::Left},
                 {"BRIDGE", Align::Left},
                 {"NEIGHBORS", Align::Right},
                 {"RX", Align::Right},
                 {"TX", Align::Right},
                 {"DROPPED", Align::Right},
                 {"PROBLEM", Align::Left}});
    for (const auto& port : ports) {
        const auto& counters = port.counters;
        table.addRow({port.interface, stateText(port.state), std::to_string(port.cost), std::to_string(port.l2Mtu),
                      port.mac.toString(), port.bridge, std::to_string(counters.neighbors),
                      std::to_string(counters.framesReceived), std::to_string(counters.framesSent),
                      std::to_string(counters.framesDropped), port.problem});
    }
    for (const auto& interface : interfaces) {
        if (std::ranges::find(ports, interface.name, &overlay::PortInfo::interface) != ports.end())
            continue;
        table.addRow({interface.name, "not used", "", "", interface.mac.toString(), interface.bridge, "", "", "", "",
                      interface.problem.empty() && !interface.isUp ? "the interface is down" : interface.problem});
    }
    return table.toString();
}

ExitCode runPorts(Context& context, const PortsCommand&)
{
    const auto snapshot = context.talk.snapshot();
    if (!snapshot)
        return fail(context, snapshot.error(), "");
    const auto listed = context.talk.ask<agent::InterfacesListed>(agent::ListInterfaces{});
    if (!listed)
        return fail(context, listed.error(), "");
    if (context.global.format == Format::Text) {
        context.console.out << portsText((*snapshot)->ports, listed->interfaces) << std::flush;
        return ExitCode::Ok;
    }
    auto json = agent::Json{{"ports", agent::Json::array()}, {"interfaces", agent::Json::array()}};
    for (const auto& port : (*snapshot)->ports)
        json["ports"].push_back(agent::toJson(port));
    for (const auto& interface : listed->interfaces)
        json["interfaces"].push_back(agent::toJson(interface));
    printJson(context.console, json);
    return ExitCode::Ok;
}

} // namespace fb::cli
