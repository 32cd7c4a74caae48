// SPDX-License-Identifier: Apache-2.0
// Secrets across the lab: a rotation over real sessions, with a terminal open all the while; a node that dies in the
// middle, and the rotation that goes on when it is back.
#include "tests/support/LabTest.h"

#include <QProcess>

class LabSecrets : public fb::test::LabTest {
    Q_OBJECT

private Q_SLOTS:
    void givesAnOpenNetworkASecretUnderALiveSession();
    void goesOnAfterANodeDiedInTheMiddle();

private:
    [[nodiscard]] QString rotate(const QString& secret, const QString& more);
    [[nodiscard]] QJsonArray secretsHere();
    [[nodiscard]] bool everybodyIsThere();
};

/// For sh: OpenSSH logs in by key, and every node's own socket is found by its host name.
QString LabSecrets::rotate(const QString& secret, const QString& more)
{
    return QStringLiteral("printf '%1\\n' | footbridgectl secrets rotate -l admin -i %2 "
                          "-o StrictHostKeyChecking=accept-new --confirm-within 20 "
                          "--program 'FOOTBRIDGE_SOCKET=%3/nodes/$(hostname)/agent.sock %4/footbridgectl' %5")
        .arg(secret, lab().keyFile(), lab().directory(), QCoreApplication::applicationDirPath(), more);
}

QJsonArray LabSecrets::secretsHere()
{
    const auto scopes = ask({QStringLiteral("secrets"), QStringLiteral("list")})[u"scopes"].toArray();
    return scopes.at(0)[u"fingerprints"].toArray();
}

bool LabSecrets::everybodyIsThere()
{
    const auto nodes = ask({QStringLiteral("neighbors")})[u"nodes"].toArray();
    qsizetype fresh = 0;
    for (const auto& node : nodes)
        fresh += node[u"freshness"].toString() == u"fresh" && node[u"path"].isObject() ? 1 : 0;
    return fresh == lab().devices().size();
}

void LabSecrets::givesAnOpenNetworkASecretUnderALiveSession()
{
    QVERIFY(eventually([this] { return everybodyIsThere(); }));
    const auto terminal = lab().start(
        QStringLiteral("desk"), sshWithKey(QStringLiteral("barn"), {QStringLiteral("-tt"), QStringLiteral("cat")}));
    QVERIFY(terminal->waitForStarted());
    const auto says = [&](const QByteArray& text) {
        terminal->write(text + '\n');
        QByteArray heard;
        while (!heard.contains(text) && terminal->waitForReadyRead(120'000))
            heard += terminal->readAllStandardOutput();
        return heard.contains(text);
    };
    QVERIFY(says("before"));
    const auto ran = lab().run(
        QStringLiteral("desk"),
        {QStringLiteral("sh"), QStringLiteral("-c"), rotate(QStringLiteral("the first secret"), QString())}, 300);
    QVERIFY2(ran.exitCode == 0, ran.errors.constData());
    QVERIFY(!ran.errors.contains("the first secret") && !ran.output.contains("the first secret"));
    QVERIFY(says("after"));
    terminal->write("\x04");
    QVERIFY(terminal->waitForFinished(120'000));
    QCOMPARE(secretsHere().size(), 1);
    QVERIFY(secretsHere().at(0).toString() != u"empty");
    QVERIFY(eventually([this] { return everybodyIsThere(); }));
}

void LabSecrets::goesOnAfterANodeDiedInTheMiddle()
{
    const auto before = secretsHere();
    const auto running = lab().start(QStringLiteral("desk"), {QStringLiteral("sh"), QStringLiteral("-c"),
                                                              rotate(QStringLiteral("the second secret"), QString())});
    QVERIFY(running->waitForStarted());
    QByteArray said;
    running->setReadChannel(QProcess::StandardError);
    while (!said.contains("is done") && running->waitForReadyRead(120'000))
        said += running->readAllStandardError();
    QVERIFY2(said.contains("is done"), said.constData());
    lab().control({QStringLiteral("kill"), QStringLiteral("gate")});
    QVERIFY(running->waitForFinished(240'000));
    said += running->readAllStandardError();
    QVERIFY2(running->exitCode() != 0 && said.contains("--resume"), said.constData());
    lab().control({QStringLiteral("start"), QStringLiteral("gate")});
    QVERIFY(eventually([this] { return everybodyIsThere(); }));
    const auto resumed = lab().run(QStringLiteral("desk"),
                                   {QStringLiteral("sh"), QStringLiteral("-c"),
                                    rotate(QStringLiteral("the second secret"), QStringLiteral("--resume"))},
                                   300);
    QVERIFY2(resumed.exitCode == 0, resumed.errors.constData());
    QCOMPARE(secretsHere().size(), 1);
    QVERIFY(secretsHere() != before);
    QVERIFY(eventually([this] { return everybodyIsThere(); }));
}

QTEST_GUILESS_MAIN(LabSecrets)
#include "tst_LabSecrets.moc"
