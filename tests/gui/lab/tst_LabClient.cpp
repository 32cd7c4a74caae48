// SPDX-License-Identifier: Apache-2.0
// A user's whole way through the real client, over real links, in the lab: list, filter, select, see the path, connect,
// accept the key, type hostname, read the answer. The client's own agent runs in the workstation's namespace, where
// there is no IP address at all. Needs a display; leaves pictures in FB_SHOTS.
#include "app/gui/AgentChoice.h"
#include "app/gui/SshChoice.h"
#include "tests/support/LabTest.h"
#include "ui/models/NeighborModel.h"
#include "ui/neighbors/NeighborView.h"
#include "ui/shell/Desk.h"
#include "ui/shell/DialogPrompts.h"
#include "ui/shell/Theme.h"
#include "ui/terminal/TerminalView.h"

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSettings>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>

#include <fcntl.h>
#include <sched.h>

#include <algorithm>
#include <csignal>

namespace {

using namespace Qt::StringLiterals;

constexpr int kGenerous = 90'000; ///< milliseconds

template <class Widget>
Widget* find(QWidget& window, const QString& name)
{
    return window.findChild<Widget*>(name);
}

void save(QWidget& window, const QString& name)
{
    const QString folder = qEnvironmentVariable("FB_SHOTS", QStringLiteral(FB_SHOTS_DIR));
    QDir().mkpath(folder);
    window.grab().save(folder + u'/' + name + u".png"_s);
}

} // namespace

class LabClient : public fb::test::LabTest {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void findsItsWayToTheFarthestDevice();
    void saysWhatHappenedWhenTheDeviceDies();
    void asksAgainAfterAWrongPassword();

private:
    [[nodiscard]] fb::ui::ConnectWindow& window() { return m_desk->connectWindow(); }
    /// It fades out.
    [[nodiscard]] bool clearButtonIsGone();
    void select(const QString& device);
    /// Logs in to the selected device; the new device window.
    fb::ui::DeviceWindow* connectWithPassword(const QString& password);
    static void acceptHostKey();
    static void type(fb::ui::TerminalView& terminal, const QString& line);

    bool m_inWorkstation = false;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<fb::ui::Theme> m_theme;
    std::unique_ptr<fb::ui::ServiceBridge> m_agent;
    fb::ui::DialogPrompts m_prompts;
    std::unique_ptr<fb::ui::Desk> m_desk;
};

void LabClient::init()
{
    if (!m_inWorkstation) {
        // The client's own agent takes the place of the daemon; this thread and those it starts move to the
        // workstation.
        lab().control({u"kill"_s, u"desk"_s});
        const QString space = u"/run/netns/"_s + lab().namespaceOf(u"desk"_s);
        const int descriptor = open(QFile::encodeName(space).constData(), O_RDONLY | O_CLOEXEC);
        QVERIFY(descriptor >= 0);
        QCOMPARE(setns(descriptor, CLONE_NEWNET), 0);
        ::close(descriptor);
        qputenv("XDG_CONFIG_HOME", QFile::encodeName(lab().directory() + u"/client"_s));
        m_inWorkstation = true;
    }
    m_settings = std::make_unique<QSettings>(lab().directory() + u"/settings.ini"_s, QSettings::IniFormat);
    m_theme = std::make_unique<fb::ui::Theme>(*m_settings);
    m_agent = std::make_unique<fb::ui::ServiceBridge>(
        fb::app::agentOpener({.socket = {}, .interfaces = {u"to-gate"_s, u"to-dock"_s}}));
    m_desk = std::make_unique<fb::ui::Desk>(
        fb::ui::DeviceWindow::Surroundings{*m_agent, m_prompts, *m_settings, *m_theme, fb::app::connectSsh});
    m_desk->show();
    window().findChild<QAction*>(u"shell.theme.light"_s)->trigger();
    QVERIFY(QTest::qWaitForWindowExposed(&window()));
    m_agent->open();
    auto* table = find<QTableView>(window(), u"neighbors.table"_s);
    QVERIFY(table != nullptr);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), lab().devices().size(), kGenerous);
}

