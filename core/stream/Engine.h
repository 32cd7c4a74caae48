// SPDX-License-Identifier: Apache-2.0
// Reliable, ordered byte streams in RoMON's stream format, sans-I/O: many at once, between this node and any other.
// Its transmits are payloads of Data frames, its inputs are the payloads that the overlay received. One thread; owns
// all its state. After any input: drain transmits, then events, then read the deadline.
#pragma once

#include "core/base/Bytes.h"
#include "core/base/Error.h"
#include "core/base/Instant.h"
#include "core/base/RandomSource.h"
#include "core/base/Result.h"
#include "core/overlay/Snapshot.h"
#include "core/romon/RomonId.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace fb::stream {

/// Names a stream inside this engine; never used again after the stream has ended.
using StreamId = std::uint64_t;

/// What a buffer of a stream may hold without asking; it grows beyond while its stream needs more and memory is left.
inline constexpr std::size_t kBufferBytesMin = 64 * 1024;

struct Config {
    std::size_t streamsMax = 1024;
    std::size_t halfOpenMax = 1024;              ///< besides: asked for by peers that are not proven; the oldest go
    std::size_t sendBufferBytes = 16U << 20U;    ///< per stream, written and not yet acknowledged
    std::size_t receiveBufferBytes = 16U << 20U; ///< per stream, received and not yet read, holes included
    /// Each buffer may have kBufferBytesMin; what all of them together may have beyond that.
    std::size_t bufferBytesTotal = 64U << 20U;
    Duration connectTimeout = std::chrono::seconds(10);
    Duration halfOpenTimeout = std::chrono::seconds(5); ///< for the peer of an accepted stream to prove itself
    Duration silenceLimit = std::chrono::seconds(120);  ///< a stream that gets no answer so long ends with PeerSilent
};

/// What the engine must know of a peer to speak to it; asked when a stream to it is opened or accepted.
struct PeerTraits {
    bool isFootbridge = false;       ///< knows the options in connect and accept
    std::size_t payloadBytesMax = 0; ///< largest Data payload its path can carry
};

/// One payload for a Data frame.
struct Transmit {
    romon::RomonId peer;
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    ByteVector payload;
    enum class Class { Interactive, Bulk } trafficClass = Class::Interactive;
    StreamId stream = 0; ///< 0: an answer to a frame of no stream
};

enum class Refusal { NoSuchService, NotAllowed };

/// A peer wants a stream to one of our data ports: answer with accept() or refuse().
struct ConnectRequested {
    StreamId stream = 0;
    romon::RomonId peer;
    std::uint16_t service = 0;
    std::uint16_t peerPort = 0;
};
/// The peer of an accepted stream hears us: it has acknowledged our number, which nobody can guess. What costs more
/// than an entry of a table is worth starting from here on; refuse() still takes it back.
struct PeerProven {
    ConnectRequested request;
};
/// A connect of ours was accepted.
struct Opened {
    StreamId stream = 0;
};
/// read() has bytes, or the end.
struct Readable {
    StreamId stream = 0;
};
/// write() takes bytes again after it had taken fewer than offered.
struct Writable {
    StreamId stream = 0;
};
/// The stream is over and its id forgotten. No error: both sides closed and every byte arrived.
struct Ended {
    StreamId stream = 0;
    std::optional<Error> error;
};

/// A peer has not answered a stream's first repeated question: the path may be dead, the layer above can look. Told
/// once until the peer is heard again.
struct Suspect {
    romon::RomonId peer;
};

using Event = std::variant<ConnectRequested, PeerProven, Opened, Readable, Writable, Ended, Suspect>;

/// Numbers of one stream, for display.
struct StreamStatus {
    StreamId stream = 0;
    romon::RomonId peer;
    std::uint16_t service = 0;
    std::uint64_t bytesSent = 0;
    std::uint64_t bytesReceived = 0;
    std::uint64_t segmentsRetransmitted = 0;
    std::optional<Duration> rtt; ///< smoothed
    std::optional<Duration> rttMinimum;
    std::uint64_t deliveryBytesPerSecond = 0; ///< what the path was seen to carry; zero: not known
    std::size_t windowBytes = 0;              ///< what may be under way, congestion window
    std::size_t bytesInFlight = 0;
    double lossShare = 0; ///< of the bytes sent
    std::size_t segmentBytes = 0;
    Transmit::Class trafficClass = Transmit::Class::Interactive;
    Duration silentFor{}; ///< since the oldest unanswered question; zero while everything is answered
};

class Engine {
public:
    Engine(Config config, RandomSource& random, Instant now);
    ~Engine();
    Engine(Engine&&) noexcept;
    Engine& operator=(Engine&&) noexcept;

    /// Starts a connect; Opened or Ended follows. Fails with LimitReached.
    [[nodiscard]] Result<StreamId, Error> connect(romon::RomonId peer, std::uint16_t service, PeerTraits traits,
                                                  Instant now);
    void accept(StreamId stream, PeerTraits traits, Instant now);
    /// The answer to ConnectRequested, or to PeerProven if what was promised cannot be had after all. No Ended follows;
    /// does nothing if the stream has ended meanwhile, and the Ended that tells so is still to come.
    void refuse(StreamId stream, Refusal reason, Instant now);

    /// Takes as many bytes as there is room for and returns how many; Writable follows if it was not all.
    [[nodiscard]] std::size_t write(StreamId stream, Bytes bytes, Instant now);
    /// Moves received bytes into `into`, at most its size; 0 if there are none now.
    [[nodiscard]] std::size_t read(StreamId stream, std::span<std::uint8_t> into, Instant now);
    /// False once it has ended, whether or not that event has been drained.
    [[nodiscard]] bool contains(StreamId stream) const;
    /// True once the peer has closed its direction and every byte of it has been read.
    [[nodiscard]] bool atEnd(StreamId stream) const;
    /// No more bytes from us: half-close. The other direction goes on.
    void closeWriting(StreamId stream, Instant now);
    /// Gives the stream up at once and tells the peer with a reset.
    void abort(StreamId stream, Instant now);
    /// Aborts every stream: for a clean shutdown.
    void abortAll(Instant now);
    /// The path to this peer changed: traits may be new, timers restart at once.
    void pathChanged(romon::RomonId peer, PeerTraits traits, Instant now);

    /// The same for one stream.
    void pathChanged(StreamId stream, PeerTraits traits, Instant now);

    /// A Data payload from the overlay for a stream port or for one of our ephemeral ports. Returns the open stream
    /// that it is proven to belong to by its numbers; 0 if to none: anybody can send in the name of a peer.
    StreamId receive(romon::RomonId from, std::uint16_t sourcePort, std::uint16_t destinationPort, Bytes payload,
                     Instant now);
    void advance(Instant now);

    [[nodiscard]] std::optional<Transmit> nextTransmit();
    [[nodiscard]] std::optional<Event> nextEvent();
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    /// Of all streams but the half-open ones: those may be nobody's.
    [[nodiscard]] std::vector<StreamStatus> status(Instant now) const;
    [[nodiscard]] std::size_t halfOpenStreams() const;
    [[nodiscard]] std::vector<overlay::NamedCounter> counters() const;

private:
    class Streams;
    std::unique_ptr<Streams> m_streams;
};

} // namespace fb::stream
