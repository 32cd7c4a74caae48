// SPDX-License-Identifier: Apache-2.0
#include "core/cli/Rotation.h"

#include "core/agent/JsonCodec.h"

#include <algorithm>
#include <array>
#include <tuple>

namespace fb::cli {

template <class Codec, class Node>
    requires std::same_as<std::remove_const_t<Node>, RotationNode>
void fields(Codec& codec, Node& node)
{
    codec.id("id", node.id);
    codec.text("identity", node.identity);
    codec.integer("hops", node.hops);
    codec.integer("cost", node.cost);
    codec.integer("passes_done", node.passesDone);
}

namespace {

using Action = agent::SecretChange::Action;

constexpr std::array<std::string_view, kPasses> kNames{"learn", "send", "forget"};
constexpr std::size_t kNodesMax = 16384;
constexpr std::string_view kFormat = "footbridge-rotation-1";

bool holds(const agent::SecretScope& scope, std::string_view fingerprint)
{
    // A list of nothing is one of the empty secret alone.
    if (scope.fingerprints.empty())
        return fingerprint == agent::kEmptyFingerprint;
    return std::ranges::find(scope.fingerprints, fingerprint) != scope.fingerprints.end();
}

} // namespace

std::string_view nameOf(Pass pass)
{
    return kNames[static_cast<std::size_t>(pass)];
}

Rotation::Rotation(std::string oldSecret, std::string newSecret, std::vector<RotationNode> nodes)
    : m_old(std::move(oldSecret)), m_new(std::move(newSecret)), m_nodes(std::move(nodes))
{
    // Nothing but the map decides, so that a rotation that is resumed goes on in the same order.
    std::ranges::sort(m_nodes, [](const RotationNode& left, const RotationNode& right) {
        return std::tuple(right.hops, right.cost, left.id) < std::tuple(left.hops, left.cost, right.id);
    });
}

std::optional<Rotation::Step> Rotation::next() const
{
    const auto least = std::ranges::min_element(m_nodes, {}, &RotationNode::passesDone);
    if (least == m_nodes.end() || least->passesDone >= kPasses)
        return std::nullopt;
    return Step{static_cast<Pass>(least->passesDone), static_cast<std::size_t>(least - m_nodes.begin())};
}

void Rotation::done(const Step& step)
{
    m_nodes[step.node].passesDone = static_cast<int>(step.pass) + 1;
}

bool Rotation::needsSecret() const
{
    const auto step = next();
    return step && step->pass == Pass::Learn;
}

agent::Json Rotation::toJson() const
{
    agent::JsonWriter writer;
    writer.text("format", std::string(kFormat));
    writer.text("old", m_old);
    writer.text("new", m_new);
    writer.list("nodes", m_nodes);
    return writer.take();
}

Result<Rotation, Error> Rotation::fromJson(const agent::Json& json)
{
    agent::JsonReader reader(json);
    std::string format;
    std::string oldSecret;
    std::string newSecret;
    std::vector<RotationNode> nodes;
    reader.text("format", format);
    reader.text("old", oldSecret);
    reader.text("new", newSecret);
    reader.list("nodes", nodes);
    if (!reader.ok())
        return failure(reader.error());
    if (format != kFormat || nodes.size() > kNodesMax)
        return failure(Error{ErrorCode::InvalidArgument, "that is no state of a rotation that this version knows"});
    // What next() can lead to: nobody is more than one pass ahead.
    const auto [least, most] = std::ranges::minmax_element(nodes, {}, &RotationNode::passesDone);
    if (nodes.empty() || least->passesDone < 0 || most->passesDone > kPasses ||
        most->passesDone - least->passesDone > 1)
        return failure(Error{ErrorCode::InvalidArgument, "the state of the rotation contradicts itself"});
    return Rotation(std::move(oldSecret), std::move(newSecret), std::move(nodes));
}

agent::SecretChange changeOf(Pass pass, const Rotation& rotation, const Secret& newSecret)
{
    agent::SecretChange change;
    change.where = rotation.oldSecret();
    switch (pass) {
    case Pass::Learn:
        change.action = Action::Add;
        change.secrets.push_back(newSecret);
        break;
    case Pass::Send:
        change.action = Action::First;
        change.fingerprints = {rotation.newSecret()};
        break;
    case Pass::Forget:
        change.action = Action::Remove;
        change.fingerprints = {rotation.oldSecret()};
        break;
    }
    return change;
}

std::vector<std::string> wordsOf(Pass pass, const Rotation& rotation, std::chrono::seconds confirmWithin)
{
    std::vector<std::string> words{"--json", "secrets"};
    switch (pass) {
    case Pass::Learn:
        words.emplace_back("add");
        break;
    case Pass::Send:
        words.insert(words.end(), {"first", "--fingerprint", rotation.newSecret()});
        break;
    case Pass::Forget:
        words.insert(words.end(), {"remove", "--fingerprint", rotation.oldSecret()});
        break;
    }
    words.insert(words.end(),
                 {"--where", rotation.oldSecret(), "--confirm-within", std::to_string(confirmWithin.count())});
    return words;
}

std::string routerOsCommandOf(Pass pass)
{
    switch (pass) {
    case Pass::Learn:
        return "/tool romon set secrets=OLD,NEW";
    case Pass::Send:
        return "/tool romon set secrets=NEW,OLD";
    case Pass::Forget:
        return "/tool romon set secrets=NEW";
    }
    return {};
}

std::optional<std::string> missingAfter(Pass pass, const Rotation& rotation, std::span<const agent::SecretScope> scopes)
{
    bool hasNew = false;
    for (const auto& scope : scopes) {
        const auto where = scope.interface.empty() ? std::string() : " on port " + scope.interface;
        const bool holdsOld = holds(scope, rotation.oldSecret());
        const bool holdsNew = holds(scope, rotation.newSecret());
        hasNew = hasNew || holdsNew;
        if (holdsOld && !holdsNew)
            return "it has the old secret without the new one" + where;
        if (holdsOld && pass == Pass::Forget)
            return "it still has the old secret" + where;
        if (holdsOld && pass == Pass::Send && scope.fingerprints.front() != rotation.newSecret())
            return "it does not send with the new secret" + where;
    }
    if (!hasNew)
        return "it has neither the old nor the new secret";
    return std::nullopt;
}

} // namespace fb::cli
