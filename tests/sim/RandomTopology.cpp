// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/RandomTopology.h"

#include <algorithm>
#include <tuple>

namespace fb::sim {

namespace {

PortOptions randomPort(SeededRandom& random)
{
    constexpr std::uint16_t kMtus[] = {1500, 1500, 1592, 1400};
    const std::uint16_t l2Mtu = kMtus[random.below(4)];
    return {.l2Mtu = l2Mtu, .cost = static_cast<std::uint16_t>(50 * (1 + random.below(4)))};
}

/// The order of the draws is part of the seed's meaning: never leave it to the evaluation of arguments.
void linkAtRandom(SimNet& net, NodeIndex first, NodeIndex second)
{
    const PortOptions firstPort = randomPort(net.random());
    const PortOptions secondPort = randomPort(net.random());
    net.link(first, second, firstPort, secondPort);
}

NodeIndex anyNode(SimNet& net)
{
    return net.random().below(static_cast<std::uint32_t>(net.nodeCount()));
}

struct Search {
    const std::vector<overlay::LinkInfo>& links;
    romon::RomonId target;
    std::set<romon::RomonId> visited;
    overlay::Path path;
    std::vector<overlay::Path> found;

    void goOnFrom(romon::RomonId node)
    {
        if (node == target) {
            found.push_back(path);
            return;
        }
        for (const auto& link : links) {
            if (link.a == node)
                take({.from = link.a, .to = link.b, .out = link.endA, .in = link.endB});
            else if (link.b == node)
                take({.from = link.b, .to = link.a, .out = link.endB, .in = link.endA});
        }
    }

    void take(const overlay::Hop& hop)
    {
        if (!visited.insert(hop.to).second)
            return;
        path.hops.push_back(hop);
        goOnFrom(hop.to);
        path.hops.pop_back();
        visited.erase(hop.to);
    }
};

auto orderOf(const overlay::Path& path)
{
    std::vector<romon::RomonId> nodes;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> linkIds;
    for (const auto& hop : path.hops) {
        nodes.push_back(hop.to);
        linkIds.emplace_back(hop.out.linkId, hop.in.linkId);
    }
    return std::tuple(path.cost, path.hops.size(), -int{path.l2Mtu}, std::move(nodes), std::move(linkIds));
}

} // namespace

void makeRandomTopology(SimNet& net, const TopologyOptions& options)
{
    auto& random = net.random();
    for (std::size_t node = 0; node < options.nodes; ++node)
        net.addNode();
    for (NodeIndex node = 1; node < options.nodes; ++node)
        linkAtRandom(net, node, random.below(static_cast<std::uint32_t>(node)));
    for (std::size_t extra = 0; extra < options.extraLinks; ++extra) {
        const NodeIndex first = anyNode(net);
        const NodeIndex second = anyNode(net);
        if (first != second)
            linkAtRandom(net, first, second);
    }
    for (std::size_t shared = 0; shared < options.sharedSegments; ++shared) {
        const SegmentIndex segment = net.addSegment();
        std::set<NodeIndex> members;
        for (std::uint32_t size = 3 + random.below(3); members.size() < size;)
            members.insert(anyNode(net));
        for (const NodeIndex node : members)
            net.attach(node, segment, randomPort(random));
    }
}

std::vector<overlay::Path> allPaths(const std::vector<overlay::LinkInfo>& links, romon::RomonId from, romon::RomonId to)
{
    Search search{.links = links, .target = to, .visited = {from}, .path = {}, .found = {}};
    search.goOnFrom(from);
    for (auto& path : search.found) {
        path.l2Mtu = 0xffff;
        for (const auto& hop : path.hops) {
            path.cost += hop.cost();
            path.l2Mtu = std::min({path.l2Mtu, hop.out.l2Mtu, hop.in.l2Mtu});
        }
    }
    std::ranges::sort(search.found, {}, orderOf);
    return std::move(search.found);
}

} // namespace fb::sim
