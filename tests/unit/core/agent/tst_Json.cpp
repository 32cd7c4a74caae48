// SPDX-License-Identifier: Apache-2.0
// Every command and every event survives the way to JSON and back; hostile JSON is refused with a reason.
#include "core/agent/Json.h"
#include "core/agent/Message.h"

#include <QtTest>

#include <nlohmann/json.hpp>

#include <set>

using namespace fb;
using namespace fb::agent;
using namespace std::chrono_literals;

namespace {

constexpr romon::RomonId kNode{MacAddress{{2, 0, 0, 0, 0, 9}}};

overlay::Path somePath()
{
    overlay::Hop hop;
    hop.from = romon::RomonId{MacAddress{{2, 0, 0, 0, 0, 1}}};
    hop.to = kNode;
    hop.out = {.linkId = 4000000000U, .l2Mtu = 1500, .cost = 100, .mac = MacAddress{{2, 1, 1, 1, 1, 1}}};
    hop.in = {.linkId = 2, .l2Mtu = 9000, .cost = 65535, .mac = MacAddress{{2, 1, 1, 1, 1, 2}}};
    overlay::Path path;
    path.hops = {hop, hop};
    path.cost = 131270;
    path.l2Mtu = 1500;
    return path;
}

overlay::Snapshot someSnapshot()
{
    overlay::Snapshot snapshot;
    snapshot.self = romon::RomonId{MacAddress{{2, 0, 0, 0, 0, 1}}};
    snapshot.identity = "Büro \"1\"";
    snapshot.role = overlay::Role::Transit;
    snapshot.roundsAsked = 0xffffffffffffffffU;
    overlay::NodeInfo known;
    known.id = kNode;
    known.identity = "core";
    known.version = "7.13";
    known.board = "RB750Gr3";
    known.uptime = 123456s;
    known.services = {1, 3, 65535};
    known.isFootbridge = true;
    known.freshness = overlay::Freshness::Stale;
    known.sinceHeard = 1234567us;
    known.rtt = 345us;
    known.path = somePath();
    overlay::NodeInfo bare;
    bare.freshness = overlay::Freshness::Lost;
    snapshot.nodes = {bare, known};
    snapshot.links = {{kNode, kNode, somePath().hops[0].out, somePath().hops[0].in, overlay::Freshness::Fresh}};
    overlay::PortInfo port;
    port.id = 3;
    port.interface = "eth0";
    port.state = overlay::PortState::Failed;
    port.problem = "not permitted";
    port.bridge = "br0";
    port.counters = {1, 2, 3, 4, 5, 6};
    snapshot.ports = {port};
    snapshot.counters = {{"too-short", 7}};
    snapshot.unverified = {{.id = kNode, .frames = 12, .replayed = 3, .unhashed = 4}};
    snapshot.duplicateId = overlay::DuplicateId{MacAddress{{2, 0, 0, 0, 0, 1}}, "eth0", 3s};
    return snapshot;
}

Statistics someStatistics()
{
    const auto snapshot = someSnapshot();
    Statistics statistics;
    statistics.self = snapshot.self;
    statistics.identity = snapshot.identity;
    statistics.role = snapshot.role;
    statistics.version = "0.1.0";
    statistics.uptime = 90s;
    statistics.roundsAsked = 12;
    statistics.nodesFresh = 3;
    statistics.nodesStale = 2;
    statistics.nodesLost = 1;
    statistics.servicesRunning = 4;
    statistics.tables = {{"nodes", 6, 16384}};
    statistics.counters = snapshot.counters;
    statistics.ports = snapshot.ports;
    statistics.unverified = snapshot.unverified;
    statistics.duplicateId = snapshot.duplicateId;
    statistics.streams.emplace_back();
    statistics.streams.back().stream = 7;
    statistics.streams.back().peer = kNode;
    statistics.streams.back().service = 3;
    statistics.streams.back().rtt = 1234us;
    statistics.process = {.residentBytes = 5'000'000, .processorTime = 17ms, .descriptors = 9, .descriptorsMax = 1024};
    return statistics;
}

overlay::PathPolicy somePolicy()
{
    return {.avoidNodes = {kNode}, .avoidLinks = {{kNode, 3}}, .pin = {{kNode, 2}, {kNode, 4}}, .isStrict = true};
}

SessionInfo someSession()
{
    SessionInfo session;
    session.session = 7;
    session.peer = kNode;
    session.service = 3;
    session.direction = SessionInfo::Direction::Accepted;
    session.path = somePath();
    session.state = PathState::Held;
    session.quality = {.rtt = 3ms, .lossPermille = 62, .samples = 64, .isLossy = true};
    session.policy = somePolicy();
    session.isPinBroken = true;
    session.rtt = 4ms;
    session.silentFor = 5s;
    return session;
}

std::vector<Command> everyCommand()
{
    return {WatchNeighbors{},
            GetSnapshot{},
            FindPaths{kNode, 16},
            FindPaths{kNode, 16, {kNode}, {{kNode, 3}}},
            PingNode{kNode, 0, 10ms, 60s, 1400},
            OpenStream{kNode, 65535, OpenStream::Lifetime::Socket},
            ListInterfaces{},
            SetPort{"eth0", SetPort::Use::No, 65535},
            GetStatistics{},
            ListSecrets{},
            ChangeSecrets{{.action = SecretChange::Action::First,
                           .interface = "eth0",
                           .where = "0badcafe",
                           .secrets = {Secret("one"), Secret()},
                           .fingerprints = {"0badcafe", "empty"}},
                          60s},
            ChangeSecrets{},
            ConfirmSecrets{ConfirmSecrets::Keep::No},
            SetPathPolicy{{}, somePolicy()},
            SetPathPolicy{{.session = 7, .node = std::nullopt}, somePolicy()},
            ClearPathPolicy{{.session = std::nullopt, .node = kNode}},
            GetPathPolicies{},
            GetSessions{},
            Cancel{0xffffffffffffffffU}};
}

std::vector<EventBody> everyEvent()
{
    const Error error{ErrorCode::PeerSilent, "core (02:00:00:00:00:09)", 110};
    std::vector<EventBody> events;
    events.emplace_back(SnapshotChanged{std::make_shared<const overlay::Snapshot>(someSnapshot())});
    events.emplace_back(PathsFound{kNode, {somePath(), somePath()}});
    events.emplace_back(PathsFound{kNode, {somePath()}, {{PathState::Suspect, true, someSession().quality}}});
    events.emplace_back(PingResult{7, 1234us, 64});
    events.emplace_back(PingResult{8, std::nullopt, 64});
    events.emplace_back(StreamOpened{{}, somePath(), 7});
    events.emplace_back(StreamRerouted{somePath(), MoveReason::PortDown});
    events.emplace_back(StreamSilent{3s, 120s});
    events.emplace_back(StreamEnded{std::nullopt});
    events.emplace_back(StreamEnded{error});
    events.emplace_back(InterfacesListed{{{"eth0", MacAddress{{2, 0, 0, 0, 0, 1}}, true, true, 70, "br0", "odd"}}});
    events.emplace_back(StatisticsTaken{someStatistics()});
    events.emplace_back(SecretsListed{{{"", {"0badcafe", "empty"}}, {"eth0", {}}}, true, 60s, true});
    events.emplace_back(SessionsListed{{someSession()}});
    events.emplace_back(PathPoliciesListed{{{{.session = 7, .node = std::nullopt}, somePolicy()}}});
    events.emplace_back(CommandDone{});
    events.emplace_back(CommandFailed{error});
    events.emplace_back(ServiceLost{error});
    events.emplace_back(DuplicateIdAlarm{MacAddress{{2, 0, 0, 0, 0, 1}}, "eth0"});
    return events;
}

} // namespace

