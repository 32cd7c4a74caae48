// SPDX-License-Identifier: Apache-2.0
#include "ui/neighbors/PathActions.h"

#include "ui/bridge/PathWords.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>

namespace fb::ui {

using namespace Qt::StringLiterals;

namespace {

/// Names come from the network: an ampersand in one is no shortcut.
QString menuText(QString name)
{
    return name.replace(u'&', u"&&"_s);
}

} // namespace

PathActions::PathActions(QWidget* parent)
    : QWidget(parent),
      m_scope(new QComboBox(this)),
      m_pin(new QPushButton(tr("Pin this pa&th"), this)),
      m_avoidNode(new QPushButton(tr("Avoid &node"), this)),
      m_avoidLink(new QPushButton(tr("Avoid lin&k"), this)),
      m_automatic(new QPushButton(tr("&Automatic"), this))
{
    m_scope->setObjectName(u"neighbors.path.scope"_s);
    m_scope->setAccessibleName(tr("For which sessions"));
    m_scope->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_scope->setMinimumContentsLength(20);
    m_pin->setObjectName(u"neighbors.path.pin"_s);
    m_pin->setToolTip(tr("Use this path while it works, and another one only while it does not"));
    m_avoidNode->setObjectName(u"neighbors.path.avoidNode"_s);
    m_avoidNode->setToolTip(tr("Use no path over one of these devices"));
    m_avoidNode->setMenu(new QMenu(m_avoidNode));
    m_avoidLink->setObjectName(u"neighbors.path.avoidLink"_s);
    m_avoidLink->setToolTip(tr("Use no path over any link at one of these ports"));
    m_avoidLink->setMenu(new QMenu(m_avoidLink));
    m_automatic->setObjectName(u"neighbors.path.automatic"_s);
    m_automatic->setToolTip(tr("Take back what is pinned and avoided"));

    auto* scopeLabel = new QLabel(tr("Fo&r:"), this);
    scopeLabel->setBuddy(m_scope);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(scopeLabel);
    layout->addWidget(m_scope);
    layout->addStretch(1);
    for (QPushButton* button : {m_pin, m_avoidNode, m_avoidLink, m_automatic}) {
        button->setAutoDefault(false);
        layout->addWidget(button);
    }
    connect(m_scope, &QComboBox::currentIndexChanged, this, &PathActions::enable);
    connect(m_pin, &QPushButton::clicked, this, [this] { pin(PathWish::Kind::Pin); });
    connect(m_automatic, &QPushButton::clicked, this,
            [this] { Q_EMIT wished({.kind = PathWish::Kind::Automatic, .scope = scope()}); });
    offerScopes({});
}

void PathActions::offerScopes(const DeviceWays& ways)
{
    std::vector<agent::PolicyScope> scopes{{.session = std::nullopt, .node = ways.device}};
    QStringList texts{tr("all sessions to it")};
    for (const auto& session : ways.sessions) {
        scopes.push_back({.session = session.session, .node = std::nullopt});
        texts << sessionText(session);
    }
    scopes.push_back({});
    texts << tr("all sessions to all devices");
    if (scopes == m_scopes)
        return;
    const agent::PolicyScope chosen = m_scopes.empty() ? agent::PolicyScope{} : scope();
    const auto kept = chosen == agent::PolicyScope{} ? scopes.end() : std::ranges::find(scopes, chosen);
    m_scopes = std::move(scopes);
    m_scope->clear();
    m_scope->addItems(texts);
    m_scope->setCurrentIndex(kept == m_scopes.end() ? 0 : static_cast<int>(kept - m_scopes.begin()));
    enable();
}

agent::PolicyScope PathActions::scope() const
{
    const int row = m_scope->currentIndex();
    return row < 0 ? m_scopes.front() : m_scopes.at(static_cast<std::size_t>(row));
}

void PathActions::select(const overlay::Path* path, const std::optional<overlay::Hop>& hop, const NodeNames& names)
{
    const auto wanted = path != nullptr ? std::optional(*path) : std::nullopt;
    if (wanted == m_path && hop == m_hop && names == m_names)
        return;
    m_path = wanted;
    m_hop = hop;
    m_names = names;
    for (QPushButton* button : {m_avoidNode, m_avoidLink})
        button->menu()->clear();
    addNodes(*m_avoidNode->menu());
    addLinks(*m_avoidLink->menu());
    enable();
}

void PathActions::enable()
{
    // A path leads to one device: it cannot be pinned for all of them.
    m_pin->setEnabled(m_path.has_value() && scope() != agent::PolicyScope{});
    m_avoidNode->setEnabled(!m_avoidNode->menu()->isEmpty());
    m_avoidLink->setEnabled(!m_avoidLink->menu()->isEmpty());
}

void PathActions::pin(PathWish::Kind kind)
{
    Q_EMIT wished({.kind = kind, .scope = scope(), .pin = overlay::pinOf(*m_path)});
}

void PathActions::avoidNode(const romon::RomonId& node)
{
    Q_EMIT wished({.kind = PathWish::Kind::AvoidNode, .scope = scope(), .node = node});
}

void PathActions::avoidLink(const overlay::PortName& link)
{
    Q_EMIT wished({.kind = PathWish::Kind::AvoidLink, .scope = scope(), .link = link});
}

void PathActions::addNodes(QMenu& menu)
{
    if (!m_path)
        return;
    // Not the last: it is where the path leads to.
    for (std::size_t hop = 0; hop + 1 < m_path->hops.size(); ++hop) {
        const romon::RomonId node = m_path->hops[hop].to;
        menu.addAction(menuText(m_names.node(node)), this, [this, node] { avoidNode(node); });
    }
}

void PathActions::addLinks(QMenu& menu)
{
    if (!m_path)
        return;
    for (const auto& hop : m_path->hops) {
        const overlay::PortName link{.node = hop.from, .linkId = hop.out.linkId};
        const QString text = tr("%1, to %2").arg(m_names.leaving(hop), m_names.node(hop.to));
        menu.addAction(menuText(text), this, [this, link] { avoidLink(link); });
    }
}

void PathActions::popUp(const QPoint& globalPosition)
{
    auto* menu = new QMenu(this);
    menu->setObjectName(u"neighbors.path.menu"_s);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_hop) {
        const overlay::PortName link{.node = m_hop->from, .linkId = m_hop->out.linkId};
        const bool isLast = m_path && m_path->hops.back() == *m_hop;
        if (!isLast)
            menu->addAction(tr("Avoid &node %1").arg(menuText(m_names.node(m_hop->to))), this,
                            [this, node = m_hop->to] { avoidNode(node); });
        menu->addAction(tr("Avoid lin&k %1").arg(menuText(m_names.leaving(*m_hop))), this,
                        [this, link] { avoidLink(link); });
        menu->addSeparator();
    }
    if (m_pin->isEnabled()) {
        menu->addAction(tr("Pin this pa&th"), this, [this] { pin(PathWish::Kind::Pin); });
        menu->addAction(tr("Pin it &strictly: no other path even if it fails"), this,
                        [this] { pin(PathWish::Kind::PinStrictly); });
    }
    if (!m_hop && m_avoidNode->isEnabled())
        addNodes(*menu->addMenu(tr("Avoid &node")));
    if (!m_hop && m_avoidLink->isEnabled())
        addLinks(*menu->addMenu(tr("Avoid lin&k")));
    menu->addSeparator();
    menu->addAction(tr("&Automatic"), m_automatic, &QPushButton::click);
    menu->popup(globalPosition);
}

} // namespace fb::ui
