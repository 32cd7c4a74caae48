// SPDX-License-Identifier: Apache-2.0
// The command lines for ssh, scp and sftp, word by word.
#include "core/cli/OpenSsh.h"

#include <QtTest>

using namespace fb;
using namespace fb::cli;
using Tool = OpenSshCommand::Tool;

namespace {

const romon::RomonId kBarn{MacAddress{{0x02, 0, 0, 0, 0, 3}}};

SshRoute routeToBarn()
{
    SshRoute route;
    route.program = "/usr/bin/footbridgectl";
    route.global.socket = "/run/footbridge/agent.sock";
    route.node = kBarn;
    route.knownHostsFile = "/home/me/.config/footbridge/known_hosts";
    return route;
}

Words settingsOf(const SshRoute& route)
{
    Words words;
    for (const auto& [name, value] : sshSettings(route))
        words.insert(words.end(), {"-o", name + '=' + value});
    return words;
}

Words joined(std::initializer_list<Words> parts)
{
    Words all;
    for (const auto& part : parts)
        all.insert(all.end(), part.begin(), part.end());
    return all;
}

std::string settingOf(const SshRoute& route, const std::string& name)
{
    for (const auto& setting : sshSettings(route)) {
        if (setting.first == name)
            return setting.second;
    }
    return "(none)";
}

} // namespace

class tst_OpenSsh : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pinsTheHostKeyByTheNodesId();
    void relaysWhereNoAgentRuns();
    void quotesForShellAndConfiguration();
    void splitsWords();
    void recognizesRemoteFiles_data();
    void recognizesRemoteFiles();
    void readsDestinations_data();
    void readsDestinations();
    void makesHostNames_data();
    void makesHostNames();
    void buildsSshCommandLines();
    void buildsScpCommandLines();
    void buildsSftpCommandLines();
    void copiesToOneNodeOnly();
    void writesConfigBlocks();
};

void tst_OpenSsh::pinsTheHostKeyByTheNodesId()
{
    const auto route = routeToBarn();
    const std::vector<std::pair<std::string, std::string>> expected{
        {"ProxyCommand",
         "/usr/bin/footbridgectl --socket /run/footbridge/agent.sock connect --fdpass 02:00:00:00:00:03 ssh"},
        {"ProxyUseFdpass", "yes"},
        {"HostKeyAlias", "02:00:00:00:00:03"},
        {"UserKnownHostsFile", "\"/home/me/.config/footbridge/known_hosts\""},
        {"HashKnownHosts", "no"},
        {"CheckHostIP", "no"},
        {"ControlPath", "none"},
        {"CanonicalizeHostname", "no"}};
    QCOMPARE(sshSettings(route), expected);
}

void tst_OpenSsh::relaysWhereNoAgentRuns()
{
    auto route = routeToBarn();
    route.handover = ConnectCommand::Handover::Relay;
    route.global.interfaces = {"eth0", "eth1"};
    QCOMPARE(settingOf(route, "ProxyCommand"),
             std::string("/usr/bin/footbridgectl --interface eth0 --interface eth1 --socket /run/footbridge/agent.sock "
                         "connect 02:00:00:00:00:03 ssh"));
    QCOMPARE(settingOf(route, "ProxyUseFdpass"), std::string("no"));
}

void tst_OpenSsh::quotesForShellAndConfiguration()
{
    auto route = routeToBarn();
    route.program = "/opt/it's here/footbridgectl";
    route.global.socket = "/tmp/50%/agent.sock";
    route.knownHostsFile = "/home/50%/known hosts";
    QCOMPARE(settingOf(route, "ProxyCommand"),
             std::string("'/opt/it'\\''s here/footbridgectl' --socket '/tmp/50%%/agent.sock' connect --fdpass "
                         "02:00:00:00:00:03 ssh"));
    QCOMPARE(settingOf(route, "UserKnownHostsFile"), std::string("\"/home/50%%/known hosts\""));
}

