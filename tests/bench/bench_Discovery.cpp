// SPDX-License-Identifier: Apache-2.0
// One node asks, and ten to ten thousand simulated ones answer: how long until it knows them and their links, what that
// and a round cost each link, and what the map costs its owner. The clock is virtual, so only the memory depends on the
// machine's library. The least possible is the question once over each link, and one answer of each node along its
// shortest way.
#include "core/base/SeededRandom.h"
#include "core/romon/Messages.h"
#include "tests/bench/Report.h"
#include "tests/sim/RandomTopology.h"
#include "tests/sim/SimNet.h"

#include <malloc.h>

#include <algorithm>
#include <deque>
#include <iterator>
#include <numeric>
#include <utility>

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
/// The first rounds are not typical: nodes have yet to learn how crowded their segments are, and how often they are
/// asked.
constexpr std::size_t kLaterRound = 3;
constexpr auto kRoundsMax = 20min; ///< for the later round to be over
/// Gigabit links: an answer that is sent too soon finds its queue full.
constexpr Conditions kLine{.bytesPerSecond = 125'000'000};

struct Shape {
    const char* name;
    void (*build)(SimNet& net, std::size_t nodes);
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

/// Nodes that have all these switches in common, and behind them a forest of cables.
void buildCrowdWithTrees(SimNet& net, std::size_t nodes, std::size_t switches)
{
    SeededRandom random(7);
    const SegmentIndex first = net.segmentCount();
    for (std::size_t count = 0; count < switches; ++count)
        net.addSegment();
    for (std::size_t number = 0; number < nodes; ++number) {
        const NodeIndex node = net.addNode();
        for (std::size_t count = 0; number < kCrowd && count < switches; ++count)
            net.attach(node, first + count);
        if (number >= kCrowd)
            net.link(node, random.below(static_cast<std::uint32_t>(number)));
    }
}

void buildOneCrowd(SimNet& net, std::size_t nodes)
{
    buildCrowdWithTrees(net, nodes, 1);
}

/// The worst case of a flood: each node of the crowd could pass the question on to the other switch.
void buildTwinCrowd(SimNet& net, std::size_t nodes)
{
    buildCrowdWithTrees(net, nodes, 2);
}

using Pair = std::pair<romon::RomonId, romon::RomonId>;

/// The ends of the segments with two nodes.
std::vector<Pair> cablesOf(const SimNet& net)
{
    std::vector<std::vector<romon::RomonId>> members(net.segmentCount());
    for (NodeIndex node = 0; node < net.nodeCount(); ++node) {
        for (overlay::PortId port = 0; port < net.portCount(node); ++port)
            members[net.segmentOf(node, port)].push_back(net.id(node));
    }
    std::vector<Pair> cables;
    for (const auto& ends : members) {
        if (ends.size() == 2)
            cables.emplace_back(std::min(ends[0], ends[1]), std::max(ends[0], ends[1]));
    }
    std::ranges::sort(cables);
    return cables;
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

/// What each link carried.
struct Traffic {
    explicit Traffic(std::size_t segments) : frames(segments), bytes(segments), questions(segments) {}

    std::vector<std::uint64_t> frames; ///< by segment
    std::vector<std::uint64_t> bytes;
    std::vector<std::uint64_t> questions; ///< the frames that are copies of the question

    void add(const SentFrame& sent)
    {
        ++frames[sent.segment];
        bytes[sent.segment] += sent.frame.size();
        questions[sent.segment] += isQuestion(sent) ? 1 : 0;
    }

    static bool isQuestion(const SentFrame& sent)
    {
        return std::equal(sent.frame.begin(), sent.frame.begin() + 6, romon::kGroupAddress.octets.begin());
    }
};

/// All of it, and round by round. A round begins when the asker asks.
struct Record {
    explicit Record(std::size_t segments) : segmentCount(segments), total(segments) {}

    std::size_t segmentCount;
    Traffic total;
    std::vector<Traffic> rounds; ///< the first ones, and one more that has begun
    std::size_t begun = 0;

    void add(const SentFrame& sent)
    {
        total.add(sent);
        if (sent.node == kAsker && sent.port == 0 && Traffic::isQuestion(sent) && ++begun <= kLaterRound + 1)
            rounds.emplace_back(segmentCount);
        if (begun <= kLaterRound + 1)
            rounds.back().add(sent);
    }
};

struct Outcome {
    std::size_t nodes = 0;
    double nodesAfter = 0; ///< seconds until all were known, or the time that was given
    Traffic untilNodes{0};
    std::size_t cables = 0;
    double cablesAfter = 0; ///< likewise, counted from the beginning too
    std::size_t links = 0;
    Traffic inMinute{0};
    std::vector<Traffic> rounds;
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

std::size_t countKnown(const overlay::Snapshot& snapshot, const std::vector<Pair>& cables)
{
    std::vector<Pair> known;
    for (const auto& link : snapshot.links)
        known.emplace_back(link.a, link.b);
    std::ranges::sort(known);
    // Two nodes may have two cables: each counts.
    std::vector<Pair> both;
    std::ranges::set_intersection(known, cables, std::back_inserter(both));
    return both.size();
}

Outcome discover(SimNet& net, const std::vector<Pair>& cables)
{
    Outcome outcome;
    Record record(net.segmentCount());
    net.setObserver([&record](const SentFrame& sent) { record.add(sent); });
    const Instant begin = net.now();
    const auto secondsSinceBegin = [&] { return std::chrono::duration<double>(net.now() - begin).count(); };
    net.watch(kAsker);
    const auto nodesAreKnown = [&] {
        outcome.nodes += takeAppeared(net);
        return outcome.nodes + 1 >= net.nodeCount();
    };
    (void)net.runUntil(nodesAreKnown, kNodesMax);
    outcome.nodesAfter = secondsSinceBegin();
    outcome.untilNodes = record.total;
    const auto countCables = [&] { return outcome.cables = countKnown(net.snapshot(kAsker), cables); };
    while (countCables() < cables.size() && net.now() < begin + kLinksMax)
        net.runFor(kLook);
    outcome.cablesAfter = secondsSinceBegin();
    net.runFor(std::max(begin + kMinute - net.now(), Duration::zero()));
    outcome.links = net.snapshot(kAsker).links.size();
    outcome.inMinute = record.total;
    (void)net.runUntil([&record] { return record.begun > kLaterRound; }, kRoundsMax);
    outcome.rounds = std::move(record.rounds);
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
    const auto cables = cablesOf(net);
    const auto pairs = static_cast<double>(net.trueLinks().size());
    const Outcome outcome = discover(net, cables);
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
    add("cables known", static_cast<double>(outcome.cables), "cables",
        {{"all of them", static_cast<double>(cables.size())}});
    add("time until the cables are known", outcome.cablesAfter, "s");
    // On a switch every two nodes are linked, and a crowded one tells some of these links only (docs/decisions/026).
    add("links known", static_cast<double>(outcome.links), "links", {{"all pairs of nodes on a segment", pairs}});
    const double minutes = std::max(outcome.cablesAfter / 60, 1.0);
    add("bytes a second per link, while somebody watches", mean(outcome.inMinute.bytes) / 60 / minutes, "bytes/s");
    add("bytes a second on the busiest link, likewise", most(outcome.inMinute.bytes) / 60 / minutes, "bytes/s");
    for (const std::size_t round : {std::size_t{1}, kLaterRound}) {
        if (outcome.rounds.size() <= round)
            continue;
        const Traffic& traffic = outcome.rounds[round - 1];
        const auto addOf = [&](const char* name, double value, const char* unit) {
            auto withRound = parameters;
            withRound["round"] = round;
            report.add({.name = name, .parameters = withRound, .value = value, .unit = unit});
        };
        addOf("frames per link in a round", mean(traffic.frames), "frames");
        addOf("frames on the busiest link in a round", most(traffic.frames), "frames");
        addOf("bytes per link in a round", mean(traffic.bytes), "bytes");
        addOf("copies of the question on the link with the most", most(traffic.questions), "frames");
    }
    add("memory of the map, per node", mapBytes / others, "bytes");
    add("memory of an engine that knows nobody", emptyBytes, "bytes");
}

} // namespace

int main()
{
    bench::Report report("Discovery");
    const std::initializer_list<Shape> shapes = {{"tree", buildTree},
                                                 {"mesh", buildMesh},
                                                 {"200 on each switch", buildCrowds},
                                                 {"200 on one switch, trees behind", buildOneCrowd},
                                                 {"200 on the same two switches, trees behind", buildTwinCrowd}};
    for (const std::size_t nodes : {10, 100, 1000, 10000}) {
        for (const Shape& shape : shapes)
            reportOn(report, shape, nodes);
    }
    return report.write();
}
