// SPDX-License-Identifier: Apache-2.0
// Many real nodes on a virtual layer 2: segments that lose, delay, repeat, reorder and damage frames, networks that
// fall apart, nodes that restart, freeze, or whose clocks run apart. One seed decides everything; the clock jumps to
// the next thing that happens. Every frame a node sends is checked against the rules of the wire, and the nodes, now
// and then, against the rules of the map; a violation is thrown, with the seed and the time in its text.
#pragma once

#include "core/agent/Stack.h"
#include "core/base/SeededRandom.h"
#include "core/overlay/Engine.h"
#include "tests/sim/Agenda.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

namespace fb::sim {

using NodeIndex = std::size_t;
using SegmentIndex = std::size_t;

struct Conditions {
    double loss = 0;      ///< of 1, per frame and receiver
    double duplicate = 0; ///< likewise
    double corrupt = 0;   ///< likewise: a bit flips, or the end is missing; a stream's frame is lost instead (its FCS)
    Duration delayMin = std::chrono::microseconds(50);
    Duration delayMax = std::chrono::microseconds(50); ///< a wider range reorders
    std::uint64_t bytesPerSecond = 0;                  ///< 0: as fast as you like
    Duration queueMax = std::chrono::milliseconds(50); ///< what would wait longer for its turn is lost
};

/// A node's clock: it never stands still or runs backwards, but it may run fast, and from any start.
struct Clock {
    Duration ahead{};
    std::int64_t partsPerMillion = 0;

    [[nodiscard]] Instant at(Instant truth) const
    {
        const auto elapsed = truth.time_since_epoch();
        return Instant(elapsed + ahead + elapsed * partsPerMillion / 1'000'000);
    }
    /// The first true moment at which this clock shows `local` or more.
    [[nodiscard]] Instant truthOf(Instant local) const;
};

struct NodeOptions {
    romon::RomonId id{}; ///< zero: 02:00:00:00:xx:xx by index
    std::string identity{};
    overlay::Role role = overlay::Role::Transit;
    overlay::Limits limits{};
    std::vector<std::uint16_t> services{};
    std::string board = "Footbridge";
    Clock clock{};
    std::optional<stream::Config> streams{}; ///< given: a whole agent::Stack runs, not the overlay alone
};

struct PortOptions {
    MacAddress mac{}; ///< zero: 06:00:nn:nn:pp:pp by node and port
    std::uint16_t l2Mtu = 1500;
    std::uint16_t cost = 100;
    std::uint32_t linkId = 0;
    std::string bridge{};
};

/// What a node without a stack runs above its overlay engine. Called after every input of that node.
class Upper {
public:
    virtual ~Upper() = default;
    virtual void event(overlay::Engine& engine, const overlay::Event& event, Instant now) = 0;
    virtual void advance(overlay::Engine& engine, Instant now) = 0;
    [[nodiscard]] virtual std::optional<Instant> nextDeadline() const = 0;
};

/// Who uses the stacks: told of every event. May call the stack of that node, nothing else of the net but at().
class StackUser {
public:
    virtual ~StackUser() = default;
    virtual void event(NodeIndex node, const agent::StackEvent& event, Instant local) = 0;
};

/// A frame as it left a port.
struct SentFrame {
    Instant when{};
    SegmentIndex segment = 0;
    NodeIndex node = 0;
    overlay::PortId port = 0;
    ByteVector frame;
};

/// A rule was broken.
class Violation : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
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
    /// Of every segment.
    void setConditions(Conditions conditions);
    void setConditions(SegmentIndex segment, Conditions conditions);
    void cut(SegmentIndex segment);
    void mend(SegmentIndex segment);
    /// One-way silence of a port: what it says, or what is said to it, is lost.
    enum class Ears { Open, Deaf };
    enum class Voice { Clear, Mute };
    void impair(NodeIndex node, overlay::PortId port, Voice voice, Ears ears);
    /// Frames pass only between nodes of the same side, until heal().
    void partition(std::set<NodeIndex> oneSide) { m_oneSide = std::move(oneSide); }
    void heal() { m_oneSide.reset(); }
    void stop(NodeIndex node);
    void start(NodeIndex node);
    /// Neither hears nor acts until thaw(), which lets everything happen at once that is due by then.
    void freeze(NodeIndex node);
    void thaw(NodeIndex node);
    void setPort(NodeIndex node, overlay::PortId port, overlay::PortState state);
    /// The port is taken away and comes back with another cost and MTU.
    void changePort(NodeIndex node, overlay::PortId port, std::uint16_t cost, std::uint16_t l2Mtu);
    /// Survive a restart of the node.
    void setSecrets(NodeIndex node, SecretList secrets);
    void setPortSecrets(NodeIndex node, overlay::PortId port, std::optional<SecretList> secrets);
    /// From the next start on.
    void setRole(NodeIndex node, overlay::Role role);
    void setClock(NodeIndex node, Clock clock);

