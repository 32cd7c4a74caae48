// SPDX-License-Identifier: Apache-2.0
// footbridgectl secrets: the words, the answers; and a rotation over random networks whose nodes, sessions and echoes
// fail at random: at every moment any two neighbors can verify each other.
#include "core/agent/Json.h"
#include "core/agent/SecretKeeper.h"
#include "core/cli/Rotation.h"
#include "core/cli/Secrets.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <nlohmann/json.hpp>

#include <map>
#include <random>
#include <set>

using namespace fb;
using namespace std::chrono_literals;

namespace {

constexpr const char* kOld = "old secret";
constexpr const char* kNew = "new secret";

agent::SecretsListed answerOf(const agent::SecretKeeper& keeper, bool hasChanged)
{
    agent::SecretsListed listed{agent::scopesOf(keeper.lists()), hasChanged, std::nullopt, keeper.isKept()};
    if (keeper.nextDeadline())
        listed.confirmLeft = 60s;
    return listed;
}

/// What an agent does about the commands of secrets.
agent::EventBody obey(agent::SecretKeeper& keeper, const agent::Command& command, Instant now)
{
    if (const auto* asked = std::get_if<agent::ChangeSecrets>(&command)) {
        const auto changed = keeper.change(asked->change, asked->confirmWithin, now);
        if (!changed)
            return agent::CommandFailed{changed.error()};
        return answerOf(keeper, *changed);
    }
    if (const auto* asked = std::get_if<agent::ConfirmSecrets>(&command)) {
        if (asked->keep == agent::ConfirmSecrets::Keep::No)
            return answerOf(keeper, keeper.putBack());
        if (const auto kept = keeper.confirm(); !kept)
            return agent::CommandFailed{kept.error()};
    }
    return answerOf(keeper, false);
}

/// A network as a tree with extra cables; node 0 is here. Every cable is a port of that name on both its ends.
class Network {
public:
    explicit Network(unsigned seed) : m_random(seed)
    {
        const int count = pick(2, 7);
        for (int node = 0; node < count; ++node) {
            m_keepers.emplace_back(agent::SecretLists{{Secret(kOld)}, {}}, "");
            m_hops.push_back(0);
            if (node > 0)
                join(node, pick(0, node - 1));
        }
        for (int extra = pick(0, 3); extra > 0 && count > 2; --extra)
            join(pick(0, count - 1), pick(0, count - 1));
        for (const auto& cable : m_cables) { // some ports have lists of their own
            if (pick(0, 3) == 0) {
                setOwn(cable.first, portOf(cable));
                setOwn(cable.second, portOf(cable));
            }
        }
    }

    [[nodiscard]] int pick(int from, int to) { return std::uniform_int_distribution<int>(from, to)(m_random); }

    [[nodiscard]] overlay::Snapshot snapshot() const
    {
        overlay::Snapshot snapshot;
        snapshot.self = idOf(0);
        snapshot.identity = "here";
        for (int node = 1; node < std::ssize(m_keepers); ++node) {
            auto info = test::sampleNode(static_cast<std::uint8_t>(node + 1), "");
            info.path = overlay::Path{std::vector<overlay::Hop>(static_cast<std::size_t>(m_hops[node])),
                                      static_cast<std::uint32_t>(200 * m_hops[node]), 1500};
            snapshot.nodes.push_back(info);
        }
        return snapshot;
    }

    /// Why two neighbors cannot speak with each other, if there are such.
    [[nodiscard]] std::string broken() const
    {
        const auto accepts = [](const SecretList& list, const SecretList& sender) {
            return std::ranges::any_of(list, [&](const Secret& secret) { return secret.isSameAs(sender.front()); });
        };
        for (const auto& cable : m_cables) {
            const auto& left = listOf(cable.first, portOf(cable));
            const auto& right = listOf(cable.second, portOf(cable));
            if (!accepts(left, right) || !accepts(right, left))
                return portOf(cable);
        }
        return {};
    }

