// SPDX-License-Identifier: Apache-2.0
// The rules that hold for every frame and every node of a simulation.
#include "core/romon/Codec.h"
#include "core/wire/Ethernet.h"
#include "tests/sim/SimNet.h"
#include "tests/sim/SimNode.h"

#include <algorithm>
#include <set>

namespace fb::sim {

namespace {

// Where things are in a frame, Ethernet header included (docs/wire-format.md, sections 2 and 3).
constexpr std::size_t kTypeAt = 14;
constexpr std::size_t kSourceIdAt = 42;
constexpr std::size_t kDestinationIdAt = 48;
constexpr std::size_t kHopsAt = 54;
constexpr std::size_t kEntriesAt = 62; ///< of a Discover
constexpr std::size_t kEntryBytes = 10;

constexpr std::size_t kDiscoverHopsMax = 32;
constexpr std::uint64_t kFramesPerFullCheck = 16;

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
    throw Violation("seed " + std::to_string(m_seed) + ", step " + std::to_string(m_steps) + ", at " +
                    std::to_string(m_now.time_since_epoch().count()) + " us: " + what);
}

/// What the bytes say without taking them apart: of every frame.
void SimNet::checkFrame(const SentFrame& sent)
{
    const Bytes frame = sent.frame;
    demand(frame.size() >= kHopsAt + 8, "a frame with a header and a hop list");
    demand(std::equal(frame.begin() + 6, frame.begin() + 12, macOf(sent.node, sent.port).octets.begin()),
           "the port's own source address");
    const bool isDiscover = frame[kTypeAt] == static_cast<std::uint8_t>(romon::MessageType::Discover);
    const bool isToGroup = std::equal(frame.begin(), frame.begin() + 6, romon::kGroupAddress.octets.begin());
    demand(isDiscover == isToGroup, "a Discover to the group, all else to one station");
    const std::size_t count = frame[kHopsAt];
    const std::size_t pointer = frame[kHopsAt + 1];
    demand(isDiscover ? pointer == count : pointer <= count, "a pointer within the hop list");
    if (isDiscover)
        checkDiscover(sent, count);
    checkBalance(*m_nodes[sent.node], sent);
    if (m_thoroughness == Thoroughness::Full || m_framesChecked++ % kFramesPerFullCheck == 0)
        checkFrameFully(sent);
}

/// A question never comes through a node twice, and never goes farther than it may.
void SimNet::checkDiscover(const SentFrame& sent, std::size_t count)
{
    demand(count <= kDiscoverHopsMax, "a Discover of bounded reach");
    demand(sent.frame.size() >= kEntriesAt + count * kEntryBytes, "a hop list that is there");
    const auto& ports = m_nodes[sent.node]->ports;
    for (std::size_t entry = 0; entry < count; ++entry) {
        const auto* mac = sent.frame.data() + kEntriesAt + entry * kEntryBytes + 4;
        for (const auto& port : ports)
            demand(!std::equal(mac, mac + 6, port.config.mac.octets.begin()), "no question passes a node twice");
    }
    countCopy(sent, count);
}

/// A question bears no number, so copies of one round and of the next look the same; what can be counted is how many
/// times somebody asked, and how many copies a port has passed on.
void SimNet::countCopy(const SentFrame& sent, std::size_t count)
{
    if (count == 0) {
        Node& asker = *m_nodes[sent.node];
        asker.questions += asker.askedAt != m_now ? 1U : 0U;
        asker.askedAt = m_now;
        return;
    }
    const auto* id = sent.frame.data() + kSourceIdAt;
    // The number of a node lies in the end of its id; whoever has another id is no node of ours.
    const NodeIndex asker = (std::size_t{id[4]} << 8U) | id[5];
    if (asker >= m_nodes.size() || !std::equal(id, id + 6, m_nodes[asker]->config.id.value.octets.begin()))
        return;
    auto& copies = m_nodes[sent.node]->ports.at(sent.port).copies;
    if (copies.size() < m_nodes.size())
        copies.resize(m_nodes.size());
    ++copies[asker];
}

void SimNet::beginCopyCount()
{
    for (auto& node : m_nodes) {
        node->questions = 0;
        for (auto& port : node->ports)
            port.copies.clear();
    }
}

void SimNet::checkCopies() const
{
    for (const auto& node : m_nodes) {
        for (const auto& port : node->ports) {
            for (NodeIndex asker = 0; asker < port.copies.size(); ++asker) {
                // One question was perhaps on its way when counting began.
                demand(port.copies[asker] <= m_nodes[asker]->questions + 1,
                       "a question passes each port of a node once");
            }
        }
    }
}

/// Whoever passes frames on, passes on at most as many as it heard.
void SimNet::checkBalance(Node& node, const SentFrame& sent) const
{
    const auto type = static_cast<romon::MessageType>(sent.frame[kTypeAt]);
    const auto isAt = [&](std::size_t at) {
        return std::equal(node.config.id.value.octets.begin(), node.config.id.value.octets.end(),
                          sent.frame.begin() + static_cast<std::ptrdiff_t>(at));
    };
    if (type == romon::MessageType::Data && !isAt(kSourceIdAt)) {
        ++node.data.passedOn;
        demand(sent.frame[kHopsAt + 1] > 0, "Data of others has travelled a hop");
        demand(node.data.passedOn <= node.data.heard, "no node multiplies Data");
    } else if (type == romon::MessageType::DiscoverResp && !isAt(kDestinationIdAt)) {
        ++node.responses.passedOn;
        demand(node.responses.passedOn <= node.responses.heard, "no node multiplies answers");
    }
}

void SimNet::checkFrameFully(const SentFrame& sent) const
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
    if (const auto* discover = std::get_if<romon::Discover>(&*message))
        demand(discover->others.empty(), "a Discover without private tags");
    if (roleOf(sent.node) == overlay::Role::Leaf)
        demand(isOwnWord(*message, id(sent.node)), "a leaf forwards nothing");
}

void SimNet::checkNode(NodeIndex node)
{
    if (!isRunning(node))
        return;
    const auto& limits = m_nodes[node]->config.limits;
    const auto snapshot = this->snapshot(node);
    checkCounters(node, snapshot);
    if (m_nodes[node]->streams)
        demand(m_nodes[node]->stack->streams().status(localNow(node)).size() <= m_nodes[node]->streams->streamsMax,
               "streams in bounds");
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

void SimNet::checkCounters(NodeIndex node, const overlay::Snapshot& snapshot)
{
    auto& known = m_nodes[node]->counters;
    for (const auto& counter : snapshot.counters) {
        auto& value = known[counter.name];
        demand(counter.value >= value, "a counter never goes back");
        value = counter.value;
    }
}

} // namespace fb::sim
