// SPDX-License-Identifier: Apache-2.0
// How fast two stream engines move bytes in one process, against a plain queue of byte vectors in the same run, and
// how they fare over a lossy path on a virtual clock. Prints ratios and, for the virtual path, rates that do not depend
// on the machine.
#include "core/base/SeededRandom.h"
#include "core/stream/Engine.h"
#include "tests/bench/Report.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <deque>
#include <map>
#include <optional>

namespace {

using namespace std::chrono_literals;
using fb::Duration;
using fb::Instant;
using namespace fb::stream;

constexpr std::size_t kSegmentBytes = 1400;
constexpr PeerTraits kTraits{.isFootbridge = true, .payloadBytesMax = kSegmentBytes + 10};
const fb::romon::RomonId kClientId{{{2, 0, 0, 0, 0, 1}}};
const fb::romon::RomonId kServerId{{{2, 0, 0, 0, 0, 2}}};

double secondsSince(std::chrono::steady_clock::time_point start)
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Bytes per second through a queue of vectors: one copy in, one copy out, as little as any transport can do.
double queueRate(std::size_t total)
{
    const fb::ByteVector chunk(kSegmentBytes, 'q');
    fb::ByteVector out(kSegmentBytes);
    std::deque<fb::ByteVector> queue;
    const auto start = std::chrono::steady_clock::now();
    std::uint64_t sum = 0;
    for (std::size_t moved = 0; moved < total;) {
        for (int count = 0; count < 64; ++count)
            queue.emplace_back(chunk);
        while (!queue.empty()) {
            std::ranges::copy(queue.front(), out.begin());
            moved += out.size();
            sum += out[moved % out.size()];
            queue.pop_front();
        }
    }
    return sum > 0 ? static_cast<double>(total) / secondsSince(start) : 0;
}

struct PathConfig {
    double loss = 0;
    Duration delay{};
    double bytesPerSecond = 0; ///< zero: no limit
    std::size_t queueFrames = 256;
};

/// A client that writes as much as it may and a server that reads all, on a virtual clock.
class Bulk {
public:
    explicit Bulk(const PathConfig& path) : m_path(path) {}

    /// Opens the stream; false if that failed.
    bool open()
    {
        const auto client = m_client.connect(kServerId, 3, kTraits, m_now);
        if (!client)
            return false;
        m_clientStream = *client;
        while (m_serverStream == 0 && m_now < Instant(20s))
            step();
        return m_serverStream != 0;
    }

    /// Moves this many bytes, or runs for this long on the virtual clock; returns what arrived.
    std::size_t run(std::size_t bytesMax, Duration timeMax)
    {
        const std::size_t before = m_arrived;
        const Instant until = m_now + timeMax;
        while (m_arrived - before < bytesMax && m_now < until)
            step();
        return m_arrived - before;
    }

    [[nodiscard]] Duration longestQueueing() const { return m_longestQueueing; }

private:
    struct Flight {
        bool toServer = false;
        Transmit frame;
    };

    void step()
    {
        if (m_serverStream != 0)
            while (m_client.write(m_clientStream, m_chunk, m_now) == m_chunk.size()) {
            }
        drain();
        if (!m_flights.empty() && m_path.delay == 0us && m_path.bytesPerSecond == 0) {
            deliverAll();
            return;
        }
        std::optional<Instant> next;
        for (const auto& deadline : {m_client.nextDeadline(), m_server.nextDeadline()})
            next = deadline && (!next || *deadline < *next) ? deadline : next;
        if (!m_flights.empty() && (!next || m_flights.begin()->first < *next))
            next = m_flights.begin()->first;
        m_now = std::max(m_now, next.value_or(m_now + 1ms));
        deliverAll();
        m_client.advance(m_now);
        m_server.advance(m_now);
        drain();
    }

    void deliverAll()
    {
        while (!m_flights.empty() && m_flights.begin()->first <= m_now) {
            const Flight flight = std::move(m_flights.begin()->second);
            m_flights.erase(m_flights.begin());
            Engine& into = flight.toServer ? m_server : m_client;
            into.receive(flight.toServer ? kClientId : kServerId, flight.frame.sourcePort, flight.frame.destinationPort,
                         flight.frame.payload, m_now);
            if (flight.toServer)
                read();
        }
    }

    void read()
    {
        while (m_serverStream != 0) {
            const std::size_t count = m_server.read(m_serverStream, m_readBuffer, m_now);
            m_arrived += count;
            if (count < m_readBuffer.size())
                break;
        }
    }

    void drain()
    {
        drainEnd(m_client, true);
        drainEnd(m_server, false);
    }

