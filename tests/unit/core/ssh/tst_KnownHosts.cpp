// SPDX-License-Identifier: Apache-2.0
#include "core/ssh/KnownHosts.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

#include <thread>
#include <vector>

using namespace fb;
using namespace fb::ssh;

namespace {

const std::string kKeyText = "AAAAC3NzaC1lZDI1NTE5AAAAIAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
const HostKey kKey{.type = "ssh-ed25519", .base64 = kKeyText};
const std::string kName = "48:a9:8a:00:00:07";
const romon::RomonId kDevice = *romon::RomonId::parse(kName);

} // namespace

class tst_KnownHosts : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsALine_data();
    void findsALine();
    void tellsRevokedKeys();
    void keepsTheOrderAndCountsLines();
    void refusesWhatIsNoBase64();
    void aPatternOfManyStarsIsNotCostly();
    void namesAFingerprintAsOpensshDoes();
    void readsALineThatOpensshHashed();
    void pinsIntoANewPrivateFile();
    void pinsOnlyOnce();
    void keepsForeignLinesAndMendsAMissingLineEnd();
    void keepsSeveralKeyTypesOfADevice();
    void manyWritersLoseNothing();
    void saysWhatCannotBeRead();
};

void tst_KnownHosts::findsALine_data()
{
    QTest::addColumn<QString>("hosts");
    QTest::addColumn<bool>("found");

    QTest::newRow("exact") << "48:a9:8a:00:00:07" << true;
    QTest::newRow("another") << "48:a9:8a:00:00:08" << false;
    QTest::newRow("prefix only") << "48:a9:8a:00:00:0" << false;
    QTest::newRow("first of a list") << "48:a9:8a:00:00:07,router" << true;
    QTest::newRow("last of a list") << "router,48:a9:8a:00:00:07" << true;
    QTest::newRow("star") << "48:a9:8a:*" << true;
    QTest::newRow("lone star") << "*" << true;
    QTest::newRow("star in the middle") << "48:*:07" << true;
    QTest::newRow("star that does not fit") << "48:*:08" << false;
    QTest::newRow("question mark") << "48:a9:8a:00:00:0?" << true;
    QTest::newRow("question mark too many") << "48:a9:8a:00:00:07?" << false;
    QTest::newRow("negated afterwards") << "48:a9:8a:*,!48:a9:8a:00:00:07" << false;
    QTest::newRow("negated before") << "!48:a9:8a:00:00:07,*" << false;
    QTest::newRow("only another negated") << "!router" << false;
    QTest::newRow("with a port") << "[48:a9:8a:00:00:07]:22" << false;
    QTest::newRow("broken hash") << "|1|notbase64|x" << false;
    QTest::newRow("hash without parts") << "|1|" << false;
}

void tst_KnownHosts::findsALine()
{
    QFETCH(QString, hosts);
    QFETCH(bool, found);
    for (const auto* format : {"%1 ssh-ed25519 %2", "%1 ssh-ed25519 %2\n", "  %1\tssh-ed25519  %2 a comment\r\n",
                               "# %1\n\n%1 ssh-ed25519 %2\n# end"}) {
        const auto text = QString::fromLatin1(format).arg(hosts, QString::fromStdString(kKeyText)).toStdString();
        const auto keys = pinnedKeysFor(kName, text);
        QCOMPARE(keys.size(), found ? std::size_t{1} : std::size_t{0});
        if (found)
            QVERIFY(keys.front().key == kKey);
    }
}

void tst_KnownHosts::tellsRevokedKeys()
{
    const auto keys =
        pinnedKeysFor(kName, "@revoked " + kName + " ssh-ed25519 " + kKeyText + "\n@cert-authority * ssh-rsa " +
                                 kKeyText + "\n@unknown * ssh-rsa " + kKeyText + "\n");
    QCOMPARE(keys.size(), std::size_t{1});
    QVERIFY(keys.front().trust == PinnedKey::Trust::Revoked);
}

void tst_KnownHosts::keepsTheOrderAndCountsLines()
{
    const auto keys = pinnedKeysFor(kName, "# one\nother ssh-rsa AAAA\n" + kName + " ssh-rsa AAAA\n\n" + kName +
                                               " ssh-ed25519 " + kKeyText);
    QCOMPARE(keys.size(), std::size_t{2});
    QCOMPARE(keys[0].line, std::size_t{3});
    QCOMPARE(keys[0].key.type, std::string("ssh-rsa"));
    QCOMPARE(keys[1].line, std::size_t{5});
}

void tst_KnownHosts::refusesWhatIsNoBase64()
{
    for (const std::string bad : {"", "AAA", "****", "AAAA====A"})
        QVERIFY(pinnedKeysFor(kName, kName + " ssh-ed25519 " + bad + "\n").empty());
    QVERIFY(pinnedKeysFor(kName, kName + "\n" + kName + " ssh-rsa\n@revoked\n").empty());
    QVERIFY(fingerprintOf({.type = "ssh-rsa", .base64 = "*"}).empty());
}

void tst_KnownHosts::aPatternOfManyStarsIsNotCostly()
{
    std::string pattern;
    for (int index = 0; index < 20000; ++index)
        pattern += "*4";
    QVERIFY(pinnedKeysFor(std::string(200, '4'), pattern + "x ssh-ed25519 " + kKeyText).empty());
}

