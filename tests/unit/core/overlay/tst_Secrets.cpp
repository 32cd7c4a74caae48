// SPDX-License-Identifier: Apache-2.0
// What one node does with frames under each list of secrets, and with those of people who have none.
#include "core/overlay/Challenge.h"
#include "core/overlay/FrameSignature.h"
#include "core/overlay/ProvenSessions.h"
#include "core/overlay/Refusals.h"
#include "tests/unit/core/overlay/Strangers.h"

#include <QtTest>

using namespace fb;
using namespace fb::test;
using namespace std::chrono_literals;

namespace {

SecretList secrets(std::initializer_list<const char*> texts)
{
    SecretList list;
    for (const char* text : texts)
        list.emplace_back(text);
    return list;
}

SecretList secretsOf(const QStringList& texts)
{
    SecretList list;
    for (const auto& text : texts)
        list.emplace_back(text.toStdString());
    return list;
}

bool isHashed(const sim::SentFrame& sent)
{
    const auto message = romon::decode(Bytes(sent.frame).subspan(wire::kEthernetHeaderBytes));
    return romon::headerOf(*message).auth != romon::AuthField{};
}

bool isSignedWith(const sim::SentFrame& sent, const char* secret)
{
    const auto ethernet = wire::decodeEthernet(sent.frame);
    const auto message = romon::decode(ethernet->payload);
    return overlay::isSignedWith(overlay::SecretKey(Secret(secret)),
                                 {.destination = ethernet->header.destination, .source = ethernet->header.source},
                                 ethernet->payload, romon::headerOf(*message).auth);
}

/// A stranger's question, signed with a secret of its own choice.
ByteVector signedQuestion(std::uint8_t node, const char* secret, overlay::FrameNumber number)
{
    ByteVector frame = frameOf(romon::kGroupAddress, mac(node), questionOf(node));
    overlay::signFrame(frame, overlay::SecretKey(Secret(secret)), number);
    return frame;
}

/// A challenge from stranger 1 to the left port, or one that some forwarder seems to have passed on.
ByteVector signedChallenge(const char* secret, std::uint32_t counter, std::uint8_t pointer = 0)
{
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = romon::kEveryNode};
    data.hops.pointer = pointer;
    data.hops.entries.resize(std::size_t{pointer} + 1, {.linkId = 5, .mac = {{6, 0, 0, 0, 0, 0}}});
    data.sourcePort = overlay::kChallengePort;
    data.destinationPort = overlay::kChallengePort;
    data.payload = encode(overlay::Challenge{.kind = overlay::Challenge::Kind::Question, .nonce = 7, .value = 0});
    ByteVector frame = frameOf({{6, 0, 0, 0, 0, 0}}, mac(1), data);
    overlay::signFrame(frame, overlay::SecretKey(Secret(secret)), {.session = 9, .counter = counter});
    return frame;
}

/// One of many senders that share the secret.
MacAddress memberMac(std::size_t number)
{
    return {{0x0a, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number), 1, 1}};
}

ByteVector memberQuestion(std::size_t member, std::uint32_t counter)
{
    romon::Discover question = questionOf(1);
    question.routing.outgoing.mac = memberMac(member);
    ByteVector frame = frameOf(romon::kGroupAddress, memberMac(member), question);
    overlay::signFrame(frame, overlay::SecretKey(Secret("s")), {.session = 1, .counter = counter});
    return frame;
}

/// The answer of a member to the last thing that the node said on its left port: a challenge.
ByteVector answerOf(std::size_t member, const Alone& alone, std::uint32_t counter)
{
    const auto challenges = alone.sentOn<romon::Data>(0);
    const auto question = overlay::decodeChallenge(challenges.back().payload);
    romon::Data data;
    data.header = {.auth = {}, .source = strangerId(1), .destination = alone.net.id(alone.node)};
    data.hops.entries = {{.linkId = 5, .mac = {{6, 0, 0, 0, 0, 0}}}};
    data.sourcePort = data.destinationPort = overlay::kChallengePort;
    data.payload = encode(
        overlay::Challenge{.kind = overlay::Challenge::Kind::Answer, .nonce = question->nonce, .value = counter});
    ByteVector frame = frameOf({{6, 0, 0, 0, 0, 0}}, memberMac(member), data);
    overlay::signFrame(frame, overlay::SecretKey(Secret("s")), {.session = 1, .counter = counter});
    return frame;
}

