// SPDX-License-Identifier: Apache-2.0
// What is said unasked: who was heard in vain and why, and who uses our id.
#include "tests/gui/support/SampleNet.h"
#include "ui/bridge/NoticeText.h"

#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

class tst_NoticeText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { QTest::failOnWarning(QRegularExpression(u"QString::arg"_s)); }

    void saysNothingWhereNobodyWasRefused()
    {
        QCOMPARE(unverifiedText({}, {}), QString());
        QCOMPARE(unverifiedText({{.id = test::idOf(9)}}, {}), QString());
    }

    void saysWhoAndWhy()
    {
        const NodeNames names(test::smallNet());
        QCOMPARE(unverifiedText({{.id = test::idOf(9), .frames = 14}}, names),
                 u"Heard 14 frames from 48:a9:00:00:00:09, none match your secrets."_s);
        QCOMPARE(unverifiedText({{.id = test::idOf(1), .frames = 1, .replayed = 2, .unhashed = 3}}, names),
                 u"Heard 1 frame from core1 (48:a9:00:00:00:01), none match your secrets. "
                 "Heard 3 frames from core1 (48:a9:00:00:00:01) without a secret, which yours do not accept. "
                 "Heard 2 frames from core1 (48:a9:00:00:00:01) that were recorded and replayed."_s);
    }

    void namesTheLoudestOfMany()
    {
        std::vector<overlay::UnverifiedSender> senders;
        for (std::uint32_t number = 10; number < 15; ++number)
            senders.push_back({.id = test::idOf(number), .frames = number});
        senders[0].unhashed = 90;
        QCOMPARE(unverifiedText(senders, NodeNames(test::smallNet())),
                 u"Heard frames from 5 devices, none match your secrets: 48:a9:00:00:00:0a (100 frames), "
                 "48:a9:00:00:00:0e (14 frames), 48:a9:00:00:00:0d (13 frames), 2 more."_s);
    }

    void leavesPlaceholdersInNamesAlone()
    {
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.nodes[0].identity = "%2";
        const NodeNames names(snapshot);
        QCOMPARE(unverifiedText({{.id = test::idOf(1), .frames = 2}}, names),
                 u"Heard 2 frames from %2 (48:a9:00:00:00:01), none match your secrets."_s);
    }

    void saysWhereTheSecondNodeWithOurIdIs()
    {
        const auto mac = test::idOf(9).value;
        QCOMPARE(duplicateIdText(mac, "eth0"), u"Another device uses the RoMON id of this computer: heard from "
                                               "48:a9:00:00:00:09 on eth0. One of the two must change it."_s);
        QVERIFY(duplicateIdText(mac, "eth0", std::chrono::seconds(42)).contains(u"on eth0 42 s ago."_s));
    }
};

QTEST_GUILESS_MAIN(tst_NoticeText)
#include "tst_NoticeText.moc"
