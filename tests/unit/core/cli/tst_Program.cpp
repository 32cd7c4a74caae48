// SPDX-License-Identifier: Apache-2.0
// Finding an agent, exit codes and messages, ports, completion, and the way to OpenSSH.
#include "core/agent/Json.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

using namespace fb;
using namespace std::chrono_literals;

namespace {

void useSample(test::CliHarness& cli)
{
    cli.services.script = [](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what) || std::holds_alternative<agent::WatchNeighbors>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else if (std::holds_alternative<agent::SetPort>(what))
            service.publish(request, agent::CommandDone{});
        else if (std::holds_alternative<agent::ListInterfaces>(what)) {
            agent::InterfaceState used;
            used.name = "eth0";
            used.isPort = true;
            agent::InterfaceState unused;
            unused.name = "wlan0";
            unused.mac = MacAddress{{0x02, 0, 0, 0, 1, 0x12}};
            unused.bridge = "br0";
            service.publish(request, agent::InterfacesListed{{used, unused}});
        }
    };
}

} // namespace

class tst_Program : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void saysThatNoAgentRuns();
    void isANodeItselfOnGivenInterfaces();
    void prefersARunningAgent();
    void reportsAnInterfaceThatFails();
    void mapsErrorsToExitCodes_data();
    void mapsErrorsToExitCodes();
    void noticesThatTheAgentDies();
    void endsWhenInterrupted();
    void listsPorts();
    void listsPortsAsJson();
    void completesNodes();
    void handsOverToOpenSsh();
    void relaysForOpenSshWithoutAnAgent();
    void asksForOneNode();
    void printsConfigurationForOpenSsh();
    void explainsABrokenSession();
};

void tst_Program::saysThatNoAgentRuns()
{
    test::CliHarness cli;
    cli.services.problem = Error{ErrorCode::AgentUnavailable, "/run/footbridge/agent.sock"};
    const auto run = cli.run({"--json", "neighbors"});
    QCOMPARE(run.exitCode, 3);
    QCOMPARE(run.messages, std::string("footbridgectl: /run/footbridge/agent.sock: no agent answers; start "
                                       "footbridged, or name the interfaces to use with --interface\n"));
    const auto json = agent::parseJson(run.json());
    QVERIFY(json.has_value());
    QCOMPARE((*json)["error"]["code"], "agent-unavailable");
    QCOMPARE(cli.services.ownMade, 0);
}

void tst_Program::isANodeItselfOnGivenInterfaces()
{
    test::CliHarness cli;
    useSample(cli);
    cli.services.problem = Error{ErrorCode::AgentUnavailable, "socket"};
    QCOMPARE(cli.run({"--interface", "eth0", "--interface", "eth1", "neighbors"}).exitCode, 0);
    QCOMPARE(cli.services.ownMade, 1);
    QCOMPARE(std::get<agent::SetPort>(cli.services.submitted.at(0)).interface, std::string("eth0"));
    QCOMPARE(std::get<agent::SetPort>(cli.services.submitted.at(1)).interface, std::string("eth1"));

    // An agent that is there but may not be used is no reason to go around it.
    test::CliHarness refused;
    refused.services.problem = Error{ErrorCode::NotPermitted, "socket"};
    QCOMPARE(refused.run({"--interface", "eth0", "neighbors"}).exitCode, 3);
    QCOMPARE(refused.services.ownMade, 0);
}

