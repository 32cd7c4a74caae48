// SPDX-License-Identifier: Apache-2.0
// What the user wants of the ways of sessions: a path pinned, nodes and links avoided.
#pragma once

#include "core/overlay/PathConstraints.h"

#include <optional>

namespace fb::overlay {

/// A port of a node, named by hand: whoever names it need not know what is at its other end.
using PortName = EndName;

struct PathPolicy {
    std::vector<romon::RomonId> avoidNodes;
    std::vector<PortName> avoidLinks; ///< every link at this port
    std::vector<PortName> pin;        ///< the ports that the path leaves by, one a hop; empty: none is pinned
    bool isStrict = false;            ///< rather no way than another one than the pinned

    [[nodiscard]] bool isEmpty() const { return avoidNodes.empty() && avoidLinks.empty() && pin.empty(); }
    friend bool operator==(const PathPolicy&, const PathPolicy&) = default;
};

/// The ports that a path leaves by: what pins it.
[[nodiscard]] std::vector<PortName> pinOf(const Path& path);
/// What fails both paths when it fails: nodes between their ends, and ports. Many paths over one segment share no node
/// and are cut together; a port in common gives them away.
[[nodiscard]] std::size_t countShared(const Path& first, const Path& second);

} // namespace fb::overlay
