// SPDX-License-Identifier: Apache-2.0
// The input is a script for two stream engines and the pipe between them: calls, time, frames lost, repeated,
// reordered, damaged, and forged with numbers near the right ones. Whatever it says: no crash, no busy loop, bounded
// drains, bounded tables, and without forgeries every byte read is the byte written at that place.
#include "core/base/Assert.h"
#include "core/base/SeededRandom.h"
#include "core/stream/Engine.h"
#include "core/stream/Frame.h"
#include "tests/fuzz/Script.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <map>

namespace {

using namespace fb::stream;
using fb::fuzz::Script;
using namespace std::chrono_literals;

constexpr std::size_t kDrainMax = 4096;
constexpr std::size_t kFlightsMax = 256;
constexpr std::size_t kStepsMax = 2000;

std::uint8_t byteAt(std::size_t from, std::uint64_t at)
{
    return static_cast<std::uint8_t>(at * 131U + at / 251U + from);
}

class World {
public:
    explicit World(Script script) : m_script(script), m_isFootbridge((m_script.byte() & 1U) != 0) {}

    void run()
    {
        for (std::size_t step = 0; step < kStepsMax && !m_script.isOver(); ++step) {
            act();
            drain();
            check();
        }
    }

private:
    struct Flow {
        std::uint64_t written = 0;
        std::uint64_t read = 0;
    };
    struct End {
        fb::romon::RomonId id;
        std::deque<StreamId> streams;
        std::map<StreamId, Flow> flows;
    };
    struct Flight {
        std::size_t to = 0;
        Transmit frame;
    };

    static Config config()
    {
        Config config;
        config.streamsMax = 8;
        config.halfOpenMax = 4;
        config.sendBufferBytes = 20000;
        config.receiveBufferBytes = 20000;
        return config;
    }
    PeerTraits traits() { return {.isFootbridge = m_isFootbridge, .payloadBytesMax = 60 + m_script.byte() * 8U}; }

    StreamId pick(std::size_t end)
    {
        const auto& streams = m_ends[end].streams;
        return streams.empty() ? m_script.byte() : streams[m_script.byte() % streams.size()];
    }

    void act()
    {
        const std::uint8_t what = m_script.byte();
        const std::size_t end = what >> 7U;
        Engine& engine = m_engines[end];
        switch (what % 16U) {
        case 0:
            if (const auto stream = engine.connect(m_ends[1 - end].id, 1 + m_script.byte() % 4U, traits(), m_now))
                m_ends[end].streams.push_back(*stream);
            break;
        case 1:
        case 2:
            write(end, pick(end), m_script.word() % 9000U);
            break;
        case 3:
        case 4:
            read(end, pick(end), 1 + m_script.word() % 9000U);
            break;
        case 5:
            engine.closeWriting(pick(end), m_now);
            break;
        case 6:
            engine.abort(pick(end), m_now);
            break;
        case 7:
            engine.pathChanged(m_ends[1 - end].id, traits(), m_now);
            break;
        case 8:
            pass(std::chrono::microseconds(m_script.word()));
            break;
        case 9:
            pass(std::chrono::milliseconds(m_script.word()));
            break;
        case 10:
            forge(end);
            break;
        case 11:
            lose();
            break;
        case 12:
            repeat();
            break;
        default:
            deliver();
            break;
        }
    }

    void write(std::size_t end, StreamId stream, std::size_t count)
    {
        Flow& flow = m_ends[end].flows[stream];
        fb::ByteVector bytes(count);
        for (std::size_t at = 0; at < count; ++at)
            bytes[at] = byteAt(end, flow.written + at);
        const std::size_t taken = m_engines[end].write(stream, bytes, m_now);
        FB_ASSERT(taken <= count);
        flow.written += taken;
    }

    void read(std::size_t end, StreamId stream, std::size_t count)
    {
        Flow& flow = m_ends[end].flows[stream];
        fb::ByteVector bytes(count);
        const std::size_t taken = m_engines[end].read(stream, bytes, m_now);
        for (std::size_t at = 0; at < taken && !m_isForged; ++at)
            FB_ASSERT(bytes[at] == byteAt(1 - end, flow.read + at));
        flow.read += taken;
    }

    void pass(fb::Duration time)
    {
        m_now += time;
        for (Engine& engine : m_engines)
            engine.advance(m_now);
        drain();
        for (Engine& engine : m_engines)
            FB_ASSERT(!engine.nextDeadline() || *engine.nextDeadline() > m_now);
    }

    /// A frame near enough to a real one to get past the first checks.
    void forge(std::size_t end)
    {
        m_isForged = true;
        const auto real = decodeFrame(m_last[end].payload);
        Header header{.type = static_cast<FrameType>(m_script.byte() % 5U), .sequence = 0, .acknowledge = 0};
        if (real) {
            header.sequence = real->header.sequence + m_script.word() - 32768U * (m_script.byte() & 1U);
            header.acknowledge = real->header.acknowledge + m_script.byte() - 128U * (m_script.byte() & 1U);
            if ((m_script.byte() & 3U) == 0)
                std::swap(header.sequence, header.acknowledge);
        }
        fb::ByteVector payload = encodeHeader(header, 0);
        const std::uint8_t shape = m_script.byte();
        if ((shape & 0x40U) != 0)
            forgeBody(end, header, payload);
        for (std::uint8_t count = shape % 64U; count > 0; --count)
            payload.push_back(m_script.byte());
        if ((m_script.byte() & 15U) == 0)
            payload.resize(m_script.byte() % payload.size());
        const std::uint8_t ports = m_script.byte();
        m_engines[1 - end].receive(m_ends[end].id, ports < 200 ? m_last[end].sourcePort : m_script.word() & 0xffffU,
                                   ports < 200 ? m_last[end].destinationPort : 1 + ports % 4U, payload, m_now);
    }

