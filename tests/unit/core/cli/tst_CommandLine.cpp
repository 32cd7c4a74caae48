// SPDX-License-Identifier: Apache-2.0
// Words to invocations: what CLI11 reads, what is left for OpenSSH, and what is refused.
#include "core/cli/CommandLine.h"

#include <QtTest>

using namespace fb;
using namespace fb::cli;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> wordsOf(const char* line)
{
    std::vector<std::string> words;
    for (const auto& word : QByteArray(line).split(' '))
        words.push_back(word.toStdString());
    return words;
}

Invocation parsed(const char* line)
{
    const auto result = parseCommandLine(wordsOf(line));
    if (const auto* notice = std::get_if<Notice>(&result))
        qFatal("%s: %s", line, notice->text.c_str());
    return std::get<Invocation>(result);
}

} // namespace

class tst_CommandLine : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEachCommand();
    void readsWhatSessionsMayUse();
    void takesGlobalOptionsOnEitherSide();
    void leavesTheWordsOfOpenSshAlone();
    void takesTheSocketFromTheEnvironment();
    void refusesWhatMakesNoSense_data();
    void refusesWhatMakesNoSense();
    void helpsWithAnExample_data();
    void helpsWithAnExample();
};

void tst_CommandLine::readsEachCommand()
{
    const auto watch = std::get<NeighborsCommand>(parsed("neighbors --watch").command);
    QCOMPARE(watch.mode, NeighborsCommand::Mode::Watch);
    const auto collect = std::get<NeighborsCommand>(parsed("neighbors --wait 0.5").command);
    QCOMPARE(collect.mode, NeighborsCommand::Mode::Once);
    QVERIFY(collect.wait == 500ms);
    QVERIFY(!std::get<NeighborsCommand>(parsed("neighbors").command).wait);

    const auto path = std::get<PathCommand>(parsed("path barn --count 2").command);
    QCOMPARE(path.node, std::string("barn"));
    QCOMPARE(path.count, 2U);

    const auto ping = std::get<PingCommand>(parsed("ping barn -c 0 -i 0.05 -s 1000").command);
    QCOMPARE(ping.count, 0U);
    QVERIFY(ping.interval == 50ms);
    QCOMPARE(ping.sizeBytes, 1000U);

    QCOMPARE(std::get<TraceCommand>(parsed("trace barn --count 7").command).count, 7U);
    QVERIFY(std::holds_alternative<PortsCommand>(parsed("ports").command));
    QVERIFY(std::holds_alternative<SessionsCommand>(parsed("sessions").command));
    QVERIFY(std::holds_alternative<CompleteNodesCommand>(parsed("complete-nodes").command));
    QCOMPARE(std::get<SshConfigCommand>(parsed("ssh-config barn gate").command).nodes.size(), std::size_t{2});

    const auto connect = std::get<ConnectCommand>(parsed("connect --fdpass barn ssh").command);
    QCOMPARE(connect.handover, ConnectCommand::Handover::PassDescriptor);
    QCOMPARE(connect.service, std::uint16_t{3});
    QCOMPARE(std::get<ConnectCommand>(parsed("connect barn winbox").command).service, std::uint16_t{4});
    QCOMPARE(std::get<ConnectCommand>(parsed("connect barn 16383").command).service, std::uint16_t{16383});
}

void tst_CommandLine::readsWhatSessionsMayUse()
{
    using Action = PathPolicyCommand::Action;
    const auto path = std::get<PathCommand>(parsed("path barn --avoid-node a --avoid-node b --avoid-link c:1").command);
    QCOMPARE(path.avoidNodes, (std::vector<std::string>{"a", "b"}));
    QCOMPARE(path.avoidLinks, (std::vector<std::string>{"c:1"}));

    const auto pin = std::get<PathPolicyCommand>(parsed("path pin barn").command);
    QCOMPARE(pin.action, Action::Pin);
    QCOMPARE(pin.node, std::string("barn"));
    QCOMPARE(pin.number, 1U);
    QCOMPARE(pin.strict, PathPolicyCommand::Strict::No);
    QVERIFY(!pin.session);
    const auto strict = std::get<PathPolicyCommand>(parsed("path pin barn --number 16 --strict --session 7").command);
    QCOMPARE(strict.number, 16U);
    QCOMPARE(strict.strict, PathPolicyCommand::Strict::Yes);
    QVERIFY(strict.session == 7U);

    const auto avoid = std::get<PathPolicyCommand>(parsed("path avoid --avoid-node a --avoid-link b:2").command);
    QCOMPARE(avoid.action, Action::Avoid);
    QVERIFY(avoid.node.empty());
    QCOMPARE(avoid.avoidNodes, std::vector<std::string>{"a"});
    QCOMPARE(avoid.avoidLinks, std::vector<std::string>{"b:2"});
    QCOMPARE(std::get<PathPolicyCommand>(parsed("path avoid barn --avoid-node a").command).node, std::string("barn"));

    const auto clear = std::get<PathPolicyCommand>(parsed("path clear --session 9").command);
    QCOMPARE(clear.action, Action::Clear);
    QVERIFY(clear.session == 9U);
    const auto show = parsed("path show --json");
    QCOMPARE(std::get<PathPolicyCommand>(show.command).action, Action::Show);
    QCOMPARE(show.global.format, Format::Json);
}

