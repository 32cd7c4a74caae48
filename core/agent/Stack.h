// SPDX-License-Identifier: Apache-2.0
// The overlay engine with the stream engine on top, and between them the ways that streams take: moves what one puts
// out to the other's input, and tells streams when their way changes. No protocol rule lives here. No I/O; one thread.
#pragma once

#include "core/agent/SessionPaths.h"
#include "core/overlay/Engine.h"
#include "core/stream/Engine.h"

#include <deque>
#include <map>
#include <optional>
#include <variant>

namespace fb::agent {

/// Streams that this node has opened go another way.
using PathChanged = SessionPaths::Move;

/// What the layers tell those above them.
using StackEvent =
    std::variant<overlay::NodeAppeared, overlay::NodeFreshnessChanged, overlay::MapChanged, overlay::PingAnswered,
                 overlay::PingLost, overlay::DuplicateIdSeen, stream::ConnectRequested, stream::PeerProven,
                 stream::Opened, stream::Readable, stream::Writable, stream::Ended, PathChanged>;

class Stack {
public:
    struct Config {
        overlay::Config overlay;
        stream::Config stream;
    };

    Stack(const Config& config, RandomSource& random, Instant now);

    /// Ports, watching, paths and pings are the overlay's own business; drain the stack after every call.
    [[nodiscard]] overlay::Engine& overlay() { return m_overlay; }
    [[nodiscard]] const overlay::Engine& overlay() const { return m_overlay; }
    /// For reading and writing; opening, accepting and refusing go through the stack.
    [[nodiscard]] stream::Engine& streams() { return m_streams; }
    [[nodiscard]] const stream::Engine& streams() const { return m_streams; }

    /// Fails with NoSuchNode, NoPath or LimitReached.
    [[nodiscard]] Result<stream::StreamId, Error> openStream(romon::RomonId peer, std::uint16_t service, Instant now);
    // Both do nothing if the stream has ended meanwhile: the Ended that tells so is still to come.
    void acceptStream(const stream::ConnectRequested& request, Instant now);
    void refuseStream(const stream::ConnectRequested& request, stream::Refusal reason, Instant now);

    /// The way a stream takes that this node opened; nothing for others.
    [[nodiscard]] const overlay::Path* pathOf(stream::StreamId stream) const { return m_paths.pathOf(stream); }
    [[nodiscard]] SessionPaths& paths() { return m_paths; }
    [[nodiscard]] const SessionPaths& paths() const { return m_paths; }
    [[nodiscard]] std::vector<SessionInfo> sessions(Instant now) const;

    void advance(Instant now);

    /// Frames to send. Moves everything between the layers first.
    [[nodiscard]] std::optional<overlay::Transmit> nextTransmit(Instant now);
    [[nodiscard]] std::optional<StackEvent> nextEvent(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// The overlay's snapshot with the streams' counters in it.
    [[nodiscard]] overlay::Snapshot snapshot(Instant now) const;

private:
    /// A peer with streams.
    struct Peer {
        std::size_t streams = 0;
        std::size_t payloadBytesMax = 0; ///< its streams were told last
    };
    enum class Opener { Us, Peer };
    struct OwnedStream {
        romon::RomonId peer;
        Opener opener = Opener::Us;
        bool isHalfOpen = false;         ///< its peer does not count as one yet
        std::size_t payloadBytesMax = 0; ///< what the stream was told at first
        std::uint16_t service = 0;       ///< of one that the peer opened, as are the rest
        std::uint16_t peerPort = 0;
        std::optional<Instant> followedAt{}; ///< it was told of a new way back
    };

    /// A peer that keeps changing its way must not keep us sending everything again.
    static constexpr Duration kFollowInterval = std::chrono::milliseconds(20);

    static constexpr int kMovedPerCall = 256;

    void moveUp(Instant now);
    void moveDown(Instant now);
    void take(overlay::Event event, Instant now);
    void take(const stream::Event& event, Instant now);
    void receive(const overlay::DataReceived& data, Instant now);
    void follow(stream::StreamId stream, OwnedStream& owned, Instant now);
    void tellMoves(Instant now);
    void checkTraits(Instant now);
    void keepPeer(const OwnedStream& stream, Instant now);
    void tellTraits(romon::RomonId id, Peer& peer, Instant now);
    void peerProven(stream::StreamId stream, Instant now);
    void forget(stream::StreamId stream);
    [[nodiscard]] stream::PeerTraits traitsOf(romon::RomonId peer) const;

    overlay::Engine m_overlay;
    stream::Engine m_streams;
    SessionPaths m_paths{m_overlay};
    std::map<romon::RomonId, Peer> m_peers;
    std::map<stream::StreamId, OwnedStream> m_owned;
    std::deque<StackEvent> m_events; ///< bounded by what the engines hold: both are drained in the same call
    bool m_traitsMayDiffer = false;
    std::uint64_t m_unsendable = 0; ///< payloads of streams that no way could carry at that moment
};

} // namespace fb::agent