/// Two nodes on one segment, one of them watching.
struct Pair {
    Pair()
    {
        net.watch(left);
        net.setObserver([this](const sim::SentFrame& frame) { sent.push_back(frame); });
    }

    [[nodiscard]] bool leftSeesRight() const
    {
        const auto nodes = net.snapshot(left).nodes;
        return !nodes.empty() && nodes.front().freshness == overlay::Freshness::Fresh && nodes.front().path.has_value();
    }

    sim::SimNet net{1};
    sim::NodeIndex left = net.addNode();
    sim::NodeIndex right = net.addNode();
    sim::SegmentIndex segment = net.link(left, right);
    std::vector<sim::SentFrame> sent;
};

} // namespace

class tst_Secrets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void obeysTheDocumentedRules_data();
    void obeysTheDocumentedRules();
    void putsThePortsListOverTheGlobalOne();
    void refusesUnhashedFramesByName();
    void keepsSessionsWhenListsChangeAroundTheirSecret();
    void forgetsWhoASecretThatWentHadProven();
    void asksNobodyWithoutASecret();
    void believesNoFrameOfItsOwn();
    void answersNoMoreChallengesThanItsRate();
    void answersNoChallengeThatWasPassedOn();
    void asksNoMoreSendersThanItsLimit();
    void holdsAFewFramesOfASenderThatIsAsked();
    void forgetsWhoWasSilentForLongestWhenTooManyAreProven();
    void hearsANeighborOnBothPortsOfABridge();
    void countsThoseWhoKeepTryingInAFloodOfInventedNames();
    void refusesListsThatAreTooLong();
};

/// The table of RouterOS's documentation: what we send, and what we take, under each list.
void tst_Secrets::obeysTheDocumentedRules_data()
{
    QTest::addColumn<QStringList>("list");
    QTest::addColumn<QString>("signsWith");
    QTest::addColumn<bool>("takesUnhashed");
    QTest::addColumn<bool>("takesOne");
    QTest::addColumn<bool>("takesTwo");
    QTest::newRow("empty") << QStringList{} << "" << true << false << false;
    QTest::newRow("only the empty secret") << QStringList{""} << "" << true << false << false;
    QTest::newRow("one") << QStringList{"one"} << "one" << false << true << false;
    QTest::newRow("the empty one, one") << QStringList{"", "one"} << "" << true << true << false;
    QTest::newRow("one, the empty one") << QStringList{"one", ""} << "one" << true << true << false;
    QTest::newRow("one, two") << QStringList{"one", "two"} << "one" << false << true << true;
    QTest::newRow("two, one, the empty one") << QStringList{"two", "one", ""} << "two" << true << true << true;
    QTest::newRow("one twice") << QStringList{"one", "one"} << "one" << false << true << false;
}

void tst_Secrets::obeysTheDocumentedRules()
{
    QFETCH(QStringList, list);
    QFETCH(QString, signsWith);
    QFETCH(bool, takesUnhashed);
    QFETCH(bool, takesOne);
    QFETCH(bool, takesTwo);
    Pair pair;
    pair.net.setSecrets(pair.right, secretsOf(list));
    pair.net.watch(pair.right);
    const auto own = std::ranges::find(pair.sent, pair.right, &sim::SentFrame::node);
    QVERIFY(own != pair.sent.end());
    QCOMPARE(isHashed(*own), !signsWith.isEmpty());
    if (!signsWith.isEmpty())
        QVERIFY(isSignedWith(*own, qPrintable(signsWith)));

    // A neighbor that takes anything and speaks in this way reaches the node if the node takes it.
    const auto reaches = [&](const SecretList& speaker) {
        pair.net.stop(pair.right);
        pair.net.start(pair.right);
        pair.net.setSecrets(pair.left, speaker);
        pair.net.runFor(2s);
        return !pair.net.snapshot(pair.right).nodes.empty();
    };
    QCOMPARE(reaches(secrets({"", "one", "two"})), takesUnhashed);
    QCOMPARE(reaches(secrets({"one", "two", ""})), takesOne);
    QCOMPARE(reaches(secrets({"two", "one", ""})), takesTwo);
    QCOMPARE(reaches(secrets({"three", "one", "two", ""})), false);
}

