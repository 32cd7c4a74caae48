// SPDX-License-Identifier: Apache-2.0
// The ways of sessions over a simulated network: which one is used, what makes a session leave it, when it returns, and
// what policies change.
#include "core/agent/SessionPaths.h"
#include "tests/sim/SimNet.h"

#include <QtTest>

using namespace fb;
using namespace fb::agent;
using namespace std::chrono_literals;

namespace {

constexpr stream::StreamId kStream = 7;

overlay::PathPolicy avoiding(std::vector<romon::RomonId> nodes)
{
    overlay::PathPolicy policy;
    policy.avoidNodes = std::move(nodes);
    return policy;
}

enum class Strict { No, Yes };
overlay::PathPolicy pinning(std::vector<overlay::PortName> pin, Strict strict)
{
    overlay::PathPolicy policy;
    policy.pin = std::move(pin);
    policy.isStrict = strict == Strict::Yes;
    return policy;
}

/// Drives the ways of one node: what a stack does, without streams.
class Ways final : public sim::Upper {
public:
    explicit Ways(overlay::Engine& engine) : paths(engine) {}

    void event(overlay::Engine& engine, const overlay::Event& event, Instant now) override
    {
        if (const auto* answer = std::get_if<overlay::ProbeAnswered>(&event))
            paths.answered(*answer, now);
        else if (const auto* loss = std::get_if<overlay::ProbeLost>(&event))
            paths.lost(*loss);
        else if (const auto* refusal = std::get_if<overlay::PathRefused>(&event))
            paths.refused(*refusal, now);
        else if (std::holds_alternative<overlay::MapChanged>(event))
            paths.mapChanged();
        advance(engine, now);
    }
    void advance(overlay::Engine&, Instant now) override
    {
        paths.advance(now);
        while (auto move = paths.nextMove())
            moves.push_back(std::move(*move));
    }
    [[nodiscard]] std::optional<Instant> nextDeadline() const override { return paths.nextDeadline(); }

    SessionPaths paths;
    std::vector<SessionPaths::Move> moves;
};

/// desk - gate - barn for 400, desk - dock - barn for 800.
struct Diamond {
    Diamond()
    {
        net.link(desk, gate);
        upper = net.link(gate, barn);
        net.link(desk, dock, {.cost = 200}, {.cost = 200});
        net.link(dock, barn, {.cost = 200}, {.cost = 200});
        auto made = std::make_unique<Ways>(net.engine(desk));
        ways = made.get();
        net.setUpper(desk, std::move(made));
        net.watch(desk);
        net.runFor(3s);
    }
    void open()
    {
        ways->paths.add(kStream, net.id(barn), net.now());
        net.settle(desk);
        net.runFor(50ms);
    }
    [[nodiscard]] std::uint32_t cost() const { return ways->paths.pathOf(kStream)->cost; }
    /// As somebody who types does.
    void type(Duration time)
    {
        const Instant end = net.now() + time;
        while (net.now() < end) {
            ways->paths.noteUse(kStream, net.now());
            ways->paths.noteHeard(net.id(barn));
            net.settle(desk);
            net.runFor(100ms);
        }
    }

    /// Somebody says ten times a second in the name of the node in the middle that the path in use has failed behind
    /// it.
    void lie(int times)
    {
        for (int lie = 0; lie < times; ++lie) {
            const auto hops = ways->paths.pathOf(kStream)->hops;
            overlay::PathRefused refusal{.by = hops[1].from, .report = {}};
            refusal.report.index = 1;
            refusal.report.target = net.id(barn);
            refusal.report.entry = {.linkId = hops[1].out.linkId, .mac = hops[1].in.mac};
            ways->paths.refused(refusal, net.now());
            type(100ms);
        }
    }

    sim::SimNet net{1};
    sim::NodeIndex desk = net.addNode({.role = overlay::Role::Leaf});
    sim::NodeIndex gate = net.addNode();
    sim::NodeIndex barn = net.addNode();
    sim::NodeIndex dock = net.addNode();
    sim::SegmentIndex upper = 0;
    Ways* ways = nullptr;
};

} // namespace

