// SPDX-License-Identifier: Apache-2.0
// footbridgectl path pin, avoid, clear, show: which policy reaches the agent, and what is said when none does.
#include "core/agent/Json.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <functional>

using namespace fb;
using namespace std::chrono_literals;
using test::sampleId;

namespace {

/// Another way to barn, over its own port of the desk.
overlay::Path longWayToBarn()
{
    return {{{sampleId(test::kDesk), sampleId(test::kBarn), test::sampleEnd(4, 0x14), test::sampleEnd(13, 0x32)}},
            900,
            1500};
}

struct Answers {
    std::vector<agent::ScopedPolicy> policies;
    std::vector<overlay::Path> paths{test::samplePathToBarn(), longWayToBarn()};
    std::function<agent::EventBody()> toChange = [] { return agent::CommandDone{}; };
};

void use(test::CliHarness& cli, const Answers& answers = {})
{
    cli.services.script = [answers](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what) || std::holds_alternative<agent::WatchNeighbors>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else if (const auto* find = std::get_if<agent::FindPaths>(&what))
            service.publish(request, agent::PathsFound{find->target, answers.paths, {}});
        else if (std::holds_alternative<agent::GetPathPolicies>(what))
            service.publish(request, agent::PathPoliciesListed{answers.policies});
        else if (std::holds_alternative<agent::SetPathPolicy>(what) ||
                 std::holds_alternative<agent::ClearPathPolicy>(what))
            service.publish(request, answers.toChange());
    };
}

template <class CommandType>
std::vector<CommandType> submitted(const test::CliHarness& cli)
{
    std::vector<CommandType> found;
    for (const auto& command : cli.services.submitted) {
        if (const auto* wanted = std::get_if<CommandType>(&command))
            found.push_back(*wanted);
    }
    return found;
}

/// The only policy that was set; the test fails without one.
agent::SetPathPolicy onlySet(const test::CliHarness& cli)
{
    const auto all = submitted<agent::SetPathPolicy>(cli);
    return all.size() == 1 ? all.front() : agent::SetPathPolicy{{.session = 0xbad, .node = {}}, {}};
}

agent::PolicyScope forNode(std::uint8_t number)
{
    return {.session = std::nullopt, .node = sampleId(number)};
}

overlay::PathPolicy avoidingGate()
{
    overlay::PathPolicy policy;
    policy.avoidNodes = {sampleId(test::kGate)};
    policy.avoidLinks = {{.node = sampleId(test::kBarn), .linkId = 12}};
    return policy;
}

} // namespace

