// SPDX-License-Identifier: Apache-2.0
// Text from strangers: nothing that moves a cursor, hides, or lies about its direction gets through.
#include "core/romon/Text.h"

#include <QTest>

using namespace fb;

class tst_Text : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void cleans_data();
    void cleans();
    void cutsAtACharacter();
};

void tst_Text::cleans_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QByteArray>("shown");
    QTest::newRow("plain") << QByteArray("DuneGW") << QByteArray("DuneGW");
    QTest::newRow("empty") << QByteArray("") << QByteArray("");
    QTest::newRow("escape") << QByteArray("a\x1b[2Jb\r\n\x7f") << QByteArray("a[2Jb");
    QTest::newRow("C1") << QByteArray("a\xc2\x9b"
                                      "31mb")
                        << QByteArray("a31mb");
    QTest::newRow("accents") << QByteArray("M\xc3\xbcnchen \xe2\x82\xac \xf0\x9f\x8c\x89")
                             << QByteArray("M\xc3\xbcnchen \xe2\x82\xac \xf0\x9f\x8c\x89");
    QTest::newRow("direction override") << QByteArray("a\xe2\x80\xae"
                                                      "b")
                                        << QByteArray("ab");
    QTest::newRow("not UTF-8") << QByteArray("a\xff\xc3") << QByteArray("a\xef\xbf\xbd\xef\xbf\xbd");
    QTest::newRow("overlong") << QByteArray("\xc0\xaf") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd");
    QTest::newRow("surrogate") << QByteArray("\xed\xa0\x80") << QByteArray("\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
    QTest::newRow("zero") << QByteArray("a\0b", 3) << QByteArray("ab");
}

void tst_Text::cleans()
{
    QFETCH(QByteArray, raw);
    QFETCH(QByteArray, shown);
    QCOMPARE(QByteArray::fromStdString(romon::displayText(raw.toStdString())), shown);
}

void tst_Text::cutsAtACharacter()
{
    const std::string raw = std::string(romon::kDisplayTextBytesMax - 1, 'a') + "\xc3\xbc";
    QCOMPARE(romon::displayText(raw).size(), romon::kDisplayTextBytesMax - 1);
}

QTEST_GUILESS_MAIN(tst_Text)
#include "tst_Text.moc"
