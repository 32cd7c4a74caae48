// SPDX-License-Identifier: Apache-2.0
// In the situation of the captured frames the engine emits the captured bytes. Only the flag byte differs: captures
// show c0, 00, c3 and 42 in it (probably never initialised by the sender), and we send zero.
#include "core/stream/Engine.h"
#include "tests/support/CapturedFrames.h"

#include <QTest>

#include <deque>

using namespace fb::stream;

namespace {

constexpr std::size_t kHopsAt = 40; ///< number of hops, from the start of the RoMON payload
constexpr std::size_t kDataAt = 46; ///< ports follow here plus ten bytes a hop
constexpr std::size_t kHopBytes = 10;
constexpr std::ptrdiff_t kPortBytes = 4;
constexpr std::size_t kFlagAt = 1;

struct Captured {
    std::uint16_t sourcePort = 0;
    std::uint16_t destinationPort = 0;
    fb::ByteVector payload;
};

Captured captured(const char* name)
{
    const fb::ByteVector packet = fb::test::capturedFrames().at(name);
    const auto body = fb::Bytes(packet).subspan(kDataAt + kHopBytes * packet.at(kHopsAt));
    return {.sourcePort = static_cast<std::uint16_t>(body[0] << 8U | body[1]),
            .destinationPort = static_cast<std::uint16_t>(body[2] << 8U | body[3]),
            .payload = fb::ByteVector(body.begin() + kPortBytes, body.end())};
}

/// Draws the given numbers, then zeros.
class ScriptedRandom final : public fb::RandomSource {
public:
    explicit ScriptedRandom(std::deque<std::uint32_t> numbers) : m_numbers(std::move(numbers)) {}
    [[nodiscard]] std::uint32_t next32() override
    {
        if (m_numbers.empty())
            return 0;
        const std::uint32_t number = m_numbers.front();
        m_numbers.pop_front();
        return number;
    }

private:
    std::deque<std::uint32_t> m_numbers;
};

/// The draw that makes the engine choose this client port out of 16384..64255.
std::uint32_t drawFor(std::uint16_t port)
{
    return static_cast<std::uint32_t>(((std::uint64_t{port} - 16384) << 32U) / (0xfb00 - 16384) + 1);
}

constexpr fb::Instant kNow{std::chrono::seconds(5)};
const fb::romon::RomonId kClient{{{0xd4, 0xca, 0x6d, 0xdd, 0x8c, 0xba}}};
const fb::romon::RomonId kServer{{{0x18, 0xfd, 0x74, 0x75, 0xde, 0x23}}};
constexpr PeerTraits kPlain{.isFootbridge = false, .payloadBytesMax = 1400};

void compare(const std::optional<Transmit>& sent, const Captured& frame)
{
    QVERIFY(sent.has_value());
    QVERIFY(!frame.payload.empty());
    QCOMPARE(sent->sourcePort, frame.sourcePort);
    QCOMPARE(sent->destinationPort, frame.destinationPort);
    fb::ByteVector expected = frame.payload;
    expected[kFlagAt] = 0;
    QCOMPARE(sent->payload, expected);
}

} // namespace

class CapturedFramesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void clientSendsTheCapturedConnectAckAndBanner()
    {
        // Two draws seed the table, then port and initial number of each stream.
        ScriptedRandom random({1, 2, drawFor(0x59cc), 0x1aa316a9, drawFor(0x50a7), 0x424b4eb0});
        Engine engine(Config{}, random, kNow);
        const auto first = engine.connect(kServer, 3, kPlain, kNow);
        const auto second = engine.connect(kServer, 3, kPlain, kNow);
        QVERIFY(first.has_value() && second.has_value());
        compare(engine.nextTransmit(), captured("data_ssh_syn_1"));
        compare(engine.nextTransmit(), captured("data_ssh_syn_2"));
        QVERIFY(!engine.nextTransmit().has_value());

        const Captured accept = captured("data_ssh_synack");
        engine.receive(kServer, accept.sourcePort, accept.destinationPort, accept.payload, kNow);
        compare(engine.nextTransmit(), captured("data_ssh_ack"));
        const auto opened = engine.nextEvent();
        QVERIFY(opened.has_value() && std::get_if<Opened>(&*opened)->stream == *first);

        const Captured banner = captured("data_ssh_banner");
        const auto text = fb::Bytes(banner.payload).subspan(10);
        QCOMPARE(engine.write(*first, text, kNow), text.size());
        compare(engine.nextTransmit(), banner);
        QVERIFY(!engine.nextTransmit().has_value());
    }

    void clientSendsTheCapturedWinboxConnect()
    {
        ScriptedRandom random({1, 2, drawFor(0x48f7), 0x05b007d8});
        Engine engine(Config{}, random, kNow);
        QVERIFY(engine.connect(kServer, 4, kPlain, kNow).has_value());
        compare(engine.nextTransmit(), captured("data_winbox_syn"));
    }

    void serverSendsTheCapturedAcceptAndReadsTheBanner()
    {
        ScriptedRandom random({1, 2, 0xaaa636f0});
        Engine engine(Config{}, random, kNow);
        const Captured connect = captured("data_ssh_syn_1");
        engine.receive(kClient, connect.sourcePort, connect.destinationPort, connect.payload, kNow);
        const auto event = engine.nextEvent();
        QVERIFY(event.has_value());
        const auto* request = std::get_if<ConnectRequested>(&*event);
        QVERIFY(request != nullptr);
        QCOMPARE(request->service, std::uint16_t{3});
        QVERIFY(!engine.nextTransmit().has_value());
        engine.accept(request->stream, kPlain, kNow);
        compare(engine.nextTransmit(), captured("data_ssh_synack"));

        for (const char* name : {"data_ssh_ack", "data_ssh_banner"}) {
            const Captured frame = captured(name);
            engine.receive(kClient, frame.sourcePort, frame.destinationPort, frame.payload, kNow);
        }
        fb::ByteVector read(100);
        read.resize(engine.read(request->stream, read, kNow));
        QCOMPARE(fb::textOf(read), std::string("SSH-2.0-ROSSSH\r\n"));
        const auto ack = engine.nextTransmit();
        QVERIFY(ack.has_value());
        QCOMPARE(ack->payload.size(), std::size_t{10}); // not one byte more than a captured ack has
    }
};

QTEST_GUILESS_MAIN(CapturedFramesTest)
#include "tst_CapturedFrames.moc"
