// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/core/stream/LossyPipe.h"

#include "core/base/Assert.h"

#include <algorithm>

namespace fb::test {

LossyPipe::LossyPipe(std::uint64_t seed, const PipeConfig& config)
    : m_config(config), m_random(seed), m_ends{makeEnd(1, seed * 2 + 1), makeEnd(2, seed * 2 + 2)}
{
}

LossyPipe::End LossyPipe::makeEnd(std::uint8_t number, std::uint64_t seed)
{
    std::unique_ptr<RandomSource> random = std::make_unique<SeededRandom>(seed);
    if (m_config.fixedRandom)
        random = std::make_unique<FixedRandom>(*m_config.fixedRandom);
    stream::Engine engine(m_config.streams, *random, m_now);
    return {.id = {{{2, 0, 0, 0, 0, number}}},
            .random = std::move(random),
            .engine = std::move(engine),
            .events = {},
            .framesSent = 0,
            .lastSent = std::nullopt};
}

stream::PeerTraits LossyPipe::traits() const
{
    return {.isFootbridge = m_config.isFootbridge, .payloadBytesMax = m_config.payloadBytesMax};
}

LossyPipe::Pair LossyPipe::open(std::uint16_t service)
{
    const auto client = engine(kClient).connect(idOf(kServer), service, traits(), m_now);
    FB_ASSERT(client.has_value());
    drain();
    const auto isOpen = [this, &client] {
        return std::ranges::any_of(eventsOf<stream::Opened>(kClient),
                                   [&client](const auto& opened) { return opened.stream == *client; });
    };
    FB_ASSERT(runUntil(isOpen, std::chrono::seconds(20)));
    return {*client, eventsOf<stream::ConnectRequested>(kServer).back().stream};
}

void LossyPipe::drain()
{
    for (bool isBusy = true; isBusy;) {
        isBusy = false;
        for (std::size_t end = 0; end < m_ends.size(); ++end) {
            std::size_t drained = 0;
            while (auto frame = m_ends[end].engine.nextTransmit()) {
                send(end, std::move(*frame));
                ++drained;
            }
            m_longestDrain = std::max(m_longestDrain, drained);
            while (auto event = m_ends[end].engine.nextEvent()) {
                isBusy = true;
                const auto* request = std::get_if<stream::ConnectRequested>(&*event);
                if (request != nullptr && m_acceptsByItself)
                    m_ends[end].engine.accept(request->stream, traits(), m_now);
                if (m_handler)
                    m_handler(end, *event);
                m_ends[end].events.push_back(std::move(*event));
            }
        }
    }
}

bool LossyPipe::runUntil(const std::function<bool()>& condition, Duration limit)
{
    const Instant until = m_now + limit;
    while (!condition()) {
        const auto next = nextInstant();
        if (!next || *next > until) {
            m_now = until;
            return condition();
        }
        step(*next);
    }
    return true;
}

void LossyPipe::runFor(Duration duration)
{
    (void)runUntil([] { return false; }, duration);
}

void LossyPipe::inject(std::size_t into, std::uint16_t sourcePort, std::uint16_t destinationPort, Bytes payload)
{
    m_ends[into].engine.receive(idOf(1 - into), sourcePort, destinationPort, payload, m_now);
    drain();
}

ByteVector LossyPipe::readAll(std::size_t end, stream::StreamId id)
{
    ByteVector all;
    std::array<std::uint8_t, 4096> chunk{};
    while (const std::size_t count = engine(end).read(id, chunk, m_now))
        all.insert(all.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(count));
    drain();
    return all;
}

std::optional<stream::Ended> LossyPipe::ended(std::size_t end, stream::StreamId id) const
{
    for (const auto& event : eventsOf<stream::Ended>(end)) {
        if (event.stream == id)
            return event;
    }
    return std::nullopt;
}

std::uint64_t LossyPipe::counter(std::size_t end, std::string_view name)
{
    for (const auto& named : engine(end).counters()) {
        if (named.name == name)
            return named.value;
    }
    return 0;
}

void LossyPipe::send(std::size_t from, stream::Transmit frame)
{
    ++m_ends[from].framesSent;
    m_ends[from].lastSent = frame;
    if (m_isCut || (m_filter && !m_filter(from, frame)))
        return;
    const Instant left = leavesAt(m_ends[from], frame);
    const int copies = chance(m_config.duplicate) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        if (chance(m_config.loss))
            continue;
        const auto jitter = m_config.jitter.count() == 0
                                ? Duration{}
                                : Duration(m_random.below(static_cast<std::uint32_t>(m_config.jitter.count())));
        m_flights.emplace(left + m_config.delay + jitter, Flight{1 - from, frame});
    }
}

Instant LossyPipe::leavesAt(End& from, const stream::Transmit& frame) const
{
    if (m_config.bytesPerMicrosecond <= 0)
        return m_now;
    const double time = static_cast<double>(frame.payload.size()) / m_config.bytesPerMicrosecond;
    from.lineFreeAt = std::max(from.lineFreeAt, m_now) + Duration(static_cast<Duration::rep>(time));
    return from.lineFreeAt;
}

bool LossyPipe::chance(double probability)
{
    return m_random.next32() < probability * 4294967296.0;
}

std::optional<Instant> LossyPipe::nextInstant()
{
    std::optional<Instant> next;
    if (!m_flights.empty())
        next = m_flights.begin()->first;
    for (const End& end : m_ends) {
        const auto deadline = end.engine.nextDeadline();
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    return next;
}

void LossyPipe::step(Instant when)
{
    m_now = std::max(m_now, when);
    while (!m_flights.empty() && m_flights.begin()->first <= m_now) {
        const Flight flight = std::move(m_flights.begin()->second);
        m_flights.erase(m_flights.begin());
        m_ends[flight.to].engine.receive(idOf(1 - flight.to), flight.frame.sourcePort, flight.frame.destinationPort,
                                         flight.frame.payload, m_now);
        drain();
    }
    for (End& end : m_ends)
        end.engine.advance(m_now);
    drain();
    for (const End& end : m_ends) {
        const auto deadline = end.engine.nextDeadline();
        m_sawStaleDeadline = m_sawStaleDeadline || (deadline && *deadline <= m_now);
    }
}

} // namespace fb::test
