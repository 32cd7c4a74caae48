// SPDX-License-Identifier: Apache-2.0
#include "ui/shell/TerminalTabs.h"

#include "ui/bridge/ErrorText.h"
#include "ui/bridge/SshConnection.h"
#include "ui/neighbors/Icons.h"
#include "ui/terminal/TerminalView.h"

#include <QTabBar>
#include <QToolButton>

#include <algorithm>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int kTitleMax = 40;

/// A title from the far end as a tab shows it: one line, bounded, no mnemonic.
QString titleText(const QString& title)
{
    QString text = title.simplified(); // line breaks become spaces
    if (text.size() > kTitleMax)
        text = text.left(kTitleMax - 1) + u'…';
    return text.replace(u'&', u"&&"_s);
}

ssh::TerminalSize sizeOf(const TerminalView& view)
{
    const terminal::Size size = view.terminalSize();
    return {.columns = static_cast<std::uint16_t>(size.columns), .rows = static_cast<std::uint16_t>(size.rows)};
}

} // namespace

TerminalTabs::TerminalTabs(QWidget* parent) : QTabWidget(parent)
{
    setObjectName(u"shell.terminals"_s);
    setAccessibleName(tr("Terminals of this device"));
    setDocumentMode(true);
    setMovable(true);
    setElideMode(Qt::ElideRight);
    tabBar()->setObjectName(u"shell.terminals.bar"_s);
    tabBar()->setAccessibleName(tr("Terminals"));
    tabBar()->setDrawBase(false);
    connect(this, &QTabWidget::currentChanged, this, [this] {
        if (auto* view = currentTerminal())
            view->setFocus();
    });
}

void TerminalTabs::attach(SshConnection& connection)
{
    for (const Tab& tab : m_tabs) {
        removeTab(indexOf(tab.view));
        tab.view->deleteLater();
    }
    m_tabs.clear();
    m_lastNumber = 0;
    m_connection = &connection;
    connect(&connection, &SshConnection::channelData, this, [this](ssh::ChannelId channel, const QByteArray& bytes) {
        if (Tab* tab = tabOf(channel))
            tab->view->feed(bytes);
        else
            m_connection->release(channel, bytes.size()); // of a tab that was just closed
    });
    connect(&connection, &SshConnection::channelClosed, this, [this](const ssh::ChannelClosed& closed) {
        if (const Tab* tab = tabOf(closed.channel))
            shellEnded(*tab, closed.error);
    });
}

void TerminalTabs::detach(const QString& reason)
{
    if (m_connection)
        m_connection->disconnect(this);
    m_connection = nullptr;
    for (const Tab& tab : m_tabs) {
        tab.view->setInput(TerminalView::Input::Stopped);
        tab.view->setBanner(reason);
    }
}

void TerminalTabs::openTerminal()
{
    if (!m_connection)
        return;
    auto* view = new TerminalView(this);
    view->setObjectName(u"terminal.view"_s);
    view->setAccessibleName(tr("Terminal"));
    const int index = addTab(view, icon(u"terminal"_s), tr("Terminal %1").arg(++m_lastNumber));
    addCloseButton(*view);
    m_tabs.push_back({view, 0});
    connectView(*view);
    setCurrentIndex(index);
    tabOf(view)->channel = m_connection->openShell(sizeOf(*view));
    view->setFocus();
}

void TerminalTabs::addCloseButton(TerminalView& view)
{
    auto* button = new QToolButton(tabBar());
    button->setObjectName(u"shell.terminals.close"_s);
    button->setAccessibleName(tr("Close this terminal"));
    button->setToolTip(tr("Close this terminal (Ctrl+Shift+W)"));
    button->setIcon(icon(u"close"_s));
    button->setIconSize(QSize(12, 12));
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::NoFocus);
    tabBar()->setTabButton(indexOf(&view), QTabBar::RightSide, button);
    connect(button, &QToolButton::clicked, this, [this, &view] { closeTab(indexOf(&view)); });
}

void TerminalTabs::connectView(TerminalView& view)
{
    connect(&view, &TerminalView::bytesToSend, this, [this, &view](const QByteArray& bytes) {
        const Tab* tab = tabOf(&view);
        if (!m_connection || !tab)
            return;
        // The far end takes nothing any more: what is typed must not look as if it had arrived.
        if (const auto written = m_connection->write(tab->channel, bytes); !written)
            view.setBanner(errorText(written.error()).what);
    });
    connect(&view, &TerminalView::sizeChanged, this, [this, &view] {
        const Tab* tab = tabOf(&view);
        if (m_connection && tab && tab->channel != 0)
            m_connection->resize(tab->channel, sizeOf(view));
    });
    connect(&view, &TerminalView::consumed, this, [this, &view](qsizetype sizeBytes) {
        const Tab* tab = tabOf(&view);
        if (m_connection && tab)
            m_connection->release(tab->channel, sizeBytes);
    });
    connect(&view, &TerminalView::titleChanged, this, [this, &view](const QString& title) {
        if (!title.isEmpty())
            setTabText(indexOf(&view), titleText(title));
    });
    connect(&view, &TerminalView::pasteNeedsConfirmation, this,
            [this, &view](const QString& text, int lines) { Q_EMIT pasteNeedsConfirmation(&view, text, lines); });
}

void TerminalTabs::closeCurrent()
{
    if (currentIndex() >= 0)
        closeTab(currentIndex());
}

TerminalView* TerminalTabs::currentTerminal() const
{
    return qobject_cast<TerminalView*>(currentWidget());
}

void TerminalTabs::closeTab(int index)
{
    const Tab* found = tabOf(widget(index));
    if (!found)
        return;
    const Tab tab = *found;
    const bool isLast = m_tabs.size() == 1;
    if (m_connection && tab.channel != 0)
        m_connection->closeChannel(tab.channel);
    std::erase_if(m_tabs, [&](const Tab& other) { return other.view == tab.view; });
    removeTab(index);
    tab.view->deleteLater();
    if (isLast)
        Q_EMIT lastShellEnded();
}

void TerminalTabs::shellEnded(const Tab& tab, const std::optional<Error>& error)
{
    if (error) {
        tab.view->setInput(TerminalView::Input::Stopped);
        tab.view->setBanner(errorText(*error).what);
        return;
    }
    if (m_tabs.size() > 1) {
        closeTab(indexOf(tab.view));
        return;
    }
    tab.view->setInput(TerminalView::Input::Stopped);
    Q_EMIT lastShellEnded(); // the last one stays: its text may be wanted
}

TerminalTabs::Tab* TerminalTabs::tabOf(ssh::ChannelId channel)
{
    const auto found = std::ranges::find(m_tabs, channel, &Tab::channel);
    return found == m_tabs.end() ? nullptr : &*found;
}

TerminalTabs::Tab* TerminalTabs::tabOf(const QWidget* view)
{
    const auto found = std::ranges::find(m_tabs, view, &Tab::view);
    return found == m_tabs.end() ? nullptr : &*found;
}

} // namespace fb::ui
