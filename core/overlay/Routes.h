// SPDX-License-Identifier: Apache-2.0
// The ways over the map, computed when first asked for after a change. Fresh links come first; stale ones are used only
// where no fresh way is left. No path leads through a leaf or over a port of ours that is not Up.
#pragma once

#include "core/overlay/Map.h"
#include "core/overlay/PathFinder.h"

#include <map>
#include <optional>
#include <vector>

namespace fb::overlay {

class Routes {
public:
    Routes(const NodeContext& context, const Map& map) : m_context(context), m_map(map) {}

    /// Over fresh links alone.
    [[nodiscard]] std::optional<Path> bestFresh(romon::RomonId target) const;
    /// Over fresh links, else over stale ones too.
    [[nodiscard]] std::optional<Path> best(romon::RomonId target) const;
    /// Best first; of the same links that best() uses.
    [[nodiscard]] std::vector<Path> alternatives(romon::RomonId target, std::size_t count) const;

    // The same among the paths that keep to the constraints. Computed each time: whoever asks often keeps the answer
    // until the map's generation changes.
    [[nodiscard]] std::optional<Path> best(romon::RomonId target, const PathConstraints& constraints) const;
    [[nodiscard]] std::vector<Path> alternatives(romon::RomonId target, std::size_t count,
                                                 const PathConstraints& constraints) const;

private:
    /// One set of links, ready to be asked.
    struct Tier {
        std::vector<LinkInfo> throughLinks; ///< that any path may use
        /// Leaves with more than one link: a path may end there and must not lead through.
        std::map<romon::RomonId, std::vector<LinkInfo>> leafLinks;
        PathFinder finder;
    };

    [[nodiscard]] const Tier& tier(Freshness atLeast) const;
    [[nodiscard]] Tier makeTier(Freshness atLeast, const PathConstraints& constraints) const;
    [[nodiscard]] std::optional<Path> bestIn(const Tier& tier, romon::RomonId target) const;
    [[nodiscard]] std::vector<Path> alternativesIn(const Tier& tier, romon::RomonId target, std::size_t count) const;

    const NodeContext& m_context;
    const Map& m_map;
    // Caches: what they hold follows from the map alone.
    mutable std::uint64_t m_generation = 0;
    mutable std::optional<Tier> m_fresh;
    mutable std::optional<Tier> m_stale;
};

} // namespace fb::overlay
