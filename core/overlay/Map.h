// SPDX-License-Identifier: Apache-2.0
// What this node knows of the others: nodes and links, how fresh each is. Age is counted in missed rounds of our own
// questions, so nothing grows old while nobody asks. Bounded: a full table gives up its least useful entry, or refuses.
#pragma once

#include "core/overlay/EvictionOrder.h"
#include "core/overlay/LinkName.h"
#include "core/overlay/NodeContext.h"
#include "core/overlay/Snapshot.h"

#include <map>
#include <optional>
#include <span>
#include <variant>
#include <vector>

namespace fb::overlay {

/// Rounds without a sign of life until a node or link counts as stale, as lost; until a lost link is forgotten (ours).
inline constexpr std::uint32_t kRoundsUntilStale = 3;
inline constexpr std::uint32_t kRoundsUntilLost = 10;
inline constexpr std::uint32_t kRoundsUntilLinkForgotten = 100;
/// Nodes of one segment among which links are concluded from a common parent; more would grow with the square (ours).
inline constexpr std::size_t kSiblingsMax = 32;
/// A node heard again after this long, a link heard of in so many rounds, has proven itself: a flood of ever new names
/// never does.
inline constexpr Duration kNodeProvenAfter = std::chrono::seconds(2);
inline constexpr std::uint32_t kLinkProvenAfter = 2;
/// Nodes with which we have streams are never given up, until nothing was sent to them for so long.
inline constexpr std::size_t kNodesInUseMax = 2048; ///< more are counted, and may be given up
inline constexpr Duration kNodeInUse = std::chrono::minutes(10);
/// Changes of paths that others cause are made known at most this often, and less often in a large map, so that a
/// neighbor whose costs flicker does not keep us computing.
inline constexpr Duration kPathChangeSpacing = std::chrono::milliseconds(10);
inline constexpr Duration kPathChangeSpacingPerLink = std::chrono::microseconds(2);
/// Changes remembered for whoever follows them; who falls further behind starts anew.
inline constexpr std::size_t kChangesMax = 2048;

struct NodeEntry : EvictionOrder::Entry {
    romon::RomonId id;
    std::string identity;
    std::string version;
    std::string board;
    bool hasAnswered = false; ///< a question of ours: what follows from the board is known
    bool isFootbridge = false;
    bool hasForwarded = false; ///< seen as somebody's parent: surely no leaf
    std::optional<Role> role;  ///< as it told us
    std::optional<std::chrono::seconds> uptime;
    Instant uptimeAt{};
    std::vector<std::uint16_t> services;
    std::optional<Duration> rtt;
    Freshness freshness = Freshness::Fresh;
    std::uint32_t lastRound = 0;
    Instant firstHeardAt{};
    Instant heardAt{};
    Instant usedAt{}; ///< a stream with it sent something

    /// Whether a path may lead through it. A Footbridge node is taken for a leaf until it shows otherwise.
    [[nodiscard]] bool mayForward() const;
};

/// A port of a node, with what it announces.
struct Attachment {
    romon::RomonId node;
    LinkEnd end;

    [[nodiscard]] EndName name() const { return {.node = node, .linkId = end.linkId}; }
};

class Map {
public:
    explicit Map(NodeContext& context) : m_context(context) {}
    Map(const Map&) = delete;
    Map& operator=(const Map&) = delete;

    /// A sign of life: the node is there and fresh. Null if it is this node itself, or if there is no room.
    NodeEntry* noteAlive(romon::RomonId id, PortId heardOn, Instant now);
    /// A stream with it lives: it is not given up while that goes on.
    void noteUsed(romon::RomonId id, Instant now);
    [[nodiscard]] NodeEntry* find(romon::RomonId id);
    [[nodiscard]] const NodeEntry* find(romon::RomonId id) const;

    /// A Discover went out of `parent` and came in at `child`. Every other node that heard the same parent's port in
    /// this round is on the same segment, hence linked with the child too.
    void noteLink(const Attachment& parent, const Attachment& child, PortId heardOn);
    /// Whether the link between these ends was heard of in this round.
    [[nodiscard]] bool wasReported(const EndName& first, const EndName& second) const;
    /// Our own port cannot be used any more: its links are lost at once.
    void loseEnd(const EndName& end);
    /// Whether a path may lead through the node, or over our own port, has changed.
    void notePassageChange(romon::RomonId node);
    void noteOwnPortChange();
    /// A fresh link is stale until an answer shows it again.
    void doubtLink(const LinkName& name);

    /// Starts the next round of questions: what missed too many grows stale, or is lost.
    void beginRound();
    [[nodiscard]] std::uint32_t rounds() const { return m_round; }
    /// Nodes and links that appeared, came back, grew stale or were lost.
    [[nodiscard]] std::uint64_t changesOfShape() const { return m_shape; }

