// SPDX-License-Identifier: Apache-2.0
// Secrets in a network: who reaches whom under which lists, changing them without losing anybody, restarts of either
// side, and an attacker who kept every frame there ever was.
#include "core/wire/Ethernet.h"
#include "tests/sim/SimNet.h"
#include "tests/sim/SimStreams.h"

#include <QtTest>

#include <algorithm>

using namespace fb;
using namespace fb::sim;
using namespace std::chrono_literals;

namespace {

SecretList secrets(std::initializer_list<const char*> texts)
{
    SecretList list;
    for (const char* text : texts)
        list.emplace_back(text);
    return list;
}

const overlay::NodeInfo* infoOf(const overlay::Snapshot& snapshot, romon::RomonId id)
{
    const auto found = std::ranges::find(snapshot.nodes, id, &overlay::NodeInfo::id);
    return found == snapshot.nodes.end() ? nullptr : &*found;
}

std::uint64_t counted(const SimNet& net, NodeIndex node, std::string_view name)
{
    const auto counters = net.snapshot(node).counters;
    const auto found = std::ranges::find(counters, name, &overlay::NamedCounter::name);
    return found == counters.end() ? 0 : found->value;
}

/// leaf -- a -- b -- far: every hop verifies and signs.
struct Chain {
    explicit Chain(std::uint64_t seed, Conditions conditions = {}) : net(seed, conditions)
    {
        nodes.push_back(net.addNode({.role = overlay::Role::Leaf}));
        for (int more = 0; more < 3; ++more)
            nodes.push_back(net.addNode());
        for (std::size_t at = 1; at < nodes.size(); ++at)
            segments.push_back(net.link(nodes[at - 1], nodes[at]));
    }

    void setAll(const SecretList& list)
    {
        for (const auto node : nodes)
            net.setSecrets(node, list);
    }

    [[nodiscard]] bool sees(std::size_t index) const
    {
        const auto snapshot = net.snapshot(nodes.front());
        const auto* info = infoOf(snapshot, net.id(nodes[index]));
        return info != nullptr && info->freshness == overlay::Freshness::Fresh && info->path.has_value();
    }
    [[nodiscard]] bool seesAll() const { return sees(1) && sees(2) && sees(3); }

    /// Echoes to the far end, one each 20 ms; how many were not answered.
    std::size_t lostOf(std::size_t echoes)
    {
        auto& events = net.events(nodes.front());
        events.clear();
        std::size_t lost = 0;
        for (std::size_t echo = 0; echo < echoes; ++echo) {
            if (!net.engine(nodes.front()).ping(net.id(nodes.back()), echo, 32, 500ms, net.now()))
                ++lost;
            net.settle(nodes.front());
            net.runFor(20ms);
        }
        net.runFor(600ms);
        lost += static_cast<std::size_t>(std::ranges::count_if(
            events, [](const auto& event) { return std::holds_alternative<overlay::PingLost>(event); }));
        return lost;
    }

    SimNet net;
    std::vector<NodeIndex> nodes;
    std::vector<SegmentIndex> segments;
};

} // namespace

class tst_SimSecrets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsEverybodyWithinTheFirstRound();
    void reachesExactlyWhoSharesASecret();
    void changesSecretsWithoutLosingAnEcho();
    void changesSecretsUnderAStream();
    void knowsItsNeighborsAgainAfterARestart_data();
    void knowsItsNeighborsAgainAfterARestart();
    void takesNothingFromARecording();
    void worksOnABadWire();
};

/// Asking for sessions must not cost a round: the question that made a node ask is kept until the answer.
void tst_SimSecrets::findsEverybodyWithinTheFirstRound()
{
    Chain chain(1);
    chain.setAll(secrets({"s"}));
    chain.net.runFor(10ms);
    chain.net.watch(chain.nodes.front());
    chain.net.runFor(300ms);
    QVERIFY(chain.seesAll());
    QCOMPARE(chain.net.snapshot(chain.nodes.front()).roundsAsked, std::uint64_t{1});
    QCOMPARE(chain.lostOf(10), std::size_t{0});
}

