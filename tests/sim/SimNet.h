// SPDX-License-Identifier: Apache-2.0
// Many real nodes on a virtual layer 2: segments that lose, delay, repeat, reorder and damage frames, networks that
// fall apart, nodes that restart. One seed decides everything; the clock jumps to the next thing that happens. Every
// frame a node sends is checked against the rules of the wire, every second the nodes against the rules of the map; a
// violation is thrown, with the seed and the time in its text.
#pragma once

#include "core/base/SeededRandom.h"
#include "core/overlay/Engine.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace fb::sim {

using NodeIndex = std::size_t;
using SegmentIndex = std::size_t;

struct Conditions {
    double loss = 0;      ///< of 1, per frame and receiver
    double duplicate = 0; ///< likewise
    double corrupt = 0;   ///< likewise: a bit flips, or the end is missing
    Duration delayMin = std::chrono::microseconds(50);
    Duration delayMax = std::chrono::microseconds(50); ///< a wider range reorders
};

struct NodeOptions {
    romon::RomonId id{}; ///< zero: 02:00:00:00:xx:xx by index
    std::string identity{};
    overlay::Role role = overlay::Role::Transit;
    overlay::Limits limits{};
    std::vector<std::uint16_t> services{};
    std::string board = "Footbridge";
};

struct PortOptions {
    MacAddress mac{}; ///< zero: 06:00:nn:nn:pp:pp by node and port
    std::uint16_t l2Mtu = 1500;
    std::uint16_t cost = 100;
    std::uint32_t linkId = 0;
    std::string bridge{};
};

/// What a node runs above its overlay engine, such as streams. Called after every input of that node.
class Upper {
public:
    virtual ~Upper() = default;
    virtual void event(overlay::Engine& engine, const overlay::Event& event, Instant now) = 0;
    virtual void advance(overlay::Engine& engine, Instant now) = 0;
    [[nodiscard]] virtual std::optional<Instant> nextDeadline() const = 0;
};

/// A frame as it left a port.
struct SentFrame {
    Instant when{};
    SegmentIndex segment = 0;
    NodeIndex node = 0;
    overlay::PortId port = 0;
    ByteVector frame;
};

class SimNet {
public:
    explicit SimNet(std::uint64_t seed, Conditions conditions = {});
    ~SimNet();

    // The network.
    NodeIndex addNode(NodeOptions options = {});
    SegmentIndex addSegment();
    overlay::PortId attach(NodeIndex node, SegmentIndex segment, PortOptions options = {});
    /// A segment with these two nodes.
    SegmentIndex link(NodeIndex first, NodeIndex second, PortOptions firstPort = {}, PortOptions secondPort = {});
    void setConditions(Conditions conditions) { m_conditions = conditions; }
    void cut(SegmentIndex segment);
    void mend(SegmentIndex segment);
    /// Frames pass only between nodes of the same side, until heal().
    void partition(std::set<NodeIndex> oneSide) { m_oneSide = std::move(oneSide); }
    void heal() { m_oneSide.reset(); }
    void stop(NodeIndex node);
    void start(NodeIndex node);
    void setPort(NodeIndex node, overlay::PortId port, overlay::PortState state);
    /// Both survive a restart of the node.
    void setSecrets(NodeIndex node, SecretList secrets);
    void setPortSecrets(NodeIndex node, overlay::PortId port, std::optional<SecretList> secrets);

    // The nodes.
    [[nodiscard]] std::size_t nodeCount() const { return m_nodes.size(); }
    [[nodiscard]] overlay::Engine& engine(NodeIndex node);
    [[nodiscard]] romon::RomonId id(NodeIndex node) const;
    [[nodiscard]] overlay::Snapshot snapshot(NodeIndex node) const;
    /// Survives a restart of the node.
    void watch(NodeIndex node);
    void setUpper(NodeIndex node, std::unique_ptr<Upper> upper);
    /// After a direct call of an engine: hands on what it has to say.
    void settle(NodeIndex node);
    /// Puts a frame on a segment as if some stranger had sent it.
    void inject(SegmentIndex segment, Bytes frame);
    /// The events of a node so far; the caller may clear them.
    [[nodiscard]] std::vector<overlay::Event>& events(NodeIndex node);

    // Time.
    [[nodiscard]] Instant now() const { return m_now; }
    void runFor(Duration duration);
    /// False if it did not become true in time. Asked after every step.
    [[nodiscard]] bool runUntil(const std::function<bool()>& condition, Duration limit);

    // What happened.
    [[nodiscard]] std::uint64_t traceHash() const { return m_traceHash; }
    /// Called for each frame that a node sends.
    void setObserver(std::function<void(const SentFrame&)> observer) { m_observer = std::move(observer); }
    /// The links as they are, between all pairs of nodes on one segment, in the order of a snapshot.
    [[nodiscard]] std::vector<overlay::LinkInfo> trueLinks() const;
    [[nodiscard]] SeededRandom& random() { return m_random; }

private:
    struct Member {
        NodeIndex node = 0;
        overlay::PortId port = 0;
        MacAddress mac;
    };
    struct Segment {
        std::vector<Member> members;
        enum class State { Whole, Cut } state = State::Whole;
    };
    struct Node;
    struct Delivery {
        NodeIndex node = 0;
        overlay::PortId port = 0;
        ByteVector frame;
    };

    [[nodiscard]] bool isRunning(NodeIndex node) const;
    [[nodiscard]] overlay::Role roleOf(NodeIndex node) const;
    [[nodiscard]] const overlay::Limits& limitsOf(NodeIndex node) const;
    [[nodiscard]] MacAddress macOf(NodeIndex node, overlay::PortId port) const;
    void step();
    [[nodiscard]] std::optional<Instant> nextMoment() const;
    void updateDeadline(NodeIndex node);
    void carry(SegmentIndex segment, std::optional<NodeIndex> sender, Bytes frame);
    void deliverLater(const Member& to, Bytes frame);
    void damage(ByteVector& frame);
    [[nodiscard]] bool happens(double probability);
    void trace(Bytes bytes);
    void checkFrame(const SentFrame& sent) const;
    void checkNode(NodeIndex node) const;
    void demand(bool condition, const char* what) const;

    std::uint64_t m_seed;
    SeededRandom m_random;
    Conditions m_conditions;
    Instant m_now{};
    std::vector<std::unique_ptr<Node>> m_nodes;
    std::vector<Segment> m_segments;
    std::optional<std::set<NodeIndex>> m_oneSide;
    std::map<std::pair<Instant, std::uint64_t>, Delivery> m_deliveries;
    std::set<std::pair<Instant, NodeIndex>> m_deadlines;
    std::uint64_t m_deliveryCount = 0;
    std::uint64_t m_traceHash = 0xcbf29ce484222325ULL;
    Instant m_nextCheck{};
    std::function<void(const SentFrame&)> m_observer;
};

/// FB_SIM_SEED from the environment, or this one.
[[nodiscard]] std::uint64_t seedFromEnvironmentOr(std::uint64_t seed);

} // namespace fb::sim