    [[nodiscard]] bool isRotated() const
    {
        const auto isNew = [](const SecretList& list) { return list.size() == 1 && list.front().reveal() == kNew; };
        return std::ranges::all_of(m_keepers, [&](const agent::SecretKeeper& keeper) {
            const auto& lists = keeper.lists();
            return isNew(lists.all) && std::ranges::all_of(lists.ports, [&](auto& port) { return isNew(port.second); });
        });
    }

    [[nodiscard]] std::size_t size() const { return m_keepers.size(); }
    [[nodiscard]] agent::SecretKeeper& keeper(int node) { return m_keepers[static_cast<std::size_t>(node)]; }
    static romon::RomonId idOf(int node) { return test::sampleId(static_cast<std::uint8_t>(node + 1)); }
    [[nodiscard]] int numberOf(romon::RomonId id) const
    {
        int node = 0;
        while (idOf(node) != id)
            ++node;
        return node;
    }

private:
    using Cable = std::pair<int, int>;

    void join(int left, int right)
    {
        if (left == right)
            return;
        m_cables.insert({std::min(left, right), std::max(left, right)});
        if (m_hops[left] == 0 && left > right)
            m_hops[left] = m_hops[right] + 1;
    }
    static std::string portOf(const Cable& cable)
    {
        return "p" + std::to_string(cable.first) + "-" + std::to_string(cable.second);
    }
    void setOwn(int node, const std::string& port)
    {
        agent::SecretChange own{.action = agent::SecretChange::Action::Set, .interface = port};
        own.secrets.emplace_back(std::string(kOld));
        std::ignore = keeper(node).change(own, std::nullopt, Instant{});
    }
    [[nodiscard]] const SecretList& listOf(int node, const std::string& port) const
    {
        const auto& lists = m_keepers[static_cast<std::size_t>(node)].lists();
        const auto own = lists.ports.find(port);
        return own == lists.ports.end() ? lists.all : own->second;
    }

    std::mt19937 m_random;
    std::vector<agent::SecretKeeper> m_keepers;
    std::vector<int> m_hops;
    std::set<Cable> m_cables;
};

/// Joins the network to a command line under test and breaks things on the way.
class Player {
public:
    Player(Network& network, test::CliHarness& cli, int failuresPercent)
        : m_network(network), m_cli(cli), m_failuresPercent(failuresPercent)
    {
        m_cli.surroundings.configDirectory = m_folder.path().toStdString();
        m_cli.surroundings.stateDirectory = m_folder.path().toStdString();
        m_cli.services.script = [this](test::FakeService& service, agent::RequestId request,
                                       const agent::Command& command) { answer(service, request, command); };
        m_cli.shell.script = [this](const cli::Words& line, const Secret& input) { return shell(line, input); };
    }

    /// One run of the command; false if it broke what must hold.
    [[nodiscard]] test::CliRun run(std::vector<std::string> words)
    {
        m_cli.secretInput.lines = {kNew};
        return m_cli.run(words);
    }
    [[nodiscard]] const std::string& broken() const { return m_broken; }
    [[nodiscard]] int changes() const { return m_changes; }

private:
    bool fails() { return m_network.pick(1, 100) <= m_failuresPercent; }

    void look()
    {
        if (m_broken.empty())
            m_broken = m_network.broken();
    }

    void answer(test::FakeService& service, agent::RequestId request, const agent::Command& command)
    {
        if (std::holds_alternative<agent::WatchNeighbors>(command) ||
            std::holds_alternative<agent::GetSnapshot>(command)) {
            service.publishSnapshot(request, m_network.snapshot());
        } else if (const auto* ping = std::get_if<agent::PingNode>(&command)) {
            const int node = m_network.numberOf(ping->target);
            if (!fails()) {
                service.publish(request, agent::PingResult{0, 1ms, 32});
                return;
            }
            // It hears nobody for as long as it takes to put its change back.
            std::ignore = m_network.keeper(node).advance(Instant::max());
            look();
        } else if (!std::holds_alternative<agent::Cancel>(command)) {
            service.publish(request, obey(m_network.keeper(0), command, m_cli.waiter.now()));
            look();
        }
    }

