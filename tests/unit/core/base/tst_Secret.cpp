// SPDX-License-Identifier: Apache-2.0
#include "core/base/Secret.h"

#include <QtTest>

#include <algorithm>
#include <concepts>
#include <ostream>

using fb::Secret;

namespace {

// Longer than what std::string keeps inside itself, so that moving could hand the buffer over.
const std::string kLong(100, 'x');

template <class T>
concept Printable = requires(std::ostream& stream, const T& value)
{
    stream << value;
};

static_assert(!Printable<Secret>);
static_assert(!std::equality_comparable<Secret>);
static_assert(!std::convertible_to<Secret, std::string>);

} // namespace

class SecretTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void revealsWhatItWasGiven();
    void isEmptyAfterAWipe();
    void overwritesTheMemory();
    void leavesNothingBehindWhenMoved_data();
    void leavesNothingBehindWhenMoved();
    void copiesWithoutSharing();
    void survivesBeingAssignedToItself();
    void isComparedByNameOnly();
};

void SecretTest::revealsWhatItWasGiven()
{
    QVERIFY(Secret().empty());
    const Secret secret("open sesame");
    QVERIFY(!secret.empty());
    QCOMPARE(secret.reveal(), std::string("open sesame"));
}

void SecretTest::isEmptyAfterAWipe()
{
    Secret secret(kLong);
    secret.wipe();
    QVERIFY(secret.empty());
    QVERIFY(secret.reveal().empty());
}

void SecretTest::overwritesTheMemory()
{
    Secret secret(kLong);
    const char* const memory = secret.reveal().data();
    secret.wipe(); // keeps the buffer, so looking at it is allowed up to its capacity
    QCOMPARE(secret.reveal().data(), memory);
    QVERIFY(secret.reveal().capacity() >= kLong.size());
    QVERIFY(std::all_of(memory, memory + kLong.size(), [](char octet) { return octet == '\0'; }));
}

void SecretTest::leavesNothingBehindWhenMoved_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("short") << QByteArray("pw");
    QTest::newRow("long") << QByteArray::fromStdString(kLong);
}

void SecretTest::leavesNothingBehindWhenMoved()
{
    QFETCH(QByteArray, text);
    Secret first(text.toStdString());
    Secret second(std::move(first));
    QVERIFY(first.empty());
    Secret third("something else");
    third = std::move(second);
    QVERIFY(second.empty());
    QCOMPARE(third.reveal(), text.toStdString());
}

void SecretTest::copiesWithoutSharing()
{
    Secret first(kLong);
    Secret second(first);
    Secret third;
    third = first;
    first.wipe();
    QCOMPARE(second.reveal(), kLong);
    QCOMPARE(third.reveal(), kLong);
}

void SecretTest::survivesBeingAssignedToItself()
{
    Secret secret("open sesame");
    const Secret& same = secret;
    secret = same;
    QCOMPARE(secret.reveal(), std::string("open sesame"));
}

void SecretTest::isComparedByNameOnly()
{
    QVERIFY(Secret("one").isSameAs(Secret("one")));
    QVERIFY(!Secret("one").isSameAs(Secret("two")));
    QVERIFY(!Secret("one").isSameAs(Secret("onex")));
    QVERIFY(!Secret("one").isSameAs(Secret()));
    QVERIFY(Secret().isSameAs(Secret()));
}

QTEST_GUILESS_MAIN(SecretTest)
#include "tst_Secret.moc"
