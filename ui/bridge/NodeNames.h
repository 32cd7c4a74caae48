// SPDX-License-Identifier: Apache-2.0
// The names by which a person knows nodes and ports, taken from one snapshot: a value, cheap to ask. Two nodes never
// share a name here: where identities repeat, the end of the id is added.
#pragma once

#include "core/overlay/LinkName.h"

#include <QString>

#include <utility>
#include <vector>

namespace fb::ui {

class NodeNames {
public:
    NodeNames() = default;
    explicit NodeNames(const overlay::Snapshot& snapshot);

    /// The identity, told apart from its namesakes; the id if none was announced; "this computer" for ourselves.
    [[nodiscard]] QString node(const romon::RomonId& id) const;

    /// Our own ports by interface name, others by what their owner announces: "link 3".
    [[nodiscard]] QString port(const overlay::LinkEnd& end) const;

    /// "core1 link 3"; a port of our own by its interface's name.
    [[nodiscard]] QString port(const overlay::EndName& port) const;

    /// The port that the hop leaves by, in the same words.
    [[nodiscard]] QString leaving(const overlay::Hop& hop) const;

    /// The nodes on the way, the last one included: "a → b".
    [[nodiscard]] QString path(const overlay::Path& path) const;

    friend bool operator==(const NodeNames&, const NodeNames&) = default;

private:
    [[nodiscard]] const QString* ownPort(const MacAddress& mac) const;
    void nameOwnLink(const overlay::LinkEnd& end);

    romon::RomonId m_self;
    std::vector<std::pair<romon::RomonId, QString>> m_nodes; ///< ascending by id
    std::vector<std::pair<MacAddress, QString>> m_ports;     ///< our own
    std::vector<std::pair<std::uint32_t, QString>> m_links;  ///< our own, by the ids that links go by
};

} // namespace fb::ui
