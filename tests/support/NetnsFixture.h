// SPDX-License-Identifier: Apache-2.0
// A network of its own for one test program. The namespace has no name and no file: it belongs to the process, so the
// kernel removes it with everything in it on every way out, SIGKILL included. Both ends of a cable live in it.
#pragma once

#include "core/base/MacAddress.h"
#include "core/link/Link.h"
#include "core/runtime/Poller.h"

#include <QString>
#include <QStringList>
#include <QtTest>

#include <chrono>
#include <functional>

namespace fb::test {

/// Moves the process into a new network namespace; without root, into a new user namespace as well, which the kernel
/// allows only while there is one thread. For FB_NETNS_MAIN. What came of it is told by whyNoNetns().
void enterNetns();

/// Empty if the process is in a network namespace of its own, otherwise why not.
[[nodiscard]] QString whyNoNetns();

/// Runs ip(8). False, with a warning, if it fails.
[[nodiscard]] bool ip(const QString& arguments);

/// A veth pair, both ends up. Their addresses are fixed; see nearMac() and farMac().
[[nodiscard]] bool addCable(const QString& near, const QString& far);
[[nodiscard]] MacAddress nearMac();
[[nodiscard]] MacAddress farMac();

/// What a test may wait at most for something that takes milliseconds; only a failing one ever does.
inline constexpr std::chrono::seconds kPatience{10};

/// Waits until the descriptor is readable; false if it does not become so.
[[nodiscard]] bool waitReadable(int descriptor);

/// Asks again each time the descriptor becomes readable, until the answer is yes or patience ends.
[[nodiscard]] bool waitUntil(int descriptor, const std::function<bool()>& isSo);

/// The next frame, waited for; empty if none comes.
[[nodiscard]] ByteVector nextFrame(link::Link& link);

/// Waits until the interface is listed as up.
[[nodiscard]] bool waitUp(const QString& interface);

/// A RoMON frame of `bytes` bytes whose payload counts up.
struct FrameShape {
    MacAddress destination;
    MacAddress source;
    std::size_t bytes = 60;
};
[[nodiscard]] ByteVector makeFrame(const FrameShape& shape);

} // namespace fb::test

/// Instead of QTEST_GUILESS_MAIN: enters the namespace before Qt Test starts its watchdog thread.
#define FB_NETNS_MAIN(TestClass)                                                                                       \
    int main(int argc, char** argv)                                                                                    \
    {                                                                                                                  \
        fb::test::enterNetns();                                                                                        \
        QCoreApplication application(argc, argv);                                                                      \
        TestClass test;                                                                                                \
        return QTest::qExec(&test, argc, argv);                                                                        \
    }

/// For initTestCase(): without the rights for a namespace the program is skipped, or fails if FB_REQUIRE_NETNS=1.
#define FB_ENTER_NETNS_OR_SKIP()                                                                                       \
    do {                                                                                                               \
        const QString whyNot = fb::test::whyNoNetns();                                                                 \
        if (!whyNot.isEmpty() && qEnvironmentVariableIntValue("FB_REQUIRE_NETNS") == 1)                                \
            QFAIL(qPrintable(whyNot));                                                                                 \
        if (!whyNot.isEmpty())                                                                                         \
            QSKIP(qPrintable(whyNot));                                                                                 \
    } while (false)
