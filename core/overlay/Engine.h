// SPDX-License-Identifier: Apache-2.0
// One RoMON node, sans-I/O: told what happened, asked what to do. Discovery (asks, answers, forwards), the map, path
// choice, source-routed forwarding and echo. One thread; owns all its state; the same object runs on real links, in the
// simulator and in fuzzers. After any input: drain transmits, then events, then read the deadline.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/RandomSource.h"
#include "core/base/Result.h"
#include "core/base/Secret.h"
#include "core/overlay/PathPolicy.h"
#include "core/overlay/Route.h"
#include "core/overlay/Snapshot.h"
#include "core/overlay/Unreachable.h"
#include "core/romon/RomonId.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace fb::overlay {

struct Limits {
    std::size_t nodesMax = 16384;
    std::size_t linksMax = 65536;
    std::size_t transmitsMax = 4096; ///< frames waiting to be drained
    std::size_t eventsMax = 4096;
    std::size_t pingsMax = 1024; ///< echoes waiting for an answer
};

[[nodiscard]] bool areUsable(const SecretList& secrets);

struct Config {
    romon::RomonId id;
    std::string identity;
    std::string board = "Footbridge";      ///< must start so: peers know us by it
    std::vector<std::uint16_t> services;   ///< data ports offered, told to Footbridge peers that ask
    std::chrono::seconds uptimeAtStart{0}; ///< of the machine, when the engine was made
    Role role = Role::Leaf;
    Limits limits;
};

struct PortConfig {
    std::string interface;
    MacAddress mac;
    std::uint16_t l2Mtu = 1500;
    std::uint16_t cost = 100;
    /// Ports of one kernel bridge share a segment: frames are never forwarded between them. Empty: a segment of its
    /// own.
    std::string segment{};
    /// The number that names the port on the wire; 0 lets the engine choose one.
    std::uint32_t linkId = 0;
};

/// A frame to send, Ethernet header included.
struct Transmit {
    PortId port = 0;
    ByteVector frame;
    /// Interactive frames go first where a queue has to choose.
    enum class Class { Interactive, Bulk } trafficClass = Class::Interactive;
};

struct NodeAppeared {
    romon::RomonId id;
};
struct NodeFreshnessChanged {
    romon::RomonId id;
    Freshness freshness = Freshness::Fresh;
};
/// The map changed in some way that a viewer would want to see; coalesced by the caller.
struct MapChanged {};
struct PingAnswered {
    std::uint64_t token = 0;
    romon::RomonId from;
    Duration rtt{};
    std::size_t sizeBytes = 0;
};
struct PingLost {
    std::uint64_t token = 0;
    romon::RomonId target;
};
/// A probe along a given path came back, or did not in time.
struct ProbeAnswered {
    std::uint64_t token = 0;
    Duration rtt{};
};
struct ProbeLost {
    std::uint64_t token = 0;
};
/// A node on the way says that it cannot pass on what we sent. Anybody on a segment of ours can say so: it is a reason
/// to probe, no more.
struct PathRefused {
    romon::RomonId by;
    Unreachable report;
};
/// Data for a port of this node that the engine does not answer itself. The node that sent it can be answered with
/// sendData(): the engine remembers the way it came.
struct DataReceived {
    romon::RomonId from;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    ByteVector payload;
    /// Where answers to it would go; without entries if the stream's go there already. See confirmWay().
    Route newWay{};
};
/// Somebody else uses our id: an alarm for the user, never an argument.
struct DuplicateIdSeen {
    MacAddress mac;
    PortId port = 0;
};

using Event = std::variant<NodeAppeared, NodeFreshnessChanged, MapChanged, PingAnswered, PingLost, ProbeAnswered,
                           ProbeLost, PathRefused, DataReceived, DuplicateIdSeen>;

class Engine {
public:
    Engine(Config config, RandomSource& random, Instant now);
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    // Ports. A port exists from addPort() to removePort(); frames pass only while it is Up.
    void addPort(PortId port, PortConfig config, Instant now);
    void removePort(PortId port, Instant now);
    void portChanged(PortId port, PortState state, Instant now);

    // Secrets, by RouterOS's documented rules. A list must be usable (areUsable()); an empty one means no secrets. The
    // first secret signs what is sent, any verifies what is received; an empty secret stands for "unhashed". Neighbors
    // that verify with a secret that stays in the list notice nothing of a change.
    void setSecrets(SecretList global, Instant now);
    /// The port's own list stands in place of the global one; nothing, or an empty list: the global one holds. The
    /// port must exist, and its list goes with it.
    void setPortSecrets(PortId port, std::optional<SecretList> own, Instant now);

