// SPDX-License-Identifier: Apache-2.0
// What the agent does about each command.
#include "core/agent/Agent.h"
#include "core/agent/CommandCheck.h"

#include <algorithm>
#include <iterator>

namespace fb::agent {

struct Agent::Start {
    Agent& agent;
    RequestKey key;
    Instant now;

    void operator()(const WatchNeighbors&) const
    {
        if (!agent.m_watchers.add(key, WatchCount::Hold(agent.m_watchCount)))
            agent.m_clients.publish(key, CommandFailed{Error{ErrorCode::LimitReached, "watchers of the map"}});
    }
    void operator()(const GetSnapshot&) const
    {
        agent.m_clients.publish(key, SnapshotChanged{agent.takeSnapshot(now)});
    }
    void operator()(const FindPaths& command) const
    {
        auto& ways = agent.m_stack.paths();
        auto policy = ways.policies().effective(std::nullopt, command.target);
        std::ranges::copy(command.avoidNodes, std::back_inserter(policy.avoidNodes));
        std::ranges::copy(command.avoidLinks, std::back_inserter(policy.avoidLinks));
        auto paths = agent.m_stack.overlay().paths(command.target, command.count, policy);
        if (!paths) {
            agent.m_clients.publish(key, CommandFailed{paths.error()});
            return;
        }
        auto reports = ways.reports(command.target, *paths);
        agent.m_clients.publish(key, PathsFound{command.target, std::move(paths).value(), std::move(reports)});
    }
    void operator()(const PingNode& command) const
    {
        agent.m_pings.start(key, command, WatchCount::Hold(agent.m_watchCount), now);
    }
    void operator()(const OpenStream& command) const
    {
        agent.m_streams.start(key, command, WatchCount::Hold(agent.m_watchCount), now);
    }
    void operator()(const ListInterfaces&) const
    {
        agent.m_clients.publish(key, InterfacesListed{agent.m_ports.interfaces()});
    }
    void operator()(const GetStatistics&) const
    {
        agent.m_clients.publish(key, StatisticsTaken{agent.takeStatistics(now)});
    }
    void operator()(const ListSecrets&) const { agent.publishSecrets(key, false, now); }
    void operator()(const ChangeSecrets& command) const { agent.changeSecrets(key, command, now); }
    void operator()(const ConfirmSecrets& command) const { agent.confirmSecrets(key, command, now); }
    void operator()(const SetPort& command) const { agent.setPort(key, command, now); }
    void operator()(const SetPathPolicy& command) const
    {
        const auto set = agent.m_stack.paths().setPolicy(command.scope, command.policy, now);
        if (set)
            agent.m_clients.publish(key, CommandDone{});
        else
            agent.m_clients.publish(key, CommandFailed{set.error()});
    }
    void operator()(const ClearPathPolicy& command) const
    {
        agent.m_stack.paths().clearPolicy(command.scope, now);
        agent.m_clients.publish(key, CommandDone{});
    }
    void operator()(const GetPathPolicies&) const
    {
        agent.m_clients.publish(key, PathPoliciesListed{agent.m_stack.paths().policies().all()});
    }
    void operator()(const GetSessions&) const
    {
        agent.m_clients.publish(key, SessionsListed{agent.m_stack.sessions(now)});
    }
    void operator()(const Cancel& command) const { agent.cancel(RequestKey{key.client, command.request}, now); }
};

void Agent::submitNow(RequestKey key, Command command, Instant now)
{
    if (const auto checked = checkCommand(command); !checked) {
        m_clients.publish(key, CommandFailed{checked.error()});
        return;
    }
    if (const auto* find = std::get_if<FindPaths>(&command))
        startOrHold(key, command, find->target, now);
    else if (const auto* ping = std::get_if<PingNode>(&command))
        startOrHold(key, command, ping->target, now);
    else if (const auto* open = std::get_if<OpenStream>(&command))
        startOrHold(key, command, open->target, now);
    else if (const auto* set = std::get_if<SetPathPolicy>(&command); set != nullptr && set->scope.node)
        startOrHold(key, command, *set->scope.node, now);
    else
        start(key, command, now);
}

void Agent::startOrHold(RequestKey key, Command command, romon::RomonId target, Instant now)
{
    if (target == m_id) {
        m_clients.publish(key, CommandFailed{Error{ErrorCode::InvalidArgument, "that is this node itself"}});
    } else if (HeldCommands::canStart(command, m_stack.overlay(), target)) {
        start(key, command, now);
    } else if (m_held.size() >= kHeldMax) {
        m_clients.publish(key, CommandFailed{Error{ErrorCode::LimitReached, "commands that wait for their node"}});
    } else {
        m_held.add({key, std::move(command), target, now + HeldCommands::kPatience, WatchCount::Hold(m_watchCount)});
    }
}

void Agent::start(RequestKey key, const Command& command, Instant now)
{
    std::visit(Start{*this, key, now}, command);
}

void Agent::startHeld(Instant now)
{
    while (const auto held = m_held.takeReady(m_stack.overlay(), now)) {
        const auto paths = m_stack.overlay().paths(held->target, 1);
        if (paths)
            start(held->key, held->command, now);
        else
            m_clients.publish(held->key, CommandFailed{paths.error()});
    }
}

void Agent::cancel(RequestKey key, Instant now)
{
    // A request that has just ended by itself has had its last event already: nothing more to say about it.
    if (m_held.cancel(key) || m_watchers.cancel(key) || m_pings.cancel(key) || m_streams.cancel(key, now))
        m_clients.publish(key, CommandFailed{Error{ErrorCode::Cancelled, ""}});
}

void Agent::setPort(RequestKey key, const SetPort& command, Instant now)
{
    const bool use = command.use == SetPort::Use::Yes;
    if (use && !m_ports.hasInterface(command.interface)) {
        m_clients.publish(key, CommandFailed{Error{ErrorCode::NoSuchInterface, command.interface}});
        return;
    }
    if (use)
        m_ports.rules().use(command.interface, command.cost);
    else
        m_ports.rules().doNotUse(command.interface);
    m_ports.apply(now);
    const auto error = m_ports.openError(command.interface);
    // An interface that is down is a port all the same, and works as soon as it is up.
    if (use && error && error->code != ErrorCode::InterfaceDown)
        m_clients.publish(key, CommandFailed{*error});
    else
        m_clients.publish(key, CommandDone{});
}

void Agent::changeSecrets(RequestKey key, const ChangeSecrets& command, Instant now)
{
    const auto changed = m_secrets.change(command.change, command.confirmWithin, now);
    if (!changed) {
        m_clients.publish(key, CommandFailed{changed.error()});
        return;
    }
    if (*changed) {
        m_log(LogLevel::Notice,
              command.confirmWithin ? "secrets changed, for as long as it takes to confirm that" : "secrets changed");
        m_ports.setSecrets(m_secrets.lists(), now);
    }
    publishSecrets(key, *changed, now);
}

void Agent::confirmSecrets(RequestKey key, const ConfirmSecrets& command, Instant now)
{
    if (command.keep == ConfirmSecrets::Keep::Yes) {
        const auto kept = m_secrets.confirm();
        if (!kept)
            m_clients.publish(key, CommandFailed{kept.error()});
        else
            publishSecrets(key, false, now);
        return;
    }
    const bool isBack = m_secrets.putBack();
    if (isBack)
        m_ports.setSecrets(m_secrets.lists(), now);
    publishSecrets(key, isBack, now);
}

void Agent::publishSecrets(RequestKey key, bool hasChanged, Instant now)
{
    SecretsListed listed{scopesOf(m_secrets.lists()), hasChanged, std::nullopt, m_secrets.isKept()};
    if (const auto until = m_secrets.nextDeadline())
        listed.confirmLeft = std::max(*until - now, Duration::zero());
    m_clients.publish(key, std::move(listed));
}

} // namespace fb::agent
