// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/ConnectWindow.h"

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/Format.h"
#include "ui/bridge/PathWords.h"
#include "ui/neighbors/Banner.h"
#include "ui/neighbors/ElidedLabel.h"
#include "ui/neighbors/Icons.h"
#include "ui/neighbors/NeighborView.h"
#include "ui/neighbors/PathPane.h"
#include "ui/shell/InterfacesDialog.h"
#include "ui/shell/Notices.h"
#include "ui/shell/SecretsDialog.h"
#include "ui/shell/Theme.h"

#include <QApplication>
#include <QGridLayout>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStatusBar>
#include <QTreeView>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto kGeometryKey = "connect/geometry"_L1;
constexpr auto kSplitterKey = "connect/splitter"_L1;
constexpr auto kHeaderKey = "connect/header"_L1;
constexpr auto kUserKey = "connect/user"_L1;

QLabel* plainLabel(const QString& name, QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(name);
    label->setTextFormat(Qt::PlainText);
    return label;
}

void present(QDialog& dialog)
{
    dialog.show();
    dialog.raise();
    dialog.activateWindow();
}

} // namespace

ConnectWindow::ConnectWindow(ServiceBridge& agent, QSettings& settings, Theme& theme, QWidget* parent)
    : QMainWindow(parent), m_agent(agent), m_settings(settings), m_theme(theme)
{
    setObjectName(u"shell.connectWindow"_s);
    setWindowTitle(tr("Footbridge"));
    setWindowIcon(applicationIcon());
    buildWidgets();
    buildStatusBar();
    buildMenus();
    connectParts();
    restore();
    showSelection();
    showStatus();
}

ConnectWindow::~ConnectWindow() = default;

void ConnectWindow::buildWidgets()
{
    m_neighbors = new NeighborView(this);
    m_path = new PathPane(this);
    m_neighbors->takeTypingOf(m_path->view());
    m_notices = new Notices(this);
    m_banner = new Banner(u"shell.connect"_s, this);
    m_interfaces = new InterfacesDialog(m_agent, m_settings, this);
    m_secrets = new SecretsDialog(m_agent, this);

    m_splitter = new QSplitter(Qt::Vertical, this);
    m_splitter->setObjectName(u"shell.splitter"_s);
    m_splitter->addWidget(m_neighbors);
    m_splitter->addWidget(m_path);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setSizes({420, 580}); // shares: a way of four hops and its alternatives, all at once
    m_splitter->setChildrenCollapsible(false);

    auto* center = new QWidget(this);
    auto* layout = new QVBoxLayout(center);
    layout->addWidget(m_notices);
    layout->addWidget(m_banner);
    layout->addWidget(buildLoginBar());
    layout->addWidget(m_splitter, 1);
    setCentralWidget(center);
    setMinimumSize(720, 480);
}

QWidget* ConnectWindow::buildLoginBar()
{
    auto* bar = new QWidget(this);
    m_target = new ElidedLabel(bar);
    m_target->setObjectName(u"shell.target"_s);
    QFont bold = font();
    bold.setBold(true);
    m_target->setFont(bold);
    m_user = new QLineEdit(bar);
    m_user->setObjectName(u"shell.user"_s);
    m_user->setAccessibleName(tr("Login"));
    m_user->setPlaceholderText(tr("a user of the device, such as admin"));
    m_password = new QLineEdit(bar);
    m_password->setObjectName(u"shell.password"_s);
    m_password->setAccessibleName(tr("Password"));
    m_password->setEchoMode(QLineEdit::Password);
    m_password->setPlaceholderText(tr("empty: asked for later"));
    m_password->setToolTip(tr("Kept until this window is closed, never stored. Leave it empty to be asked."));
    m_connect = new QPushButton(icon(u"connect"_s), tr("&Connect via RoMON"), bar);
    m_connect->setObjectName(u"shell.connect"_s);
    m_connect->setDefault(true);
    m_connect->setMinimumWidth(m_connect->sizeHint().width() + 2 * fontMetrics().averageCharWidth());
    m_chooseInterfaces = new QPushButton(icon(u"interfaces"_s), tr("&Interfaces…"), bar);
    m_chooseInterfaces->setObjectName(u"shell.interfaces"_s);

    auto* toLabel = new QLabel(tr("Connect to:"), bar);
    auto* userLabel = new QLabel(tr("&Login:"), bar);
    userLabel->setBuddy(m_user);
    auto* passwordLabel = new QLabel(tr("&Password:"), bar);
    passwordLabel->setBuddy(m_password);

    auto* grid = new QGridLayout(bar);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->addWidget(toLabel, 0, 0);
    grid->addWidget(m_target, 0, 1, 1, 3);
    grid->addWidget(m_chooseInterfaces, 0, 4);
    grid->addWidget(userLabel, 1, 0);
    grid->addWidget(m_user, 1, 1);
    grid->addWidget(passwordLabel, 1, 2);
    grid->addWidget(m_password, 1, 3);
    grid->addWidget(m_connect, 1, 4);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    QWidget::setTabOrder(m_user, m_password);
    QWidget::setTabOrder(m_password, m_connect);
    QWidget::setTabOrder(m_connect, m_chooseInterfaces);
    return bar;
}