class TestJson : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyCommandComesBack();
    void everyEventComesBack();
    void snapshotComesBack();
    void everyErrorCodeComesBack();
    void namesAreTheSchema();
    void refuses_data();
    void refuses();
    void writesBytesThatAreNoText();
};

void TestJson::everyCommandComesBack()
{
    std::set<std::size_t> kinds;
    for (const auto& command : everyCommand()) {
        kinds.insert(command.index());
        const auto back = commandFromJson(parseJson(dumpJson(toJson(command))).value());
        QVERIFY2(back.has_value(), dumpJson(toJson(command)).c_str());
        QVERIFY(*back == command);
    }
    QCOMPARE(kinds.size(), std::variant_size_v<Command>);
}

void TestJson::everyEventComesBack()
{
    std::set<std::size_t> kinds;
    for (const auto& event : everyEvent()) {
        kinds.insert(event.index());
        const auto text = dumpJson(toJson(event));
        const auto back = eventFromJson(parseJson(text).value());
        QVERIFY2(back.has_value(), text.c_str());
        // Events hold a descriptor and cannot be compared; their text can, and holds every other member.
        QCOMPARE(dumpJson(toJson(*back)), text);
        QCOMPARE(back->index(), event.index());
    }
    QCOMPARE(kinds.size(), std::variant_size_v<EventBody>);
}

