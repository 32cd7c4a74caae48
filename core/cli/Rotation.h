// SPDX-License-Identifier: Apache-2.0
// The plan of a change of secrets across a network, as a value: which node is next, what it has to do, and how far
// everything is. Three passes, by RouterOS's documented order: every node learns the new secret, every node sends with
// it, every node forgets the old one. No pass begins before the one before is done everywhere, so that any two nodes
// can verify each other at every moment. Within a pass the farthest is first: a nearer one that fails cuts nobody off
// that is still to come.
#pragma once

#include "core/agent/Json.h"
#include "core/overlay/Snapshot.h"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace fb::cli {

enum class Pass { Learn, Send, Forget };
inline constexpr int kPasses = 3;

struct RotationNode {
    romon::RomonId id;
    std::string identity;
    std::uint32_t hops = 0; ///< 0: the agent here, which is the last of each pass
    std::uint32_t cost = 0;
    int passesDone = 0;

    friend bool operator==(const RotationNode&, const RotationNode&) = default;
};

class Rotation {
public:
    /// Fingerprints. The nodes in any order.
    Rotation(std::string oldSecret, std::string newSecret, std::vector<RotationNode> nodes);

    [[nodiscard]] const std::string& oldSecret() const { return m_old; }
    [[nodiscard]] const std::string& newSecret() const { return m_new; }
    /// In the order of each pass.
    [[nodiscard]] const std::vector<RotationNode>& nodes() const { return m_nodes; }

    struct Step {
        Pass pass = Pass::Learn;
        std::size_t node = 0; ///< in nodes()
    };
    /// None: everything is done.
    [[nodiscard]] std::optional<Step> next() const;
    void done(const Step& step);
    [[nodiscard]] bool needsSecret() const; ///< somebody has yet to learn it

    /// The state file: fingerprints and progress, never a secret.
    [[nodiscard]] agent::Json toJson() const;
    /// Fails with InvalidArgument.
    [[nodiscard]] static Result<Rotation, Error> fromJson(const agent::Json& json);

private:
    std::string m_old;
    std::string m_new;
    std::vector<RotationNode> m_nodes;
};

[[nodiscard]] std::string_view nameOf(Pass pass);

/// What a node does in a pass. The new secret is needed only to learn it.
[[nodiscard]] agent::SecretChange changeOf(Pass pass, const Rotation& rotation, const Secret& newSecret);
/// The same as words for footbridgectl on that node; the secret goes to its standard input.
[[nodiscard]] std::vector<std::string> wordsOf(Pass pass, const Rotation& rotation, std::chrono::seconds confirmWithin);
/// The same on a RouterOS node, for a person to type; OLD and NEW stand for the secrets.
[[nodiscard]] std::string routerOsCommandOf(Pass pass);

/// Whether the lists of a node are as the pass must leave them; what is wrong otherwise, in words.
[[nodiscard]] std::optional<std::string> missingAfter(Pass pass, const Rotation& rotation,
                                                      std::span<const agent::SecretScope> scopes);

} // namespace fb::cli
