// SPDX-License-Identifier: Apache-2.0
// Lists of secrets: what changes them, the file they are in, and the change that is put back unless it is confirmed.
#include "core/agent/SecretFile.h"
#include "core/agent/SecretKeeper.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

#include <sys/stat.h>

using namespace fb;
using namespace fb::agent;
using namespace std::chrono_literals;
using Action = SecretChange::Action;

namespace {

SecretList listOf(std::initializer_list<const char*> texts)
{
    SecretList list;
    for (const auto* text : texts)
        list.emplace_back(std::string(text));
    return list;
}

SecretChange change(Action action, std::initializer_list<const char*> texts, std::string interface = {})
{
    return {.action = action, .interface = std::move(interface), .secrets = listOf(texts)};
}

QByteArray textOf(const SecretList& list)
{
    QByteArray text;
    for (const auto& secret : list)
        text += '[' + QByteArray::fromStdString(secret.reveal()) + ']';
    return text;
}

std::string nameOf(const char* text)
{
    return fingerprintOf(Secret(text));
}

} // namespace

class tst_SecretLists : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void fingerprintsTellSecretsApart();
    void addingNeverChangesWhatIsSent();
    void firstMovesWhatIsThere();
    void removesAllButTheLast();
    void aPortBeginsWithWhatHeldForIt();
    void changesEveryListThatHoldsASecret();
    void refusesAndChangesNothing_data();
    void refusesAndChangesNothing();
    void theFileComesBack();
    void theFileOfAPortThatBeginsWithNothingComesBack();
    void refusesPortsThatTheFileCannotName();
    void refusesAFileThatOthersMayRead();
    void complainsWithoutQuotingASecret();
    void keepsOnDiskBeforeItAnswers();
    void putsBackWhatNobodyConfirms();
    void confirmingKeepsIt();
    void leavesTheOldFileWhenItCannotWrite();
};

void tst_SecretLists::fingerprintsTellSecretsApart()
{
    // HMAC-SHA-256 with key "one", by the openssl program: a change would make state files of rotations useless.
    QCOMPARE(nameOf("one"), std::string("967659e3"));
    QVERIFY(nameOf("one") != nameOf("two"));
    QCOMPARE(nameOf(""), std::string("empty"));
}

void tst_SecretLists::addingNeverChangesWhatIsSent()
{
    SecretLists lists;
    QCOMPARE(apply(change(Action::Add, {"new"}), lists).value(), true);
    QCOMPARE(textOf(lists.all), QByteArray("[][new]")); // no secret was sent before, none is now
    QCOMPARE(apply(change(Action::Add, {"new"}), lists).value(), false);
    QCOMPARE(apply(change(Action::Add, {"more"}), lists).value(), true);
    QCOMPARE(textOf(lists.all), QByteArray("[][new][more]"));
}

void tst_SecretLists::firstMovesWhatIsThere()
{
    SecretLists lists{listOf({"a", "b", "c"}), {}};
    QVERIFY(apply(change(Action::First, {"c"}), lists).value());
    QCOMPARE(textOf(lists.all), QByteArray("[c][a][b]"));
    QCOMPARE(apply(change(Action::First, {"c"}), lists).value(), false);
    SecretChange byName{.action = Action::First, .fingerprints = {nameOf("b")}};
    QVERIFY(apply(byName, lists).value());
    QCOMPARE(textOf(lists.all), QByteArray("[b][c][a]"));
}

void tst_SecretLists::removesAllButTheLast()
{
    SecretLists lists{listOf({"a", "b"}), {}};
    QCOMPARE(apply(change(Action::Remove, {"x"}), lists).value(), false);
    QVERIFY(apply(change(Action::Remove, {"a"}), lists).value());
    QVERIFY(!apply(change(Action::Remove, {"b"}), lists).has_value());
    QCOMPARE(textOf(lists.all), QByteArray("[b]"));
    QVERIFY(apply(change(Action::Clear, {}), lists).value());
    QVERIFY(lists.all.empty());
}

void tst_SecretLists::aPortBeginsWithWhatHeldForIt()
{
    SecretLists lists{listOf({"a"}), {}};
    QVERIFY(apply(change(Action::Add, {"b"}, "eth0"), lists).value());
    QCOMPARE(textOf(lists.ports.at("eth0")), QByteArray("[a][b]"));
    QCOMPARE(textOf(lists.all), QByteArray("[a]"));
    QVERIFY(apply(change(Action::Clear, {}, "eth0"), lists).value());
    QVERIFY(lists.ports.empty());
    QCOMPARE(apply(change(Action::Clear, {}, "eth0"), lists).value(), false);
}

