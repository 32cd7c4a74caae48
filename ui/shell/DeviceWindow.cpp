// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/DeviceWindow.h"

#include "ui/bridge/Format.h"
#include "ui/bridge/PathWords.h"
#include "ui/neighbors/Banner.h"
#include "ui/neighbors/ElidedLabel.h"
#include "ui/neighbors/Icons.h"
#include "ui/shell/ConnectionProgress.h"
#include "ui/shell/TerminalTabs.h"
#include "ui/shell/Theme.h"
#include "ui/shell/UserPrompts.h"
#include "ui/terminal/TerminalView.h"

#include <QLabel>
#include <QLocale>
#include <QMenuBar>
#include <QPointer>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QTime>
#include <QVBoxLayout>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kGeometryKey = "device/geometry"_L1;

} // namespace

DeviceWindow::DeviceWindow(Surroundings surroundings, ConnectRequest request, QWidget* parent)
    : QMainWindow(parent), m_shared(std::move(surroundings)), m_request(std::move(request))
{
    setObjectName(u"shell.deviceWindow"_s);
    setWindowTitle(tr("%1 — Footbridge").arg(m_request.deviceName));
    setWindowIcon(applicationIcon());
    buildWidgets();
    buildMenus();
    connectParts();
    resize(940, 640);
    restoreGeometry(m_shared.settings.value(kGeometryKey).toByteArray());
    updateActions();
}

DeviceWindow::~DeviceWindow()
{
    // The tabs must let go of the connection before it goes with the other children.
    m_tabs->detach({});
}

void DeviceWindow::buildWidgets()
{
    m_banner = new Banner(u"shell.device"_s, this);
    m_progress = new ConnectionProgress(this);
    m_tabs = new TerminalTabs(this);
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_progress);
    m_stack->addWidget(m_tabs);
    auto* center = new QWidget(this);
    auto* layout = new QVBoxLayout(center);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_banner);
    layout->addWidget(m_stack, 1);
    setCentralWidget(center);

    m_pathLabel = new ElidedLabel(this);
    m_pathLabel->setObjectName(u"shell.device.path"_s);
    m_moveLabel = new ElidedLabel(this);
    m_moveLabel->setObjectName(u"shell.device.move"_s);
    m_moveLabel->hide();
    m_userLabel = new QLabel(this);
    m_userLabel->setObjectName(u"shell.device.user"_s);
    m_userLabel->setTextFormat(Qt::PlainText);
    for (QLabel* label : {static_cast<QLabel*>(m_pathLabel), static_cast<QLabel*>(m_moveLabel), m_userLabel})
        label->setContentsMargins(8, 0, 8, 0);
    statusBar()->addWidget(m_pathLabel, 1);
    statusBar()->addWidget(m_moveLabel, 1);
    statusBar()->addPermanentWidget(m_userLabel);
    setMinimumSize(480, 320);
}

void DeviceWindow::buildMenus()
{
    QMenu* device = menuBar()->addMenu(tr("&Device"));
    m_newTerminal = device->addAction(icon(u"terminal"_s), tr("&New terminal"), QKeySequence(tr("Ctrl+Shift+T")),
                                      m_tabs, &TerminalTabs::openTerminal);
    m_newTerminal->setObjectName(u"shell.device.newTerminal"_s);
    m_closeTerminal = device->addAction(icon(u"close"_s), tr("&Close terminal"), QKeySequence(tr("Ctrl+Shift+W")),
                                        m_tabs, &TerminalTabs::closeCurrent);
    m_reconnect = device->addAction(icon(u"reconnect"_s), tr("&Reconnect"), QKeySequence(tr("Ctrl+Shift+R")), this,
                                    &DeviceWindow::start);
    m_reconnect->setObjectName(u"shell.device.reconnect"_s);
    device->addSeparator();
    device->addAction(tr("Close &window"), QKeySequence(tr("Ctrl+Shift+Q")), this, &QWidget::close);

    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    const auto add = [&](QMenu& menu, const QString& text, void (TerminalView::*slot)()) {
        menu.addAction(text, this, [this, slot] {
            if (auto* view = m_tabs->currentTerminal())
                (view->*slot)();
        });
    };
    add(*edit, tr("&Copy\tCtrl+Shift+C"), &TerminalView::copySelection);
    add(*edit, tr("&Paste\tCtrl+Shift+V"), &TerminalView::pasteClipboard);
    add(*edit, tr("Select &all\tCtrl+Shift+A"), &TerminalView::selectAll);
    edit->addSeparator();
    add(*edit, tr("C&lear scrollback"), &TerminalView::clearScrollback);

    QMenu* view = menuBar()->addMenu(tr("&View"));
    add(*view, tr("Zoom &in\tCtrl++"), &TerminalView::zoomIn);
    add(*view, tr("Zoom &out\tCtrl+-"), &TerminalView::zoomOut);
    add(*view, tr("&Normal size\tCtrl+0"), &TerminalView::resetZoom);
    view->addSeparator();
    view->addAction(tr("Ne&xt terminal"), QKeySequence(tr("Ctrl+PgDown")), this,
                    [this] { m_tabs->setCurrentIndex((m_tabs->currentIndex() + 1) % std::max(1, m_tabs->count())); });
    view->addSeparator();
    m_shared.theme.addActionsTo(*view);
}

