// SPDX-License-Identifier: Apache-2.0
// Inside of the stream engine: the table of streams, whose turn it is, and the answers to frames that belong to none.
#pragma once

#include "core/base/BoundedQueue.h"
#include "core/base/RateLimit.h"
#include "core/stream/Connection.h"
#include "core/stream/Counters.h"
#include "core/stream/EndedStreams.h"
#include "core/stream/Engine.h"
#include "core/stream/Schedule.h"

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>

namespace fb::stream {

class Engine::Streams {
public:
    Streams(const Config& config, RandomSource& random, Instant now);
    // Connections point to the configuration and the counters in here.
    Streams(const Streams&) = delete;
    Streams& operator=(const Streams&) = delete;

    /// The stream, or nothing if it has ended.
    [[nodiscard]] Connection* find(StreamId stream) const;
    /// Time goes on; it never runs backwards.
    void setNow(Instant now);
    /// Publishes what happened to a stream and gives it its turn. The stream may be gone after it.
    void settle(Connection& connection);

    [[nodiscard]] Result<StreamId, Error> connect(romon::RomonId peer, std::uint16_t service, const PeerTraits& traits);
    void accept(Connection& connection, const PeerTraits& traits);
    void refuse(Connection& connection, CloseReason reason);
    void abort(Connection& connection);
    void abortAll();
    void pathChanged(romon::RomonId peer, const PeerTraits& traits);
    void pathChanged(Connection& connection, const PeerTraits& traits);
    StreamId receive(const StreamKey& key, Bytes payload);
    void advance();

    [[nodiscard]] std::optional<Transmit> nextTransmit();
    [[nodiscard]] std::optional<Event> nextEvent();
    [[nodiscard]] std::optional<Instant> nextDeadline() const;
    [[nodiscard]] std::vector<StreamStatus> status() const;
    [[nodiscard]] std::size_t halfOpenStreams() const { return m_halfOpen.size(); }
    [[nodiscard]] std::vector<overlay::NamedCounter> counters() const;
    [[nodiscard]] Instant now() const { return m_now; }

private:
    StreamId receive(Connection& connection, const Frame& frame);
    void receiveUnknown(const StreamKey& key, const Frame& frame);
    void receiveConnect(const StreamKey& key, const Frame& frame);
    void answerUnknown(const StreamKey& key, const Frame& frame);
    void answerEnded(const StreamKey& key, const FinalNumbers& numbers, const Frame& frame);
    void sendControl(const StreamKey& key, ByteVector payload);
    [[nodiscard]] std::optional<StreamKey> freeKey(romon::RomonId peer, std::uint16_t service);
    [[nodiscard]] bool hasRoom() const { return m_streams.size() - m_halfOpen.size() < m_config.streamsMax; }
    void makeRoomForHalfOpen();
    [[nodiscard]] bool becomeProven(Connection& connection);
    Connection::Setup setup(const StreamKey& key);
    void giveTurn(const Connection& connection);
    Connection& add(std::unique_ptr<Connection> connection);
    void remove(Connection& connection);
    [[nodiscard]] std::optional<ByteVector> takeTurn(Connection& connection, Transmit::Class trafficClass);
    [[nodiscard]] bool isTypedBeside(StreamId stream) const;

    Config m_config;
    RandomSource& m_random;
    Instant m_now;
    StreamKeyHash m_hash;
    Counters m_counters;
    BufferBudget m_budget;
    std::map<StreamId, std::unique_ptr<Connection>> m_streams;
    std::unordered_map<StreamKey, Connection*, StreamKeyHash> m_byKey;
    EndedStreams m_ended;
    std::set<StreamId> m_halfOpen; ///< of m_streams, those whose peer has not proved that it hears us; oldest first
    Schedule m_schedule;
    StreamId m_typedOn = 0; ///< the last stream that sent a key; may have ended
    Instant m_typedAt{};
    RateLimit m_strangerLimit;
    BoundedQueue<Transmit> m_control;
    std::deque<Event> m_events; ///< at most a handful a stream: see Connection's notices
    StreamId m_nextId = 1;
};

} // namespace fb::stream