void tst_SimSecrets::reachesExactlyWhoSharesASecret()
{
    Chain chain(2);
    chain.setAll(secrets({"s"}));
    chain.net.setSecrets(chain.nodes[3], secrets({"other"}));
    chain.net.watch(chain.nodes.front());
    chain.net.runFor(5s);
    QVERIFY(chain.sees(1) && chain.sees(2));
    QVERIFY(!chain.sees(3));
    // The one who is refused is told of by name: here the watcher, whose questions come that far.
    const auto unverified = chain.net.snapshot(chain.nodes[3]).unverified;
    QCOMPARE(unverified.size(), std::size_t{1});
    QCOMPARE(unverified[0].id, chain.net.id(chain.nodes[0]));
    QVERIFY(unverified[0].frames >= 4 && unverified[0].replayed == 0 && unverified[0].unhashed == 0);

    // A list of one port alone brings it in, and the rest of the network notices nothing.
    chain.net.setPortSecrets(chain.nodes[2], 1, secrets({"other"}));
    QVERIFY(chain.net.runUntil([&] { return chain.seesAll(); }, 3s));
    chain.net.setPortSecrets(chain.nodes[2], 1, std::nullopt);
    QVERIFY(chain.net.runUntil([&] { return !chain.sees(3); }, 6s));
    QVERIFY(chain.sees(1) && chain.sees(2));
}

/// RouterOS's documented way, node after node: accept the new secret, then send it, then demand it.
void tst_SimSecrets::changesSecretsWithoutLosingAnEcho()
{
    Chain chain(3);
    chain.net.watch(chain.nodes.front());
    chain.net.runFor(2s);
    QVERIFY(chain.seesAll());
    const std::vector<SecretList> passes{
        secrets({"", "first"}),     secrets({"first", ""}),     secrets({"first"}),
        secrets({"first", "next"}), secrets({"next", "first"}), secrets({"next"}),
    };
    for (const auto& pass : passes) {
        for (auto node = chain.nodes.rbegin(); node != chain.nodes.rend(); ++node) {
            chain.net.setSecrets(*node, pass);
            QCOMPARE(chain.lostOf(5), std::size_t{0});
            QVERIFY(chain.seesAll());
        }
    }
    for (const auto node : chain.nodes) {
        QCOMPARE(counted(chain.net, node, "hash-mismatch"), std::uint64_t{0});
        QCOMPARE(counted(chain.net, node, "unhashed-refused"), std::uint64_t{0});
        QVERIFY(chain.net.snapshot(node).unverified.empty());
    }
}

void tst_SimSecrets::changesSecretsUnderAStream()
{
    Chain chain(4);
    auto& net = chain.net;
    const auto near = chain.nodes.front();
    const auto far = chain.nodes.back();
    auto nearStreams = std::make_unique<SimStreams>(1, SimStreams::Service::Keep, net.now());
    auto farStreams = std::make_unique<SimStreams>(2, SimStreams::Service::Keep, net.now());
    SimStreams& sender = *nearStreams;
    SimStreams& receiver = *farStreams;
    net.setUpper(near, std::move(nearStreams));
    net.setUpper(far, std::move(farStreams));
    net.watch(near);
    net.runFor(2s);
    const auto stream = sender.connect(net.engine(near), net.id(far), net.now());
    QVERIFY(stream.has_value());
    net.settle(near);
    ByteVector sent;
    const auto write = [&](Duration duration) {
        for (const Instant end = net.now() + duration; net.now() < end; net.runFor(1ms)) {
            ByteVector chunk(500, static_cast<std::uint8_t>(sent.size() / 500));
            const std::size_t taken = sender.write(net.engine(near), *stream, chunk, net.now());
            sent.insert(sent.end(), chunk.begin(), chunk.begin() + static_cast<std::ptrdiff_t>(taken));
            net.settle(near);
        }
    };
    for (const auto& pass : {secrets({"", "s"}), secrets({"s", ""}), secrets({"s"})}) {
        for (const auto node : chain.nodes) {
            net.setSecrets(node, pass);
            write(200ms);
        }
    }
    net.runFor(2s);
    QCOMPARE(receiver.all().size(), std::size_t{1});
    const auto& received = receiver.all().begin()->second;
    QVERIFY(!received.error);
    QVERIFY(received.bytes == sent);
    QVERIFY(sent.size() > 500 * 1000);
}

void tst_SimSecrets::knowsItsNeighborsAgainAfterARestart_data()
{
    QTest::addColumn<int>("restarted");
    QTest::newRow("the one who asks") << 0;
    QTest::newRow("a forwarder") << 1;
    QTest::newRow("the one who answers") << 3;
}

