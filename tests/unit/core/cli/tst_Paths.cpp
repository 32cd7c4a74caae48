// SPDX-License-Identifier: Apache-2.0
// footbridgectl path: the exact text, JSON, and which node a name means.
#include "core/agent/Json.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace fb;
using namespace std::chrono_literals;

namespace {

struct Answers {
    overlay::Snapshot known = test::sampleSnapshot();
    overlay::Snapshot watched = test::sampleSnapshot();
    std::vector<overlay::Path> paths{test::samplePathToBarn()};
};

void use(test::CliHarness& cli, const Answers& answers)
{
    cli.services.script = [answers](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what))
            service.publishSnapshot(request, answers.known);
        else if (std::holds_alternative<agent::WatchNeighbors>(what))
            service.publishSnapshot(request, answers.watched);
        else if (const auto* find = std::get_if<agent::FindPaths>(&what))
            service.publish(request, agent::PathsFound{find->target, answers.paths});
        else if (std::holds_alternative<agent::PingNode>(what)) {
            service.publish(request, agent::PingResult{0, std::chrono::milliseconds(1), 32});
            service.publish(request, agent::CommandDone{});
        }
    };
}

template <class CommandType>
int countOf(const test::CliHarness& cli)
{
    return static_cast<int>(std::ranges::count_if(
        cli.services.submitted, [](const auto& command) { return std::holds_alternative<CommandType>(command); }));
}

} // namespace

class tst_Paths : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void printsEachHop();
    void printsJson();
    void believesAListTheAgentHasKept();
    void tellsTheWayOnlyAfterAskingAgain();
    void usesAnOldListOnceTheNodeIsHeardAgain();
    void waitsForANewListToSettle();
    void takesAnIdAtOnce();
    void waitsForANodeThatIsNotThereYet();
    void failsForUnknownAndAmbiguousNames();
    void failsWithoutAPath();
};