void tst_KnownHosts::namesAFingerprintAsOpensshDoes()
{
    QTemporaryDir directory;
    QFile file(directory.filePath(QStringLiteral("key.pub")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(("ssh-ed25519 " + kKeyText + "\n").c_str());
    file.close();
    QProcess keygen;
    keygen.start(QStringLiteral("ssh-keygen"), {QStringLiteral("-lf"), file.fileName()});
    if (!keygen.waitForStarted())
        QSKIP("no ssh-keygen");
    QVERIFY(keygen.waitForFinished());
    QCOMPARE(QByteArray::fromStdString(fingerprintOf(kKey)), keygen.readAll().split(' ').value(1));
}

void tst_KnownHosts::readsALineThatOpensshHashed()
{
    QTemporaryDir directory;
    const KnownHosts hosts(directory.filePath(QStringLiteral("known_hosts")).toStdString());
    QVERIFY(hosts.pin(kDevice, kKey).has_value());
    QProcess keygen;
    keygen.start(QStringLiteral("ssh-keygen"), {QStringLiteral("-q"), QStringLiteral("-H"), QStringLiteral("-f"),
                                                QString::fromStdString(hosts.path())});
    if (!keygen.waitForStarted())
        QSKIP("no ssh-keygen");
    QVERIFY(keygen.waitForFinished());
    QFile file(QString::fromStdString(hosts.path()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().startsWith("|1|"));
    const auto found = hosts.find(kDevice);
    QVERIFY(found.has_value());
    QCOMPARE(found->size(), std::size_t{1});
    QVERIFY(found->front().key == kKey);
    QVERIFY(hosts.find(*romon::RomonId::parse("48:a9:8a:00:00:08"))->empty());
}

void tst_KnownHosts::pinsIntoANewPrivateFile()
{
    QTemporaryDir directory;
    const KnownHosts hosts(directory.filePath(QStringLiteral("a/b/known_hosts")).toStdString());
    QVERIFY(hosts.find(kDevice).has_value());
    QVERIFY(hosts.pin(kDevice, kKey).has_value());
    struct stat status = {};
    QCOMPARE(::stat(hosts.path().c_str(), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0600U);
    QCOMPARE(::stat(qPrintable(directory.filePath(QStringLiteral("a/b"))), &status), 0);
    QCOMPARE(status.st_mode & 0777U, 0700U);
    const auto found = hosts.find(kDevice);
    QVERIFY(found.has_value());
    QVERIFY((*found == std::vector<PinnedKey>{{.key = kKey, .trust = PinnedKey::Trust::Pinned, .line = 1}}));
}

void tst_KnownHosts::pinsOnlyOnce()
{
    QTemporaryDir directory;
    const KnownHosts hosts(directory.filePath(QStringLiteral("known_hosts")).toStdString());
    QVERIFY(hosts.pin(kDevice, kKey).has_value());
    QVERIFY(hosts.pin(kDevice, kKey).has_value());
    QCOMPARE(hosts.find(kDevice)->size(), std::size_t{1});
}

void tst_KnownHosts::keepsForeignLinesAndMendsAMissingLineEnd()
{
    QTemporaryDir directory;
    const auto path = directory.filePath(QStringLiteral("known_hosts"));
    const QByteArray foreign("# mine\nexample.org ssh-rsa AAAA\nwhatever this is");
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(foreign);
    file.close();
    QVERIFY(KnownHosts(path.toStdString()).pin(kDevice, kKey).has_value());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), foreign + '\n' + QByteArray::fromStdString(kName + " ssh-ed25519 " + kKeyText + '\n'));
}

void tst_KnownHosts::keepsSeveralKeyTypesOfADevice()
{
    QTemporaryDir directory;
    const KnownHosts hosts(directory.filePath(QStringLiteral("known_hosts")).toStdString());
    QVERIFY(hosts.pin(kDevice, kKey).has_value());
    QVERIFY(hosts.pin(kDevice, {.type = "ssh-rsa", .base64 = "AAAA"}).has_value());
    const auto found = hosts.find(kDevice);
    QVERIFY(found.has_value());
    QCOMPARE(found->size(), std::size_t{2});
    QCOMPARE((*found)[1].key.type, std::string("ssh-rsa"));
}

void tst_KnownHosts::manyWritersLoseNothing()
{
    QTemporaryDir directory;
    const KnownHosts hosts(directory.filePath(QStringLiteral("known_hosts")).toStdString());
    constexpr int kWriters = 8;
    {
        std::vector<std::jthread> writers;
        for (int writer = 0; writer < kWriters; ++writer) {
            writers.emplace_back([&hosts, writer] {
                romon::RomonId device = kDevice;
                device.value.octets[5] = static_cast<std::uint8_t>(writer);
                (void)hosts.pin(device, kKey).has_value();
            });
        }
    }
    for (int writer = 0; writer < kWriters; ++writer) {
        romon::RomonId device = kDevice;
        device.value.octets[5] = static_cast<std::uint8_t>(writer);
        QCOMPARE(hosts.find(device)->size(), std::size_t{1});
    }
}

void tst_KnownHosts::saysWhatCannotBeRead()
{
    QTemporaryDir directory;
    const KnownHosts hosts(directory.path().toStdString()); // a directory is no file
    const auto found = hosts.find(kDevice);
    QVERIFY(!found.has_value());
    QVERIFY(found.error().code == ErrorCode::SystemError);
    QCOMPARE(found.error().context, hosts.path());
    QVERIFY(!hosts.pin(kDevice, kKey).has_value());
}

QTEST_GUILESS_MAIN(tst_KnownHosts)
#include "tst_KnownHosts.moc"
