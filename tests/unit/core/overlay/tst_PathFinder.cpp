// SPDX-License-Identifier: Apache-2.0
// PathFinder against the enumeration of every simple path on many small random maps, and by hand where a rule decides.
#include "core/base/SeededRandom.h"
#include "core/overlay/PathFinder.h"

#include <QtTest>

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <span>

using namespace fb;
using namespace fb::overlay;

namespace {

romon::RomonId node(std::uint32_t number)
{
    romon::RomonId id;
    id.value.octets = {0x02,
                       0,
                       0,
                       static_cast<std::uint8_t>(number >> 16U),
                       static_cast<std::uint8_t>(number >> 8U),
                       static_cast<std::uint8_t>(number)};
    return id;
}

/// Makes links with link ids that are unique at each node, as real ones are, in an order that is not the ids'.
class MapMaker {
public:
    void link(std::uint32_t first, std::uint32_t second, std::uint16_t costOut, std::uint16_t costIn,
              std::uint16_t mtu = 1500)
    {
        LinkInfo info;
        info.a = node(std::min(first, second));
        info.b = node(std::max(first, second));
        m_linkId = (m_linkId * 37U + 11U) % 65521U;
        info.endA = {.linkId = m_linkId + 1, .l2Mtu = mtu, .cost = costOut, .mac = info.a.value};
        info.endB = {.linkId = 70000U - m_linkId,
                     .l2Mtu = static_cast<std::uint16_t>(mtu + m_linkId % 2U),
                     .cost = costIn,
                     .mac = info.b.value};
        links.push_back(info);
    }

    std::vector<LinkInfo> links;

private:
    std::uint32_t m_linkId = 5;
};

/// The order of the rules, written down independently of the finder.
bool comesBefore(const Path& left, const Path& right)
{
    if (left.cost != right.cost)
        return left.cost < right.cost;
    if (left.hops.size() != right.hops.size())
        return left.hops.size() < right.hops.size();
    if (left.l2Mtu != right.l2Mtu)
        return left.l2Mtu > right.l2Mtu;
    for (std::size_t hop = 0; hop < left.hops.size(); ++hop) {
        if (left.hops[hop].to != right.hops[hop].to)
            return left.hops[hop].to < right.hops[hop].to;
    }
    for (std::size_t hop = 0; hop < left.hops.size(); ++hop) {
        const auto& first = left.hops[hop];
        const auto& second = right.hops[hop];
        if (first.out.linkId != second.out.linkId)
            return first.out.linkId < second.out.linkId;
    }
    return false;
}

std::vector<Path> everySimplePath(const std::vector<LinkInfo>& links, romon::RomonId from, romon::RomonId to)
{
    std::vector<Path> found;
    std::vector<Hop> hops;
    std::set<romon::RomonId> visited{from};
    const std::function<void(romon::RomonId)> walk = [&](romon::RomonId at) {
        if (at == to) {
            Path path;
            path.hops = hops;
            path.l2Mtu = std::numeric_limits<std::uint16_t>::max();
            for (const auto& hop : hops) {
                path.cost += hop.cost();
                path.l2Mtu = std::min({path.l2Mtu, hop.out.l2Mtu, hop.in.l2Mtu});
            }
            found.push_back(path);
            return;
        }
        for (const auto& link : links) {
            if (link.a != at && link.b != at)
                continue;
            const Hop hop =
                link.a == at ? Hop{link.a, link.b, link.endA, link.endB} : Hop{link.b, link.a, link.endB, link.endA};
            if (!visited.insert(hop.to).second)
                continue;
            hops.push_back(hop);
            walk(hop.to);
            hops.pop_back();
            visited.erase(hop.to);
        }
    };
    walk(from);
    std::ranges::sort(found, comesBefore);
    return found;
}

struct Shape {
    std::uint32_t nodes;
    std::uint32_t links;
    std::vector<std::uint16_t> costs;
    std::vector<std::uint16_t> mtus;
};

std::vector<LinkInfo> randomMap(SeededRandom& random, const Shape& shape)
{
    MapMaker map;
    for (std::uint32_t count = 0; count < shape.links; ++count) {
        const auto first = random.below(shape.nodes);
        const auto second = (first + 1 + random.below(shape.nodes - 1)) % shape.nodes;
        const auto pick = [&](const std::vector<std::uint16_t>& from) {
            return from[random.below(static_cast<std::uint32_t>(from.size()))];
        };
        map.link(first, second, pick(shape.costs), pick(shape.costs), pick(shape.mtus));
    }
    return map.links;
}

/// Until it knows the ways to all nodes.
void askOften(const PathFinder& finder, std::uint32_t nodes)
{
    for (std::uint32_t question = 0; question < 3 * nodes; ++question)
        (void)finder.best(node(1 + question % (nodes - 1)));
}

std::string nodesOf(const Path& path)
{
    std::string text;
    for (const auto& hop : path.hops)
        text += (text.empty() ? "" : " ") + std::to_string(hop.to.value.octets[5]);
    return text;
}

} // namespace