void tst_Paths::printsEachHop()
{
    test::CliHarness cli;
    Answers answers;
    answers.paths.push_back(test::samplePathToGate());
    use(cli, answers);
    const auto run = cli.run({"path", "barn"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(QString::fromStdString(run.out),
             QStringLiteral("Best path to barn (02:00:00:00:00:03): cost 400, 2 hops, L2 MTU 1500\n"
                            "HOP  FROM  OUT PORT             TO    ADDRESS            IN PORT               COST\n"
                            "  1  desk  1 02:00:00:00:01:11  gate  02:00:00:00:00:02  7 02:00:00:00:01:21    200\n"
                            "  2  gate  8 02:00:00:00:01:22  barn  02:00:00:00:00:03  12 02:00:00:00:01:31   200\n"
                            "\n"
                            "Alternative 1: cost 200, 1 hop, L2 MTU 1500\n"
                            "HOP  FROM  OUT PORT             TO    ADDRESS            IN PORT              COST\n"
                            "  1  desk  1 02:00:00:00:01:11  gate  02:00:00:00:00:02  7 02:00:00:00:01:21   200\n"));
}

void tst_Paths::printsJson()
{
    test::CliHarness cli;
    use(cli, {});
    const auto run = cli.run({"path", "barn", "--json", "--count", "2"});
    const auto json = agent::parseJson(run.json());
    QVERIFY(json.has_value());
    QCOMPARE((*json)["target"], "02:00:00:00:00:03");
    QCOMPARE((*json)["identity"], "barn");
    QCOMPARE((*json)["paths"].size(), std::size_t{1});
    const auto path = agent::pathFromJson((*json)["paths"][0]);
    QVERIFY(path.has_value() && *path == test::samplePathToBarn());
    QCOMPARE(std::get<agent::FindPaths>(cli.services.submitted.back()).count, 2U);
}

void tst_Paths::believesAListTheAgentHasKept()
{
    test::CliHarness cli;
    use(cli, {});
    QCOMPARE(cli.run({"ping", "bar"}).exitCode, 0);
    QVERIFY(cli.waiter.now() == Instant{});
    QCOMPARE(countOf<agent::WatchNeighbors>(cli), 1); // so that the way is kept up to date
}

void tst_Paths::tellsTheWayOnlyAfterAskingAgain()
{
    test::CliHarness cli;
    use(cli, {});
    QCOMPARE(cli.run({"path", "barn"}).exitCode, 0);
    QVERIFY(cli.waiter.now() > Instant{} + 1s); // two rounds of questions
}

void tst_Paths::usesAnOldListOnceTheNodeIsHeardAgain()
{
    test::CliHarness cli;
    Answers answers;
    for (auto* snapshot : {&answers.known, &answers.watched}) {
        for (auto& node : snapshot->nodes)
            node.sinceHeard = 60s;
    }
    use(cli, answers);
    cli.waiter.at(300ms, [&] {
        cli.services.service->publishSnapshot(*cli.services.service->lastRequest<agent::WatchNeighbors>(),
                                              test::sampleSnapshot());
    });
    QCOMPARE(cli.run({"ping", "barn"}).exitCode, 0);
    QVERIFY(cli.waiter.now() == Instant{} + 300ms);
}

// "ba" fits barn at once, and bakery a moment later: the early one must not win.
void tst_Paths::waitsForANewListToSettle()
{
    test::CliHarness cli;
    Answers answers;
    answers.known.roundsAsked = 0;
    use(cli, answers);
    cli.waiter.at(500ms, [&] {
        auto more = answers.watched;
        auto bakery = test::sampleNode(9, "bakery");
        bakery.path = test::samplePathToGate();
        more.nodes.push_back(bakery);
        cli.services.service->publishSnapshot(*cli.services.service->lastRequest<agent::WatchNeighbors>(), more);
    });
    const auto run = cli.run({"path", "ba"});
    QCOMPARE(run.exitCode, 4);
    QVERIFY(QByteArray::fromStdString(run.messages).contains("several nodes have that name"));
    QCOMPARE(countOf<agent::FindPaths>(cli), 0);
}

void tst_Paths::takesAnIdAtOnce()
{
    test::CliHarness cli;
    Answers answers;
    answers.known.roundsAsked = 0;
    use(cli, answers);
    QCOMPARE(cli.run({"ping", "02:00:00:00:00:03"}).exitCode, 0);
    QVERIFY(cli.waiter.now() == Instant{});
}

void tst_Paths::waitsForANodeThatIsNotThereYet()
{
    test::CliHarness cli;
    Answers answers;
    answers.known.nodes.clear();
    answers.watched.nodes.resize(1);
    use(cli, answers);
    cli.waiter.at(3s, [&] {
        cli.services.service->publishSnapshot(*cli.services.service->lastRequest<agent::WatchNeighbors>(),
                                              test::sampleSnapshot());
    });
    QCOMPARE(cli.run({"path", "barn"}).exitCode, 0);

    test::CliHarness impatient;
    use(impatient, answers);
    QCOMPARE(impatient.run({"--timeout", "1", "path", "barn"}).exitCode, 4);
    QVERIFY(impatient.waiter.now() - Instant{} == 1s);
}

void tst_Paths::failsForUnknownAndAmbiguousNames()
{
    test::CliHarness cli;
    use(cli, {});
    const auto unknown = cli.run({"path", "atlantis"});
    QCOMPARE(unknown.exitCode, 4);
    QCOMPARE(unknown.messages, std::string("footbridgectl: atlantis: no such node has been heard; footbridgectl "
                                           "neighbors lists who is there\n"));
    QVERIFY(unknown.out.empty());

    const auto ambiguous = cli.run({"--json", "path", "mill"});
    QCOMPARE(ambiguous.exitCode, 4);
    const auto json = agent::parseJson(ambiguous.json());
    QVERIFY(json.has_value());
    QCOMPARE((*json)["error"]["code"], "ambiguous-name");
    QVERIFY(QByteArray::fromStdString(ambiguous.messages).contains("02:00:00:00:00:04"));
}

void tst_Paths::failsWithoutAPath()
{
    test::CliHarness cli;
    Answers answers;
    answers.paths.clear();
    use(cli, answers);
    const auto run = cli.run({"path", "barn"});
    QCOMPARE(run.exitCode, 5);
    QVERIFY(run.messages.starts_with("footbridgectl: barn (02:00:00:00:00:03): no path leads there; "));
}

QTEST_GUILESS_MAIN(tst_Paths)
#include "tst_Paths.moc"
