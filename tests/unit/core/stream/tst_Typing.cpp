// SPDX-License-Identifier: Apache-2.0
// Somebody types on one stream while another one copies.
#include "core/stream/Frame.h"
#include "tests/unit/core/stream/LossyPipe.h"

#include <QTest>

#include <chrono>

using namespace fb::stream;
using fb::test::LossyPipe;
using fb::test::PipeConfig;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t kClient = LossyPipe::kClient;
constexpr std::size_t kServer = LossyPipe::kServer;

/// 50 MB/s and 2 ms there and back: a product of 100 kB.
PipeConfig shortLine()
{
    PipeConfig config;
    config.bytesPerMicrosecond = 50;
    return config;
}

/// A copy that never ends, and a shell beside it.
struct Desk {
    LossyPipe pipe{1, shortLine()};
    LossyPipe::Pair copy = pipe.open();
    LossyPipe::Pair shell = pipe.open();
    fb::ByteVector chunk = fb::ByteVector(64 * 1024, 'c');

    void copyFor(fb::Duration time)
    {
        (void)pipe.runUntil(
            [this] {
                while (pipe.engine(kClient).write(copy.client, chunk, pipe.now()) > 0) {
                }
                pipe.drain();
                (void)pipe.readAll(kServer, copy.server);
                return false;
            },
            time);
    }
    void type(std::size_t end, StreamId stream)
    {
        (void)pipe.engine(end).write(stream, fb::bytesOf("l"), pipe.now());
        pipe.drain();
    }
    [[nodiscard]] std::size_t window()
    {
        for (const auto& status : pipe.engine(kClient).status(pipe.now())) {
            if (status.stream == copy.client)
                return status.windowBytes;
        }
        return 0;
    }
};

} // namespace

class TypingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aKeyGoesOutBeforeTheCopysNextSegment()
    {
        PipeConfig config;
        config.delay = 5ms;
        LossyPipe pipe(1, config);
        const auto copy = pipe.open();
        const auto shell = pipe.open();
        pipe.runFor(1s);
        (void)pipe.engine(kClient).write(copy.client, fb::ByteVector(1U << 20U, 'c'), pipe.now());
        (void)pipe.engine(kClient).write(shell.client, fb::bytesOf("l"), pipe.now());
        const auto first = pipe.engine(kClient).nextTransmit();
        QVERIFY(first.has_value());
        // Whichever was written first: the key goes out before the second segment of the copy.
        const auto second = pipe.engine(kClient).nextTransmit();
        const bool isKeyFirst = first->payload.size() == kHeaderBytes + kStampsBytes + 1;
        QVERIFY(isKeyFirst || (second && second->payload.size() == kHeaderBytes + kStampsBytes + 1));
        QVERIFY((isKeyFirst ? *first : *second).trafficClass == Transmit::Class::Interactive);
        const auto third = pipe.engine(kClient).nextTransmit();
        QVERIFY(third && third->trafficClass == Transmit::Class::Bulk);
    }

    void aCopyKeepsLessUnderWayWhileSomebodyTypes()
    {
        Desk desk;
        desk.copyFor(1s);
        const std::size_t alone = desk.window();
        desk.type(kClient, desk.shell.client);
        desk.copyFor(100ms);
        const std::size_t beside = desk.window();
        QVERIFY2(beside < alone * 4 / 5, qPrintable(QString("%1 of %2").arg(beside).arg(alone)));
        desk.copyFor(300ms);
        QVERIFY2(desk.window() < alone * 4 / 5, qPrintable(QString::number(desk.window())));
        desk.copyFor(300ms); // more than half a second without a key
        QVERIFY2(desk.window() > alone * 9 / 10, qPrintable(QString::number(desk.window())));
    }

    void theCopyGoesOnAtTheRateOfTheLine()
    {
        Desk desk;
        desk.copyFor(1s);
        const auto received = [&desk] {
            return desk.pipe.engine(kServer).status(desk.pipe.now()).front().bytesReceived;
        };
        const std::uint64_t before = received();
        for (int key = 0; key < 10; ++key) {
            desk.type(kClient, desk.shell.client);
            desk.copyFor(100ms);
        }
        const auto copied = static_cast<double>(received() - before);
        QVERIFY2(copied > 0.9 * 50e6, qPrintable(QString::number(copied)));
    }

    // Each key is echoed, so a far end that copies yields by itself.
    void onlyWhatThisEndTypesCounts()
    {
        Desk desk;
        desk.copyFor(1s);
        const std::size_t alone = desk.window();
        desk.type(kServer, desk.shell.server);
        desk.copyFor(100ms);
        QVERIFY(desk.window() > alone * 9 / 10);
        desk.type(kClient, desk.shell.client);
        desk.copyFor(100ms);
        QVERIFY(desk.window() < alone * 4 / 5);
    }

    // Few bytes at a time may be all that the application has: no reason to send them slower.
    void aStreamDoesNotYieldToItself()
    {
        Desk desk;
        desk.type(kClient, desk.copy.client);
        desk.copyFor(400ms);
        const std::size_t early = desk.window();
        desk.copyFor(400ms);
        QVERIFY2(early > desk.window() * 9 / 10, qPrintable(QString::number(early)));
    }

    void acknowledgementsAreNoKeys()
    {
        Desk desk;
        const auto back = desk.pipe.open();
        desk.copyFor(1s);
        const std::size_t alone = desk.window();
        (void)desk.pipe.engine(kServer).write(back.server, fb::ByteVector(50'000, 'b'), desk.pipe.now());
        desk.pipe.drain();
        desk.copyFor(100ms);
        QCOMPARE(desk.pipe.readAll(kClient, back.client).size(), std::size_t{50'000});
        QVERIFY2(desk.window() > alone * 9 / 10, qPrintable(QString::number(desk.window())));
    }
};

QTEST_GUILESS_MAIN(TypingTest)
#include "tst_Typing.moc"
