// SPDX-License-Identifier: Apache-2.0
// Who is to be asked for node information, and when: Footbridge nodes alone, soon after they were first seen and then
// now and again, while somebody watches. Answers questions of others.
#pragma once

#include "core/overlay/Map.h"
#include "core/overlay/NodeAnswer.h"
#include "core/overlay/NodeContext.h"

#include <map>
#include <optional>
#include <set>

namespace fb::overlay {

inline constexpr Duration kNodeInformationInterval = std::chrono::seconds(30);
inline constexpr Duration kNodeInformationRetry = std::chrono::seconds(2);
inline constexpr Duration kNodeInformationRetrySend = std::chrono::milliseconds(200);

class NodeInformation {
public:
    NodeInformation(NodeContext& context, Map& map);

    /// A Footbridge node answered a Discover.
    void noteFootbridge(romon::RomonId id, Instant now);

    struct Question {
        romon::RomonId target;
        ByteVector payload;
    };
    /// The next question that is due; call until there is none.
    [[nodiscard]] std::optional<Question> nextDue(Instant now);
    /// The question could not be sent: a node is often heard of a moment before the way to it is.
    void notSent(romon::RomonId id, Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// The answer to send back, if this was a question; an answer goes into the map.
    [[nodiscard]] std::optional<ByteVector> receive(const Heard& heard, romon::RomonId from, Bytes payload);

private:
    struct Asked {
        Instant due{};
        std::optional<std::uint32_t> nonce; ///< of the question that waits for its answer
    };
    void schedule(romon::RomonId id, Asked& asked, Instant due);
    void learn(const Heard& heard, romon::RomonId from, const NodeAnswer& answer);

    NodeContext& m_context;
    Map& m_map;
    RateLimit m_answers;
    std::map<romon::RomonId, Asked> m_asked; ///< bounded like the nodes of the map
    std::set<std::pair<Instant, romon::RomonId>> m_due;
};

} // namespace fb::overlay