    Result<cli::ShellRun, Error> shell(const cli::Words& line, const Secret& input)
    {
        auto name = line[line.size() - 2];
        std::ranges::replace(name, '-', ':');
        const int node = m_network.numberOf(*romon::RomonId::parse(name));
        auto& keeper = m_network.keeper(node);
        if (fails()) {
            std::ignore = keeper.putBack(); // its power was pulled
            look();
            return cli::ShellRun{255, ""};
        }
        const auto answer = runThere(keeper, line.back(), input);
        look();
        ++m_changes;
        if (fails()) // the session was cut after the change; nobody confirms
            return m_network.pick(0, 1) == 0 ? Result<cli::ShellRun, Error>(cli::ShellRun{255, ""})
                                             : failure(Error{ErrorCode::TimedOut, "the node's answer"});
        return answer;
    }

    /// The words as the node's own footbridgectl reads them.
    cli::ShellRun runThere(agent::SecretKeeper& keeper, const std::string& remote, const Secret& input)
    {
        test::CliHarness there;
        there.services.script = [&](test::FakeService& service, agent::RequestId request,
                                    const agent::Command& command) {
            std::ignore = keeper.advance(m_cli.waiter.now());
            service.publish(request, obey(keeper, command, m_cli.waiter.now()));
        };
        if (!input.empty())
            there.secretInput.lines = {input.reveal().substr(0, input.reveal().find('\n'))};
        const auto words = QString::fromStdString(remote).split(u' ');
        std::vector<std::string> arguments;
        for (const auto& word : words.mid(1))
            arguments.push_back(word.toStdString());
        const auto ran = there.run(arguments);
        return {ran.exitCode, ran.out};
    }

    QTemporaryDir m_folder;
    Network& m_network;
    test::CliHarness& m_cli;
    int m_failuresPercent;
    std::string m_broken;
    int m_changes = 0;
};

} // namespace

class tst_Rotate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsFingerprints();
    void readsASecretAndNeverShowsIt();
    void asksAPersonTwice();
    void takesSecretsByFingerprintWithoutAsking();
    void rotatesFarthestFirst();
    void dryRunChangesNothing();
    void stopsForNodesItCannotChange();
    void neverCutsNeighborsApart_data();
    void neverCutsNeighborsApart();
    void theStateComesBack();
    void refusesAnotherSecretOnResume();
};

void tst_Rotate::listsFingerprints()
{
    test::CliHarness cli;
    agent::SecretKeeper keeper({{Secret("one"), Secret()}, {{"eth0", {Secret("two")}}}}, "");
    cli.services.script = [&](test::FakeService& service, agent::RequestId request, const agent::Command& command) {
        service.publish(request, obey(keeper, command, Instant{}));
    };
    const auto run = cli.run({"secrets", "list"});
    QCOMPARE(run.exitCode, 0);
    const auto one = agent::fingerprintOf(Secret("one"));
    const auto two = agent::fingerprintOf(Secret("two"));
    QCOMPARE(run.out, "PORT  SECRET    USED\nall   " + one + "  sent and accepted\n      empty     accepted\neth0  " +
                          two + "  sent and accepted\nThey are forgotten when the agent ends.\n");
    const auto json = agent::parseJson(cli.run({"--json", "secrets", "list"}).json()).value();
    QCOMPARE(json["scopes"][1]["fingerprints"][0].get<std::string>(), two);
}

void tst_Rotate::readsASecretAndNeverShowsIt()
{
    test::CliHarness cli;
    agent::SecretKeeper keeper({}, "");
    cli.services.script = [&](test::FakeService& service, agent::RequestId request, const agent::Command& command) {
        service.publish(request, obey(keeper, command, Instant{}));
    };
    cli.secretInput.lines = {"hunter2"};
    const auto run = cli.run({"secrets", "add", "--port", "eth0"});
    QCOMPARE(run.exitCode, 0);
    QVERIFY((run.out + run.messages).find("hunter2") == std::string::npos);
    QCOMPARE(keeper.lists().ports.at("eth0").back().reveal(), std::string("hunter2"));
    cli.secretInput.lines = {"a", "", "b"};
    QCOMPARE(cli.run({"secrets", "set"}).exitCode, 0);
    QCOMPARE(keeper.lists().all.size(), 3U);
    QVERIFY(keeper.lists().all[1].empty());
    QCOMPARE(cli.run({"secrets", "add"}).exitCode, 130);          // nothing on standard input
    QCOMPARE(cli.run({"secrets", "add", "hunter2"}).exitCode, 2); // never an argument
}