void tst_Secrets::putsThePortsListOverTheGlobalOne()
{
    Alone alone;
    auto& net = alone.net;
    net.setSecrets(alone.node, secrets({"global"}));
    net.setPortSecrets(alone.node, 1, secrets({"own"}));
    const auto asked = [&] {
        net.runFor(2s);
        alone.sent.clear();
        net.runFor(2s);
        std::map<overlay::PortId, sim::SentFrame> byPort;
        for (const auto& frame : alone.sent)
            byPort[frame.port] = frame;
        return byPort;
    };
    net.watch(alone.node);
    auto sent = asked();
    QVERIFY(isSignedWith(sent.at(0), "global"));
    QVERIFY(isSignedWith(sent.at(1), "own"));
    // An empty list of its own is none; the empty secret is what turns a port's hashing off.
    net.setPortSecrets(alone.node, 1, SecretList());
    QVERIFY(isSignedWith(asked().at(1), "global"));
    net.setPortSecrets(alone.node, 1, secrets({""}));
    sent = asked();
    QVERIFY(!isHashed(sent.at(1)));
    QVERIFY(isSignedWith(sent.at(0), "global"));
}

void tst_Secrets::refusesUnhashedFramesByName()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    for (int count = 0; count < 3; ++count)
        alone.hear(alone.left, mac(1), questionOf(1));
    alone.net.runFor(1s);
    QVERIFY(alone.sent.empty());
    QCOMPARE(counted(alone.net, alone.node, "unhashed-refused"), std::uint64_t{3});
    const auto refused = alone.net.snapshot(alone.node).unverified;
    QCOMPARE(refused.size(), std::size_t{1});
    QVERIFY(refused[0] == (overlay::UnverifiedSender{.id = strangerId(1), .unhashed = 3}));
}

void tst_Secrets::keepsSessionsWhenListsChangeAroundTheirSecret()
{
    Pair pair;
    for (const auto node : {pair.left, pair.right})
        pair.net.setSecrets(node, secrets({"s"}));
    pair.net.runFor(3s);
    QVERIFY(pair.leftSeesRight());
    const auto challenges = [&] {
        return counted(pair.net, pair.left, "challenges-sent") + counted(pair.net, pair.right, "challenges-sent");
    };
    const auto before = challenges();
    for (const auto& list : {secrets({"s", "t"}), secrets({"t", "s"}), secrets({"", "t", "s"}), secrets({"s"})}) {
        pair.net.setSecrets(pair.right, list);
        pair.net.setSecrets(pair.left, secrets({"s", "t", ""}));
        pair.net.runFor(2s);
        QVERIFY(pair.leftSeesRight());
    }
    QCOMPARE(challenges(), before);
}

void tst_Secrets::forgetsWhoASecretThatWentHadProven()
{
    Pair pair;
    for (const auto node : {pair.left, pair.right})
        pair.net.setSecrets(node, secrets({"leaked"}));
    pair.net.runFor(3s);
    // Whoever has the secret uses up the counters of the right node's session.
    const auto last = std::ranges::find(pair.sent.rbegin(), pair.sent.rend(), pair.right, &sim::SentFrame::node);
    const auto message = romon::decode(Bytes(last->frame).subspan(wire::kEthernetHeaderBytes));
    auto number = overlay::numberOf(romon::headerOf(*message).auth);
    number.counter = 0xfffffff0;
    ByteVector forged = last->frame;
    overlay::signFrame(forged, overlay::SecretKey(Secret("leaked")), number);
    pair.net.inject(pair.segment, forged);
    pair.net.runFor(10s);
    QVERIFY(!pair.leftSeesRight());

    for (const auto node : {pair.left, pair.right})
        pair.net.setSecrets(node, secrets({"fresh"}));
    pair.net.runFor(3s);
    QVERIFY(pair.leftSeesRight());
}

