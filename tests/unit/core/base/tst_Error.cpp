// SPDX-License-Identifier: Apache-2.0
#include "core/base/Error.h"

#include <QtTest>

#include <cerrno>
#include <set>
#include <string>

using fb::Error;
using fb::ErrorCode;

class ErrorTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void hasAStableNameForEveryCode();
    void describesWhatWhyAndTheSystemsWords();
};

void ErrorTest::hasAStableNameForEveryCode()
{
    std::set<std::string_view> names;
    for (int value = 0; value < static_cast<int>(ErrorCode::Count); ++value) {
        const std::string_view name = fb::nameOf(static_cast<ErrorCode>(value));
        QVERIFY(!name.empty());
        QVERIFY(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-") == std::string_view::npos);
        QVERIFY2(names.insert(name).second, std::string(name).c_str());
    }
    QCOMPARE(fb::nameOf(ErrorCode::NoSuchNode), std::string_view("no-such-node"));
}

void ErrorTest::describesWhatWhyAndTheSystemsWords()
{
    QCOMPARE(fb::describe({.code = ErrorCode::InterfaceDown, .context = "eth0", .systemErrno = 0}),
             std::string("eth0: the interface is down"));
    QCOMPARE(fb::describe({.code = ErrorCode::TimedOut, .context = {}, .systemErrno = 0}),
             std::string("no answer in time"));
    QCOMPARE(fb::describe({.code = ErrorCode::SystemError, .context = "/etc/x", .systemErrno = ENOENT}),
             std::string("/etc/x: the system refused (No such file or directory)"));
}

QTEST_GUILESS_MAIN(ErrorTest)
#include "tst_Error.moc"
