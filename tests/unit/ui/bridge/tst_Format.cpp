// SPDX-License-Identifier: Apache-2.0
// Values as text.
#include "tests/gui/support/SampleNet.h"
#include "ui/bridge/Format.h"
#include "ui/bridge/NodeNames.h"

#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

class tst_Format : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesUptimeLikeRouterOs_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QString>("text");
        QTest::newRow("zero") << qint64{0} << u"00:00:00"_s;
        QTest::newRow("hours") << qint64{3 * 3600 + 4 * 60 + 5} << u"03:04:05"_s;
        QTest::newRow("days") << qint64{2 * 86400 + 59} << u"2d00:00:59"_s;
        QTest::newRow("weeks") << qint64{7 * 86400 + 2 * 86400 + 11045} << u"1w2d03:04:05"_s;
        QTest::newRow("exact week") << qint64{7 * 86400} << u"1w00:00:00"_s;
        QTest::newRow("nonsense") << qint64{-5} << u"00:00:00"_s;
    }
    void writesUptimeLikeRouterOs()
    {
        QFETCH(const qint64, seconds);
        QTEST(uptimeText(std::chrono::seconds(seconds)), "text");
    }

    void choosesAUnitForDurations_data()
    {
        QTest::addColumn<qint64>("micros");
        QTest::addColumn<QString>("text");
        QTest::newRow("sub-millisecond") << qint64{430} << u"0.4 ms"_s;
        QTest::newRow("milliseconds") << qint64{38'200} << u"38 ms"_s;
        QTest::newRow("seconds with a decimal") << qint64{1'240'000} << u"1.2 s"_s;
        QTest::newRow("seconds") << qint64{12'900'000} << u"12 s"_s;
        QTest::newRow("minutes") << qint64{185'000'000} << u"3 min 05 s"_s;
    }
    void choosesAUnitForDurations()
    {
        QFETCH(const qint64, micros);
        QTEST(durationText(Duration(micros)), "text");
    }

    void tellsNamesakesApart()
    {
        const NodeNames names(test::smallNet());
        QCOMPARE(names.node(test::idOf(1)), u"core1"_s);
        QCOMPARE(names.node(test::idOf(4)), u"MikroTik (…00:00:04)"_s);
        QVERIFY(names.node(test::idOf(4)) != names.node(test::idOf(5)));
        QCOMPARE(names.node(test::idOf(0)), u"this computer"_s);
        QCOMPARE(names.node(test::idOf(99)), idText(test::idOf(99)));
    }

    void namesOurPortsByInterface()
    {
        const NodeNames names(test::smallNet());
        QCOMPARE(names.port(test::endOf(0, 1)), u"enp3s0"_s);
        QCOMPARE(names.port(test::endOf(3, 2)), u"link 2"_s);
    }
};

QTEST_GUILESS_MAIN(tst_Format)
#include "tst_Format.moc"