void LabClient::cleanup()
{
    m_desk.reset();
    m_agent.reset();
    m_theme.reset();
    m_settings.reset();
}

void LabClient::findsItsWayToTheFarthestDevice()
{
    save(window(), u"1-neighbors"_s);
    select(u"barn"_s);
    auto* path = find<QTreeView>(window(), u"neighbors.path"_s);
    QVERIFY(path != nullptr);
    QTRY_VERIFY_WITH_TIMEOUT(path->model()->rowCount() >= 2, kGenerous);
    const QModelIndex best = path->model()->index(0, 0);
    QCOMPARE(path->model()->rowCount(best), 4);
    // The filter gone, every device is back and this one is still the selected one.
    find<QLineEdit>(window(), u"neighbors.filter"_s)->clear();
    auto* table = find<QTableView>(window(), u"neighbors.table"_s);
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), lab().devices().size(), kGenerous);
    QCOMPARE(find<QLabel>(window(), u"shell.target"_s)->text().section(u' ', 0, 0), u"barn"_s);
    QTRY_VERIFY(clearButtonIsGone());
    save(window(), u"2-path"_s);

    auto* device = connectWithPassword(u"footbridge"_s);
    QVERIFY(device != nullptr);
    acceptHostKey();
    QTRY_VERIFY_WITH_TIMEOUT(find<fb::ui::TerminalView>(*device, u"terminal.view"_s) != nullptr, kGenerous);
    auto* terminal = find<fb::ui::TerminalView>(*device, u"terminal.view"_s);
    QTRY_VERIFY_WITH_TIMEOUT(terminal->screenText().contains(u"admin@barn"_s), kGenerous);
    type(*terminal, u"hostname; ip -brief addr"_s);
    QTRY_VERIFY_WITH_TIMEOUT(terminal->screenText().contains(u"\nbarn\n"_s), kGenerous);
    QTRY_VERIFY_WITH_TIMEOUT(terminal->screenText().contains(u"to-summit"_s), kGenerous);
    device->resize(860, 420);
    type(*terminal, u"ip -color -brief link"_s);
    QTRY_VERIFY_WITH_TIMEOUT(terminal->screenText().count(u"admin@barn"_s) == 3, kGenerous);
    save(*device, u"3-terminal"_s);
    QVERIFY(find<QLabel>(*device, u"shell.device.path"_s)->text().contains(u"summit"_s));

    auto* dark = window().findChild<QAction*>(u"shell.theme.dark"_s);
    QVERIFY(dark != nullptr);
    dark->trigger();
    QTRY_VERIFY(window().palette().window().color().lightness() < 128);
    save(window(), u"4-neighbors-dark"_s);
    save(*device, u"5-terminal-dark"_s);
    window().findChild<QAction*>(u"shell.theme.light"_s)->trigger();

    type(*terminal, u"exit"_s);
    QTRY_VERIFY_WITH_TIMEOUT(!terminal || terminal->input() == fb::ui::TerminalView::Input::Stopped ||
                                 m_desk->deviceWindows().isEmpty(),
                             kGenerous);
}

void LabClient::saysWhatHappenedWhenTheDeviceDies()
{
    select(u"hut"_s);
    auto* device = connectWithPassword(u"footbridge"_s);
    QVERIFY(device != nullptr);
    acceptHostKey();
    QTRY_VERIFY_WITH_TIMEOUT(find<fb::ui::TerminalView>(*device, u"terminal.view"_s) != nullptr, kGenerous);
    auto* terminal = find<fb::ui::TerminalView>(*device, u"terminal.view"_s);
    QTRY_VERIFY_WITH_TIMEOUT(terminal->screenText().contains(u"admin@hut"_s), kGenerous);

    lab().control({u"kill"_s, u"hut"_s});
    lab().control({u"start"_s, u"hut"_s});
    type(*terminal, u"are you there"_s);
    // The device is back and no longer knows the session: it says so, and input stops.
    QTRY_COMPARE_WITH_TIMEOUT(terminal->input(), fb::ui::TerminalView::Input::Stopped, kGenerous);
    auto* banner = find<QLabel>(*device, u"shell.device.banner.text"_s);
    QVERIFY(banner != nullptr && banner->isVisible());
    QVERIFY2(banner->text().contains(u"hut"_s), qPrintable(banner->text()));
    save(*device, u"6-ended"_s);
}

