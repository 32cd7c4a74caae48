// SPDX-License-Identifier: Apache-2.0
#include "core/base/MacAddress.h"

#include <QtTest>

using fb::MacAddress;

class MacAddressTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void parses_data();
    void parses();
    void refuses_data();
    void refuses();
    void printsWhatItParses();
    void knowsGroupsAndBroadcast();
    void ordersByOctets();
};

void MacAddressTest::parses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* const text : {"48a98a0b0c0d", "48A98A0B0C0D", "48:a9:8a:0b:0c:0d", "48:A9:8a:0B:0c:0d",
                                   "48-a9-8a-0b-0c-0d", "48a9.8a0b.0c0d"})
        QTest::newRow(text) << QByteArray(text);
}

void MacAddressTest::parses()
{
    QFETCH(QByteArray, text);
    const auto parsed = MacAddress::parse(text.toStdString());
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->toString(), std::string("48:a9:8a:0b:0c:0d"));
}

void MacAddressTest::refuses_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char* const text : {"",
                                   "48",
                                   "48a98a0b0c0",
                                   "48a98a0b0c0d0",
                                   "48a98a0b0c0g",
                                   " 48a98a0b0c0d",
                                   "48:a9:8a:0b:0c",
                                   "48:a9:8a:0b:0c:0d:",
                                   "48:a9:8a:0b:0c:0d:0e",
                                   "48:a9-8a:0b:0c:0d",
                                   "48:a9:8a:0b:0c:0 ",
                                   "4:8a9:8a:0b:0c:0d",
                                   "48 a9 8a 0b 0c 0d",
                                   "48:a9:8a0b:0c:0d",
                                   "48a9:8a0b:0c0d",
                                   "48a98a.0b0c0d",
                                   "48a9.8a0b-0c0d",
                                   ":48a98a0b0c0d",
                                   "::::::::::::",
                                   "48::a9:8a:0b:0c:d",
                                   "................"})
        QTest::newRow(text) << QByteArray(text);
    QTest::newRow("a zero byte inside") << QByteArray("48a98a\0b0c0d", 12);
}

void MacAddressTest::refuses()
{
    QFETCH(QByteArray, text);
    QVERIFY(!MacAddress::parse(text.toStdString()));
}

void MacAddressTest::printsWhatItParses()
{
    for (const char* const text : {"00:00:00:00:00:00", "ff:ff:ff:ff:ff:ff", "01:23:45:67:89:ab"}) {
        const auto parsed = MacAddress::parse(text);
        QVERIFY(parsed.has_value());
        QCOMPARE(parsed->toString(), std::string(text));
    }
}

void MacAddressTest::knowsGroupsAndBroadcast()
{
    constexpr MacAddress zero{};
    constexpr MacAddress broadcast{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
    constexpr MacAddress group{{0x01, 0x80, 0xc2, 0x00, 0x88, 0xbf}};
    constexpr MacAddress one{{0x02, 0, 0, 0, 0, 0x01}};
    QVERIFY(zero.isZero() && !zero.isGroup() && !zero.isBroadcast());
    QVERIFY(broadcast.isBroadcast() && broadcast.isGroup() && !broadcast.isZero());
    QVERIFY(group.isGroup() && !group.isBroadcast());
    QVERIFY(!one.isGroup() && !one.isZero());
}

void MacAddressTest::ordersByOctets()
{
    constexpr MacAddress low{{0, 0, 0, 0, 0, 0xff}};
    constexpr MacAddress high{{0, 0, 0, 0, 1, 0}};
    QVERIFY(low < high);
    QVERIFY(low == low);
}

QTEST_GUILESS_MAIN(MacAddressTest)
#include "tst_MacAddress.moc"