void ConnectWindow::buildStatusBar()
{
    m_self = plainLabel(u"shell.status.self"_s, this);
    m_rounds = plainLabel(u"shell.status.rounds"_s, this);
    m_counts = plainLabel(u"shell.status.counts"_s, this);
    m_place = plainLabel(u"shell.status.agent"_s, this);
    m_rounds->setToolTip(tr("How often the network has been asked who is there"));
    for (QLabel* label : {m_self, m_counts, m_rounds, m_place})
        label->setContentsMargins(8, 0, 8, 0);
    for (QLabel* label : {m_self, m_counts, m_rounds})
        statusBar()->addWidget(label);
    statusBar()->addPermanentWidget(m_place);
}

void ConnectWindow::buildMenus()
{
    QMenu* file = menuBar()->addMenu(tr("&Footbridge"));
    file->addAction(icon(u"connect"_s), tr("&Connect via RoMON"), QKeySequence(tr("Ctrl+Return")), m_connect,
                    &QPushButton::click);
    file->addAction(icon(u"interfaces"_s), tr("&Interfaces…"), QKeySequence(tr("Ctrl+I")), this,
                    &ConnectWindow::chooseInterfaces);
    file->addAction(icon(u"key"_s), tr("&Secrets…"), QKeySequence(tr("Ctrl+K")), this, [this] { present(*m_secrets); })
        ->setObjectName(u"shell.secrets"_s);
    file->addSeparator();
    file->addAction(tr("&Quit"), QKeySequence(QKeySequence::Quit), qApp, &QApplication::closeAllWindows);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addAction(icon(u"search"_s), tr("&Filter"), QKeySequence(QKeySequence::Find), m_neighbors,
                    &NeighborView::focusFilter);
    view->addSeparator();
    m_theme.addActionsTo(*view);
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(icon(u"information"_s), tr("&About Footbridge"), QKeySequence(QKeySequence::HelpContents), this,
                    &ConnectWindow::showAbout);
}

void ConnectWindow::connectParts()
{
    connect(&m_agent, &ServiceBridge::snapshotChanged, this, &ConnectWindow::applySnapshot);
    connect(&m_agent, &ServiceBridge::opened, this, [this] {
        m_banner->hide();
        m_notices->forget();
        showStatus();
    });
    connect(&m_agent, &ServiceBridge::lost, this, [this](const Error& error) {
        m_neighbors->showAgentLost(errorText(error).what);
        showSelection();
        showStatus();
    });
    connect(&m_agent, &ServiceBridge::duplicateIdHeard, m_notices, &Notices::warn);
    connect(m_notices, &Notices::secretsWanted, this, [this] { present(*m_secrets); });
    connect(m_banner, &Banner::actionChosen, m_banner, &Banner::hide);
    connect(&m_ways, &DevicePaths::changed, this, &ConnectWindow::showWays);
    connect(&m_ways, &DevicePaths::refused, this, [this](const PathWish& wish, const Error& error) {
        const NodeNames& names = m_neighbors->model().names();
        m_path->showRefusal(refusalText(wish, error, names.node(*m_ways.watched()), names));
    });
    connect(m_path, &PathPane::wished, &m_ways, &DevicePaths::wish);
    connect(m_neighbors, &NeighborView::selectionChanged, this, &ConnectWindow::showSelection);
    connect(m_neighbors, &NeighborView::activated, this, &ConnectWindow::connectTo);
    connect(m_neighbors, &NeighborView::remedyChosen, this, [this](Emptiness reason) {
        if (reason == Emptiness::NoAgent)
            m_agent.open();
        else if (reason != Emptiness::FilteredOut)
            chooseInterfaces();
    });
    const auto connectSelected = [this] {
        if (const auto id = m_neighbors->selected())
            connectTo(*id);
    };
    connect(m_connect, &QPushButton::clicked, this, connectSelected);
    connect(m_user, &QLineEdit::returnPressed, this, connectSelected);
    connect(m_password, &QLineEdit::returnPressed, this, connectSelected);
    connect(m_chooseInterfaces, &QPushButton::clicked, this, &ConnectWindow::chooseInterfaces);
    connect(&m_theme, &Theme::changed, this, &ConnectWindow::showStatus);
}

void ConnectWindow::restore()
{
    resize(1100, 720);
    restoreGeometry(m_settings.value(kGeometryKey).toByteArray());
    m_splitter->restoreState(m_settings.value(kSplitterKey).toByteArray());
    m_neighbors->restoreHeader(m_settings.value(kHeaderKey).toByteArray());
    m_user->setText(m_settings.value(kUserKey, u"admin"_s).toString());
}

