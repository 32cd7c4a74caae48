// SPDX-License-Identifier: Apache-2.0
// A workstation without any address lists the whole lab and knows the cheapest way to each device.
#include "tests/support/LabTest.h"

#include <QMap>
#include <QSet>

#include <limits>

using fb::test::Cable;

class LabNeighbors : public fb::test::LabTest {
    Q_OBJECT

private Q_SLOTS:
    void noNodeHasAnAddress();
    void listsEveryDeviceInItsFirstTwoSeconds();
    void showsTheCheapestPath_data();
    void showsTheCheapestPath();
    void offersADisjointAlternative();
    void pingsTheFarthestDevice();
    void tracesEachHop();

private:
    static int cheapest(const std::vector<Cable>& cables, const QString& from, const QString& to,
                        QSet<QString> visited);
};

void LabNeighbors::noNodeHasAnAddress()
{
    for (const QString& node : lab().devices() + QStringList{QStringLiteral("desk")}) {
        const auto ran = lab().run(node, {QStringLiteral("ip"), QStringLiteral("-o"), QStringLiteral("addr")});
        QCOMPARE(ran.exitCode, 0);
        QVERIFY2(!ran.output.contains("inet"), ran.output.constData());
        const auto loopback = lab().run(node, {QStringLiteral("ip"), QStringLiteral("-o"), QStringLiteral("link"),
                                               QStringLiteral("show"), QStringLiteral("lo"), QStringLiteral("up")});
        QVERIFY2(loopback.output.isEmpty(), loopback.output.constData());
    }
}

// A node of its own that starts now, on the two cables of the workstation: nothing is known before.
void LabNeighbors::listsEveryDeviceInItsFirstTwoSeconds()
{
    lab().control({QStringLiteral("kill"), QStringLiteral("desk")});
    const auto answer =
        ask({QStringLiteral("--interface"), QStringLiteral("to-gate"), QStringLiteral("--interface"),
             QStringLiteral("to-dock"), QStringLiteral("neighbors"), QStringLiteral("--wait"), QStringLiteral("2")});
    lab().control({QStringLiteral("start"), QStringLiteral("desk")});
    QSet<QString> identities;
    for (const QJsonValue& node : answer.value(QStringLiteral("nodes")).toArray())
        identities << node.toObject().value(QStringLiteral("identity")).toString();
    const QStringList devices = lab().devices();
    QCOMPARE(identities, QSet<QString>(devices.begin(), devices.end()));
    for (const QJsonValue& node : answer.value(QStringLiteral("nodes")).toArray())
        QVERIFY(node.toObject().value(QStringLiteral("path")).isObject());
}

void LabNeighbors::showsTheCheapestPath_data()
{
    QTest::addColumn<QString>("device");
    for (const auto* device : {"gate", "ridge", "summit", "barn", "dock", "mill", "hut"})
        QTest::newRow(device) << QString::fromLatin1(device);
}

void LabNeighbors::showsTheCheapestPath()
{
    QFETCH(QString, device);
    const auto answer = ask({QStringLiteral("path"), device});
    const auto best = answer.value(QStringLiteral("paths")).toArray().at(0).toObject();
    QCOMPARE(best.value(QStringLiteral("cost")).toInt(-1),
             cheapest(lab().cables(), QStringLiteral("desk"), device, {}));
}

void LabNeighbors::offersADisjointAlternative()
{
    const auto paths = ask({QStringLiteral("path"), QStringLiteral("barn")}).value(QStringLiteral("paths")).toArray();
    QVERIFY(paths.size() >= 2);
    const auto innerNodes = [](const QJsonValue& path) {
        QSet<QString> nodes;
        const auto hops = path.toObject().value(QStringLiteral("hops")).toArray();
        for (qsizetype at = 0; at + 1 < hops.size(); ++at)
            nodes << hops.at(at).toObject().value(QStringLiteral("to")).toString();
        return nodes;
    };
    bool disjoint = false;
    for (qsizetype at = 1; at < paths.size(); ++at)
        disjoint = disjoint || !innerNodes(paths.at(0)).intersects(innerNodes(paths.at(at)));
    QVERIFY(disjoint);
}

void LabNeighbors::pingsTheFarthestDevice()
{
    const auto ran =
        lab().run(QStringLiteral("desk"), {QStringLiteral("footbridgectl"), QStringLiteral("ping"),
                                           QStringLiteral("barn"), QStringLiteral("--count"), QStringLiteral("3"),
                                           QStringLiteral("--interval"), QStringLiteral("0.05")});
    QVERIFY2(ran.exitCode == 0, (ran.output + ran.errors).constData());
    QVERIFY2(ran.output.contains("received=3"), ran.output.constData());
}

void LabNeighbors::tracesEachHop()
{
    const auto ran = lab().run(QStringLiteral("desk"),
                               {QStringLiteral("footbridgectl"), QStringLiteral("trace"), QStringLiteral("barn")});
    QVERIFY2(ran.exitCode == 0, (ran.output + ran.errors).constData());
    for (const auto* hop : {"gate", "ridge", "summit", "barn"})
        QVERIFY2(ran.output.contains(hop), ran.output.constData());
}

int LabNeighbors::cheapest(const std::vector<Cable>& cables, const QString& from, const QString& to,
                           QSet<QString> visited)
{
    if (from == to)
        return 0;
    visited << from;
    int best = std::numeric_limits<int>::max();
    for (const Cable& cable : cables) {
        const QString next = cable.a == from ? cable.b : cable.b == from ? cable.a : QString();
        if (next.isEmpty() || visited.contains(next))
            continue;
        const int rest = cheapest(cables, next, to, visited);
        if (rest != std::numeric_limits<int>::max())
            best = std::min(best, cable.cost + rest);
    }
    return best;
}

QTEST_GUILESS_MAIN(LabNeighbors)
#include "tst_LabNeighbors.moc"