void tst_SecretLists::changesEveryListThatHoldsASecret()
{
    SecretLists lists{listOf({"old"}), {{"eth0", listOf({"other", "old"})}, {"eth1", listOf({"other"})}}};
    SecretChange learn{.action = Action::Add, .where = nameOf("old"), .secrets = listOf({"new"})};
    QVERIFY(apply(learn, lists).value());
    QCOMPARE(textOf(lists.all), QByteArray("[old][new]"));
    QCOMPARE(textOf(lists.ports.at("eth0")), QByteArray("[other][old][new]"));
    QCOMPARE(textOf(lists.ports.at("eth1")), QByteArray("[other]"));
    // A list of nothing holds the empty secret.
    SecretLists open;
    learn.where = kEmptyFingerprint;
    QVERIFY(apply(learn, open).value());
    QCOMPARE(textOf(open.all), QByteArray("[][new]"));
}

void tst_SecretLists::refusesAndChangesNothing_data()
{
    QTest::addColumn<int>("action");
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("interface");
    QTest::addColumn<QByteArray>("where");
    QTest::newRow("too long") << int(Action::Add) << QByteArray(129, 'x') << QByteArray() << QByteArray();
    QTest::newRow("line end") << int(Action::Add) << QByteArray("a\nb") << QByteArray() << QByteArray();
    QTest::newRow("no UTF-8") << int(Action::Add) << QByteArray("\xff") << QByteArray() << QByteArray();
    QTest::newRow("not there") << int(Action::First) << QByteArray("x") << QByteArray() << QByteArray();
    QTest::newRow("too many") << int(Action::Add) << QByteArray("ninth") << QByteArray() << QByteArray();
    QTest::newRow("interface") << int(Action::Add) << QByteArray("x") << QByteArray(16, 'e') << QByteArray();
    QTest::newRow("interface with a line end")
        << int(Action::Set) << QByteArray("x") << QByteArray("e\n0") << QByteArray();
    QTest::newRow("interface, no UTF-8") << int(Action::Set) << QByteArray("x") << QByteArray("e\xff") << QByteArray();
    QTest::newRow("both") << int(Action::Add) << QByteArray("x") << QByteArray("eth0") << QByteArray("empty");
}

void tst_SecretLists::refusesAndChangesNothing()
{
    QFETCH(int, action);
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, interface);
    QFETCH(QByteArray, where);
    SecretLists lists{listOf({"1", "2", "3", "4", "5", "6", "7", "8"}), {}};
    const auto before = textOf(lists.all);
    SecretChange asked{
        .action = static_cast<Action>(action), .interface = interface.toStdString(), .where = where.toStdString()};
    asked.secrets.emplace_back(secret.toStdString());
    QVERIFY(!apply(asked, lists).has_value());
    QCOMPARE(textOf(lists.all), before);
    QVERIFY(lists.ports.empty());
}

void tst_SecretLists::theFileComesBack()
{
    const SecretLists lists{listOf({"with \"quotes\" and \\", "", "Grüße"}),
                            {{"eth0", listOf({"a"})}, {"to-\"x", listOf({"", "b"})}}};
    const auto back = parseSecrets(formatSecrets(lists).reveal(), "file");
    QVERIFY(back.has_value());
    QCOMPARE(textOf(back->all), textOf(lists.all));
    QCOMPARE(back->ports.size(), lists.ports.size());
    for (const auto& [interface, list] : lists.ports)
        QCOMPARE(textOf(back->ports.at(interface)), textOf(list));
}

/// The list for all ports is one of nothing, and the change makes no difference to that: the port's list is spelt out.
void tst_SecretLists::theFileOfAPortThatBeginsWithNothingComesBack()
{
    const SecretChange remove{.action = Action::Remove, .interface = "eth0", .fingerprints = {nameOf("other")}};
    for (const auto& asked : {remove, change(Action::First, {""}, "eth0"), change(Action::Add, {""}, "eth0")}) {
        SecretLists lists;
        QVERIFY(apply(asked, lists).value());
        QCOMPARE(textOf(lists.ports.at("eth0")), QByteArray("[]"));
        const auto back = parseSecrets(formatSecrets(lists).reveal(), "file");
        QVERIFY(back.has_value());
        QCOMPARE(textOf(back->ports.at("eth0")), QByteArray("[]"));
    }
}

