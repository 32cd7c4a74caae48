// SPDX-License-Identifier: Apache-2.0
#include "core/cli/PathPolicies.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/Paths.h"
#include "core/cli/Text.h"
#include "core/overlay/Engine.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <ostream>

namespace fb::cli {

namespace {

Result<romon::RomonId, Error> nodeNamed(const overlay::Snapshot& snapshot, const std::string& text)
{
    // One that is not heard now can be avoided all the same.
    if (const auto id = romon::RomonId::parse(text))
        return *id;
    return overlay::resolveNode(snapshot, text);
}

std::string scopeText(const overlay::Snapshot& snapshot, const agent::PolicyScope& scope)
{
    if (scope.session)
        return "session " + std::to_string(*scope.session);
    return scope.node ? "sessions to " + nameAndIdOf(snapshot, *scope.node) : "all sessions";
}

/// Sends a command that is answered by CommandDone.
ExitCode submitAndWait(Context& context, agent::Command command, const std::string& subject)
{
    const auto done = context.talk.ask<agent::CommandDone>(std::move(command));
    return done ? ExitCode::Ok : fail(context, done.error(), subject);
}

/// What was set for the scope before, so that avoiding one thing more does not forget the others.
Result<overlay::PathPolicy, Error> policyOf(Context& context, const agent::PolicyScope& scope)
{
    const auto listed = context.talk.ask<agent::PathPoliciesListed>(agent::GetPathPolicies{});
    if (!listed)
        return failure(listed.error());
    const auto found = std::ranges::find(listed->policies, scope, &agent::ScopedPolicy::scope);
    return found == listed->policies.end() ? overlay::PathPolicy{} : found->policy;
}

ExitCode pin(Context& context, const PathPolicyCommand& command, const agent::PolicyScope& scope, const FoundNode& node)
{
    auto policy = policyOf(context, scope);
    if (!policy)
        return fail(context, policy.error(), node.label);
    const auto paths = askForPaths(context.talk, node.id, command.number);
    if (!paths)
        return fail(context, paths.error(), node.label);
    if (paths->size() < command.number)
        return fail(context, Error{ErrorCode::NoPath, "there are only " + std::to_string(paths->size()) + " ways"},
                    node.label);
    policy->pin = overlay::pinOf((*paths)[command.number - 1]);
    policy->isStrict = command.strict == PathPolicyCommand::Strict::Yes;
    return submitAndWait(context, agent::SetPathPolicy{scope, std::move(*policy)}, node.label);
}

ExitCode avoid(Context& context, const PathPolicyCommand& command, const agent::PolicyScope& scope,
               const overlay::Snapshot& snapshot)
{
    const auto avoided = resolveAvoided(snapshot, command.avoidNodes, command.avoidLinks);
    if (!avoided)
        return fail(context, avoided.error(), "");
    if (avoided->isEmpty())
        return fail(context, Error{ErrorCode::InvalidArgument, "name what to avoid: --avoid-node, --avoid-link"}, "");
    auto policy = policyOf(context, scope);
    if (!policy)
        return fail(context, policy.error(), "");
    policy->avoidNodes.insert(policy->avoidNodes.end(), avoided->avoidNodes.begin(), avoided->avoidNodes.end());
    policy->avoidLinks.insert(policy->avoidLinks.end(), avoided->avoidLinks.begin(), avoided->avoidLinks.end());
    return submitAndWait(context, agent::SetPathPolicy{scope, std::move(*policy)}, "");
}

ExitCode show(Context& context, const overlay::Snapshot& snapshot)
{
    const auto listed = context.talk.ask<agent::PathPoliciesListed>(agent::GetPathPolicies{});
    if (!listed)
        return fail(context, listed.error(), "");
    if (context.global.format == Format::Text) {
        context.console.out << policiesText(snapshot, listed->policies) << std::flush;
        return ExitCode::Ok;
    }
    auto json = agent::Json{{"policies", agent::Json::array()}};
    for (const auto& entry : listed->policies)
        json["policies"].push_back(agent::toJson(entry));
    printJson(context.console, json);
    return ExitCode::Ok;
}

} // namespace

Result<overlay::PathPolicy, Error> resolveAvoided(const overlay::Snapshot& snapshot,
                                                  const std::vector<std::string>& nodes,
                                                  const std::vector<std::string>& links)
{
    overlay::PathPolicy policy;
    for (const auto& text : nodes) {
        const auto node = nodeNamed(snapshot, text);
        if (!node)
            return failure(node.error());
        policy.avoidNodes.push_back(*node);
    }
    for (const auto& text : links) {
        // The last colon: an id has five of its own.
        const auto colon = text.rfind(':');
        std::uint32_t linkId = 0;
        const auto number = colon == std::string::npos ? std::string() : text.substr(colon + 1);
        const auto read = std::from_chars(number.data(), number.data() + number.size(), linkId);
        if (number.empty() || read.ec != std::errc() || read.ptr != number.data() + number.size() || linkId == 0)
            return failure(Error{ErrorCode::InvalidArgument, "a link is written NODE:LINK-ID, not " + text});
        const auto node = nodeNamed(snapshot, text.substr(0, colon));
        if (!node)
            return failure(node.error());
        policy.avoidLinks.push_back({.node = *node, .linkId = linkId});
    }
    return policy;
}

std::string policiesText(const overlay::Snapshot& snapshot, const std::vector<agent::ScopedPolicy>& policies)
{
    if (policies.empty())
        return "Nothing is pinned or avoided.\n";
    std::string text;
    const auto portText = [&](const overlay::PortName& port) {
        return nameOf(snapshot, port.node) + ':' + std::to_string(port.linkId);
    };
    for (const auto& [scope, policy] : policies) {
        text += "For " + scopeText(snapshot, scope) + ":\n";
        if (!policy.pin.empty()) {
            text += policy.isStrict ? "  pinned, strictly:" : "  pinned:";
            for (const auto& port : policy.pin)
                text += ' ' + portText(port);
            text += '\n';
        }
        for (const auto& node : policy.avoidNodes)
            text += "  avoid node " + nameAndIdOf(snapshot, node) + '\n';
        for (const auto& port : policy.avoidLinks)
            text += "  avoid link " + portText(port) + '\n';
    }
    return text;
}

ExitCode runPathPolicy(Context& context, const PathPolicyCommand& command)
{
    using Action = PathPolicyCommand::Action;
    const Duration patience = context.global.timeout.value_or(kLookupMax);
    std::optional<FoundNode> node;
    if (!command.node.empty()) {
        auto found = findNode(context.talk, command.node, Certainty::Settled, patience);
        if (!found)
            return fail(context, found.error(), command.node);
        node = std::move(*found);
    }
    auto snapshot = node ? Result<SnapshotPointer, Error>(node->snapshot) : context.talk.snapshot();
    if (!snapshot)
        return fail(context, snapshot.error(), "");
    agent::PolicyScope scope{.session = command.session, .node = std::nullopt};
    if (node && !command.session)
        scope.node = node->id;
    switch (command.action) {
    case Action::Pin:
        return pin(context, command, scope, *node);
    case Action::Avoid:
        return avoid(context, command, scope, **snapshot);
    case Action::Clear:
        return submitAndWait(context, agent::ClearPathPolicy{scope}, command.node);
    case Action::Show:
        break;
    }
    return show(context, **snapshot);
}

} // namespace fb::cli
