// SPDX-License-Identifier: Apache-2.0
// What can be done about the ways to a device: pin the selected one, avoid a node or a link of it, take it all back;
// for all sessions to the device, for one of them, or for every session. Asks by a signal, does nothing itself.
#pragma once

#include "ui/bridge/NodeNames.h"
#include "ui/bridge/PathWish.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QMenu;
class QPushButton;

namespace fb::ui {

class PathActions final : public QWidget {
    Q_OBJECT

public:
    explicit PathActions(QWidget* parent = nullptr);

    /// The sessions that can be chosen. The chosen one stays chosen while it lasts.
    void offerScopes(const DeviceWays& ways);
    /// The path and the hop that the user has selected; either may be none.
    void select(const overlay::Path* path, const std::optional<overlay::Hop>& hop, const NodeNames& names);

    /// All of it as a menu, which deletes itself when it is closed.
    void popUp(const QPoint& globalPosition);

Q_SIGNALS:
    void wished(const fb::ui::PathWish& wish);

private:
    [[nodiscard]] agent::PolicyScope scope() const;
    void enable();
    void pin(PathWish::Kind kind);
    void addNodes(QMenu& menu);
    void addLinks(QMenu& menu);
    void avoidNode(const romon::RomonId& node);
    void avoidLink(const overlay::PortName& link);

    std::vector<agent::PolicyScope> m_scopes; ///< one for each row of the box
    std::optional<overlay::Path> m_path;
    std::optional<overlay::Hop> m_hop;
    NodeNames m_names;
    QComboBox* m_scope;
    QPushButton* m_pin;
    QPushButton* m_avoidNode;
    QPushButton* m_avoidLink;
    QPushButton* m_automatic;
};

} // namespace fb::ui