    void receive(PortId port, Bytes frame, Instant now);
    void advance(Instant now);

    /// Asks for the map while at least one watcher is there: at most one round a second, slower in large networks.
    void startWatching(Instant now);
    void stopWatching(Instant now);

    /// Up to `count` loop-free paths, best first: by cost, then hops, then larger L2 MTU, then lowest ids.
    [[nodiscard]] Result<std::vector<Path>, Error> paths(romon::RomonId target, std::size_t count) const;

    /// The same among what the policy allows, a pinned path first. Fails with NoPath if it allows none.
    [[nodiscard]] Result<std::vector<Path>, Error> paths(romon::RomonId target, std::size_t count,
                                                         const PathPolicy& policy) const;
    /// The same for a session that wants to survive: one path more if none of them is disjoint from the first.
    [[nodiscard]] Result<std::vector<Path>, Error> sessionPaths(romon::RomonId target, std::size_t count,
                                                                const PathPolicy& policy) const;
    /// A link that a path in use has failed on: not chosen for new paths until an answer shows it again.
    void doubtLink(const LinkName& link);

    /// Sends one echo along this path; ProbeAnswered or ProbeLost with the token follows. It comes from a private
    /// port, so that every Footbridge node on the way knows whom it may tell of trouble.
    [[nodiscard]] Result<void, Error> probe(const Path& path, std::uint64_t token, Duration timeout, Instant now);

    /// Sends one echo; PingAnswered or PingLost with the token follows.
    [[nodiscard]] Result<void, Error> ping(romon::RomonId target, std::uint64_t token, std::size_t sizeBytes,
                                           Duration timeout, Instant now);

    /// Sends data: for a service of ours the way that the stream's own last frame came, see confirmWay(); else over the
    /// best path, or over the way the target's last stream frame came if the map has none.
    /// Fails with NoPath, NoSuchNode, or InvalidArgument if the payload is larger than dataBytesMax(target).
    [[nodiscard]] Result<void, Error> sendData(romon::RomonId target, std::uint16_t sourcePort,
                                               std::uint16_t destinationPort, Bytes payload,
                                               Transmit::Class trafficClass, Instant now);

    /// The stream above has found this data to be its own: answers follow it from now on, where any frame could lead
    /// them before. True if they went another way until now, where what was sent last may be gone.
    bool confirmWay(const DataReceived& data, Instant now);
    /// The stream between these ports has ended.
    void forgetWay(romon::RomonId peer, std::uint16_t theirPort, std::uint16_t ourPort);

    /// Sends data along this path. Fails with NoPath if its first port is not Up, InvalidArgument if it does not fit.
    [[nodiscard]] Result<void, Error> sendDataAlong(const Path& path, std::uint16_t sourcePort,
                                                    std::uint16_t destinationPort, Bytes payload,
                                                    Transmit::Class trafficClass, Instant now);
    /// Payload bytes of one Data frame that this path carries; nothing if not even an empty one fits.
    [[nodiscard]] static std::optional<std::size_t> dataBytesMax(const Path& path);
    /// Whether the first port of the path is Up.
    [[nodiscard]] bool canLeave(const Path& path) const;

    /// Payload bytes of one Data frame that the path to the target can carry; nothing if there is no way to it.
    [[nodiscard]] std::optional<std::size_t> dataBytesMax(romon::RomonId target) const;
    /// Whether the node has answered a question of ours; one that was only heard has a way to it, but no identity or
    /// board yet.
    [[nodiscard]] bool hasAnswered(romon::RomonId node) const;
    [[nodiscard]] bool isFootbridge(romon::RomonId node) const;

    [[nodiscard]] std::optional<Transmit> nextTransmit();
    /// Gives the memory of a frame that was sent back; optional, and worth it where many frames pass.
    void recycle(ByteVector frame);
    [[nodiscard]] std::optional<Event> nextEvent();
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    [[nodiscard]] Snapshot snapshot(Instant now) const;

private:
    class Node;
    std::unique_ptr<Node> m_node;
};

/// The node that a person means: a RoMON id, an identity (exact first, then any case), or an unambiguous prefix of
/// either. Fails with NoSuchNode or AmbiguousName; the context names the text and the candidates.
[[nodiscard]] Result<romon::RomonId, Error> resolveNode(const Snapshot& snapshot, std::string_view text);

} // namespace fb::overlay
