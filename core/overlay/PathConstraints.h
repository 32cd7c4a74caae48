// SPDX-License-Identifier: Apache-2.0
// What a path must not use. A node to be avoided is neither crossed nor reached.
#pragma once

#include "core/overlay/LinkName.h"

#include <algorithm>
#include <vector>

namespace fb::overlay {

struct PathConstraints {
    std::vector<romon::RomonId> avoidNodes;
    std::vector<LinkName> avoidLinks;

    [[nodiscard]] bool isEmpty() const { return avoidNodes.empty() && avoidLinks.empty(); }
    [[nodiscard]] bool forbid(const LinkInfo& link) const
    {
        const auto isAvoided = [this](romon::RomonId node) {
            return std::ranges::find(avoidNodes, node) != avoidNodes.end();
        };
        return isAvoided(link.a) || isAvoided(link.b) ||
               std::ranges::find(avoidLinks, nameOf(link)) != avoidLinks.end();
    }

    friend bool operator==(const PathConstraints&, const PathConstraints&) = default;
};

} // namespace fb::overlay
