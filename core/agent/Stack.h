// SPDX-License-Identifier: Apache-2.0
// The overlay engine with the stream engine on top: moves what one puts out to the other's input, and tells streams
// when the way to their peer changes. No protocol rule lives here. No I/O; one thread.
#pragma once

#include "core/overlay/Engine.h"
#include "core/stream/Engine.h"

#include <deque>
#include <map>
#include <optional>
#include <variant>

namespace fb::agent {

/// The best path to a peer that streams go to is another one now.
struct PathChanged {
    romon::RomonId peer;
    overlay::Path path;
};

/// What the layers tell those above them.
using StackEvent =
    std::variant<overlay::NodeAppeared, overlay::NodeFreshnessChanged, overlay::MapChanged, overlay::PingAnswered,
                 overlay::PingLost, overlay::DuplicateIdSeen, stream::ConnectRequested, stream::Opened,
                 stream::Readable, stream::Writable, stream::Ended, PathChanged>;

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
    /// Does nothing if the stream has ended meanwhile.
    void acceptStream(const stream::ConnectRequested& request, Instant now);
    void refuseStream(const stream::ConnectRequested& request, stream::Refusal reason, Instant now);

    void advance(Instant now);

    /// Frames to send. Moves everything between the layers first.
    [[nodiscard]] std::optional<overlay::Transmit> nextTransmit(Instant now);
    [[nodiscard]] std::optional<StackEvent> nextEvent(Instant now);
    [[nodiscard]] std::optional<Instant> nextDeadline() const;

    /// The overlay's snapshot with the streams' counters in it.
    [[nodiscard]] overlay::Snapshot snapshot(Instant now) const;

private:
    /// A peer that streams go to or come from.
    struct Peer {
        std::size_t streams = 0;
        std::optional<overlay::Path> path;
        std::size_t payloadBytesMax = 0;
    };

    static constexpr int kMovedPerCall = 256;

    void moveUp(Instant now);
    void moveDown(Instant now);
    void take(overlay::Event event, Instant now);
    void take(const stream::Event& event);
    void checkPaths(Instant now);
    void keepPeer(stream::StreamId stream, romon::RomonId peer);
    [[nodiscard]] stream::PeerTraits traitsOf(romon::RomonId peer) const;
    [[nodiscard]] std::optional<overlay::Path> bestPath(romon::RomonId peer) const;

    overlay::Engine m_overlay;
    stream::Engine m_streams;
    std::map<romon::RomonId, Peer> m_peers;
    std::map<stream::StreamId, romon::RomonId> m_peerOf;
    std::deque<StackEvent> m_events; ///< bounded by what the engines hold: both are drained in the same call
    bool m_pathsMayDiffer = false;
    std::uint64_t m_unsendable = 0; ///< payloads of streams that no way could carry at that moment
};

} // namespace fb::agent
