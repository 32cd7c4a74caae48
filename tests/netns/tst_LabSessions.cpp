// SPDX-License-Identifier: Apache-2.0
// Sessions through the lab with the system's OpenSSH on both ends: by key, by password, with files, ten at once,
// refused.
#include "tests/support/LabTest.h"

#include <QCryptographicHash>
#include <QFile>
#include <QProcess>
#include <QRandomGenerator>

#include <array>

class LabSessions : public fb::test::LabTest {
    Q_OBJECT

private Q_SLOTS:
    void opensAShellByKey();
    void opensAShellByPassword();
    void copiesFiftyMegabytesBothWaysUnchanged();
    void runsTenTerminalsAtOnce();
    void refusesAServiceThatNobodyOffers();
    void refusesAHostKeyThatChanged();
    void saysThatAnUnknownNodeIsUnknown();

private:
    static QByteArray hashOf(const QString& path);
};

void LabSessions::opensAShellByKey()
{
    const auto ran =
        lab().run(QStringLiteral("desk"), sshWithKey(QStringLiteral("barn"), {QStringLiteral("hostname")}));
    QVERIFY2(ran.exitCode == 0, ran.errors.constData());
    QCOMPARE(ran.output.trimmed(), QByteArray("barn"));
}

void LabSessions::opensAShellByPassword()
{
    const QString answer = lab().directory() + QStringLiteral("/askpass");
    QFile script(answer);
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write("#!/bin/sh\necho footbridge\n");
    script.close();
    QVERIFY(script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    const auto ran = lab().run(QStringLiteral("desk"),
                               {QStringLiteral("env"), QStringLiteral("SSH_ASKPASS=") + answer,
                                QStringLiteral("SSH_ASKPASS_REQUIRE=force"), QStringLiteral("footbridgectl"),
                                QStringLiteral("ssh"), QStringLiteral("admin@summit"), QStringLiteral("hostname"),
                                QStringLiteral("--"), QStringLiteral("-o"), QStringLiteral("PubkeyAuthentication=no"),
                                QStringLiteral("-o"), QStringLiteral("StrictHostKeyChecking=accept-new")});
    QVERIFY2(ran.exitCode == 0, ran.errors.constData());
    QCOMPARE(ran.output.trimmed(), QByteArray("summit"));
}

void LabSessions::copiesFiftyMegabytesBothWaysUnchanged()
{
    constexpr qsizetype kWords = 50 * 1024 * 1024 / sizeof(quint32);
    const QString there = lab().directory() + QStringLiteral("/there");
    const QString back = lab().directory() + QStringLiteral("/back");
    std::vector<quint32> words(kWords);
    QRandomGenerator(42).fillRange(words.data(), kWords);
    QFile file(there);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(reinterpret_cast<const char*>(words.data()), static_cast<qint64>(words.size() * sizeof(quint32)));
    file.close();
    const QStringList scp{QStringLiteral("footbridgectl"), QStringLiteral("scp")};
    const QStringList options{QStringLiteral("--"), QStringLiteral("-i"), lab().keyFile()};
    const QString remote = QStringLiteral("admin@barn:copied");
    const auto put = lab().run(QStringLiteral("desk"), scp + QStringList{there, remote} + options, 300);
    QVERIFY2(put.exitCode == 0, put.errors.constData());
    const auto get = lab().run(QStringLiteral("desk"), scp + QStringList{remote, back} + options, 300);
    QVERIFY2(get.exitCode == 0, get.errors.constData());
    QCOMPARE(hashOf(lab().directory() + QStringLiteral("/nodes/barn/home/copied")), hashOf(there));
    QCOMPARE(hashOf(back), hashOf(there));
}

void LabSessions::runsTenTerminalsAtOnce()
{
    std::array<std::unique_ptr<QProcess>, 10> terminals;
    for (auto& terminal : terminals) {
        terminal = lab().start(QStringLiteral("desk"),
                               sshWithKey(QStringLiteral("barn"), {QStringLiteral("-tt"), QStringLiteral("cat")}));
    }
    // Each has answered before the first is told to end: all ten are open together.
    for (auto& terminal : terminals) {
        QVERIFY(terminal->waitForStarted());
        terminal->write("are you there\n");
        QByteArray heard;
        while (!heard.contains("are you there") && terminal->waitForReadyRead(120'000))
            heard += terminal->readAllStandardOutput();
        QVERIFY2(heard.contains("are you there"), terminal->readAllStandardError().constData());
    }
    for (auto& terminal : terminals) {
        terminal->write("\x04");
        QVERIFY(terminal->waitForFinished(120'000));
        QCOMPARE(terminal->exitCode(), 0);
    }
}

void LabSessions::refusesAServiceThatNobodyOffers()
{
    const auto ran = lab().run(QStringLiteral("desk"), {QStringLiteral("footbridgectl"), QStringLiteral("connect"),
                                                        QStringLiteral("barn"), QStringLiteral("4")});
    QVERIFY(ran.exitCode > 0);
    QVERIFY2(ran.errors.contains("barn") && ran.errors.contains("does not offer"), ran.errors.constData());
}

void LabSessions::refusesAHostKeyThatChanged()
{
    const QString hostKey = lab().directory() + QStringLiteral("/nodes/hut/host_key");
    const auto before = lab().run(QStringLiteral("desk"), sshWithKey(QStringLiteral("hut"), {QStringLiteral("true")}));
    QVERIFY2(before.exitCode == 0, before.errors.constData());
    QVERIFY(QFile::remove(hostKey));
    QProcess keygen;
    keygen.start(QStringLiteral("ssh-keygen"), {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"),
                                                QStringLiteral("-N"), QString(), QStringLiteral("-f"), hostKey});
    QVERIFY(keygen.waitForFinished());
    QCOMPARE(keygen.exitCode(), 0);
    const auto after = lab().run(QStringLiteral("desk"), sshWithKey(QStringLiteral("hut"), {QStringLiteral("true")}));
    QVERIFY(after.exitCode != 0);
    QVERIFY2(after.errors.contains("REMOTE HOST IDENTIFICATION HAS CHANGED"), after.errors.constData());
}

void LabSessions::saysThatAnUnknownNodeIsUnknown()
{
    const auto ran = lab().run(QStringLiteral("desk"),
                               {QStringLiteral("footbridgectl"), QStringLiteral("path"), QStringLiteral("atlantis")});
    QCOMPARE(ran.exitCode, 4);
    QVERIFY2(ran.errors.contains("atlantis"), ran.errors.constData());
}

QByteArray LabSessions::hashOf(const QString& path)
{
    QFile file(path);
    QCryptographicHash hash(QCryptographicHash::Sha256);
    if (!file.open(QIODevice::ReadOnly) || !hash.addData(&file))
        return "unreadable: " + path.toUtf8();
    return hash.result().toHex();
}

QTEST_GUILESS_MAIN(LabSessions)
#include "tst_LabSessions.moc"
