// SPDX-License-Identifier: Apache-2.0
// The network as it is, and what the cheapest path in it costs: a textbook Dijkstra over the true links, nothing shared
// with the engine's own path finder.
#pragma once

#include "core/overlay/PathPolicy.h"
#include "tests/sim/SimNet.h"

#include <optional>
#include <vector>

namespace fb::sim {

class Truth {
public:
    explicit Truth(const SimNet& net);

    /// Of the cheapest path that leads through no leaf and touches nothing that the policy avoids; nothing if there is
    /// none. Pins do not count.
    [[nodiscard]] std::vector<std::optional<std::uint32_t>> costsFrom(NodeIndex from,
                                                                      const overlay::PathPolicy& policy = {}) const;
    /// Whether each hop is a link that is there.
    [[nodiscard]] bool isReal(const overlay::Path& path) const;

private:
    struct Edge {
        NodeIndex to = 0;
        std::uint32_t cost = 0;
        overlay::PortName out;
        overlay::PortName in;
    };
    std::vector<overlay::LinkInfo> m_links;
    std::vector<std::vector<Edge>> m_edges;
    std::vector<bool> m_isLeaf;
};

/// What still keeps a watcher's map from being the truth, in words; empty once it is: every node that can be reached is
/// fresh, with a real path of the least cost, and no other node has a path.
[[nodiscard]] std::string differenceFromTruth(const SimNet& net, const Truth& truth, NodeIndex watcher);

} // namespace fb::sim
