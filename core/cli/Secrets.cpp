// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Secrets.h"

#include "core/cli/Table.h"
#include "core/cli/Text.h"

#include <nlohmann/json.hpp>

#include <ostream>

namespace fb::cli {

namespace {

using Verb = SecretsCommand::Verb;
using Action = agent::SecretChange::Action;

/// A list ends with an empty line from a person, and with the input otherwise.
Result<SecretList, Error> readSecrets(SecretInput& input)
{
    SecretList secrets;
    for (;;) {
        auto secret = input.next("Secret " + std::to_string(secrets.size() + 1) + " (empty: the list is complete): ");
        const bool isOver = secret ? input.isTerminal() && secret->empty()
                                   : secret.error().code == ErrorCode::Cancelled && !input.isTerminal();
        if (isOver && !secrets.empty())
            return secrets;
        if (!secret)
            return failure(secret.error());
        if (const auto checked = agent::checkSecret(*secret); !checked)
            return failure(checked.error());
        secrets.push_back(std::move(secret).value());
        if (secrets.size() > kSecretsMax)
            return failure(Error{ErrorCode::LimitReached, "secrets of a list"});
    }
}

Result<agent::SecretChange, Error> changeFor(const SecretsCommand& command, SecretInput& input)
{
    agent::SecretChange change;
    change.interface = command.port;
    change.where = command.where;
    change.fingerprints = command.fingerprints;
    change.action = command.verb == Verb::Add      ? Action::Add
                    : command.verb == Verb::First  ? Action::First
                    : command.verb == Verb::Remove ? Action::Remove
                    : command.verb == Verb::Set    ? Action::Set
                                                   : Action::Clear;
    if (command.verb == Verb::Clear || !change.fingerprints.empty())
        return change;
    if (command.empty == SecretsCommand::Empty::Yes) {
        change.secrets.emplace_back();
        return change;
    }
    if (command.verb == Verb::Set) {
        auto secrets = readSecrets(input);
        if (!secrets)
            return failure(secrets.error());
        change.secrets = std::move(secrets).value();
        return change;
    }
    auto secret = readSecret(input, "Secret");
    if (!secret)
        return failure(secret.error());
    change.secrets.push_back(std::move(secret).value());
    return change;
}

Result<agent::Command, Error> commandFor(const SecretsCommand& command, SecretInput& input)
{
    switch (command.verb) {
    case Verb::List:
        return agent::Command(agent::ListSecrets{});
    case Verb::Confirm:
        return agent::Command(agent::ConfirmSecrets{agent::ConfirmSecrets::Keep::Yes});
    case Verb::Revert:
        return agent::Command(agent::ConfirmSecrets{agent::ConfirmSecrets::Keep::No});
    case Verb::Add:
    case Verb::First:
    case Verb::Remove:
    case Verb::Set:
    case Verb::Clear:
        break;
    }
    auto change = changeFor(command, input);
    if (!change)
        return failure(change.error());
    return agent::Command(agent::ChangeSecrets{std::move(change).value(), command.confirmWithin});
}

} // namespace

std::string secretsText(const agent::SecretsListed& listed)
{
    using Align = Table::Align;
    Table table({{"PORT", Align::Left}, {"SECRET", Align::Left}, {"USED", Align::Left}});
    for (const auto& scope : listed.scopes) {
        std::string port = scope.interface.empty() ? "all" : scope.interface;
        if (scope.fingerprints.empty())
            table.addRow({port, "none", "frames without a keyed hash"});
        bool isFirst = true;
        for (const auto& fingerprint : scope.fingerprints) {
            table.addRow({port, fingerprint, isFirst ? "sent and accepted" : "accepted"});
            isFirst = false;
            port.clear();
        }
    }
    std::string text = table.toString();
    if (listed.confirmLeft) {
        text += "A change waits for footbridgectl secrets confirm; it is put back in " +
                uptimeText(std::chrono::duration_cast<std::chrono::seconds>(*listed.confirmLeft)) + ".\n";
    }
    if (!listed.isKept)
        text += "They are forgotten when the agent ends.\n";
    return text;
}

Result<Secret, Error> readSecret(SecretInput& input, const std::string& what)
{
    auto secret = input.next(what + ": ");
    if (!secret)
        return secret;
    if (const auto checked = agent::checkSecret(*secret); !checked)
        return failure(checked.error());
    if (secret->empty())
        return failure(Error{ErrorCode::InvalidArgument, "the secret is empty; --empty says that this is meant"});
    if (!input.isTerminal())
        return secret;
    const auto again = input.next(what + ", again: ");
    if (!again)
        return failure(again.error());
    if (!again->isSameAs(*secret))
        return failure(Error{ErrorCode::InvalidArgument, "the two are not the same"});
    return secret;
}

ExitCode runSecrets(Context& context, const SecretsCommand& command, SecretInput& input)
{
    auto request = commandFor(command, input);
    if (!request)
        return fail(context, request.error(), "");
    const auto listed = context.talk.ask<agent::SecretsListed>(std::move(request).value());
    if (!listed)
        return fail(context, listed.error(), "");
    if (context.global.format == Format::Json)
        printJson(context.console, agent::toJson(*listed));
    else
        context.console.out << secretsText(*listed) << std::flush;
    return ExitCode::Ok;
}

} // namespace fb::cli