class tst_PathFinder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsNoWayToItselfOrToTheUnknown();
    void prefersFewerHopsAmongEqualCosts();
    void prefersTheWiderPathAmongEqualHops();
    void decidesTheWidthForTheWholePath();
    void prefersLowestNodesThenLowestLinks();
    void equalsTheEnumerationOfAllPaths_data();
    void equalsTheEnumerationOfAllPaths();
    void findsOnePathAsItFindsAll_data();
    void findsOnePathAsItFindsAll();
    void keepsToConstraints();
    void followsChangesAsIfMadeAnew();
    void sweepsUpWhatChangesLeaveBehind();
    void survivesLongChainsOfTheHighestCost();
};

void tst_PathFinder::findsNoWayToItselfOrToTheUnknown()
{
    MapMaker map;
    map.link(1, 2, 100, 100);
    map.link(3, 4, 100, 100);
    map.link(1, 1, 1, 1);
    const PathFinder finder(node(1), map.links);
    QVERIFY(finder.best(node(2)));
    QVERIFY(!finder.best(node(1)));
    QVERIFY(!finder.best(node(3)));
    QVERIFY(!finder.best(node(9)));
    QVERIFY(finder.alternatives(node(3), 4).empty());
    QVERIFY(finder.alternatives(node(2), 0).empty());
    QCOMPARE(finder.alternatives(node(2), 4).size(), std::size_t{1});

    const PathFinder stranger(node(8), map.links);
    QVERIFY(!stranger.best(node(2)));
    const PathFinder lonely(node(8), {});
    QVERIFY(!lonely.best(node(2)));
}

void tst_PathFinder::prefersFewerHopsAmongEqualCosts()
{
    MapMaker map;
    map.link(1, 2, 50, 50, 9000);
    map.link(2, 3, 50, 50, 9000);
    map.link(1, 3, 100, 100, 1500);
    QCOMPARE(nodesOf(*PathFinder(node(1), map.links).best(node(3))), std::string("3"));
}

void tst_PathFinder::prefersTheWiderPathAmongEqualHops()
{
    MapMaker map;
    map.link(1, 2, 100, 100, 1500);
    map.link(2, 4, 100, 100, 1500);
    map.link(1, 3, 100, 100, 1600);
    map.link(3, 4, 100, 100, 1600);
    const auto best = PathFinder(node(1), map.links).best(node(4));
    QCOMPARE(nodesOf(*best), std::string("3 4"));
    QCOMPARE(best->l2Mtu, std::uint16_t{1600});
}

void tst_PathFinder::decidesTheWidthForTheWholePath()
{
    // Node 3 is wider to reach, but the last link is narrow anyway, so the lower id of node 2 decides.
    MapMaker map;
    map.link(1, 2, 100, 100, 1600);
    map.link(2, 4, 100, 100, 1600);
    map.link(1, 3, 100, 100, 9000);
    map.link(3, 4, 100, 100, 9000);
    map.link(4, 5, 100, 100, 1500);
    const PathFinder finder(node(1), map.links);
    QCOMPARE(nodesOf(*finder.best(node(4))), std::string("3 4"));
    QCOMPARE(nodesOf(*finder.best(node(5))), std::string("2 4 5"));
}

void tst_PathFinder::prefersLowestNodesThenLowestLinks()
{
    MapMaker map;
    map.link(1, 2, 100, 100);
    map.link(1, 2, 100, 100);
    map.link(1, 2, 100, 100);
    for (auto& link : map.links)
        link.endB.l2Mtu = link.endA.l2Mtu;
    const auto paths = PathFinder(node(1), map.links).alternatives(node(2), 9);
    QCOMPARE(paths.size(), std::size_t{3});
    QVERIFY(paths[0].hops[0].out.linkId < paths[1].hops[0].out.linkId);
    QVERIFY(paths[1].hops[0].out.linkId < paths[2].hops[0].out.linkId);
}

