// SPDX-License-Identifier: Apache-2.0
#include "core/crypto/KeyedHash.h"

#include <QtTest>

#include <array>

using namespace fb;
using crypto::KeyedHash;

namespace {

ByteVector bytesOfHex(const QByteArray& hex)
{
    return bytesOf(QByteArray::fromHex(hex).toStdString());
}

QByteArray hexOf(Bytes bytes)
{
    return QByteArray::fromStdString(textOf(bytes)).toHex();
}

} // namespace

class tst_KeyedHash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesThePublishedHashes_data();
    void givesThePublishedHashes();
    void givesTheSameHashAgain();
    void takesPartsAsOneText();
    void takesAnEmptyKey();
    void comparesWholeRanges();
};

/// RFC 4231, sections 4.2 to 4.8. Case 5 is published truncated to 128 bits.
void tst_KeyedHash::givesThePublishedHashes_data()
{
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("data");
    QTest::addColumn<QByteArray>("hash");
    QTest::newRow("1") << QByteArray(20, '\x0b').toHex() << QByteArray("Hi There").toHex()
                       << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("2") << QByteArray("Jefe").toHex() << QByteArray("what do ya want for nothing?").toHex()
                       << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    QTest::newRow("3") << QByteArray(20, '\xaa').toHex() << QByteArray(50, '\xdd').toHex()
                       << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    QTest::newRow("4") << QByteArray("0102030405060708090a0b0c0d0e0f10111213141516171819")
                       << QByteArray(50, '\xcd').toHex()
                       << QByteArray("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    QTest::newRow("5") << QByteArray(20, '\x0c').toHex() << QByteArray("Test With Truncation").toHex()
                       << QByteArray("a3b6167473100ee06e0c796c2955552b");
    QTest::newRow("6") << QByteArray(131, '\xaa').toHex()
                       << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First").toHex()
                       << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    QTest::newRow("7") << QByteArray(131, '\xaa').toHex()
                       << QByteArray("This is a test using a larger than block-size key and a larger than block-size "
                                     "data. The key needs to be hashed before being used by the HMAC algorithm.")
                              .toHex()
                       << QByteArray("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

void tst_KeyedHash::givesThePublishedHashes()
{
    QFETCH(QByteArray, key);
    QFETCH(QByteArray, data);
    QFETCH(QByteArray, hash);
    const ByteVector text = bytesOfHex(data);
    const KeyedHash keyed(Secret{QByteArray::fromHex(key).toStdString()});
    const auto digest = keyed.of(std::array{Bytes(text)});
    QCOMPARE(hexOf(Bytes(digest).first(static_cast<std::size_t>(hash.size()) / 2)), hash);
}

void tst_KeyedHash::givesTheSameHashAgain()
{
    const ByteVector one = bytesOf("one");
    const ByteVector two = bytesOf("two");
    const KeyedHash keyed(Secret{"key"});
    const auto first = keyed.of(std::array{Bytes(one)});
    QVERIFY(first != keyed.of(std::array{Bytes(two)}));
    QVERIFY(first == keyed.of(std::array{Bytes(one)}));
    QVERIFY(first != KeyedHash(Secret("kez")).of(std::array{Bytes(one)}));
}

void tst_KeyedHash::takesPartsAsOneText()
{
    const ByteVector whole = bytesOf("what do ya want for nothing?");
    const KeyedHash keyed(Secret{"Jefe"});
    const Bytes view(whole);
    QVERIFY(keyed.of(std::array{view.first(4), Bytes(), view.subspan(4)}) == keyed.of(std::array{view}));
}

void tst_KeyedHash::takesAnEmptyKey()
{
    // HMAC-SHA-256 of nothing under an empty key, as every implementation gives it.
    QCOMPARE(hexOf(KeyedHash(Secret()).of({})),
             QByteArray("b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"));
}

void tst_KeyedHash::comparesWholeRanges()
{
    const ByteVector one{1, 2, 3};
    const ByteVector other{1, 2, 4};
    QVERIFY(crypto::areEqualInConstantTime(one, ByteVector{1, 2, 3}));
    QVERIFY(!crypto::areEqualInConstantTime(one, other));
    QVERIFY(!crypto::areEqualInConstantTime(one, Bytes(one).first(2)));
    QVERIFY(crypto::areEqualInConstantTime({}, {}));
}

QTEST_GUILESS_MAIN(tst_KeyedHash)
#include "tst_KeyedHash.moc"
