// SPDX-License-Identifier: Apache-2.0
// Two stream engines joined by a pipe that loses, repeats, delays and reorders as one seed says. The clock is virtual
// and jumps to the next thing that happens. Answers connects by itself unless told otherwise and keeps every event.
#pragma once

#include "core/base/SeededRandom.h"
#include "core/stream/Engine.h"

#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace fb::test {

struct PipeConfig {
    double loss = 0;
    double duplicate = 0;
    Duration delay = std::chrono::milliseconds(1);
    Duration jitter{};
    double bytesPerMicrosecond = 0; ///< each way; 0: as many as come
    bool isFootbridge = true;
    std::size_t payloadBytesMax = 1400;
    stream::Config streams;
    /// Both engines draw this number and no other: equal client ports and equal initial numbers.
    std::optional<std::uint32_t> fixedRandom;
};

/// Draws one number, always.
class FixedRandom final : public RandomSource {
public:
    explicit FixedRandom(std::uint32_t number) : m_number(number) {}
    [[nodiscard]] std::uint32_t next32() override { return m_number; }

private:
    std::uint32_t m_number;
};

class LossyPipe {
public:
    static constexpr std::size_t kClient = 0;
    static constexpr std::size_t kServer = 1;

    LossyPipe(std::uint64_t seed, const PipeConfig& config);

    [[nodiscard]] Instant now() const { return m_now; }
    [[nodiscard]] stream::Engine& engine(std::size_t end) { return m_ends[end].engine; }
    [[nodiscard]] romon::RomonId idOf(std::size_t end) const { return m_ends[end].id; }
    [[nodiscard]] stream::PeerTraits traits() const;

    /// Changes what the pipe does from now on.
    void set(const PipeConfig& config) { m_config = config; }
    /// Nothing passes while it is cut.
    void cut() { m_isCut = true; }
    void mend() { m_isCut = false; }
    /// Called for each frame before it is sent; false loses it.
    using Filter = std::function<bool(std::size_t from, const stream::Transmit&)>;
    void setFilter(Filter filter) { m_filter = std::move(filter); }
    /// Called for each event of an end, before it is kept.
    using Handler = std::function<void(std::size_t end, const stream::Event&)>;
    void setHandler(Handler handler) { m_handler = std::move(handler); }
    void setAutoAccept(bool accepts) { m_acceptsByItself = accepts; }

    /// Opens a stream from the client to the server; both ids. Runs the pipe until it is open.
    struct Pair {
        stream::StreamId client = 0;
        stream::StreamId server = 0;
    };
    [[nodiscard]] Pair open(std::uint16_t service = 3);

    /// Drains both engines; to be called after each direct call to one of them.
    void drain();
    /// Runs until the condition holds (true) or the time is over (false).
    bool runUntil(const std::function<bool()>& condition, Duration limit);
    void runFor(Duration duration);
    /// One frame into an engine, at once.
    void inject(std::size_t into, std::uint16_t sourcePort, std::uint16_t destinationPort, Bytes payload);

    /// Everything readable at an end now.
    [[nodiscard]] ByteVector readAll(std::size_t end, stream::StreamId id);
    [[nodiscard]] const std::vector<stream::Event>& events(std::size_t end) const { return m_ends[end].events; }
    [[nodiscard]] std::optional<stream::Ended> ended(std::size_t end, stream::StreamId id) const;
    template <class Kind>
    [[nodiscard]] std::vector<Kind> eventsOf(std::size_t end) const
    {
        std::vector<Kind> found;
        for (const auto& event : m_ends[end].events) {
            if (const auto* kind = std::get_if<Kind>(&event))
                found.push_back(*kind);
        }
        return found;
    }
    [[nodiscard]] std::uint64_t counter(std::size_t end, std::string_view name);
    [[nodiscard]] std::uint64_t framesSent(std::size_t end) const { return m_ends[end].framesSent; }
    /// The last frame an end sent, ports included.
    [[nodiscard]] const stream::Transmit& lastSent(std::size_t end) const { return *m_ends[end].lastSent; }
    /// Whether a deadline was ever not later than the clock after a drain: a busy loop.
    [[nodiscard]] bool sawStaleDeadline() const { return m_sawStaleDeadline; }
    [[nodiscard]] std::size_t longestDrain() const { return m_longestDrain; }

private:
    struct End {
        romon::RomonId id;
        std::unique_ptr<RandomSource> random; ///< the engine refers to it
        stream::Engine engine;
        std::vector<stream::Event> events;
        std::uint64_t framesSent = 0;
        std::optional<stream::Transmit> lastSent;
        Instant lineFreeAt{}; ///< when the last frame has left, on a line of limited rate
    };
    struct Flight {
        std::size_t to = 0;
        stream::Transmit frame;
    };

    End makeEnd(std::uint8_t number, std::uint64_t seed);
    void send(std::size_t from, stream::Transmit frame);
    [[nodiscard]] Instant leavesAt(End& from, const stream::Transmit& frame) const;
    bool chance(double probability);
    std::optional<Instant> nextInstant();
    void step(Instant when);

    PipeConfig m_config;
    SeededRandom m_random;
    Instant m_now{std::chrono::seconds(1000)};
    std::array<End, 2> m_ends;
    std::multimap<Instant, Flight> m_flights;
    Filter m_filter;
    Handler m_handler;
    bool m_isCut = false;
    bool m_acceptsByItself = true;
    bool m_sawStaleDeadline = false;
    std::size_t m_longestDrain = 0;
};

} // namespace fb::test
