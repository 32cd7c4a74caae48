// SPDX-License-Identifier: Apache-2.0
// A short run of tests/lab/soak: under a hostile neighbor the sessions of others go on and are right, and no agent
// grows. What it prints is told in that file.
#include "tests/support/Lab.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

class LabSoak : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void sessionsOutliveAHostileNeighbor();
    void whatItSendsIsCounted_data();
    void whatItSendsIsCounted();

private:
    QJsonObject m_summary;
};

void LabSoak::initTestCase()
{
    const QString reason = fb::test::Lab::whyNot();
    if (!reason.isEmpty() && qEnvironmentVariableIsSet("FB_REQUIRE_NETNS"))
        QFAIL(qPrintable(QStringLiteral("the lab is required here: ") + reason));
    if (!reason.isEmpty())
        QSKIP(qPrintable(QStringLiteral("no lab: ") + reason));
    QTemporaryDir parent(QDir::tempPath() + QStringLiteral("/footbridge-test-XXXXXX"));
    QFile::setPermissions(parent.path(), QFile::permissions(parent.path()) | QFile::ReadOther | QFile::ExeOther);
    QProcess soak;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("FB_BIN"), QCoreApplication::applicationDirPath());
    soak.setProcessEnvironment(environment);
    soak.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    soak.start(QStringLiteral(FB_TEST_SOAK), {parent.filePath(QStringLiteral("lab")), QStringLiteral("20"),
                                              QStringLiteral("--every"), QStringLiteral("2")});
    if (!soak.waitForFinished(300'000)) {
        soak.terminate(); // it takes the lab down
        (void)soak.waitForFinished(60'000);
        QFAIL("the soak hangs");
    }
    const QByteArray lines = soak.readAllStandardOutput();
    m_summary = QJsonDocument::fromJson(lines.trimmed().split('\n').last()).object();
    QVERIFY2(!m_summary.isEmpty(), lines.constData());
}

void LabSoak::sessionsOutliveAHostileNeighbor()
{
    const QByteArray problems = QJsonDocument(m_summary.value(QStringLiteral("problems")).toArray()).toJson();
    QVERIFY2(m_summary.value(QStringLiteral("ok")).toBool(), problems.constData());
    QVERIFY(m_summary.value(QStringLiteral("echoes")).toInt() > 0);
    QVERIFY(m_summary.value(QStringLiteral("copied_bytes")).toDouble() > 0);
    QVERIFY(m_summary.value(QStringLiteral("sessions_opened")).toInt() > 0);
}

void LabSoak::whatItSendsIsCounted_data()
{
    QTest::addColumn<QString>("counter");
    for (const char* name : {"wire-truncated", "wire-length-beyond-frame", "wire-reserved-not-zero", "data-path-ends",
                             "link-unknown", "next-mac-unusable", "discover-too-many-hops"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void LabSoak::whatItSendsIsCounted()
{
    QFETCH(QString, counter);
    QVERIFY(m_summary.value(QStringLiteral("ridge_counters")).toObject().value(counter).toDouble() > 0);
}

QTEST_GUILESS_MAIN(LabSoak)
#include "tst_LabSoak.moc"
