// SPDX-License-Identifier: Apache-2.0
#include "core/overlay/RecentMap.h"

#include <QtTest>

using fb::overlay::RecentMap;

namespace {

using Map = RecentMap<int, std::string>;

Map filled()
{
    Map map(3);
    map.use(1) = "one";
    map.use(2) = "two";
    map.use(3) = "three";
    return map;
}

} // namespace

class tst_RecentMap : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatFits()
    {
        const auto map = filled();
        QCOMPARE(map.size(), std::size_t{3});
        QCOMPARE(*map.find(1), std::string("one"));
        QCOMPARE(*map.find(3), std::string("three"));
        QVERIFY(map.find(4) == nullptr);
    }

    void whatWasUnusedLongestMakesRoom()
    {
        auto map = filled();
        map.use(4) = "four";
        QCOMPARE(map.size(), std::size_t{3});
        QVERIFY(map.find(1) == nullptr);
        QCOMPARE(*map.find(2), std::string("two"));
        QCOMPARE(*map.find(4), std::string("four"));
    }

    void usingAnEntryKeepsIt()
    {
        auto map = filled();
        QCOMPARE(map.use(1), std::string("one"));
        map.use(4) = "four";
        QCOMPARE(*map.find(1), std::string("one"));
        QVERIFY(map.find(2) == nullptr);
    }

    void lookingDoesNot()
    {
        auto map = filled();
        QVERIFY(map.find(1) != nullptr);
        map.use(4) = "four";
        QVERIFY(map.find(1) == nullptr);
    }

    void tellsWhatWouldGo()
    {
        Map map(2);
        QVERIFY(map.leaving() == nullptr);
        map.use(1) = "one";
        QVERIFY(map.leaving() == nullptr);
        map.use(2) = "two";
        QCOMPARE(*map.leaving(), std::string("one"));
        (void)map.use(1);
        QCOMPARE(*map.leaving(), std::string("two"));
    }

    void anEntryThatReturnsBeginsAnew()
    {
        auto map = filled();
        map.use(4) = "four";
        QVERIFY(map.use(1).empty());
        QVERIFY(map.find(2) == nullptr);
    }
};

QTEST_GUILESS_MAIN(tst_RecentMap)
#include "tst_RecentMap.moc"
