// SPDX-License-Identifier: Apache-2.0
// Configuration files: good ones mean what they say, bad ones are told every mistake with its line.
#include "core/agent/Config.h"
#include "core/agent/NodeDefaults.h"
#include "core/agent/PortRules.h"
#include "core/agent/Setup.h"
#include "core/agent/Sshd.h"
#include "core/base/SeededRandom.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace fb;
using namespace fb::agent;

class TestConfig : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void anEmptyFileIsTheDefaults();
    void readsEveryKey();
    void complains_data();
    void complains();
    void refusesWhatIsNoKey();
    void takesTextOfAllLanguagesOnlyAsText();
    void reportsEveryMistakeInOrder();
    void boundsWhatItReports();
    void saysWhenAFileCannotBeRead();
    void acceptsTheInstalledExample();
    void specificRulesWin();
    void decisionsOfUsersWin();
    void patterns_data();
    void patterns();
    void buildsTheCommandOfSshd();
    void looksUsersUp();
    void choosesTheLowestFactoryAddress();
};

void TestConfig::anEmptyFileIsTheDefaults()
{
    const auto config = parseConfig("", "x");
    QVERIFY(config.has_value());
    QVERIFY(config->role == overlay::Role::Transit);
    QVERIFY(config->ports.empty());
    QVERIFY(!config->id);
    QVERIFY(config->ssh.use == SshConfig::Use::Yes);
    QCOMPARE(config->control.socket, std::string("/run/footbridge/agent.sock"));
}

void TestConfig::readsEveryKey()
{
    const auto config = parseConfig(R"(
id = "02:00:00:00:00:07"
identity = "core"
role = "leaf"
[[port]]
interface = "eth*"
cost = 65535
[[port]]
interface = "eth3"
forbid = true
[ssh]
enabled = false
command = "/opt/sshd"
config = "/etc/other"
host-keys = ["/a", "/b"]
options = ["UsePAM no"]
sessions-max = 3
[control]
socket = "/tmp/x.sock"
mode = "0660"
users = ["root"]
groups = ["adm"]
[limits]
silence-limit = 60
)",
                                    "x");
    QVERIFY(config.has_value());
    QCOMPARE(config->id->toString(), std::string("02:00:00:00:00:07"));
    QCOMPARE(config->identity, std::string("core"));
    QVERIFY(config->role == overlay::Role::Leaf);
    const std::vector<PortRule> rules{{"eth*", PortRule::Use::Yes, 65535}, {"eth3", PortRule::Use::Forbid, 100}};
    QVERIFY(config->ports == rules);
    QVERIFY(config->ssh.use == SshConfig::Use::No);
    QCOMPARE(config->ssh.command, std::string("/opt/sshd"));
    QCOMPARE(config->ssh.configFile, std::string("/etc/other"));
    QCOMPARE(config->ssh.hostKeys.size(), std::size_t{2});
    QCOMPARE(config->ssh.options.front(), std::string("UsePAM no"));
    QCOMPARE(config->ssh.sessionsMax, 3U);
    QCOMPARE(config->control.socket, std::string("/tmp/x.sock"));
    QCOMPARE(config->control.mode.value(), 0660U);
    QCOMPARE(config->control.users.front(), std::string("root"));
    QCOMPARE(config->control.groups.front(), std::string("adm"));
    QVERIFY(config->silenceLimit == std::chrono::seconds(60));
}

void TestConfig::complains_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("complaint");
    const auto row = [](const char* text, const char* complaint) {
        QTest::newRow(complaint) << QByteArray(text) << QByteArray("f:") + complaint;
    };
    row("name = 1", "1: name is unknown here; allowed: control, id, identity, limits, port, role, secrets-file, ssh");
    row("\nid = 5", "2: id is a whole number, it must be a text");
    row("id = \"zz\"", "1: id must be six bytes such as 02:00:00:00:00:01, not zero and no group address");
    row("id = \"01:00:00:00:00:01\"",
        "1: id must be six bytes such as 02:00:00:00:00:01, not zero and no group address");
    row("identity = \"\"", "1: identity must have 1 to 64 bytes");
    row("role = \"router\"", "1: role must be \"leaf\" or \"transit\"");
    row("[port]\ninterface = \"a\"", "1: port is a table, it must be a list of tables: write [[port]]");
    row("[[port]]\ncost = 5", "1: [[port]] interface must name an interface, or a pattern such as \"eth*\"");
    row("[[port]]\ninterface = \"a\"\ncost = 0", "3: [[port]] cost is 0, it must be 1 to 65535");
    row("[[port]]\ninterface = \"a\"\ncost = 65536", "3: [[port]] cost is 65536, it must be 1 to 65535");
    row("[[port]]\ninterface = \"a\"\nforbid = 1", "3: [[port]] forbid is a whole number, it must be true or false");
    row("[[port]]\ninterface = \"a\"\n[[port]]\ninterface = \"a\"", "4: [[port]] interface \"a\" has an entry already");
    row("[ssh]\ncommand = \"sshd\"", "2: [ssh] command must be an absolute path");
    row("[ssh]\nhost-keys = [1]", "2: [ssh] host-keys is a whole number, it must be a list of texts");
    row("[ssh]\nsessions-max = 0", "2: [ssh] sessions-max is 0, it must be 1 to 512");
    row("ssh = 1", "1: ssh is a whole number, it must be a table: write [ssh]");
    row("[control]\nmode = \"0888\"", "2: [control] mode must be an octal number in quotes, such as \"0660\"");
    row("[control]\nmode = 660", "2: [control] mode is a whole number, it must be a text");
    row("[limits]\nsilence-limit = 1.5", "2: [limits] silence-limit is a number, it must be a whole number");
}