void tst_Rotate::asksAPersonTwice()
{
    test::FakeSecretInput input;
    input.terminal = true;
    input.lines = {"a", "b"};
    QVERIFY(!cli::readSecret(input, "Secret").has_value());
    input.lines = {"a", "a"};
    QCOMPARE(cli::readSecret(input, "Secret")->reveal(), std::string("a"));
    input.lines = {""};
    QVERIFY(!cli::readSecret(input, "Secret").has_value());
}

void tst_Rotate::takesSecretsByFingerprintWithoutAsking()
{
    test::CliHarness cli;
    agent::SecretKeeper keeper({{Secret("one"), Secret("two")}, {}}, "");
    cli.services.script = [&](test::FakeService& service, agent::RequestId request, const agent::Command& command) {
        service.publish(request, obey(keeper, command, Instant{}));
    };
    const auto two = agent::fingerprintOf(Secret("two"));
    QCOMPARE(cli.run({"secrets", "first", "--fingerprint", two, "--confirm-within", "30"}).exitCode, 0);
    QCOMPARE(keeper.lists().all.front().reveal(), std::string("two"));
    QCOMPARE(keeper.nextDeadline(), std::optional(Instant{} + 30s));
    QCOMPARE(cli.run({"secrets", "revert"}).exitCode, 0);
    QCOMPARE(keeper.lists().all.front().reveal(), std::string("one"));
    QVERIFY(cli.secretInput.prompts.empty());
}

void tst_Rotate::rotatesFarthestFirst()
{
    Network network(3);
    test::CliHarness cli;
    Player player(network, cli, 0);
    const auto run = player.run({"secrets", "rotate"});
    QVERIFY2(run.exitCode == 0, run.messages.c_str());
    QVERIFY(network.isRotated());
    QVERIFY(player.broken().empty());
    QCOMPARE(player.changes(), static_cast<int>(network.size() - 1) * 3 * 2); // a change and a confirm for each pass
    QVERIFY(run.messages.find(kNew) == std::string::npos && run.out.find(kNew) == std::string::npos);
    const cli::Rotation plan("a", "b",
                             {{Network::idOf(1), "", 1, 100},
                              {Network::idOf(0), "", 0, 0},
                              {Network::idOf(2), "", 3, 100},
                              {Network::idOf(3), "", 3, 900}});
    std::vector<std::uint32_t> order;
    for (const auto& node : plan.nodes())
        order.push_back(node.cost + node.hops);
    QCOMPARE(order, (std::vector<std::uint32_t>{903, 103, 101, 0}));
}

void tst_Rotate::dryRunChangesNothing()
{
    Network network(5);
    test::CliHarness cli;
    Player player(network, cli, 0);
    const auto run = player.run({"secrets", "rotate", "--dry-run"});
    QCOMPARE(run.exitCode, 0);
    QVERIFY(run.out.find("pass 3: every node has to forget the old secret") != std::string::npos);
    QCOMPARE(player.changes(), 0);
    QVERIFY(cli.secretInput.prompts.empty());
    QVERIFY(!QFile::exists(QString::fromStdString(cli.surroundings.stateDirectory + "/footbridge/rotation.json")));
}

