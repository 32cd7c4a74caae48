// SPDX-License-Identifier: Apache-2.0
// footbridgectl ping and trace: numbers, text, JSON, exit codes.
#include "core/agent/Json.h"
#include "core/cli/PingStatistics.h"
#include "core/cli/Text.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace fb;
using namespace std::chrono_literals;

namespace {

/// Which nodes answer, with how long; the others' echoes are lost.
using Times = std::map<romon::RomonId, Duration>;

void use(test::CliHarness& cli, Times times)
{
    cli.services.script = [times](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what) || std::holds_alternative<agent::WatchNeighbors>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else if (std::holds_alternative<agent::FindPaths>(what))
            service.publish(request, agent::PathsFound{test::sampleId(test::kBarn), {test::samplePathToBarn()}});
        else if (const auto* ping = std::get_if<agent::PingNode>(&what)) {
            const auto time = times.find(ping->target);
            const auto rtt = time == times.end() ? std::nullopt : std::optional(time->second);
            for (std::uint32_t sequence = 0; sequence < ping->count; ++sequence)
                service.publish(request, agent::PingResult{sequence, rtt, ping->sizeBytes});
            if (ping->count > 0)
                service.publish(request, agent::CommandDone{});
        }
    };
}

agent::Json jsonOf(const test::CliRun& run)
{
    const auto json = agent::parseJson(run.json());
    return json ? *json : agent::Json();
}

} // namespace

class tst_Ping : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void countsAndAverages();
    void writesTimesAsRouterOsDoes();
    void printsResultsAndSummary();
    void printsJson();
    void failsWhenNoneIsAnswered();
    void summarizesWhenInterrupted();
    void passesItsOptionsOn();
    void reportsAFailedCommand();
    void tracesEachNodeOfThePath();
    void tracesAsJson();
    void traceFailsWhenTheTargetIsSilent();
};

void tst_Ping::countsAndAverages()
{
    cli::PingStatistics none;
    QCOMPARE(none.toString(), std::string("sent=0 received=0 packet-loss=0%"));
    QVERIFY(!none.average());

    cli::PingStatistics some;
    for (const auto rtt : {std::optional<Duration>(3ms), std::optional<Duration>(1ms), std::optional<Duration>()})
        some.add({0, rtt, 32});
    QCOMPARE(some.sent(), std::uint64_t{3});
    QCOMPARE(some.received(), std::uint64_t{2});
    QCOMPARE(some.lossPercent(), std::uint64_t{33});
    QVERIFY(some.least() == 1ms && some.average() == 2ms && some.greatest() == 3ms);
}

void tst_Ping::writesTimesAsRouterOsDoes()
{
    QCOMPARE(cli::roundTripText(0us), std::string("0us"));
    QCOMPARE(cli::roundTripText(532us), std::string("532us"));
    QCOMPARE(cli::roundTripText(1234us), std::string("1ms234us"));
    QCOMPARE(cli::roundTripText(2s + 50ms + 1us), std::string("2s50ms"));
    QCOMPARE(cli::uptimeText(0s), std::string("0s"));
    QCOMPARE(cli::uptimeText(3723s), std::string("1h2m3s"));
    QCOMPARE(cli::uptimeText(604800s + 60s), std::string("1w1m"));
}