void tst_SecretLists::refusesPortsThatTheFileCannotName()
{
    QVERIFY(parseSecrets("[[port]]\ninterface = \"eth0\"\nsecrets = [\"x\"]", "file").has_value());
    for (const auto* name : {"e\\n0", "e\\u00000", "e\\u007f", ""}) {
        const auto text = std::string("[[port]]\ninterface = \"") + name + "\"\nsecrets = [\"x\"]";
        QVERIFY2(!parseSecrets(text, "file").has_value(), name);
    }
}

void tst_SecretLists::refusesAFileThatOthersMayRead()
{
    QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("secrets.toml")).toStdString();
    QVERIFY(readSecrets(file).has_value()); // there is none: no secrets
    QVERIFY(writeSecrets(file, {listOf({"a"}), {}}).has_value());
    struct stat facts {};
    QCOMPARE(::stat(file.c_str(), &facts), 0);
    QCOMPARE(facts.st_mode & 0777U, 0600U);
    QVERIFY(readSecrets(file).has_value());
    QCOMPARE(::chmod(file.c_str(), 0640), 0);
    const auto refused = readSecrets(file);
    QVERIFY(!refused.has_value());
    QVERIFY(refused.error().front().code == ErrorCode::NotPermitted);
    QVERIFY(refused.error().front().context.find("0600") != std::string::npos);
}

void tst_SecretLists::complainsWithoutQuotingASecret()
{
    for (const auto* text : {"secrets = [\"hunter2\"", "secrets = \"hunter2\"", "secret = [\"hunter2\"]",
                             "secrets = [\"hunter2\x01\"]", "[[port]]\ninterface = \"eth0\"\nsecrets = []\n#hunter2"}) {
        const auto parsed = parseSecrets(text, "file");
        QVERIFY2(!parsed.has_value(), text);
        for (const auto& error : parsed.error())
            QVERIFY2(error.context.find("hunter2") == std::string::npos, error.context.c_str());
    }
}

void tst_SecretLists::keepsOnDiskBeforeItAnswers()
{
    QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("deeper/secrets.toml")).toStdString();
    SecretKeeper keeper({}, file);
    QVERIFY(keeper.change(change(Action::Set, {"a", "b"}), std::nullopt, Instant{}).value());
    QCOMPARE(textOf(readSecrets(file)->all), QByteArray("[a][b]"));
}

void tst_SecretLists::putsBackWhatNobodyConfirms()
{
    QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("secrets.toml")).toStdString();
    SecretKeeper keeper({listOf({"old"}), {}}, file);
    QVERIFY(keeper.change(change(Action::Set, {"new"}), 60s, Instant{}).value());
    QCOMPARE(textOf(keeper.lists().all), QByteArray("[new]"));
    QVERIFY(!QFile::exists(QString::fromStdString(file))); // an agent that restarts now has its old secrets
    QVERIFY(!keeper.change(change(Action::Set, {"other"}), std::nullopt, Instant{}).has_value());
    QCOMPARE(keeper.nextDeadline(), std::optional(Instant{} + 60s));
    QVERIFY(!keeper.advance(Instant{} + 59s));
    QVERIFY(keeper.advance(Instant{} + 60s));
    QCOMPARE(textOf(keeper.lists().all), QByteArray("[old]"));
    QVERIFY(!keeper.nextDeadline());
    QVERIFY(!keeper.confirm().has_value());
}

void tst_SecretLists::confirmingKeepsIt()
{
    QTemporaryDir folder;
    const auto file = folder.filePath(QStringLiteral("secrets.toml")).toStdString();
    SecretKeeper keeper({listOf({"old"}), {}}, file);
    QVERIFY(keeper.change(change(Action::Set, {"new"}), 60s, Instant{}).value());
    QVERIFY(keeper.confirm().has_value());
    QVERIFY(!keeper.advance(Instant{} + 61s));
    QCOMPARE(textOf(readSecrets(file)->all), QByteArray("[new]"));
}

void tst_SecretLists::leavesTheOldFileWhenItCannotWrite()
{
    SecretKeeper keeper({listOf({"old"}), {}}, "/proc/nowhere/secrets.toml");
    QVERIFY(!keeper.change(change(Action::Set, {"new"}), std::nullopt, Instant{}).has_value());
    QCOMPARE(textOf(keeper.lists().all), QByteArray("[old]"));
    QVERIFY(keeper.change(change(Action::Set, {"new"}), 60s, Instant{}).has_value());
    QVERIFY(!keeper.confirm().has_value());
    QVERIFY(keeper.advance(Instant{} + 60s)); // what cannot be kept is put back
    QCOMPARE(textOf(keeper.lists().all), QByteArray("[old]"));
}

QTEST_GUILESS_MAIN(tst_SecretLists)
#include "tst_SecretLists.moc"
