// SPDX-License-Identifier: Apache-2.0
// Random networks for the simulator, and the slow but obvious way to list the paths through one.
#pragma once

#include "tests/sim/SimNet.h"

#include <vector>

namespace fb::sim {

struct TopologyOptions {
    std::size_t nodes = 10;
    std::size_t extraLinks = 0;     ///< beyond a random tree that connects all
    std::size_t sharedSegments = 0; ///< of three to five nodes each
};

/// Adds transit nodes and links with random costs to an empty net.
void makeRandomTopology(SimNet& net, const TopologyOptions& options);

/// Every loop-free path, in the order that a node must prefer them: cost, hops, larger L2 MTU, lowest node ids, lowest
/// link ids.
[[nodiscard]] std::vector<overlay::Path> allPaths(const std::vector<overlay::LinkInfo>& links, romon::RomonId from,
                                                  romon::RomonId to);

} // namespace fb::sim