void tst_Ping::printsResultsAndSummary()
{
    test::CliHarness cli;
    use(cli, {{test::sampleId(test::kBarn), 1234us}});
    const auto run = cli.run({"ping", "barn", "--count", "2"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(QString::fromStdString(run.out),
             QStringLiteral("  SEQ  HOST               SIZE  TIME        STATUS\n"
                            "    0  02:00:00:00:00:03    32  1ms234us\n"
                            "    1  02:00:00:00:00:03    32  1ms234us\n"
                            "    sent=2 received=2 packet-loss=0% min-rtt=1ms234us avg-rtt=1ms234us "
                            "max-rtt=1ms234us\n"));
}

void tst_Ping::printsJson()
{
    test::CliHarness cli;
    use(cli, {{test::sampleId(test::kBarn), 1234us}});
    const auto json = jsonOf(cli.run({"ping", "barn", "--count", "2", "--json"}));
    QCOMPARE(json["target"], "02:00:00:00:00:03");
    QCOMPARE(json["identity"], "barn");
    QCOMPARE(json["sent"], 2);
    QCOMPARE(json["received"], 2);
    QCOMPARE(json["packet_loss_percent"], 0);
    QCOMPARE(json["avg_rtt_us"], 1234);
    QCOMPARE(json["results"].size(), std::size_t{2});
    QCOMPARE(json["results"][1]["sequence"], 1);
    QCOMPARE(json["results"][1]["rtt_us"], 1234);
    QCOMPARE(json["results"][1]["size_bytes"], 32);
}

void tst_Ping::failsWhenNoneIsAnswered()
{
    test::CliHarness cli;
    use(cli, {});
    const auto run = cli.run({"ping", "barn", "--count", "1"});
    QCOMPARE(run.exitCode, 1);
    QCOMPARE(QString::fromStdString(run.out), QStringLiteral("  SEQ  HOST               SIZE  TIME        STATUS\n"
                                                             "    0  02:00:00:00:00:03    32              timeout\n"
                                                             "    sent=1 received=0 packet-loss=100%\n"));
}

void tst_Ping::summarizesWhenInterrupted()
{
    test::CliHarness cli;
    use(cli, {});
    cli.waiter.at(1s, [&cli] { cli.services.service->answer<agent::PingNode>(agent::PingResult{0, 5ms, 32}); });
    cli.waiter.interruptAt(2s);
    const auto run = cli.run({"ping", "barn", "--count", "0"});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(QByteArray::fromStdString(run.out).endsWith(
        "    sent=1 received=1 packet-loss=0% min-rtt=5ms0us avg-rtt=5ms0us max-rtt=5ms0us\n"));
}

void tst_Ping::passesItsOptionsOn()
{
    test::CliHarness cli;
    use(cli, {});
    (void)cli.run({"--timeout", "0.2", "ping", "barn", "-c", "3", "-i", "0.05", "-s", "1000"});
    const auto ping = std::get<agent::PingNode>(cli.services.submitted.back());
    QVERIFY((ping == agent::PingNode{test::sampleId(test::kBarn), 3, 50ms, 200ms, 1000}));
}

void tst_Ping::reportsAFailedCommand()
{
    test::CliHarness cli;
    use(cli, {});
    cli.waiter.at(1s, [&cli] {
        cli.services.service->answer<agent::PingNode>(agent::CommandFailed{{ErrorCode::NoPath, {}}});
    });
    const auto run = cli.run({"ping", "barn", "--count", "0"});
    QCOMPARE(run.exitCode, 5);
    QVERIFY(run.messages.starts_with("footbridgectl: barn (02:00:00:00:00:03): no path leads there"));
}

void tst_Ping::tracesEachNodeOfThePath()
{
    test::CliHarness cli;
    use(cli, {{test::sampleId(test::kGate), 500us}, {test::sampleId(test::kBarn), 1ms}});
    const auto run = cli.run({"trace", "barn"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(QString::fromStdString(run.out),
             QStringLiteral("HOP  NODE  ADDRESS            COST  SENT  LOSS     MIN     AVG     MAX\n"
                            "  1  gate  02:00:00:00:00:02   200     3    0%   500us   500us   500us\n"
                            "  2  barn  02:00:00:00:00:03   400     3    0%  1ms0us  1ms0us  1ms0us\n"));
}

void tst_Ping::tracesAsJson()
{
    test::CliHarness cli;
    use(cli, {{test::sampleId(test::kBarn), 1ms}});
    const auto json = jsonOf(cli.run({"--json", "trace", "barn", "--count", "2"}));
    QCOMPARE(json["target"], "02:00:00:00:00:03");
    QCOMPARE(json["hops"].size(), std::size_t{2});
    QCOMPARE(json["hops"][0]["identity"], "gate");
    QCOMPARE(json["hops"][0]["received"], 0);
    QVERIFY(!json["hops"][0].contains("avg_rtt_us"));
    QCOMPARE(json["hops"][1]["to"], "02:00:00:00:00:03");
    QCOMPARE(json["hops"][1]["avg_rtt_us"], 1000);
}

void tst_Ping::traceFailsWhenTheTargetIsSilent()
{
    test::CliHarness cli;
    use(cli, {{test::sampleId(test::kGate), 500us}});
    const auto run = cli.run({"trace", "barn"});
    QCOMPARE(run.exitCode, 1);
    QVERIFY(
        QByteArray::fromStdString(run.out).contains("  2  barn  02:00:00:00:00:03   400     3  100%      -      -"));
}

QTEST_GUILESS_MAIN(tst_Ping)
#include "tst_Ping.moc"