void TestConfig::complains()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, complaint);
    const auto config = parseConfig(text.toStdString(), "f");
    QVERIFY(!config.has_value());
    QCOMPARE(config.error().size(), std::size_t{1});
    QVERIFY(config.error().front().code == ErrorCode::InvalidArgument);
    QCOMPARE(QByteArray::fromStdString(config.error().front().context), complaint);
}

void TestConfig::reportsEveryMistakeInOrder()
{
    const auto config = parseConfig("role = 1\nnonsense = 2\n[ssh]\nenabled = 3\n", "f");
    QVERIFY(!config.has_value());
    QStringList places;
    for (const auto& error : config.error())
        places << QString::fromStdString(error.context).section(' ', 0, 1);
    QCOMPARE(places, QStringList({"f:1: role", "f:2: nonsense", "f:4: [ssh]"}));
    const auto syntax = parseConfig("a = 1\nb = [", "f");
    QVERIFY(!syntax.has_value());
    QVERIFY(QString::fromStdString(syntax.error().front().context).startsWith("f:2: "));
}

void TestConfig::boundsWhatItReports()
{
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "k" + std::to_string(i) + " = 1\n";
    const auto config = parseConfig(text, "f");
    QCOMPARE(config.error().size(), std::size_t{51});
    QCOMPARE(config.error().back().context, std::string("f: and 10 more"));
}

void TestConfig::saysWhenAFileCannotBeRead()
{
    QTemporaryDir directory;
    const auto absent = readConfig(directory.filePath("absent").toStdString());
    QVERIFY(!absent.has_value());
    QCOMPARE(absent.error().front().systemErrno, ENOENT);
    const auto endless = readConfig("/dev/zero");
    QVERIFY(!endless.has_value());
    // A directory opens like a file: it must not pass for an empty one.
    const auto folder = readConfig(directory.path().toStdString());
    QVERIFY(!folder.has_value());
    QCOMPARE(folder.error().front().systemErrno, EISDIR);
}

void TestConfig::acceptsTheInstalledExample()
{
    const auto example = readConfig(FB_TEST_DATA "/../../installer/footbridged.toml");
    QVERIFY2(example.has_value(), example.has_value() ? "" : example.error().front().context.c_str());
}

void TestConfig::specificRulesWin()
{
    // The order of the entries must not matter.
    const PortRules rules(
        {{"*", PortRule::Use::Yes, 1}, {"eth1", PortRule::Use::Forbid, 2}, {"eth*", PortRule::Use::Yes, 3}});
    QCOMPARE(int{rules.find("wlan0")->cost}, 1);
    QCOMPARE(int{rules.find("eth0")->cost}, 3);
    QVERIFY(rules.find("eth1")->use == PortRule::Use::Forbid);
    QVERIFY(rules.namedInterfaces() == std::vector<std::string>{"eth1"});
    QVERIFY(!PortRules({{"eth*", PortRule::Use::Yes, 1}}).find("wlan0"));
    // Of two that say as much, the careful one, whichever stands first.
    const PortRule used{"eth?", PortRule::Use::Yes, 1};
    const PortRule forbidden{"eth*", PortRule::Use::Forbid, 2};
    QVERIFY(PortRules({used, forbidden}).find("eth0")->use == PortRule::Use::Forbid);
    QVERIFY(PortRules({forbidden, used}).find("eth0")->use == PortRule::Use::Forbid);
}