class tst_SessionPaths : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void beginsOnTheCheapest()
    {
        Diamond diamond;
        diamond.open();
        QCOMPARE(diamond.cost(), 400U);
        QVERIFY(diamond.ways->moves.empty());
    }

    void leavesADeadPortAtOnce()
    {
        Diamond diamond;
        diamond.open();
        diamond.net.setPort(diamond.desk, 0, overlay::PortState::Down);
        QCOMPARE(diamond.cost(), 800U);
        QCOMPARE(diamond.ways->moves.back().reason, MoveReason::PortDown);
        QCOMPARE(diamond.ways->moves.back().streams, std::vector<stream::StreamId>{kStream});
    }

    void leavesWhatAProbedNodeSaysIsUnreachable()
    {
        Diamond diamond;
        diamond.open();
        diamond.net.setPort(diamond.gate, 1, overlay::PortState::Down);
        // The next frame that crosses it is refused; that of a stream in reality, a probe here.
        QVERIFY(diamond.net.runUntil([&] { return diamond.cost() == 800; }, 1200ms));
        QCOMPARE(diamond.ways->moves.back().reason, MoveReason::Unreachable);
    }

    void leavesASilentPathSoonAfterItIsSuspected()
    {
        Diamond diamond;
        diamond.open();
        diamond.net.cut(diamond.upper);
        diamond.ways->paths.suspect(diamond.net.id(diamond.barn), diamond.net.now());
        diamond.net.settle(diamond.desk);
        QVERIFY(diamond.net.runUntil([&] { return diamond.cost() == 800; }, 100ms));
        QCOMPARE(diamond.ways->moves.back().reason, MoveReason::Silent);
    }

    /// A segment with two of our ports and a node in the middle is many paths, which fail together.
    void leavesASegmentThatAllCheapPathsShare_data()
    {
        QTest::addColumn<std::vector<sim::NodeIndex>>("ports");
        QTest::newRow("another path is held ready") << std::vector<sim::NodeIndex>{0, 0, 1, 2};
        QTest::newRow("all four that are held ready fail") << std::vector<sim::NodeIndex>{0, 0, 1, 1};
    }
    void leavesASegmentThatAllCheapPathsShare()
    {
        QFETCH(std::vector<sim::NodeIndex>, ports); ///< whose ports are on the segment
        sim::SimNet net{1};
        const auto desk = net.addNode();
        const auto barn = net.addNode();
        (void)net.addNode();
        const auto shared = net.addSegment();
        for (const auto node : ports)
            net.attach(node, shared);
        net.link(desk, barn, {.cost = 5000}, {.cost = 5000});
        auto made = std::make_unique<Ways>(net.engine(desk));
        Ways& ways = *made;
        net.setUpper(desk, std::move(made));
        net.watch(desk);
        net.runFor(3s);
        ways.paths.add(kStream, net.id(barn), net.now());
        net.settle(desk);
        net.runFor(50ms);
        net.cut(shared);
        ways.paths.suspect(net.id(barn), net.now());
        net.settle(desk);
        QVERIFY(net.runUntil([&] { return ways.paths.pathOf(kStream)->cost == 10000; }, 500ms));
    }

    void seesSilenceOfAStreamThatKeepsSending()
    {
        Diamond diamond;
        diamond.open();
        diamond.net.cut(diamond.upper);
        for (int frame = 0; frame < 10; ++frame) {
            diamond.ways->paths.noteUse(kStream, diamond.net.now());
            diamond.net.settle(diamond.desk);
            diamond.net.runFor(10ms);
        }
        QVERIFY(diamond.net.runUntil([&] { return diamond.cost() == 800; }, 100ms));
    }

    void staysWhenASuspectPathAnswers()
    {
        Diamond diamond;
        diamond.open();
        diamond.ways->paths.suspect(diamond.net.id(diamond.barn), diamond.net.now());
        diamond.net.settle(diamond.desk);
        diamond.net.runFor(2s);
        QCOMPARE(diamond.cost(), 400U);
        QVERIFY(diamond.ways->moves.empty());
    }

    /// Probes of the outage are still unanswered when it ends; they say nothing about the path that is back.
    void whatAnOutageTookIsNoLossOfThePathThatIsBack()
    {
        Diamond diamond;
        diamond.open();
        const auto best = *diamond.ways->paths.pathOf(kStream);
        const auto lower = diamond.net.segmentOf(diamond.dock, 1);
        diamond.net.cut(diamond.upper);
        diamond.net.cut(lower);
        diamond.type(3s);
        diamond.net.mend(diamond.upper);
        diamond.net.mend(lower);
        diamond.type(5s);
        QCOMPARE(diamond.cost(), 400U);
        const auto quality = diamond.ways->paths.reports(diamond.net.id(diamond.barn), {best}).front().quality;
        QCOMPARE(quality.lossPermille, 0U);
    }

    void returnsOnlyWhenTheCheapPathHasProvenItself()
    {
        Diamond diamond;
        diamond.open();
        diamond.net.cut(diamond.upper);
        diamond.ways->paths.suspect(diamond.net.id(diamond.barn), diamond.net.now());
        diamond.net.settle(diamond.desk);
        diamond.net.runFor(500ms);
        QCOMPARE(diamond.cost(), 800U);
        diamond.net.mend(diamond.upper);
        diamond.type(500ms);
        QCOMPARE(diamond.cost(), 800U);
        diamond.type(4s);
        QCOMPARE(diamond.cost(), 400U);
        QCOMPARE(diamond.ways->moves.back().reason, MoveReason::Cheaper);
    }

    void aForgedRefusalCostsAProbe()
    {
        Diamond diamond;
        diamond.open();
        const auto hops = diamond.ways->paths.pathOf(kStream)->hops;
        overlay::PathRefused refusal{.by = diamond.net.id(diamond.dock), .report = {}};
        refusal.report.index = 1;
        refusal.report.target = diamond.net.id(diamond.barn);
        refusal.report.entry = {.linkId = hops[1].out.linkId, .mac = hops[1].in.mac};
        diamond.ways->paths.refused(refusal, diamond.net.now());
        refusal.by = diamond.net.id(diamond.gate);
        diamond.ways->paths.refused(refusal, diamond.net.now());
        diamond.net.settle(diamond.desk);
        diamond.net.runFor(2s);
        QCOMPARE(diamond.cost(), 400U);
        QVERIFY(diamond.ways->moves.empty());
        const auto counters = diamond.ways->paths.counters();
        const auto valueOf = [&](std::string_view name) {
            return std::ranges::find(counters, name, &overlay::NamedCounter::name)->value;
        };
        QCOMPARE(valueOf("unreachable-ignored"), std::uint64_t{1});
        QCOMPARE(valueOf("unreachable-believed"), std::uint64_t{1});
    }

    /// The answer of the path in use takes longer than that of the other one: that alone proves nothing.
    void noForgedRefusalMovesASessionToAFasterPath()
    {
        Diamond diamond;
        diamond.net.setConditions(diamond.upper, {.delayMin = 10ms, .delayMax = 10ms});
        diamond.open();
        diamond.lie(100);
        QCOMPARE(diamond.cost(), 400U);
        QVERIFY(diamond.ways->moves.empty());
    }

    /// A lie comes true for a moment when an answer is late. Once is enough to know better.
    void forgedRefusalsDoNotDriveASessionToAndFro()
    {
        Diamond diamond;
        diamond.net.setConditions(diamond.upper, {.delayMin = 100us, .delayMax = 20ms});
        diamond.open();
        diamond.lie(200);
        QVERIFY(!diamond.ways->moves.empty());
        QCOMPARE(diamond.ways->moves.front().reason, MoveReason::Unreachable);
        QCOMPARE(diamond.ways->moves.size(), 2U);
        QCOMPARE(diamond.cost(), 400U);
    }

    /// Who was right is believed again the next time.
    void aTrueRefusalIsNoLie()
    {
        Diamond diamond;
        diamond.open();
        for (int time = 0; time < 2; ++time) {
            diamond.net.setPort(diamond.gate, 1, overlay::PortState::Down);
            QVERIFY(diamond.net.runUntil([&] { return diamond.cost() == 800; }, 11s));
            QCOMPARE(diamond.ways->moves.back().reason, MoveReason::Unreachable);
            diamond.type(1s);
            diamond.net.setPort(diamond.gate, 1, overlay::PortState::Up);
            diamond.type(10s);
            QCOMPARE(diamond.cost(), 400U);
        }
    }

    void followsAPolicyThatWasClearedWhileThereWasNoPath()
    {
        Diamond diamond;
        diamond.open();
        const PolicyScope barn{.session = std::nullopt, .node = diamond.net.id(diamond.barn)};
        QVERIFY(diamond.ways->paths.setPolicy(barn, avoiding({diamond.net.id(diamond.gate)}), diamond.net.now()));
        QCOMPARE(diamond.cost(), 800U);
        diamond.net.stop(diamond.barn);
        diamond.net.runFor(30s);
        QVERIFY(!diamond.net.engine(diamond.desk).paths(diamond.net.id(diamond.barn), 1));
        diamond.ways->paths.clearPolicy(barn, diamond.net.now());
        diamond.net.settle(diamond.desk);
        diamond.net.start(diamond.barn);
        QVERIFY(diamond.net.runUntil([&] { return diamond.cost() == 400; }, 15s));
    }

    void keepsToWhatIsPinnedAndAvoided()
    {
        Diamond diamond;
        diamond.open();
        const PolicyScope barn{.session = std::nullopt, .node = diamond.net.id(diamond.barn)};
        QVERIFY(diamond.ways->paths.setPolicy(barn, avoiding({diamond.net.id(diamond.gate)}), diamond.net.now()));
        QCOMPARE(diamond.cost(), 800U);
        const auto none = diamond.ways->paths.setPolicy(
            barn, avoiding({diamond.net.id(diamond.gate), diamond.net.id(diamond.dock)}), diamond.net.now());
        QCOMPARE(none.error().code, ErrorCode::NoPath);
        QCOMPARE(diamond.cost(), 800U);
        const auto pinned = overlay::pinOf(*diamond.ways->paths.pathOf(kStream));
        diamond.ways->paths.clearPolicy(barn, diamond.net.now());
        QCOMPARE(diamond.cost(), 400U);
        const PolicyScope session{.session = kStream, .node = std::nullopt};
        QVERIFY(diamond.ways->paths.setPolicy(session, pinning(pinned, Strict::No), diamond.net.now()));
        diamond.net.settle(diamond.desk);
        diamond.net.runFor(5s);
        QCOMPARE(diamond.cost(), 800U);
    }

    void aStrictPinWaitsForItsPath()
    {
        Diamond diamond;
        diamond.open();
        const PolicyScope session{.session = kStream, .node = std::nullopt};
        const auto pin = overlay::pinOf(*diamond.ways->paths.pathOf(kStream));
        QVERIFY(diamond.ways->paths.setPolicy(session, pinning(pin, Strict::Yes), diamond.net.now()));
        diamond.net.setPort(diamond.desk, 0, overlay::PortState::Down);
        diamond.net.runFor(2s);
        QCOMPARE(diamond.cost(), 400U);
    }

    void anIdleSessionCostsNextToNothing()
    {
        Diamond diamond;
        diamond.open();
        diamond.net.runFor(10s);
        const auto sent = [&] { return diamond.ways->paths.counters()[1].value; };
        const auto before = sent();
        diamond.net.runFor(100s);
        QVERIFY(sent() - before <= 22);
    }
};

QTEST_GUILESS_MAIN(tst_SessionPaths)
#include "tst_SessionPaths.moc"
