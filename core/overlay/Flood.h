// SPDX-License-Identifier: Apache-2.0
// Discovers of others: each is a sign of its sender, is answered, and, by a transit node, passed on. The wire knows no
// round number, so the copies of one origin within a short window are one round: the first is forwarded, each distinct
// copy (another parent, another link) is answered once, paced and bounded.
#pragma once

#include "core/overlay/Map.h"
#include "core/overlay/NodeContext.h"
#include "core/romon/Messages.h"

#include <map>

namespace fb::overlay {

/// Copies this close together are one round (ours): askers keep at least a second between their questions.
inline constexpr Duration kRoundWindow = std::chrono::milliseconds(700);
inline constexpr std::size_t kFloodHopsMax = 32;
inline constexpr std::size_t kOriginsMax = 4096;
inline constexpr std::size_t kAnswersPerRoundMax = 32;
inline constexpr std::size_t kAnswersWaitingMax = 4096;
/// Answers wait a random time, the later ones of a round longer, so that a whole segment does not speak at once (ours).
inline constexpr Duration kAnswerJitter = std::chrono::milliseconds(10);
inline constexpr Duration kAnswerSpacing = std::chrono::milliseconds(3);

class Flood {
public:
    Flood(NodeContext& context, Map& map) : m_context(context), m_map(map) {}

    void receive(const Heard& heard, const romon::Discover& discover);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    /// What tells one copy of a question from another.
    struct Copy {
        EndName parent;
        PortId port = 0;

        friend bool operator==(const Copy&, const Copy&) = default;
    };
    struct Round {
        Instant startedAt{};
        std::vector<Copy> answered;
    };
    struct Answer {
        PortId port = 0;
        MacAddress to;
        romon::DiscoverResp response;
    };

    [[nodiscard]] bool isSound(const Heard& heard, const romon::Discover& discover);
    void learn(const Heard& heard, const romon::Discover& discover);
    [[nodiscard]] bool isForUs(const Heard& heard, const romon::Discover& discover);
    [[nodiscard]] Round* roundOf(romon::RomonId origin, const Heard& heard);
    void forward(const Heard& heard, const romon::Discover& discover);
    void queueAnswer(const Heard& heard, const romon::Discover& discover, Round& round);
    [[nodiscard]] romon::DiscoverResp answerTo(const Port& port, const romon::Discover& discover) const;

    NodeContext& m_context;
    Map& m_map;
    std::map<romon::RomonId, Round> m_rounds;
    std::multimap<Instant, Answer> m_answers; ///< by when they are due
};

} // namespace fb::overlay