/// What nobody signed with one of our secrets makes us send nothing and takes no room.
void tst_Secrets::asksNobodyWithoutASecret()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    for (std::uint8_t node = 1; node < 100; ++node)
        alone.net.inject(alone.left, signedQuestion(node, "guess", {.session = 1, .counter = node}));
    alone.net.runFor(3s);
    QVERIFY(alone.sent.empty());
    QCOMPARE(counted(alone.net, alone.node, "hash-mismatch"), std::uint64_t{99});
    QCOMPARE(counted(alone.net, alone.node, "session-unproven"), std::uint64_t{0});
}

void tst_Secrets::believesNoFrameOfItsOwn()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    alone.net.watch(alone.node);
    alone.net.runFor(2s);
    const auto own = alone.sent;
    alone.sent.clear();
    for (const auto& frame : own) {
        ByteVector reflected = frame.frame;
        alone.net.inject(alone.right, reflected);
        std::ranges::copy(mac(1).octets, reflected.begin() + 6);
        alone.net.inject(alone.left, reflected);
    }
    alone.net.runFor(10ms);
    QVERIFY(alone.net.snapshot(alone.node).nodes.empty());
    QCOMPARE(counted(alone.net, alone.node, "challenges-sent"), std::uint64_t{0});
    QVERIFY(counted(alone.net, alone.node, "own-frame-returned") > 0);
    QVERIFY(counted(alone.net, alone.node, "hash-mismatch") > 0);
}

void tst_Secrets::answersNoMoreChallengesThanItsRate()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    for (std::uint32_t counter = 0; counter < 2000; ++counter)
        alone.net.inject(alone.left, signedChallenge("s", counter));
    alone.net.runFor(1ms);
    const auto answers = counted(alone.net, alone.node, "challenges-answered");
    QVERIFY(answers >= overlay::kChallengesPerPort.burst && answers <= overlay::kChallengesPerPort.burst + 2);
    QCOMPARE(counted(alone.net, alone.node, "challenges-limited"), 2000 - answers);
    // Who asks without being proven is asked as well, once.
    QCOMPARE(counted(alone.net, alone.node, "challenges-sent"), std::uint64_t{1});
    for (const auto& frame : alone.sent)
        QVERIFY(isSignedWith(frame, "s"));
}

/// Else an open port of a neighbor would let anybody speak in the neighbor's name.
void tst_Secrets::answersNoChallengeThatWasPassedOn()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    alone.net.inject(alone.left, signedChallenge("s", 1, 1));
    alone.net.runFor(1s);
    QVERIFY(alone.sent.empty());
    QCOMPARE(counted(alone.net, alone.node, "challenge-malformed"), std::uint64_t{1});
}

/// Recordings of many senders, all gone: bounded questions, bounded memory, and then silence.
void tst_Secrets::asksNoMoreSendersThanItsLimit()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    for (std::size_t sender = 0; sender < overlay::kChallengedSendersMax + 100; ++sender)
        alone.net.inject(alone.left, memberQuestion(sender, 1));
    alone.net.runFor(1ms);
    QVERIFY(counted(alone.net, alone.node, "challenges-limited") >= 100);
    QVERIFY(alone.sent.size() <= overlay::kChallengesPerPort.burst + 2);
    alone.net.runFor(2s);
    const auto sent = alone.sent.size();
    QVERIFY(sent <= overlay::kChallengesPerPort.burst + overlay::kChallengesPerPort.perSecond);
    alone.net.runFor(10s);
    QCOMPARE(alone.sent.size(), sent);
    QVERIFY(alone.net.snapshot(alone.node).nodes.empty());
}

void tst_Secrets::holdsAFewFramesOfASenderThatIsAsked()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    for (std::uint32_t counter = 1; counter <= overlay::kHeldFramesPerSenderMax + 8; ++counter)
        alone.net.inject(alone.left, memberQuestion(1, counter));
    alone.net.runFor(1ms);
    QCOMPARE(counted(alone.net, alone.node, "challenges-sent"), std::uint64_t{1});
    QCOMPARE(counted(alone.net, alone.node, "held-frames-limit"), std::uint64_t{8});
    alone.net.inject(alone.left, answerOf(1, alone, 1));
    alone.net.runFor(1ms);
    QCOMPARE(alone.net.snapshot(alone.node).nodes.size(), std::size_t{1});
}

