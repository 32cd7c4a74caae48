// SPDX-License-Identifier: Apache-2.0
// What happens in the lab when a device loses power or a cable is pulled, and when they come back.
#include "tests/support/LabTest.h"

#include <QProcess>

class LabFailures : public fb::test::LabTest {
    Q_OBJECT

private Q_SLOTS:
    void aDeadDeviceEndsItsSessionsAndComesBack();
    void aPulledCableMovesThePath();

private:
    QString freshnessOf(const QString& identity)
    {
        return neighbor(identity).value(QStringLiteral("freshness")).toString();
    }
};

void LabFailures::aDeadDeviceEndsItsSessionsAndComesBack()
{
    // Somebody watches all the time, as an open client does: only then do rows age.
    const auto watching =
        lab().start(QStringLiteral("desk"), {QStringLiteral("footbridgectl"), QStringLiteral("--json"),
                                             QStringLiteral("neighbors"), QStringLiteral("--watch")});
    watching->setStandardOutputFile(QProcess::nullDevice());
    const auto session =
        lab().start(QStringLiteral("desk"), sshWithKey(QStringLiteral("barn"), {QStringLiteral("cat")}));
    session->write("alive\n");
    QVERIFY(session->waitForReadyRead(60'000));

    lab().control({QStringLiteral("kill"), QStringLiteral("barn")});
    QVERIFY(eventually([this] { return freshnessOf(QStringLiteral("barn")) == u"stale"; }));
    QVERIFY(eventually([this] { return freshnessOf(QStringLiteral("barn")) == u"lost"; }));
    QVERIFY(session->waitForFinished(120'000));
    const QByteArray said = session->readAllStandardError();
    QVERIFY(session->exitCode() != 0);
    QVERIFY2(said.contains("barn"), said.constData());

    lab().control({QStringLiteral("start"), QStringLiteral("barn")});
    QVERIFY(eventually([this] { return freshnessOf(QStringLiteral("barn")) == u"fresh"; }));
    const auto again =
        lab().run(QStringLiteral("desk"), sshWithKey(QStringLiteral("barn"), {QStringLiteral("hostname")}));
    QCOMPARE(again.output.trimmed(), QByteArray("barn"));
    watching->terminate();
    QVERIFY(watching->waitForFinished());
}

void LabFailures::aPulledCableMovesThePath()
{
    const auto costToBarn = [this] {
        return neighbor(QStringLiteral("barn"))
            .value(QStringLiteral("path"))
            .toObject()
            .value(QStringLiteral("cost"))
            .toInt();
    };
    QVERIFY(eventually([&] { return costToBarn() == 800; }));
    lab().control({QStringLiteral("cut"), QStringLiteral("ridge"), QStringLiteral("summit")});
    QVERIFY(eventually([&] { return costToBarn() == 1200; }));
    lab().control({QStringLiteral("join"), QStringLiteral("ridge"), QStringLiteral("summit")});
    QVERIFY(eventually([&] { return costToBarn() == 800; }));
}

QTEST_GUILESS_MAIN(LabFailures)
#include "tst_LabFailures.moc"
