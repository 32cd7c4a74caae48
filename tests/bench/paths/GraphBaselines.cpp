// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/paths/GraphBaselines.h"

#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/property_map/function_property_map.hpp>

#define LEMON_ONLY_TEMPLATES
#include <lemon/dijkstra.h>
#include <lemon/static_graph.h>

#include <algorithm>
#include <set>
#include <utility>

namespace fb::bench {

namespace {

constexpr std::uint64_t kFar = std::uint64_t{1} << 60;

class Boost : public ShortestPath {
    using Graph = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, boost::no_property,
                                                     std::uint32_t, std::uint32_t>;
    struct Found {};
    struct StopAt : boost::default_dijkstra_visitor {
        explicit StopAt(std::uint32_t node) : target(node) {}
        void examine_vertex(std::uint32_t node, const Graph& /*graph*/) const
        {
            if (node == target)
                throw Found{};
        }
        std::uint32_t target;
    };

public:
    Boost(std::uint32_t nodes, const std::vector<Arc>& arcs) : m_predecessor(nodes), m_distance(nodes)
    {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> ends;
        for (const auto& arc : arcs) {
            ends.emplace_back(arc.from, arc.to);
            costs.push_back(arc.cost);
        }
        m_graph = Graph(boost::edges_are_sorted, ends.begin(), ends.end(), nodes);
        m_arcs = arcs;
    }

    std::vector<std::uint32_t> find(std::uint32_t source, std::uint32_t target) override
    {
        const auto index = get(boost::edge_index, m_graph);
        const auto weight = boost::make_function_property_map<Graph::edge_descriptor, std::uint64_t>(
            [&](const Graph::edge_descriptor& edge) {
                const auto cost = costs[get(index, edge)];
                return cost == kClosed ? kFar : std::uint64_t{cost};
            });
        try {
            boost::dijkstra_shortest_paths(
                m_graph, source,
                boost::predecessor_map(
                    boost::make_iterator_property_map(m_predecessor.begin(), get(boost::vertex_index, m_graph)))
                    .distance_map(
                        boost::make_iterator_property_map(m_distance.begin(), get(boost::vertex_index, m_graph)))
                    .weight_map(weight)
                    .visitor(StopAt(target)));
        } catch (const Found&) {
        }
        std::vector<std::uint32_t> path;
        if (m_distance[target] >= kFar)
            return path;
        for (auto node = target; node != source; node = m_predecessor[node]) {
            const auto from = m_predecessor[node];
            auto arc = static_cast<std::uint32_t>(
                std::lower_bound(m_arcs.begin(), m_arcs.end(), std::pair(from, node),
                                 [](const Arc& a, const auto& key) { return std::pair(a.from, a.to) < key; }) -
                m_arcs.begin());
            while (m_distance[from] + costs[arc] != m_distance[node])
                ++arc;
            path.push_back(arc);
        }
        std::reverse(path.begin(), path.end());
        return path;
    }

private:
    Graph m_graph;
    std::vector<Arc> m_arcs;
    std::vector<std::uint32_t> m_predecessor;
    std::vector<std::uint64_t> m_distance;
};

class Lemon : public ShortestPath {
    using Graph = lemon::StaticDigraph;
    struct Weights {
        using Key = Graph::Arc;
        using Value = std::uint64_t;
        const std::vector<std::uint32_t>* costs;
        Value operator[](const Graph::Arc& arc) const
        {
            const auto cost = (*costs)[static_cast<std::size_t>(Graph::id(arc))];
            return cost == kClosed ? kFar : std::uint64_t{cost};
        }
    };

public:
    Lemon(std::uint32_t nodes, const std::vector<Arc>& arcs)
    {
        std::vector<std::pair<int, int>> ends;
        for (const auto& arc : arcs) {
            ends.emplace_back(static_cast<int>(arc.from), static_cast<int>(arc.to));
            costs.push_back(arc.cost);
        }
        m_graph.build(static_cast<int>(nodes), ends.begin(), ends.end());
    }