void tst_OpenSsh::splitsWords()
{
    const auto ssh = splitWords(Tool::Ssh, Words{"-v", "-p", "3", "-vi", "key", "barn", "-tt", "ls", "-l", "--", "-4"});
    QCOMPARE(ssh.options, (Words{"-v", "-p", "3", "-vi", "key"}));
    QCOMPARE(ssh.words, (Words{"barn", "-tt", "ls", "-l"}));
    QCOMPARE(ssh.extras, (Words{"-4"}));
    const auto attached = splitWords(Tool::Ssh, Words{"-p3", "-okey=value", "barn"});
    QCOMPARE(attached.options, (Words{"-p3", "-okey=value"}));
    QCOMPARE(attached.words, (Words{"barn"}));
    const auto scp = splitWords(Tool::Scp, Words{"-rp", "-l", "100", "a", "b:"});
    QCOMPARE(scp.options, (Words{"-rp", "-l", "100"}));
    QCOMPARE(scp.words, (Words{"a", "b:"}));
    const auto cut = splitWords(Tool::Ssh, Words{"-i"});
    QCOMPARE(cut.options, (Words{"-i"}));
    QVERIFY(splitWords(Tool::Ssh, Words{}).words.empty());
}

void tst_OpenSsh::recognizesRemoteFiles_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<bool>("isRemote");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("node");
    QTest::addColumn<QString>("path");
    QTest::newRow("name") << "barn:/tmp/a" << true << ""
                          << "barn"
                          << "/tmp/a";
    QTest::newRow("user") << "admin@barn:a" << true << "admin"
                          << "barn"
                          << "a";
    QTest::newRow("home") << "barn:" << true << ""
                          << "barn"
                          << "";
    QTest::newRow("brackets") << "admin@[02:00:00:00:00:03]:a:b" << true << "admin"
                              << "02:00:00:00:00:03"
                              << "a:b";
    QTest::newRow("bracketed name") << "[my barn]:a" << true << ""
                                    << "my barn"
                                    << "a";
    QTest::newRow("bare id") << "02:00:00:00:00:03:a" << true << ""
                             << "02:00:00:00:00:03"
                             << "a";
    QTest::newRow("bare id, user") << "me@02:00:00:00:00:03:" << true << "me"
                                   << "02:00:00:00:00:03"
                                   << "";
    QTest::newRow("at in the path") << "barn:a@b" << true << ""
                                    << "barn"
                                    << "a@b";
    QTest::newRow("two ats") << "me@site@barn:a" << true << "me@site"
                             << "barn"
                             << "a";
    QTest::newRow("local") << "a" << false << ""
                           << ""
                           << "";
    QTest::newRow("local with colon") << "./a:b" << false << ""
                                      << ""
                                      << "";
    QTest::newRow("leading colon") << ":a" << false << ""
                                   << ""
                                   << "";
    QTest::newRow("no path after id") << "02:00:00:00:00:03" << false << ""
                                      << ""
                                      << "";
}

void tst_OpenSsh::recognizesRemoteFiles()
{
    QFETCH(QString, word);
    QFETCH(bool, isRemote);
    QFETCH(QString, user);
    QFETCH(QString, node);
    QFETCH(QString, path);
    const auto remote = remoteFileIn(word.toStdString());
    QCOMPARE(remote.has_value(), isRemote);
    if (remote) {
        QCOMPARE(*remote, (RemoteName{user.toStdString(), node.toStdString(), path.toStdString()}));
    }
}

void tst_OpenSsh::readsDestinations_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("node");
    QTest::newRow("name") << "barn"
                          << ""
                          << "barn";
    QTest::newRow("user") << "admin@barn"
                          << "admin"
                          << "barn";
    QTest::newRow("id") << "admin@02:00:00:00:00:03"
                        << "admin"
                        << "02:00:00:00:00:03";
    QTest::newRow("bracketed id") << "[02:00:00:00:00:03]"
                                  << ""
                                  << "02:00:00:00:00:03";
}

void tst_OpenSsh::readsDestinations()
{
    QFETCH(QString, word);
    QFETCH(QString, user);
    QFETCH(QString, node);
    QCOMPARE(destinationIn(word.toStdString()), (RemoteName{user.toStdString(), node.toStdString(), std::nullopt}));
}

void tst_OpenSsh::makesHostNames_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<QString>("name");
    QTest::newRow("name") << "barn"
                          << "barn";
    QTest::newRow("dots and dashes") << "barn-2.lab_1"
                                     << "barn-2.lab_1";
    QTest::newRow("id") << "02:00:00:00:00:03"
                        << "02-00-00-00-00-03";
    QTest::newRow("bare id") << "020000000003"
                             << "02-00-00-00-00-03";
    QTest::newRow("space") << "my barn"
                           << "02-00-00-00-00-03";
    QTest::newRow("option") << "-oProxyCommand"
                            << "02-00-00-00-00-03";
    QTest::newRow("shell") << "$(reboot)"
                           << "02-00-00-00-00-03";
    QTest::newRow("uri") << "ssh://barn"
                         << "02-00-00-00-00-03";
    QTest::newRow("empty") << ""
                           << "02-00-00-00-00-03";
}

