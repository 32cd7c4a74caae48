// SPDX-License-Identifier: Apache-2.0
// What this node knows of the others: nodes and links, how fresh each is. Age is counted in missed rounds of our own
// questions, so nothing grows old while nobody asks. Bounded: a full table gives up its longest lost entry, or refuses.
#pragma once

#include "core/overlay/LinkName.h"
#include "core/overlay/NodeContext.h"
#include "core/overlay/Snapshot.h"

#include <map>
#include <set>

namespace fb::overlay {

/// Rounds without a sign of life until a node or link counts as stale, as lost; until a lost link is forgotten (ours).
inline constexpr std::uint64_t kRoundsUntilStale = 3;
inline constexpr std::uint64_t kRoundsUntilLost = 10;
inline constexpr std::uint64_t kRoundsUntilLinkForgotten = 100;
/// Nodes of one segment among which links are concluded from a common parent; more would grow with the square (ours).
inline constexpr std::size_t kSiblingsMax = 32;

struct NodeEntry {
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
    std::uint64_t lastRound = 0;
    Instant heardAt{};

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

    /// A sign of life: the node is there and fresh. Null if it is this node itself, or if there is no room.
    NodeEntry* noteAlive(romon::RomonId id, Instant now);
    [[nodiscard]] NodeEntry* find(romon::RomonId id);
    [[nodiscard]] const NodeEntry* find(romon::RomonId id) const;

    /// A Discover went out of `parent` and came in at `child`. Every other node that heard the same parent's port in
    /// this round is on the same segment, hence linked with the child too.
    void noteLink(const Attachment& parent, const Attachment& child);
    /// Our own port cannot be used any more: its links are lost at once.
    void loseEnd(const EndName& end);

    /// Starts the next round of questions: what missed too many grows stale, or is lost.
    void beginRound();
    [[nodiscard]] std::uint64_t rounds() const { return m_round; }

    [[nodiscard]] const std::map<romon::RomonId, NodeEntry>& nodes() const { return m_nodes; }
    /// All links that are at least as fresh as asked for, in the order of the snapshot.
    [[nodiscard]] std::vector<LinkInfo> links(Freshness atLeast) const;
    /// Fresh nodes linked with this port of ours.
    [[nodiscard]] std::uint64_t neighborsOn(const EndName& end) const;
    /// Grows with every change that can change a path.
    [[nodiscard]] std::uint64_t generation() const { return m_generation; }
    void noteRoutingChange() { ++m_generation; }

private:
    struct LinkEntry {
        Freshness freshness = Freshness::Fresh;
        std::uint64_t lastRound = 0;
        std::uint64_t lastReportedRound = 0; ///< heard of itself, not concluded
    };
    struct EndEntry {
        LinkEnd end;
        std::set<EndName> peers;
    };
    enum class Source { Reported, Concluded };

    void setFreshness(romon::RomonId id, NodeEntry& node, Freshness freshness);
    bool makeRoomForNode();
    bool makeRoomForLink();
    void setEnd(const Attachment& attachment);
    void refreshLink(const EndName& first, const EndName& second, Source source);
    void forgetLink(const LinkName& name);
    [[nodiscard]] Freshness freshnessAfter(std::uint64_t lastRound) const;

    NodeContext& m_context;
    std::map<romon::RomonId, NodeEntry> m_nodes;
    std::map<EndName, EndEntry> m_ends;
    std::map<LinkName, LinkEntry> m_links;
    std::uint64_t m_round = 0;
    std::uint64_t m_generation = 0;
};

} // namespace fb::overlay