void tst_Rotate::stopsForNodesItCannotChange()
{
    Network network(7);
    test::CliHarness cli;
    Player player(network, cli, 0);
    auto snapshot = network.snapshot();
    snapshot.nodes[0].isFootbridge = false;
    const auto play = cli.services.script;
    cli.services.script = [&](test::FakeService& service, agent::RequestId request, const agent::Command& command) {
        if (std::holds_alternative<agent::WatchNeighbors>(command))
            service.publishSnapshot(request, snapshot);
        else
            play(service, request, command);
    };
    const auto stopped = player.run({"secrets", "rotate"});
    QVERIFY(stopped.exitCode != 0);
    QVERIFY(stopped.messages.find("/tool romon set secrets=OLD,NEW") != std::string::npos);
    QCOMPARE(player.changes(), 0);
    QCOMPARE(player.run({"secrets", "rotate", "--skip", snapshot.nodes[0].id.toString()}).exitCode, 0);
    snapshot.nodes[0].path.reset();
    QVERIFY(player.run({"secrets", "rotate"}).messages.find("would keep the old secret") != std::string::npos);
}

void tst_Rotate::neverCutsNeighborsApart_data()
{
    QTest::addColumn<int>("failures");
    QTest::addColumn<unsigned>("networks");
    QTest::newRow("all goes well") << 0 << 10U;
    QTest::newRow("now and then something fails") << 5 << 12U;
    QTest::newRow("a quarter of all fails") << 25 << 4U;
}

void tst_Rotate::neverCutsNeighborsApart()
{
    QFETCH(int, failures);
    QFETCH(unsigned, networks);
    for (unsigned seed = 0; seed < networks; ++seed) {
        Network network(seed);
        test::CliHarness cli;
        Player player(network, cli, failures);
        bool isComplete = player.run({"secrets", "rotate"}).exitCode == 0;
        for (int attempt = 0; attempt < 2000 && !isComplete && player.broken().empty(); ++attempt)
            isComplete = player.run({"secrets", "rotate", "--resume"}).exitCode == 0;
        const auto where = "seed " + std::to_string(seed) + ", cable " + player.broken();
        QVERIFY2(player.broken().empty(), where.c_str());
        QVERIFY2(isComplete && network.isRotated(), where.c_str());
        QVERIFY(!QFile::exists(QString::fromStdString(cli.surroundings.stateDirectory + "/footbridge/rotation.json")));
    }
}

void tst_Rotate::theStateComesBack()
{
    cli::Rotation rotation("11111111", "22222222", {{Network::idOf(1), "barn", 2, 400}, {Network::idOf(0), "here"}});
    rotation.done(*rotation.next());
    const auto back = cli::Rotation::fromJson(rotation.toJson());
    QVERIFY(back.has_value());
    QVERIFY(back->nodes() == rotation.nodes());
    QCOMPARE(back->newSecret(), rotation.newSecret());
    auto json = rotation.toJson();
    json["nodes"][0]["passes_done"] = 3; // two passes ahead of the other
    QVERIFY(!cli::Rotation::fromJson(json).has_value());
    json["format"] = "of-tomorrow";
    QVERIFY(!cli::Rotation::fromJson(json).has_value());
}

void tst_Rotate::refusesAnotherSecretOnResume()
{
    Network network(11);
    test::CliHarness cli;
    Player player(network, cli, 100);
    QVERIFY(player.run({"secrets", "rotate"}).exitCode != 0);
    QVERIFY(player.run({"secrets", "rotate"}).messages.find("--resume") != std::string::npos);
    cli.secretInput.lines = {"typo"};
    const auto run = cli.run({"secrets", "rotate", "--resume"});
    QVERIFY(run.messages.find("not the secret this rotation began with") != std::string::npos);
    QFile state(QString::fromStdString(cli.surroundings.stateDirectory + "/footbridge/rotation.json"));
    QVERIFY(state.open(QIODevice::ReadOnly));
    QVERIFY(!state.readAll().contains(kNew));
    QCOMPARE(state.permissions() & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
    QCOMPARE(cli.run({"secrets", "rotate", "--abandon"}).exitCode, 0);
    QVERIFY(cli.run({"secrets", "rotate", "--resume"}).exitCode != 0);
}

QTEST_GUILESS_MAIN(tst_Rotate)
#include "tst_Rotate.moc"
