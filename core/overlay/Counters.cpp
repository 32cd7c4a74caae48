// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/Counters.h"

#include <algorithm>
#include <string>
#include <string_view>

namespace fb::overlay {

namespace {

struct Row {
    Counter counter;
    std::string_view name;
};

constexpr std::array kRows{
    Row{Counter::PortNotUp, "port-not-up"},
    Row{Counter::EthernetTruncated, "ethernet-truncated"},
    Row{Counter::EthernetTagged, "ethernet-tagged"},
    Row{Counter::OtherEtherType, "other-ether-type"},
    Row{Counter::OtherDestinationMac, "other-destination-mac"},
    Row{Counter::SourceMacUnusable, "source-mac-unusable"},
    Row{Counter::OwnFrameReturned, "own-frame-returned"},
    Row{Counter::AuthNotVerifiable, "auth-not-verifiable"},
    Row{Counter::HelloIgnored, "hello-ignored"},
    Row{Counter::SequenceErrorIgnored, "sequence-error-ignored"},
    Row{Counter::IdUnusable, "id-unusable"},
    Row{Counter::LinkRecordUnusable, "link-record-unusable"},
    Row{Counter::DuplicateId, "duplicate-id"},
    Row{Counter::DiscoverHeaderOdd, "discover-header-odd"},
    Row{Counter::DiscoverOwn, "discover-own"},
    Row{Counter::DiscoverLoop, "discover-loop"},
    Row{Counter::DiscoverTooManyHops, "discover-too-many-hops"},
    Row{Counter::DiscoverRepeated, "discover-repeated"},
    Row{Counter::DiscoverAmidRound, "discover-amid-round"},
    Row{Counter::DiscoverRateLimited, "discover-rate-limited"},
    Row{Counter::DiscoverOriginsLimit, "discover-origins-limit"},
    Row{Counter::DiscoverWaysLimit, "discover-ways-limit"},
    Row{Counter::AnswersPerRoundLimit, "answers-per-round-limit"},
    Row{Counter::AnswersWaitingLimit, "answers-waiting-limit"},
    Row{Counter::AnswersRateLimited, "answers-rate-limited"},
    Row{Counter::DiscoverSuppressed, "discover-suppressed"},
    Row{Counter::DiscoversWaitingLimit, "discovers-waiting-limit"},
    Row{Counter::ResponseRateLimited, "response-rate-limited"},
    Row{Counter::ResponseHeaderOdd, "response-header-odd"},
    Row{Counter::ResponseNotAsked, "response-not-asked"},
    Row{Counter::ResponseNotForwarded, "response-not-forwarded"},
    Row{Counter::LeafDoesNotForward, "leaf-does-not-forward"},
    Row{Counter::DataPathEnds, "data-path-ends"},
    Row{Counter::DataPathGoesOn, "data-path-goes-on"},
    Row{Counter::LinkUnknown, "link-unknown"},
    Row{Counter::NextMacUnusable, "next-mac-unusable"},
    Row{Counter::SameSegment, "same-segment"},
    Row{Counter::FrameTooLarge, "frame-too-large"},
    Row{Counter::TransmitsLimit, "transmits-limit"},
    Row{Counter::EventsLimit, "events-limit"},
    Row{Counter::NodesLimit, "nodes-limit"},
    Row{Counter::LinksLimit, "links-limit"},
    Row{Counter::NodesInUseLimit, "nodes-in-use-limit"},
    Row{Counter::NodesEvicted, "nodes-evicted"},
    Row{Counter::LinksEvicted, "links-evicted"},
    Row{Counter::EchoesLimit, "echoes-limit"},
    Row{Counter::EchoRateLimited, "echo-rate-limited"},
    Row{Counter::EchoUnexpected, "echo-unexpected"},
    Row{Counter::EchoMalformed, "echo-malformed"},
    Row{Counter::NodeQuestionRateLimited, "node-question-rate-limited"},
    Row{Counter::NodeQuestionsLimit, "node-questions-limit"},
    Row{Counter::NodeInformationMalformed, "node-information-malformed"},
    Row{Counter::NodeInformationUnexpected, "node-information-unexpected"},
    Row{Counter::NodeQuestionNotSendable, "node-question-not-sendable"},
    Row{Counter::AnswerNotSendable, "answer-not-sendable"},
    Row{Counter::HashMismatch, "hash-mismatch"},
    Row{Counter::UnhashedRefused, "unhashed-refused"},
    Row{Counter::Replayed, "replayed"},
    Row{Counter::SessionUnproven, "session-unproven"},
    Row{Counter::ChallengesSent, "challenges-sent"},
    Row{Counter::ChallengesAnswered, "challenges-answered"},
    Row{Counter::ChallengesLimited, "challenges-limited"},
    Row{Counter::ChallengeMalformed, "challenge-malformed"},
    Row{Counter::ChallengeAnswerUnexpected, "challenge-answer-unexpected"},
    Row{Counter::HeldFramesLimit, "held-frames-limit"},
    Row{Counter::ProvenSendersLimit, "proven-senders-limit"},
    Row{Counter::RefusedSendersLimit, "refused-senders-limit"},
    Row{Counter::UnreachableTold, "unreachable-told"},
    Row{Counter::UnreachableWithheld, "unreachable-withheld"},
    Row{Counter::UnreachableMalformed, "unreachable-malformed"},
    Row{Counter::UnreachableSourcesEvicted, "unreachable-sources-evicted"},
    Row{Counter::WaysBackEvicted, "ways-back-evicted"},
};

consteval bool rowsAreInOrder()
{
    for (std::size_t at = 0; at < kRows.size(); ++at) {
        if (static_cast<std::size_t>(kRows[at].counter) != at)
            return false;
    }
    return kRows.size() == static_cast<std::size_t>(Counter::Count);
}
static_assert(rowsAreInOrder());

} // namespace

std::vector<NamedCounter> Counters::named() const
{
    std::vector<NamedCounter> all;
    for (const auto& row : kRows)
        all.push_back({.name = std::string(row.name), .value = value(row.counter)});
    for (std::size_t at = 0; at < m_wireErrors.size(); ++at) {
        const auto name = romon::nameOf(static_cast<romon::WireError>(at));
        all.push_back({.name = "wire-" + std::string(name), .value = m_wireErrors[at]});
    }
    std::erase_if(all, [](const NamedCounter& counter) { return counter.value == 0; });
    std::ranges::sort(all, {}, &NamedCounter::name);
    return all;
}

} // namespace fb::overlay
