// SPDX-License-Identifier: Apache-2.0
// The rules that hold for every frame and every node of a simulation.
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/sim/SimNet.h"

#include <algorithm>
#include <stdexcept>

namespace fb::sim {

namespace {

/// What a leaf may say: its own questions, its own answers, its own data.
bool isOwnWord(const romon::Message& message, romon::RomonId self)
{
    if (const auto* discover = std::get_if<romon::Discover>(&message))
        return discover->header.source == self && discover->hops.entries.empty();
    if (const auto* response = std::get_if<romon::DiscoverResp>(&message))
        return response->own.node == self;
    const auto* data = std::get_if<romon::Data>(&message);
    return data != nullptr && data->header.source == self && data->hops.pointer == 0;
}

bool hasLoop(romon::RomonId self, const overlay::Path& path)
{
    std::set<romon::RomonId> visited{self};
    return !std::ranges::all_of(path.hops, [&](const overlay::Hop& hop) { return visited.insert(hop.to).second; });
}

} // namespace

void SimNet::demand(bool condition, const char* what) const
{
    if (condition)
        return;
    throw std::runtime_error("seed " + std::to_string(m_seed) + ", at " +
                             std::to_string(m_now.time_since_epoch().count()) + " us: " + what);
}

void SimNet::checkFrame(const SentFrame& sent) const
{
    const auto ethernet = wire::decodeEthernet(sent.frame);
    demand(ethernet.has_value() && ethernet->header.etherType == romon::kEtherType, "a RoMON frame");
    const auto message = romon::decode(ethernet->payload);
    demand(message.has_value(), "a frame that can be read");
    // Another node's answer is passed on as it came, with whatever TLVs its sender, or the weather, put in.
    const auto* response = std::get_if<romon::DiscoverResp>(&*message);
    demand((response != nullptr && response->own.node != id(sent.node)) ||
               romon::encode(*message) == ByteVector(ethernet->payload.begin(), ethernet->payload.end()),
           "exact length, zero reserved bytes, tags in the captured order");
    if (response != nullptr && response->own.node == id(sent.node))
        demand(response->others.empty(), "an answer without private tags");
    demand((ethernet->header.destination == romon::kGroupAddress) == std::holds_alternative<romon::Discover>(*message),
           "a Discover to the group, all else to one station");
    if (const auto* discover = std::get_if<romon::Discover>(&*message))
        demand(discover->others.empty(), "a Discover without private tags");
    if (roleOf(sent.node) == overlay::Role::Leaf)
        demand(isOwnWord(*message, id(sent.node)), "a leaf forwards nothing");
    demand(ethernet->header.source == macOf(sent.node, sent.port), "the port's own source address");
}

void SimNet::checkNode(NodeIndex node) const
{
    if (!isRunning(node))
        return;
    const auto& limits = limitsOf(node);
    const auto snapshot = this->snapshot(node);
    demand(snapshot.nodes.size() <= limits.nodesMax && snapshot.links.size() <= limits.linksMax, "tables in bounds");
    demand(std::ranges::is_sorted(snapshot.nodes, {}, &overlay::NodeInfo::id), "nodes ascending");
    for (const auto& info : snapshot.nodes) {
        demand(info.id != snapshot.self, "a node does not list itself");
        demand(info.freshness != overlay::Freshness::Lost || !info.path, "no path to a lost node");
        if (!info.path)
            continue;
        demand(!hasLoop(snapshot.self, *info.path), "no path with a loop");
        demand(info.path->hops.back().to == info.id, "a path ends at its node");
        for (const auto& hop : info.path->hops) {
            const auto isLink = [&](const overlay::LinkInfo& link) {
                return (link.a == hop.from && link.b == hop.to && link.endA == hop.out && link.endB == hop.in) ||
                       (link.b == hop.from && link.a == hop.to && link.endB == hop.out && link.endA == hop.in);
            };
            const auto found = std::ranges::find_if(snapshot.links, isLink);
            demand(found != snapshot.links.end() && found->freshness != overlay::Freshness::Lost,
                   "a path uses links that are there");
        }
    }
}

} // namespace fb::sim
