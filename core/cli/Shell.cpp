// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Shell.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <filesystem>
#include <ostream>
#include <system_error>

namespace fb::cli {

namespace {

std::filesystem::path ownDirectory(const Surroundings& surroundings)
{
    return std::filesystem::path(surroundings.configDirectory) / "footbridge";
}

} // namespace

SshRoute routeTo(romon::RomonId node, const Context& context, const Surroundings& surroundings)
{
    const bool hasAgent = context.host == Context::Host::Agent;
    const bool canAsk = surroundings.questions == Surroundings::Questions::CanAsk;
    return {.program = surroundings.program,
            .global = context.global,
            .node = node,
            .knownHostsFile = (ownDirectory(surroundings) / "known_hosts").string(),
            .handover = hasAgent ? ConnectCommand::Handover::PassDescriptor : ConnectCommand::Handover::Relay,
            .newHostKey = canAsk ? SshRoute::NewHostKey::Ask : SshRoute::NewHostKey::Accept};
}

Result<void, Error> makeOwnDirectory(const Surroundings& surroundings)
{
    const auto directory = ownDirectory(surroundings);
    std::error_code problem;
    if (std::filesystem::create_directories(directory, problem))
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, problem);
    if (problem)
        return failure(Error{ErrorCode::SystemError, directory.string(), problem.value()});
    return {};
}

Handoff runOpenSsh(Context& context, const OpenSshCommand& command, const Surroundings& surroundings)
{
    const auto words = splitWords(command.tool, command.arguments);
    const auto name = nodeNamedIn(command.tool, words);
    if (!name)
        return fail(context, name.error(), "");
    const auto node = findNode(context.talk, *name, Certainty::Heard, context.global.timeout.value_or(kLookupMax));
    if (!node)
        return fail(context, node.error(), *name);
    if (const auto made = makeOwnDirectory(surroundings); !made)
        return fail(context, made.error(), "");
    return Session{openSshCommandLine(command.tool, words, routeTo(node->id, context, surroundings)), node->id,
                   node->label};
}

void explainFailure(Context& context, const Session& session)
{
    constexpr Duration kEchoTimeout = std::chrono::seconds(1);
    const auto request =
        context.talk.submit(agent::PingNode{session.node, 2, std::chrono::milliseconds(500), kEchoTimeout});
    std::string state = "it does not answer any more; footbridgectl trace shows where the way ends";
    for (;;) {
        const auto body = context.talk.answer(request, context.talk.now() + kAgentPatience);
        const auto* result = body ? std::get_if<agent::PingResult>(&*body) : nullptr;
        if (result != nullptr && result->rtt)
            state = "it answers echoes";
        else if (result != nullptr)
            continue;
        break;
    }
    context.console.messages << "footbridgectl: " << session.label << ": the session failed or was cut; " << state
                             << std::endl;
}

ExitCode runSshConfig(Context& context, const SshConfigCommand& command, const Surroundings& surroundings)
{
    std::vector<std::pair<std::string, romon::RomonId>> nodes;
    for (const auto& name : command.nodes) {
        const auto node = findNode(context.talk, name, Certainty::Heard, context.global.timeout.value_or(kLookupMax));
        if (!node)
            return fail(context, node.error(), name);
        nodes.emplace_back(name, node->id);
    }
    if (command.nodes.empty()) {
        const auto collected = collectUntilSettled(context.talk, kCollectMax);
        if (!collected)
            return fail(context, collected.error(), "");
        for (const auto& node : (*collected)->nodes)
            nodes.emplace_back(nameOf(**collected, node.id), node.id);
    }
    if (const auto made = makeOwnDirectory(surroundings); !made)
        return fail(context, made.error(), "");
    auto json = agent::Json{{"hosts", agent::Json::array()}};
    for (const auto& [name, id] : nodes) {
        const auto route = routeTo(id, context, surroundings);
        if (context.global.format == Format::Text) {
            context.console.out << sshConfigBlock(name, route) << std::flush;
            continue;
        }
        auto host = agent::Json{{"host", hostNameFor(name, id)}, {"id", id.toString()}};
        for (const auto& [setting, value] : sshSettings(route))
            host["settings"][setting] = value;
        json["hosts"].push_back(std::move(host));
    }
    if (context.global.format == Format::Json)
        printJson(context.console, json);
    return nodes.empty() ? ExitCode::Negative : ExitCode::Ok;
}

} // namespace fb::cli
