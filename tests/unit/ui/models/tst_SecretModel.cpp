// SPDX-License-Identifier: Apache-2.0
// Lists of secrets as a tree: what each row says, which list and secret it is, and that changes leave other rows alone.
#include "ui/models/SecretModel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <QSignalSpy>
#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

QString text(const SecretModel& model, const QModelIndex& index, SecretColumn column)
{
    return model.index(index.row(), static_cast<int>(column), index.parent()).data().toString();
}

} // namespace

class tst_SecretModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsEveryListInOrder()
    {
        SecretModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply({{"", {"3fa2b1c9", "empty"}}, {"eth1", {"empty", "0badcafe"}}, {"usb0", {"0badcafe"}}},
                    {"eth1", "eth0"});
        QCOMPARE(model.rowCount(), 4);
        const auto top = [&](int row) { return model.index(row, 0); };
        QCOMPARE(top(0).data().toString(), u"All ports"_s);
        QCOMPARE(top(1).data().toString(), u"eth0"_s);
        QCOMPARE(text(model, top(1), SecretColumn::Use), u"as all ports"_s);
        QCOMPARE(model.rowCount(top(1)), 0);
        QCOMPARE(text(model, top(2), SecretColumn::Use), u"a list of its own"_s);
        QCOMPARE(top(3).data().toString(), u"usb0"_s); // no port now, and it keeps its list
        const QModelIndex sent = model.index(0, 0, top(0));
        const QModelIndex empty = model.index(1, 0, top(0));
        QCOMPARE(sent.data().toString(), u"3fa2b1c9"_s);
        QCOMPARE(text(model, sent, SecretColumn::Use), u"sent and accepted"_s);
        QCOMPARE(empty.data().toString(), u"without a secret"_s);
        QCOMPARE(text(model, empty, SecretColumn::Use), u"accepted"_s);
    }

    void saysThatANodeWithoutSecretsBelievesEverybody()
    {
        SecretModel model;
        model.apply({{"", {}}}, {});
        QCOMPARE(text(model, model.index(0, 0), SecretColumn::Use), u"no secrets: everybody is believed"_s);
    }

    void knowsWhichListAndSecretARowIs()
    {
        SecretModel model;
        model.apply({{"", {"3fa2b1c9"}}, {"eth1", {"3fa2b1c9", "0badcafe"}}}, {"eth0"});
        const QModelIndex second = model.find("eth1", "0badcafe");
        QCOMPARE(model.interfaceAt(second), std::string("eth1"));
        QVERIFY(model.fingerprintAt(second) == std::string("0badcafe"));
        QCOMPARE(second.row(), 1);
        QVERIFY(model.hasOwnList(second));
        QVERIFY(!model.hasOwnList(model.find("eth0", std::nullopt)));
        QVERIFY(!model.fingerprintAt(model.find("eth1", "deadbeef"))); // gone: its list
        QCOMPARE(model.interfaceAt({}), std::string());
        QVERIFY(!model.fingerprintAt({}));
        QVERIFY(!model.find("wlan0", std::nullopt).isValid());
    }

    void changesInPlace()
    {
        SecretModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const std::vector<agent::SecretScope> before{{"", {"3fa2b1c9"}}, {"eth1", {"0badcafe"}}};
        model.apply(before, {});
        const QPersistentModelIndex other = model.find("eth1", "0badcafe");
        const QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        const QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        model.apply(before, {});
        QCOMPARE(changed.size() + inserted.size(), 0);
        model.apply({{"", {"3fa2b1c9", "empty"}}, {"eth1", {"0badcafe"}}}, {"eth0"});
        QVERIFY(other.isValid());
        QCOMPARE(other.parent().row(), 2); // eth0 has come before it
        QCOMPARE(inserted.size(), 2);
        model.apply({{"", {}}}, {});
        QVERIFY(!other.isValid());
        QCOMPARE(model.rowCount(), 1);
    }
};

QTEST_GUILESS_MAIN(tst_SecretModel)
#include "tst_SecretModel.moc"
