// SPDX-License-Identifier: Apache-2.0
#include "core/agent/CommandCheck.h"

#include "core/agent/PathPolicies.h"

#include <algorithm>

namespace fb::agent {

namespace {

using Checked = Result<void, Error>;

Checked complain(std::string what)
{
    return failure(Error{ErrorCode::InvalidArgument, std::move(what)});
}

Checked checkTarget(const romon::RomonId& target)
{
    return target.isUsable() ? Checked{} : complain(target.toString() + " is not the id of a node");
}

Checked checkNames(const std::vector<romon::RomonId>& nodes, const std::vector<overlay::PortName>& ports)
{
    if (std::max(nodes.size(), ports.size()) > PathPolicies::kNamesMax)
        return complain("at most " + std::to_string(PathPolicies::kNamesMax) + " nodes, links and hops can be named");
    for (const auto& node : nodes) {
        if (const auto checked = checkTarget(node); !checked)
            return checked;
    }
    for (const auto& port : ports) {
        if (port.linkId == 0)
            return complain("a link id is 1 or more");
        if (const auto checked = checkTarget(port.node); !checked)
            return checked;
    }
    return {};
}

Checked checkScope(const PolicyScope& scope)
{
    if (scope.session && scope.node)
        return complain("a path policy is for a session, for a node, or for all");
    return scope.node ? checkTarget(*scope.node) : Checked{};
}

struct Check {
    Checked operator()(const WatchNeighbors&) const { return {}; }
    Checked operator()(const GetSnapshot&) const { return {}; }
    Checked operator()(const ListInterfaces&) const { return {}; }
    Checked operator()(const GetStatistics&) const { return {}; }
    Checked operator()(const ListSecrets&) const { return {}; }
    Checked operator()(const ConfirmSecrets&) const { return {}; }
    Checked operator()(const ChangeSecrets& command) const
    {
        using namespace std::chrono_literals;
        if (command.confirmWithin && (*command.confirmWithin < 5s || *command.confirmWithin > 10min))
            return complain("the time to confirm new secrets must be 5 s to 10 min");
        return {}; // the lists decide about the rest
    }
    Checked operator()(const Cancel&) const { return {}; }
    Checked operator()(const GetPathPolicies&) const { return {}; }
    Checked operator()(const GetSessions&) const { return {}; }
    Checked operator()(const SetPathPolicy& command) const
    {
        if (command.policy.isStrict && command.policy.pin.empty())
            return complain("only a pinned path can be strict");
        const auto checked = checkNames(command.policy.avoidNodes, command.policy.avoidLinks);
        if (!checked)
            return checked;
        const auto pinned = checkNames({}, command.policy.pin);
        return pinned ? checkScope(command.scope) : pinned;
    }
    Checked operator()(const ClearPathPolicy& command) const { return checkScope(command.scope); }
    Checked operator()(const FindPaths& command) const
    {
        if (command.count < 1 || command.count > 16)
            return complain("the number of paths must be 1 to 16");
        const auto names = checkNames(command.avoidNodes, command.avoidLinks);
        return names ? checkTarget(command.target) : names;
    }
    Checked operator()(const PingNode& command) const
    {
        using namespace std::chrono_literals;
        if (command.interval < 10ms || command.interval > 60s)
            return complain("the interval of a ping must be 10 ms to 60 s");
        if (command.timeout < 1ms || command.timeout > 60s)
            return complain("the timeout of a ping must be 1 ms to 60 s");
        if (command.sizeBytes < 8)
            return complain("the size of a ping must be 8 bytes or more");
        return checkTarget(command.target);
    }
    Checked operator()(const OpenStream& command) const
    {
        return command.service == 0 ? complain("a service is a data port from 1 to 65535")
                                    : checkTarget(command.target);
    }
    Checked operator()(const SetPort& command) const
    {
        if (command.interface.empty() || command.interface.size() > kInterfaceBytesMax)
            return complain("an interface name has 1 to 15 characters");
        if (command.interface.find_first_of("*?/ ") != std::string::npos)
            return complain("\"" + command.interface + "\" is not the name of one interface");
        return command.cost == 0 ? complain("a cost must be 1 to 65535") : Checked{};
    }
};

} // namespace

Result<void, Error> checkCommand(const Command& command)
{
    return std::visit(Check{}, command);
}

} // namespace fb::agent