void TestConfig::decisionsOfUsersWin()
{
    PortRules rules({{"eth0", PortRule::Use::Yes, 1}});
    rules.doNotUse("eth0");
    rules.use("eth1", 7);
    rules.replace({{"*", PortRule::Use::Yes, 9}, {"eth0", PortRule::Use::Yes, 1}});
    QVERIFY(!rules.find("eth0"));
    QCOMPARE(int{rules.find("eth1")->cost}, 7);
    QCOMPARE(int{rules.find("eth2")->cost}, 9);
    QVERIFY(rules.namedInterfaces() == std::vector<std::string>{"eth1"});
}

/// The library asserts that a key begins like one; the file of a user need not.
void TestConfig::refusesWhatIsNoKey()
{
    for (const auto* text : {"[!x]", "[[!x]]", "[[[x]]]", "[[ [x]]", "[x.!]", "!"})
        QVERIFY2(!parseConfig(text, "f").has_value(), text);
}

/// Whether or not it is of a range that has Unicode's white space.
void TestConfig::takesTextOfAllLanguagesOnlyAsText()
{
    for (const auto* text : {"\u00e9 = 1", "x = \u00e9", "x\ufe7f = 1", "x = 1\ufe7f", "x = 1 \u3041", "\u4e2d"}) {
        const auto refused = parseConfig(text, "f");
        QVERIFY2(!refused.has_value(), text);
        QVERIFY2(refused.error().front().context.starts_with("f:1: "), text);
    }
    const auto config = parseConfig("identity = \"\"\"caf\u00e9 \\\n  \u00e9\ufe0f\u3041\"\"\" # \u00e9\ufe7f", "f");
    QVERIFY(config.has_value());
    QCOMPARE(config->identity, std::string("caf\u00e9 \u00e9\ufe0f\u3041"));
}

void TestConfig::patterns_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("matches");
    QTest::newRow("all") << "*"
                         << "eth0" << true;
    QTest::newRow("all of nothing") << "*"
                                    << "" << true;
    QTest::newRow("same") << "eth0"
                          << "eth0" << true;
    QTest::newRow("longer") << "eth"
                            << "eth0" << false;
    QTest::newRow("one") << "eth?"
                         << "eth0" << true;
    QTest::newRow("one of none") << "eth?"
                                 << "eth" << false;
    QTest::newRow("tries again") << "*ab"
                                 << "aab" << true;
    QTest::newRow("two stars") << "*a*b"
                               << "xaxbxb" << true;
    QTest::newRow("case") << "ETH*"
                          << "eth0" << false;
}

void TestConfig::patterns()
{
    QFETCH(QString, pattern);
    QFETCH(QString, text);
    QTEST(matchesPattern(pattern.toStdString(), text.toStdString()), "matches");
}

void TestConfig::buildsTheCommandOfSshd()
{
    SshConfig config;
    config.configFile = "/etc/c";
    config.hostKeys = {"/k"};
    config.options = {"UsePAM no"};
    const auto program = sshdProgram(config);
    const std::vector<std::string> argv{"/usr/sbin/sshd", "-i", "-f", "/etc/c", "-h", "/k", "-o", "UsePAM no"};
    QVERIFY(program.argv == argv);
    QCOMPARE(program.privateDirectory, std::string("/run/sshd"));
    Config whole;
    whole.ssh.use = SshConfig::Use::No;
    QVERIFY(agentConfig(whole, {}).services.empty());
    whole.ssh.use = SshConfig::Use::Yes;
    QVERIFY(agentConfig(whole, {}).services.contains(3));
}

void TestConfig::looksUsersUp()
{
    ControlConfig config;
    QCOMPARE(controlServerConfig(config)->mode, 0600U);
    config.users = {"root"};
    const auto server = controlServerConfig(config);
    QVERIFY(server.has_value());
    QCOMPARE(server->mode, 0666U);
    QCOMPARE(server->access.users.front(), uid_t{0});
    config.groups = {"no such group"};
    const auto failed = controlServerConfig(config);
    QVERIFY(!failed.has_value());
    QVERIFY(failed.error().context.find("no such group") != std::string::npos);
}

void TestConfig::choosesTheLowestFactoryAddress()
{
    SeededRandom random(1);
    const auto interface = [](std::uint8_t first, std::uint8_t last) {
        link::Interface made;
        made.mac = MacAddress{{first, 0, 0, 0, 0, last}};
        return made;
    };
    QCOMPARE(nodeId({interface(0x02, 1), interface(0x48, 9), interface(0x48, 5)}, random).toString(),
             std::string("48:00:00:00:00:05"));
    QCOMPARE(nodeId({interface(0x02, 7), interface(0x02, 3)}, random).toString(), std::string("02:00:00:00:00:03"));
    const auto made = nodeId({}, random);
    QVERIFY(made.isUsable());
    QCOMPARE(made.value.octets[0] & 3, 2);
}

QTEST_GUILESS_MAIN(TestConfig)
#include "tst_Config.moc"