void tst_SimSecrets::knowsItsNeighborsAgainAfterARestart()
{
    QFETCH(int, restarted);
    Chain chain(5);
    chain.setAll(secrets({"s"}));
    chain.net.watch(chain.nodes.front());
    chain.net.runFor(3s);
    for (int again = 0; again < 3; ++again) {
        chain.net.stop(chain.nodes[static_cast<std::size_t>(restarted)]);
        chain.net.runFor(100ms);
        chain.net.start(chain.nodes[static_cast<std::size_t>(restarted)]);
        chain.net.runFor(1200ms);
        QVERIFY(chain.seesAll());
        QCOMPARE(chain.lostOf(5), std::size_t{0});
    }
}

/// Everything that was ever on the wire is played back, before and after each side restarts: nobody acts on any of it.
void tst_SimSecrets::takesNothingFromARecording()
{
    SimNet net(6);
    const auto left = net.addNode();
    const auto right = net.addNode();
    const auto segment = net.link(left, right);
    for (const auto node : {left, right})
        net.setSecrets(node, secrets({"s"}));
    std::vector<ByteVector> tape;
    enum class Recording { Yes, No } recording = Recording::Yes;
    net.setObserver([&](const SentFrame& frame) {
        if (recording == Recording::Yes)
            tape.push_back(frame.frame);
    });
    net.watch(left);
    const auto sendWords = [&](int words) {
        for (int word = 0; word < words; ++word) {
            const ByteVector payload{static_cast<std::uint8_t>(word)};
            QVERIFY(net.engine(left)
                        .sendData(net.id(right), 500, 600, payload, overlay::Transmit::Class::Interactive, net.now())
                        .has_value());
            net.settle(left);
            net.runFor(10ms);
        }
    };
    const auto deliveries = [&] {
        return std::ranges::count_if(
            net.events(right), [](const auto& event) { return std::holds_alternative<overlay::DataReceived>(event); });
    };
    net.runFor(2s);
    sendWords(20);
    QCOMPARE(deliveries(), std::ptrdiff_t{20});

    const auto replay = [&] {
        recording = Recording::No;
        net.events(right).clear();
        for (const auto& frame : tape) {
            net.inject(segment, frame);
            net.runFor(100us);
        }
        net.runFor(3s);
        recording = Recording::Yes;
    };
    replay();
    QCOMPARE(deliveries(), std::ptrdiff_t{0});
    QVERIFY(counted(net, right, "replayed") >= 20);

    // The receiver forgot everything, and the sender is still in the session of the tape.
    net.stop(right);
    net.start(right);
    replay();
    QCOMPARE(deliveries(), std::ptrdiff_t{0});
    sendWords(5);
    QCOMPARE(deliveries(), std::ptrdiff_t{5});

    // The sender is in another session, and the tape has a complete earlier one, challenges and answers included.
    net.stop(left);
    net.start(left);
    net.runFor(2s);
    replay();
    QCOMPARE(deliveries(), std::ptrdiff_t{0});
    net.events(right).clear();
    sendWords(5);
    QCOMPARE(deliveries(), std::ptrdiff_t{5});

    // The sender is gone, so nobody but the tape can answer.
    net.stop(left);
    net.stop(right);
    net.start(right);
    replay();
    replay();
    QCOMPARE(deliveries(), std::ptrdiff_t{0});
    QVERIFY(net.snapshot(right).nodes.empty());
}

void tst_SimSecrets::worksOnABadWire()
{
    Chain chain(seedFromEnvironmentOr(7), {.loss = 0.1, .duplicate = 0.05, .corrupt = 0.02, .delayMax = 3ms});
    chain.setAll(secrets({"s"}));
    chain.net.watch(chain.nodes.front());
    chain.net.runFor(30s);
    chain.net.setConditions({});
    QVERIFY(chain.net.runUntil([&] { return chain.seesAll(); }, 3s));
    QCOMPARE(chain.lostOf(10), std::size_t{0});
    std::uint64_t replayed = 0;
    std::uint64_t mismatches = 0;
    for (const auto node : chain.nodes) {
        replayed += counted(chain.net, node, "replayed");
        mismatches += counted(chain.net, node, "hash-mismatch");
    }
    QVERIFY(replayed > 0);
    QVERIFY(mismatches > 0);
}

QTEST_GUILESS_MAIN(tst_SimSecrets)
#include "tst_SimSecrets.moc"