    /// What peers with options put behind the header, with numbers near the right ones.
    void forgeBody(std::size_t end, const Header& header, fb::ByteVector& payload)
    {
        if (header.type == FrameType::Connect || header.type == FrameType::Accept) {
            const auto version = static_cast<std::uint8_t>(m_script.byte() % 4U);
            return appendOptions(payload, {.version = version, .windowBytes = m_script.word() * 64U});
        }
        if (header.type == FrameType::Close)
            return appendReason(payload, static_cast<CloseReason>(m_script.byte() % 6U));
        fb::Bytes real = fb::Bytes(m_last[end].payload).subspan(std::min(kHeaderBytes, m_last[end].payload.size()));
        auto stamps = takeStamps(real).value_or(Stamps{});
        stamps.sent += m_script.byte() * 16U;
        stamps.echo -= m_script.byte() * 16U;
        appendStamps(payload, stamps);
        if (header.type != FrameType::Ack)
            return;
        AckBody ack{.windowBytes = m_script.word() * 4U, .ranges = {}};
        std::uint32_t at = header.acknowledge;
        for (std::uint8_t count = m_script.byte() % 4U; count > 0; --count) {
            at += m_script.word() % 4096U;
            ack.ranges.push_back({.begin = at, .end = at + m_script.word() % 4096U});
            at = ack.ranges.back().end;
        }
        appendAckBody(payload, ack);
    }

    [[nodiscard]] std::size_t pickFlight() { return m_script.byte() % m_flights.size(); }
    void lose()
    {
        if (!m_flights.empty())
            m_flights.erase(m_flights.begin() + static_cast<std::ptrdiff_t>(pickFlight()));
    }
    void repeat()
    {
        if (!m_flights.empty() && m_flights.size() < kFlightsMax)
            m_flights.push_back(m_flights[pickFlight()]);
    }
    void deliver()
    {
        if (m_flights.empty())
            return;
        const std::size_t at = (m_script.byte() & 3U) == 0 ? pickFlight() : 0;
        const Flight flight = m_flights[at];
        m_flights.erase(m_flights.begin() + static_cast<std::ptrdiff_t>(at));
        m_engines[flight.to].receive(m_ends[1 - flight.to].id, flight.frame.sourcePort, flight.frame.destinationPort,
                                     flight.frame.payload, m_now);
    }

    void drain()
    {
        for (std::size_t end = 0; end < m_engines.size(); ++end) {
            std::size_t drained = 0;
            while (auto frame = m_engines[end].nextTransmit()) {
                FB_ASSERT(++drained < kDrainMax);
                FB_ASSERT(frame->payload.size() >= kHeaderBytes && frame->payload[1] == 0);
                m_last[end] = *frame;
                if (m_flights.size() < kFlightsMax)
                    m_flights.push_back({1 - end, std::move(*frame)});
            }
            drained = 0;
            while (const auto event = m_engines[end].nextEvent()) {
                FB_ASSERT(++drained < kDrainMax);
                answer(end, *event);
            }
        }
    }

    void answer(std::size_t end, const Event& event)
    {
        if (const auto* request = std::get_if<ConnectRequested>(&event)) {
            m_ends[end].streams.push_back(request->stream);
            if (request->service == 4)
                m_engines[end].refuse(request->stream, Refusal::NotAllowed, m_now);
            else
                m_engines[end].accept(request->stream, traits(), m_now);
        } else if (const auto* proof = std::get_if<PeerProven>(&event)) {
            if (proof->request.service == 3) { // what was promised cannot be had
                m_engines[end].refuse(proof->request.stream, Refusal::NotAllowed, m_now);
                std::erase(m_ends[end].streams, proof->request.stream);
            }
        } else if (const auto* ended = std::get_if<Ended>(&event)) {
            std::erase(m_ends[end].streams, ended->stream);
            FB_ASSERT(m_engines[end].atEnd(ended->stream));
        }
    }

    void check()
    {
        for (Engine& engine : m_engines) {
            FB_ASSERT(engine.status(m_now).size() <= config().streamsMax);
            FB_ASSERT(engine.halfOpenStreams() <= config().halfOpenMax);
        }
    }

    Script m_script;
    bool m_isFootbridge;
    bool m_isForged = false;
    fb::Instant m_now{1s};
    fb::SeededRandom m_randomA{1};
    fb::SeededRandom m_randomB{2};
    std::array<Engine, 2> m_engines{Engine(config(), m_randomA, m_now), Engine(config(), m_randomB, m_now)};
    std::array<End, 2> m_ends{End{{{{2, 0, 0, 0, 0, 1}}}, {}, {}}, End{{{{2, 0, 0, 0, 0, 2}}}, {}, {}}};
    std::array<Transmit, 2> m_last;
    std::deque<Flight> m_flights;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    World(Script(fb::Bytes(data, size))).run();
    return 0;
}