void tst_OpenSsh::makesHostNames()
{
    QFETCH(QString, typed);
    QFETCH(QString, name);
    QCOMPARE(QString::fromStdString(hostNameFor(typed.toStdString(), kBarn)), name);
}

void tst_OpenSsh::buildsSshCommandLines()
{
    auto route = routeToBarn();
    const auto line = openSshCommandLine(
        Tool::Ssh, splitWords(Tool::Ssh, Words{"-v", "admin@barn", "-tt", "uptime", "--", "-i", "key"}), route);
    QCOMPARE(line, joined({{"ssh"},
                           settingsOf(route),
                           {"-v", "-i", "key", "-o", "StrictHostKeyChecking=ask", "admin@barn", "-tt", "uptime"}}));
    route.newHostKey = SshRoute::NewHostKey::Accept;
    QCOMPARE(openSshCommandLine(Tool::Ssh, splitWords(Tool::Ssh, Words{"02:00:00:00:00:03"}), route),
             joined({{"ssh"}, settingsOf(route), {"-o", "StrictHostKeyChecking=accept-new", "02-00-00-00-00-03"}}));
}

void tst_OpenSsh::buildsScpCommandLines()
{
    const auto route = routeToBarn();
    const Words ask{"-o", "StrictHostKeyChecking=ask"};
    const auto put = splitWords(Tool::Scp, Words{"-r", "a", "./b:c", "admin@barn:/tmp/", "--", "-i", "key"});
    QCOMPARE(openSshCommandLine(Tool::Scp, put, route),
             joined({{"scp"}, settingsOf(route), {"-r", "-i", "key"}, ask, {"a", "./b:c", "admin@barn:/tmp/"}}));
    const auto get = splitWords(Tool::Scp, Words{"admin@[02:00:00:00:00:03]:logs", "."});
    QCOMPARE(openSshCommandLine(Tool::Scp, get, route),
             joined({{"scp"}, settingsOf(route), ask, {"admin@02-00-00-00-00-03:logs", "."}}));
}

void tst_OpenSsh::buildsSftpCommandLines()
{
    const auto route = routeToBarn();
    const Words ask{"-o", "StrictHostKeyChecking=ask"};
    QCOMPARE(openSshCommandLine(Tool::Sftp, splitWords(Tool::Sftp, Words{"-b", "batch", "admin@barn:logs"}), route),
             joined({{"sftp"}, settingsOf(route), {"-b", "batch"}, ask, {"admin@barn:logs"}}));
}

void tst_OpenSsh::copiesToOneNodeOnly()
{
    const auto node = [](Tool tool, const Words& words) { return nodeNamedIn(tool, splitWords(tool, words)); };
    QCOMPARE(node(Tool::Scp, {"a", "barn:b"}).value(), std::string("barn"));
    QCOMPARE(node(Tool::Scp, {"barn:a", "me@barn:b", "."}).value(), std::string("barn"));
    QCOMPARE(node(Tool::Scp, {"barn:a", "gate:b"}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(node(Tool::Scp, {"a", "b"}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(node(Tool::Ssh, {}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(node(Tool::Ssh, {"admin@"}).error().code, ErrorCode::InvalidArgument);
    QCOMPARE(node(Tool::Ssh, {"admin@barn", "cat", "gate:x"}).value(), std::string("barn"));
}

void tst_OpenSsh::writesConfigBlocks()
{
    const auto block = sshConfigBlock("barn", routeToBarn());
    QVERIFY(block.starts_with("Host barn\n    ProxyCommand /usr/bin/footbridgectl --socket "));
    QVERIFY(block.find("\n    HostKeyAlias 02:00:00:00:00:03\n") != std::string::npos);
    QVERIFY(block.ends_with('\n'));
    QVERIFY(sshConfigBlock("Host *\nProxyCommand evil", routeToBarn()).starts_with("Host 02-00-00-00-00-03\n"));
}

QTEST_GUILESS_MAIN(tst_OpenSsh)
#include "tst_OpenSsh.moc"
