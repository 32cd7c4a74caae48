// SPDX-License-Identifier: Apache-2.0
// A live session in the lab survives each kind of break, and its bytes come back once and in order. How long the gaps
// are is for the benchmark to say: tests/lab/failover-gap by hand.
#include "tests/support/Lab.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTest>

#include <unistd.h>

using namespace Qt::StringLiterals;

class LabFailover : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        const QString reason = fb::test::Lab::whyNot();
        if (!reason.isEmpty() && qEnvironmentVariableIsSet("FB_REQUIRE_NETNS"))
            QFAIL(qPrintable(u"the lab is required here: "_s + reason));
        if (!reason.isEmpty())
            QSKIP(qPrintable(u"no lab: "_s + reason));
    }

    void aSessionSurvivesEveryKindOfBreak()
    {
        const QJsonObject last = run({u"--breaks"_s, u"3"_s, u"--length"_s, u"2"_s});
        QVERIFY(last.value(u"lines_heard"_s).toInt() > 0);
        QCOMPARE(last.value(u"lines_heard"_s), last.value(u"lines_typed"_s));
    }

    void aSessionSurvivesAnOutage()
    {
        const QJsonObject last =
            run({u"--breaks"_s, u"1"_s, u"--outage"_s, u"8"_s, u"--kinds"_s, u"outage,outage-local"_s});
        QCOMPARE(last.value(u"lines_heard"_s), last.value(u"lines_typed"_s));
    }

private:
    /// The last line it prints, which it prints only if every byte came back once and in order.
    QJsonObject run(const QStringList& arguments)
    {
        QProcess gap;
        gap.setProgram(QStringLiteral(FB_FAILOVER_GAP));
        gap.setArguments(QStringList{u"--bin"_s, QCoreApplication::applicationDirPath()} + arguments);
        gap.start();
        if (!gap.waitForFinished(500'000) || gap.exitCode() != 0)
            qWarning("%s", gap.readAllStandardError().constData());
        const auto lines = gap.readAllStandardOutput().trimmed().split('\n');
        return QJsonDocument::fromJson(lines.back()).object();
    }
};

QTEST_GUILESS_MAIN(LabFailover)
#include "tst_LabFailover.moc"
