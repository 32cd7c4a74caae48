// SPDX-License-Identifier: Apache-2.0
// A user is told that frames match no secret, opens the secrets, adds some, orders them, removes them, keeps a change
// or lets it be put back. What is typed is hidden, and gone once it is sent.
#include "tests/gui/support/Fakes.h"
#include "tests/gui/support/SampleNet.h"
#include "tests/gui/support/SecretAgent.h"
#include "tests/gui/support/WidgetNames.h"
#include "ui/shell/ConnectWindow.h"
#include "ui/shell/SecretsDialog.h"
#include "ui/shell/Theme.h"

#include <QAction>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

struct Fixture {
    QTemporaryDir directory;
    QSettings settings{directory.filePath(u"settings.ini"_s), QSettings::IniFormat};
    Theme theme{settings};
    test::FakeAgent agent;
    test::SecretAgent secrets;
    ConnectWindow window{agent.bridge, settings, theme};
    SecretsDialog* dialog = window.findChild<SecretsDialog*>();
    QTreeView* list = find<QTreeView>(u"list"_s);
    QLineEdit* secret = find<QLineEdit>(u"secret"_s);

    Fixture()
    {
        agent.bridge.open();
        agent.service->setScript(secrets.script());
        window.show();
    }
    template <class Widget>
    [[nodiscard]] Widget* find(const QString& name) const
    {
        return dialog->findChild<Widget*>(u"shell.secrets."_s + name);
    }
    void click(const QString& name) const { QTest::mouseClick(find<QPushButton>(name), Qt::LeftButton); }
    void tell(const overlay::Snapshot& snapshot)
    {
        agent.service->publishSnapshot(1, snapshot);
        QTRY_VERIFY(agent.bridge.snapshot() && *agent.bridge.snapshot() == snapshot);
    }
    void open()
    {
        tell(test::smallNet());
        window.findChild<QAction*>(u"shell.secrets"_s)->trigger();
        QTRY_COMPARE(list->model()->rowCount(), 2); // all ports, enp3s0
    }
    void add(const QString& text)
    {
        QTest::keyClicks(secret, text);
        click(u"add"_s);
        QTRY_VERIFY(secret->text().isEmpty());
    }
    /// The rows of a list as they read.
    [[nodiscard]] QStringList rows(int row) const
    {
        const auto* model = list->model();
        QStringList texts;
        for (int at = 0; at < model->rowCount(model->index(row, 0)); ++at) {
            const QModelIndex name = model->index(at, 0, model->index(row, 0));
            texts << name.data().toString() + u": "_s + name.siblingAtColumn(1).data().toString();
        }
        return texts;
    }
    void select(int row, int at)
    {
        const auto* model = list->model();
        const QModelIndex top = model->index(row, 0);
        list->setCurrentIndex(at < 0 ? top : model->index(at, 0, top));
    }
    static QString nameOf(const char* text) { return QString::fromStdString(agent::fingerprintOf(Secret(text))); }
};

} // namespace

