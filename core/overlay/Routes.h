// SPDX-License-Identifier: Apache-2.0
// The ways over the map. Fresh links come first; stale ones are used only where no fresh way is left. No path leads
// through a leaf or over a port of ours that is not Up. What was computed is kept, and follows the map's changes link
// by link when its generation has grown.
#pragma once

#include "core/overlay/Map.h"
#include "core/overlay/PathFinder.h"

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

    /// Catches up with changes that the map's generation does not show yet, so that paths and links agree.
    void catchUp() const;

private:
    /// One set of links, ready to be asked.
    struct Tier {
        Freshness atLeast = Freshness::Fresh;
        PathFinder finder;
        std::uint64_t changesSeen = 0;
    };

    [[nodiscard]] const PathFinder& tier(Freshness atLeast) const;
    [[nodiscard]] Tier makeTier(Freshness atLeast) const;
    void follow(std::optional<Tier>& tier) const;
    void apply(Tier& tier, const LinkName& name) const;
    [[nodiscard]] bool isUsable(const LinkInfo& link) const;
    [[nodiscard]] Passage passageOf(romon::RomonId node) const;
    template <typename Ask>
    [[nodiscard]] auto firstAnswer(const Ask& ask) const;

    const NodeContext& m_context;
    const Map& m_map;
    // Caches: what they hold follows from the map alone.
    mutable std::uint64_t m_generation = 0;
    mutable std::optional<Tier> m_fresh;
    mutable std::optional<Tier> m_stale;
};

} // namespace fb::overlay
