// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Rotate.h"

#include "core/cli/NodeLookup.h"
#include "core/cli/RotateState.h"
#include "core/cli/Secrets.h"
#include "core/cli/Text.h"
#include "core/overlay/Engine.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <map>
#include <ostream>
#include <set>

namespace fb::cli {

namespace {

/// Logging in and one command, over a path that may lose much.
constexpr Duration kShellLimit = std::chrono::seconds(60);
constexpr Duration kProofTime = std::chrono::seconds(5);
constexpr Duration kProofInterval = std::chrono::milliseconds(250);
constexpr Duration kEchoTimeout = std::chrono::seconds(1);
/// What a node needs beyond its own time to be back with its old secrets.
constexpr Duration kPutBackMargin = std::chrono::seconds(5);

std::string labelOf(const RotationNode& node)
{
    const auto id = node.id.toString();
    return node.identity.empty() ? id : node.identity + " (" + id + ')';
}

/// Whom the rotation is about, and who stands in its way.
struct Plan {
    std::vector<RotationNode> nodes;
    std::vector<RotationNode> byHand;  ///< no Footbridge: a person has to type it
    std::vector<RotationNode> skipped; ///< the same, and the user knows
    std::set<romon::RomonId> leftOut;
    std::vector<RotationNode> unreachable; ///< without a path: it would be lost for good
    std::map<romon::RomonId, std::string> users;
};

class Rotate {
public:
    Rotate(Context& context, const RotateCommand& command, const RotateParts& parts)
        : m_context(context), m_command(command), m_parts(parts), m_state(parts.surroundings.stateDirectory)
    {
    }

    [[nodiscard]] Result<void, Error> run();

private:
    using Done = Result<void, Error>;

    [[nodiscard]] Done start();
    [[nodiscard]] Done resume(Rotation rotation);
    [[nodiscard]] Done walk(Rotation rotation, const Secret& secret);
    [[nodiscard]] Done takeStep(const Rotation& rotation, const Rotation::Step& step, const Secret& secret);

    [[nodiscard]] Result<std::vector<std::string>, Error> namesGiven() const;
    [[nodiscard]] Result<Plan, Error> makePlan();
    [[nodiscard]] Result<void, Error> addNamed(Plan& plan, const overlay::Snapshot& snapshot,
                                               std::set<romon::RomonId>& wanted) const;
    void show(const Plan& plan, const Rotation& rotation);
    void showByHand(const std::vector<RotationNode>& nodes);

    [[nodiscard]] Result<agent::SecretsListed, Error> change(const Rotation& rotation, const Rotation::Step& step,
                                                             const Secret& secret);
    [[nodiscard]] Result<agent::SecretsListed, Error> tell(const RotationNode& node, const Words& words,
                                                           const Secret& input);
    [[nodiscard]] Done confirm(const RotationNode& node);
    [[nodiscard]] Done prove(const Rotation& rotation, const RotationNode& node);
    [[nodiscard]] bool answers(romon::RomonId node, Duration within);
    [[nodiscard]] Error notThere(const RotationNode& node, Error error);

    std::ostream& say() { return m_context.console.messages << "footbridgectl: "; }