    void drainEnd(Engine& engine, bool toServer)
    {
        while (auto event = engine.nextEvent()) {
            if (const auto* request = std::get_if<ConnectRequested>(&*event)) {
                m_serverStream = request->stream;
                engine.accept(request->stream, kTraits, m_now);
            }
        }
        while (auto frame = engine.nextTransmit())
            send(std::move(*frame), toServer);
    }

    void send(Transmit frame, bool toServer)
    {
        if (m_random.next32() < m_path.loss * 4294967296.0)
            return;
        Instant arrival = m_now + m_path.delay;
        if (m_path.bytesPerSecond > 0 && toServer) {
            const Duration perFrame(static_cast<Duration::rep>(1e6 * kSegmentBytes / m_path.bytesPerSecond));
            m_lineFree = std::max(m_lineFree, m_now);
            if (m_lineFree - m_now > perFrame * m_path.queueFrames)
                return; // the queue of the hop is full
            m_longestQueueing = std::max(m_longestQueueing, m_lineFree - m_now);
            m_lineFree += perFrame;
            arrival += m_lineFree - m_now;
        }
        m_flights.emplace_hint(m_flights.end(), arrival, Flight{toServer, std::move(frame)});
    }

    PathConfig m_path;
    Instant m_now{1s};
    fb::SeededRandom m_clientRandom{1};
    fb::SeededRandom m_serverRandom{2};
    fb::SeededRandom m_random{3};
    Engine m_client{Config{}, m_clientRandom, m_now};
    Engine m_server{Config{}, m_serverRandom, m_now};
    StreamId m_clientStream = 0;
    StreamId m_serverStream = 0;
    fb::ByteVector m_chunk = fb::ByteVector(64 * 1024, 's');
    fb::ByteVector m_readBuffer = fb::ByteVector(64 * 1024);
    std::multimap<Instant, Flight> m_flights;
    std::size_t m_arrived = 0;
    Instant m_lineFree{};
    Duration m_longestQueueing{};
};

void benchInProcess(fb::bench::Report& report)
{
    constexpr std::size_t kTotal = 400U << 20U;
    struct Run {
        double rate = 0;
        double baseline = 0;
    };
    std::array<Run, 5> runs{};
    for (Run& run : runs) {
        run.baseline = queueRate(kTotal);
        Bulk bulk({});
        if (!bulk.open())
            return;
        const auto start = std::chrono::steady_clock::now();
        run.rate = static_cast<double>(bulk.run(kTotal, 3600s)) / secondsSince(start);
    }
    std::ranges::sort(runs, {}, [](const Run& run) { return run.rate / run.baseline; });
    const Run& middle = runs[runs.size() / 2];
    report.add({.name = "two stream engines in one process",
                .parameters = nlohmann::ordered_json::object(),
                .value = middle.rate / 1e6,
                .unit = "MB/s",
                .baseline = {{"a plain queue of byte vectors", middle.baseline / 1e6}}});
}

/// On a virtual clock: what the machine is like does not show in it.
void benchPath(fb::bench::Report& report, const PathConfig& path)
{
    Bulk bulk(path);
    if (!bulk.open())
        return;
    (void)bulk.run(SIZE_MAX, 2s);
    constexpr auto kTime = 20s;
    const auto moved = static_cast<double>(bulk.run(SIZE_MAX, kTime));
    const auto milliseconds = [](Duration time) { return std::chrono::duration<double, std::milli>(time).count(); };
    const nlohmann::ordered_json parameters = {{"line, MB/s", path.bytesPerSecond / 1e6},
                                               {"delay, ms", milliseconds(path.delay)},
                                               {"loss, %", path.loss * 100}};
    report.add({.name = "stream over a simulated line",
                .parameters = parameters,
                .value = moved / 20e6,
                .unit = "MB/s",
                .baseline = {{"what the line lets through", path.bytesPerSecond * (1 - path.loss) / 1e6}}});
    report.add({.name = "longest wait in the line's queue",
                .parameters = parameters,
                .value = milliseconds(bulk.longestQueueing()),
                .unit = "ms"});
}

} // namespace

int main()
{
    fb::bench::Report report("Stream");
    benchInProcess(report);
    for (const Duration delay : {Duration(100us), Duration(20ms)}) {
        for (const double loss : {0.0, 0.01, 0.05})
            benchPath(report, {.loss = loss, .delay = delay, .bytesPerSecond = 100e6});
    }
    benchPath(report, {.loss = 0, .delay = 5ms, .bytesPerSecond = 10e6});
    return report.write();
}