class tst_PathPolicies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pinsTheBestWay()
    {
        test::CliHarness cli;
        use(cli);
        const auto run = cli.run({"path", "pin", "barn"});
        QCOMPARE(run.exitCode, 0);
        QVERIFY(run.out.empty() && run.messages.empty());
        const auto set = onlySet(cli);
        QVERIFY(set.scope == forNode(test::kBarn));
        QVERIFY(set.policy.pin == overlay::pinOf(test::samplePathToBarn()));
        QVERIFY(!set.policy.isStrict);
        QVERIFY(set.policy.avoidNodes.empty() && set.policy.avoidLinks.empty());
    }

    void pinsTheWayOfThatNumberStrictly()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "pin", "barn", "--number", "2", "--strict"}).exitCode, 0);
        QCOMPARE(submitted<agent::FindPaths>(cli).back().count, 2U);
        QVERIFY(onlySet(cli).policy.pin == overlay::pinOf(longWayToBarn()));
        QVERIFY(onlySet(cli).policy.isStrict);
    }

    void refusesANumberThatNoWayHas()
    {
        test::CliHarness cli;
        use(cli);
        const auto run = cli.run({"path", "pin", "barn", "--number", "3"});
        QCOMPARE(run.exitCode, 5);
        QVERIFY2(QByteArray::fromStdString(run.messages).contains("there are only 2 ways"), run.messages.c_str());
        QVERIFY(submitted<agent::SetPathPolicy>(cli).empty());
    }

    void pinsForOneSession()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "pin", "barn", "--session", "7"}).exitCode, 0);
        QVERIFY(onlySet(cli).scope == (agent::PolicyScope{.session = 7, .node = std::nullopt}));
    }

    void pinningKeepsWhatWasAvoided()
    {
        test::CliHarness cli;
        Answers answers;
        answers.policies = {{{}, {}}, {forNode(test::kBarn), avoidingGate()}};
        use(cli, answers);
        QCOMPARE(cli.run({"path", "pin", "barn"}).exitCode, 0);
        const auto policy = onlySet(cli).policy;
        QVERIFY(policy.avoidNodes == avoidingGate().avoidNodes);
        QVERIFY(policy.avoidLinks == avoidingGate().avoidLinks);
        QVERIFY(!policy.pin.empty());
    }

    void avoidsForAllSessions()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "avoid", "--avoid-node", "gate", "--avoid-link", "barn:12"}).exitCode, 0);
        QVERIFY(onlySet(cli).scope == agent::PolicyScope{});
        QVERIFY(onlySet(cli).policy == avoidingGate());
    }

    void avoidsForSessionsToANode()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "avoid", "barn", "--avoid-node", "gate"}).exitCode, 0);
        QVERIFY(onlySet(cli).scope == forNode(test::kBarn));
    }

    void avoidingMoreForgetsNothing()
    {
        test::CliHarness cli;
        Answers answers;
        auto before = avoidingGate();
        before.pin = overlay::pinOf(longWayToBarn());
        before.isStrict = true;
        answers.policies = {{forNode(test::kBarn), before}};
        use(cli, answers);
        QCOMPARE(
            cli.run({"path", "avoid", "barn", "--avoid-node", "02:00:00:00:00:09", "--avoid-link", "barn:13"}).exitCode,
            0);
        auto expected = before;
        expected.avoidNodes.push_back(sampleId(9)); // by its id, though nobody has heard it
        expected.avoidLinks.push_back({.node = sampleId(test::kBarn), .linkId = 13});
        QVERIFY(onlySet(cli).policy == expected);
    }

    void takesTheLinkBehindTheLastColon()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "avoid", "--avoid-link", "02:00:00:00:00:02:4294967295"}).exitCode, 0);
        const auto policy = onlySet(cli).policy;
        QVERIFY(policy.avoidLinks ==
                (std::vector<overlay::PortName>{{.node = sampleId(test::kGate), .linkId = 0xffffffff}}));
    }

    void refusesWhatIsNoLink_data()
    {
        QTest::addColumn<QByteArray>("link");
        for (const char* link : {"barn", "barn:", "barn:0", "barn:x", "barn:1x", "barn: 1", "barn:-1", "barn:+1",
                                 "barn:4294967296", ":", ""})
            QTest::newRow(link) << QByteArray(link);
    }
    void refusesWhatIsNoLink()
    {
        QFETCH(QByteArray, link);
        test::CliHarness cli;
        use(cli);
        const auto run = cli.run({"path", "avoid", "--avoid-link", link.toStdString()});
        QCOMPARE(run.exitCode, 2);
        QVERIFY2(QByteArray::fromStdString(run.messages).contains("NODE:LINK-ID"), run.messages.c_str());
        QVERIFY(submitted<agent::SetPathPolicy>(cli).empty());
    }

    void refusesToAvoidNothing()
    {
        test::CliHarness cli;
        use(cli);
        const auto run = cli.run({"path", "avoid", "barn"});
        QCOMPARE(run.exitCode, 2);
        QVERIFY(QByteArray::fromStdString(run.messages).contains("--avoid-node, --avoid-link"));
        QVERIFY(submitted<agent::SetPathPolicy>(cli).empty());
    }

    void refusesNodesThatNobodyHasHeard()
    {
        for (const std::vector<std::string>& words : {std::vector<std::string>{"path", "pin", "atlantis"},
                                                      {"path", "clear", "atlantis"},
                                                      {"path", "avoid", "--avoid-node", "atlantis"},
                                                      {"path", "avoid", "--avoid-link", "atlantis:1"},
                                                      {"path", "avoid", "--avoid-node", "mill"}}) {
            test::CliHarness cli;
            use(cli);
            QCOMPARE(cli.run(words).exitCode, 4);
            QVERIFY(submitted<agent::SetPathPolicy>(cli).empty());
            QVERIFY(submitted<agent::ClearPathPolicy>(cli).empty());
        }
    }

    void leavesWaysOutOfAList()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "barn", "--avoid-node", "gate", "--avoid-link", "barn:12"}).exitCode, 0);
        const auto asked = submitted<agent::FindPaths>(cli).back();
        QVERIFY(asked.avoidNodes == avoidingGate().avoidNodes);
        QVERIFY(asked.avoidLinks == avoidingGate().avoidLinks);
        QVERIFY(submitted<agent::SetPathPolicy>(cli).empty());
    }

    void clearsOneScope()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "clear"}).exitCode, 0);
        QCOMPARE(cli.run({"path", "clear", "barn"}).exitCode, 0);
        QCOMPARE(cli.run({"path", "clear", "--session", "9"}).exitCode, 0);
        const auto cleared = submitted<agent::ClearPathPolicy>(cli);
        QCOMPARE(cleared.size(), std::size_t{3});
        QVERIFY(cleared[0].scope == agent::PolicyScope{});
        QVERIFY(cleared[1].scope == forNode(test::kBarn));
        QVERIFY(cleared[2].scope == (agent::PolicyScope{.session = 9, .node = std::nullopt}));
    }

    void saysWhatTheAgentRefused()
    {
        for (const std::vector<std::string>& words :
             {std::vector<std::string>{"path", "pin", "barn"}, {"path", "avoid", "barn", "--avoid-node", "gate"}}) {
            test::CliHarness cli;
            Answers answers;
            answers.toChange = [] { return agent::CommandFailed{{ErrorCode::NoPath, "sessions to barn"}}; };
            use(cli, answers);
            const auto run = cli.run(words);
            QCOMPARE(run.exitCode, 5);
            QVERIFY2(QByteArray::fromStdString(run.messages).contains("no path leads there"), run.messages.c_str());
        }
    }

    void anAnswerOfAnotherKindIsNoSuccess()
    {
        test::CliHarness cli;
        Answers answers;
        answers.toChange = [] { return agent::SessionsListed{}; };
        use(cli, answers);
        QCOMPARE(cli.run({"path", "clear"}).exitCode, 6);
    }

    void anAgentThatDoesNotAnswerIsGivenUp()
    {
        test::CliHarness cli;
        cli.services.script = [](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
            if (std::holds_alternative<agent::GetSnapshot>(what))
                service.publishSnapshot(request, test::sampleSnapshot());
        };
        QCOMPARE(cli.run({"path", "show"}).exitCode, 5);
        QVERIFY(cli.waiter.now() - Instant{} == cli::kAgentPatience);
    }

    void showsWhatHolds()
    {
        test::CliHarness cli;
        Answers answers;
        auto pinned = overlay::PathPolicy{};
        pinned.pin = overlay::pinOf(test::samplePathToBarn());
        auto strict = pinned;
        strict.isStrict = true;
        answers.policies = {{{}, avoidingGate()},
                            {forNode(test::kBarn), pinned},
                            {{.session = 7, .node = std::nullopt}, strict},
                            {forNode(9), avoidingGate()}};
        use(cli, answers);
        const auto run = cli.run({"path", "show"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(QString::fromStdString(run.out), QStringLiteral("For all sessions:\n"
                                                                 "  avoid node gate (02:00:00:00:00:02)\n"
                                                                 "  avoid link barn:12\n"
                                                                 "For sessions to barn (02:00:00:00:00:03):\n"
                                                                 "  pinned: desk:1 gate:8\n"
                                                                 "For session 7:\n"
                                                                 "  pinned, strictly: desk:1 gate:8\n"
                                                                 "For sessions to 02:00:00:00:00:09:\n"
                                                                 "  avoid node gate (02:00:00:00:00:02)\n"
                                                                 "  avoid link barn:12\n"));
    }

    void showsThatNothingHolds()
    {
        test::CliHarness cli;
        use(cli);
        QCOMPARE(cli.run({"path", "show"}).out, std::string("Nothing is pinned or avoided.\n"));
    }

    void showsJson()
    {
        test::CliHarness cli;
        Answers answers;
        answers.policies = {{forNode(test::kBarn), avoidingGate()}};
        use(cli, answers);
        const auto json = agent::parseJson(cli.run({"path", "show", "--json"}).json());
        QVERIFY(json.has_value());
        QCOMPARE((*json)["policies"].size(), std::size_t{1});
        const auto& policy = (*json)["policies"][0];
        QCOMPARE(policy["scope"]["node"], "02:00:00:00:00:03");
        QVERIFY(policy["scope"]["session"].is_null());
        QCOMPARE(policy["policy"]["avoid_nodes"][0], "02:00:00:00:00:02");
        QCOMPARE(policy["policy"]["avoid_links"][0]["link_id"], 12);
    }
};

QTEST_GUILESS_MAIN(tst_PathPolicies)
#include "tst_PathPolicies.moc"
