// SPDX-License-Identifier: Apache-2.0
// Our own questions and everybody's answers: while somebody watches, one Discover a round on each port; what comes back
// for us fills the map, what comes back for others walks on along its hop list.
#pragma once

#include "core/overlay/Map.h"
#include "core/overlay/NodeContext.h"
#include "core/romon/Messages.h"

#include <optional>

namespace fb::overlay {

/// Never more often than this on one port (good neighbor rule 7 of the reference).
inline constexpr Duration kRoundIntervalMin = std::chrono::seconds(1);
/// In large networks a round takes as long as so many nodes, and so many answers, a second need; a node answers once
/// for each link.
inline constexpr std::size_t kNodesPerSecond = 200;
inline constexpr std::size_t kAnswersPerSecond = 1000;
/// Where that is more than the minimum, every few rounds without a change add it once more, up to so many times.
inline constexpr std::uint32_t kQuietRoundsPerStep = 4;
inline constexpr std::uint32_t kIntervalStepsMax = 4;
/// One step in the largest network: what invented nodes and links can slow us down to, besides.
inline constexpr Duration kIntervalStepMax = std::chrono::seconds(90);
/// Answers are believed this long after the last question.
inline constexpr Duration kAnswersExpected = std::chrono::seconds(10);

class Asker {
public:
    Asker(NodeContext& context, Map& map) : m_context(context), m_map(map) {}

    void startWatching(Instant now);
    void stopWatching();
    [[nodiscard]] bool isWatching() const { return m_watchers > 0; }
    /// Whether the map is being kept up to date, so that its paths may be trusted.
    [[nodiscard]] bool isMapCurrent() const { return isWatching() && m_map.rounds() > 0; }

    /// A port came up: whoever watches need not wait for the next round to see what is behind it.
    void portUp(Port& port, Instant now);

    /// The node that answered us, if one did.
    std::optional<romon::RomonId> receive(const Heard& heard, const romon::DiscoverResp& response);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const { return m_nextRound; }

private:
    void ask(Port& port, Instant now);
    void noteRoundOver();
    [[nodiscard]] Duration interval() const;
    [[nodiscard]] std::optional<romon::RomonId> askerOf(const Heard& heard, const romon::DiscoverResp& response);
    void passOn(const Heard& heard, const romon::DiscoverResp& response);
    [[nodiscard]] bool isSound(const Heard& heard, const romon::DiscoverResp& response);
    void describe(NodeEntry& node, const romon::DiscoverResp& response);
    void learn(const Heard& heard, const romon::DiscoverResp& response);

    NodeContext& m_context;
    Map& m_map;
    std::size_t m_watchers = 0;
    std::size_t m_answersThisRound = 0;
    std::size_t m_answersLastRound = 0;
    std::uint64_t m_shapeSeen = 0;
    std::uint32_t m_quietRounds = 0;
    std::optional<Instant> m_nextRound;
    std::optional<Instant> m_lastAsked;
};

} // namespace fb::overlay
