// SPDX-License-Identifier: Apache-2.0
// The ways to one device: what is asked when, and that a wish adds to what is set and is refused as a whole.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/SampleNet.h"
#include "ui/bridge/DevicePaths.h"
#include "ui/bridge/PathWords.h"

#include <QSignalSpy>
#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

const agent::PolicyScope kForDevice{.session = std::nullopt, .node = test::idOf(3)};

agent::SessionInfo sessionTo(std::uint32_t node, stream::StreamId number)
{
    agent::SessionInfo session;
    session.session = number;
    session.peer = test::idOf(node);
    session.service = 3;
    return session;
}

struct Fixture {
    test::FakeAgent agent;
    DevicePaths paths{agent.bridge};
    QSignalSpy changed{&paths, &DevicePaths::changed};
    QSignalSpy refused{&paths, &DevicePaths::refused};

    Fixture()
    {
        agent.bridge.open();
        paths.watch(test::idOf(3));
    }
    test::FakeService& service() { return *agent.service; }
    template <class Command>
    [[nodiscard]] std::size_t asked()
    {
        return service().commands<Command>().size();
    }
    void answerPaths(std::vector<overlay::Path> found)
    {
        const auto before = changed.size();
        service().answer<agent::FindPaths>(agent::PathsFound{test::idOf(3), std::move(found)});
        QTRY_COMPARE(changed.size(), before + 1);
    }
};

} // namespace

