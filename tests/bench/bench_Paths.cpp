// SPDX-License-Identifier: Apache-2.0
// PathFinder beside Boost.Graph's CSR and LEMON's StaticDigraph on the same random graphs; the three take turns target
// by target, and medians are compared. What is set beside what:
//  - "one path after a change": a fresh search on a graph that is there. Ours finds the best of all equal paths and
//    includes taking the other cost of a link; the baselines find any shortest path, by Dijkstra that stops at the
//    target, on a graph that has not changed.
//  - "one path, graph included": the same from a list of links. Ours numbers nodes whose ids may be anything and copies
//    the links; the baselines sort and lay out arcs, and get the numbers of the nodes for nothing.
//  - "4 alternatives": a fresh search; the baselines under Yen's algorithm.
//  - "one path, asked again": ours answers from the ways to all nodes, kept since earlier questions; the baselines keep
//    nothing, and search.
//  - "ways to all nodes": what ours does once for that.
#include "core/base/SeededRandom.h"
#include "core/overlay/PathFinder.h"
#include "tests/bench/Report.h"
#include "tests/bench/paths/GraphBaselines.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

using namespace fb;
using namespace fb::overlay;

namespace {

constexpr std::uint32_t kTurns = 75; ///< each with a target of its own
constexpr std::uint32_t kWholeTurns = 15;
constexpr std::uint32_t kYenTurns = 5;
constexpr std::uint32_t kQuestionsUntilAll = 20;

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

/// The middle one of many turns.
class Median {
public:
    template <typename Work>
    void time(const Work& work)
    {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
        add(taken.count());
    }
    void add(double milliseconds) { m_milliseconds.push_back(milliseconds); }
    [[nodiscard]] double value()
    {
        std::ranges::sort(m_milliseconds);
        return m_milliseconds[m_milliseconds.size() / 2];
    }

private:
    std::vector<double> m_milliseconds;
};

struct Baseline {
    const char* name;
    std::unique_ptr<bench::ShortestPath> (*make)(std::uint32_t, const std::vector<bench::Arc>&);
    std::unique_ptr<bench::ShortestPath> graph{};
    Median one{};
    Median whole{};
    Median four{};
};

void demand(bool isSame)
{
    if (isSame)
        return;
    std::cerr << "the libraries disagree about a cost\n";
    std::exit(1);
}

struct Shape {
    std::uint32_t nodes;
    std::uint32_t costs; ///< how many different ones a port may have
    std::uint32_t step;  ///< all are multiples of it
};

/// Everybody's turn with everything, again and again.
class Contest {
public:
    explicit Contest(const Shape& shape)
        : m_shape(shape),
          m_links(makeMap(shape.nodes, shape.costs, shape.step)),
          m_arcs(arcsOf(m_links)),
          m_finder(node(0), m_links)
    {
        for (auto& baseline : m_baselines)
            baseline.graph = baseline.make(shape.nodes, m_arcs);
    }

    void run()
    {
        SeededRandom random(7);
        for (std::uint32_t turn = 0; turn < kTurns; ++turn) {
            const std::uint32_t target = 1 + random.below(m_shape.nodes - 1);
            search(target);
            if (turn < kWholeTurns)
                buildAndSearch(target);
            if (turn < kYenTurns)
                findFour(target);
        }
    }

    void report(bench::Report& report)
    {
        const nlohmann::ordered_json parameters = {
            {"nodes", m_shape.nodes}, {"links", m_links.size()}, {"costs", m_shape.costs}};
        for (auto& theirs : m_baselines) {
            const bench::Measurement::Baseline one{theirs.name, theirs.one.value()};
            const bench::Measurement::Baseline whole{theirs.name, theirs.whole.value()};
            const bench::Measurement::Baseline four{theirs.name, theirs.four.value()};
            report.add({"one path after a change", parameters, m_changed.value(), "ms", one});
            report.add({"one path, graph included", parameters, m_whole.value(), "ms", whole});
            report.add({"4 alternatives", parameters, m_four.value(), "ms", four});
            report.add({"one path, asked again", parameters, m_again.value(), "ms", one});
        }
        report.add({"ways to all nodes", parameters, m_all.value(), "ms"});
    }

private:
    void search(std::uint32_t target)
    {
        std::uint64_t cost = 0;
        LinkInfo dearer = m_links[target];
        dearer.endA.cost = static_cast<std::uint16_t>(dearer.endA.cost + m_shape.step);
        m_finder.set(dearer);
        (void)m_finder.best(node(target));
        m_changed.time([&] { // back to what the baselines know
            m_finder.set(m_links[target]);
            cost = m_finder.best(node(target))->cost;
        });
        for (auto& baseline : m_baselines) {
            std::vector<std::uint32_t> path;
            baseline.one.time([&] { path = baseline.graph->find(0, target); });
            demand(cost == costOf(path));
        }
        askAround();
        m_again.time([&] { cost = m_finder.best(node(target))->cost; });
    }

    /// Questions are searched for one by one until one of them finds the ways to all nodes: that one takes longest.
    void askAround()
    {
        double longest = 0;
        for (std::uint32_t question = 1; question <= kQuestionsUntilAll; ++question) {
            Median single;
            single.time([&] { (void)m_finder.best(node(question)); });
            longest = std::max(longest, single.value());
        }
        m_all.add(longest);
    }

    void buildAndSearch(std::uint32_t target)
    {
        std::uint64_t cost = 0;
        m_whole.time([&] { cost = PathFinder(node(0), m_links).best(node(target))->cost; });
        for (auto& baseline : m_baselines) {
            std::vector<std::uint32_t> path;
            baseline.whole.time([&] { path = baseline.make(m_shape.nodes, arcsOf(m_links))->find(0, target); });
            demand(cost == costOf(path));
        }
    }

    void findFour(std::uint32_t target)
    {
        std::vector<Path> ours;
        m_four.time([&] { ours = m_finder.alternatives(node(target), 4); });
        for (auto& baseline : m_baselines) {
            std::vector<std::uint64_t> theirs;
            baseline.four.time([&] { theirs = bench::yen(*baseline.graph, m_arcs, 0, target, 4); });
            demand(std::ranges::equal(ours, theirs, {}, [](const Path& path) { return std::uint64_t{path.cost}; }));
        }
    }

    [[nodiscard]] std::uint64_t costOf(const std::vector<std::uint32_t>& arcs) const
    {
        std::uint64_t cost = 0;
        for (const auto arc : arcs)
            cost += m_arcs[arc].cost;
        return cost;
    }

    Shape m_shape;
    std::vector<LinkInfo> m_links;
    std::vector<bench::Arc> m_arcs;
    PathFinder m_finder;
    std::array<Baseline, 2> m_baselines{Baseline{"Boost.Graph", bench::makeBoost}, Baseline{"LEMON", bench::makeLemon}};
    Median m_changed;
    Median m_whole;
    Median m_four;
    Median m_again;
    Median m_all;
};

} // namespace

int main()
{
    bench::Report report("Paths");
    std::vector<Shape> shapes;
    for (const std::uint32_t nodes : {1000U, 10000U, 100000U}) {
        shapes.push_back({.nodes = nodes, .costs = 1, .step = 100});
        shapes.push_back({.nodes = nodes, .costs = 500, .step = 1});
    }
    shapes.push_back({.nodes = 10000, .costs = 65535, .step = 1});
    for (const auto& shape : shapes) {
        Contest contest(shape);
        contest.run();
        contest.report(report);
    }
    return report.write();
}
