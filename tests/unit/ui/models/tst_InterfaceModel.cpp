// SPDX-License-Identifier: Apache-2.0
// The interfaces and their boxes: a tick asks, the agent decides.
#include "ui/models/InterfaceModel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace fb;
using namespace fb::ui;
using namespace Qt::StringLiterals;

namespace {

agent::InterfaceState interfaceOf(std::string name)
{
    agent::InterfaceState state;
    state.name = std::move(name);
    state.isUp = true;
    return state;
}

} // namespace

class tst_InterfaceModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void asksWhenABoxIsTickedAndShowsWhatTheAgentSays()
    {
        InterfaceModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        model.apply({interfaceOf("enp3s0"), interfaceOf("br0")});
        QCOMPARE(model.index(0, 0).data().toString(), u"br0"_s);
        QSignalSpy requested(&model, &InterfaceModel::portRequested);
        const QModelIndex box = model.index(1, 0);
        QVERIFY(model.setData(box, Qt::Checked, Qt::CheckStateRole));
        QCOMPARE(requested.size(), 1);
        const auto command = requested.at(0).at(0).value<agent::SetPort>();
        QCOMPARE(command.interface, std::string("enp3s0"));
        QVERIFY(command.use == agent::SetPort::Use::Yes);
        QCOMPARE(box.data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Unchecked));

        agent::InterfaceState used = interfaceOf("enp3s0");
        used.isPort = true;
        model.apply({interfaceOf("br0"), used});
        QCOMPARE(box.data(Qt::CheckStateRole).toInt(), static_cast<int>(Qt::Checked));
        QVERIFY(model.setData(box, Qt::Unchecked, Qt::CheckStateRole));
        QVERIFY(requested.at(1).at(0).value<agent::SetPort>().use == agent::SetPort::Use::No);
    }

    void saysWhatIsWrongWithAnInterface()
    {
        InterfaceModel model;
        agent::InterfaceState broken = interfaceOf("wg0");
        broken.problem = "not an Ethernet interface";
        agent::InterfaceState member = interfaceOf("enp4s0");
        member.bridge = "br0";
        agent::InterfaceState down = interfaceOf("enp5s0");
        down.isUp = false;
        model.apply({broken, member, down});
        const auto state = static_cast<int>(InterfaceColumn::State);
        QCOMPARE(model.index(0, state).data().toString(), u"up, member of br0"_s);
        QCOMPARE(model.index(1, state).data().toString(), u"down"_s);
        QCOMPARE(model.index(2, state).data().toString(), u"not an Ethernet interface"_s);
    }

    void followsInterfacesThatComeAndGo()
    {
        InterfaceModel model;
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        const QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.apply({interfaceOf("a"), interfaceOf("c")});
        model.apply({interfaceOf("a"), interfaceOf("b"), interfaceOf("c")});
        QCOMPARE(model.index(1, 0).data().toString(), u"b"_s);
        model.apply({interfaceOf("c")});
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(reset.size(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_InterfaceModel)
#include "tst_InterfaceModel.moc"
