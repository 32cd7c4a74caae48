// SPDX-License-Identifier: Apache-2.0
// The node that a person means.
#include "core/overlay/Engine.h"

#include <QTest>

using namespace fb;

namespace {

overlay::NodeInfo node(const char* id, const char* identity)
{
    overlay::NodeInfo info;
    info.id = *romon::RomonId::parse(id);
    info.identity = identity;
    return info;
}

} // namespace

class tst_ResolveNode : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void resolves_data();
    void resolves();
    void namesTheCandidates();
};

void tst_ResolveNode::resolves_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("id");
    QTest::newRow("id") << "02:00:00:00:00:02"
                        << "02:00:00:00:00:02";
    QTest::newRow("id, bare and upper case") << "0A0000000003"
                                             << "0a:00:00:00:00:03";
    QTest::newRow("id of nobody") << "02:00:00:00:00:99"
                                  << "no-such-node";
    QTest::newRow("exact before any case") << "core"
                                           << "02:00:00:00:00:01";
    QTest::newRow("any case") << "CORE2"
                              << "02:00:00:00:00:02";
    QTest::newRow("two in other case") << "cORE"
                                       << "ambiguous-name";
    QTest::newRow("prefix of identity") << "Ed"
                                        << "0a:00:00:00:00:04";
    QTest::newRow("prefix of id") << "0a00:"
                                  << "ambiguous-name";
    QTest::newRow("longer prefix of id") << "0a:00:00:00:00:03"
                                         << "0a:00:00:00:00:03";
    QTest::newRow("ambiguous prefix") << "cor"
                                      << "ambiguous-name";
    QTest::newRow("nothing fits") << "elsewhere"
                                  << "no-such-node";
    QTest::newRow("empty") << ""
                           << "no-such-node";
}

void tst_ResolveNode::resolves()
{
    QFETCH(QString, text);
    QFETCH(QString, id);
    overlay::Snapshot snapshot;
    snapshot.nodes = {node("02:00:00:00:00:01", "core"), node("02:00:00:00:00:02", "Core2"),
                      node("02:00:00:00:00:05", "Core"), node("0a:00:00:00:00:03", ""),
                      node("0a:00:00:00:00:04", "edge")};
    const auto found = overlay::resolveNode(snapshot, text.toStdString());
    QCOMPARE(QString::fromStdString(found ? found->toString() : std::string(nameOf(found.error().code))), id);
}

void tst_ResolveNode::namesTheCandidates()
{
    overlay::Snapshot snapshot;
    snapshot.nodes = {node("02:00:00:00:00:01", "a1"), node("02:00:00:00:00:02", "a2")};
    const auto found = overlay::resolveNode(snapshot, "a");
    QCOMPARE(QString::fromStdString(found.error().context),
             QString("a: 02:00:00:00:00:01 (a1), 02:00:00:00:00:02 (a2)"));
}

QTEST_GUILESS_MAIN(tst_ResolveNode)
#include "tst_ResolveNode.moc"
