// SPDX-License-Identifier: Apache-2.0
#include "ui/bridge/NodeNames.h"

#include "ui/bridge/Format.h"

#include <QCoreApplication>
#include <QHash>

#include <algorithm>

namespace fb::ui {

using namespace Qt::StringLiterals;

NodeNames::NodeNames(const overlay::Snapshot& snapshot) : m_self(snapshot.self)
{
    QHash<QString, int> uses;
    m_nodes.reserve(snapshot.nodes.size());
    for (const auto& info : snapshot.nodes) {
        m_nodes.emplace_back(info.id, fromCore(info.identity));
        ++uses[m_nodes.back().second];
    }
    for (auto& [id, name] : m_nodes) {
        if (name.isEmpty())
            name = idText(id);
        else if (uses.value(name) > 1)
            name += u" (…%1)"_s.arg(idText(id).right(8));
    }
    std::ranges::sort(m_nodes, {}, [](const auto& entry) { return entry.first; });
    for (const auto& info : snapshot.ports)
        m_ports.emplace_back(info.mac, fromCore(info.interface));
    for (const auto& link : snapshot.links) {
        if (link.a == m_self)
            nameOwnLink(link.endA);
        else if (link.b == m_self)
            nameOwnLink(link.endB);
    }
}

void NodeNames::nameOwnLink(const overlay::LinkEnd& end)
{
    const QString* name = ownPort(end.mac);
    const bool isKnown =
        std::ranges::find(m_links, end.linkId, [](const auto& entry) { return entry.first; }) != m_links.end();
    if (name != nullptr && !isKnown)
        m_links.emplace_back(end.linkId, *name);
}

const QString* NodeNames::ownPort(const MacAddress& mac) const
{
    const auto own = std::ranges::find(m_ports, mac, [](const auto& entry) { return entry.first; });
    return own == m_ports.end() ? nullptr : &own->second;
}

QString NodeNames::node(const romon::RomonId& id) const
{
    if (id == m_self)
        return QCoreApplication::translate("fb::ui::NodeNames", "this computer");
    const auto found = std::ranges::lower_bound(m_nodes, id, {}, [](const auto& entry) { return entry.first; });
    return found != m_nodes.end() && found->first == id ? found->second : idText(id);
}

QString NodeNames::port(const overlay::LinkEnd& end) const
{
    if (const QString* own = ownPort(end.mac))
        return *own;
    return QCoreApplication::translate("fb::ui::NodeNames", "link %1").arg(end.linkId);
}

QString NodeNames::port(const overlay::EndName& port) const
{
    const auto own = std::ranges::find(m_links, port.linkId, [](const auto& entry) { return entry.first; });
    if (port.node == m_self && own != m_links.end())
        return own->second;
    return QCoreApplication::translate("fb::ui::NodeNames", "%1 link %2")
        .arg(node(port.node), QString::number(port.linkId));
}

QString NodeNames::leaving(const overlay::Hop& hop) const
{
    const QString* own = hop.from == m_self ? ownPort(hop.out.mac) : nullptr;
    return own != nullptr ? *own : port(overlay::EndName{.node = hop.from, .linkId = hop.out.linkId});
}

QString NodeNames::path(const overlay::Path& path) const
{
    QString text;
    for (const auto& hop : path.hops) {
        if (!text.isEmpty())
            text += u" → "_s;
        text += node(hop.to);
    }
    return text;
}

} // namespace fb::ui
