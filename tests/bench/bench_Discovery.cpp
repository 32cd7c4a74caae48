// SPDX-License-Identifier: Apache-2.0
// One node asks, and ten to ten thousand simulated ones answer: how long until it knows them and their links, what that
// costs each link, and what the map costs its owner. The clock is virtual, so only the memory depends on the machine's
// library. The least possible is the question once over each link, and one answer of each node along its shortest way.
#include "core/base/SeededRandom.h"
#include "tests/bench/Report.h"
#include "tests/sim/RandomTopology.h"
#include "tests/sim/SimNet.h"

#include <malloc.h>

#include <algorithm>
#include <deque>
#include <numeric>

using namespace std::chrono_literals;
using namespace fb;
using namespace fb::sim;

namespace {

constexpr NodeIndex kAsker = 0;
constexpr std::size_t kCrowd = 200; ///< nodes on one switch
constexpr auto kNodesMax = 15min;   ///< for all nodes to be known
constexpr auto kLinksMax = 5min;    ///< for the links between them
constexpr auto kLook = 50ms;        ///< how often the links are counted
constexpr auto kMinute = 1min;      ///< of a viewer who goes on looking
/// Gigabit links: an answer that is sent too soon finds its queue full.
constexpr Conditions kLine{.bytesPerSecond = 125'000'000};

struct Shape {
    const char* name;
    void (*build)(SimNet& net, std::size_t nodes);
    /// On a switch every two nodes are linked; a map keeps as many of those as its limits allow.
    enum class Links { Cables, Crowds } links;
};

void buildMesh(SimNet& net, std::size_t nodes)
{
    makeRandomTopology(net, {.nodes = nodes, .extraLinks = nodes / 2, .sharedSegments = 0});
}

void buildTree(SimNet& net, std::size_t nodes)
{
    makeRandomTopology(net, {.nodes = nodes, .extraLinks = 0, .sharedSegments = 0});
}

/// Switches full of nodes, each joined to an earlier one by a cable between two of their nodes.
void buildCrowds(SimNet& net, std::size_t nodes)
{
    SeededRandom random(7);
    std::vector<SegmentIndex> switches;
    for (std::size_t number = 0; number < nodes; ++number) {
        const NodeIndex node = net.addNode();
        if (number % kCrowd == 0) {
            switches.push_back(net.addSegment());
            if (number > 0)
                net.link(node, random.below(static_cast<std::uint32_t>(number)));
        }
        net.attach(node, switches.back());
    }
}

/// Hops from the asker to every node.
std::vector<std::size_t> distances(const SimNet& net)
{
    std::vector<std::vector<NodeIndex>> members(net.segmentCount());
    for (NodeIndex node = 0; node < net.nodeCount(); ++node) {
        for (overlay::PortId port = 0; port < net.portCount(node); ++port)
            members[net.segmentOf(node, port)].push_back(node);
    }
    std::vector<std::size_t> hops(net.nodeCount(), SIZE_MAX);
    std::deque<NodeIndex> open{kAsker};
    hops[kAsker] = 0;
    for (; !open.empty(); open.pop_front()) {
        const NodeIndex near = open.front();
        for (overlay::PortId port = 0; port < net.portCount(near); ++port) {
            for (const NodeIndex far : members[net.segmentOf(near, port)]) {
                if (hops[far] != SIZE_MAX)
                    continue;
                hops[far] = hops[near] + 1;
                open.push_back(far);
            }
        }
    }
    return hops;
}

struct Traffic {
    std::vector<std::uint64_t> frames; ///< by segment
    std::vector<std::uint64_t> bytes;

