// SPDX-License-Identifier: Apache-2.0
#include "core/agent/CommandCheck.h"

namespace fb::agent {

namespace {

using Checked = Result<void, Error>;

/// The kernel's IFNAMSIZ without the terminating zero.
constexpr std::size_t kInterfaceBytesMax = 15;

Checked complain(std::string what)
{
    return failure(Error{ErrorCode::InvalidArgument, std::move(what)});
}

Checked checkTarget(const romon::RomonId& target)
{
    return target.isUsable() ? Checked{} : complain(target.toString() + " is not the id of a node");
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
    Checked operator()(const FindPaths& command) const
    {
        if (command.count < 1 || command.count > 16)
            return complain("the number of paths must be 1 to 16");
        return checkTarget(command.target);
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