    [[nodiscard]] const std::map<romon::RomonId, NodeEntry>& nodes() const { return m_nodes; }
    [[nodiscard]] std::size_t linkCount() const { return m_links.size(); }
    /// All links that are at least as fresh as asked for, in the order of the snapshot.
    [[nodiscard]] std::vector<LinkInfo> links(Freshness atLeast) const;
    [[nodiscard]] std::optional<LinkInfo> link(const LinkName& name) const;
    [[nodiscard]] bool hasStaleLinks() const { return m_staleLinks > 0; }
    /// Fresh nodes linked with this port of ours.
    [[nodiscard]] std::uint64_t neighborsOn(const EndName& end) const;

    /// Grows when paths may have changed: at once if it is our own doing, at most so often if it is others'.
    [[nodiscard]] std::uint64_t generation() const { return m_generation; }
    void advance(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// A link, or the passage of a node, that is not as it was.
    using Change = std::variant<LinkName, romon::RomonId>;
    [[nodiscard]] std::uint64_t changeCount() const { return m_changesForgotten + m_changes.size(); }
    /// The changes after the first `seen` ones; none if some of them are forgotten.
    [[nodiscard]] std::optional<std::span<const Change>> changesSince(std::uint64_t seen) const;

private:
    struct LinkEntry;
    struct EndEntry {
        LinkEnd end;
        std::vector<LinkEntry*> links;
    };
    using Ends = std::map<EndName, EndEntry>;
    struct LinkEntry : EvictionOrder::Entry {
        Ends::value_type* ends[2] = {nullptr, nullptr}; ///< the lower one first
        std::uint32_t placeAtEnd[2] = {0, 0};           ///< index into EndEntry::links
        std::uint32_t firstRound = 0;
        std::uint32_t lastRound = 0;
        std::uint32_t lastReportedRound = 0; ///< heard of itself, not concluded
        Freshness freshness = Freshness::Lost;

        [[nodiscard]] LinkName name() const { return {.a = ends[0]->first, .b = ends[1]->first}; }
        [[nodiscard]] const EndName& peerOf(const EndName& end) const { return ends[ends[0]->first == end]->first; }
    };
    /// The order of the snapshot.
    struct ByNodes {
        bool operator()(const LinkName& left, const LinkName& right) const
        {
            return std::tie(left.a.node, left.b.node, left.a.linkId, left.b.linkId) <
                   std::tie(right.a.node, right.b.node, right.a.linkId, right.b.linkId);
        }
    };
    enum class Source { Reported, Concluded };
    enum class Urgency { Now, Soon };

    void releaseUnused(Instant now);
    void setFreshness(NodeEntry& node, Freshness freshness);
    [[nodiscard]] EvictionOrder::Rank rankOf(const NodeEntry& node) const;
    [[nodiscard]] EvictionOrder::Rank rankOf(const LinkEntry& link) const;
    bool makeRoomForNode(PortId heardOn, Instant now);
    bool makeRoomForLink(PortId heardOn);
    void setEnd(const Attachment& attachment);
    void setLinkFreshness(LinkEntry& link, Freshness freshness, Urgency urgency);
    LinkEntry* addLink(const LinkName& name, PortId heardOn);
    LinkEntry* refreshLink(const EndName& first, const EndName& second, Source source, PortId heardOn);
    void forgetLink(LinkEntry& link);
    void attach(LinkEntry& link, std::size_t side, const EndName& name);
    void detach(LinkEntry& link, std::size_t side);
    [[nodiscard]] LinkInfo infoOf(const LinkEntry& link) const;
    void noteChange(const Change& change, Urgency urgency);
    [[nodiscard]] Freshness freshnessAfter(std::uint32_t lastRound) const;

    NodeContext& m_context;
    std::map<romon::RomonId, NodeEntry> m_nodes;
    Ends m_ends;
    std::map<LinkName, LinkEntry, ByNodes> m_links;
    EvictionOrder m_nodeOrder;
    EvictionOrder m_linkOrder;
    std::size_t m_nodesInUse = 0;
    std::optional<Instant> m_unusedAt; ///< when the first of them may be given up again
    std::size_t m_staleLinks = 0;
    std::uint32_t m_round = 0;
    std::uint64_t m_shape = 0;

    std::vector<Change> m_changes;
    std::uint64_t m_changesForgotten = 0;
    std::uint64_t m_generation = 0;
    std::uint64_t m_changesPublished = 0;
    Instant m_nextPublication{};
};

} // namespace fb::overlay
