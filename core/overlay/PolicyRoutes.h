// SPDX-License-Identifier: Apache-2.0
// The ways to a node that a policy allows: the pinned one first, then the others in PathFinder's order, and for a
// session one that shares no node with the first, however dear it is.
#pragma once

#include "core/overlay/PathPolicy.h"
#include "core/overlay/Routes.h"

namespace fb::overlay {

class PolicyRoutes {
public:
    PolicyRoutes(const NodeContext& context, const Map& map, const Routes& routes)
        : m_context(context), m_map(map), m_routes(routes)
    {
    }

    /// Best first, at most `count`; empty if the policy leaves none.
    [[nodiscard]] std::vector<Path> find(romon::RomonId target, std::size_t count, const PathPolicy& policy) const;
    /// The same, and one that is disjoint from the first in nodes or else in links if the policy allows one.
    [[nodiscard]] std::vector<Path> findForSession(romon::RomonId target, std::size_t count,
                                                   const PathPolicy& policy) const;

private:
    [[nodiscard]] std::optional<Path> pinned(romon::RomonId target, const PathPolicy& policy) const;
    [[nodiscard]] bool mayCross(romon::RomonId node, romon::RomonId target) const;

    const NodeContext& m_context;
    const Map& m_map;
    const Routes& m_routes;
};

} // namespace fb::overlay