    void add(const SentFrame& sent)
    {
        ++frames[sent.segment];
        bytes[sent.segment] += sent.frame.size();
    }
};

struct Outcome {
    std::size_t nodes = 0;
    double nodesAfter = 0; ///< seconds until all were known, or the time that was given
    Traffic untilNodes;
    std::size_t links = 0;
    double linksAfter = 0; ///< likewise, counted from the beginning too
    Traffic inMinute;
};

/// Frames of the question and of the answers, if none were sent twice.
double framesLeast(const SimNet& net)
{
    const auto hops = distances(net);
    return static_cast<double>(net.segmentCount() + std::accumulate(hops.begin(), hops.end(), std::size_t{0}));
}

std::size_t takeAppeared(SimNet& net)
{
    auto& events = net.events(kAsker);
    const auto count = std::ranges::count_if(
        events, [](const auto& event) { return std::holds_alternative<overlay::NodeAppeared>(event); });
    events.clear();
    return static_cast<std::size_t>(count);
}

Outcome discover(SimNet& net, Shape::Links links)
{
    Outcome outcome;
    Traffic traffic{.frames = std::vector<std::uint64_t>(net.segmentCount()),
                    .bytes = std::vector<std::uint64_t>(net.segmentCount())};
    net.setObserver([&traffic](const SentFrame& sent) { traffic.add(sent); });
    const Instant begin = net.now();
    const auto secondsSinceBegin = [&] { return std::chrono::duration<double>(net.now() - begin).count(); };
    net.watch(kAsker);
    const auto nodesAreKnown = [&] {
        outcome.nodes += takeAppeared(net);
        return outcome.nodes + 1 >= net.nodeCount();
    };
    (void)net.runUntil(nodesAreKnown, kNodesMax);
    outcome.nodesAfter = secondsSinceBegin();
    outcome.untilNodes = traffic;
    const auto countLinks = [&] { return outcome.links = net.snapshot(kAsker).links.size(); };
    while (links == Shape::Links::Cables && countLinks() < net.segmentCount() && net.now() < begin + kLinksMax)
        net.runFor(kLook);
    outcome.linksAfter = secondsSinceBegin();
    net.runFor(std::max(begin + kMinute - net.now(), Duration::zero()));
    (void)countLinks();
    outcome.inMinute = traffic;
    net.setObserver({});
    return outcome;
}

std::size_t heapBytes()
{
    const auto info = ::mallinfo2();
    return info.uordblks + info.hblkhd;
}

/// What the engine of a node holds: what comes back when it goes.
double engineBytes(SimNet& net, NodeIndex node)
{
    const auto before = heapBytes();
    net.stop(node);
    return static_cast<double>(before) - static_cast<double>(heapBytes());
}

double mean(const std::vector<std::uint64_t>& values)
{
    return static_cast<double>(std::accumulate(values.begin(), values.end(), std::uint64_t{0})) /
           static_cast<double>(values.size());
}

double most(const std::vector<std::uint64_t>& values)
{
    return static_cast<double>(std::ranges::max(values));
}

void reportOn(bench::Report& report, const Shape& shape, std::size_t nodes)
{
    SimNet net(42, kLine);
    net.setThoroughness(SimNet::Thoroughness::Samples);
    shape.build(net, nodes);
    const double emptyBytes = engineBytes(net, kAsker);
    net.start(kAsker);
    const double leastPerLink = framesLeast(net) / static_cast<double>(net.segmentCount());
    const Outcome outcome = discover(net, shape.links);
    const double mapBytes = engineBytes(net, kAsker) - emptyBytes;
    const nlohmann::ordered_json parameters = {{"network", shape.name}, {"nodes", nodes}};
    using Baseline = std::optional<bench::Measurement::Baseline>;
    const auto add = [&](const char* name, double value, const char* unit, const Baseline& baseline = std::nullopt) {
        report.add({.name = name, .parameters = parameters, .value = value, .unit = unit, .baseline = baseline});
    };
    const auto others = static_cast<double>(nodes - 1);
    add("nodes known", static_cast<double>(outcome.nodes), "nodes", {{"all of them", others}});
    add("time until the nodes are known", outcome.nodesAfter, "s");
    add("frames per link until then", mean(outcome.untilNodes.frames), "frames",
        {{"the least possible", leastPerLink}});
    add("frames on the busiest link until then", most(outcome.untilNodes.frames), "frames",
        {{"one of each node", static_cast<double>(nodes)}});
    add("bytes per link until then", mean(outcome.untilNodes.bytes), "bytes");
    add("bytes on the busiest link until then", most(outcome.untilNodes.bytes), "bytes");
    if (shape.links == Shape::Links::Cables) {
        add("links known", static_cast<double>(outcome.links), "links",
            {{"all of them", static_cast<double>(net.segmentCount())}});
        add("time until the links are known", outcome.linksAfter, "s");
    } else {
        add("links known", static_cast<double>(outcome.links), "links");
    }
    const double minutes = std::max(outcome.linksAfter / 60, 1.0);
    add("bytes a second per link, while somebody watches", mean(outcome.inMinute.bytes) / 60 / minutes, "bytes/s");
    add("bytes a second on the busiest link, likewise", most(outcome.inMinute.bytes) / 60 / minutes, "bytes/s");
    add("memory of the map, per node", mapBytes / others, "bytes");
    add("memory of an engine that knows nobody", emptyBytes, "bytes");
}

} // namespace

int main()
{
    bench::Report report("Discovery");
    const std::initializer_list<Shape> shapes = {{"tree", buildTree, Shape::Links::Cables},
                                                 {"mesh", buildMesh, Shape::Links::Cables},
                                                 {"200 on each switch", buildCrowds, Shape::Links::Crowds}};
    for (const std::size_t nodes : {10, 100, 1000, 10000}) {
        for (const Shape& shape : shapes)
            reportOn(report, shape, nodes);
    }
    return report.write();
}