void ConnectWindow::closeEvent(QCloseEvent* event)
{
    m_settings.setValue(kGeometryKey, saveGeometry());
    m_settings.setValue(kSplitterKey, m_splitter->saveState());
    m_settings.setValue(kHeaderKey, m_neighbors->headerState());
    QMainWindow::closeEvent(event);
}

void ConnectWindow::setUser(const QString& user)
{
    m_user->setText(user);
}

void ConnectWindow::connectWhenHeard(const QString& node)
{
    m_waitedFor = node;
    tryWaitingNode();
}

void ConnectWindow::applySnapshot(const SnapshotPointer& snapshot)
{
    const bool isFirst = m_neighbors->model().rowCount() == 0;
    m_neighbors->apply(snapshot);
    m_notices->apply(*snapshot, m_neighbors->model().names());
    if (isFirst)
        m_neighbors->focusFilter();
    showStatus();
    showSelection();
    tryWaitingNode();
}

void ConnectWindow::showStatus()
{
    const SnapshotPointer& snapshot = m_agent.snapshot();
    m_place->setText(m_agent.isOpen() ? m_agent.description() : tr("no agent"));
    if (!snapshot)
        return;
    m_self->setText(tr("This computer: %1").arg(idText(snapshot->self)));
    m_rounds->setText(tr("round %1").arg(snapshot->roundsAsked));
    const auto count = [&](overlay::Freshness freshness) {
        return std::ranges::count(snapshot->nodes, freshness, &overlay::NodeInfo::freshness);
    };
    m_counts->setText(tr("%1 fresh, %2 stale, %3 lost")
                          .arg(count(overlay::Freshness::Fresh))
                          .arg(count(overlay::Freshness::Stale))
                          .arg(count(overlay::Freshness::Lost)));
}

void ConnectWindow::showSelection()
{
    const Emptiness emptiness = m_neighbors->emptiness();
    m_path->setVisible(emptiness == Emptiness::None || emptiness == Emptiness::FilteredOut);
    const auto id = m_agent.isOpen() ? m_neighbors->selected() : std::nullopt;
    m_connect->setEnabled(id.has_value());
    if (!id) {
        m_target->setText(tr("no device selected"));
        m_path->showNothing();
        m_ways.watch(std::nullopt);
        return;
    }
    m_target->setText(titleOf(*id));
    m_ways.watch(id);
}

void ConnectWindow::showWays()
{
    const NodeNames& names = m_neighbors->model().names();
    m_path->showWays(names.node(m_ways.ways().device), m_ways.ways(), names);
}

QString ConnectWindow::titleOf(const romon::RomonId& device) const
{
    const auto row = m_neighbors->model().rowOf(device);
    const QString identity = row ? m_neighbors->model().rowAt(*row).identity : QString();
    return identity.isEmpty() ? idText(device) : u"%1 (%2)"_s.arg(identity, idText(device));
}

void ConnectWindow::connectTo(const romon::RomonId& device)
{
    const QString user = m_user->text().trimmed();
    if (user.isEmpty()) {
        m_banner->say(Banner::Kind::Warning, tr("Type a login first: devices know people by it."));
        m_user->setFocus();
        return;
    }
    m_banner->hide();
    m_settings.setValue(kUserKey, user);
    Q_EMIT connectRequested({.device = device,
                             .deviceName = titleOf(device),
                             .user = user,
                             .password = Secret(m_password->text().toStdString())});
}

void ConnectWindow::tryWaitingNode()
{
    if (m_waitedFor.isEmpty() || !m_agent.snapshot())
        return;
    std::vector<romon::RomonId> found;
    for (const auto& node : m_agent.snapshot()->nodes) {
        const bool hasTheName = fromCore(node.identity).compare(m_waitedFor, Qt::CaseInsensitive) == 0;
        if (hasTheName || idText(node.id) == m_waitedFor.toLower())
            found.push_back(node.id);
    }
    if (found.empty())
        return;
    if (found.size() > 1) {
        // Never the wrong router: the user must say which of the namesakes is meant.
        m_banner->say(Banner::Kind::Warning,
                      errorText({ErrorCode::AmbiguousName, m_waitedFor.toStdString(), 0}).joined());
        m_waitedFor.clear();
        return;
    }
    m_waitedFor.clear();
    m_neighbors->select(found.front());
    connectTo(found.front());
}

void ConnectWindow::chooseInterfaces()
{
    present(*m_interfaces);
}

void ConnectWindow::showAbout()
{
    auto* about = new QMessageBox(this);
    about->setObjectName(u"shell.about"_s);
    about->setAttribute(Qt::WA_DeleteOnClose);
    about->setWindowTitle(tr("About Footbridge"));
    about->setIconPixmap(applicationIcon().pixmap(QSize(64, 64)));
    about->setText(tr("Footbridge %1").arg(QApplication::applicationVersion()));
    about->setInformativeText(tr("A way back in over RoMON, when the road is washed out.\n\nFree software under the "
                                 "Apache License 2.0. RoMON, RouterOS and WinBox are names of MikroTik's; this program "
                                 "is not theirs."));
    about->open();
}

} // namespace fb::ui