void tst_PathFinder::equalsTheEnumerationOfAllPaths_data()
{
    QTest::addColumn<int>("nodes");
    QTest::addColumn<int>("links");
    QTest::addColumn<QList<int>>("costs");
    QTest::addColumn<QList<int>>("mtus");
    QTest::newRow("all alike") << 7 << 12 << QList{100} << QList{1500};
    QTest::newRow("alike but for the MTU") << 7 << 12 << QList{100} << QList{1400, 1500, 9000};
    QTest::newRow("few costs") << 7 << 13 << QList{50, 100, 150} << QList{1500, 1600, 1700};
    QTest::newRow("costs without a common divisor") << 6 << 12 << QList{1, 2, 3, 7} << QList{1500, 1600};
    QTest::newRow("free hops") << 7 << 12 << QList{0, 0, 0, 1} << QList{1500, 1600};
    QTest::newRow("only free hops") << 6 << 12 << QList{0} << QList{0, 1500, 1600};
    QTest::newRow("costs beyond the buckets") << 7 << 12 << QList{1, 30000, 65535} << QList{1500, 1600};
    QTest::newRow("two nodes, many links") << 2 << 6 << QList{100, 101} << QList{1500, 1600};
    QTest::newRow("sparse") << 9 << 9 << QList{100, 200} << QList{1500, 1600};
}

void tst_PathFinder::equalsTheEnumerationOfAllPaths()
{
    QFETCH(int, nodes);
    QFETCH(int, links);
    QFETCH(QList<int>, costs);
    QFETCH(QList<int>, mtus);
    Shape shape{static_cast<std::uint32_t>(nodes), static_cast<std::uint32_t>(links), {}, {}};
    for (const int cost : costs)
        shape.costs.push_back(static_cast<std::uint16_t>(cost));
    for (const int mtu : mtus)
        shape.mtus.push_back(static_cast<std::uint16_t>(mtu));
    SeededRandom random(7);
    for (int round = 0; round < 60; ++round) {
        const auto map = randomMap(random, shape);
        const PathFinder finder(node(0), map);
        askOften(finder, shape.nodes);
        for (std::uint32_t target = 1; target < shape.nodes; ++target) {
            const auto expected = everySimplePath(map, node(0), node(target));
            // A finder that was never asked searches for this path alone; one that was asked often has those to all.
            for (const auto& best : {PathFinder(node(0), map).best(node(target)), finder.best(node(target))}) {
                QCOMPARE(best.has_value(), !expected.empty());
                QVERIFY2(!best || *best == expected.front(), qPrintable(QString::number(round)));
            }
            for (const std::size_t count : {std::size_t{1}, std::size_t{4}, std::size_t{1000}}) {
                const auto paths = finder.alternatives(node(target), count);
                QCOMPARE(paths.size(), std::min(count, expected.size()));
                QVERIFY2(std::equal(paths.begin(), paths.end(), expected.begin()), qPrintable(QString::number(round)));
            }
        }
    }
}

void tst_PathFinder::findsOnePathAsItFindsAll_data()
{
    QTest::addColumn<int>("links");
    QTest::addColumn<QList<int>>("costs");
    QTest::newRow("all alike") << 900 << QList{100};
    QTest::newRow("few costs") << 900 << QList{50, 100, 150};
    QTest::newRow("free hops") << 600 << QList{0, 1};
    QTest::newRow("many costs") << 900 << QList{1, 17, 250, 999, 65535};
    QTest::newRow("in pieces") << 330 << QList{100, 200};
}

/// Larger than can be enumerated, so that both halves of a search go far, with leaves.
void tst_PathFinder::findsOnePathAsItFindsAll()
{
    QFETCH(int, links);
    QFETCH(QList<int>, costs);
    Shape shape{.nodes = 300, .links = static_cast<std::uint32_t>(links), .costs = {}, .mtus = {1500, 1600, 1700}};
    for (const int cost : costs)
        shape.costs.push_back(static_cast<std::uint16_t>(cost));
    SeededRandom random(31);
    for (int round = 0; round < 5; ++round) {
        PathFinder all(node(0), randomMap(random, shape));
        for (std::uint32_t leaf = 1; leaf < shape.nodes; leaf += 1 + random.below(9))
            all.setPassage(node(leaf), Passage::Leaf);
        const PathFinder fresh = all;
        askOften(all, shape.nodes);
        for (std::uint32_t target = 1; target < shape.nodes; ++target) {
            const PathFinder one = fresh;
            QVERIFY2(one.best(node(target)) == all.best(node(target)), qPrintable(QString::number(target)));
        }
    }
}