void tst_Program::prefersARunningAgent()
{
    test::CliHarness cli;
    useSample(cli);
    const auto run = cli.run({"--socket", "/tmp/s", "--interface", "eth0", "neighbors"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(cli.services.ownMade, 0);
    QCOMPARE(cli.services.sockets, std::vector<std::string>{"/tmp/s"});
    QVERIFY(QByteArray::fromStdString(run.messages).contains("/tmp/s is used"));
}

void tst_Program::reportsAnInterfaceThatFails()
{
    test::CliHarness cli;
    cli.services.problem = Error{ErrorCode::AgentUnavailable, "socket"};
    cli.services.script = [](test::FakeService& service, agent::RequestId request, const agent::Command&) {
        service.publish(request, agent::CommandFailed{{ErrorCode::NoSuchInterface, "nope"}});
    };
    const auto run = cli.run({"--interface", "nope", "neighbors"});
    QCOMPARE(run.exitCode, 6);
    QVERIFY(run.messages.starts_with("footbridgectl: nope: there is no such interface"));
}

void tst_Program::mapsErrorsToExitCodes_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("exitCode");
    const auto row = [](ErrorCode code, int exitCode) {
        QTest::newRow(std::string(nameOf(code)).c_str()) << static_cast<int>(code) << exitCode;
    };
    row(ErrorCode::InvalidArgument, 2);
    row(ErrorCode::NotPermitted, 3);
    row(ErrorCode::AgentUnavailable, 3);
    row(ErrorCode::NoSuchNode, 4);
    row(ErrorCode::AmbiguousName, 4);
    row(ErrorCode::NoPath, 5);
    row(ErrorCode::NoSuchService, 5);
    row(ErrorCode::NotAllowed, 5);
    row(ErrorCode::TimedOut, 5);
    row(ErrorCode::ConnectionReset, 5);
    row(ErrorCode::PeerSilent, 5);
    row(ErrorCode::LimitReached, 6);
    row(ErrorCode::ProtocolMismatch, 6);
    row(ErrorCode::SystemError, 6);
}

void tst_Program::mapsErrorsToExitCodes()
{
    QFETCH(int, code);
    QFETCH(int, exitCode);
    const Error error{static_cast<ErrorCode>(code), "context"};
    QCOMPARE(static_cast<int>(cli::exitCodeFor(error.code)), exitCode);
    const auto line = cli::explain(error, "barn");
    QVERIFY(line.starts_with("barn: context: "));
    QVERIFY(line.find('\n') == std::string::npos);
    QVERIFY(cli::explain(error, "the context of barn").starts_with("the context of barn: "));
    QVERIFY(cli::explain(error, "").starts_with("context: "));
}

void tst_Program::noticesThatTheAgentDies()
{
    test::CliHarness cli;
    cli.services.script = [](test::FakeService& service, agent::RequestId, const agent::Command&) {
        service.publish(0, agent::ServiceLost{{ErrorCode::AgentUnavailable, "the agent"}});
    };
    QCOMPARE(cli.run({"path", "barn"}).exitCode, 3);
}

void tst_Program::endsWhenInterrupted()
{
    test::CliHarness cli;
    cli.waiter.interruptAt(1s);
    QCOMPARE(cli.run({"path", "barn"}).exitCode, 130);
}

void tst_Program::listsPorts()
{
    test::CliHarness cli;
    useSample(cli);
    const auto run = cli.run({"ports"});
    QCOMPARE(run.exitCode, 0);
    QCOMPARE(QString::fromStdString(run.out),
             QStringLiteral(
                 "INTERFACE  STATE     COST  L2MTU  MAC                BRIDGE  NEIGHBORS  RX  TX  DROPPED  PROBLEM\n"
                 "eth0       up         100   1500  02:00:00:00:01:11                  1  20  10        1\n"
                 "wlan0      not used               02:00:00:00:01:12  br0                                 the "
                 "interface is down\n"));
}

void tst_Program::listsPortsAsJson()
{
    test::CliHarness cli;
    useSample(cli);
    const auto json = agent::parseJson(cli.run({"ports", "--json"}).json());
    QVERIFY(json.has_value());
    QCOMPARE((*json)["ports"][0]["interface"], "eth0");
    QCOMPARE((*json)["ports"][0]["counters"]["frames_received"], 20);
    QCOMPARE((*json)["interfaces"][1]["name"], "wlan0");
}

void tst_Program::completesNodes()
{
    test::CliHarness cli;
    useSample(cli);
    QCOMPARE(cli.run({"complete-nodes"}).out, std::string("gate\n02:00:00:00:00:02\nbarn\n02:00:00:00:00:03\n"
                                                          "mill\n02:00:00:00:00:04\nmill\n02:00:00:00:00:05\n"));
    test::CliHarness without;
    without.services.problem = Error{ErrorCode::AgentUnavailable, "socket"};
    const auto run = without.run({"complete-nodes"});
    QVERIFY(run.out.empty() && run.messages.empty());
}

void tst_Program::handsOverToOpenSsh()
{
    QTemporaryDir home;
    test::CliHarness cli;
    useSample(cli);
    cli.surroundings.configDirectory = home.filePath("config").toStdString();
    const auto run = cli.run({"ssh", "admin@barn", "uptime", "--", "-i", "key"});
    QCOMPARE(run.commandLine.front(), std::string("ssh"));
    QCOMPARE(run.commandLine.back(), std::string("uptime"));
    QVERIFY(std::ranges::count(run.commandLine, "HostKeyAlias=02:00:00:00:00:03") == 1);
    QVERIFY(std::ranges::count(run.commandLine, "ProxyUseFdpass=yes") == 1);
    QVERIFY(std::ranges::count(run.commandLine, "StrictHostKeyChecking=accept-new") == 1);
    // ssh makes its known_hosts file, but no directory for it.
    const QFileInfo directory(home.filePath("config/footbridge"));
    QVERIFY(directory.isDir());
    QCOMPARE(directory.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());

    cli.surroundings.questions = cli::Surroundings::Questions::CanAsk;
    const auto asking = cli.run({"scp", "a", "barn:b"});
    QVERIFY(std::ranges::count(asking.commandLine, "StrictHostKeyChecking=ask") == 1);
    QCOMPARE(asking.commandLine.back(), std::string("barn:b"));
}

void tst_Program::relaysForOpenSshWithoutAnAgent()
{
    QTemporaryDir home;
    test::CliHarness cli;
    useSample(cli);
    cli.surroundings.configDirectory = home.path().toStdString();
    cli.services.problem = Error{ErrorCode::AgentUnavailable, "socket"};
    const auto run = cli.run({"--interface", "eth0", "ssh", "barn"});
    QVERIFY(std::ranges::count(run.commandLine, "ProxyUseFdpass=no") == 1);
    QVERIFY(run.commandLine.at(2).starts_with("ProxyCommand=/usr/bin/footbridgectl --interface eth0 "));
}

void tst_Program::asksForOneNode()
{
    test::CliHarness cli;
    useSample(cli);
    QCOMPARE(cli.run({"ssh"}).exitCode, 2);
    QCOMPARE(cli.run({"scp", "gate:a", "barn:b"}).exitCode, 2);
    QCOMPARE(cli.run({"ssh", "atlantis"}).exitCode, 4);
}

void tst_Program::printsConfigurationForOpenSsh()
{
    QTemporaryDir home;
    test::CliHarness cli;
    useSample(cli);
    cli.surroundings.configDirectory = home.path().toStdString();
    const auto one = QByteArray::fromStdString(cli.run({"ssh-config", "barn"}).out);
    QVERIFY(one.startsWith("Host barn\n"));
    QCOMPARE(one.count("Host "), 1);
    const auto all = QByteArray::fromStdString(cli.run({"ssh-config"}).out);
    QCOMPARE(all.count("Host "), 4);
    const auto json = agent::parseJson(cli.run({"--json", "ssh-config", "barn"}).json());
    QVERIFY(json.has_value());
    QCOMPARE((*json)["hosts"][0]["host"], "barn");
    QCOMPARE((*json)["hosts"][0]["settings"]["HostKeyAlias"], "02:00:00:00:00:03");
}

void tst_Program::explainsABrokenSession()
{
    for (const bool answers : {false, true}) {
        test::CliHarness cli;
        cli.services.script = [answers](test::FakeService& service, agent::RequestId request, const agent::Command&) {
            service.publish(request, agent::PingResult{0, std::nullopt, 32});
            service.publish(request, agent::PingResult{1, answers ? std::optional<Duration>(1ms) : std::nullopt, 32});
            service.publish(request, agent::CommandDone{});
        };
        std::ostringstream out;
        std::ostringstream messages;
        cli::Console console{out, messages};
        cli::Program program({cli.services, cli.waiter, console, {}, cli.surroundings, cli.secretInput, cli.shell});
        program.sessionFailed({}, {{"ssh"}, test::sampleId(test::kBarn), "barn"});
        const auto said = QByteArray::fromStdString(messages.str());
        QVERIFY(said.startsWith("footbridgectl: barn: "));
        QCOMPARE(said.contains("it answers echoes"), answers);
        QCOMPARE(said.contains("does not answer any more"), !answers);
    }
}

QTEST_GUILESS_MAIN(tst_Program)
#include "tst_Program.moc"
