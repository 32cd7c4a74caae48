// SPDX-License-Identifier: Apache-2.0
// The ways by which the questions of one origin reach this node, and what they tell. A question carries no number, so
// a frame is a copy or a question of its own by when and how it comes. Anybody may ask in the origin's name and so
// make a question of the real one look late; but the end of the hop list was written by honest nodes, so a forged
// question comes by another way. Each way may therefore bring a question of its own now and then, in the middle of
// another's round: if it is known from an earlier round and comes neither soon after the round's first frame nor just
// as late as in the rounds before, as a copy would.
#pragma once

#include "core/overlay/NodeContext.h"
#include "core/romon/Messages.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace fb::overlay {

/// Frames of one origin this close together are one round, unless a way tells otherwise (ours): askers keep at least a
/// second between their questions. A way brings no second question within it.
inline constexpr Duration kRoundWindow = std::chrono::milliseconds(700);
/// Copies of one question come within this of the first one, unless a way is so slow that all of its frames come later:
/// then each as late as the two before it, give or take this much (ours).
inline constexpr Duration kCopiesSpread = std::chrono::milliseconds(100);
inline constexpr Duration kSlowWayJitter = std::chrono::milliseconds(10);
/// Ways remembered of one origin, and those of one port: if a hostile port uses all of its own as often as it may,
/// their rounds still leave time for a question that comes by another port.
inline constexpr std::size_t kWaysMax = 16;
inline constexpr std::size_t kWaysPerPort = 4;
/// A way known from an earlier round keeps its place for so long after the last frame.
inline constexpr Duration kWayKept = std::chrono::minutes(5);

static_assert(kWaysPerPort * kCopiesSpread < kRoundWindow);

class QuestionWays {
public:
    enum class Verdict { Copy, OwnQuestion };

    /// What a frame is that comes while a round of its origin lasts.
    [[nodiscard]] Verdict judge(const Heard& heard, const romon::Discover& discover, Instant roundStartedAt) const;

    /// Remembers a frame; `roundStartedAt` is of the round before it, if the frame begins one itself.
    enum class Part { BeginsRound, Copy };
    /// False if there is no room to remember it.
    [[nodiscard]] bool note(const Heard& heard, const romon::Discover& discover, Instant roundStartedAt, Part part);

private:
    struct Way {
        PortId port = 0;
        MacAddress from;
        std::vector<romon::HopEntry> hops;
        Instant firstHeardAt{};
        Instant heardAt{};
        std::optional<Instant> broughtQuestionAt; ///< the first frame of a round
        Duration lateness{};                      ///< after the first frame of another way, when it was heard last
        Duration latenessBefore{};                ///< and the time before

        [[nodiscard]] bool isProven(Instant now) const { return firstHeardAt + kRoundWindow <= now; }
        [[nodiscard]] bool isLateAsEver(Duration late) const
        {
            const auto [earliest, latest] = std::minmax({late, lateness, latenessBefore});
            return latest - earliest <= kSlowWayJitter;
        }
    };

    [[nodiscard]] const Way* find(const Heard& heard, const romon::Discover& discover) const;
    [[nodiscard]] Way* findOrAdd(const Heard& heard, const romon::Discover& discover, Duration late);
    [[nodiscard]] Way* roomFor(PortId port, Instant now);

    std::vector<Way> m_ways;
};

} // namespace fb::overlay
