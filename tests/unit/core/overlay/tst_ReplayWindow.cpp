// SPDX-License-Identifier: Apache-2.0
#include "core/base/SeededRandom.h"
#include "core/overlay/ReplayWindow.h"

#include <QtTest>

#include <limits>
#include <set>

using fb::overlay::ReplayWindow;

class tst_ReplayWindow : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void takesEachFrameOnce();
    void takesNothingBelowItsStart();
    void takesWhatWasOvertaken();
    void takesNothingThatItCannotRemember();
    void survivesTheLastNumbers();
    void agreesWithAListOfAll();
};

void tst_ReplayWindow::takesEachFrameOnce()
{
    ReplayWindow window(0);
    for (std::uint32_t counter = 0; counter < 10000; ++counter) {
        QVERIFY(window.take(counter));
        QVERIFY(!window.take(counter));
    }
}

void tst_ReplayWindow::takesNothingBelowItsStart()
{
    ReplayWindow window(100);
    QVERIFY(!window.take(0));
    QVERIFY(!window.take(99));
    QVERIFY(window.take(100));
    QVERIFY(window.take(101));
}

void tst_ReplayWindow::takesWhatWasOvertaken()
{
    ReplayWindow window(0);
    QVERIFY(window.take(ReplayWindow::kFrames));
    for (std::uint32_t counter = 1; counter < ReplayWindow::kFrames; ++counter)
        QVERIFY(window.take(counter));
    QVERIFY(!window.take(5));
}

void tst_ReplayWindow::takesNothingThatItCannotRemember()
{
    ReplayWindow window(0);
    QVERIFY(window.take(1'000'000));
    QVERIFY(!window.take(0));
    QVERIFY(!window.take(1'000'000 - ReplayWindow::kFrames));
    QVERIFY(window.take(1'000'000 - ReplayWindow::kFrames + 1));
}

void tst_ReplayWindow::survivesTheLastNumbers()
{
    constexpr auto kLast = std::numeric_limits<std::uint32_t>::max();
    ReplayWindow window(kLast - 1);
    QVERIFY(window.take(kLast));
    QVERIFY(window.take(kLast - 1));
    QVERIFY(!window.take(kLast));
    QVERIFY(!window.take(0));
}

void tst_ReplayWindow::agreesWithAListOfAll()
{
    fb::SeededRandom random(1);
    ReplayWindow window(0);
    std::set<std::uint32_t> heard;
    std::uint32_t highest = 0;
    for (int step = 0; step < 50000; ++step) {
        const std::uint32_t reach = random.below(50) == 0 ? 6000 : 40;
        const std::uint32_t base = highest > 2500 ? highest - random.below(2500) : highest;
        const std::uint32_t counter = base + random.below(reach);
        const bool isNew = !heard.contains(counter) && (heard.empty() || counter + ReplayWindow::kFrames > highest);
        QCOMPARE(window.take(counter), isNew);
        if (isNew) {
            heard.insert(counter);
            highest = std::max(highest, counter);
        }
    }
}

QTEST_GUILESS_MAIN(tst_ReplayWindow)
#include "tst_ReplayWindow.moc"
