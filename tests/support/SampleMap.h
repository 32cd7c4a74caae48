// SPDX-License-Identifier: Apache-2.0
// A small overlay as an agent on "desk" would show it: gate next to it, barn behind gate, hut with the same beginning
// of its name as nobody, and two nodes called "mill".
#pragma once

#include "core/overlay/Snapshot.h"

#include <chrono>

namespace fb::test {

inline romon::RomonId sampleId(std::uint8_t number)
{
    return {MacAddress{{0x02, 0, 0, 0, 0, number}}};
}

inline overlay::LinkEnd sampleEnd(std::uint32_t linkId, std::uint8_t mac)
{
    return {linkId, 1500, 100, MacAddress{{0x02, 0, 0, 0, 1, mac}}};
}

inline constexpr std::uint8_t kDesk = 1;
inline constexpr std::uint8_t kGate = 2;
inline constexpr std::uint8_t kBarn = 3;
inline constexpr std::uint8_t kMill = 4;
inline constexpr std::uint8_t kOtherMill = 5;

inline overlay::Path samplePathToGate()
{
    return {{{sampleId(kDesk), sampleId(kGate), sampleEnd(1, 0x11), sampleEnd(7, 0x21)}}, 200, 1500};
}

inline overlay::Path samplePathToBarn()
{
    auto path = samplePathToGate();
    path.hops.push_back({sampleId(kGate), sampleId(kBarn), sampleEnd(8, 0x22), sampleEnd(12, 0x31)});
    path.cost = 400;
    return path;
}

inline overlay::NodeInfo sampleNode(std::uint8_t number, const char* identity)
{
    overlay::NodeInfo node;
    node.id = sampleId(number);
    node.identity = identity;
    node.version = "0.1.0";
    node.board = "Footbridge";
    node.isFootbridge = true;
    return node;
}

inline overlay::Snapshot sampleSnapshot()
{
    using namespace std::chrono_literals;
    overlay::Snapshot snapshot;
    snapshot.self = sampleId(kDesk);
    snapshot.identity = "desk";
    snapshot.roundsAsked = 5;
    auto gate = sampleNode(kGate, "gate");
    gate.path = samplePathToGate();
    gate.uptime = 93784s;
    auto barn = sampleNode(kBarn, "barn");
    barn.path = samplePathToBarn();
    auto mill = sampleNode(kMill, "mill");
    mill.freshness = overlay::Freshness::Lost;
    snapshot.nodes = {gate, barn, mill, sampleNode(kOtherMill, "mill")};
    overlay::PortInfo port;
    port.id = 1;
    port.interface = "eth0";
    port.mac = MacAddress{{0x02, 0, 0, 0, 1, 0x11}};
    port.l2Mtu = 1500;
    port.state = overlay::PortState::Up;
    port.counters = {.framesReceived = 20, .framesSent = 10, .framesDropped = 1, .neighbors = 1};
    snapshot.ports = {port};
    return snapshot;
}

} // namespace fb::test
