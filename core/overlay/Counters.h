// SPDX-License-Identifier: Apache-2.0
// What a node counts: dropped frames by reason and limits that were reached. Counting is all that happens to bad input.
#pragma once

#include "core/overlay/Snapshot.h"
#include "core/romon/WireError.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fb::overlay {

enum class Counter {
    PortNotUp, ///< heard on, or meant for, a port that is not Up
    EthernetTruncated,
    EthernetTagged, ///< has a VLAN tag: belongs to another interface
    OtherEtherType,
    OtherDestinationMac, ///< overheard: meant for another port
    SourceMacUnusable,
    OwnFrameReturned,  ///< a frame of ours that a bridge or hub gave back
    AuthNotVerifiable, ///< the sender uses a secret; we have none
    HelloIgnored,
    SequenceErrorIgnored,
    IdUnusable, ///< a zero or group RoMON id
    LinkRecordUnusable,
    DuplicateId,       ///< somebody else uses our id
    DiscoverHeaderOdd, ///< destination, pointer or parent are not as in any captured Discover
    DiscoverOwn,       ///< our own question came round
    DiscoverLoop,      ///< this node is in the hop list already
    DiscoverTooManyHops,
    DiscoverRepeated,     ///< a copy that was answered in this round
    DiscoverAmidRound,    ///< began a round in the middle of another one of its origin
    DiscoverRateLimited,  ///< too many on one port
    DiscoverOriginsLimit, ///< too many origins at once
    DiscoverWaysLimit,    ///< a way of a question that was not remembered
    AnswersPerRoundLimit, ///< one origin reached us over too many links
    AnswersWaitingLimit,
    AnswersRateLimited,    ///< too many questions of others at once
    DiscoverSuppressed,    ///< not forwarded: enough others did, on the same segment
    DiscoversWaitingLimit, ///< forwarded without a wait for others
    ResponseRateLimited,   ///< too many on one port
    ResponseHeaderOdd,     ///< ids, pointer or parent contradict each other
    ResponseNotAsked,      ///< nobody asked here lately
    ResponseNotForwarded,  ///< for another asker, and this node is a leaf
    LeafDoesNotForward,    ///< Data for another node
    DataPathEnds,          ///< Data whose source route ends before its target
    DataPathGoesOn,        ///< Data for us whose source route does not end here
    LinkUnknown,           ///< a source route names a link that is not ours
    NextMacUnusable,       ///< a source route names a group address or one of our own ports
    SameSegment,           ///< not forwarded between ports of one kernel bridge
    FrameTooLarge,         ///< for the port it should leave by
    TransmitsLimit,        ///< frames dropped because nobody drained them
    EventsLimit,
    NodesLimit, ///< a node that there was no room for
    LinksLimit,
    NodesInUseLimit, ///< a node with a stream that may be given up all the same
    NodesEvicted,    ///< given up for another one
    LinksEvicted,
    EchoesLimit, ///< ours that were not sent: too many wait for their answer
    EchoRateLimited,
    EchoUnexpected, ///< an answer to no question of ours, or too late
    EchoMalformed,
    NodeQuestionRateLimited,
    NodeQuestionsLimit, ///< a Footbridge node that is not asked about itself: too many are
    NodeInformationMalformed,
    NodeInformationUnexpected,
    NodeQuestionNotSendable,
    AnswerNotSendable,
    HashMismatch,    ///< signed with none of the port's secrets
    UnhashedRefused, ///< not signed, and the port's secrets demand it
    Replayed,        ///< signed with one of our secrets and heard before, or from a session that is over
    SessionUnproven, ///< kept or dropped until the sender's session is proven
    ChallengesSent,
    ChallengesAnswered,
    ChallengesLimited, ///< not sent or not answered: too many
    ChallengeMalformed,
    ChallengeAnswerUnexpected,
    HeldFramesLimit,    ///< not kept while a session was unproven
    ProvenSendersLimit, ///< a neighbor had to make room for another
    RefusedSendersLimit,
    UnreachableTold,           ///< sources told that a frame of theirs could not be passed on
    UnreachableWithheld,       ///< not told: too often, or not known as Footbridge
    UnreachableMalformed,      ///< a report that cannot be read
    UnreachableSourcesEvicted, ///< forgotten while still believed: too many
    WaysBackEvicted,           ///< likewise
    Count,
};

class Counters {
public:
    void add(Counter counter) { ++m_values[static_cast<std::size_t>(counter)]; }
    void add(romon::WireError error) { ++m_wireErrors[static_cast<std::size_t>(error)]; }

    [[nodiscard]] std::uint64_t value(Counter counter) const { return m_values[static_cast<std::size_t>(counter)]; }

    /// Ascending by name, zeros left out.
    [[nodiscard]] std::vector<NamedCounter> named() const;

private:
    std::array<std::uint64_t, static_cast<std::size_t>(Counter::Count)> m_values{};
    std::array<std::uint64_t, static_cast<std::size_t>(romon::WireError::Count)> m_wireErrors{};
};

} // namespace fb::overlay