void LabClient::asksAgainAfterAWrongPassword()
{
    select(u"dock"_s);
    auto* device = connectWithPassword(u"wrong"_s);
    QVERIFY(device != nullptr);
    acceptHostKey();
    const auto question = [] { return QApplication::activeModalWidget(); };
    QTRY_VERIFY_WITH_TIMEOUT(question() != nullptr && question()->objectName() == u"shell.password.dialog"_s,
                             kGenerous);
    save(*question(), u"7-password"_s);
    auto* edit = question()->findChild<QLineEdit*>(u"shell.password.edit"_s);
    QTest::keyClicks(edit, u"footbridge"_s);
    QTest::mouseClick(question()->findChild<QPushButton*>(u"shell.password.ok"_s), Qt::LeftButton);
    QTRY_VERIFY_WITH_TIMEOUT(find<fb::ui::TerminalView>(*device, u"terminal.view"_s) != nullptr, kGenerous);
    QTRY_VERIFY_WITH_TIMEOUT(
        find<fb::ui::TerminalView>(*device, u"terminal.view"_s)->screenText().contains(u"admin@dock"_s), kGenerous);
}

bool LabClient::clearButtonIsGone()
{
    const auto buttons = find<QLineEdit>(window(), u"neighbors.filter"_s)->findChildren<QToolButton*>();
    return std::ranges::count_if(buttons, [](const QToolButton* button) { return button->isVisible(); }) == 1;
}

void LabClient::select(const QString& device)
{
    auto* filter = find<QLineEdit>(window(), u"neighbors.filter"_s);
    auto* table = find<QTableView>(window(), u"neighbors.table"_s);
    filter->clear();
    QTest::keyClicks(filter, device);
    const auto found = [table, &device] {
        const auto* model = table->model();
        const auto first = model->index(0, static_cast<int>(fb::ui::NeighborColumn::Identity));
        return model->match(first, Qt::DisplayRole, device, 1, Qt::MatchExactly);
    };
    QTRY_VERIFY_WITH_TIMEOUT(!found().isEmpty() && table->model()->rowCount() < lab().devices().size(), kGenerous);
    table->setCurrentIndex(found().constFirst());
}

fb::ui::DeviceWindow* LabClient::connectWithPassword(const QString& password)
{
    const auto before = m_desk->deviceWindows().size();
    auto* user = find<QLineEdit>(window(), u"shell.user"_s);
    user->setText(u"admin"_s);
    auto* secret = find<QLineEdit>(window(), u"shell.password"_s);
    secret->clear();
    QTest::keyClicks(secret, password);
    QTest::mouseClick(find<QPushButton>(window(), u"shell.connect"_s), Qt::LeftButton);
    return m_desk->deviceWindows().size() > before ? m_desk->deviceWindows().last() : nullptr;
}

void LabClient::acceptHostKey()
{
    const auto question = [] {
        auto* dialog = QApplication::activeModalWidget();
        return dialog != nullptr && dialog->objectName() == u"shell.hostkey"_s ? dialog : nullptr;
    };
    QTRY_VERIFY_WITH_TIMEOUT(question() != nullptr, kGenerous);
    save(*question(), u"8-host-key"_s);
    QTest::mouseClick(question()->findChild<QPushButton*>(u"shell.hostkey.accept"_s), Qt::LeftButton);
}

void LabClient::type(fb::ui::TerminalView& terminal, const QString& line)
{
    terminal.setFocus();
    QTest::keyClicks(&terminal, line);
    QTest::keyClick(&terminal, Qt::Key_Return);
}

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN);
    QApplication application(argc, argv);
    LabClient test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_LabClient.moc"