void DeviceWindow::connectParts()
{
    connect(m_progress, &ConnectionProgress::cancelRequested, this, [this] { m_connection->cancel(); });
    connect(m_progress, &ConnectionProgress::retryRequested, this, &DeviceWindow::start);
    connect(m_banner, &Banner::actionChosen, this, &DeviceWindow::start);
    connect(m_tabs, &TerminalTabs::lastShellEnded, this, [this] {
        if (m_tabs->count() == 0)
            close();
        else
            m_connection->cancel();
    });
    connect(m_tabs, &TerminalTabs::pasteNeedsConfirmation, this,
            [this](TerminalView* view, const QString& text, int lines) {
                m_shared.prompts.confirm(this, tr("Paste %1 lines?").arg(lines),
                                         tr("The device may run each line as it arrives."), tr("&Paste"),
                                         [target = QPointer(view), text](Consent consent) {
                                             if (target && consent == Consent::Yes)
                                                 target->pasteText(text);
                                         });
            });
}

void DeviceWindow::start()
{
    if (m_connection && m_connection->state() != DeviceConnection::State::Ended)
        return;
    auto* old = m_connection;
    m_connection = new DeviceConnection(m_shared.agent, m_shared.connector, m_request, this);
    m_progress->follow(*m_connection);
    if (old)
        old->deleteLater();
    m_banner->hide();
    m_stack->setCurrentWidget(m_progress);
    m_userLabel->clear();
    m_pathLabel->setText({});
    m_moveLabel->hide();
    connectConnection();
    updateActions();
    m_connection->start();
}

void DeviceWindow::connectConnection()
{
    connect(m_connection, &DeviceConnection::hostKeyUnknown, this, &DeviceWindow::askHostKey);
    connect(m_connection, &DeviceConnection::hostKeyChanged, this, &DeviceWindow::warnHostKey);
    connect(m_connection, &DeviceConnection::passwordNeeded, this, &DeviceWindow::askPassword);
    connect(m_connection, &DeviceConnection::authenticated, this, [this] {
        m_tabs->attach(*m_connection->ssh());
        m_tabs->openTerminal();
    });
    connect(m_connection, &DeviceConnection::ready, this, &DeviceWindow::showReady);
    connect(m_connection, &DeviceConnection::pathChosen, this, &DeviceWindow::showPath);
    connect(m_connection, &DeviceConnection::rerouted, this, &DeviceWindow::showMove);
    connect(m_connection, &DeviceConnection::silenceChanged, this, &DeviceWindow::showSilence);
    connect(m_connection, &DeviceConnection::ended, this, &DeviceWindow::showEnd);
}

void DeviceWindow::askHostKey(const ssh::HostKeyUnknown& question)
{
    const QPointer connection(m_connection);
    m_shared.prompts.askHostKey(this,
                                {.device = m_request.deviceName,
                                 .id = idText(m_request.device),
                                 .type = fromCore(question.type),
                                 .fingerprint = fromCore(question.fingerprint)},
                                [connection](Consent consent) {
                                    if (connection)
                                        connection->answerHostKey(consent == Consent::Yes ? ssh::HostKeyAnswer::Accept
                                                                                          : ssh::HostKeyAnswer::Reject);
                                });
}