class tst_SecretClicks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesFromTheBanner()
    {
        Fixture fixture;
        auto* banner = fixture.window.findChild<QWidget*>(u"shell.unverified.banner"_s);
        auto* text = banner->findChild<QLabel*>(u"shell.unverified.banner.text"_s);
        overlay::Snapshot snapshot = test::smallNet();
        fixture.tell(snapshot);
        QVERIFY(!banner->isVisible());
        snapshot.unverified.push_back({.id = test::idOf(9), .frames = 14});
        fixture.tell(snapshot);
        QTRY_VERIFY(banner->isVisible());
        QCOMPARE(text->text(), u"Heard 14 frames from 48:a9:00:00:00:09, none match your secrets."_s);
        QTest::mouseClick(banner->findChild<QPushButton*>(u"shell.unverified.banner.action"_s), Qt::LeftButton);
        QTRY_VERIFY(fixture.dialog->isVisible());

        QTest::mouseClick(banner->findChild<QPushButton*>(u"shell.unverified.banner.other"_s), Qt::LeftButton);
        QVERIFY(!banner->isVisible());
        snapshot.unverified[0].frames = 15;
        fixture.tell(snapshot);
        QVERIFY(!banner->isVisible()); // that one is known
        snapshot.unverified.push_back({.id = test::idOf(10), .frames = 1});
        fixture.tell(snapshot);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(text->text().contains(u"2 devices"_s));
    }

    void tellsOfADuplicateIdRaisedBeforeTheStart()
    {
        Fixture fixture;
        auto* banner = fixture.window.findChild<QWidget*>(u"shell.duplicate.banner"_s);
        overlay::Snapshot snapshot = test::smallNet();
        snapshot.duplicateId = {test::idOf(9).value, "enp3s0", std::chrono::seconds(200)};
        fixture.tell(snapshot);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY(banner->findChild<QLabel*>(u"shell.duplicate.banner.text"_s)
                    ->text()
                    .contains(u"heard from 48:a9:00:00:00:09 on enp3s0 3 min 20 s ago"_s));
        QTest::mouseClick(banner->findChild<QPushButton*>(u"shell.duplicate.banner.action"_s), Qt::LeftButton);
        snapshot.duplicateId->sinceHeard = std::chrono::seconds(201);
        fixture.tell(snapshot);
        QVERIFY(!banner->isVisible()); // dismissed
        snapshot.duplicateId->mac = test::idOf(8).value;
        fixture.tell(snapshot);
        QTRY_VERIFY(banner->isVisible()); // that is another one
        snapshot.duplicateId.reset();
        fixture.tell(snapshot);
        QTRY_VERIFY(!banner->isVisible());
    }

    void addsOrdersAndRemoves()
    {
        Fixture fixture;
        fixture.open();
        QVERIFY(fixture.rows(0).isEmpty());
        fixture.add(u"first secret"_s);
        const QString first = Fixture::nameOf("first secret");
        // What is sent stays as it was until the user says otherwise.
        QCOMPARE(fixture.rows(0), QStringList({u"without a secret: sent and accepted"_s, first + u": accepted"_s}));
        fixture.select(0, 1);
        fixture.click(u"first"_s);
        QTRY_COMPARE(fixture.rows(0), QStringList({first + u": sent and accepted"_s, u"without a secret: accepted"_s}));
        QVERIFY(!fixture.find<QPushButton>(u"first"_s)->isEnabled()); // it is selected still, and the first now
        fixture.select(0, 1);
        fixture.click(u"remove"_s);
        QTRY_COMPARE(fixture.rows(0), QStringList{first + u": sent and accepted"_s});
        fixture.select(0, 0);
        QVERIFY(!fixture.find<QPushButton>(u"remove"_s)->isEnabled()); // the last of a list stays
        fixture.click(u"addEmpty"_s);
        QTRY_COMPARE(fixture.rows(0), QStringList({first + u": sent and accepted"_s, u"without a secret: accepted"_s}));
        QVERIFY(!fixture.find<QPushButton>(u"addEmpty"_s)->isEnabled());
    }

    void givesAPortAListOfItsOwnAndTakesItBack()
    {
        Fixture fixture;
        fixture.open();
        fixture.select(1, -1);
        fixture.add(u"for enp3s0"_s);
        QVERIFY(fixture.rows(0).isEmpty());
        QCOMPARE(fixture.rows(1).size(), 2);
        QCOMPARE(fixture.secrets.lists().ports.size(), std::size_t{1});
        fixture.select(1, 0);
        fixture.click(u"clear"_s);
        QTRY_VERIFY(fixture.rows(1).isEmpty());
        QVERIFY(fixture.secrets.lists().ports.empty());
    }

    void keepsOrPutsBackWhatMustBeConfirmed()
    {
        Fixture fixture;
        fixture.open();
        fixture.find<QCheckBox>(u"mustConfirm"_s)->click();
        fixture.find<QSpinBox>(u"seconds"_s)->setValue(30);
        auto* banner = fixture.find<QLabel>(u"waiting.banner.text"_s);
        fixture.add(u"one"_s);
        QTRY_VERIFY(banner->isVisible());
        QVERIFY2(banner->text().contains(u"put back in 31 s"_s) || banner->text().contains(u"put back in 30 s"_s),
                 qPrintable(banner->text()));
        QVERIFY(!fixture.find<QPushButton>(u"addEmpty"_s)->isEnabled()); // one change at a time
        fixture.click(u"waiting.banner.action"_s);
        QTRY_VERIFY(!banner->isVisible());
        QCOMPARE(fixture.rows(0).size(), 2);
        QVERIFY(!fixture.secrets.isWaiting());

        fixture.add(u"two"_s);
        QTRY_VERIFY(banner->isVisible());
        fixture.click(u"waiting.banner.other"_s);
        QTRY_COMPARE(fixture.rows(0).size(), 2);
        QVERIFY(!banner->isVisible());

        fixture.add(u"three"_s);
        QTRY_COMPARE(fixture.rows(0).size(), 3);
        fixture.secrets.pass(std::chrono::seconds(31));
        QTRY_COMPARE_WITH_TIMEOUT(fixture.rows(0).size(), 2, 30'000);
        QVERIFY(fixture.find<QLabel>(u"problem.banner.text"_s)->text().startsWith(u"The change was put back"_s));
    }

    void neverOpensTheNetworkWithoutAWayBack()
    {
        Fixture fixture;
        fixture.open();
        fixture.add(u"one"_s);
        QVERIFY(!fixture.find<QCheckBox>(u"mustConfirm"_s)->isChecked());
        fixture.click(u"clear"_s);
        QTRY_VERIFY(fixture.rows(0).isEmpty());
        QVERIFY(fixture.secrets.isWaiting());
    }

    void hidesWhatIsTypedAndForgetsIt()
    {
        Fixture fixture;
        fixture.open();
        QCOMPARE(fixture.secret->echoMode(), QLineEdit::Password);
        QTest::keyClicks(fixture.secret, u"hunter2"_s);
        QVERIFY(!fixture.secret->displayText().contains(u"hunter2"_s));
        fixture.find<QCheckBox>(u"reveal"_s)->click();
        QCOMPARE(fixture.secret->displayText(), u"hunter2"_s);
        fixture.click(u"add"_s);
        QTRY_VERIFY(fixture.secret->text().isEmpty());
        QCOMPARE(fixture.secret->echoMode(), QLineEdit::Password);
        QVERIFY(!fixture.secret->isUndoAvailable());
        for (const auto* label : fixture.window.findChildren<QLabel*>())
            QVERIFY(!label->text().contains(u"hunter2"_s));
        QTest::keyClicks(fixture.secret, u"half typed"_s);
        fixture.click(u"close"_s);
        QVERIFY(fixture.secret->text().isEmpty());
        for (const QString& key : fixture.settings.allKeys())
            QVERIFY(!fixture.settings.value(key).toString().contains(u"hunter2"_s));
    }

    void saysInPlaceWhatIsWrong()
    {
        Fixture fixture;
        fixture.open();
        const QString tooLong(static_cast<qsizetype>(kSecretBytesMax) + 1, u'x');
        fixture.secret->setText(tooLong);
        fixture.click(u"add"_s);
        auto* problem = fixture.find<QLabel>(u"problem.banner.text"_s);
        QTRY_VERIFY(problem->isVisible());
        QVERIFY2(problem->text().contains(u"128 bytes"_s), qPrintable(problem->text()));
        QCOMPARE(fixture.secret->text(), tooLong); // to be corrected
        fixture.secret->clear();
        fixture.add(u"one"_s);
        QTRY_VERIFY(!problem->isVisible());
        fixture.add(u"one"_s);
        QTRY_VERIFY(problem->isVisible());
        QCOMPARE(problem->text(), u"That secret is in the list already."_s);
    }

    void hasANameForEveryWidgetThatTakesTheFocus()
    {
        Fixture fixture;
        fixture.open();
        QCOMPARE(test::namelessWidgets(*fixture.dialog).join(u", "_s), QString());
        QCOMPARE(test::tabOrderFrom(*fixture.secret).mid(0, 3),
                 QStringList({u"shell.secrets.secret"_s, u"shell.secrets.reveal"_s, u"shell.secrets.mustConfirm"_s}));
    }
};

QTEST_MAIN(tst_SecretClicks)
#include "tst_SecretClicks.moc"