    // The nodes.
    [[nodiscard]] std::size_t nodeCount() const { return m_nodes.size(); }
    [[nodiscard]] std::size_t segmentCount() const { return m_segments.size(); }
    [[nodiscard]] std::size_t portCount(NodeIndex node) const;
    [[nodiscard]] SegmentIndex segmentOf(NodeIndex node, overlay::PortId port) const;
    [[nodiscard]] overlay::Engine& engine(NodeIndex node);
    [[nodiscard]] const overlay::Engine& engine(NodeIndex node) const;
    /// Of a node that has one.
    [[nodiscard]] agent::Stack& stack(NodeIndex node);
    [[nodiscard]] romon::RomonId id(NodeIndex node) const;
    [[nodiscard]] bool isRunning(NodeIndex node) const;
    [[nodiscard]] bool isFrozen(NodeIndex node) const;
    [[nodiscard]] overlay::Role roleOf(NodeIndex node) const;
    [[nodiscard]] MacAddress macOf(NodeIndex node, overlay::PortId port) const;
    /// The number that names the port on the wire.
    [[nodiscard]] std::uint32_t linkIdOf(NodeIndex node, overlay::PortId port) const;
    [[nodiscard]] overlay::Snapshot snapshot(NodeIndex node) const;
    /// Survives a restart of the node.
    void watch(NodeIndex node);
    void setUpper(NodeIndex node, std::unique_ptr<Upper> upper);
    void setUser(StackUser* user) { m_user = user; }
    /// After a direct call of an engine: hands on what it has to say.
    void settle(NodeIndex node);
    /// Puts a frame on a segment as if some stranger had sent it.
    void inject(SegmentIndex segment, Bytes frame);
    /// The events of a node without a stack so far; the caller may clear them.
    [[nodiscard]] std::vector<overlay::Event>& events(NodeIndex node);

    // Time.
    [[nodiscard]] Instant now() const { return m_now; }
    [[nodiscard]] Instant localNow(NodeIndex node) const;
    [[nodiscard]] std::uint64_t steps() const { return m_steps; }
    /// Something to do later; not before now.
    void at(Instant when, Agenda::Action action);
    void runFor(Duration duration);
    /// False if it did not become true in time. Asked after every step.
    [[nodiscard]] bool runUntil(const std::function<bool()>& condition, Duration limit);

    // What happened.
    [[nodiscard]] std::uint64_t traceHash() const { return m_traceHash; }
    /// Called for each frame that a node sends.
    void setObserver(std::function<void(const SentFrame&)> observer) { m_observer = std::move(observer); }
    /// Likewise; for somebody who is part of the simulation.
    void setEavesdropper(std::function<void(const SentFrame&)> observer) { m_eavesdropper = std::move(observer); }
    /// Called for each frame that a stranger puts on a segment.
    void setInjectObserver(std::function<void(const SentFrame&)> observer) { m_injected = std::move(observer); }
    /// The links as they are, between all pairs of nodes on one segment that verify each other's frames, in the order
    /// of a snapshot.
    [[nodiscard]] std::vector<overlay::LinkInfo> trueLinks() const;
    [[nodiscard]] SeededRandom& random() { return m_random; }
    [[nodiscard]] bool happens(double probability);
    /// Check every one, or samples: 1 of 16 frames in full, one node every 512 steps.
    enum class Thoroughness { Full, Samples };
    void setThoroughness(Thoroughness thoroughness) { m_thoroughness = thoroughness; }
    void checkNode(NodeIndex node);
    /// From here to the check the weather is fair and nobody forges questions: each question of each node passes each
    /// port of each other node once at most.
    void beginCopyCount();
    void checkCopies() const;
    void demand(bool condition, const char* what) const;

private:
    struct Member {
        NodeIndex node = 0;
        overlay::PortId port = 0;
        MacAddress mac;
        Voice voice = Voice::Clear;
        Ears ears = Ears::Open;
    };
    struct Segment {
        std::vector<Member> members;
        enum class State { Whole, Cut } state = State::Whole;
        Conditions conditions;
        Instant busyUntil{};
    };
    struct Node;

    [[nodiscard]] Member& memberOf(NodeIndex node, overlay::PortId port);
    void step();
    void deliver(const Delivery& delivery);
    void serve(NodeIndex node);
    void drainStack(NodeIndex node);
    void drainOverlay(NodeIndex node);
    void send(NodeIndex node, overlay::Transmit transmit);
    void updateDeadline(NodeIndex node);
    void carry(SegmentIndex segment, const Member* sender, Bytes frame);
    void deliverLater(const Segment& segment, const Member& to, FrameStore::Handle frame, Duration wait);
    [[nodiscard]] std::optional<Duration> waitForTurn(Segment& segment, std::size_t bytes);
    void damage(ByteVector& frame);
    void trace(std::uint64_t what, Bytes bytes);
    void checkFrame(const SentFrame& sent);
    void checkDiscover(const SentFrame& sent, std::size_t count);
    void countCopy(const SentFrame& sent, std::size_t count);
    [[nodiscard]] bool understandEachOther(const Member& first, const Member& second) const;
    void checkCounters(NodeIndex node, const overlay::Snapshot& snapshot);
    void checkFrameFully(const SentFrame& sent) const;
    void checkBalance(Node& node, const SentFrame& sent) const;

    std::uint64_t m_seed;
    SeededRandom m_random;
    Conditions m_conditions;
    Instant m_now{};
    std::vector<std::unique_ptr<Node>> m_nodes;
    std::vector<Segment> m_segments;
    std::optional<std::set<NodeIndex>> m_oneSide;
    FrameStore m_frames;
    Agenda m_agenda;
    std::uint64_t m_steps = 0;
    std::uint64_t m_framesChecked = 0;
    std::uint64_t m_traceHash = 0xcbf29ce484222325ULL;
    Instant m_nextCheck{};
    Thoroughness m_thoroughness = Thoroughness::Full;
    StackUser* m_user = nullptr;
    std::function<void(const SentFrame&)> m_observer;
    std::function<void(const SentFrame&)> m_eavesdropper;
    std::function<void(const SentFrame&)> m_injected;
};

/// FB_SIM_SEED from the environment, or this one.
[[nodiscard]] std::uint64_t seedFromEnvironmentOr(std::uint64_t seed);

} // namespace fb::sim
