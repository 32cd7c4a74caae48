// SPDX-License-Identifier: Apache-2.0
// The stream engine of a simulated node, above its overlay engine: accepts every connect, echoes or keeps what arrives,
// and tells its streams when the way to their peer changes.
#pragma once

#include "core/base/SeededRandom.h"
#include "core/overlay/Engine.h"
#include "core/stream/Engine.h"
#include "tests/sim/SimNet.h"

#include <map>
#include <optional>
#include <vector>

namespace fb::sim {

class SimStreams final : public Upper {
public:
    enum class Service { Keep, Echo };
    enum class Speech { AsTheMapSays, Plain };

    SimStreams(std::uint64_t seed, Service service, Instant now);

    void event(overlay::Engine& engine, const overlay::Event& event, Instant now) override;
    void advance(overlay::Engine& engine, Instant now) override;
    [[nodiscard]] std::optional<Instant> nextDeadline() const override { return m_streams.nextDeadline(); }

    [[nodiscard]] std::optional<stream::StreamId> connect(overlay::Engine& engine, romon::RomonId peer, Instant now);
    /// Writes as much as there is room for; returns how much that was.
    std::size_t write(overlay::Engine& engine, stream::StreamId stream, Bytes bytes, Instant now);
    void closeWriting(overlay::Engine& engine, stream::StreamId stream, Instant now);

    /// All that came in on a stream, and whether and how it ended.
    struct Received {
        ByteVector bytes;
        bool isEnded = false;
        std::optional<Error> error;
    };
    [[nodiscard]] const Received& received(stream::StreamId stream) { return m_received[stream]; }
    [[nodiscard]] const std::map<stream::StreamId, Received>& all() const { return m_received; }
    /// Speak to new peers as one speaks to RouterOS nodes, whatever the map says of them.
    void setSpeech(Speech speech) { m_speech = speech; }
    [[nodiscard]] std::size_t pathChanges() const { return m_pathChanges; }

private:
    void flush(overlay::Engine& engine, Instant now);
    void take(const stream::Event& event, overlay::Engine& engine, Instant now);
    void read(stream::StreamId stream, Instant now);
    void echo(stream::StreamId stream, Instant now);
    void checkPaths(overlay::Engine& engine, Instant now);
    [[nodiscard]] stream::PeerTraits traitsOf(const overlay::Engine& engine, romon::RomonId peer) const;

    SeededRandom m_random;
    Service m_service;
    Speech m_speech = Speech::AsTheMapSays;
    stream::Engine m_streams;
    std::map<stream::StreamId, Received> m_received;
    std::map<stream::StreamId, ByteVector> m_echoes;
    std::map<romon::RomonId, std::optional<overlay::Path>> m_paths;
    std::size_t m_pathChanges = 0;
};

} // namespace fb::sim
