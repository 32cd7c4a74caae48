// SPDX-License-Identifier: Apache-2.0
#include "tests/support/LabTest.h"

#include <QDeadlineTimer>

namespace fb::test {

QJsonObject LabTest::ask(const QStringList& arguments)
{
    const Ran ran = lab().run(QStringLiteral("desk"),
                              QStringList{QStringLiteral("footbridgectl"), QStringLiteral("--json")} + arguments);
    if (ran.exitCode != 0)
        qWarning("footbridgectl %s: exit code %d: %s", qPrintable(arguments.join(u' ')), ran.exitCode,
                 ran.errors.constData());
    return QJsonDocument::fromJson(ran.output).object();
}

QJsonObject LabTest::neighbor(const QString& identity)
{
    const QJsonArray nodes = ask({QStringLiteral("neighbors")}).value(QStringLiteral("nodes")).toArray();
    for (const QJsonValue& node : nodes) {
        if (node.toObject().value(QStringLiteral("identity")).toString() == identity)
            return node.toObject();
    }
    return {};
}

bool LabTest::eventually(const std::function<bool()>& question, int limitSeconds)
{
    const QDeadlineTimer limit(std::chrono::seconds{limitSeconds});
    while (!limit.hasExpired()) {
        if (question())
            return true;
    }
    return false;
}

QStringList LabTest::sshWithKey(const QString& node, const QStringList& command) const
{
    return QStringList{QStringLiteral("footbridgectl"), QStringLiteral("ssh"), QStringLiteral("admin@") + node} +
           command +
           QStringList{QStringLiteral("--"), QStringLiteral("-i"), m_lab->keyFile(), QStringLiteral("-o"),
                       QStringLiteral("BatchMode=yes")};
}

void LabTest::initTestCase()
{
    const QString reason = Lab::whyNot();
    if (!reason.isEmpty() && qEnvironmentVariableIsSet("FB_REQUIRE_NETNS"))
        QFAIL(qPrintable(QStringLiteral("the lab is required here: ") + reason));
    if (!reason.isEmpty())
        QSKIP(qPrintable(QStringLiteral("no lab: ") + reason));
    m_lab = std::make_unique<Lab>();
    const QString problem = m_lab->up();
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void LabTest::cleanupTestCase()
{
    m_lab.reset();
}

} // namespace fb::test
