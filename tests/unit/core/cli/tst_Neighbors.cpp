// SPDX-License-Identifier: Apache-2.0
// footbridgectl neighbors: the exact table, when a list counts as complete, the watch.
#include "core/agent/Json.h"
#include "core/cli/Neighbors.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace fb;
using namespace std::chrono_literals;

namespace {

/// Answers every watch with the sample map at once.
void answerWith(test::CliHarness& cli, const overlay::Snapshot& snapshot)
{
    cli.services.script = [snapshot](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::WatchNeighbors>(what) || std::holds_alternative<agent::GetSnapshot>(what))
            service.publishSnapshot(request, snapshot);
    };
}

constexpr const char* kTable =
    "Flags: A - active, S - stale, L - lost\n"
    "   ADDRESS            COST  HOPS  PATH               L2MTU  IDENTITY  VERSION  BOARD     "
    "  UPTIME\n"
    "A  02:00:00:00:00:02   200     1  02:00:00:00:00:02   1500  gate      0.1.0    "
    "Footbridge  1d2h3m4s\n"
    "A  02:00:00:00:00:03   400     2  02:00:00:00:00:02   1500  barn      0.1.0    "
    "Footbridge\n"
    "                                  02:00:00:00:00:03\n"
    "L  02:00:00:00:00:04                                        mill      0.1.0    "
    "Footbridge\n"
    "A  02:00:00:00:00:05                                        mill      0.1.0    "
    "Footbridge\n";

} // namespace

class tst_Neighbors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void printsRouterOsColumns();
    void printsTheSnapshotAsJson();
    void waitsUntilNothingNewIsHeard();
    void collectsForTheTimeGiven();
    void saysSoWhenNobodyAnswers();
    void saysWhomItHeardInVainAndWhoHasOurId();
    void watchesUntilInterrupted();
    void watchLeavesTheTerminalAsItWas();
    void cutsTheScreenToTheTerminal();
};

void tst_Neighbors::printsRouterOsColumns()
{
    test::CliHarness cli;
    answerWith(cli, test::sampleSnapshot());
    const auto run = cli.run({"neighbors"});
    QCOMPARE(QString::fromStdString(run.out), QString::fromLatin1(kTable));
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.messages.empty());
}

void tst_Neighbors::printsTheSnapshotAsJson()
{
    test::CliHarness cli;
    answerWith(cli, test::sampleSnapshot());
    const auto run = cli.run({"--json", "neighbors"});
    const auto json = agent::parseJson(run.json());
    QVERIFY(json.has_value());
    const auto snapshot = agent::snapshotFromJson(*json);
    QVERIFY(snapshot.has_value());
    QVERIFY(*snapshot == test::sampleSnapshot());
    QCOMPARE(std::count(run.out.begin(), run.out.end(), '\n'), std::ptrdiff_t{1});
}

void tst_Neighbors::waitsUntilNothingNewIsHeard()
{
    test::CliHarness cli;
    auto few = test::sampleSnapshot();
    few.nodes.resize(1);
    answerWith(cli, few);
    // A second node turns up just before the list would have settled, and a third long after.
    auto more = test::sampleSnapshot();
    more.nodes.resize(2);
    const auto later = [&](Duration when, const overlay::Snapshot& snapshot) {
        cli.waiter.at(when, [&cli, snapshot] {
            cli.services.service->publishSnapshot(*cli.services.service->lastRequest<agent::WatchNeighbors>(),
                                                  snapshot);
        });
    };
    later(700ms, more);
    later(5s, test::sampleSnapshot());
    const auto run = cli.run({"neighbors"});
    QVERIFY(QByteArray::fromStdString(run.out).contains("barn"));
    QVERIFY(!QByteArray::fromStdString(run.out).contains("mill"));
    QVERIFY(cli.waiter.now() - Instant{} <= 2s);
}

