// SPDX-License-Identifier: Apache-2.0
// PathFinder on a random map of ten thousand nodes, as ratios to a textbook Dijkstra with std::priority_queue on
// adjacency lists, measured in the same run. The plain one finds distances only: no ties, no paths.
#include "core/base/SeededRandom.h"
#include "core/overlay/PathFinder.h"

#include <queue>

#include <algorithm>
#include <chrono>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

using namespace fb;
using namespace fb::overlay;

namespace {

constexpr std::uint32_t kNodes = 10000;
constexpr std::uint32_t kLinks = 30000;
constexpr int kRuns = 21;

romon::RomonId node(std::uint32_t number)
{
    romon::RomonId id;
    id.value.octets = {0x02, 0, 0, 0, static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)};
    return id;
}

/// `costs` different port costs, each a multiple of `step`.
std::vector<LinkInfo> makeMap(std::uint32_t costs, std::uint32_t step)
{
    SeededRandom random(42);
    std::vector<LinkInfo> links;
    for (std::uint32_t number = 1; number < kLinks; ++number) {
        const auto first = number < kNodes ? number : random.below(kNodes);
        const auto second = number < kNodes ? random.below(number) : (first + 1 + random.below(kNodes - 1)) % kNodes;
        const auto cost = [&] { return static_cast<std::uint16_t>((1 + random.below(costs)) * step); };
        LinkInfo link;
        link.a = node(std::min(first, second));
        link.b = node(std::max(first, second));
        link.endA = {.linkId = number, .l2Mtu = 1500, .cost = cost(), .mac = link.a.value};
        link.endB = {.linkId = number, .l2Mtu = 1500, .cost = cost(), .mac = link.b.value};
        links.push_back(link);
    }
    return links;
}

struct Plain {
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> edges{kNodes};

    explicit Plain(const std::vector<LinkInfo>& links)
    {
        const auto numberOf = [](romon::RomonId id) { return id.value.octets[4] * 256U + id.value.octets[5]; };
        for (const auto& link : links) {
            const std::uint32_t cost = std::uint32_t{link.endA.cost} + link.endB.cost;
            edges[numberOf(link.a)].emplace_back(numberOf(link.b), cost);
            edges[numberOf(link.b)].emplace_back(numberOf(link.a), cost);
        }
    }

    [[nodiscard]] std::vector<std::uint32_t> distances() const
    {
        std::vector<std::uint32_t> distance(kNodes, ~0U);
        std::priority_queue<std::pair<std::uint32_t, std::uint32_t>,
                            std::vector<std::pair<std::uint32_t, std::uint32_t>>, std::greater<>>
            open;
        distance[0] = 0;
        open.emplace(0, 0);
        while (!open.empty()) {
            const auto nearest = open.top();
            open.pop();
            if (nearest.first != distance[nearest.second])
                continue;
            for (const auto& edge : edges[nearest.second]) {
                if (nearest.first + edge.second < distance[edge.first]) {
                    distance[edge.first] = nearest.first + edge.second;
                    open.emplace(distance[edge.first], edge.first);
                }
            }
        }
        return distance;
    }
};

double median(const std::function<void()>& work)
{
    std::vector<double> milliseconds;
    for (int run = 0; run < kRuns; ++run) {
        const auto start = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
        milliseconds.push_back(taken.count());
    }
    std::ranges::sort(milliseconds);
    return milliseconds[kRuns / 2];
}

void report(const std::string& name, const std::vector<LinkInfo>& links)
{
    const auto target = node(kNodes - 1);
    std::size_t sum = 0;
    const double build = median([&] { sum += Plain(links).edges.size(); });
    const Plain plain(links);
    const double query = median([&] { sum += plain.distances()[kNodes - 1]; });
    const double ours = median([&] { sum += PathFinder(node(0), links).best(target)->hops.size(); });
    const PathGraph graph(links);
    const double lengths = median([&] { sum += graph.distancesFrom(0).size(); });
    const PathFinder finder(node(0), links);
    const double four = median([&] { sum += finder.alternatives(target, 4).size(); });
    const double all = median([&] {
        for (std::uint32_t number = 1; number < kNodes; ++number)
            sum += finder.best(node(number))->hops.size();
    });
    const auto line = [&](const char* what, double milliseconds, double baseline) {
        std::cout << name << ": " << what << ' ' << milliseconds << " ms, " << milliseconds / baseline
                  << " of the baseline (" << baseline << " ms)\n";
    };
    line("lengths to every node", lengths, query);
    line("links to best path", ours, build + query);
    line("4 alternatives", four, query);
    line("best path of every node", all, query);
    if (sum == 0)
        std::cout << '\n';
}

} // namespace

int main()
{
    report("equal costs", makeMap(1, 100));
    report("costs 1..1000", makeMap(500, 1));
    report("costs to 65535", makeMap(65535, 1));
    return 0;
}
