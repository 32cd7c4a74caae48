// SPDX-License-Identifier: Apache-2.0
// Discovers of others: each is a sign of its sender, is answered, and, by a transit node, passed on. The wire knows no
// round number, so the copies of one origin within a short window are one round: the first is forwarded, each distinct
// copy (another parent, another link) is answered once, paced and bounded. Whoever asks in the origin's name cannot
// make its own question pass for a copy: QuestionWays tells them apart. On a segment where many forward the same
// question, a node waits a little and keeps quiet once enough others did: who heard them answers them, so every node of
// the segment is still found.
#pragma once

#include "core/overlay/Map.h"
#include "core/overlay/NodeContext.h"
#include "core/overlay/QuestionWays.h"
#include "core/romon/Messages.h"

#include <map>

namespace fb::overlay {

inline constexpr std::size_t kFloodHopsMax = 32;
inline constexpr std::size_t kOriginsMax = 4096;
inline constexpr std::size_t kAnswersPerRoundMax = 32;
/// Of those to one sender on one port, which honestly has one copy to send.
inline constexpr std::size_t kAnswersPerSenderMax = 4;
inline constexpr std::size_t kAnswersWaitingMax = 4096;
/// Answers wait a random time, the later ones of a round longer, so that a whole segment does not speak at once (ours).
inline constexpr Duration kAnswerJitter = std::chrono::milliseconds(10);
inline constexpr Duration kAnswerSpacing = std::chrono::milliseconds(3);

inline constexpr RateLimit::Rate kAnswersPerNode{.perSecond = 1024, .burst = 2048};
/// Whoever asks at regular intervals of more than two seconds knows many nodes: half of the time beyond that is used to
/// spread the answers, at most this long (ours).
inline constexpr Duration kAnswerSpreadFrom = std::chrono::seconds(2);
inline constexpr Duration kAnswerSpreadMax = std::chrono::seconds(30);
/// So many copies of a question on a segment are enough for everybody there to answer (ours).
inline constexpr std::size_t kCopiesEnough = 4;
/// Where more were heard in earlier rounds, a forwarder waits a random time, below this for each of them.
inline constexpr Duration kForwardSpacing = std::chrono::milliseconds(2);
inline constexpr std::size_t kForwardsWaitingMax = 1024;

class Flood {
public:
    Flood(NodeContext& context, Map& map) : m_context(context), m_map(map), m_answerRate(kAnswersPerNode) {}

    void receive(const Heard& heard, const romon::Discover& discover);
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

private:
    /// What tells one copy of a question from another.
    struct Copy {
        EndName parent;
        PortId port = 0;
        MacAddress from;

        friend bool operator==(const Copy&, const Copy&) = default;
    };
    [[nodiscard]] static Copy copyOf(const Heard& heard, const romon::Discover& discover)
    {
        return {.parent = {.node = discover.routing.node, .linkId = discover.routing.outgoing.linkId},
                .port = heard.port.id,
                .from = heard.from};
    }
    struct Round {
        Instant startedAt{};
        Duration interval{};       ///< since the round before; zero if there was none
        Duration intervalBefore{}; ///< of the round before
        std::vector<Copy> answered{};
    };
    struct Origin : EvictionOrder::Entry {
        romon::RomonId id;
        Round round;
        QuestionWays ways;
    };
    struct Answer {
        PortId port = 0;
        MacAddress to;
        romon::DiscoverResp response;
    };
    /// A question that waits whether others pass it on to the same segment.
    struct Onward {
        PortId port = 0;
        Instant roundStartedAt{};
        romon::Discover discover;
    };

    [[nodiscard]] bool isSound(const Heard& heard, const romon::Discover& discover);
    void learn(const Heard& heard, const romon::Discover& discover);
    [[nodiscard]] std::optional<Counter> whyNotForUs(const romon::Discover& discover) const;
    /// What a question is to its origin's round.
    struct Judgement {
        Origin* origin = nullptr; ///< null: not known yet
        bool beginsRound = true;
        std::optional<Counter> needless; ///< a copy that teaches nothing and gets no answer
    };
    [[nodiscard]] Judgement judge(const Heard& heard, const romon::Discover& discover);
    [[nodiscard]] Origin* addOrigin(const Heard& heard, romon::RomonId id);
    bool makeRoomForOrigin(const Heard& heard);
    void noteWay(Origin& origin, const Heard& heard, const romon::Discover& discover, QuestionWays::Part part);
    void beginRound(Origin& origin, const Heard& heard, const romon::Discover& discover);
    void noteCopiesOf(const Round& round);
    void forward(const Heard& heard, const romon::Discover& discover, const Round& round);
    void forwardWaiting(const Onward& onward);
    [[nodiscard]] static std::size_t copiesOn(const Round& round, PortId port);
    [[nodiscard]] static Duration answerSpread(const Round& round);
    [[nodiscard]] static std::optional<Counter> whyNeedless(const Copy& copy, const Round& round);
    void queueAnswer(const Heard& heard, const romon::Discover& discover, Round& round);
    [[nodiscard]] romon::DiscoverResp answerTo(const Port& port, const romon::Discover& discover) const;

    NodeContext& m_context;
    Map& m_map;
    RateLimit m_answerRate;
    std::map<romon::RomonId, Origin> m_origins;
    EvictionOrder m_order;                    ///< of the origins, by the port that each was first heard on
    std::multimap<Instant, Answer> m_answers; ///< by when they are due
    std::multimap<Instant, Onward> m_onward;  ///< likewise
};

} // namespace fb::overlay