class tst_DevicePaths : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksOnceForADevice()
    {
        Fixture fixture;
        fixture.paths.watch(test::idOf(3));
        QCOMPARE(fixture.asked<agent::FindPaths>(), std::size_t{1});
        QCOMPARE(fixture.asked<agent::GetSessions>(), std::size_t{1});
        QCOMPARE(fixture.asked<agent::GetPathPolicies>(), std::size_t{1});
        fixture.answerPaths({test::pathThrough({1, 3})});
        QCOMPARE(fixture.paths.ways().paths.size(), std::size_t{1});
        QCOMPARE(fixture.paths.ways().reports.size(), std::size_t{1}); // also of an agent that reports none
    }

    void saysNothingBeforeItKnowsThePaths()
    {
        Fixture fixture;
        fixture.service().answer<agent::GetSessions>(agent::SessionsListed{{sessionTo(3, 4)}});
        const QSignalSpy listed(&fixture.agent.bridge, &ServiceBridge::sessionsListed);
        QTRY_COMPARE(listed.size(), 1);
        QCOMPARE(fixture.changed.size(), 0); // it would look as if no path led there
    }

    void forgetsTheAnswersOfAnotherDevice()
    {
        Fixture fixture;
        const auto first = *fixture.service().lastRequest<agent::FindPaths>();
        fixture.paths.watch(test::idOf(1));
        fixture.service().publish(first, agent::PathsFound{test::idOf(3), {test::pathThrough({1, 3})}});
        const QSignalSpy found(&fixture.agent.bridge, &ServiceBridge::pathsFound);
        QTRY_COMPARE(found.size(), 1);
        QVERIFY(fixture.paths.ways().paths.empty());
        QCOMPARE(fixture.paths.ways().device, test::idOf(1));
    }

    void measuresWhileASessionLasts()
    {
        Fixture fixture;
        fixture.answerPaths({test::pathThrough({1, 3})});
        auto accepted = sessionTo(3, 7);
        accepted.direction = agent::SessionInfo::Direction::Accepted;
        fixture.service().answer<agent::GetSessions>(agent::SessionsListed{{accepted, sessionTo(1, 5)}});
        QTRY_COMPARE(fixture.changed.size(), 2);
        QVERIFY(
            fixture.paths.ways().sessions.empty()); // its peer chooses the path of the one, the other goes elsewhere
        QCOMPARE(fixture.asked<agent::FindPaths>(), std::size_t{1});
        QTRY_COMPARE_WITH_TIMEOUT(fixture.asked<agent::GetSessions>(), std::size_t{2}, 30'000); // by itself
        fixture.service().answer<agent::GetSessions>(agent::SessionsListed{{sessionTo(3, 4)}});
        QTRY_COMPARE(fixture.asked<agent::FindPaths>(), std::size_t{2});
        QCOMPARE(fixture.paths.ways().sessions.size(), std::size_t{1});
    }

    void addsAWishToWhatIsSet()
    {
        Fixture fixture;
        fixture.answerPaths({test::pathThrough({1, 3})});
        fixture.paths.wish({.kind = PathWish::Kind::AvoidNode, .scope = kForDevice, .node = test::idOf(2)});
        fixture.paths.wish({.kind = PathWish::Kind::Automatic, .scope = kForDevice}); // one at a time
        QCOMPARE(fixture.asked<agent::ClearPathPolicy>(), std::size_t{0});
        QCOMPARE(fixture.asked<agent::SetPathPolicy>(), std::size_t{0});
        const auto before = test::avoiding({4}, {{test::idOf(1), 9}});
        fixture.service().answer<agent::GetPathPolicies>(
            agent::PathPoliciesListed{{{{}, test::avoiding({6})}, {kForDevice, before}}});
        QTRY_COMPARE(fixture.asked<agent::SetPathPolicy>(), std::size_t{1});
        const auto set = fixture.service().commands<agent::SetPathPolicy>().front();
        QVERIFY(set.scope == kForDevice);
        QVERIFY((set.policy.avoidNodes == std::vector{test::idOf(4), test::idOf(2)}));
        QVERIFY(set.policy.avoidLinks == before.avoidLinks);
        fixture.service().answer<agent::SetPathPolicy>(agent::CommandDone{});
        QTRY_VERIFY(!fixture.paths.isWishing());
        QCOMPARE(fixture.asked<agent::FindPaths>(), std::size_t{2}); // the paths may be others now
        QCOMPARE(fixture.refused.size(), 0);
    }

    void tellsOfARefusalWithTheWish()
    {
        Fixture fixture;
        const PathWish wish{.kind = PathWish::Kind::AvoidNode, .scope = kForDevice, .node = test::idOf(1)};
        fixture.paths.wish(wish);
        fixture.service().answer<agent::GetPathPolicies>(agent::PathPoliciesListed{});
        QTRY_COMPARE(fixture.asked<agent::SetPathPolicy>(), std::size_t{1});
        fixture.service().answer<agent::SetPathPolicy>(agent::CommandFailed{{ErrorCode::NoPath, {}, 0}});
        QTRY_COMPARE(fixture.refused.size(), 1);
        QVERIFY(fixture.refused.at(0).at(0).value<PathWish>() == wish);
        QVERIFY(!fixture.paths.isWishing());
    }

    void noticesWhatOthersHaveSet()
    {
        Fixture fixture;
        fixture.answerPaths({test::pathThrough({1, 3})});
        fixture.service().answer<agent::GetPathPolicies>(
            agent::PathPoliciesListed{{{kForDevice, test::avoiding({1})},
                                       {{.session = std::nullopt, .node = test::idOf(5)}, test::avoiding({1})}}});
        QTRY_COMPARE(fixture.asked<agent::FindPaths>(), std::size_t{2});
        QCOMPARE(fixture.paths.ways().policies.size(),
                 std::size_t{1}); // the one for another device is not ours to show
    }

    void asksNobodyWhenTheAgentIsGone()
    {
        Fixture fixture;
        fixture.paths.wish({.kind = PathWish::Kind::Automatic, .scope = kForDevice});
        fixture.service().publish(0, agent::ServiceLost{{ErrorCode::AgentUnavailable, {}, 0}});
        QTRY_VERIFY(!fixture.agent.bridge.isOpen());
        QVERIFY(!fixture.paths.watched());
        QVERIFY(!fixture.paths.isWishing());
    }

    void grantsByKind()
    {
        auto before = test::avoiding({4});
        before.pin = {{test::idOf(0), 1}};
        before.isStrict = true;
        const auto pin = overlay::pinOf(test::pathThrough({1, 3}));
        const auto pinned = granted({.kind = PathWish::Kind::Pin, .scope = {}, .pin = pin}, before);
        QVERIFY(pinned.pin == pin && !pinned.isStrict && pinned.avoidNodes == before.avoidNodes);
        QVERIFY(granted({.kind = PathWish::Kind::PinStrictly, .scope = {}, .pin = pin}, {}).isStrict);
        QVERIFY(granted({.kind = PathWish::Kind::Automatic, .scope = {}}, before).isEmpty());
        const auto twice = granted({.kind = PathWish::Kind::AvoidNode, .scope = {}, .node = test::idOf(4)}, before);
        QVERIFY(twice == before);
    }

    void explainsARefusal_data()
    {
        QTest::addColumn<PathWish>("wish");
        QTest::addColumn<Error>("error");
        QTest::addColumn<QString>("what");
        const agent::PolicyScope session{.session = 4, .node = std::nullopt};
        const overlay::PortName link{.node = test::idOf(1), .linkId = 3};
        using Kind = PathWish::Kind;
        QTest::newRow("node") << PathWish{.kind = Kind::AvoidNode, .scope = kForDevice, .node = test::idOf(1)}
                              << Error{ErrorCode::NoPath, {}, 0}
                              << u"Without core1 no path would lead to edge-north: it is not avoided."_s;
        QTest::newRow("link, another device")
            << PathWish{.kind = Kind::AvoidLink, .scope = {}, .link = link}
            << Error{ErrorCode::NoPath, test::idOf(2).toString(), 0}
            << u"Without core1 link 3 no path would lead to core2: it is not avoided."_s;
        QTest::newRow("pin") << PathWish{.kind = Kind::Pin, .scope = kForDevice}
                             << Error{ErrorCode::NoPath, "x (the pinned path is not there)", 0}
                             << u"That path to edge-north is not there now: it was not pinned."_s;
        QTest::newRow("session") << PathWish{.kind = Kind::Pin, .scope = session}
                                 << Error{ErrorCode::InvalidArgument, "no session", 0}
                                 << u"Session 4 to edge-north has ended."_s;
        QTest::newRow("full") << PathWish{.kind = Kind::Pin, .scope = session}
                              << Error{ErrorCode::LimitReached, "path policies", 0}
                              << u"So much is pinned and avoided already that no more fits: path policies."_s;
    }
    void explainsARefusal()
    {
        QFETCH(const PathWish, wish);
        QFETCH(const Error, error);
        QFETCH(const QString, what);
        const auto text = refusalText(wish, error, u"edge-north"_s, NodeNames(test::smallNet()));
        QCOMPARE(text.what, what);
        QVERIFY(!text.advice.isEmpty());
    }

    void explainsAMove_data()
    {
        QTest::addColumn<int>("reason");
        QTest::addColumn<QString>("text");
        using agent::MoveReason;
        const auto row = [](const char* name, MoveReason reason, const QString& why) {
            QTest::newRow(name) << static_cast<int>(reason) << u"moved to the path via core2"_s + why;
        };
        row("port", MoveReason::PortDown, u": enp3s0 is down"_s);
        row("silent", MoveReason::Silent, u": nothing came back along the old one"_s);
        row("unreachable", MoveReason::Unreachable, u": a device on the old one reported a broken link"_s);
        row("lossy", MoveReason::Lossy, u": the old one loses frames"_s);
        row("cheaper", MoveReason::Cheaper, u": it is cheaper and has proven itself"_s);
        row("policy", MoveReason::Policy, u": a path was pinned or avoided"_s);
        row("unknown", MoveReason::Opened, QString());
    }
    void explainsAMove()
    {
        QFETCH(const int, reason);
        QFETCH(const QString, text);
        const NodeNames names(test::smallNet());
        const auto before = test::pathThrough({1, 3});
        const auto why = static_cast<agent::MoveReason>(reason);
        QCOMPARE(moveText({test::pathThrough({2, 4, 3}), why}, before, names), text);
        QCOMPARE(moveText({before, why}, before, names), QString());
        QVERIFY(moveText({test::pathThrough({3}), why}, before, names).startsWith(u"moved to the direct path"_s));
    }

    void namesOurOwnPortsByTheirInterfaces()
    {
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.links.push_back({test::idOf(0), test::idOf(1), test::endOf(0, 1), test::endOf(1, 2)});
        const NodeNames names(snapshot);
        QCOMPARE(names.port(overlay::PortName{.node = test::idOf(0), .linkId = 1}), u"enp3s0"_s);
        QCOMPARE(names.port(overlay::PortName{.node = test::idOf(0), .linkId = 8}), u"this computer link 8"_s);
        QCOMPARE(names.port(overlay::PortName{.node = test::idOf(1), .linkId = 1}), u"core1 link 1"_s);
    }
};

QTEST_GUILESS_MAIN(tst_DevicePaths)
#include "tst_DevicePaths.moc"
