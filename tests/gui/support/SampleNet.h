// SPDX-License-Identifier: Apache-2.0
// Snapshots for tests of models and windows: a small network with one of everything, and large ones with long names;
// and policies for paths in them.
#pragma once

#include "core/overlay/PathPolicy.h"

#include <cstdint>
#include <string>

namespace fb::test {

inline romon::RomonId idOf(std::uint32_t number)
{
    return {MacAddress{{0x48, 0xa9, static_cast<std::uint8_t>(number >> 24U), static_cast<std::uint8_t>(number >> 16U),
                        static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}}};
}

inline overlay::LinkEnd endOf(std::uint32_t node, std::uint32_t link, std::uint16_t cost = 100)
{
    MacAddress mac = idOf(node).value;
    mac.octets[0] = 0x02;
    mac.octets[1] = static_cast<std::uint8_t>(link);
    return {.linkId = link, .l2Mtu = 1500, .cost = cost, .mac = mac};
}

inline overlay::PathPolicy pinning(const overlay::Path& path)
{
    overlay::PathPolicy policy;
    policy.pin = overlay::pinOf(path);
    return policy;
}

inline overlay::PathPolicy avoiding(std::vector<std::uint32_t> nodes, std::vector<overlay::PortName> links = {})
{
    overlay::PathPolicy policy;
    for (const std::uint32_t node : nodes)
        policy.avoidNodes.push_back(idOf(node));
    policy.avoidLinks = std::move(links);
    return policy;
}

/// Node 0 is this computer; each hop costs 200.
inline overlay::Path pathThrough(const std::vector<std::uint32_t>& nodes)
{
    overlay::Path path{.hops = {}, .cost = 0, .l2Mtu = 1500};
    std::uint32_t from = 0;
    for (const std::uint32_t to : nodes) {
        path.hops.push_back({.from = idOf(from), .to = idOf(to), .out = endOf(from, 1), .in = endOf(to, 2)});
        path.cost += path.hops.back().cost();
        from = to;
    }
    return path;
}

inline overlay::NodeInfo nodeOf(std::uint32_t number, std::string identity, std::vector<std::uint32_t> way)
{
    overlay::NodeInfo node;
    node.id = idOf(number);
    node.identity = std::move(identity);
    node.version = "7.13";
    node.board = "RB750Gr3";
    node.sinceHeard = std::chrono::seconds(2);
    if (!way.empty())
        node.path = pathThrough(way);
    return node;
}

inline overlay::PortInfo portOf(std::string interface)
{
    overlay::PortInfo port;
    port.id = 1;
    port.interface = std::move(interface);
    port.mac = endOf(0, 1).mac;
    port.l2Mtu = 1500;
    port.state = overlay::PortState::Up;
    return port;
}

/// Six devices: two footbridges, two namesakes, one stale, one lost.
inline overlay::Snapshot smallNet()
{
    overlay::Snapshot snapshot;
    snapshot.self = idOf(0);
    snapshot.identity = "workstation";
    snapshot.roundsAsked = 7;
    snapshot.ports.push_back(portOf("enp3s0"));
    snapshot.nodes.push_back(nodeOf(1, "core1", {1}));
    snapshot.nodes.push_back(nodeOf(2, "core2", {2}));
    snapshot.nodes.push_back(nodeOf(3, "edge-north", {1, 3}));
    snapshot.nodes.push_back(nodeOf(4, "MikroTik", {2, 4}));
    snapshot.nodes.push_back(nodeOf(5, "MikroTik", {1, 3, 5}));
    snapshot.nodes.push_back(nodeOf(6, "attic", {}));
    for (const std::size_t footbridge : {0U, 2U}) {
        snapshot.nodes[footbridge].isFootbridge = true;
        snapshot.nodes[footbridge].version = "0.1.0";
        snapshot.nodes[footbridge].board = "Footbridge x86_64";
        snapshot.nodes[footbridge].uptime = std::chrono::seconds(788645);
    }
    snapshot.nodes[3].freshness = overlay::Freshness::Stale;
    snapshot.nodes[5].freshness = overlay::Freshness::Lost;
    return snapshot;
}

/// So many nodes in chains of `depthMax`, with names of every length.
inline overlay::Snapshot largeNet(std::uint32_t nodes, std::uint32_t depthMax)
{
    overlay::Snapshot snapshot;
    snapshot.self = idOf(0);
    snapshot.identity = "workstation";
    snapshot.roundsAsked = 12;
    snapshot.ports.push_back(portOf("enp3s0"));
    std::vector<std::uint32_t> way;
    for (std::uint32_t number = 1; number <= nodes; ++number) {
        if (way.size() == depthMax)
            way.clear();
        way.push_back(number);
        std::string name = "site-" + std::to_string(number / 40) + "-rack-" + std::to_string(number);
        if (number % 7 == 0)
            name += "-behind-the-water-tower-on-the-old-road-to-the-lighthouse-north";
        snapshot.nodes.push_back(nodeOf(number, name, way));
        snapshot.nodes.back().freshness = static_cast<overlay::Freshness>(number % 19 == 0   ? 1
                                                                          : number % 23 == 0 ? 2
                                                                                             : 0);
        if (number % 3 == 0)
            snapshot.nodes.back().uptime = std::chrono::seconds(std::uint64_t{number} * 977);
    }
    return snapshot;
}

} // namespace fb::test
