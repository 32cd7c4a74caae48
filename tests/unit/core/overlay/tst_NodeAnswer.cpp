// SPDX-License-Identifier: Apache-2.0
// The node-information payload: there and back, room to grow, no trust in lengths.
#include "core/overlay/NodeAnswer.h"

#include <QTest>

#include <set>

using namespace fb;
using namespace fb::overlay;

namespace {

const NodeAnswer kAnswer{
    .nonce = 0x01020304, .uptime = std::chrono::seconds(3600), .services = {3, 22}, .role = Role::Transit};

} // namespace

class tst_NodeAnswer : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void comesBack();
    void theLayout();
    void skipsUnknownTags();
    void rejectsTruncationAndNonsense();
};

void tst_NodeAnswer::comesBack()
{
    const auto question = decodeNodeInformation(encodeNodeQuestion({.nonce = 7}));
    QCOMPARE(std::get<NodeQuestion>(*question).nonce, 7U);
    const auto message = decodeNodeInformation(encodeNodeAnswer(kAnswer));
    const auto& answer = std::get<NodeAnswer>(*message);
    QCOMPARE(answer.nonce, kAnswer.nonce);
    QVERIFY(answer.uptime == kAnswer.uptime);
    QCOMPARE(answer.services, kAnswer.services);
    QVERIFY(answer.role == kAnswer.role);
}

void tst_NodeAnswer::theLayout()
{
    const ByteVector expected{2, 0, 1, 2, 3, 4, 1, 8, 0, 0, 0, 0, 0, 0, 0x0e, 0x10, 2, 4, 0, 3, 0, 22, 3, 1, 1};
    QCOMPARE(encodeNodeAnswer(kAnswer), expected);
}

void tst_NodeAnswer::skipsUnknownTags()
{
    ByteVector payload = encodeNodeAnswer(kAnswer);
    const ByteVector more{99, 2, 0xaa, 0xbb};
    payload.insert(payload.end(), more.begin(), more.end());
    QVERIFY(decodeNodeInformation(payload).has_value());
}

void tst_NodeAnswer::rejectsTruncationAndNonsense()
{
    const ByteVector whole = encodeNodeAnswer(kAnswer);
    const std::set<std::size_t> tlvEnds{6, 16, 22};
    for (std::size_t size = 0; size < whole.size(); ++size)
        QCOMPARE(decodeNodeInformation(Bytes(whole).first(size)).has_value(), tlvEnds.contains(size));
    const auto rejected = [](ByteVector payload) { return !decodeNodeInformation(payload).has_value(); };
    QVERIFY(rejected({3, 0, 0, 0, 0, 1}));
    QVERIFY(rejected({2, 0, 0, 0, 0, 1, 3, 1, 2}));
    QVERIFY(rejected({2, 0, 0, 0, 0, 1, 2, 3, 0, 3, 0}));
    QVERIFY(rejected({2, 0, 0, 0, 0, 1, 1, 8, 255, 255, 255, 255, 255, 255, 255, 255}));
}

QTEST_GUILESS_MAIN(tst_NodeAnswer)
#include "tst_NodeAnswer.moc"