void tst_Neighbors::collectsForTheTimeGiven()
{
    test::CliHarness cli;
    answerWith(cli, test::sampleSnapshot());
    QCOMPARE(cli.run({"neighbors", "--wait", "30"}).exitCode, 0);
    QVERIFY(cli.waiter.now() - Instant{} == 30s);
}

void tst_Neighbors::saysSoWhenNobodyAnswers()
{
    test::CliHarness cli;
    auto empty = test::sampleSnapshot();
    empty.nodes.clear();
    answerWith(cli, empty);
    const auto run = cli.run({"neighbors"});
    QCOMPARE(run.exitCode, 1);
    QVERIFY(run.out.empty());
    QCOMPARE(run.messages, std::string("footbridgectl: no node has answered on 1 port(s); footbridgectl ports shows "
                                       "their state\n"));
}

void tst_Neighbors::saysWhomItHeardInVainAndWhoHasOurId()
{
    test::CliHarness cli;
    auto snapshot = test::sampleSnapshot();
    snapshot.unverified = {{test::sampleId(8), 3}, {test::sampleId(9), 14}};
    snapshot.duplicateId = overlay::DuplicateId{MacAddress{{0x02, 0, 0, 0, 1, 0x55}}, "eth0", 4s};
    answerWith(cli, snapshot);
    const auto run = cli.run({"neighbors"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(run.out, std::string(kTable));
    QCOMPARE(run.messages, std::string("footbridgectl: another node uses this node's id: 02:00:00:00:01:55 on eth0, "
                                       "heard 4s ago; give one of them another\n"
                                       "footbridgectl: heard 14 frames from 02:00:00:00:00:09, none match your "
                                       "secrets\n"
                                       "footbridgectl: heard 3 frames from 02:00:00:00:00:08, none match your "
                                       "secrets\n"));
}

void tst_Neighbors::watchesUntilInterrupted()
{
    test::CliHarness cli;
    answerWith(cli, test::sampleSnapshot());
    cli.waiter.at(3s, [&cli] {
        cli.services.service->answer<agent::WatchNeighbors>(
            agent::SnapshotChanged{std::make_shared<const overlay::Snapshot>()});
    });
    cli.waiter.interruptAt(9s);
    const auto run = cli.run({"neighbors", "--watch", "--json"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(std::count(run.out.begin(), run.out.end(), '\n'), std::ptrdiff_t{2});
}

void tst_Neighbors::watchLeavesTheTerminalAsItWas()
{
    for (const bool agentDies : {false, true}) {
        test::CliHarness cli;
        cli.outKind = cli::Console::Kind::Terminal;
        answerWith(cli, test::sampleSnapshot());
        if (agentDies)
            cli.waiter.at(1s, [&cli] {
                cli.services.service->publish(0, agent::ServiceLost{{ErrorCode::AgentUnavailable, {}}});
            });
        else
            cli.waiter.interruptAt(1s);
        const auto run = cli.run({"neighbors", "--watch"});
        QCOMPARE(run.exitCode, agentDies ? 3 : 0);
        const auto out = QByteArray::fromStdString(run.out);
        QVERIFY(out.startsWith("\x1b[?1049h\x1b[?25l\x1b[H"));
        QVERIFY(out.endsWith("\x1b[?25h\x1b[?1049l"));
    }
}

void tst_Neighbors::cutsTheScreenToTheTerminal()
{
    std::ostringstream out;
    const cli::Console console{out, out, cli::Console::Kind::Terminal, 2, 3};
    QCOMPARE(cli::screenOf("abcdef\n\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f\nthird\n", console),
             std::string("\x1b[Habc\x1b[K\r\n\xc3\xa4\xc3\xb6\xc3\xbc\x1b[K\x1b[J"));
    QCOMPARE(cli::screenOf("a\n", console), std::string("\x1b[Ha\x1b[K\x1b[J"));
}

QTEST_GUILESS_MAIN(tst_Neighbors)
#include "tst_Neighbors.moc"
