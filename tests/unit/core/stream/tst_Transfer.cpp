// SPDX-License-Identifier: Apache-2.0
// Bytes arrive exactly and in order, and both sides end cleanly, whatever the pipe does to the frames.
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <algorithm>
#include <chrono>

using namespace std::chrono_literals;

namespace {

/// One direction of one stream: writes a seeded sequence in pieces of random size, reads and compares.
struct Direction {
    std::size_t from = 0;
    fb::stream::StreamId writer = 0;
    fb::stream::StreamId reader = 0;
    std::size_t total = 0;
    std::size_t written = 0;
    std::size_t arrived = 0;
    bool isClosed = false;
    bool isExact = true;

    [[nodiscard]] std::uint8_t byteAt(std::size_t at) const
    {
        return static_cast<std::uint8_t>((at * 2654435761U) >> 13U ^ at ^ (from * 77U));
    }
};

class Exchange {
public:
    Exchange(fb::test::LossyPipe& pipe, std::uint64_t seed) : m_pipe(pipe), m_random(seed) {}

    void add(Direction direction) { m_directions.push_back(direction); }

    /// Writes, closes and reads what can be now.
    void push()
    {
        for (auto& direction : m_directions) {
            write(direction);
            read(direction);
        }
        m_pipe.drain();
    }

    [[nodiscard]] bool isDone() const
    {
        return std::ranges::all_of(m_directions, [this](const Direction& direction) {
            return direction.arrived == direction.total && m_pipe.ended(direction.from, direction.writer);
        });
    }
    [[nodiscard]] bool isExact() const
    {
        return std::ranges::all_of(m_directions, [](const Direction& direction) { return direction.isExact; });
    }
    [[nodiscard]] bool endedWell() const
    {
        return std::ranges::all_of(m_directions, [this](const Direction& direction) {
            const auto ended = m_pipe.ended(direction.from, direction.writer);
            return ended && !ended->error;
        });
    }

private:
    void write(Direction& direction)
    {
        auto& engine = m_pipe.engine(direction.from);
        while (direction.written < direction.total) {
            const std::size_t wanted =
                std::min<std::size_t>(direction.total - direction.written, 1 + m_random.below(5000));
            fb::ByteVector bytes(wanted);
            for (std::size_t at = 0; at < wanted; ++at)
                bytes[at] = direction.byteAt(direction.written + at);
            const std::size_t taken = engine.write(direction.writer, bytes, m_pipe.now());
            direction.written += taken;
            if (taken < wanted || m_random.below(4) == 0)
                return;
        }
        if (!direction.isClosed)
            engine.closeWriting(direction.writer, m_pipe.now());
        direction.isClosed = true;
    }

    void read(Direction& direction)
    {
        std::array<std::uint8_t, 3000> chunk{};
        while (true) {
            const std::size_t count =
                m_pipe.engine(1 - direction.from)
                    .read(direction.reader, std::span(chunk).first(1 + m_random.below(3000)), m_pipe.now());
            for (std::size_t at = 0; at < count; ++at)
                direction.isExact = direction.isExact && chunk[at] == direction.byteAt(direction.arrived + at);
            direction.arrived += count;
            if (count == 0)
                return;
        }
    }

    fb::test::LossyPipe& m_pipe;
    fb::SeededRandom m_random;
    std::vector<Direction> m_directions;
};

void runSeed(std::uint64_t seed)
{
    fb::SeededRandom random(seed);
    fb::test::PipeConfig config;
    config.loss = random.below(300) / 1000.0;
    config.duplicate = random.below(200) / 1000.0;
    config.delay = std::chrono::microseconds(random.below(20000));
    config.jitter = std::chrono::microseconds(random.below(3) == 0 ? 0 : random.below(30000));
    config.isFootbridge = random.below(3) != 0;
    config.payloadBytesMax = 100 + random.below(1400);
    config.streams.sendBufferBytes = 2000 + random.below(60000);
    config.streams.receiveBufferBytes = config.isFootbridge ? 2000 + random.below(60000) : 64 * 1024;
    fb::test::LossyPipe pipe(seed, config);
    Exchange exchange(pipe, seed);
    const std::uint32_t streams = 1 + random.below(3);
    for (std::uint32_t index = 0; index < streams; ++index) {
        const auto pair = pipe.open();
        Direction up;
        up.from = fb::test::LossyPipe::kClient;
        up.writer = pair.client;
        up.reader = pair.server;
        up.total = random.below(2) == 0 ? random.below(200) : random.below(60000);
        Direction down = up;
        down.from = fb::test::LossyPipe::kServer;
        std::swap(down.writer, down.reader);
        down.total = random.below(3) == 0 ? 0 : random.below(60000);
        exchange.add(up);
        exchange.add(down);
    }
    exchange.push();
    const bool isDone = pipe.runUntil(
        [&exchange] {
            exchange.push();
            return exchange.isDone();
        },
        600s);
    QVERIFY2(exchange.isExact(), qPrintable(QString::number(seed)));
    QVERIFY2(isDone, qPrintable(QString::number(seed)));
    QVERIFY2(exchange.endedWell(), qPrintable(QString::number(seed)));
    QVERIFY2(!pipe.sawStaleDeadline(), qPrintable(QString::number(seed)));
}

} // namespace

class TransferTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void arrivesExactlyWhateverThePipeDoes_data()
    {
        QTest::addColumn<int>("first");
        for (int first = 1; first <= 201; first += 20)
            QTest::newRow(qPrintable(QString("seeds from %1").arg(first))) << first;
    }

    void arrivesExactlyWhateverThePipeDoes()
    {
        QFETCH(int, first);
        for (int seed = first; seed < first + 20; ++seed) {
            runSeed(static_cast<std::uint64_t>(seed));
            if (QTest::currentTestFailed())
                return;
        }
    }
};

QTEST_GUILESS_MAIN(TransferTest)
#include "tst_Transfer.moc"
