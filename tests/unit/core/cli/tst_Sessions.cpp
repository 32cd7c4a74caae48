// SPDX-License-Identifier: Apache-2.0
// footbridgectl sessions: the exact table, the words for the state of a path, the JSON.
#include "core/agent/Json.h"
#include "core/cli/Sessions.h"
#include "tests/support/CliHarness.h"
#include "tests/support/SampleMap.h"

#include <QtTest>

#include <nlohmann/json.hpp>

using namespace fb;
using namespace std::chrono_literals;

Q_DECLARE_METATYPE(fb::agent::SessionInfo)

namespace {

agent::SessionInfo opened()
{
    agent::SessionInfo session;
    session.session = 7;
    session.peer = test::sampleId(test::kBarn);
    session.service = 3;
    session.direction = agent::SessionInfo::Direction::Opened;
    session.path = test::samplePathToBarn();
    session.state = agent::PathState::Good;
    session.quality = {.rtt = 5ms, .lossPermille = 15, .samples = 64, .isLossy = false};
    session.bytesSent = 1000;
    session.bytesReceived = 123456;
    session.rtt = 9ms; // of the stream, with what the far end takes to answer: the path's own says more
    return session;
}

agent::SessionInfo accepted()
{
    agent::SessionInfo session;
    session.session = 12;
    session.peer = test::sampleId(99); // not on the map
    session.service = 22;
    session.direction = agent::SessionInfo::Direction::Accepted;
    session.bytesReceived = 1;
    session.rtt = 1234us;
    return session;
}

template <class Answer>
void answerWith(test::CliHarness& cli, const Answer& answer)
{
    cli.services.script = [answer](test::FakeService& service, agent::RequestId request, const agent::Command& what) {
        if (std::holds_alternative<agent::GetSnapshot>(what))
            service.publishSnapshot(request, test::sampleSnapshot());
        else if (std::holds_alternative<agent::GetSessions>(what))
            service.publish(request, answer);
    };
}

} // namespace

class tst_Sessions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void listsEachSession()
    {
        test::CliHarness cli;
        answerWith(cli, agent::SessionsListed{{opened(), accepted()}});
        const auto run = cli.run({"sessions"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(
            QString::fromStdString(run.out),
            QStringLiteral(
                "SESSION  DIRECTION  PEER               SERVICE  COST       RTT  LOSS  PATH IS  SENT  RECEIVED  PATH\n"
                "      7  opened     barn                     3   400    5ms0us  1.5%  good     1000    123456  gate > "
                "barn\n"
                "     12  accepted   02:00:00:00:00:63       22        1ms234us                    0         1  as its "
                "peer chose\n"));
    }

    void listsNothing()
    {
        test::CliHarness cli;
        answerWith(cli, agent::SessionsListed{});
        const auto run = cli.run({"sessions"});
        QCOMPARE(run.exitCode, 0);
        QCOMPARE(QByteArray::fromStdString(run.out).count('\n'), 1);
    }

    void namesTheStateOfThePath_data()
    {
        using agent::PathState;
        QTest::addColumn<agent::SessionInfo>("session");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* words, PathState state, auto change) {
            auto session = opened();
            session.state = state;
            change(session);
            QTest::newRow(words) << session << QByteArray(words);
        };
        const auto asItIs = [](agent::SessionInfo&) {};
        row("good", PathState::Good, asItIs);
        row("suspect", PathState::Suspect, asItIs);
        row("dead", PathState::Dead, asItIs);
        row("held", PathState::Held, asItIs);
        row("good, lossy", PathState::Good, [](auto& session) { session.quality.isLossy = true; });
        row("good, pinned", PathState::Good, [](auto& session) { session.policy.pin.resize(1); });
        row("good, not the pinned one", PathState::Good, [](auto& session) {
            session.policy.pin.resize(1);
            session.isPinBroken = true;
        });
        row("suspect, lossy, pinned", PathState::Suspect, [](auto& session) {
            session.quality.isLossy = true;
            session.policy.pin.resize(1);
        });
    }
    void namesTheStateOfThePath()
    {
        QFETCH(agent::SessionInfo, session);
        QFETCH(QByteArray, words);
        const auto text = QByteArray::fromStdString(cli::sessionsText(test::sampleSnapshot(), {session}));
        QVERIFY2(text.contains("  " + words + "  "), text.constData());
    }

    void saysNothingOfWhatWasNotMeasured()
    {
        auto session = opened();
        session.quality = {};
        session.rtt.reset();
        const auto text = QByteArray::fromStdString(cli::sessionsText(test::sampleSnapshot(), {session}));
        QVERIFY(!text.contains('%'));
        QVERIFY(!text.contains("us"));
    }

    void printsJson()
    {
        test::CliHarness cli;
        answerWith(cli, agent::SessionsListed{{opened(), accepted()}});
        const auto json = agent::parseJson(cli.run({"sessions", "--json"}).json());
        QVERIFY(json.has_value());
        QCOMPARE((*json)["sessions"].size(), std::size_t{2});
        const auto& first = (*json)["sessions"][0];
        QCOMPARE(first["session"], 7);
        QCOMPARE(first["peer"], "02:00:00:00:00:03");
        QCOMPARE(first["direction"], "opened");
        QCOMPARE(first["path_state"], "good");
        QCOMPARE(first["path"]["cost"], 400);
        QCOMPARE(first["path_quality"]["loss_permille"], 15);
        QCOMPARE(first["bytes_sent"], 1000);
        QCOMPARE(first["bytes_received"], 123456);
        QCOMPARE(first["rtt_us"], 9000);
        QVERIFY((*json)["sessions"][1]["path"].is_null());
    }

    void failsAsTheAgentDoes()
    {
        test::CliHarness refused;
        answerWith(refused, agent::CommandFailed{{ErrorCode::LimitReached, "commands"}});
        QCOMPARE(refused.run({"sessions"}).exitCode, 6);

        test::CliHarness older;
        answerWith(older, agent::CommandDone{});
        const auto run = older.run({"--json", "sessions"});
        QCOMPARE(run.exitCode, 6);
        const auto json = agent::parseJson(run.json());
        QVERIFY(json.has_value());
        QCOMPARE((*json)["error"]["code"], "protocol-mismatch");

        test::CliHarness none;
        none.services.problem = Error{ErrorCode::AgentUnavailable, "/run/footbridge/agent.sock"};
        QCOMPARE(none.run({"sessions"}).exitCode, 3);
    }
};

QTEST_GUILESS_MAIN(tst_Sessions)
#include "tst_Sessions.moc"
