// SPDX-License-Identifier: Apache-2.0
#include "core/base/Result.h"

#include <QtTest>

#include <memory>
#include <string>

using fb::failure;
using fb::Result;

namespace {

enum class Fault { Small, Large };

Result<int, Fault> half(int number)
{
    if (number % 2 != 0)
        return failure(Fault::Small);
    return number / 2;
}

} // namespace

class ResultTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void holdsAValueOrAnError();
    void movesWhatCannotBeCopied();
    void transformsTheValueOnly();
    void chainsWhatMayFail();
    void triesSomethingElseAfterAnError();
    void changesTheErrorOnly();
    void worksWithoutAValue();
    void tellsApartEqualTypes();
};

void ResultTest::holdsAValueOrAnError()
{
    QVERIFY(half(4));
    QCOMPARE(*half(4), 2);
    QCOMPARE(half(4).value_or(7), 2);
    QVERIFY(!half(5).has_value());
    QCOMPARE(half(5).error(), Fault::Small);
    QCOMPARE(half(5).value_or(7), 7);
}

void ResultTest::movesWhatCannotBeCopied()
{
    Result<std::unique_ptr<int>, Fault> result(std::make_unique<int>(3));
    const std::unique_ptr<int> taken = *std::move(result);
    QCOMPARE(*taken, 3);
}

void ResultTest::transformsTheValueOnly()
{
    const auto text = [](int number) { return std::to_string(number); };
    QCOMPARE(*half(8).transform(text), std::string("4"));
    QCOMPARE(half(9).transform(text).error(), Fault::Small);
}

void ResultTest::chainsWhatMayFail()
{
    QCOMPARE(*half(8).and_then(half), 2);
    QVERIFY(!half(6).and_then(half));
    int calls = 0;
    const auto failed = half(7).and_then([&calls](int number) {
        ++calls;
        return half(number);
    });
    QVERIFY(!failed);
    QCOMPARE(calls, 0);
}

void ResultTest::triesSomethingElseAfterAnError()
{
    const auto second = [](Fault fault) { return half(fault == Fault::Small ? 20 : 1); };
    QCOMPARE(*half(7).or_else(second), 10);
    QCOMPARE(*half(8).or_else(second), 4);
}

void ResultTest::changesTheErrorOnly()
{
    const auto worse = [](Fault) { return std::string("worse"); };
    QCOMPARE(half(7).transform_error(worse).error(), std::string("worse"));
    QCOMPARE(*half(8).transform_error(worse), 4);
}

void ResultTest::worksWithoutAValue()
{
    const Result<void, Fault> done;
    const Result<void, Fault> failed = failure(Fault::Large);
    QVERIFY(done);
    QVERIFY(!failed);
    QCOMPARE(failed.error(), Fault::Large);
    QVERIFY(done.transform_error([](Fault) { return 1; }).has_value());
    QCOMPARE(failed.transform_error([](Fault) { return 1; }).error(), 1);
}

void ResultTest::tellsApartEqualTypes()
{
    const Result<int, int> value(3);
    const Result<int, int> error = failure(3);
    QVERIFY(value.has_value());
    QVERIFY(!error.has_value());
}

QTEST_GUILESS_MAIN(ResultTest)
#include "tst_Result.moc"
