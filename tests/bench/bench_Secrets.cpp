// SPDX-License-Identifier: Apache-2.0
// What secrets cost a forwarder: frames through one engine with secrets on both ports, as a ratio to the same frames
// without; and to the two hashes that each frame needs, the floor of it.
#include "core/base/SeededRandom.h"
#include "core/overlay/Challenge.h"
#include "core/overlay/Engine.h"
#include "core/overlay/FrameSignature.h"
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/bench/Report.h"

#include <algorithm>
#include <chrono>
#include <vector>

using namespace fb;
using namespace fb::overlay;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kRuns = 9;
constexpr std::uint32_t kFrames = 20000;
constexpr MacAddress kSender{{0x0a, 0, 0, 0, 0, 1}};
constexpr MacAddress kReceiver{{0x0a, 0, 0, 0, 0, 2}};
constexpr MacAddress kIncoming{{6, 0, 0, 0, 0, 1}};
constexpr MacAddress kOutgoing{{6, 0, 0, 0, 0, 2}};
constexpr romon::RomonId kSource{{{2, 0, 0, 0, 0, 1}}};
constexpr romon::RomonId kForwarder{{{2, 0, 0, 0, 0, 2}}};
constexpr romon::RomonId kTarget{{{2, 0, 0, 0, 0, 3}}};

ByteVector frameWith(const romon::DataParts& parts)
{
    ByteVector frame;
    wire::encodeEthernet({.destination = kIncoming, .source = kSender, .etherType = romon::kEtherType}, frame);
    romon::appendData(parts, frame);
    return frame;
}

/// Frames of the sender that the forwarder passes on, with or without a signature.
struct Traffic {
    Traffic(std::size_t payloadBytes, const SecretKey* signedWith) : key(signedWith)
    {
        const std::vector<romon::HopEntry> hops{{.linkId = 1, .mac = kIncoming}, {.linkId = 2, .mac = kReceiver}};
        const ByteVector payload(payloadBytes, 0x5a);
        frames.assign(kFrames, frameWith({.header = {.auth = {}, .source = kSource, .destination = kTarget},
                                          .pointer = 0,
                                          .entries = hops,
                                          .sourcePort = 500,
                                          .destinationPort = 600,
                                          .payload = payload}));
        introduction = session.next(random, Instant{});
        if (key != nullptr) {
            for (auto& frame : frames)
                signFrame(frame, *key, session.next(random, Instant{}));
        }
    }

    /// Says what the forwarder needs to hear before it believes a signature.
    void introduce(Engine& engine, Instant now)
    {
        ByteVector first = frames.front();
        signFrame(first, *key, introduction);
        engine.receive(0, first, now);
        const auto question = engine.nextTransmit();
        const auto data = romon::viewData(Bytes(question->frame).subspan(wire::kEthernetHeaderBytes));
        auto answer = *decodeChallenge(data->payload);
        answer.kind = Challenge::Kind::Answer;
        answer.value = 0;
        const romon::HopEntry hop{.linkId = 1, .mac = kIncoming};
        const ByteVector payload = encode(answer);
        ByteVector reply = frameWith({.header = {.auth = {}, .source = kSource, .destination = kForwarder},
                                      .pointer = 0,
                                      .entries = std::span(&hop, 1),
                                      .sourcePort = kChallengePort,
                                      .destinationPort = kChallengePort,
                                      .payload = payload});
        signFrame(reply, *key, introduction);
        engine.receive(0, reply, now);
        while (engine.nextTransmit()) {
        }
    }

    const SecretKey* key;
    SeededRandom random{7};
    SendingSession session;
    FrameNumber introduction; ///< below those of the frames
    std::vector<ByteVector> frames;
};

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values[values.size() / 2];
}

double framesPerSecond(Clock::duration taken, std::size_t frames)
{
    return static_cast<double>(frames) / std::chrono::duration<double>(taken).count();
}

double forwarded(Traffic& traffic, const SecretList& secrets)
{
    SeededRandom random(1);
    const Instant now{std::chrono::seconds(10)};
    Config config;
    config.id = kForwarder;
    config.role = Role::Transit;
    Engine engine(config, random, now);
    engine.setSecrets(secrets, now);
    engine.addPort(0, {.interface = "in", .mac = kIncoming}, now);
    engine.addPort(1, {.interface = "out", .mac = kOutgoing}, now);
    for (const PortId port : {PortId{0}, PortId{1}})
        engine.portChanged(port, PortState::Up, now);
    if (!secrets.empty())
        traffic.introduce(engine, now);
    std::size_t passed = 0;
    const auto start = Clock::now();
    for (const auto& frame : traffic.frames) {
        engine.receive(0, frame, now);
        while (auto transmit = engine.nextTransmit()) {
            ++passed;
            engine.recycle(std::move(transmit->frame));
        }
    }
    const auto taken = Clock::now() - start;
    return passed + 1 < traffic.frames.size() ? 0 : framesPerSecond(taken, passed);
}

double hashedTwice(const Traffic& traffic, const SecretKey& key)
{
    const auto start = Clock::now();
    for (const auto& frame : traffic.frames) {
        for (int hash = 0; hash < 2; ++hash)
            (void)key.hash.of(std::array{Bytes(frame)});
    }
    return framesPerSecond(Clock::now() - start, traffic.frames.size());
}

} // namespace

int main()
{
    bench::Report report("Secrets");
    const SecretKey key{Secret("a secret of twenty characters or more")};
    for (const std::size_t payload : {32U, 1400U}) {
        std::vector<double> open;
        std::vector<double> secured;
        std::vector<double> floor;
        for (int run = 0; run < kRuns; ++run) {
            Traffic plain(payload, nullptr);
            Traffic hashed(payload, &key);
            open.push_back(forwarded(plain, {}));
            secured.push_back(forwarded(hashed, {key.secret}));
            floor.push_back(hashedTwice(hashed, key));
        }
        const nlohmann::ordered_json parameters = {{"payload bytes", payload}};
        report.add({.name = "forwarding with a secret",
                    .parameters = parameters,
                    .value = median(secured),
                    .unit = "frames/s",
                    .baseline = bench::Measurement::Baseline{.name = "without", .value = median(open)}});
        report.add({.name = "forwarding with a secret",
                    .parameters = parameters,
                    .value = median(secured),
                    .unit = "frames/s",
                    .baseline = bench::Measurement::Baseline{.name = "its two hashes alone", .value = median(floor)}});
    }
    return report.write();
}
