// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Program.h"

#include "core/cli/CompleteNodes.h"
#include "core/cli/Neighbors.h"
#include "core/cli/PathPolicies.h"
#include "core/cli/Paths.h"
#include "core/cli/Ping.h"
#include "core/cli/PortList.h"
#include "core/cli/Rotate.h"
#include "core/cli/Secrets.h"
#include "core/cli/Sessions.h"
#include "core/cli/Stats.h"

#include <ostream>

namespace fb::cli {

namespace {

struct Run {
    Context& context;
    const Program::Parts& parts;

    Handoff operator()(const NeighborsCommand& command) const { return runNeighbors(context, command); }
    Handoff operator()(const PathCommand& command) const { return runPath(context, command); }
    Handoff operator()(const PathPolicyCommand& command) const { return runPathPolicy(context, command); }
    Handoff operator()(const SessionsCommand&) const { return runSessions(context); }
    Handoff operator()(const PingCommand& command) const { return runPing(context, command); }
    Handoff operator()(const TraceCommand& command) const { return runTrace(context, command); }
    Handoff operator()(const PortsCommand& command) const { return runPorts(context, command); }
    Handoff operator()(const StatsCommand& command) const { return runStats(context, command); }
    Handoff operator()(const SecretsCommand& command) const { return runSecrets(context, command, parts.secretInput); }
    Handoff operator()(const RotateCommand& command) const
    {
        return runRotate(context, command, {parts.surroundings, parts.secretInput, parts.shell});
    }
    Handoff operator()(const CompleteNodesCommand&) const { return runCompleteNodes(context); }
    Handoff operator()(const ConnectCommand& command) const { return runConnect(context, command, parts.streams); }
    Handoff operator()(const OpenSshCommand& command) const { return runOpenSsh(context, command, parts.surroundings); }
    Handoff operator()(const SshConfigCommand& command) const
    {
        return runSshConfig(context, command, parts.surroundings);
    }
};

} // namespace

Handoff Program::run(const Invocation& invocation)
{
    const bool isCompletion = std::holds_alternative<CompleteNodesCommand>(invocation.command);
    auto opened = open(invocation.global);
    if (!opened && isCompletion)
        return exitCodeFor(opened.error().code); // a shell that completes a word shows no errors
    if (!opened)
        return fail(m_parts.console, invocation.global.format, opened.error(), "");
    Conversation talk(*opened->service, m_parts.waiter);
    Context context{talk, m_parts.console, invocation.global, opened->host};
    return std::visit(Run{context, m_parts}, invocation.command);
}

void Program::sessionFailed(const GlobalOptions& global, const Session& session)
{
    auto agent = m_parts.services.connect(global.socket);
    if (!agent)
        return; // a node of our own has gone with the session, and what it had to say was said
    Conversation talk(**agent, m_parts.waiter);
    Context context{talk, m_parts.console, global, Context::Host::Agent};
    explainFailure(context, session);
}

Result<Program::Opened, Error> Program::open(const GlobalOptions& global)
{
    auto agent = m_parts.services.connect(global.socket);
    if (agent) {
        if (!global.interfaces.empty()) {
            m_parts.console.messages << "footbridgectl: the agent at " << global.socket
                                     << " is used, with its own ports; --interface is for where none runs" << std::endl;
        }
        return Opened{std::move(*agent), Context::Host::Agent};
    }
    if (agent.error().code != ErrorCode::AgentUnavailable || global.interfaces.empty())
        return failure(agent.error());
    return openOwn(global);
}

Result<Program::Opened, Error> Program::openOwn(const GlobalOptions& global)
{
    auto own = m_parts.services.makeOwn();
    if (!own)
        return failure(own.error());
    Opened opened{std::move(*own), Context::Host::ThisProcess};
    Conversation talk(*opened.service, m_parts.waiter);
    for (const auto& interface : global.interfaces) {
        const auto request = talk.submit(agent::SetPort{.interface = interface});
        const auto answer = talk.answer(request, talk.now() + kAgentPatience);
        if (!answer)
            return failure(answer.error());
    }
    return opened;
}

} // namespace fb::cli