void tst_PathFinder::keepsToConstraints()
{
    SeededRandom random(11);
    for (int round = 0; round < 60; ++round) {
        const auto map = randomMap(random, {.nodes = 7, .links = 13, .costs = {50, 100}, .mtus = {1500, 1600}});
        const PathFinder finder(node(0), map);
        PathConstraints constraints;
        constraints.avoidNodes.push_back(node(1 + random.below(6)));
        const auto& avoided = map[random.below(static_cast<std::uint32_t>(map.size()))];
        constraints.avoidPorts.push_back(random.below(2) == 0 ? nameOf(avoided).a : nameOf(avoided).b);
        auto allowed = map;
        std::erase_if(allowed, [&](const LinkInfo& link) {
            return link.a == constraints.avoidNodes[0] || link.b == constraints.avoidNodes[0] ||
                   nameOf(link).a == constraints.avoidPorts[0] || nameOf(link).b == constraints.avoidPorts[0];
        });
        for (std::uint32_t target = 1; target < 7; ++target) {
            const auto expected = everySimplePath(allowed, node(0), node(target));
            const auto best = finder.best(node(target), constraints);
            QCOMPARE(best.has_value(), !expected.empty());
            QVERIFY(!best || *best == expected.front());
            QVERIFY(finder.alternatives(node(target), 1000, constraints) == expected);
            QVERIFY(finder.alternatives(node(target), 1000, {}) == finder.alternatives(node(target), 1000));
        }
    }
}

/// Links come, change and go, nodes become leaves and transit nodes again: every answer is that of the enumeration.
void tst_PathFinder::followsChangesAsIfMadeAnew()
{
    SeededRandom random(23);
    const auto pool = randomMap(random, {.nodes = 7, .links = 18, .costs = {0, 50, 100}, .mtus = {1500, 1600}});
    std::map<LinkName, LinkInfo> present;
    std::set<romon::RomonId> leaves;
    PathFinder finder(node(0), {});
    for (int turn = 0; turn < 1500; ++turn) {
        auto link = pool[random.below(static_cast<std::uint32_t>(pool.size()))];
        const auto leaf = node(random.below(7));
        if (random.below(3) > 0) {
            link.endB.cost = static_cast<std::uint16_t>(50U * random.below(3));
            present[nameOf(link)] = link;
            finder.set(link);
        } else {
            present.erase(nameOf(link));
            finder.remove(nameOf(link));
        }
        if (leaf != node(0) && !leaves.erase(leaf) && leaves.size() < 2)
            leaves.insert(leaf);
        for (std::uint32_t number = 1; number < 7; ++number)
            finder.setPassage(node(number), leaves.contains(node(number)) ? Passage::Leaf : Passage::Transit);

        std::vector<LinkInfo> links;
        for (const auto& [name, there] : present)
            links.push_back(there);
        const auto target = node(1 + random.below(6));
        auto expected = everySimplePath(links, node(0), target);
        std::erase_if(expected, [&](const Path& path) {
            return std::ranges::any_of(path.hops,
                                       [&](const Hop& hop) { return hop.to != target && leaves.contains(hop.to); });
        });
        const auto best = finder.best(target);
        QCOMPARE(best.has_value(), !expected.empty());
        QVERIFY2(!best || *best == expected.front(), qPrintable(QString::number(turn)));
        expected.resize(std::min<std::size_t>(expected.size(), 5));
        QVERIFY2(finder.alternatives(target, 5) == expected, qPrintable(QString::number(turn)));
    }
}

void tst_PathFinder::sweepsUpWhatChangesLeaveBehind()
{
    MapMaker map;
    for (std::uint32_t number = 1; number < 40; ++number)
        map.link(number - 1, number, 100, 100);
    const auto leaf = node(100);
    PathFinder finder(node(0), map.links);
    map.link(0, 100, 1, 1);
    map.link(100, 39, 1, 1);
    for (const auto& link : std::span(map.links).last(2))
        finder.set(link);
    finder.setPassage(leaf, Passage::Leaf);
    const auto ways = finder.alternatives(node(39), 9);
    QCOMPARE(ways.size(), std::size_t{1});
    for (std::uint32_t number = 1000; number < 9000; ++number) {
        MapMaker visitor;
        visitor.link(5, number, 1, 1);
        finder.set(visitor.links.front());
        finder.remove(nameOf(visitor.links.front()));
    }
    QVERIFY(finder.alternatives(node(39), 9) == ways);
    QVERIFY(!finder.best(node(1000)));
    QVERIFY(finder.best(leaf));
}

void tst_PathFinder::survivesLongChainsOfTheHighestCost()
{
    MapMaker map;
    constexpr std::uint32_t kNodes = 16384;
    for (std::uint32_t number = 1; number < kNodes; ++number)
        map.link(number - 1, number, 65535, static_cast<std::uint16_t>(65535 - number % 2U));
    const PathFinder finder(node(0), map.links);
    const auto paths = finder.alternatives(node(kNodes - 1), 2);
    QCOMPARE(paths.size(), std::size_t{1});
    QCOMPARE(paths[0].hops.size(), std::size_t{kNodes - 1});
    std::uint32_t cost = 0;
    for (const auto& hop : paths[0].hops)
        cost += hop.cost();
    QCOMPARE(paths[0].cost, cost);
}

QTEST_GUILESS_MAIN(tst_PathFinder)
#include "tst_PathFinder.moc"
