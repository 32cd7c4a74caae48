// SPDX-License-Identifier: Apache-2.0
// footbridgectl stats: the table, the JSON, Prometheus's text format, and the bounds of what strangers can make it say.
#include "core/agent/Json.h"
#include "core/cli/Prometheus.h"
#include "core/cli/Stats.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QRegularExpression>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <set>

using namespace fb;
using namespace std::chrono_literals;

namespace {

agent::Statistics someStatistics()
{
    agent::Statistics statistics;
    statistics.self = test::sampleId(test::kDesk);
    statistics.identity = "desk \"1\"\\";
    statistics.version = "0.1.0";
    statistics.uptime = 3661s;
    statistics.roundsAsked = 12;
    statistics.nodesFresh = 3;
    statistics.tables = {{"links", 7, 65536}, {"nodes", 3, 16384}};
    statistics.counters = {{"discover-repeated", 5}, {"of-tomorrow", 2}};
    overlay::PortInfo port;
    port.interface = "eth0";
    port.state = overlay::PortState::Up;
    port.counters = {10, 20, 1000, 2000, 1, 2};
    statistics.ports = {port};
    stream::StreamStatus open;
    open.stream = 4;
    open.peer = test::sampleId(test::kBarn);
    open.service = 3;
    open.rtt = 1500us;
    open.segmentsRetransmitted = 6;
    open.silentFor = 2s;
    statistics.streams = {open};
    statistics.process = {
        .residentBytes = 6 * 1024 * 1024, .processorTime = 250ms, .descriptors = 11, .descriptorsMax = 1024};
    return statistics;
}

void answerWith(test::CliHarness& cli, const agent::Statistics& statistics)
{
    cli.services.script = [statistics](test::FakeService& service, agent::RequestId request,
                                       const agent::Command& what) {
        if (std::holds_alternative<agent::GetStatistics>(what))
            service.publish(request, agent::StatisticsTaken{statistics});
    };
}

bool hasLine(const std::string& text, const std::string& line)
{
    return ('\n' + text).find('\n' + line + '\n') != std::string::npos;
}

} // namespace

class tst_Stats : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void printsTables();
    void hidesZerosUnlessAsked();
    void showsWhatItDoesNotKnow();
    void printsTheStatisticsAsJson();
    void warnsAndStillSucceeds();
    void prometheusTellsEverything();
    void prometheusIsWellFormed();
    void prometheusBoundsWhatStrangersChoose();
    void everyDocumentedCounterIsThereOnce();
};

void tst_Stats::printsTables()
{
    test::CliHarness cli;
    answerWith(cli, someStatistics());
    const auto run = cli.run({"stats"});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(hasLine(run.out, "agent     version 0.1.0, up 1h1m1s"));
    QVERIFY(hasLine(run.out, "process   6144 KiB resident, processor time 250ms0us, 11 of 1024 descriptors"));
    QVERIFY(hasLine(run.out, "nodes     3  16384"));
    QVERIFY(hasLine(run.out, "eth0          2  10      1000  20      2000        1"));
    QVERIFY(
        hasLine(run.out, "     4  02:00:00:00:00:03        3  1ms500us         0         0              6      2s"));
    QVERIFY(run.messages.empty());
}

void tst_Stats::hidesZerosUnlessAsked()
{
    test::CliHarness cli;
    answerWith(cli, someStatistics());
    QVERIFY(cli.run({"stats"}).out.find("discover-loop") == std::string::npos);
    QVERIFY(cli.run({"stats"}).out.find("discover-repeated") != std::string::npos);
    QVERIFY(cli.run({"stats", "--all"}).out.find("discover-loop") != std::string::npos);
}

void tst_Stats::showsWhatItDoesNotKnow()
{
    const auto text = cli::statsText(someStatistics(), cli::StatsCommand::Zeros::Hide);
    QVERIFY(hasLine(text, "of-tomorrow            2  other"));
    QVERIFY(hasLine(text, "discover-repeated      5  discovery"));
}

void tst_Stats::printsTheStatisticsAsJson()
{
    test::CliHarness cli;
    answerWith(cli, someStatistics());
    const auto run = cli.run({"--json", "stats"});
    QCOMPARE(run.json(), agent::dumpJson(agent::toJson(someStatistics())));
    const auto json = agent::parseJson(run.json()).value();
    QCOMPARE(json["process"]["resident_bytes"].get<int>(), 6 * 1024 * 1024);
    QCOMPARE(json["streams"][0]["silent_for_us"].get<int>(), 2'000'000);
    QCOMPARE(json["tables"][1]["limit"].get<int>(), 16384);
}

void tst_Stats::warnsAndStillSucceeds()
{
    test::CliHarness cli;
    auto statistics = someStatistics();
    statistics.unverified = {{test::sampleId(9), 14}};
    statistics.duplicateId = overlay::DuplicateId{MacAddress{{0x02, 0, 0, 0, 1, 0x55}}, "eth0", 4s};
    answerWith(cli, statistics);
    const auto run = cli.run({"stats"});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.messages.find("heard 14 frames from 02:00:00:00:00:09, none match your secrets") != std::string::npos);
    QVERIFY(run.messages.find("02:00:00:00:01:55 on eth0") != std::string::npos);
}

