// SPDX-License-Identifier: Apache-2.0
// What a path must not use. A node to be avoided is neither crossed nor reached.
#pragma once

#include "core/overlay/LinkName.h"

#include <algorithm>
#include <vector>

namespace fb::overlay {

struct PathConstraints {
    std::vector<romon::RomonId> avoidNodes;
    std::vector<EndName> avoidPorts; ///< whatever is at the other end

    [[nodiscard]] bool isEmpty() const { return avoidNodes.empty() && avoidPorts.empty(); }
    [[nodiscard]] bool forbid(const Hop& hop) const
    {
        const auto isOneOf = [](const auto& names, const auto& name) {
            return std::ranges::find(names, name) != names.end();
        };
        return isOneOf(avoidNodes, hop.from) || isOneOf(avoidNodes, hop.to) ||
               isOneOf(avoidPorts, EndName{.node = hop.from, .linkId = hop.out.linkId}) ||
               isOneOf(avoidPorts, EndName{.node = hop.to, .linkId = hop.in.linkId});
    }

    friend bool operator==(const PathConstraints&, const PathConstraints&) = default;
};

} // namespace fb::overlay
