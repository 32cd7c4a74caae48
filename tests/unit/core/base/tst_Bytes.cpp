// SPDX-License-Identifier: Apache-2.0
#include "core/base/Bytes.h"

#include <QtTest>

class BytesTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsEveryByteBothWays();
};

void BytesTest::keepsEveryByteBothWays()
{
    std::string all;
    for (int octet = 0; octet < 256; ++octet)
        all.push_back(static_cast<char>(octet));
    const fb::ByteVector bytes = fb::bytesOf(all);
    QCOMPARE(bytes.size(), 256U);
    for (std::size_t at = 0; at < bytes.size(); ++at)
        QCOMPARE(std::size_t{bytes[at]}, at);
    QCOMPARE(fb::textOf(bytes), all);
    QVERIFY(fb::bytesOf("").empty());
    QVERIFY(fb::textOf({}).empty());
}

QTEST_GUILESS_MAIN(BytesTest)
#include "tst_Bytes.moc"