void TestJson::snapshotComesBack()
{
    const auto back = snapshotFromJson(parseJson(dumpJson(toJson(someSnapshot()))).value());
    QVERIFY(back.has_value());
    QVERIFY(*back == someSnapshot());
    const auto path = pathFromJson(toJson(somePath()));
    QVERIFY(path.has_value() && *path == somePath());
}

void TestJson::everyErrorCodeComesBack()
{
    for (int code = 0; code < static_cast<int>(ErrorCode::Count); ++code) {
        const Error error{static_cast<ErrorCode>(code), "what", code};
        const auto back = errorFromJson(toJson(error));
        QVERIFY(back.has_value());
        QVERIFY(back.value() == error);
    }
}

void TestJson::namesAreTheSchema()
{
    // What scripts rely on: a changed name or unit here is a changed interface.
    const auto json = toJson(someSnapshot());
    const auto& node = json["nodes"][1];
    QCOMPARE(node["uptime_us"].get<qint64>(), qint64{123456000000});
    QCOMPARE(node["since_heard_us"].get<qint64>(), qint64{1234567});
    QCOMPARE(node["freshness"].get<std::string>(), std::string("stale"));
    QCOMPARE(node["path"]["hops"][0]["cost"].get<int>(), 65635);
    QVERIFY(json["nodes"][0]["path"].is_null());
    QVERIFY(json["nodes"][0]["rtt_us"].is_null());
    QCOMPARE(json["ports"][0]["state"].get<std::string>(), std::string("failed"));
    QCOMPARE(dumpJson(toJson(Command(Cancel{5}))), std::string(R"({"request":5,"type":"cancel"})"));
    QCOMPARE(encodeMessage(CommandMessage{5, Cancel{4}}),
             std::string(R"({"command":{"request":4,"type":"cancel"},"request":5})"));
}

void TestJson::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("complaint");
    const auto row = [](const char* name, const char* text, const char* complaint) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(complaint);
    };
    row("no type", R"({"count":1})", "type is missing");
    row("not an object", "[]", "the value must be an object");
    row("unknown type", R"({"type":"format_disk"})", "type is unknown: format_disk");
    row("missing member", R"({"type":"cancel"})", "request is missing");
    row("negative unsigned", R"({"type":"cancel","request":-1})", "request must be a whole number, not negative");
    row("fraction", R"({"type":"cancel","request":1.5})", "request must be a whole number, not negative");
    row("over 64 bits", R"({"type":"cancel","request":18446744073709551616})",
        "request must be a whole number, not negative");
    row("over 16 bits", R"({"type":"set_port","interface":"e","use":"yes","cost":65536})", "cost is out of range");
    row("under 16 bits", R"({"type":"set_port","interface":"e","use":"yes","cost":-1})", "cost is out of range");
    row("over 63 bits", R"({"type":"set_port","interface":"e","use":"yes","cost":18446744073709551615})",
        "cost is out of range");
    row("bad choice", R"({"type":"set_port","interface":"e","use":"maybe","cost":1})", "use has an unknown value");
    row("bad id", R"({"type":"find_paths","target":"here","count":1})",
        "target must be an address such as 02:00:00:00:00:01");
    row("text as number", R"({"type":"find_paths","target":"02:00:00:00:00:01","count":"1"})",
        "count must be a whole number");
    row("negative duration",
        R"({"type":"ping_node","target":"02:00:00:00:00:01","count":1,"interval_us":-1,"timeout_us":1,"size_bytes":8})",
        "interval_us is not a duration");
    row("eternal duration",
        R"({"type":"ping_node","target":"02:00:00:00:00:01","count":1,"interval_us":9223372036854775807,)"
        R"("timeout_us":1,"size_bytes":8})",
        "interval_us is not a duration");
}

void TestJson::refuses()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, complaint);
    const auto json = parseJson(text.toStdString());
    QVERIFY(json.has_value());
    const auto command = commandFromJson(*json);
    QVERIFY(!command.has_value());
    QCOMPARE(QByteArray::fromStdString(command.error().context), complaint);
}

void TestJson::writesBytesThatAreNoText()
{
    const auto text = dumpJson(toJson(Error{ErrorCode::SystemError, "\xff\xfe", 0}));
    QVERIFY(parseJson(text).has_value());
}

QTEST_GUILESS_MAIN(TestJson)
#include "tst_Json.moc"