    std::vector<std::uint32_t> find(std::uint32_t source, std::uint32_t target) override
    {
        const Weights weights{&costs};
        lemon::Dijkstra<Graph, Weights> search(m_graph, weights);
        const auto end = Graph::nodeFromId(static_cast<int>(target));
        search.run(Graph::nodeFromId(static_cast<int>(source)), end);
        std::vector<std::uint32_t> path;
        if (!search.reached(end) || search.dist(end) >= kFar)
            return path;
        for (auto arc = search.predArc(end); arc != lemon::INVALID; arc = search.predArc(m_graph.source(arc)))
            path.push_back(static_cast<std::uint32_t>(Graph::id(arc)));
        std::reverse(path.begin(), path.end());
        return path;
    }

private:
    Graph m_graph;
};

} // namespace

std::unique_ptr<ShortestPath> makeBoost(std::uint32_t nodes, const std::vector<Arc>& arcs)
{
    return std::make_unique<Boost>(nodes, arcs);
}

std::unique_ptr<ShortestPath> makeLemon(std::uint32_t nodes, const std::vector<Arc>& arcs)
{
    return std::make_unique<Lemon>(nodes, arcs);
}

std::vector<std::uint64_t> yen(ShortestPath& graph, const std::vector<Arc>& arcs, std::uint32_t source,
                               std::uint32_t target, std::size_t count)
{
    using Route = std::vector<std::uint32_t>;
    const auto first = [&](std::uint32_t node) {
        return static_cast<std::size_t>(std::lower_bound(arcs.begin(), arcs.end(), node,
                                                         [](const Arc& a, std::uint32_t key) { return a.from < key; }) -
                                        arcs.begin());
    };
    const auto costOf = [&](const Route& route) {
        std::uint64_t cost = 0;
        for (const auto arc : route)
            cost += arcs[arc].cost;
        return cost;
    };
    std::vector<Route> found;
    std::set<std::pair<std::uint64_t, Route>> candidates;
    const auto best = graph.find(source, target);
    if (!best.empty())
        candidates.emplace(costOf(best), best);
    std::vector<std::uint64_t> costs;
    while (!candidates.empty()) {
        const auto next = *candidates.begin();
        candidates.erase(candidates.begin());
        costs.push_back(next.first);
        found.push_back(next.second);
        if (found.size() == count)
            break;
        const Route& base = found.back();
        std::vector<std::uint32_t> closed;
        const auto close = [&](std::uint32_t arc) {
            graph.costs[arc] = ShortestPath::kClosed;
            closed.push_back(arc);
        };
        for (std::size_t step = 0; step < base.size(); ++step) {
            const Route root(base.begin(), base.begin() + static_cast<std::ptrdiff_t>(step));
            // A node of the root is left by no arc, so no way through it comes to the target.
            if (step > 0) {
                const auto node = arcs[base[step - 1]].from;
                for (auto arc = first(node); arc < arcs.size() && arcs[arc].from == node; ++arc)
                    close(static_cast<std::uint32_t>(arc));
            }
            std::vector<std::uint32_t> spur;
            for (const auto& other : found) {
                if (other.size() > step && std::equal(root.begin(), root.end(), other.begin()))
                    spur.push_back(other[step]);
            }
            for (const auto arc : spur)
                graph.costs[arc] = ShortestPath::kClosed;
            const auto rest = graph.find(arcs[base[step]].from, target);
            for (const auto arc : spur)
                graph.costs[arc] = arcs[arc].cost;
            if (rest.empty())
                continue;
            Route whole = root;
            whole.insert(whole.end(), rest.begin(), rest.end());
            candidates.emplace(costOf(whole), whole);
        }
        for (const auto arc : closed)
            graph.costs[arc] = arcs[arc].cost;
    }
    return costs;
}

} // namespace fb::bench