void tst_Stats::prometheusTellsEverything()
{
    test::CliHarness cli;
    auto statistics = someStatistics();
    statistics.unverified = {{test::sampleId(9), 14}};
    answerWith(cli, statistics);
    const auto text = cli.run({"stats", "--prometheus"}).out;
    for (const auto* line :
         {R"(footbridge_info{id="02:00:00:00:00:01",identity="desk \"1\"\\",role="leaf",version="0.1.0"} 1)",
          "footbridge_uptime_seconds 3661.000000", "footbridge_processor_seconds_total 0.250000",
          R"(footbridge_nodes{freshness="fresh"} 3)", R"(footbridge_table_limit{table="links"} 65536)",
          R"(footbridge_port_received_bytes_total{interface="eth0"} 1000)", R"(footbridge_port_up{interface="eth0"} 1)",
          R"(footbridge_stream_rtt_seconds{peer="02:00:00:00:00:03"} 0.001500)",
          R"(footbridge_stream_silent_seconds{peer="02:00:00:00:00:03"} 2.000000)",
          R"(footbridge_unverified_frames_total{sender="02:00:00:00:00:09"} 14)",
          R"(footbridge_events_total{group="discovery",name="discover-repeated"} 5)",
          R"(footbridge_events_total{group="discovery",name="discover-loop"} 0)",
          R"(footbridge_events_total{group="other",name="of-tomorrow"} 2)"})
        QVERIFY2(hasLine(text, line), line);
}

void tst_Stats::prometheusIsWellFormed()
{
    // The grammar of the text format: HELP, TYPE, then the samples of that family, no family twice.
    const auto text = QString::fromStdString(cli::prometheusText(someStatistics()));
    QVERIFY(text.endsWith(u'\n'));
    const QRegularExpression help(QStringLiteral("^# HELP (footbridge_[a-z_]+) .+$"));
    const QRegularExpression type(QStringLiteral("^# TYPE (footbridge_[a-z_]+) (counter|gauge)$"));
    const QRegularExpression sample(QStringLiteral(
        R"re(^(footbridge_[a-z_]+)(\{[a-z_]+="(\\.|[^"\\])*"(,[a-z_]+="(\\.|[^"\\])*")*\})? [0-9]+(\.[0-9]+)?$)re"));
    std::set<QString> families;
    QString family;
    bool isTyped = false;
    for (const auto& line : text.chopped(1).split(u'\n')) {
        if (const auto match = help.match(line); match.hasMatch()) {
            family = match.captured(1);
            QVERIFY2(families.insert(family).second, qPrintable(line));
            isTyped = false;
        } else if (const auto typed = type.match(line); typed.hasMatch()) {
            QCOMPARE(typed.captured(1), family);
            QCOMPARE(typed.captured(2) == u"counter", family.endsWith(u"_total"));
            isTyped = true;
        } else {
            const auto value = sample.match(line);
            QVERIFY2(value.hasMatch() && isTyped, qPrintable(line));
            QCOMPARE(value.captured(1), family);
        }
    }
}

void tst_Stats::prometheusBoundsWhatStrangersChoose()
{
    auto statistics = someStatistics();
    statistics.streams.clear();
    for (std::uint8_t number = 0; number < 255; ++number) {
        statistics.unverified.push_back({test::sampleId(number), number});
        stream::StreamStatus open;
        open.peer = test::sampleId(number);
        statistics.streams.push_back(open);
    }
    const auto text = QString::fromStdString(cli::prometheusText(statistics));
    QCOMPARE(text.count(QStringLiteral("\nfootbridge_unverified_frames_total{")), 21);
    QCOMPARE(text.count(QStringLiteral("\nfootbridge_streams{")), 65);
    QVERIFY(text.contains(QStringLiteral("footbridge_unverified_frames_total{sender=\"02:00:00:00:00:fe\"} 254\n")));
    int others = 0;
    for (int number = 0; number <= 234; ++number)
        others += number;
    QVERIFY(text.contains(QStringLiteral("footbridge_unverified_frames_total{sender=\"others\"} %1\n").arg(others)));
    QVERIFY(text.contains(QStringLiteral("footbridge_streams{peer=\"others\"} 191\n")));
}

void tst_Stats::everyDocumentedCounterIsThereOnce()
{
    std::set<std::string_view> names;
    for (const auto& row : cli::counterRows())
        QVERIFY2(names.insert(row.name).second, std::string(row.name).c_str());
    QVERIFY(names.size() > 80);
    QVERIFY(names.contains("wire-truncated"));
    QVERIFY(names.contains("control-clients-no-hello"));
}

QTEST_GUILESS_MAIN(tst_Stats)
#include "tst_Stats.moc"
