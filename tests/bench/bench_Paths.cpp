// SPDX-License-Identifier: Apache-2.0
// PathFinder beside Boost.Graph's CSR and LEMON's StaticDigraph on the same random graphs. The baselines find one
// shortest path each, and stop at the target; ours finds the best of all equal ones, and its first answer after a
// change is the tree to every node. Graphs of all three are there before the clock starts.
#include "core/base/SeededRandom.h"
#include "core/overlay/PathFinder.h"
#include "tests/bench/Report.h"
#include "tests/bench/paths/GraphBaselines.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

using namespace fb;
using namespace fb::overlay;

namespace {

constexpr std::uint32_t kTargets = 25;

romon::RomonId node(std::uint32_t number)
{
    return {{{0x02, 0, 0, static_cast<std::uint8_t>(number >> 16U), static_cast<std::uint8_t>(number >> 8U),
              static_cast<std::uint8_t>(number)}}};
}

std::uint32_t numberOf(romon::RomonId id)
{
    return id.value.octets[3] * 65536U + id.value.octets[4] * 256U + id.value.octets[5];
}

/// A connected graph with three links a node; `costs` different port costs, each a multiple of `step`.
std::vector<LinkInfo> makeMap(std::uint32_t nodes, std::uint32_t costs, std::uint32_t step)
{
    SeededRandom random(42);
    std::vector<LinkInfo> links;
    for (std::uint32_t number = 1; number < 3 * nodes; ++number) {
        const auto first = number < nodes ? number : random.below(nodes);
        const auto second = number < nodes ? random.below(number) : (first + 1 + random.below(nodes - 1)) % nodes;
        LinkInfo link;
        link.a = node(std::min(first, second));
        link.b = node(std::max(first, second));
        link.endA = {.linkId = number, .l2Mtu = 1500, .cost = 0, .mac = link.a.value};
        link.endB = {.linkId = number, .l2Mtu = 1500, .cost = 0, .mac = link.b.value};
        link.endA.cost = static_cast<std::uint16_t>((1 + random.below(costs)) * step);
        link.endB.cost = static_cast<std::uint16_t>((1 + random.below(costs)) * step);
        links.push_back(link);
    }
    return links;
}

std::vector<bench::Arc> arcsOf(const std::vector<LinkInfo>& links)
{
    std::vector<bench::Arc> arcs;
    for (const auto& link : links) {
        const std::uint32_t cost = std::uint32_t{link.endA.cost} + link.endB.cost;
        arcs.push_back({numberOf(link.a), numberOf(link.b), cost});
        arcs.push_back({numberOf(link.b), numberOf(link.a), cost});
    }
    std::ranges::sort(arcs, {}, [](const bench::Arc& arc) { return std::pair(arc.from, arc.to); });
    return arcs;
}

/// Milliseconds of each target's turn, the middle one.
double median(const std::vector<std::uint32_t>& targets, const std::function<void(std::uint32_t)>& work)
{
    std::vector<double> milliseconds;
    for (const auto target : targets) {
        const auto start = std::chrono::steady_clock::now();
        work(target);
        const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
        milliseconds.push_back(taken.count());
    }
    std::ranges::sort(milliseconds);
    return milliseconds[milliseconds.size() / 2];
}

void demand(bool isSame)
{
    if (isSame)
        return;
    std::cerr << "the libraries disagree about a cost\n";
    std::exit(1);
}

void measure(bench::Report& report, std::uint32_t nodes, std::uint32_t costs, std::uint32_t step)
{
    const auto links = makeMap(nodes, costs, step);
    const auto arcs = arcsOf(links);
    PathFinder finder(node(0), links);
    SeededRandom random(7);
    std::vector<std::uint32_t> targets;
    for (std::uint32_t count = 0; count < kTargets; ++count)
        targets.push_back(1 + random.below(nodes - 1));
    (void)finder.best(node(1));

    std::uint64_t cost = 0;
    const double known = median(targets, [&](std::uint32_t target) { cost += finder.best(node(target))->cost; });
    const double changed = median(targets, [&](std::uint32_t target) {
        finder.set(links[target]);
        cost += finder.best(node(target))->cost;
    });
    const double four =
        median(targets, [&](std::uint32_t target) { cost += finder.alternatives(node(target), 4).back().cost; });

    struct Library {
        const char* name;
        std::unique_ptr<bench::ShortestPath> (*make)(std::uint32_t, const std::vector<bench::Arc>&);
    };
    for (const auto& [name, make] : {Library{"Boost.Graph", bench::makeBoost}, Library{"LEMON", bench::makeLemon}}) {
        const auto baseline = make(nodes, arcs);
        const nlohmann::ordered_json parameters = {{"nodes", nodes}, {"links", links.size()}, {"costs", costs}};
        for (const auto target : {targets[0], targets[1]}) {
            const auto ours = finder.alternatives(node(target), 4);
            const auto theirs = bench::yen(*baseline, arcs, 0, target, 4);
            demand(std::ranges::equal(ours, theirs, {}, [](const Path& path) { return std::uint64_t{path.cost}; }));
        }
        const double one = median(targets, [&](std::uint32_t target) { cost += baseline->find(0, target).size(); });
        const auto few = std::vector(targets.begin(), targets.begin() + 5);
        const double yen =
            median(few, [&](std::uint32_t target) { cost += bench::yen(*baseline, arcs, 0, target, 4).back(); });
        report.add({"best path, map known", parameters, known, "ms", bench::Measurement::Baseline{name, one}});
        report.add({"best path after a change", parameters, changed, "ms", bench::Measurement::Baseline{name, one}});
        report.add({"4 alternatives", parameters, four, "ms", bench::Measurement::Baseline{name, yen}});
    }
    if (cost == 0)
        std::cout << '\n';
}

} // namespace

int main()
{
    bench::Report report("Paths");
    for (const std::uint32_t nodes : {1000U, 10000U, 100000U}) {
        measure(report, nodes, 1, 100);
        measure(report, nodes, 500, 1);
    }
    measure(report, 10000, 65535, 1);
    return report.write();
}