void tst_CommandLine::takesGlobalOptionsOnEitherSide()
{
    for (const char* line : {"--json --timeout 2 --socket /tmp/s --interface a --interface b neighbors",
                             "neighbors --json --timeout 2 --socket /tmp/s --interface a --interface b"}) {
        const auto global = parsed(line).global;
        QCOMPARE(global.format, Format::Json);
        QVERIFY(global.timeout == 2s);
        QCOMPARE(global.socket, std::string("/tmp/s"));
        QCOMPARE(global.interfaces, (std::vector<std::string>{"a", "b"}));
    }
    QCOMPARE(parsed("neighbors").global.socket, std::string("/run/footbridge/agent.sock"));
    QVERIFY(!parsed("neighbors").global.timeout);
}

void tst_CommandLine::leavesTheWordsOfOpenSshAlone()
{
    const auto invocation = parsed("--socket /tmp/s ssh -p 3 admin@barn -tt cat --json -- -i key");
    QCOMPARE(invocation.global.socket, std::string("/tmp/s"));
    QCOMPARE(invocation.global.format, Format::Text);
    const auto command = std::get<OpenSshCommand>(invocation.command);
    QCOMPARE(command.tool, OpenSshCommand::Tool::Ssh);
    QCOMPARE(command.arguments, wordsOf("-p 3 admin@barn -tt cat --json -- -i key"));
    QCOMPARE(std::get<OpenSshCommand>(parsed("scp -r a b:c").command).arguments, wordsOf("-r a b:c"));
    QCOMPARE(std::get<OpenSshCommand>(parsed("sftp barn").command).tool, OpenSshCommand::Tool::Sftp);
    // The value of a global option is not the command.
    QVERIFY(std::holds_alternative<PortsCommand>(parsed("--socket ssh ports").command));
}

void tst_CommandLine::takesTheSocketFromTheEnvironment()
{
    qputenv("FOOTBRIDGE_SOCKET", "/tmp/from-environment");
    QCOMPARE(parsed("neighbors").global.socket, std::string("/tmp/from-environment"));
    QCOMPARE(parsed("--socket /tmp/given neighbors").global.socket, std::string("/tmp/given"));
    qunsetenv("FOOTBRIDGE_SOCKET");
}

void tst_CommandLine::refusesWhatMakesNoSense_data()
{
    QTest::addColumn<QByteArray>("line");
    QTest::addColumn<QByteArray>("reason");
    QTest::newRow("no command") << QByteArray("--json") << QByteArray("A subcommand is required");
    QTest::newRow("unknown command") << QByteArray("flurb barn") << QByteArray("no command 'flurb'");
    QTest::newRow("unknown option") << QByteArray("neighbors --frobnicate") << QByteArray("frobnicate");
    QTest::newRow("no node") << QByteArray("path") << QByteArray("which node?");
    QTest::newRow("too many paths") << QByteArray("path barn --count 17") << QByteArray("not in range");
    QTest::newRow("no paths") << QByteArray("path barn --count 0") << QByteArray("not in range");
    QTest::newRow("pin without a node") << QByteArray("path pin") << QByteArray("node is required");
    QTest::newRow("pin no way") << QByteArray("path pin barn --number 0") << QByteArray("not in range");
    QTest::newRow("pin too far") << QByteArray("path pin barn --number 17") << QByteArray("not in range");
    QTest::newRow("session") << QByteArray("path clear --session x") << QByteArray("session");
    QTest::newRow("avoid strictly") << QByteArray("path avoid --strict") << QByteArray("strict");
    QTest::newRow("negative count") << QByteArray("ping barn --count -1") << QByteArray("--count");
    QTest::newRow("too fast") << QByteArray("ping barn --interval 0.001") << QByteArray("not in range");
    QTest::newRow("too small") << QByteArray("ping barn --size 7") << QByteArray("not in range");
    QTest::newRow("service name") << QByteArray("connect barn telnet") << QByteArray("service");
    QTest::newRow("service number") << QByteArray("connect barn 65536") << QByteArray("service");
    QTest::newRow("timeout") << QByteArray("--timeout 0 neighbors") << QByteArray("not in range");
}

void tst_CommandLine::refusesWhatMakesNoSense()
{
    QFETCH(QByteArray, line);
    QFETCH(QByteArray, reason);
    const auto result = parseCommandLine(wordsOf(line.constData()));
    QVERIFY(std::holds_alternative<Notice>(result));
    const auto& notice = std::get<Notice>(result);
    QCOMPARE(notice.exitCode, ExitCode::Usage);
    const auto text = QByteArray::fromStdString(notice.text);
    QVERIFY2(text.contains(reason), text.constData());
    QCOMPARE(text.count('\n'), 1);
}

void tst_CommandLine::helpsWithAnExample_data()
{
    QTest::addColumn<QByteArray>("command");
    for (const char* command :
         {"neighbors", "path", "ping", "trace", "sessions", "ports", "ssh", "scp", "sftp", "ssh-config", "connect"})
        QTest::newRow(command) << QByteArray(command);
}

void tst_CommandLine::helpsWithAnExample()
{
    QFETCH(QByteArray, command);
    const auto result = parseCommandLine(std::vector<std::string>{command.toStdString(), "--help"});
    const auto& notice = std::get<Notice>(result);
    QCOMPARE(notice.exitCode, ExitCode::Ok);
    const auto text = QByteArray::fromStdString(notice.text);
    QVERIFY2(text.contains("Usage: footbridgectl " + command), text.constData());
    QVERIFY2(text.contains("Example:\n  "), text.constData());
    const auto all = std::get<Notice>(parseCommandLine(std::vector<std::string>{"--help"}));
    QVERIFY(QByteArray::fromStdString(all.text).contains("  " + command + ' '));
    QVERIFY(!QByteArray::fromStdString(all.text).contains("complete-nodes"));
}

QTEST_GUILESS_MAIN(tst_CommandLine)
#include "tst_CommandLine.moc"