void tst_Secrets::forgetsWhoWasSilentForLongestWhenTooManyAreProven()
{
    Alone alone;
    alone.net.setSecrets(alone.node, secrets({"s"}));
    for (std::size_t member = 0; member < overlay::kProvenSendersMax + 1; ++member) {
        alone.sent.clear();
        alone.net.inject(alone.left, memberQuestion(member, 1));
        alone.net.runFor(2ms);
        QVERIFY(!alone.sentOn<romon::Data>(0).empty());
        alone.net.inject(alone.left, answerOf(member, alone, 1));
        alone.net.runFor(3ms); // no more challenges a second than a port may send
    }
    QCOMPARE(counted(alone.net, alone.node, "proven-senders-limit"), std::uint64_t{1});
    const auto asked = counted(alone.net, alone.node, "challenges-sent");
    alone.net.inject(alone.left, memberQuestion(1, 2)); // still known
    alone.net.runFor(1ms);
    QCOMPARE(counted(alone.net, alone.node, "challenges-sent"), asked);
    alone.net.inject(alone.left, memberQuestion(0, 2)); // the first of all
    alone.net.runFor(1ms);
    QCOMPARE(counted(alone.net, alone.node, "challenges-sent"), asked + 1);
}

void tst_Secrets::hearsANeighborOnBothPortsOfABridge()
{
    sim::SimNet net(3);
    const auto bridged = net.addNode();
    const auto other = net.addNode();
    const auto segment = net.addSegment();
    net.attach(bridged, segment, {.bridge = "br0"});
    net.attach(bridged, segment, {.bridge = "br0"});
    net.attach(other, segment);
    for (const auto node : {bridged, other})
        net.setSecrets(node, secrets({"s"}));
    net.runFor(10ms);
    net.watch(bridged);
    net.runFor(1ms);
    net.watch(other);
    net.runFor(3s);
    QCOMPARE(net.snapshot(bridged).nodes.size(), std::size_t{1});
    QCOMPARE(net.snapshot(bridged).links.size(), std::size_t{2});
    QCOMPARE(net.snapshot(other).nodes.size(), std::size_t{1});
    QCOMPARE(counted(net, bridged, "replayed") + counted(net, other, "replayed"), std::uint64_t{0});
}

void tst_Secrets::countsThoseWhoKeepTryingInAFloodOfInventedNames()
{
    overlay::Counters counters;
    overlay::Refusals refusals(counters);
    for (int count = 0; count < 14; ++count)
        refusals.note(strangerId(1), overlay::Refusals::Reason::NoneMatches);
    for (std::uint32_t name = 0; name < 10000; ++name) {
        romon::RomonId invented = strangerId(2);
        invented.value.octets[2] = static_cast<std::uint8_t>(name >> 8U);
        invented.value.octets[3] = static_cast<std::uint8_t>(name);
        refusals.note(invented, overlay::Refusals::Reason::NoneMatches);
    }
    const auto senders = refusals.senders();
    QCOMPARE(senders.size(), overlay::kRefusedSendersMax);
    const auto known = std::ranges::find(senders, strangerId(1), &overlay::UnverifiedSender::id);
    QVERIFY(known != senders.end() && known->frames == 14);
    QCOMPARE(counters.value(overlay::Counter::RefusedSendersLimit), 10001 - overlay::kRefusedSendersMax);
}

void tst_Secrets::refusesListsThatAreTooLong()
{
    QVERIFY(overlay::areUsable({}));
    QVERIFY(overlay::areUsable(SecretList(kSecretsMax, Secret(std::string(kSecretBytesMax, 'x')))));
    QVERIFY(!overlay::areUsable(SecretList(kSecretsMax + 1)));
    QVERIFY(!overlay::areUsable({Secret(std::string(kSecretBytesMax + 1, 'x'))}));
}

QTEST_GUILESS_MAIN(tst_Secrets)
#include "tst_Secrets.moc"