    Context& m_context;
    const RotateCommand& m_command;
    const RotateParts& m_parts;
    RotateState m_state;
    std::map<romon::RomonId, std::string> m_users;
};

Result<void, Error> Rotate::run()
{
    if (m_context.host != Context::Host::Agent)
        return failure(Error{ErrorCode::AgentUnavailable, "a rotation outlives this command: it needs an agent here"});
    if (const auto made = makeOwnDirectory(m_parts.surroundings); !made)
        return made;
    auto saved = m_state.load();
    if (m_command.mode == RotateCommand::Mode::Abandon) {
        m_state.forget();
        say() << "the rotation is forgotten; footbridgectl secrets list on each node shows how far it was" << std::endl;
        return {};
    }
    if (!saved)
        return failure(saved.error());
    const bool isResume = m_command.mode == RotateCommand::Mode::Resume;
    if (*saved && !isResume && m_command.mode != RotateCommand::Mode::DryRun)
        return failure(Error{ErrorCode::InvalidArgument,
                             "a rotation is not finished (" + m_state.file() + "): --resume it, or --abandon it"});
    if (!*saved && isResume)
        return failure(Error{ErrorCode::InvalidArgument, "there is no rotation to resume"});
    return isResume ? resume(std::move(**saved)) : start();
}

Result<std::vector<std::string>, Error> Rotate::namesGiven() const
{
    auto names = m_command.nodes;
    if (m_command.nodesFile.empty())
        return names;
    std::ifstream file(m_command.nodesFile);
    if (!file)
        return failure(Error{ErrorCode::SystemError, m_command.nodesFile, errno});
    for (std::string line; std::getline(file, line);) {
        const auto end = line.find_last_not_of(" \t\r");
        line.resize(end == std::string::npos ? 0 : end + 1);
        if (!line.empty() && line.front() != '#')
            names.push_back(line);
    }
    return names;
}

Result<void, Error> Rotate::addNamed(Plan& plan, const overlay::Snapshot& snapshot,
                                     std::set<romon::RomonId>& wanted) const
{
    const auto names = namesGiven();
    if (!names)
        return failure(names.error());
    for (const auto& name : *names) {
        const auto destination = destinationIn(name);
        const auto id = overlay::resolveNode(snapshot, destination.node);
        if (!id)
            return failure(id.error());
        wanted.insert(*id);
        if (!destination.user.empty())
            plan.users[*id] = destination.user;
    }
    if (names->empty()) {
        for (const auto& node : snapshot.nodes)
            wanted.insert(node.id);
    }
    for (const auto& name : m_command.skip) {
        const auto id = overlay::resolveNode(snapshot, name);
        if (!id)
            return failure(id.error());
        plan.leftOut.insert(*id);
    }
    return {};
}

Result<Plan, Error> Rotate::makePlan()
{
    const auto collected = collectUntilSettled(m_context.talk, kCollectMax);
    if (!collected)
        return failure(collected.error());
    const auto& snapshot = **collected;
    Plan plan;
    std::set<romon::RomonId> wanted;
    if (auto added = addNamed(plan, snapshot, wanted); !added)
        return failure(added.error());
    for (const auto& info : snapshot.nodes) {
        if (!wanted.contains(info.id))
            continue;
        RotationNode node{info.id, info.identity};
        if (info.path) {
            node.hops = static_cast<std::uint32_t>(info.path->hops.size());
            node.cost = info.path->cost;
        }
        if (plan.leftOut.contains(node.id)) {
            if (!info.isFootbridge)
                plan.skipped.push_back(std::move(node));
            continue;
        }
        if (!info.path || info.freshness != overlay::Freshness::Fresh)
            plan.unreachable.push_back(std::move(node));
        else if (!info.isFootbridge)
            plan.byHand.push_back(std::move(node));
        else
            plan.nodes.push_back(std::move(node));
    }
    plan.nodes.push_back({snapshot.self, snapshot.identity});
    return plan;
}

void Rotate::showByHand(const std::vector<RotationNode>& nodes)
{
    for (const auto& node : nodes)
        say() << labelOf(node) << " is no Footbridge node: do it by hand in each pass" << std::endl;
    if (nodes.empty())
        return;
    for (const auto pass : {Pass::Learn, Pass::Send, Pass::Forget})
        say() << "  " << nameOf(pass) << ", on RouterOS: " << routerOsCommandOf(pass) << std::endl;
}

void Rotate::show(const Plan& plan, const Rotation& rotation)
{
    if (m_context.global.format == Format::Json) {
        printJson(m_context.console, rotation.toJson());
    } else {
        auto& out = m_context.console.out;
        int number = 0;
        for (const auto pass : {Pass::Learn, Pass::Send, Pass::Forget}) {
            out << "pass " << ++number << ": every node has to " << nameOf(pass)
                << (pass == Pass::Learn  ? " the new secret"
                    : pass == Pass::Send ? " with the new secret"
                                         : " the old secret " + rotation.oldSecret())
                << '\n';
            for (const auto& node : rotation.nodes())
                out << "  " << labelOf(node) << (node.hops == 0 ? ", the agent here" : "") << '\n';
        }
        out << std::flush;
    }
    showByHand(plan.byHand);
    showByHand(plan.skipped);
    for (const auto& node : plan.unreachable)
        say() << labelOf(node) << " cannot be reached now: it would keep the old secret and be lost" << std::endl;
}

Result<void, Error> Rotate::start()
{
    auto plan = makePlan();
    if (!plan)
        return failure(plan.error());
    const auto own = m_context.talk.ask<agent::SecretsListed>(agent::ListSecrets{});
    if (!own)
        return failure(own.error());
    const auto& all = own->scopes.front().fingerprints;
    const auto old = all.empty() ? std::string(agent::kEmptyFingerprint) : all.front();
    m_users = plan->users;
    if (m_command.mode == RotateCommand::Mode::DryRun) {
        show(*plan, Rotation(old, "", plan->nodes));
        return {};
    }
    if (!plan->byHand.empty() || !plan->unreachable.empty()) {
        show(*plan, Rotation(old, "", plan->nodes));
        return failure(Error{ErrorCode::NotAllowed, "nothing was changed: --skip these nodes, or make them reachable"});
    }
    showByHand(plan->skipped);
    const auto secret = readSecret(m_parts.input, "New secret");
    if (!secret)
        return failure(secret.error());
    const auto name = agent::fingerprintOf(*secret);
    if (std::ranges::find(all, name) != all.end() && name == old)
        return failure(Error{ErrorCode::InvalidArgument, "that is the secret the network has"});
    Rotation rotation(old, name, std::move(plan->nodes));
    if (auto saved = m_state.save(rotation); !saved)
        return saved;
    return walk(std::move(rotation), *secret);
}

Result<void, Error> Rotate::resume(Rotation rotation)
{
    // Asks the network and lets the map settle: who is not there is found out before anything is done.
    const auto collected = collectUntilSettled(m_context.talk, kCollectMax);
    if (!collected)
        return failure(collected.error());
    for (const auto& name : m_command.nodes) {
        const auto destination = destinationIn(name);
        const auto id = overlay::resolveNode(**collected, destination.node);
        if (id && !destination.user.empty())
            m_users[*id] = destination.user;
    }
    Secret secret;
    if (rotation.needsSecret()) {
        auto again = readSecret(m_parts.input, "New secret " + rotation.newSecret());
        if (!again)
            return failure(again.error());
        if (agent::fingerprintOf(*again) != rotation.newSecret())
            return failure(Error{ErrorCode::InvalidArgument,
                                 "that is not the secret this rotation began with (" + rotation.newSecret() + ")"});
        secret = std::move(again).value();
    }
    return walk(std::move(rotation), secret);
}

Result<void, Error> Rotate::walk(Rotation rotation, const Secret& secret)
{
    while (const auto step = rotation.next()) {
        const auto& node = rotation.nodes()[step->node];
        if (auto taken = takeStep(rotation, *step, secret); !taken) {
            auto error = taken.error();
            error.context = "pass " + std::string(nameOf(step->pass)) + ", " + labelOf(node) + ": " + error.context +
                            "; when it is mended: footbridgectl secrets rotate --resume";
            return failure(std::move(error));
        }
        rotation.done(*step);
        if (auto saved = m_state.save(rotation); !saved)
            return saved;
        say() << "pass " << static_cast<int>(step->pass) + 1 << " of " << kPasses << " (" << nameOf(step->pass)
              << "): " << labelOf(node) << " is done" << std::endl;
    }
    m_state.forget();
    if (m_context.global.format == Format::Json)
        printJson(m_context.console, rotation.toJson());
    else
        m_context.console.out << "Every node has the secret " << rotation.newSecret() << ", none has "
                              << rotation.oldSecret() << " any more." << std::endl;
    return {};
}

Result<void, Error> Rotate::takeStep(const Rotation& rotation, const Rotation::Step& step, const Secret& secret)
{
    const auto& node = rotation.nodes()[step.node];
    const auto listed = change(rotation, step, secret);
    if (!listed)
        return failure(listed.error());
    const auto missing = missingAfter(step.pass, rotation, listed->scopes);
    if (missing)
        return failure(Error{ErrorCode::InvalidArgument, *missing});
    if (!listed->hasChanged)
        return prove(rotation, node); // an earlier run got so far
    if (auto proven = prove(rotation, node); !proven)
        return failure(notThere(node, proven.error()));
    return confirm(node);
}

Result<agent::SecretsListed, Error> Rotate::change(const Rotation& rotation, const Rotation::Step& step,
                                                   const Secret& secret)
{
    const auto& node = rotation.nodes()[step.node];
    if (node.hops == 0) {
        return m_context.talk.ask<agent::SecretsListed>(
            agent::ChangeSecrets{changeOf(step.pass, rotation, secret), Duration(m_command.confirmWithin)});
    }
    Secret line;
    if (step.pass == Pass::Learn)
        line = Secret(secret.reveal() + '\n');
    return tell(node, wordsOf(step.pass, rotation, m_command.confirmWithin), line);
}

Result<agent::SecretsListed, Error> Rotate::tell(const RotationNode& node, const Words& words, const Secret& input)
{
    OpenSshWords ssh;
    ssh.options = m_command.sshOptions;
    ssh.options.insert(ssh.options.end(), {"-T", "-o", "ConnectTimeout=15", "-o", "ServerAliveInterval=5"});
    const auto user = m_users.find(node.id);
    const auto& login = user == m_users.end() ? m_command.user : user->second;
    ssh.words.push_back((login.empty() ? "" : login + '@') + node.id.toString());
    std::string remote = m_command.program;
    for (const auto& word : words)
        remote += ' ' + word; // fingerprints, numbers and words of ours: nothing a shell would read otherwise
    ssh.words.push_back(std::move(remote));
    const auto route = routeTo(node.id, m_context, m_parts.surroundings);
    const auto ran = m_parts.shell.run(openSshCommandLine(OpenSshCommand::Tool::Ssh, ssh, route), input, kShellLimit);
    if (!ran)
        return failure(ran.error());
    const auto json = agent::parseJson(ran->out);
    if (ran->exitCode == 0 && json) {
        if (auto listed = agent::secretsFromJson(*json))
            return listed;
    }
    if (ran->exitCode == kOpenSshFailed)
        return failure(Error{ErrorCode::TimedOut, "OpenSSH could not get there, or the session was cut"});
    if (json && json->is_object() && json->contains("error")) {
        if (const auto said = agent::errorFromJson((*json)["error"]); said.has_value())
            return failure(said.value());
    }
    return failure(Error{ErrorCode::ProtocolMismatch, "\"" + m_command.program + " secrets\" ended with code " +
                                                          std::to_string(ran->exitCode) + " there"});
}

Result<void, Error> Rotate::confirm(const RotationNode& node)
{
    const auto listed = node.hops == 0 ? m_context.talk.ask<agent::SecretsListed>(agent::ConfirmSecrets{})
                                       : tell(node, {"--json", "secrets", "confirm"}, Secret());
    if (!listed)
        return failure(listed.error());
    return {};
}

bool Rotate::answers(romon::RomonId node, Duration within)
{
    const Instant end = m_context.talk.now() + within;
    const auto request = m_context.talk.submit(agent::PingNode{node, 0, kProofInterval, kEchoTimeout});
    for (;;) {
        const auto body = m_context.talk.answer(request, end);
        const auto* result = body ? std::get_if<agent::PingResult>(&*body) : nullptr;
        if (result != nullptr && !result->rtt)
            continue;
        std::ignore = m_context.talk.submit(agent::Cancel{request});
        return result != nullptr;
    }
}

Result<void, Error> Rotate::prove(const Rotation& rotation, const RotationNode& node)
{
    if (node.hops != 0) {
        if (answers(node.id, kProofTime))
            return {};
        return failure(Error{ErrorCode::PeerSilent, "it does not answer echoes after its change"});
    }
    // The agent here: everybody must still be there for it.
    for (const auto& other : rotation.nodes()) {
        if (other.hops != 0 && !answers(other.id, kProofTime))
            return failure(Error{ErrorCode::PeerSilent, labelOf(other) + " does not answer after the change here"});
    }
    return {};
}

Error Rotate::notThere(const RotationNode& node, Error error)
{
    if (node.hops == 0) {
        std::ignore = m_context.talk.ask<agent::SecretsListed>(agent::ConfirmSecrets{agent::ConfirmSecrets::Keep::No});
        error.context += "; the change here is put back";
        return error;
    }
    say() << labelOf(node) << " does not answer; it puts its change back by itself within "
          << m_command.confirmWithin.count() << " s" << std::endl;
    const bool isBack = answers(node.id, m_command.confirmWithin + kPutBackMargin);
    error.context += isBack ? "; it is back with its old secrets" : "; it has not come back";
    return error;
}

} // namespace

ExitCode runRotate(Context& context, const RotateCommand& command, const RotateParts& parts)
{
    Rotate rotate(context, command, parts);
    const auto done = rotate.run();
    return done ? ExitCode::Ok : fail(context, done.error(), "");
}

} // namespace fb::cli