void DeviceWindow::warnHostKey(const ssh::HostKeyChanged& change)
{
    QStringList expected;
    for (const std::string& fingerprint : change.expected)
        expected << fromCore(fingerprint);
    m_shared.prompts.warnHostKeyChanged(this, {.device = m_request.deviceName,
                                               .id = idText(m_request.device),
                                               .type = fromCore(change.type),
                                               .expected = expected,
                                               .received = fromCore(change.received),
                                               .file = fromCore(change.file),
                                               .line = change.line});
}

void DeviceWindow::askPassword(const ssh::PasswordNeeded& question)
{
    const bool wasRefused = question.attempt > 1 || !m_request.password.empty();
    const QPointer connection(m_connection);
    m_shared.prompts.askPassword(
        this,
        {.device = m_request.deviceName,
         .user = m_request.user,
         .prompt = fromCore(question.prompt),
         .why = wasRefused ? PasswordQuestion::Why::LastOneRefused : PasswordQuestion::Why::Needed},
        [this, connection](const std::optional<QString>& answer) {
            if (!connection)
                return;
            if (!answer) {
                connection->cancel();
                return;
            }
            m_request.password = Secret(answer->toStdString());
            connection->answerPassword(m_request.password);
        });
}

void DeviceWindow::showReady()
{
    m_stack->setCurrentWidget(m_tabs);
    m_userLabel->setText(tr("SSH as %1, end to end").arg(m_request.user));
    if (auto* view = m_tabs->currentTerminal())
        view->setFocus();
    updateActions();
}

void DeviceWindow::showPath(const overlay::Path& path)
{
    m_path = path;
    m_pathLabel->setText(tr("Path (cost %1): %2").arg(QString::number(path.cost), names().path(path)));
}

void DeviceWindow::showMove(const agent::StreamRerouted& move)
{
    const QString text = moveText(move, m_path, names());
    if (!text.isEmpty()) {
        const QString when = QLocale().toString(QTime::currentTime(), u"HH:mm:ss"_s);
        m_moveLabel->setText(u"%1 %2"_s.arg(when, text));
        m_moveLabel->show();
    }
    showPath(move.path);
}

NodeNames DeviceWindow::names() const
{
    const SnapshotPointer& snapshot = m_shared.agent.snapshot();
    return snapshot ? NodeNames(*snapshot) : NodeNames();
}

void DeviceWindow::showSilence(Duration silentFor, Duration limit)
{
    if (silentFor == Duration::zero()) {
        m_banner->hide();
        return;
    }
    m_banner->say(Banner::Kind::Warning,
                  tr("No answer from %1 for %2; waiting up to %3. What you type is sent when it is back.")
                      .arg(m_request.deviceName, durationText(silentFor), durationText(limit)));
}

void DeviceWindow::showEnd(const ErrorText& reason)
{
    m_shared.prompts.dismissQuestions(this);
    const QString when = QLocale().toString(QTime::currentTime(), u"HH:mm:ss"_s);
    const bool endedByUs = reason == errorText({ErrorCode::Cancelled, {}, 0});
    const QString what = endedByUs ? tr("The session has ended.") : reason.what;
    m_tabs->detach(tr("Not connected since %1. %2").arg(when, what));
    if (m_stack->currentWidget() == m_progress) {
        m_progress->showFailure(reason);
    } else {
        m_banner->say(endedByUs ? Banner::Kind::Information : Banner::Kind::Problem, endedByUs ? what : reason.joined(),
                      tr("&Reconnect"));
    }
    m_userLabel->setText(tr("not connected since %1").arg(when));
    updateActions();
}

void DeviceWindow::updateActions()
{
    const bool isReady = m_connection && m_connection->state() == DeviceConnection::State::Ready;
    m_newTerminal->setEnabled(isReady);
    m_closeTerminal->setEnabled(m_tabs->count() > 0);
    m_reconnect->setEnabled(m_connection && m_connection->state() == DeviceConnection::State::Ended);
}

void DeviceWindow::closeEvent(QCloseEvent* event)
{
    m_shared.settings.setValue(kGeometryKey, saveGeometry());
    if (m_connection)
        m_connection->cancel();
    QMainWindow::closeEvent(event);
}

} // namespace fb::ui
